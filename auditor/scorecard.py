"""An evaluation told to people and to programs: the worst rule first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from auditor.evaluation import Evaluation, Score, Sums
from auditor.gold import CONTENT, NEUTRAL, POSITIVE
from auditor.intervals import Share, wilson
from auditor.measured import percent
from auditor.reporters.markdown import cell, table
from auditor.reporters.text import count, isolated, place, shorten, visible
from auditor.sheets import Verdicts, overall

_HEAD = ["rule", "precision %", "95 %", "right", "wrong", "neutral", "sites", "site mean %", "finds", "alone", "lost"]
_SHEET_HEAD = ["rule", "precision %", "95 %", "right", "wrong", "unsure", "findings"]


def text(found: Evaluation, *, isolate: bool = False) -> Iterator[str]:
    """The figures as plain text, with samples of what was wrongly found."""
    yield from (f"{line}\n" for line in summary(found))
    fired = ranked(found)
    rows = [[rule, *_cells(score, found)] for rule, score in fired]
    widths = [max(map(len, column)) for column in zip(_HEAD, *rows, strict=True)]
    yield "\n" + _aligned(_HEAD, widths)
    for row, (_, score) in zip(rows, fired, strict=True):
        yield _aligned(row, widths)
        for wrong in score.samples:
            shown = f"{visible(wrong.before)}⟦{visible(wrong.match)}⟧{visible(wrong.after)}"
            yield f"    wrong: {place(wrong.path, wrong.record)}:{wrong.line} ({visible(shorten(wrong.site, 60))}): "
            yield f"{isolated(shown, isolate=isolate)}\n"
    yield from _ends(found)


def markdown(found: Evaluation) -> Iterator[str]:
    """The figures as a Markdown page; samples are cut to the match."""
    yield "# Rules measured on labelled text\n\n"
    yield from (f"- {line}\n" for line in summary(found))
    rows = [[f"`{rule}`", *_cells(score, found)] for rule, score in ranked(found)]
    yield "\n" + table(_HEAD, "<" + ">" * (len(_HEAD) - 1), rows)
    samples = [[f"`{rule}`", cell(one.site), cell(one.match)] for rule, score in ranked(found) for one in score.samples]
    if samples:
        yield "\n## Wrongly found\n\n" + table(["rule", "site", "match"], "<<<", samples)
    yield from (f"\n{line}" for line in _ends(found))


def as_json(found: Evaluation) -> Iterator[str]:
    """The figures as one JSON object."""
    rules = {rule: _facts(score, found) for rule, score in ranked(found)}
    value = {
        "documents": found.documents,
        "files": found.files,
        "sites": len(found.sites),
        "labels": dict(sorted(found.labels.items())),
        "unsafe": found.unsafe,
        **(
            {"lines": {"fixes": _line_facts(found.fixed), "findings": _line_facts(found.reported)}}
            if _lined(found)
            else {}
        ),
        **({"spans": _span_facts(found.spans)} if found.spans.count else {}),
        "rules": rules,
        "unjudged": {rule: score.judged["unjudged"] for rule, score in _unjudged(found)},
        "never_fired": _silent(found),
    }
    yield msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def ranked(found: Evaluation) -> list[tuple[str, Score]]:
    """The rules whose findings the labels speak of, worst first.

    Worst is what is worst even if chance was against it: the upper end of the interval decides, then the lower.
    """
    judged = [(rule, score) for rule, score in found.scores.items() if score.judged.total() > score.judged["unjudged"]]
    return sorted(judged, key=lambda item: (*_rank(item[1]), item[0]))


def _rank(score: Score) -> tuple[bool, float, float, int]:
    share = score.precision
    return not score.judged["right"] + score.judged["wrong"], share.high, share.low, -score.judged["wrong"]


def summary(found: Evaluation) -> Iterator[str]:
    """What was measured, and what all rules together find and lose."""
    yield f"{count(found.documents, 'document')} of {count(len(found.sites), 'site')} in {count(found.files, 'file')}"
    if _lined(found):
        parts = {"right to find": POSITIVE, "content": (CONTENT,), "neutral": NEUTRAL}
        sums = [f"{sum(found.labels[label] for label in labels):,} {name}" for name, labels in parts.items()]
        yield f"labelled lines: {', '.join(sums)}"
        yield f"{'safe and unsafe' if found.unsafe else 'safe'} fixes: {_line_sums(found.fixed)}"
        yield f"all findings of furniture: {_line_sums(found.reported)}"
    if found.spans.count:
        facts = _span_facts(found.spans)
        share = wilson(facts["right"], facts["right"] + facts["wrong"])
        recall = wilson(facts["found"], facts["found"] + facts["missed"])
        right = facts["found"] + facts["missed"]
        yield f"labelled spans: precision {_share(share)}, recall {_share(recall)} of {right:,}"


def judged_text(verdicts: Mapping[str, Verdicts]) -> Iterator[str]:
    """A judged sheet's figures as plain text."""
    yield f"all rules, weighted by their findings: precision {_share(overall(verdicts.values()))}\n\n"
    rows = [[rule, *_sheet_cells(one)] for rule, one in _sheet_ranked(verdicts)]
    widths = [max(map(len, column)) for column in zip(_SHEET_HEAD, *rows, strict=True)]
    yield from (_aligned(row, widths) for row in [_SHEET_HEAD, *rows])


def judged_markdown(verdicts: Mapping[str, Verdicts]) -> Iterator[str]:
    """A judged sheet's figures as a Markdown page."""
    share = _share(overall(verdicts.values()))
    yield f"# Judged findings\n\nAll rules, weighted by their findings: precision {share}.\n\n"
    rows = [[cell(rule), *_sheet_cells(one)] for rule, one in _sheet_ranked(verdicts)]
    yield table(_SHEET_HEAD, "<" + ">" * (len(_SHEET_HEAD) - 1), rows)


def judged_json(verdicts: Mapping[str, Verdicts]) -> Iterator[str]:
    """A judged sheet's figures as one JSON object."""
    rules = {rule: {**one._asdict(), **_interval(one.precision)} for rule, one in _sheet_ranked(verdicts)}
    value = {"all": _interval(overall(verdicts.values())), "rules": rules}
    yield msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _sheet_ranked(verdicts: Mapping[str, Verdicts]) -> list[tuple[str, Verdicts]]:
    return sorted(verdicts.items(), key=lambda item: (item[1].precision.high, item[1].precision.low, item[0]))


def _sheet_cells(one: Verdicts) -> list[str]:
    share = one.precision
    value = percent(share.value) if one.right + one.wrong else "-"
    return [value, _range(share), *(f"{number:,}" for number in (one.right, one.wrong, one.unsure, one.findings))]


def _cells(score: Score, found: Evaluation) -> list[str]:
    decided = score.judged["right"] + score.judged["wrong"]
    mean = score.site_mean
    return [
        percent(score.precision.value) if decided else "-",
        _range(score.precision) if decided else "-",
        *(f"{score.judged[name]:,}" for name in ("right", "wrong", "neutral")),
        str(sum(site["right"] + site["wrong"] > 0 for site in score.sites.values())),
        "-" if mean is None else percent(mean),
        *(f"{number:,}" for number in (score.found, score.only, score.lost)),
    ]


def _facts(score: Score, found: Evaluation) -> dict[str, Any]:
    positives = _positives(found)
    return {
        **{name: score.judged[name] for name in ("right", "wrong", "neutral", "unjudged")},
        **_interval(score.precision),
        "precision_site_mean": _rounded(score.site_mean),
        "found": score.found,
        "found_alone": score.only,
        "recall": _rounded(score.found / positives if positives else None),
        "content_lost": score.lost,
        "sites": {site: dict(sorted(counts.items())) for site, counts in sorted(score.sites.items())},
        "wrong_samples": [msgspec.to_builtins(one) for one in score.samples],
    }


def _line_facts(sums: Sums) -> dict[str, Any]:
    count = sums.count
    precision = wilson(count["found"], count["found"] + count["wrong"])
    return {
        **{name: count[name] for name in ("found", "missed", "wrong", "kept")},
        **_interval(precision),
        "recall": _rounded(wilson(count["found"], count["found"] + count["missed"]).value),
        "recall_site_mean": _rounded(sums.site_recall),
        "content_lost": _rounded(count["lost"] / count["content"] if count["content"] else None),
        **{f"{label}_found": count[f"{label}-gone"] for label in NEUTRAL},
    }


def _span_facts(sums: Sums) -> dict[str, int]:
    return {name: sums.count[name] for name in ("found", "missed", "right", "wrong", "neutral", "unjudged")}


def _line_sums(sums: Sums) -> str:
    count = sums.count
    found, missed, wrong = count["found"], count["missed"], count["wrong"]
    gone = [f"{count[f'{label}-gone']} of {count[label]} {label}s" for label in NEUTRAL if count[label]]
    mean = sums.site_recall
    return (
        f"precision {_share(wilson(found, found + wrong))}, recall {_share(wilson(found, found + missed))}"
        + (f" (mean over sites {percent(mean)} %)" if mean is not None else "")
        + f", {wrong:,} content lines, {count['lost']:,} of {count['content']:,} letters of content"
        + (f"; neutral: {', '.join(gone)}" if gone else "")
    )


def _ends(found: Evaluation) -> Iterator[str]:
    if unjudged := _unjudged(found):
        named = ", ".join(f"{rule} {score.judged['unjudged']:,}" for rule, score in unjudged)
        yield f"\nthe labels do not speak of findings by {count(len(unjudged), 'rule')}: {named}\n"
    if silent := _silent(found):
        yield f"\nnever fired, {len(silent):,} of {count(len(found.scores), 'rule')}: {', '.join(silent)}\n"


def _unjudged(found: Evaluation) -> list[tuple[str, Score]]:
    some = [(rule, score) for rule, score in found.scores.items() if score.judged["unjudged"]]
    return sorted(some, key=lambda item: (-item[1].judged["unjudged"], item[0]))


def _silent(found: Evaluation) -> list[str]:
    return sorted(rule for rule, score in found.scores.items() if not score.judged.total())


def _positives(found: Evaluation) -> int:
    return sum(sums.count["found"] + sums.count["missed"] for sums in (found.fixed, found.spans))


def _lined(found: Evaluation) -> bool:
    return bool(found.fixed.count)


def _share(share: Share) -> str:
    return f"{percent(share.value)} % ({_range(share)})"


def _range(share: Share) -> str:
    return f"{percent(share.low)} to {percent(share.high)}"


def _interval(share: Share) -> dict[str, float | None]:
    return {"precision": _rounded(share.value), "low": _rounded(share.low), "high": _rounded(share.high)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
    return "  ".join(cells).rstrip() + "\n"

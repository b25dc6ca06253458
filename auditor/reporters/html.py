"""report.html: one file without scripts that shows a run to a person, right-to-left text as it should be."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from html import escape
from string import Template

import msgspec

from auditor.assets import asset_dir
from auditor.model import FileReport, Finding, RunReport
from auditor.reporters.context import LineOf, no_line
from auditor.reporters.digest import (
    SIGNS_HEADS,
    SIGNS_NOTE,
    RuleRow,
    facts,
    rule_rows,
    signs_of,
    translated_files,
    verdict,
    worst_files,
)
from auditor.reporters.markup import bar, finding_item, inline, ltr, snippet
from auditor.reporters.sample import Sample, sample
from auditor.reporters.text import count, place, share, shorten

_FILES = 500
_OPEN = 30  # findings unfolded when the page opens

LIMIT = 2000  # findings on one page


def render(
    report: RunReport, findings: Iterable[Finding], *, limit: int = LIMIT, line_of: LineOf = no_line
) -> Iterator[str]:
    """Yield the page in pieces.

    At most ``limit`` findings are shown, chosen fairly over the rules, and the page says so. With ``line_of``
    (see `Context`) each is shown within its line, else its matched text alone.
    """
    templates = asset_dir("reports/templates")
    style = (templates / "report.css").read_text(encoding="utf-8")
    # Two templates around the findings, which are the long part and go out one rule at a time.
    head, tail = (templates / "report.html").read_text(encoding="utf-8").split("$findings")
    rules = rule_rows(report)
    kept = sample(findings, report.totals.by_rule, limit)
    anchors = {rule: f"rule-{number}" for number, rule in enumerate(_ranked(kept), start=1)}
    yield Template(head).substitute(
        style=style,
        style_hash=_csp_hash(style),
        verdict=inline(verdict(report.totals)),
        verdict_class=report.totals.verdict,
        version=escape(report.version),
        totals="".join(f"<div><dt>{inline(a)}</dt><dd>{inline(b)}</dd></div>\n" for a, b in facts(report.totals)),
        quality=_quality(report.totals.quality, report.totals.quality_cleaned),
        unchecked=_unchecked(report),
        files=_files(report),
        translated=_translated(report),
        rules="".join(_rule_row(row, anchors.get(row.rule), report.totals.findings) for row in rules),
        categories=_categories(report),
        shown=inline(_shown(kept)),
    )
    yield from _groups(kept, anchors, line_of)
    yield Template(tail).substitute(packs=_packs(report), options=_options(report))


def _csp_hash(style: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _ranked(kept: Sample) -> list[str]:
    return sorted(kept.chosen, key=lambda rule: (-kept.seen[rule], rule))


def _shown(kept: Sample) -> str:
    total = kept.seen.total()
    if kept.shown == total:
        return f"{count(total, 'finding')}, all shown." if total else "No findings."
    return (
        f"{kept.shown:,} of {count(total, 'finding')} shown: a fair share of every rule, spread over its "
        "findings. All of them are in findings.jsonl."
    )


def _groups(kept: Sample, anchors: dict[str, str], line_of: LineOf) -> Iterator[str]:
    unfolded = 0
    for rule, anchor in anchors.items():
        findings = kept.chosen[rule]
        state = " open" if unfolded < _OPEN else ""
        unfolded += len(findings)
        total = kept.seen[rule]
        shown = "" if len(findings) == total else f", {len(findings):,} shown"
        items = "".join(finding_item(finding, line_of(finding)) for finding in findings)
        yield (
            f'<details class="rule" id="{anchor}"{state}>\n'
            f"<summary><h3>{ltr(rule)}</h3> <span>{count(total, 'finding')}{shown}</span></summary>\n"
            f"<ol>\n{items}</ol>\n</details>\n"
        )


def _quality(before: float, after: float | None) -> str:
    rows = [("Before cleaning", before)] + ([] if after is None else [("After cleaning", after)])
    return "".join(f"<tr><th scope=row>{label}</th><td>{bar(value)}</td></tr>\n" for label, value in rows)


def _unchecked(report: RunReport) -> str:
    entries = [entry for file in report.files for entry in file.unchecked]
    if not entries:
        return ""
    items = "".join(
        f"<li>{ltr(entry.path if entry.record is None else place(entry.path, entry.record))}: "
        f"{inline(entry.reason)}</li>\n"
        for entry in entries[:_FILES]
    )
    more = f"<p>and {len(entries) - _FILES:,} more, named in run.json.</p>" if len(entries) > _FILES else ""
    return f"<section>\n<h2>Not checked, left as found</h2>\n<ul>\n{items}</ul>{more}\n</section>"


def _files(report: RunReport) -> str:
    files = worst_files(report)
    quiet = sum(not file.findings and not file.unchecked for file in report.files)
    rows = "".join(_file_row(file) for file in files[:_FILES])
    notes = []
    if len(files) > _FILES:
        notes.append(f"{len(files) - _FILES:,} more with findings, in run.json")
    if quiet:
        notes.append(f"{count(quiet, 'file')} without findings")
    if notes:
        rows += f'<tr><td colspan=8 class="note">Not listed: {" and ".join(notes)}.</td></tr>\n'
    return rows


def _translated(report: RunReport) -> str:
    files = translated_files(report)
    if not files:
        return ""
    rows = "".join(
        f"<tr><th scope=row>{ltr(file.path)}</th>"
        + "".join(f"<td>{inline(text)}</td>" for text in signs_of(found))
        + "</tr>\n"
        for file, found in files[:_FILES]
    )
    heads = "".join(f"<th scope=col>{head}</th>" for head in SIGNS_HEADS)
    more = f"<p>and {len(files) - _FILES:,} more, named in run.json.</p>" if len(files) > _FILES else ""
    return (
        '<section aria-labelledby="translated">\n<h2 id="translated">May be machine translation</h2>\n'
        '<div class="scroll" role="region" aria-labelledby="translated" tabindex="0">\n<table>\n'
        f"<caption>{inline(SIGNS_NOTE)}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n</div>{more}\n</section>\n"
    )


def _file_row(file: FileReport) -> str:
    cells = [f"{number:,}" for number in (file.documents, file.findings, file.fixed)]
    cells.append(share(file.characters_deleted, file.characters))
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    after = "<td>–</td>" if file.quality_cleaned is None else f"<td>{bar(file.quality_cleaned)}</td>"
    return (
        f"<tr><th scope=row>{ltr(file.path)}</th>"
        f'<td><span class="verdict {file.verdict}">{file.verdict}</span></td>'
        f"{numbers}<td>{bar(file.quality)}</td>{after}</tr>\n"
    )


def _rule_row(row: RuleRow, anchor: str | None, total: int) -> str:
    name = f'<a href="#{anchor}">{ltr(row.rule)}</a>' if anchor else ltr(row.rule)
    example = "" if row.example is None else snippet("", shorten(row.example.text, 80), "")
    return (
        f'<tr><th scope=row>{name}</th><td class="number">{row.findings:,}</td>'
        f'<td class="number">{share(row.findings, total)}</td><td class="number">{row.files:,}</td>'
        f"<td>{example}</td></tr>\n"
    )


def _categories(report: RunReport) -> str:
    ranked = sorted(report.totals.by_category.items(), key=lambda item: (-item[1], item[0]))
    return "".join(
        f'<tr><th scope=row>{inline(name)}</th><td class="number">{number:,}</td></tr>\n' for name, number in ranked
    )


def _packs(report: RunReport) -> str:
    return "".join(
        f"<tr><th scope=row>{ltr(name)}</th><td>{ltr(digest)}</td></tr>\n"
        for name, digest in sorted(report.packs.items())
    )


def _options(report: RunReport) -> str:
    return "".join(
        f"<tr><th scope=row>{ltr(name)}</th><td>{ltr(msgspec.json.encode(value).decode())}</td></tr>\n"
        for name, value in sorted(report.options.items())
    )

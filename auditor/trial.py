"""Rules tried on a corpus before they are trusted: what one finds, and what changes from one set to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from auditor.model import FileReport, Finding, Fix
from auditor.packs import Pack
from auditor.reporters.sample import spread
from auditor.reporters.text import count, excerpt, fix_label, isolated, location, prose, shorten, visible
from auditor.results import findings_in

_WIDTH = 100


class Run(NamedTuple):
    """Rules that went over a corpus, the folder that holds what they found, and the files' reports."""

    packs: Sequence[Pack]
    parts: Path
    files: Sequence[FileReport]


class Shown(NamedTuple):
    """A finding to show: found (``!``), gone (``-``), new (``+``) or otherwise than before (``~``, and how)."""

    sign: str
    finding: Finding
    line: str | None
    note: str = ""


def tried(run: Run, *, limit: int, isolate: bool = False) -> Iterator[str]:
    """What rules find in a corpus: for each its sums and up to ``limit`` findings, from as many files as can be."""
    counts = {(rule, file.path): number for file in run.files for rule, number in file.by_rule.items()}
    totals, files = _sums(counts)
    chosen = spread(_found(run), counts, lambda one: (one.finding.rule, one.finding.path), limit)
    for rule, number in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        yield f"{rule}: {count(number, 'finding')} in {files[rule]:,} of {count(len(run.files), 'file')}\n"
        yield from _samples(chosen[rule], number, isolate)
    silent = sorted({rule.id for pack in run.packs for rule in pack.rules} - totals.keys())
    if silent:
        named = ", ".join(silent[:limit]) + (f" and {len(silent) - limit:,} more" if len(silent) > limit else "")
        yield f"nothing found in {count(len(run.files), 'file')} by {count(len(silent), 'rule')}: {named}\n"


def compared(old: Run, new: Run, *, limit: int, isolate: bool = False) -> Iterator[str]:
    """What goes, comes and changes from ``old`` to ``new``: by rule, with up to ``limit`` findings of each sort."""
    counts = Counter((one.sign + one.finding.rule, one.finding.path) for one in _changes(old, new))
    totals, _ = _sums(counts)
    chosen = spread(_changes(old, new), counts, lambda one: (one.sign + one.finding.rule, one.finding.path), limit)
    before, after = (sum(file.findings for file in run.files) for run in (old, new))
    yield f"{count(before, 'finding')} before, {after:,} after, in {count(len(new.files), 'file')}\n"
    if not totals:
        yield "no difference\n"
    for rule in sorted({name[1:] for name in totals}):
        signs = [(sign, word) for sign, word in (("-", "gone"), ("+", "new"), ("~", "changed")) if totals[sign + rule]]
        yield f"{rule}: {', '.join(f'{totals[sign + rule]:,} {word}' for sign, word in signs)}\n"
        for sign, _word in signs:
            yield from _samples(chosen[sign + rule], totals[sign + rule], isolate)


def _sums(counts: dict[tuple[str, str], int]) -> tuple[Counter[str], Counter[str]]:
    """Findings and files of each rule."""
    totals: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for (rule, _path), number in counts.items():
        totals[rule] += number
        files[rule] += 1
    return totals, files


def _found(run: Run) -> Iterator[Shown]:
    for number in range(len(run.files)):
        for finding, line in findings_in(run.parts, number):
            yield Shown("!", finding, line)


def _changes(old: Run, new: Run) -> Iterator[Shown]:
    """Both runs' findings side by side: the same file, record, span and rule is the same finding."""
    for number in range(len(new.files)):
        left, right = findings_in(old.parts, number), findings_in(new.parts, number)
        one, two = next(left, None), next(right, None)
        while one is not None or two is not None:
            if two is None or (one is not None and _key(one[0]) < _key(two[0])):
                assert one is not None
                yield Shown("-", *one)
                one = next(left, None)
            elif one is None or _key(two[0]) < _key(one[0]):
                yield Shown("+", *two)
                two = next(right, None)
            else:
                if note := "; ".join(_differences(one[0], two[0])):
                    yield Shown("~", *two, note)
                one, two = next(left, None), next(right, None)


def _key(finding: Finding) -> tuple[int, int, int, str]:
    return finding.record, finding.start, finding.end, finding.rule


def _differences(old: Finding, new: Finding) -> Iterator[str]:
    for name in ("severity", "confidence", "category"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield f"{name} {before} -> {after}"
    if old.fix != new.fix:
        yield f"{_fix(old.fix)} -> {_fix(new.fix)}"
    if old.message != new.message:
        yield "message"


def _samples(shown: Sequence[Shown], total: int, isolate: bool) -> Iterator[str]:
    for sign, finding, line, note in shown:
        before, match, after = (visible(part) for part in excerpt(finding, line, _WIDTH))
        mark = "" if sign == "!" else f"{sign} "
        yield f"  {mark}{location(finding)}: {isolated(f'{before}⟦{match}⟧{after}', isolate=isolate)}\n"
        why = [f"why: {shorten(finding.why, _WIDTH)}"] if finding.why else []
        yield f"      {prose('; '.join([note] if note else [*why, _fix(finding.fix)]), isolate=isolate)}\n"
    if total > len(shown):
        yield f"  ... {total - len(shown):,} more\n"


def _fix(fix: Fix | None) -> str:
    if fix is None:
        return "no fix"
    change = f"replace by {shorten(fix.replacement, _WIDTH)!r}" if fix.replacement else "delete"
    return f"{fix_label(fix)}: {change}"

"""Findings as a Markdown table, for job summaries, comments and wikis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from auditor.model import SEVERITIES, Finding
from auditor.reporters.context import Context
from auditor.reporters.markdown import cell, table
from auditor.reporters.standing import counted
from auditor.reporters.text import count, excerpt, location
from auditor.reporters.worst import Worst, left_out

_HEADS = ["", "Rule", "Where", "What", "Text"]
_WIDTH = 80


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield the table, a row a finding in the order given, and the sums."""
    seen, known = Counter[str](), 0
    for finding in counted(findings):
        yield _row(finding, context) if seen else _first(finding, context)
        seen[finding.severity] += 1
        known += finding.decision == "known"
    yield _sums(seen, known)


def bounded(found: Worst, most: int, *, context: Context) -> Iterator[str]:
    """Yield the same for the worst findings in at most ``most`` bytes; what has no room is counted at the end."""
    room, told = most - 1000, Counter[str]()
    for finding, _ in found.kept:
        row = _row(finding, context) if told else _first(finding, context)
        room -= len(row.encode("utf-8", "replace"))
        if room <= 0:
            break
        told[finding.severity] += 1
        yield row
    yield _sums(found.seen)
    if cut := left_out(found.seen, told):
        yield f"\nNot listed: {cut}.\n"


def _first(finding: Finding, context: Context) -> str:
    return table(_HEADS, "<<<<<", []) + _row(finding, context)


def _row(finding: Finding, context: Context) -> str:
    shown = context.places.shown(finding.path)
    where = location(finding).replace(finding.path, shown, 1) if shown != finding.path else location(finding)
    named = f" {cell(finding.id, 40)}" if finding.id is not None else ""
    text = "".join(excerpt(finding, None, _WIDTH))
    severity = f"{finding.severity}, known" if finding.decision == "known" else finding.severity
    cells = [severity, cell(finding.rule), cell(where) + named, cell(finding.message, 200), cell(text, _WIDTH)]
    return f"| {' | '.join(cells)} |\n"


def _sums(seen: Counter[str], known: int = 0) -> str:
    if not seen:
        return "No findings.\n"
    parts = ", ".join(count(seen[severity], severity) for severity in SEVERITIES if seen[severity])
    return f"\n{count(seen.total(), 'finding')}: {parts}{f'; {known:,} known' if known else ''}.\n"

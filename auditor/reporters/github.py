"""Annotations of a GitHub workflow run: as many as GitHub shows, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from auditor.model import Finding
from auditor.reporters.context import Context
from auditor.reporters.standing import fresh
from auditor.reporters.text import apart, ends, file_line, in_rows, place, shorten, visible, within
from auditor.reporters.worst import left_out

MOST = 10  # of each level and step; GitHub drops what comes after
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_WIDTH = 1000


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield one workflow command a finding, errors first; those GitHub would drop are only counted."""
    piles: dict[str, list[str]] = {severity: [] for severity in _COMMANDS}
    seen: Counter[str] = Counter()
    for finding in fresh(findings, "github", context):
        seen[finding.severity] += 1
        if len(piles[finding.severity]) < MOST:
            piles[finding.severity].append(_command(finding, context))
    for pile in piles.values():
        yield from pile
    if cut := left_out(seen, Counter({severity: len(pile) for severity, pile in piles.items()})):
        context.say(
            f"github: {cut} not annotated: GitHub shows {MOST} of each level; "
            "its job summary (or --format markdown) lists them"
        )


def _command(finding: Finding, context: Context) -> str:
    where = {"file": context.places.shown(finding.path)}
    message = finding.message
    if apart(finding.path):
        where["line"] = str(file_line(finding))
        message += f" ({within(finding)})"
    else:
        end_line, end_column = ends(finding)
        where |= {"line": str(finding.line), "endLine": str(end_line)}
        if end_line == finding.line:  # else GitHub ignores the annotation
            where |= {"col": str(finding.column), "endColumn": str(end_column)}
    where["title"] = (
        f"{finding.rule} in {place(finding.path, finding.record)}" if in_rows(finding.path) else finding.rule
    )
    named = ",".join(f"{name}={_property(value)}" for name, value in where.items())
    return f"::{_COMMANDS[finding.severity]} {named}::{_data(visible(shorten(message, _WIDTH)))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

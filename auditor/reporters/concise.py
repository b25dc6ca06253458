"""One line a finding: ``path:line:col: severity rule message``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.model import Finding
from auditor.reporters.ansi import BOLD, SEVERITY, paint
from auditor.reporters.context import Context
from auditor.reporters.standing import counted
from auditor.reporters.text import location, prose, shorten

_WIDTH = 300  # a message may quote a whole menu


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield one line a finding, in the order given; what is in the baseline ends in ``(known)``."""
    for finding in counted(findings):
        severity = paint(finding.severity, BOLD, SEVERITY[finding.severity], color=context.color)
        rule = paint(finding.rule, BOLD, color=context.color)
        message = prose(shorten(finding.message, _WIDTH), isolate=context.isolate)
        known = " (known)" if finding.decision == "known" else ""
        yield f"{location(finding)}: {severity} {rule} {message}{known}\n"

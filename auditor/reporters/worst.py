"""The worst findings of a run, for formats whose readers take only so many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from auditor.model import SEVERITIES, Finding, Severity
from auditor.reporters.context import LineOf
from auditor.reporters.text import count


class Worst(NamedTuple):
    """``kept`` are findings, each with the line it starts on: errors first, then in their own order."""

    kept: list[tuple[Finding, str | None]]
    seen: Counter[str]  # by severity, with those left out


def worst(findings: Iterable[Finding], most: int, line_of: LineOf) -> Worst:
    """The first ``most`` findings by severity; no more than these are held at any time."""
    piles: dict[Severity, list[tuple[Finding, str | None]]] = {severity: [] for severity in SEVERITIES}
    seen: Counter[str] = Counter()
    held = 0
    for finding in findings:
        seen[finding.severity] += 1
        if held >= most:
            last = next(severity for severity in reversed(SEVERITIES) if piles[severity])
            if SEVERITIES.index(last) <= SEVERITIES.index(finding.severity):
                continue
            piles[last].pop()
            held -= 1
        piles[finding.severity].append((finding, line_of(finding)))
        held += 1
    return Worst([one for severity in SEVERITIES for one in piles[severity]], seen)


def left_out(seen: Counter[str], told: Counter[str]) -> str:
    """What of all findings was not told, in words: ``31 of 56 findings (20 warnings, 11 infos)``; empty if nothing."""
    missing = seen - told
    if not missing:
        return ""
    parts = ", ".join(count(missing[severity], severity) for severity in SEVERITIES if missing[severity])
    return f"{missing.total():,} of {count(seen.total(), 'finding')} ({parts})"

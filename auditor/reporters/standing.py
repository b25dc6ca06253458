"""What people decided about findings, as far as reports heed it: a false positive is none, a known one is no news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.model import Finding
from auditor.reporters.context import Context
from auditor.reporters.text import count


def counted(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield those that nobody judged a false positive."""
    return (finding for finding in findings if finding.decision != "false-positive")


def fresh(findings: Iterable[Finding], name: str, context: Context) -> Iterator[Finding]:
    """Yield those that are not in the baseline either, and say at the end how many are."""
    known = 0
    for finding in counted(findings):
        if finding.decision == "known":
            known += 1
        else:
            yield finding
    if known:
        context.say(f"{name}: {count(known, 'known finding')} left out")

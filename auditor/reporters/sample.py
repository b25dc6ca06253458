"""Which findings a page shows when there are too many: a fair share a rule, spread over its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from auditor.model import Finding


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """The chosen findings by rule, in the order they came, and how many there were of each rule."""

    chosen: dict[str, list[Finding]]
    seen: Counter[str]

    @property
    def shown(self) -> int:
        """Number of chosen findings."""
        return sum(len(findings) for findings in self.chosen.values())


def quotas(counts: Mapping[str, int], limit: int) -> dict[str, int]:
    """Share ``limit`` out: rare rules are shown whole, the room they leave goes to the others evenly."""
    shares: dict[str, int] = {}
    left = limit
    ranked = sorted(counts.items(), key=lambda item: (item[1], item[0]))
    for place, (rule, number) in enumerate(ranked):
        shares[rule] = min(number, left // (len(ranked) - place))
        left -= shares[rule]
    return shares


def sample(findings: Iterable[Finding], counts: Mapping[str, int], limit: int) -> Sample:
    """Choose at most ``limit`` findings in one pass; ``counts`` says how many of each rule will come.

    Every rule's choice begins with its first finding and is spaced evenly, so the same findings give the same
    sample. Findings of a rule that ``counts`` does not name are kept while there is room.
    """
    shares = quotas(counts, limit)
    chosen: dict[str, list[Finding]] = {}
    seen: Counter[str] = Counter()
    room = limit
    for finding in findings:
        rule = finding.rule
        number, quota = (counts[rule], shares[rule]) if counts.get(rule) else (1, 1)
        if room and seen[rule] * quota % number < quota:
            chosen.setdefault(rule, []).append(finding)
            room -= 1
        seen[rule] += 1
    return Sample(chosen=chosen, seen=seen)

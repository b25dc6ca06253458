"""Which findings a page shows when there are too many: a fair share a rule, spread over its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec

from auditor.model import Finding

T = TypeVar("T")


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


class Choice:
    """Which findings a page shows, asked one by one in order; ``counts`` says how many of each rule will come.

    Every rule's choice begins with its first finding and is spaced evenly. Rules that ``counts`` does not name are
    shown while there is room.
    """

    def __init__(self, counts: Mapping[str, int], limit: int) -> None:
        self._counts, self._shares, self._room = counts, quotas(counts, limit), limit
        self._seen: Counter[str] = Counter()

    def take(self, finding: Finding) -> bool:
        """Whether the next finding is shown."""
        rule = finding.rule
        number, quota = (self._counts[rule], self._shares[rule]) if self._counts.get(rule) else (1, 1)
        taken = self._room > 0 and _evenly(self._seen[rule], quota, number)
        self._room -= taken
        self._seen[rule] += 1
        return taken


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
        if room and _evenly(seen[rule], quota, number):
            chosen.setdefault(rule, []).append(finding)
            room -= 1
        seen[rule] += 1
    return Sample(chosen=chosen, seen=seen)


def spread(
    items: Iterable[T], counts: Mapping[tuple[str, str], int], key: Callable[[T], tuple[str, str]], limit: int
) -> dict[str, list[T]]:
    """Choose at most ``limit`` items of each rule in one pass, from as many files as can be, evenly spaced in each.

    ``key`` gives an item's rule and file, ``counts`` how many of each will come.
    """
    files: dict[str, dict[str, int]] = {}
    for (rule, path), number in counts.items():
        files.setdefault(rule, {})[path] = number
    shares = {
        (rule, path): share
        for rule, numbers in files.items()
        for path, share in quotas(_some(numbers, limit), limit).items()
    }
    chosen: dict[str, list[T]] = {rule: [] for rule in files}
    seen: Counter[tuple[str, str]] = Counter()
    for item in items:
        place = key(item)
        if (quota := shares.get(place)) and _evenly(seen[place], quota, counts[place]):
            chosen[place[0]].append(item)
        seen[place] += 1
    return chosen


def _some(numbers: Mapping[str, int], limit: int) -> dict[str, int]:
    """At most ``limit`` of the files, evenly spaced."""
    return {path: number for at, (path, number) in enumerate(numbers.items()) if _evenly(at, limit, len(numbers))}


def _evenly(at: int, quota: int, number: int) -> bool:
    """Whether the item at this place is one of ``quota`` evenly spaced among ``number``."""
    return quota >= number or at * quota % number < quota

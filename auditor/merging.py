"""Verdicts of several reviewers as one: what they agree on, and where they do not, by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from auditor.decisions import Ruling, folded


class Conflict(msgspec.Struct, frozen=True):
    """Two people who say different things of the same."""

    one: Ruling
    other: Ruling

    def told(self) -> str:
        """In words, with both persons."""
        what = f"{self.one.rule} {self.one.fingerprint} ({self.one.text[:60]!r})"
        return f"{what}: {_says(self.one)}, {_says(self.other)}"


def merge(rulings: Iterable[Ruling], prefer: str | None = None) -> tuple[list[Ruling], list[Conflict]]:
    """One ruling for each thing that is ruled on, and the conflicts; ``prefer`` names whose word settles them.

    Skipped ones are no verdict. A person's later verdict replaces the earlier one. Two people conflict over one thing,
    or where one spoke of a match in general (a site, everywhere) and the other of that very match.
    """
    last: dict[tuple[tuple[str, ...], str], Ruling] = {}
    for ruling in rulings:
        key = (ruling.reach, ruling.person or "")
        if ruling.verdict != "skip" and (key not in last or (ruling.date or "") >= (last[key].date or "")):
            last[key] = ruling
    groups: dict[tuple[str, ...], list[Ruling]] = {}
    for ruling in last.values():
        groups.setdefault(ruling.reach, []).append(ruling)
    merged, conflicts = [], []
    for group in groups.values():
        chosen = _chosen(group, prefer)
        merged.append(chosen)
        conflicts += [Conflict(chosen, other) for other in group if other.verdict != chosen.verdict and not prefer]
        if prefer and chosen.person != prefer:
            conflicts += [Conflict(chosen, other) for other in group if other.verdict != chosen.verdict]
    return merged, conflicts + list(_across(merged, prefer))


def _chosen(group: Sequence[Ruling], prefer: str | None) -> Ruling:
    """Whose ruling is kept of several: the preferred person's, else that of the first by name."""
    return min(group, key=lambda one: (one.person != prefer, one.person or "", one.verdict))


def _across(merged: Sequence[Ruling], prefer: str | None) -> list[Conflict]:
    """Where a verdict on one match contradicts somebody else's on all such matches."""
    wide: dict[tuple[str, str], list[Ruling]] = {}
    for ruling in merged:
        if ruling.scope != "here":
            wide.setdefault((ruling.rule, folded(ruling.text)), []).append(ruling)
    conflicts = []
    for ruling in merged:
        for other in wide.get((ruling.rule, folded(ruling.text)), ()) if ruling.text else ():
            apart = ruling.scope == "here" or (ruling.scope == "site" and other.scope == "everywhere")
            if other.scope == "site" and ruling.site not in (None, other.site):
                continue
            if apart and other.verdict != ruling.verdict and (other.person or "") != (ruling.person or ""):
                conflicts.append(Conflict(ruling, other))
    # The narrower verdict holds for what it speaks of: with a preference, that is how it is settled.
    return [] if prefer else conflicts


def _says(ruling: Ruling) -> str:
    where = {"here": "", "site": f" on {ruling.site}", "everywhere": " everywhere"}[ruling.scope]
    when = f" on {ruling.date}" if ruling.date else ""
    note = f" ({ruling.note[:80]})" if ruling.note else ""
    return f"{ruling.person or 'someone unnamed'} says {ruling.verdict}{where}{when}{note}"

"""How sure a measured share is: 95 % intervals of right among judged, alone and weighted over strata."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

_Z = 1.959964  # standard deviations of 95 %


class Share(NamedTuple):
    """A share in 0..1 and its 95 % interval."""

    value: float
    low: float
    high: float


class Stratum(NamedTuple):
    """One part of a population: its size, how many were judged, and how many of these were right."""

    size: int
    judged: int
    right: int


def wilson(right: int, judged: int) -> Share:
    """Share and Wilson interval of ``right`` among ``judged``: honest for few cases and for shares near 0 and 1.

    Nothing judged: anything is possible (0..1).
    """
    if not judged:
        return Share(0.0, 0.0, 1.0)
    share, part = right / judged, _Z * _Z / judged
    middle = (share + part / 2) / (1 + part)
    half = _Z / (1 + part) * sqrt(share * (1 - share) / judged + part / (4 * judged))
    return Share(
        share, 0.0 if not right else max(0.0, middle - half), 1.0 if right == judged else min(1.0, middle + half)
    )


def stratified(strata: Sequence[Stratum]) -> Share:
    """Share in a population of which each stratum was sampled for itself: means weighted by the strata's sizes.

    A stratum judged whole adds no doubt. In the others one right and one wrong are added for the spread alone (after
    Agresti and Coull), so that three right of three are not taken for certainty. Strata without a judged one are left
    out.
    """
    known = [stratum for stratum in strata if stratum.judged]
    total = sum(stratum.size for stratum in known)
    if not total:
        return Share(0.0, 0.0, 1.0)
    share = sum(one.size / total * one.right / one.judged for one in known)
    spread = 0.0
    for size, judged, right in known:
        smooth = (right + 1) / (judged + 2)
        unseen = max(0.0, 1 - judged / size)
        spread += (size / total) ** 2 * unseen * smooth * (1 - smooth) / (judged + 2)
    half = _Z * sqrt(spread)
    return Share(share, max(0.0, share - half), min(1.0, share + half))

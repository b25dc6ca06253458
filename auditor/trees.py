"""Boosted oblivious trees: a few hundred small look-ups whose sum is a probability, and what spoke for it.

An oblivious tree asks the same question at all nodes of a level, so that its leaf is a number made of answers: six
answers, sixty-four leaves. All rows are asked together. Training is none of our business here; see docs/line-model.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from auditor.arrays import np

if TYPE_CHECKING:
    import numpy.typing as npt


Floats: TypeAlias = "npt.NDArray[np.float32]"
Bins: TypeAlias = "npt.NDArray[np.uint8]"

_ROWS = 512
_FEW = 4  # borders that are sooner compared than searched


class Trees:
    """``borders``: ascending thresholds of each feature. ``features`` and ``bins`` (trees x depth): level ``d`` of a
    tree asks whether a feature's bin is above the one named; bin ``b`` begins above border ``b - 1``. ``leaves``
    (trees x 2 ** depth): what a leaf adds, its number made of the answers, the first one lowest. ``weights``: how much
    of the training data fell into each leaf. ``slope`` and ``offset`` turn the sum into calibrated log-odds.
    """

    def __init__(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Raises KeyError or ValueError where arrays are missing or do not fit each other."""
        stops = np.cumsum(arrays["border_counts"].astype(np.int64))
        if stops[-1] != len(arrays["borders"]) or len(stops) > 256 or arrays["border_counts"].max() > 254:
            raise ValueError("borders and border_counts do not fit each other")
        self.borders: list[Floats] = np.split(arrays["borders"].astype(np.float32), stops[:-1])
        self.features, self.bins = arrays["features"].astype(np.int64), arrays["bins"].astype(np.uint8)
        self.leaves, self.weights = arrays["leaves"].astype(np.float32), arrays["weights"].astype(np.float32)
        self.slope, self.offset = float(arrays["slope"]), float(arrays["offset"])
        self._credited: tuple[npt.NDArray[np.int64], Floats] | None = None
        count, depth = self.features.shape
        if self.bins.shape != (count, depth) or not self.leaves.shape == self.weights.shape == (count, 1 << depth):
            raise ValueError("features, bins, leaves and weights do not fit each other")
        if depth > 8 or self.features.min() < 0 or self.features.max() >= len(self.borders):
            raise ValueError("a tree asks for a feature that is not there")

    def binned(self, columns: Sequence[Floats]) -> Bins:
        """Features (one array of rows each) as bins, features x rows."""
        found = np.empty((len(self.borders), len(columns[0])), np.uint8)
        for row, borders, column in zip(found, self.borders, columns, strict=True):
            if len(borders) > _FEW:
                row[:] = np.searchsorted(borders, column)
                continue
            row[:] = 0
            for border in borders:
                row += column > border
        return found

    def log_odds(self, binned: Bins) -> Floats:
        """Calibrated log-odds of every row."""
        total = np.zeros(binned.shape[1], np.float32)
        leaves = self.leaves.ravel()
        for rows in _parts(binned.shape[1]):
            found = leaves.take(self._reached(binned[:, rows]))
            # numpy adds up a lone column in another order; a row must come to the same whatever stands beside it.
            total[rows] = found.sum(0) if found.shape[1] > 1 else np.add.accumulate(found)[-1]
        odds: Floats = self.slope * total + np.float32(self.offset)
        return odds

    def shares(self, binned: Bins, groups: npt.NDArray[np.int64]) -> Floats:
        """How much each group of features (``groups`` names every feature's) moved the log-odds: rows x groups.

        Along a tree's levels, each answer moves the expected leaf, weighted as in training, and its feature is
        credited with that (Saabas 2014).
        """
        credits = self._credits_of(groups)
        found = np.zeros((binned.shape[1], credits.shape[1]), np.float32)
        for rows in _parts(binned.shape[1]):
            found[rows] = credits.take(self._reached(binned[:, rows]), axis=0).sum(0)
        return found * np.float32(self.slope)

    def _reached(self, binned: Bins) -> npt.NDArray[np.int32]:
        """The leaf of each tree that each row comes to, counted through all trees: trees x rows."""
        binned = np.ascontiguousarray(binned)
        found = np.zeros((len(self.leaves), binned.shape[1]), np.uint8)
        for level in range(self.features.shape[1]):
            answers = binned.take(self.features[:, level], axis=0) > self.bins[:, level, None]
            found |= answers.view(np.uint8) << np.uint8(level)
        firsts = np.arange(len(self.leaves), dtype=np.int32) * np.int32(self.leaves.shape[1])
        return found + firsts[:, None]

    def _credits_of(self, groups: npt.NDArray[np.int64]) -> Floats:
        """The credits for one way of grouping, the last one asked for is kept: all leaves x groups."""
        if self._credited is None or self._credited[0] is not groups:
            credits = self._credits(groups)
            self._credited = (groups, credits.reshape(-1, credits.shape[2]))
        return self._credited[1]

    def _credits(self, groups: npt.NDArray[np.int64]) -> Floats:
        """What each leaf credits to each group: trees x leaves x groups."""
        count, depth = self.features.shape
        found = np.zeros((count, 1 << depth, int(groups.max()) + 1), np.float32)
        leaf = np.arange(1 << depth)
        trees = np.arange(count)
        expected = self._expected(0)[:, leaf & 0]
        for level in range(depth):
            better = self._expected(level + 1)[:, leaf & ((2 << level) - 1)]
            found[trees, :, groups[self.features[:, level]]] += better - expected
            expected = better
        return found

    def _expected(self, known: int) -> Floats:
        """The mean leaf of each tree, given its first ``known`` answers: trees x 2 ** known."""
        count, size = self.leaves.shape
        shape = (count, size >> known, 1 << known)
        weights = (self.weights + np.float32(1e-6)).reshape(shape)
        found: Floats = (self.leaves.reshape(shape) * weights).sum(1) / weights.sum(1)
        return found


def _parts(count: int) -> Iterator[slice]:
    """Rows in parts small enough for all trees to be asked at once."""
    for at in range(0, count, _ROWS):
        yield slice(at, at + _ROWS)

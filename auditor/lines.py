"""The lines of a batch that hold text, as arrays: their words, their document, sums over words, neighbours and pages.

Sums are exact, whatever else a batch holds: what is added up is rounded to 1/65536 first.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from auditor.arrays import np
from auditor.batch import Batch
from auditor.features import Features, Flags, Ints
from auditor.wordhash import Hashes, Words, line_hashes, words_of

if TYPE_CHECKING:
    import numpy.typing as npt

Floats: TypeAlias = "npt.NDArray[np.float64]"

_UNIT = 1 << 16


class Lines:
    """Arrays of one value a line, or a word; ranges of lines never leave a line's document."""

    def __init__(self, batch: Batch) -> None:
        self.of = batch.view(Features)
        self.batch = batch
        self.numbers: Ints = np.flatnonzero(~self.of.blank)  # of the lines in the batch
        self.starts, self.ends = self.of.starts[self.numbers], self.of.ends[self.numbers]
        self.documents = np.asarray(batch.line_documents, np.int64)[self.numbers]
        self.here = np.arange(len(self.numbers))
        every = np.arange(len(batch.documents))
        self.low = np.searchsorted(self.documents, every)[self.documents]  # the first line of the document,
        self.high = np.searchsorted(self.documents, every, side="right")[self.documents]  # and past its last
        self.size = (self.high - self.low).astype(np.float64)

    # Words

    @cached_property
    def words(self) -> Words:
        return self.batch.view(words_of)

    @cached_property
    def bounds(self) -> Ints:
        """Where the words of each line begin among all words; one more past the end."""
        return np.searchsorted(self.words.starts, np.append(self.starts, len(self.batch.text) + 1))

    @cached_property
    def word_lines(self) -> Ints:
        """The line of each word."""
        return np.repeat(self.here, np.diff(self.bounds))

    @cached_property
    def hashes(self) -> Hashes:
        return line_hashes(self.words.hashes, self.bounds)

    @cached_property
    def count(self) -> Floats:
        """Words of each line."""
        return np.diff(self.bounds).astype(np.float64)

    def sum(self, values: npt.NDArray[Any]) -> Floats:
        """Sums over the words of each line."""
        if values.dtype == bool:  # mostly of few words
            places = np.flatnonzero(values)
            return (np.searchsorted(places, self.bounds[1:]) - np.searchsorted(places, self.bounds[:-1])).astype(
                np.float64
            )
        return between(values, self.bounds[:-1], self.bounds[1:])

    def share(self, values: npt.NDArray[Any]) -> Floats:
        """Means over the words of each line; 0 for none."""
        found: Floats = self.sum(values) / np.maximum(1, self.count)
        return found

    # Code points

    def hold(self, flags: Flags) -> Floats:
        """How many code points with the flag each line has."""
        return self.within(np.flatnonzero(flags))

    def within(self, places: Ints) -> Floats:
        """How many of some ascending offsets lie in each line."""
        return (np.searchsorted(places, self.ends) - np.searchsorted(places, self.starts)).astype(np.float64)

    @property
    def edges(self) -> tuple[Ints, Ints]:
        """The first and the last code point of each line that is not white space."""
        return self.of.solid_first[self.numbers], self.of.solid_last[self.numbers]

    # Lines of the same document

    def window(self, sums: Sums, above: int, below: int) -> Floats:
        """The means of figures over so many lines above and below, the line itself left out."""
        first, stop = np.maximum(self.low, self.here - above), np.minimum(self.high, self.here + 1 + below)
        total = sums.between(first, self.here) + sums.between(self.here + 1, stop)
        found: Floats = total / np.maximum(1, stop - first - 1)
        return found

    def shifted(self, values: Floats, by: int) -> Floats:
        """Figures of the line so many lines on; -1 outside the document."""
        there = self.here + by
        inside = (there >= self.low) & (there < self.high)
        return np.where(inside, values.take(there, axis=-1, mode="clip"), -1.0)

    def whole(self, values: npt.NDArray[Any]) -> Floats:
        """Sums over the document."""
        return between(values, self.low, self.high)

    def last_before(self, flags: Flags) -> Ints:
        """The last line above each that has the flag, or -1; it may be of another document."""
        places = np.flatnonzero(flags)
        found: Ints = np.concatenate(([-1], places))[np.searchsorted(places, self.here)]
        return found

    def first_after(self, flags: Flags) -> Ints:
        """The first line below each that has the flag, or one past all; it may be of another document."""
        places = np.flatnonzero(flags)
        found: Ints = np.append(places, len(flags))[np.searchsorted(places, self.here, side="right")]
        return found


def between(values: npt.NDArray[Any], first: Ints, stop: Ints) -> Floats:
    """Sums of ``values[first:stop]`` for many ranges; none where they end before they begin."""
    whole = values if values.dtype.kind in "bi" else np.rint(values * _UNIT).astype(np.int64)
    sums = np.concatenate(([0], np.cumsum(whole, dtype=np.int64)))
    total = sums[np.maximum(first, stop)] - sums[first]
    found: Floats = total / (1 if whole is values else _UNIT)
    return found


class Sums:
    """Running sums of figures of lines, figures x lines, each as exact as those of `between`."""

    def __init__(self, values: Floats) -> None:
        self._sums = np.zeros((len(values), values.shape[1] + 1), np.int64)
        np.cumsum(np.rint(values * _UNIT).astype(np.int64), axis=1, out=self._sums[:, 1:])

    def between(self, first: Ints, stop: Ints) -> Floats:
        """Sums over ``[first, stop)`` of each figure for many ranges; none where they end before they begin."""
        total = self._sums[:, np.maximum(first, stop)] - self._sums[:, first]
        found: Floats = total / _UNIT
        return found

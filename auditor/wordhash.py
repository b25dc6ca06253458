"""Words and lines of a batch as numbers, equal where their folded texts are: how line evidence looks things up.

A word is folded as widely as can be (vowel signs, alef, case, width ...), every decimal digit is 0, and words of
digits alone are one word. What stands between words does not count. All of a batch is hashed at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from auditor.arrays import np
from auditor.batch import Batch
from auditor.folding import WIDEST, folding
from auditor.model import Document
from auditor.page import WORD_CLASS, Bytes, classes

if TYPE_CHECKING:
    import numpy.typing as npt

Hashes: TypeAlias = "npt.NDArray[np.uint64]"
Short: TypeAlias = "npt.NDArray[np.uint32]"
Ints: TypeAlias = "npt.NDArray[np.int64]"

NUMBER = 0x6E756D626572  # the word of digits alone
_ZERO = ord("0")
_BLANK = ord(" ")  # what comes before it and itself stand between words
_PIECE = 1 << 17  # code points hashed together: their figures fit near the processor
_PLACES = 64  # multipliers for the place in a word or line; they repeat after so many
_BITS = 18  # of the bitmap: a quarter of a megabyte, near the processor
_MASK = (1 << _BITS) - 1
_ONE, _OTHER = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F  # odd: one for each word of a pair


class Words(NamedTuple):
    """The words of a text in order: their hashes, where they start (code points) and how many letters they have."""

    hashes: Hashes
    starts: Ints
    lengths: Ints


def mixed(values: Hashes) -> Hashes:
    """Every bit depends on every bit: the finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: Hashes = values ^ (values >> np.uint64(31))
    return found


@cache
def _multipliers() -> tuple[Hashes, Hashes]:
    """Odd numbers for places in a word and in a line."""
    numbers = mixed(np.arange(1, 2 * _PLACES + 1, dtype=np.uint64)) | np.uint64(1)
    return numbers[:_PLACES], numbers[_PLACES:]


@cache
def _letters() -> npt.NDArray[np.uint32]:
    """Every code point in its widest folding; 0 where it vanishes, and of an expanded one its first letter."""
    table = np.arange(0x110000, dtype=np.uint32)
    for code_point, text in folding(WIDEST).table.items():
        table[code_point] = 0 if not text else _ZERO if text[0].isdecimal() else ord(text[0])
    table[_ZERO : _ZERO + 10] = _ZERO
    table[0] = ord(" ")  # stands between words, as any other control character; it does not vanish
    return table


_GONE, _LETTER, _DIGIT = 1, 2, 4


@cache
def _parts() -> Bytes:
    """Whether each code point vanishes, belongs to a word (as a digit), or neither."""
    letters = _letters()
    found: Bytes = (classes() & WORD_CLASS != 0).astype(np.uint8).take(letters) * np.uint8(_LETTER)
    found[letters == _ZERO] |= _DIGIT
    found[letters == 0] = _GONE
    return found


@cache
def _values() -> Hashes:
    """What each letter of the basic plane adds to its word, but for its place."""
    return mixed(_letters()[:0x10000].astype(np.uint64))


def words_of(batch: Batch) -> Words:
    """The words of a batch; make it once, by ``batch.view(words_of)``."""
    codes, pieces = batch.codes, []
    for low, high in pairwise(_cuts(codes)):
        piece = _words(codes[low:high])
        pieces.append(piece._replace(starts=piece.starts + low))
    return Words(*map(np.concatenate, zip(*pieces, strict=True)))


def _cuts(codes: npt.NDArray[np.uint32]) -> list[int]:
    """Where a text is cut into pieces of about `_PIECE`, none of them within a word."""
    found = [0]
    for at in range(_PIECE, len(codes), _PIECE):
        blanks = np.flatnonzero(codes[at - _PIECE : at] <= _BLANK)
        if len(blanks) and (cut := at - _PIECE + int(blanks[-1])) > found[-1]:
            found.append(cut)
    return [*found, len(codes)]


def _words(codes: npt.NDArray[np.uint32]) -> Words:
    parts = _parts().take(codes)
    gone = np.flatnonzero(parts == _GONE)
    if len(gone):
        left = parts != _GONE
        codes, parts = codes[left], parts[left]
    inside = np.concatenate(([False], parts >= _LETTER, [False]))
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    if not len(starts):
        return Words(np.zeros(0, np.uint64), starts, lengths)
    digits = np.searchsorted(starts, np.flatnonzero(parts & _DIGIT), side="right") - 1
    numbers = np.bincount(digits, minlength=len(starts)) == lengths
    codes = codes[inside[1:-1]]
    firsts = np.cumsum(lengths) - lengths
    places = np.arange(len(codes), dtype=np.int32) - np.repeat(firsts.astype(np.int32), lengths)
    sums = np.add.reduceat(_hashed(codes) * _multipliers()[0].take(places & np.int32(_PLACES - 1)), firsts)
    hashes = np.where(numbers, np.uint64(NUMBER), mixed(sums))
    if len(gone):  # each start moves on by as many as are gone before it
        starts = starts + np.searchsorted(gone - np.arange(len(gone)), starts, side="right")
    return Words(hashes, starts, lengths)


def _hashed(codes: npt.NDArray[np.uint32]) -> Hashes:
    """The values of letters, wherever they stand in Unicode."""
    if not len(codes) or codes.max() < len(_values()):
        return _values().take(codes)
    return mixed(_letters()[codes].astype(np.uint64))


def line_hashes(words: Hashes, bounds: Ints) -> Hashes:
    """One hash for each run ``words[bounds[n]:bounds[n + 1]]``; 0 for an empty one."""
    counts = np.diff(bounds)
    found = np.zeros(len(counts), np.uint64)
    if len(words):
        places = np.arange(len(words)) - np.repeat(bounds[:-1], counts)
        values = words * _multipliers()[1].take(places & (_PLACES - 1))
        filled = counts > 0
        found[filled] = mixed(np.add.reduceat(values, bounds[:-1][filled]) + counts[filled].astype(np.uint64))
    return found


def pair_hashes(words: Hashes) -> Hashes:
    """One hash for each word (but the last) with the next."""
    return mixed(words[:-1] * np.uint64(_ONE) + words[1:] * np.uint64(_OTHER))


def hashed_lines(texts: Sequence[str]) -> tuple[Words, Ints, Hashes]:
    """Texts of one line each: their words, the bounds of each text's words, and the hash of each text."""
    batch = Batch([Document(text="\n".join(" ".join(text.split()) for text in texts))])
    words = words_of(batch)
    bounds = np.searchsorted(words.starts, [*batch.line_starts, len(batch.text) + 1])
    return words, bounds, line_hashes(words.hashes, bounds)


def short(hashes: Hashes | Short) -> Short:
    """As kept in tables: half of each hash tells tens of thousands of entries apart well enough."""
    return hashes if hashes.dtype == np.uint32 else (hashes >> np.uint64(32)).astype(np.uint32)  # type: ignore[return-value]


def table(hashes: Iterable[int] | Hashes) -> npt.NDArray[np.uint32]:
    """Entries for a `Table`: sorted, without doubles."""
    return np.unique(short(np.asarray(list(hashes), np.uint64)))


class Table:
    """Hashes to look up in. Nearly all words are in none; a bitmap says so of most of them at once."""

    def __init__(self, entries: npt.NDArray[np.uint32]) -> None:
        self._entries = np.unique(entries)
        self._maybe = np.zeros(1 << _BITS, bool)
        self._maybe[self._entries & np.uint32(_MASK)] = True

    def places(self, hashes: Hashes | Short) -> Ints:
        """Where among the entries each hash stands, or -1."""
        wanted = short(hashes)
        found = np.full(len(wanted), -1)
        likely = np.flatnonzero(self._maybe[wanted & np.uint32(_MASK)])
        if len(likely):
            at = np.searchsorted(self._entries, wanted[likely])
            at[at == len(self._entries)] = 0
            found[likely] = np.where(self._entries[at] == wanted[likely], at, -1)
        return found

    def holds(self, hashes: Hashes | Short) -> npt.NDArray[np.bool_]:
        """Which hashes are in it."""
        wanted = short(hashes)
        found: npt.NDArray[np.bool_] = self._maybe[wanted & np.uint32(_MASK)]
        likely = np.flatnonzero(found)
        found[likely] = (
            self._entries.take(np.searchsorted(self._entries, wanted[likely]), mode="clip") == wanted[likely]
        )
        return found

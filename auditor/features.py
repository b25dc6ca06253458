"""One pass over a batch that block, density, metric and language rules read: figures of lines and documents as arrays.

Every view is computed once, on demand, over all documents together. What the figures mean:

- A word is a run of letters, marks and digits, as everywhere; punctuation is none.
- A line is *ended* if its last character, closing quotes, brackets and invisible characters aside, ends a sentence
  (``. ! ?`` and ``؟ ۔ …`` and their like in other scripts); it is *quoted* if its last character is a closing quote.
- A sentence ends at such a character before white space, a closing quote or bracket, or the end of the line.
- A line is *prose* if it has at least 10 words and is ended, or at least 25 words whatever its end. Titles, menu
  entries, verses, table rows and code seldom have either.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, TypeAlias

from auditor.arrays import np
from auditor.batch import Batch
from auditor.expressions import regex
from auditor.page import ARABIC_CLASS, BLANK_CLASS, LETTER_CLASS, WORD_CLASS, Bytes, basic_plane, classes, held, kept

if TYPE_CHECKING:
    import numpy.typing as npt

Ints: TypeAlias = "npt.NDArray[np.int64]"
Flags: TypeAlias = "npt.NDArray[np.bool_]"

SPACE, TERMINAL, CLOSING, QUOTE, BULLET, CUTTER, CAPITAL = (1 << bit for bit in range(7))
LONG_ENDED, LONG = 10, 25  # words of a prose line with an end mark, and without one
_STEPS = 4  # from the edge of a line; few lines have more white space there


@cache
def traits() -> Bytes:
    """Bit sets of what each code point does in a line: space it, end it, close a quotation, mark an item, cut a title,
    begin a name."""
    return kept("traits", _traits)


def _traits() -> Bytes:
    table = np.zeros(0x110000, dtype=np.uint8)
    for bit, pattern in (
        (TERMINAL, r"[\p{Sentence_Terminal}…]+"),
        (CLOSING, r"""[\p{Pe}\p{Pf}\p{Pi}\p{Cf}"']+"""),
        (QUOTE, r"""(?:(?!›)[\p{Pf}"'])+"""),  # › points to the next entry of a menu
        (CUTTER, r"[|»·:–—-]+"),
        (CAPITAL, r"\p{Lu}+"),
        (BULLET, r"[•‣⁃◦∙▪▫■□●○►▶◄◀·*–—-]+"),
    ):
        for match in regex.finditer(pattern, basic_plane()):
            table[match.start() : match.end()] |= bit
    for match in regex.finditer(r"\p{Lu}+", "".join(map(chr, range(0x10000, 0x20000)))):
        table[0x10000 + match.start() : 0x10000 + match.end()] |= CAPITAL
    table[classes() & BLANK_CLASS != 0] |= SPACE
    return table


class Features:
    """The figures of a batch; offsets are code points into its joined text. Get it by ``batch.view(Features)``."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.starts = batch.line_places
        self.ends = np.asarray(batch.line_ends, np.int64)
        self.bounds = np.asarray(batch.document_lines, np.int64)  # first line of each document, one more past the end

    # Per code point

    @cached_property
    def kinds(self) -> Bytes:
        return classes().take(self.batch.codes)

    @cached_property
    def traits(self) -> Bytes:
        return traits().take(self.batch.codes)

    @cached_property
    def _word_edges(self) -> tuple[Ints, Ints]:
        inside = self.kinds & WORD_CLASS != 0
        before, after = np.concatenate(([False], inside[:-1])), np.concatenate((inside[1:], [False]))
        return np.flatnonzero(inside & ~before), np.flatnonzero(inside & ~after[: len(inside)]) + 1

    @property
    def word_starts(self) -> Ints:
        return self._word_edges[0]

    @property
    def word_ends(self) -> Ints:
        return self._word_edges[1]

    @cached_property
    def sentence_ends(self) -> Ints:
        """Offsets of the characters that end a sentence."""
        at = np.flatnonzero(self.traits & TERMINAL != 0)
        after = np.concatenate((self.traits, [SPACE]))[at + 1]
        found: Ints = at[after & (SPACE | CLOSING) != 0]
        return found

    # Per line

    def in_lines(self, places: Ints) -> Ints:
        """How many of some ascending offsets lie in each line."""
        found: Ints = np.searchsorted(places, self.ends) - np.searchsorted(places, self.starts)
        return found

    @cached_property
    def words(self) -> Ints:
        return self.in_lines(self.word_starts)

    @cached_property
    def letters(self) -> Ints:
        return held(self.kinds & LETTER_CLASS != 0, self.starts, self.ends)

    @cached_property
    def arabic(self) -> Ints:
        """Letters of the Arabic script."""
        return held(self.kinds & ARABIC_CLASS != 0, self.starts, self.ends)

    @cached_property
    def solid_first(self) -> Ints:
        """The first code point of each line that is not white space, or -1."""
        return self._edge(SPACE, 1)

    @cached_property
    def solid_last(self) -> Ints:
        """The last one, or -1."""
        return self._edge(SPACE, -1)

    @cached_property
    def blank(self) -> Flags:
        return self.solid_last < 0

    @cached_property
    def ended(self) -> Flags:
        return self._has(self._edge(SPACE | CLOSING, -1), TERMINAL)

    @cached_property
    def quoted(self) -> Flags:
        return self._has(self.solid_last, QUOTE)

    @cached_property
    def bulleted(self) -> Flags:
        """Lines that begin with a bullet, a star or a dash."""
        return self._has(self.solid_first, BULLET)

    @cached_property
    def elliptic(self) -> Flags:
        """Lines that break off: ``…`` or ``...`` at their end."""
        last = self.solid_last
        codes = self.batch.codes if len(self.batch.codes) else np.zeros(1, np.uint32)
        end, before, first = (codes.take(last - by, mode="clip") for by in range(3))
        dots = (last - 2 >= self.starts) & (end == 0x2E) & (before == 0x2E) & (first == 0x2E)
        found: Flags = (last >= 0) & ((end == 0x2026) | dots)
        return found

    @cached_property
    def prose(self) -> Flags:
        found: Flags = ((self.words >= LONG_ENDED) & self.ended) | (self.words >= LONG)
        return found

    def _edge(self, bits: int, step: int) -> Ints:
        """The first code point of each line (``step`` 1) or its last (-1) that has none of some traits, or -1."""
        found = self.starts.copy() if step > 0 else self.ends - 1
        found[self.starts >= self.ends] = -1
        left = np.flatnonzero(found >= 0)
        for _ in range(_STEPS):
            left = left[self.traits[found[left]] & bits != 0]
            found[left] += step
            past = (found[left] < self.starts[left]) | (found[left] >= self.ends[left])
            found[left[past]] = -1
            left = left[~past]
        if len(left):
            places = np.flatnonzero(self.traits & bits == 0)
            side = np.searchsorted(places, found[left]) if step > 0 else np.searchsorted(places, found[left] + 1) - 1
            # Where there is none on that side, the one taken lies beyond the line: up to here all have the traits
            there = places.take(side, mode="clip") if len(places) else np.full(len(left), -1)
            found[left] = np.where((there >= self.starts[left]) & (there < self.ends[left]), there, -1)
        return found

    def _has(self, places: Ints, bits: int) -> Flags:
        """Whether the code point at each offset (-1: none) has one of the traits."""
        if not len(self.traits):
            return np.zeros(len(places), bool)
        found: Flags = (self.traits[places] & bits != 0) & (places >= 0)
        return found

    # Per document

    def in_documents(self, lines: npt.NDArray[np.generic]) -> Ints:
        """Sums of a figure of lines over each document."""
        sums = np.concatenate(([0], np.cumsum(lines, dtype=np.int64)))
        found: Ints = sums[self.bounds[1:]] - sums[self.bounds[:-1]]
        return found

    @cached_property
    def document_words(self) -> Ints:
        return self.in_documents(self.words)

    @cached_property
    def document_letters(self) -> Ints:
        return self.in_documents(self.letters)

    @cached_property
    def document_arabic(self) -> Ints:
        return self.in_documents(self.arabic)

    @cached_property
    def document_lines(self) -> Ints:
        """Lines that are not blank."""
        return self.in_documents(~self.blank)

    def content(self, document: int) -> tuple[int, int] | None:
        """From the first to the last character of a document that is not white space; None where there is none."""
        low, high = self.batch.starts[document], self.batch.starts[document + 1] - 1
        text = self.batch.text[low:high]
        start = low + len(text) - len(text.lstrip())
        return (start, low + len(text.rstrip())) if start < high else None

"""A few megabytes of documents with the shared views that kinds scan, each computed once, on demand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar, cast

from auditor.arrays import np
from auditor.folding import SEVERAL, SHAPING, Folded, Folding
from auditor.model import Document
from auditor.page import (
    BLANK,
    BLANK_CLASS,
    DROP,
    EXPAND,
    NEWLINE,
    Bytes,
    classes,
    code_points_of,
    folded_page,
    held,
    page,
    to_folded,
    word_bytes,
)

if TYPE_CHECKING:
    import numpy.typing as npt

Ints: TypeAlias = "npt.NDArray[np.int64]"
View = TypeVar("View")


@cache
def _in_words() -> bytes:
    """A byte table that tells what belongs to words."""
    return bytes(byte in word_bytes() for byte in range(256))


class Stream(NamedTuple):
    """Bytes to scan, between two added newlines, and the code point that each of them stands for."""

    data: bytes
    source: (
        npt.NDArray[np.int32] | None
    )  # offset in the batch text of each byte (without the added ones); None: the byte's own


class _Shape(NamedTuple):
    """Folded text, one value a code point: its byte on the page, the offset of what it comes from in the batch text,
    and which one of the code points it is that this becomes (None: nothing becomes more than one)."""

    data: Bytes
    source: npt.NDArray[np.int32]
    piece: Bytes | None


class Batch:
    """Documents joined by a virtual newline. Offsets below are code points into the joined text."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.text = "\n".join(document.text for document in documents)
        lengths = np.fromiter((len(document.text) + 1 for document in documents), np.int64, len(documents))
        self.starts: list[int] = [0, *np.cumsum(lengths).tolist()]  # of each document; one more past the end
        self._folded: dict[tuple[int, Folding], Folded] = {}
        self._texts: dict[Folding, str] = {}
        self._document = (-1, b"")
        self._views: dict[object, object] = {}

    def view(self, make: Callable[[Batch], View]) -> View:
        """What ``make`` makes of this batch, made once: how modules above add shared views."""
        if make not in self._views:
            self._views[make] = make(self)
        return cast(View, self._views[make])

    def forget_views(self) -> None:
        """Let go of the views: they hold the batch that holds them, and megabytes each would wait for the collector."""
        self._views.clear()

    @cached_property
    def codes(self) -> npt.NDArray[np.uint32]:
        return code_points_of(self.text)

    @cached_property
    def plain(self) -> Stream:
        """The text on the near-lossless page."""
        return Stream(b"\n" + page().take(self.codes).tobytes() + b"\n", None)

    @cached_property
    def _shape(self) -> _Shape:
        """The widest folding of the text: marks dropped, ligatures expanded, runs of blanks as one."""
        data = folded_page().take(self.codes)
        source, left = np.arange(len(data), dtype=np.int32), data != DROP  # a batch is far below 2 ** 31
        data, source = data[left], source[left]
        piece = None
        wide = np.flatnonzero(data == EXPAND)
        if len(wide):
            parts = [to_folded(chr(self.codes[at])) for at in source[wide].tolist()]
            counts = np.array([len(part) for part in parts])
            more = np.repeat(wide, counts - 1)
            data, source = np.insert(data, more + 1, 0), np.insert(source, more + 1, source[more])
            order = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            places = np.repeat(wide + np.cumsum(counts - 1) - (counts - 1), counts) + order
            data[places] = np.frombuffer(b"".join(parts), np.uint8)
            piece = np.zeros(len(data), np.uint8)
            piece[places] = order
        again = (data[1:] == BLANK) & (data[:-1] == BLANK)
        if again.any():
            first = np.concatenate(([True], ~again))
            data, source, piece = data[first], source[first], piece if piece is None else piece[first]
        return _Shape(data, source, piece)

    @cached_property
    def folded(self) -> Stream:
        """The widest folding of the text, to be scanned."""
        shape = self._shape
        return Stream(b"\n" + shape.data.tobytes() + b"\n", shape.source)

    @cached_property
    def line_places(self) -> Ints:
        """Offset of every line's first code point; the line of the joining newline is its document's."""
        return np.concatenate(([0], np.flatnonzero(self.codes == NEWLINE) + 1))

    @cached_property
    def line_starts(self) -> list[int]:
        """The same as a list."""
        found: list[int] = self.line_places.tolist()
        return found

    @cached_property
    def line_ends(self) -> list[int]:
        """Offset past every line's last code point, its ``\\n`` or ``\\r\\n`` not included."""
        text, ends = self.text, [start - 1 for start in self.line_starts[1:]] + [len(self.text)]
        joints = set(self.starts)
        return [
            end - 1 if end > start and text[end - 1] == "\r" and end < len(text) and end + 1 not in joints else end
            for start, end in zip(self.line_starts, ends, strict=True)
        ]

    @cached_property
    def line_documents(self) -> list[int]:
        """The document of every line."""
        firsts = np.asarray(self.starts[:-1], np.int64)
        return (np.searchsorted(firsts, self.line_places, side="right") - 1).tolist()  # type: ignore[no-any-return]

    @cached_property
    def document_lines(self) -> list[int]:
        """The first line of every document; one more past the end."""
        lines = self.line_places
        return [*np.searchsorted(lines, np.asarray(self.starts[:-1], np.int64)).tolist(), len(lines)]

    @cached_property
    def folded_lines(self) -> list[bytes]:
        """Every line of the folded stream."""
        return self.folded.data[1:-1].split(b"\n")

    def folded_document(self, number: int) -> bytes:
        """A document in the folded stream; the last one asked for is kept."""
        if self._document[0] != number:
            lines = self.folded_lines[self.document_lines[number] : self.document_lines[number + 1]]
            self._document = (number, b"\n".join(lines))
        return self._document[1]

    @cached_property
    def doubled(self) -> list[int]:
        """Lines in which a word, in its widest folding, directly follows itself (punctuation aside)."""
        data = self.folded.data
        inside = np.frombuffer(data.translate(_in_words()), bool)
        edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
        starts, ends, each = edges[::2], edges[1::2], np.frombuffer(data, np.uint8)
        alike = ends[1:] - starts[1:] == ends[:-1] - starts[:-1]
        alike &= (each[starts[1:]] == each[starts[:-1]]) & (each[ends[1:] - 1] == each[ends[:-1] - 1])
        found = [
            end
            for at in np.flatnonzero(alike).tolist()
            if data[starts[at] : ends[at]] == data[starts[at + 1] : (end := int(ends[at + 1]))]
            and data.find(b"\n", ends[at], starts[at + 1]) < 0
        ]
        return sorted(set(self.lines_of(self.folded, found).tolist()))

    def line(self, number: int) -> str:
        """A line's text without its line break."""
        return self.text[self.line_starts[number] : self.line_ends[number]]

    def folded_line(self, number: int, by: Folding) -> Folded:
        """A line under one folding, kept for the next rule that asks."""
        key = (number, by)
        if (known := self._folded.get(key)) is None:
            known = self._folded[key] = self._cut(number, by) if by.steps >= SHAPING else by.line(self.line(number))
        return known

    def _cut(self, number: int, by: Folding) -> Folded:
        """A line out of the folded text, which has a code point for each one of the widest folding."""
        first, stop = self._folded_bounds[0][number], self._folded_bounds[1][number]
        # Without the batch itself, which holds what is returned: such a ring would wait for the collector.
        index = partial(_offsets, self._shape.source, first, stop, self.line_starts[number])
        return Folded(self.line(number), self.folded_text(by)[first:stop], index)

    def folded_places(self, places: Ints) -> Ints:
        """Where in the folded text begins what stands at offsets of the text, or next."""
        return np.searchsorted(self._shape.source, places.astype(np.int32))

    @cached_property
    def _shape_codes(self) -> npt.NDArray[np.uint32]:
        """What each code point of the folded text comes from."""
        return self.codes.take(self._shape.source)

    @cached_property
    def _folded_bounds(self) -> tuple[list[int], list[int]]:
        """Where every line begins and ends in the folded text."""
        source = self._shape.source
        return tuple(
            np.searchsorted(source, np.asarray(lines, np.int32)).tolist()
            for lines in (self.line_places, self.line_ends)
        )

    def folded_text(self, by: Folding) -> str:
        """The whole text under a folding that has all of `SHAPING`."""
        if (known := self._texts.get(by)) is None:
            codes, piece = self._shape_codes, self._shape.piece
            letters = by.letters.take(codes)
            if piece is not None:
                for at in np.flatnonzero(letters == SEVERAL).tolist():
                    letters[at] = ord(by.table[int(codes[at])][piece[at]])
            known = self._texts[by] = letters.tobytes().decode("utf-32-le", "surrogatepass")
        return known

    def lines_of(self, stream: Stream, ends: Sequence[int]) -> Ints:
        """The line on which each match of ``stream`` ends; ``ends`` are offsets past its last byte."""
        last = np.asarray(ends, dtype=np.int64) - 2  # one for the added newline, one for the half-open end
        if stream.source is not None:
            last = (
                stream.source[np.clip(last, 0, len(stream.source) - 1)].astype(np.int64)
                if len(stream.source)
                else last * 0
            )
        last = np.clip(last, 0, max(0, len(self.text) - 1))
        return np.searchsorted(self.line_places, last, side="right") - 1

    def document_at(self, offset: int) -> int:
        """The document that holds an offset."""
        return bisect_right(self.starts, offset) - 1

    def line_at(self, offset: int) -> int:
        """The line that holds an offset (its line break belongs to it)."""
        return bisect_right(self.line_starts, offset) - 1

    @cached_property
    def filled(self) -> list[int]:
        """How many lines before each line are not blank; one more past the end."""
        solid = classes().take(self.codes) & BLANK_CLASS == 0
        ends = np.asarray(self.line_ends, np.int64)
        return [0, *np.cumsum(held(solid, self.line_places, ends) > 0).tolist()]

    def blank_line(self, number: int) -> bool:
        """Whether a line holds nothing but white space."""
        line = self.line(number)
        return not line or line.isspace()


def _offsets(source: npt.NDArray[np.int32], first: int, stop: int, start: int) -> npt.NDArray[np.int32]:
    """What part of the folded text comes from, as offsets from ``start``."""
    return source[first:stop] - start

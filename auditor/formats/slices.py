"""Large files cut into slices that can be read by themselves: at line ends, or between row groups.

Plain JSON lines are read where they are. Compressed ones have to be unpacked from their beginning: that is done once,
and the lines of each slice are held in a file of their own for as long as the slice takes. Everything else (plain
text, files that are not UTF-8, what comes through a pipe) stays whole.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from auditor.errors import ReadError
from auditor.formats import format_of, rereadable
from auditor.formats.arrow import guarded
from auditor.formats.base import CHUNK, Slice
from auditor.formats.compression import compression_of, reached, torn
from auditor.formats.encodings import sniffed
from auditor.formats.parquetfile import opened
from auditor.formats.sources import Source, open_source, size_of

_ROWS = ("jsonl", "ndjson", "parquet")
_SMALLEST = 8  # of the last slices: this part of a whole one


def is_large(source: Source, size: int) -> bool:
    """Whether a file may be cut: of a format with rows, on disk, and more than two slices long as it lies there."""
    if source.path is None or format_of(source.name) not in _ROWS:
        return False
    try:
        found = source.path.stat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size > 2 * size


def slices(source: Source, folder: Path, size: int, limit: int | None = None, lenient: bool = False) -> Iterator[Slice]:
    """The slices of a large file in order, none where it is to stay whole; ``folder`` takes what has to be held.

    Files held are made as the slices are asked for, and are the caller's to remove. ReadError where the file cannot
    be read to its end; where it cannot be read at all, there are no slices. ``lenient``: as with `open_source`; what a
    truncated file has behind its last whole line is a slice of its own.
    """
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(open_source(source, limit, lenient))
            if format_of(source.name) == "parquet":
                yield from list(_groups(stream, source.name, size))
                return
            head, encoding = sniffed(stream)
        except ReadError:  # reading it whole says why
            return
        if encoding is not None:
            return
        end = size_of(source)
        if not compression_of(source.name):
            yield from _lines(head, size, end)
        else:
            yield from _unpacked(head, stream, folder, size, end)


@contextmanager
def open_slice(source: Source, part: Slice) -> Iterator[BinaryIO]:
    """A stream with the lines of a slice; of a parquet file, one to read its row groups from."""
    with ExitStack() as stack:
        if format_of(source.name) == "parquet":
            yield rereadable(stack.enter_context(open_source(source)), "parquet")
            return
        plain = source if part.held is None else Source(part.held, "held.jsonl")
        stream = stack.enter_context(open_source(plain))
        stream.seek(part.start)
        yield cast(BinaryIO, io.BufferedReader(_Until(stream, part.stop - part.start), CHUNK))


class _Until(io.RawIOBase):
    """So many bytes of a stream."""

    def __init__(self, stream: BinaryIO, left: int) -> None:
        self._stream, self._left = stream, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def _groups(stream: BinaryIO, name: str, size: int) -> Iterator[Slice]:
    """Row groups in a row that come to ``size`` bytes."""
    file = opened(stream, name)
    end = stream.seek(0, io.SEEK_END)
    with guarded(name):
        facts = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
        sizes, rows = [one.total_byte_size for one in facts], [one.num_rows for one in facts]
    if min(rows, default=0) < 0 or min(sizes, default=0) < 0:
        return  # reading it whole says why
    record = start = count = held = 0
    left = sum(sizes)
    for number, (bytes_, some) in enumerate(zip(sizes, rows, strict=True), 1):
        count, held, left = count + some, held + bytes_, left - bytes_
        if held >= _wanted(size, held + left) or number == len(sizes):
            yield Slice(record, start, number, end * number // len(sizes))
            record, start, count, held = record + count, number, 0, 0


def _wanted(size: int, left: int) -> int:
    """How large the next slice is to be: the last ones are smaller, so that no process waits long for another's."""
    return max(1, size // _SMALLEST, min(size, left // 4))


def _blocks(stream: BinaryIO, size: int, left: Callable[[int], int]) -> Iterator[tuple[bytes, bool]]:
    """The bytes of a stream in pieces, and whether a slice ends after each: at a line's end, past so many bytes.

    ``left`` tells, by how much was read, about how much comes yet.
    """
    held = at = 0
    wanted = _wanted(size, left(0))
    while data := stream.read(min(CHUNK, wanted)):
        held, at = held + len(data), at + len(data)
        stop = data.rfind(b"\n") + 1 if held >= wanted else 0
        if stop:
            yield data[:stop], True
            held = len(data) - stop
            wanted = _wanted(size, held + left(at))
        if data[stop:]:
            yield data[stop:], False


def _lines(stream: BinaryIO, size: int, end: int) -> Iterator[Slice]:
    """Ranges of a file of plain lines."""
    record = rows = start = at = 0
    for data, ends in chain(_blocks(stream, size, lambda read: end - read), [(b"", True)]):
        at, rows = at + len(data), rows + data.count(b"\n")
        if ends and at > start:
            yield Slice(record, start, at, at)
            record, start, rows = record + rows, at, 0


def _unpacked(stream: BinaryIO, packed: BinaryIO, folder: Path, size: int, end: int) -> Iterator[Slice]:
    """Lines as they are unpacked, each slice in a file of its own; ``packed`` tells how far its file was read."""
    record = number = 0

    def left(read: int) -> int:
        at = reached(packed)
        return (end - at) * read // at if at and read else end

    blocks = _blocks(stream, size, left)
    while (first := next(blocks, None)) is not None:
        held, rows, length = folder / f"{number:08d}.held", 0, 0
        with held.open("wb") as out:
            for data, ends in chain([first], blocks):
                out.write(data)
                rows, length = rows + data.count(b"\n"), length + len(data)
                if ends:
                    break
        yield Slice(record, 0, length, reached(packed), held)
        record, number = record + rows, number + 1
    if (rest := torn(packed)) is not None:
        held = folder / f"{number:08d}.held"
        held.write_bytes(rest)
        yield Slice(record, 0, len(rest), reached(packed), held, torn=True)

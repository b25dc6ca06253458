"""What the pages of a parquet file say they unpack to, read without unpacking them.

Whoever reads a page makes room for as much as its header tells, up to 2 GB for a few bytes on disk. The headers and
the metadata that says where they stand are Thrift in its compact protocol; pyarrow does not show them.
"""

from __future__ import annotations

import io
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from auditor.errors import ReadError
from auditor.formats.limits import refuse

_MOST_PAGE = 1 << 30  # bytes of one page, however many of them are on disk
_HEADER = 256  # bytes of a page's header that are read first; statistics make it longer
_LONGEST_HEADER = 16 << 20  # as pyarrow has it
_DEEPEST = 64  # as pyarrow has it
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 11, 12
_ROW_GROUPS, _COLUMNS, _META = 4, 1, 3  # fields of FileMetaData, RowGroup, ColumnChunk
_COMPRESSED_SIZE, _DATA, _DICTIONARY = 7, 9, 11  # of ColumnMetaData
_UNPACKED, _PACKED = 2, 3  # of PageHeader
_DAMAGE = (LookupError, ValueError, TypeError, AttributeError, OverflowError)
_DAMAGED = "its metadata cannot be read; fetch or write it again"

_sound: deque[tuple[int, ...]] = deque(maxlen=16)  # files looked at by this process, which may open them in parts

Read = Callable[[int, int], bytes]  # so many bytes from an offset


def refuse_bombs(stream: BinaryIO, path: str, limit: int | None = None) -> None:
    """ReadError for a file that unpacks to more than it may; ``limit`` is that of `--max-file-size`."""
    size, known = stream.seek(0, io.SEEK_END), _identity(stream, limit)
    if known in _sound:
        stream.seek(0)
        return
    read = _reader(stream)
    length = int.from_bytes(read(size - 8, 4), "little")
    total = 0
    try:
        for start, stop in _chunks(_Thrift(read(size - 8 - length, length))):
            for unpacked, packed in _pages(read, start, min(stop, size)):
                total += unpacked
                refuse(unpacked, path, packed, limit, "a page of it ")
                refuse(total, path, size, limit)
                if unpacked > _MOST_PAGE:
                    raise ReadError(f"{path}: a page of it unpacks to {unpacked} bytes; write it with smaller pages")
    except _DAMAGE as error:
        raise ReadError(f"{path}: {_DAMAGED}") from error
    finally:
        stream.seek(0)
    if known is not None:
        _sound.append(known)


def _identity(stream: BinaryIO, limit: int | None) -> tuple[int, ...] | None:
    """What tells an unchanged file from others; None for what is no file."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, AttributeError):
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, limit or 0


def _reader(stream: BinaryIO) -> Read:
    """Where it can be, past the stream's buffer, which would read a megabyte for every header."""
    with suppress(OSError, AttributeError):
        file = stream.fileno()
        os.pread(file, 1, 0)
        return lambda at, size: os.pread(file, size, at)

    def read(at: int, size: int) -> bytes:
        stream.seek(at)
        return stream.read(size)

    return read


def _chunks(thrift: _Thrift) -> Iterator[tuple[int, int]]:
    """From where to where the pages of each column of each row group stand."""
    for field, kind in thrift.fields():
        if (field, kind) != (_ROW_GROUPS, _LIST):
            thrift.value(kind)
            continue
        for _ in thrift.items(_STRUCT):
            for inner, type_ in thrift.fields():
                if (inner, type_) != (_COLUMNS, _LIST):
                    thrift.value(type_)
                    continue
                for _ in thrift.items(_STRUCT):
                    column = thrift.value(_STRUCT).get(_META, {})
                    if _DATA in column:
                        starts = [at for at in (column[_DATA], column.get(_DICTIONARY, 0)) if at > 0]
                        start = min(starts, default=0)
                        yield start, start + column[_COMPRESSED_SIZE]


def _pages(read: Read, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Bytes of each page, unpacked and packed. Damage ends it: whoever reads the page will say from which row on."""
    while start < stop:
        try:
            header, length = _header(read, start, stop)
        except _DAMAGE:
            return
        unpacked, packed = header.get(_UNPACKED, -1), header.get(_PACKED, -1)
        if not isinstance(unpacked, int) or not isinstance(packed, int) or packed < 0:
            return
        yield unpacked, packed
        start += length + packed


def _header(read: Read, start: int, stop: int) -> tuple[dict[int, Any], int]:
    size = _HEADER
    while True:
        thrift = _Thrift(read(start, min(size, stop - start)))
        try:
            return thrift.value(_STRUCT), thrift.at
        except IndexError:
            if size >= min(_LONGEST_HEADER, stop - start):
                raise
            size *= 8


class _Thrift:
    """Values of the compact protocol, one after the other; IndexError where they end before they should."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self._depth = data, 0, 0

    def fields(self) -> Iterator[tuple[int, int]]:
        """Number and type of each field of a struct; the value is to be read before the next one is asked for."""
        field = 0
        while (head := self._byte()) != _STOP:
            field = field + (head >> 4) if head >> 4 else self._zigzag()
            yield field, head & 15

    def items(self, kind: int) -> range:
        """As many as a list of this type has."""
        head = self._byte()
        count = self._varint() if head >> 4 == 15 else head >> 4
        if head & 15 != kind and count:
            raise ValueError(head)
        return self._few(count)

    def value(self, kind: int) -> Any:
        """A number, a struct by the numbers of its fields, or None for what nobody here asks about."""
        if kind in (_TRUE, _FALSE):
            return None
        if kind == _BYTE:
            return self._byte()
        if kind < _DOUBLE:
            return self._zigzag()
        if kind in (_DOUBLE, _BINARY):
            return self._skip(8 if kind == _DOUBLE else self._varint())
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(self._depth)
        found = self._container(kind)
        self._depth -= 1
        return found

    def _container(self, kind: int) -> Any:
        if kind == _STRUCT:
            return {field: self.value(type_) for field, type_ in self.fields()}
        if kind in (_LIST, _SET):
            head = self._byte()
            for _ in self._few(self._varint() if head >> 4 == 15 else head >> 4):
                self._element(head & 15)
            return None
        if kind != _MAP:
            raise ValueError(kind)
        count = self._varint()
        kinds = self._byte() if count else 0
        for _ in self._few(count):
            self._element(kinds >> 4)
            self._element(kinds & 15)
        return None

    def _element(self, kind: int) -> None:
        """In lists a truth value has a byte of its own."""
        self.value(_BYTE if kind in (_TRUE, _FALSE) else kind)

    def _few(self, count: int) -> range:
        """No more than there are bytes left, since each takes one."""
        if count > len(self.data) - self.at:
            raise IndexError(count)
        return range(count)

    def _byte(self) -> int:
        found = self.data[self.at]
        self.at += 1
        return found

    def _skip(self, size: int) -> None:
        if size > len(self.data) - self.at:
            raise IndexError(size)
        self.at += size

    def _varint(self) -> int:
        found = shift = 0
        while True:
            byte = self._byte()
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7
            if shift > 63:
                raise ValueError(shift)

    def _zigzag(self) -> int:
        found = self._varint()
        return found >> 1 ^ -(found & 1)

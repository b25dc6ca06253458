"""The reports of a run's files: a run may have a hundred thousand files, and a report takes some kilobytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import msgspec
import zstandard

from auditor.model import FileReport

_BLOCK = 64  # reports packed together, to a tenth of what they take as objects
_FEW = 4096  # reports that are handed out as a plain tuple
_DECODER = msgspec.msgpack.Decoder(list[FileReport])


class FileReports(Sequence[FileReport]):
    """Reports in order, all but the last ones packed."""

    def __init__(self) -> None:
        self._blocks: list[bytes | list[FileReport]] = []
        self._last: list[FileReport] = []
        self._unpacked: tuple[int, list[FileReport]] = (-1, [])

    def append(self, report: FileReport) -> None:
        self._last.append(report)
        if len(self._last) == _BLOCK:
            self._blocks.append(_packed(self._last))
            self._last = []

    def plain(self) -> Sequence[FileReport]:
        """A tuple of the reports where they are few."""
        return tuple(self) if len(self) <= _FEW else self

    def __len__(self) -> int:
        return _BLOCK * len(self._blocks) + len(self._last)

    def __iter__(self) -> Iterator[FileReport]:
        for block in self._blocks:
            yield from _reports(block)
        yield from self._last

    @overload
    def __getitem__(self, at: int) -> FileReport: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[FileReport]: ...
    def __getitem__(self, at: int | slice) -> FileReport | Sequence[FileReport]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        number, place = divmod(range(len(self))[at], _BLOCK)
        if number == len(self._blocks):
            return self._last[place]
        if self._unpacked[0] != number:  # who asks for one may ask for its neighbours
            self._unpacked = (number, _reports(self._blocks[number]))
        return self._unpacked[1][place]


def _packed(reports: list[FileReport]) -> bytes | list[FileReport]:
    """As they are where they hold lone surrogates, which cannot be encoded."""
    try:
        packed = zstandard.ZstdCompressor(1).compress(msgspec.msgpack.encode(reports))
    except UnicodeEncodeError:
        return reports
    return bytes(memoryview(packed))  # what it returns keeps the room that it might have needed


def _reports(block: bytes | list[FileReport]) -> list[FileReport]:
    return _DECODER.decode(zstandard.ZstdDecompressor().decompress(block)) if isinstance(block, bytes) else block

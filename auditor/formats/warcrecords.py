"""The records of a web archive, one after the other; damage is told and passed over.

Archives are read here and not by a library: those at hand stop at damage without a word, or end the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from auditor.errors import ReadError
from auditor.formats.base import CHUNK

_LINE = 1 << 16  # bytes of a header line
_LINES = 1000
_MAGIC = b"WARC/"

Headers = dict[str, str]


class Record(NamedTuple):
    """Headers by lower-case name and the block, ``cut`` at the limit; or what is wrong with the archive."""

    headers: Headers
    block: bytes = b""
    cut: bool = False
    problem: str = ""


def records(stream: BinaryIO, limit: int, wanted: Callable[[Headers], bool]) -> Iterator[Record]:
    """The records with ``wanted`` headers, and one that tells the problem wherever the archive is damaged."""
    try:
        yield from _records(stream, limit, wanted)
    except ReadError as error:
        yield Record({}, problem=str(error))


def _records(stream: BinaryIO, limit: int, wanted: Callable[[Headers], bool]) -> Iterator[Record]:
    line, number = _start(stream.readline(_LINE), stream), 0
    while line:
        if not line.startswith(_MAGIC):
            yield Record({}, problem=f"after record {number} comes what is no record; it goes on with the next one")
            while line and not line.startswith(_MAGIC):
                line = stream.readline(_LINE)
            continue
        number += 1
        headers, length = _headers(stream)
        if length is None:
            yield Record({}, problem=f"the headers of record {number} are damaged or cut off")
        elif wanted(headers):
            block = stream.read(min(length, limit))
            missing = length - len(block)
            if len(block) == limit:
                missing = _skip(stream, missing)
            yield (
                Record(headers, block, length > limit)
                if not missing
                else Record({}, problem=f"it ends within record {number}")
            )
        elif _skip(stream, length):
            yield Record({}, problem=f"it ends within record {number}")
        line = _start(stream.readline(_LINE), stream)
    if not number:
        yield Record({}, problem="it has no records")


def _start(line: bytes, stream: BinaryIO) -> bytes:
    """The next line that is not blank."""
    while line and not line.strip():
        line = stream.readline(_LINE)
    return line


def _headers(stream: BinaryIO) -> tuple[Headers, int | None]:
    """The headers of a record and how long its block is; None where that cannot be told."""
    found: Headers = {}
    name = ""
    for _ in range(_LINES):
        line = stream.readline(_LINE)
        if not line.endswith(b"\n"):
            return found, None
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            length = found.get("content-length", "")
            return found, int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None
        if text[0] in " \t" and name:
            found[name] = f"{found[name]} {text.strip()}"
        else:
            name, _, value = text.partition(":")
            name = name.strip().lower()
            found[name] = value.strip()
    return found, None


def _skip(stream: BinaryIO, size: int) -> int:
    """Pass over bytes; how many of them were missing."""
    while size and (data := stream.read(min(size, CHUNK))):
        size -= len(data)
    return size

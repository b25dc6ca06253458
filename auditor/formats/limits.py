"""How much a file may unpack to: what is made to fill a disk or all memory is refused before it does."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.errors import ReadError

RATIO = 200  # of unpacked to packed bytes; text comes to 3 to 10, text that says one thing over and over to 100
FREE = 256 << 20  # bytes that any file may unpack to


def bounded(chunks: Iterator[bytes], name: str, packed: int | None, limit: int | None) -> Iterator[bytes]:
    """The chunks of a file of ``packed`` bytes on disk (None where nobody knows); ReadError past its bounds.

    These are ``limit`` bytes (`--max-file-size`), or without one RATIO.
    """
    size = 0
    for chunk in chunks:
        size += len(chunk)
        refuse(size, name, packed, limit)
        yield chunk


def refuse(size: int, name: str, packed: int | None, limit: int | None, what: str = "") -> None:
    """ReadError for a file (or ``what`` of it) of more bytes, unpacked, than it may have."""
    if limit is not None:
        if size > limit:
            raise ReadError(f"{name}: {what}is larger than --max-file-size ({limit} bytes); raise the limit to read it")
    elif packed is not None and size > max(FREE, RATIO * packed):
        raise ReadError(
            f"{name}: {what}unpacks to more than {RATIO} times its size, as what is made to fill a disk does; "
            "if it is sound, say how many bytes it may have with --max-file-size"
        )

"""What every format shares: rows of bytes, edits of text, edits of bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

import msgspec

from auditor.errors import CleanError
from auditor.model import Document, Edit, Unchecked

BOM = b"\xef\xbb\xbf"
DEFAULT_MAX_DOCUMENT_SIZE = 64 * 1024 * 1024
SLICE = 2 << 20  # bytes, decompressed, of a slice of a large file
CHUNK = 1 << 20  # bytes held at once where content is only passed on

_URL_HOST = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#@]*@)?([^/?#]*?)(?::\d*)?(?=[/?#]|\Z)")


class ByteEdit(NamedTuple):
    """Replace the bytes ``removed`` found at offset ``at`` of the original by ``inserted``.

    ``at`` counts in ``Row.raw`` where a format hands the edit out.
    """

    at: int
    removed: bytes
    inserted: bytes


class Row(msgspec.Struct, frozen=True):
    """Consecutive bytes of a file and the document they hold.

    ``raw`` has everything, line break and byte order mark included, so the ``raw`` of all rows, joined, is the
    decompressed file. With neither ``document`` nor ``unchecked`` the row is a
    blank line, or the continuation of a document that is too large to be held at once.
    """

    raw: bytes
    document: Document | None = None
    unchecked: Unchecked | None = None
    encoding: str | None = None  # of ``raw``; None: UTF-8


class ReadOptions(msgspec.Struct, frozen=True):
    """Where a record keeps its parts, and the most bytes one document and one file may have."""

    text_field: str = "text"
    id_field: str = "id"
    site_field: str = "url"
    max_document_size: int = DEFAULT_MAX_DOCUMENT_SIZE
    max_file_size: int | None = None  # bytes a file may have, unpacked; None: no limit but limits.RATIO
    schema: str = "auto"  # of `schemas.SCHEMAS`, or auto: as the first row shows, or none: as named here


class Slice(msgspec.Struct, frozen=True):
    """Consecutive rows of a file, to be read by themselves; ``record`` counts the rows before them.

    ``start`` and ``stop`` are bytes of the file (or, decompressed, of ``held``), of a parquet file row groups. Past
    these rows ``reached`` bytes of the file, as it is on disk, have been read. What is ``torn`` is no row, but the rest
    of a file whose end is missing.
    """

    record: int
    start: int
    stop: int
    reached: int
    held: Path | None = None
    torn: bool = False


class Format(Protocol):
    """What a format module offers."""

    def rows(self, stream: BinaryIO, path: str, options: ReadOptions, part: Slice | None = None) -> Iterator[Row]: ...

    def rewrite(self, row: Row, edits: Sequence[Edit], options: ReadOptions) -> list[ByteEdit]: ...


def apply_edits(raw: bytes, edits: Sequence[ByteEdit]) -> bytes:
    """``raw`` with sorted, disjoint edits made; CleanError where one does not fit."""
    parts: list[bytes] = []
    position = 0
    for edit in edits:
        end = edit.at + len(edit.removed)
        if edit.at < position or raw[edit.at : end] != edit.removed:
            raise CleanError(f"edit at byte {edit.at} does not fit the bytes it replaces; please report this")
        parts += (raw[position : edit.at], edit.inserted)
        position = end
    parts.append(raw[position:])
    return b"".join(parts)


def site_of(value: str) -> str:
    """The host of a URL without ``www.``; what is no URL is a site's name already."""
    found = _URL_HOST.match(value)
    return found[1].lower().removeprefix("www.") if found and found[1] else value


def member(row: Mapping[str, Any], path: str) -> Any:
    """The value of a field, or of one in an object (``metadata.url``); None where there is none."""
    if (found := row.get(path)) is not None or "." not in path:
        return found
    *outer, name = way_to(row, path)
    for one in outer:
        row = row[one]
    return row.get(name)


def way_to(row: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The names that lead to a field: its own, dots and all, or where it has no value those of objects before it."""
    name, _, rest = path.partition(".")
    if rest and row.get(path) is None and isinstance(inner := row.get(name), dict):
        return (name, *way_to(inner, rest))
    return (path,)


def too_large(limit: int) -> str:
    """The reason given for a document over the limit."""
    return f"is larger than --max-document-size ({limit} bytes); raise the limit to check it"


def not_utf8(error: UnicodeDecodeError, skipped: int, candidates: Sequence[str] = ()) -> str:
    """The reason given for undecodable bytes; ``skipped`` bytes stood before those that were decoded."""
    bad = error.object[error.start]
    what = "UTF-8" if error.encoding == "utf-8" else error.encoding
    maybe = f" (it may be {' or '.join(candidates)}, but that is not certain)" if candidates else ""
    return (
        f"is not valid {what}: byte 0x{bad:02x} at offset {error.start + skipped}{maybe}; "
        "convert it to UTF-8 (iconv -f SOURCE -t UTF-8) or remove it"
    )

"""The formats auditor reads and writes, by file name suffix."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import PurePath
from typing import BinaryIO, cast

import msgspec

from auditor.errors import ReadError
from auditor.formats import html, jsonl, parquet, parquetcopy, parquetfile, schemas, text, warc
from auditor.formats.base import BOM, CHUNK, ByteEdit, Format, ReadOptions, Row, Slice, apply_edits
from auditor.formats.compression import compression_of, open_write
from auditor.formats.encodings import LackingError, as_utf8, recoded
from auditor.model import Edit, Fields

__all__ = [
    "EXTRACTED",
    "FORMATS",
    "ByteEdit",
    "LackingError",
    "ReadOptions",
    "Row",
    "Slice",
    "copy_name",
    "format_of",
    "is_supported",
    "open_copy",
    "open_texts",
    "page_name",
    "read_rows",
    "rereadable",
    "rewrite_row",
    "settled",
    "to_utf8",
]

FORMATS: dict[str, Format] = {
    ".txt": text,
    ".jsonl": jsonl,
    ".ndjson": jsonl,
    ".parquet": parquet,
    ".html": html,
    ".htm": html,
    ".warc": warc,
    ".wet": warc,
}
# What is not written back as it came, and what is: the cleaned copy of a page is its text.
EXTRACTED = {"html": "txt", "warc": "jsonl"}
_SAME = {"htm": "html", "wet": "warc"}


def format_of(path: str | os.PathLike[str]) -> str:
    """Name of the format a path's suffix stands for, compression aside; an unknown one is read as text."""
    suffix = _suffix(path)
    return _SAME.get(suffix[1:], suffix[1:]) if suffix in FORMATS else "txt"


def copy_name(name: str) -> str:
    """What the cleaned copy of a file is called: its own name; ``page.html.txt`` for the text of ``page.html``."""
    made = EXTRACTED.get(format_of(name))
    packed = compression_of(name)
    return f"{name[: len(name) - len(packed)]}.{made}{packed}" if made else name


def page_name(copy: str) -> str | None:
    """The file that a cleaned copy was extracted from, going by its name; None for what none is the source of."""
    packed = compression_of(copy)
    inner, made = os.path.splitext(copy.removesuffix(packed))
    name = inner + packed
    return name if made and EXTRACTED.get(format_of(name)) == made[1:] else None


def is_supported(path: str | os.PathLike[str]) -> bool:
    """Whether a folder's file is read: its suffix, compression aside, is one of FORMATS."""
    return _suffix(path) in FORMATS


def read_rows(
    stream: BinaryIO, format: str, path: str, options: ReadOptions, part: Slice | None = None
) -> Iterator[Row]:
    """The rows of a decompressed stream, or those of a slice; ``path`` is what documents call their file."""
    return FORMATS[f".{format}"].rows(stream, path, options, part)


def settled(
    stream: BinaryIO, format: str, path: str, options: ReadOptions
) -> tuple[BinaryIO, ReadOptions, Fields | None]:
    """The stream, and which fields of its rows are read; None where it has no rows."""
    if format in ("jsonl", "ndjson"):
        stream, names = schemas.first_names(stream)
    elif format == "parquet":
        parquet.refuse_packed(path)
        names = parquetfile.column_names(stream, path)
    else:
        return stream, options, None
    return stream, *schemas.settled(names, options)


def rereadable(stream: BinaryIO, format: str) -> BinaryIO:
    """A stream as its format wants it: for formats that are not read from front to back, one that can be sought in."""
    return parquetfile.seekable(stream) if format == "parquet" else stream


def open_copy(
    file: BinaryIO, original: BinaryIO, name: str, format: str, field: str
) -> AbstractContextManager[BinaryIO]:
    """A stream that takes the ``raw`` of all rows, changed or not, and makes a file like ``original`` of them.

    ``field`` holds the text. It is complete when the context ends; ``file`` is left open.
    """
    if format == "parquet":
        return parquetcopy.copied(file, original, name, field)
    return open_write(file, compression_of(name))


def open_texts(
    original: BinaryIO, name: str, format: str, field: str, *, bound: bool = False, limit: int | None = None
) -> BinaryIO:
    """The ``raw`` of all rows, joined, of a decompressed stream.

    ``bound`` and ``limit``: as those of `open_read`, for formats that compress within themselves.
    """
    if format == "parquet":
        lines = parquetcopy.TextLines(original, name, field, bound, limit)
        return cast(BinaryIO, io.BufferedReader(lines, CHUNK))
    return original


def rewrite_row(row: Row, edits: Sequence[Edit], format: str, options: ReadOptions) -> list[ByteEdit]:
    """Byte edits of ``row.raw``, in its encoding, one for each edit of the row's text, in the same order.

    LackingError where the encoding does not have what an edit inserts.
    """
    if not edits:
        return []
    if row.encoding is None:
        return FORMATS[f".{format}"].rewrite(row, edits, options)
    return recoded(rewrite_row(_in_utf8(row, row.encoding), edits, format, options), row.raw, row.encoding)


def to_utf8(row: Row, edits: Sequence[Edit], format: str, options: ReadOptions) -> list[ByteEdit]:
    """As `rewrite_row`, but for a row in another encoding: one edit that makes UTF-8 of all of it.

    ReadError where that cannot be done, as within documents too large to be read whole.
    """
    if row.encoding is None:
        return rewrite_row(row, edits, format, options)
    try:
        plain = _in_utf8(row, row.encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"cannot be written in UTF-8: it is not {row.encoding} throughout ({error.reason}); leave --to-utf8 out"
        ) from None
    cleaned = apply_edits(plain.raw, rewrite_row(plain, edits, format, options)).removeprefix(BOM)
    return [ByteEdit(0, row.raw, cleaned)] if cleaned != row.raw else []


def _in_utf8(row: Row, encoding: str) -> Row:
    return msgspec.structs.replace(row, raw=as_utf8(row.raw, encoding), encoding=None)


def _suffix(path: str | os.PathLike[str]) -> str:
    return _suffix_of(os.fspath(path))


@lru_cache(256)  # a file's name is asked for with each of its rows
def _suffix_of(path: str) -> str:
    name = PurePath(path).name.lower()
    return PurePath(name.removesuffix(compression_of(name))).suffix

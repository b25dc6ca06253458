"""The formats auditor reads and writes, by file name suffix."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import BinaryIO

from auditor.formats import jsonl, text
from auditor.formats.base import ByteEdit, Format, ReadOptions, Row
from auditor.formats.compression import compression_of
from auditor.model import Edit

__all__ = [
    "FORMATS",
    "ByteEdit",
    "ReadOptions",
    "Row",
    "format_of",
    "is_supported",
    "read_rows",
    "rewrite_row",
]

FORMATS: dict[str, Format] = {".txt": text, ".jsonl": jsonl, ".ndjson": jsonl}


def format_of(path: str | os.PathLike[str]) -> str:
    """Name of the format a path's suffix stands for, compression aside; an unknown one is read as text."""
    suffix = _suffix(path)
    return suffix[1:] if suffix in FORMATS else "txt"


def is_supported(path: str | os.PathLike[str]) -> bool:
    """Whether a folder's file is read: its suffix, compression aside, is one of FORMATS."""
    return _suffix(path) in FORMATS


def read_rows(stream: BinaryIO, format: str, path: str, options: ReadOptions) -> Iterator[Row]:
    """The rows of a decompressed stream; ``path`` is what documents call their file."""
    return FORMATS[f".{format}"].rows(stream, path, options)


def rewrite_row(row: Row, edits: Sequence[Edit], format: str, options: ReadOptions) -> list[ByteEdit]:
    """Byte edits of ``row.raw``, one for each edit of the row's text, in the same order."""
    return FORMATS[f".{format}"].rewrite(row, edits, options) if edits else []


def _suffix(path: str | os.PathLike[str]) -> str:
    name = PurePath(path).name.lower()
    return PurePath(name.removesuffix(compression_of(name))).suffix

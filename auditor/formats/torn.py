"""Truncated archives: what can be unpacked of them is read up to its last whole line, and the damage is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from auditor.formats import Row, format_of
from auditor.formats.compression import torn
from auditor.model import Unchecked

_WITH_LINES = ("txt", "jsonl", "ndjson")
_REASON = "is truncated; what can be unpacked was read, up to its last whole line; fetch or compress it again"


def lenient(name: str, in_place: bool) -> bool:
    """Whether a file is read although its end is missing: not where its copy takes its place."""
    return not in_place and format_of(name) in _WITH_LINES


def rest_of(source: BinaryIO, name: str) -> Iterator[Row]:
    """What a truncated file, read to its end, had behind its last whole line: passed on, and told."""
    if (rest := torn(source)) is not None:
        yield torn_row(rest, name)


def torn_row(rest: bytes, name: str) -> Row:
    return Row(rest, unchecked=Unchecked(path=name, record=None, reason=_REASON))

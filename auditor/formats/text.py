"""Plain text: one document a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from auditor.formats.base import BOM, CHUNK, ByteEdit, ReadOptions, Row, not_utf8, too_large
from auditor.model import Document, Edit, Unchecked


def rows(stream: BinaryIO, path: str, options: ReadOptions) -> Iterator[Row]:
    """One row with the whole file; a file over the limit gives an unchecked row and its continuations."""
    limit = options.max_document_size
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        yield Row(raw, unchecked=Unchecked(path=path, record=None, reason=f"the file {too_large(limit)}"))
        while chunk := stream.read(CHUNK):
            yield Row(chunk)
        return
    mark = _mark(raw)
    try:
        text = raw[mark:].decode()
    except UnicodeDecodeError as error:
        reason = f"the file {not_utf8(error, mark)}"
        yield Row(raw, unchecked=Unchecked(path=path, record=None, reason=reason))
    else:
        yield Row(raw, document=Document(text=text, path=path))


def rewrite(row: Row, edits: Sequence[Edit], options: ReadOptions) -> list[ByteEdit]:
    """One byte edit for each edit, in the same order."""
    assert row.document is not None
    text = row.document.text
    at = _mark(row.raw)
    position = 0
    result: list[ByteEdit] = []
    for start, end, replacement in edits:
        at += len(text[position:start].encode())
        removed = text[start:end].encode()
        result.append(ByteEdit(at, removed, replacement.encode()))
        at += len(removed)
        position = end
    return result


def _mark(raw: bytes) -> int:
    return len(BOM) if raw.startswith(BOM) else 0

"""Plain text: one document a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from auditor.formats.base import BOM, CHUNK, ByteEdit, ReadOptions, Row, Slice, not_utf8, too_large
from auditor.formats.encodings import as_utf8, guess
from auditor.model import Document, Edit, Unchecked


def rows(stream: BinaryIO, path: str, options: ReadOptions, part: Slice | None = None) -> Iterator[Row]:
    """One row with the whole file, which has no slices; one over the limit gives an unchecked row and continuations."""
    limit = options.max_document_size
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        yield Row(raw, unchecked=Unchecked(path=path, record=None, reason=f"the file {too_large(limit)}"))
        while chunk := stream.read(CHUNK):
            yield Row(chunk)
        return
    found = guess(raw)
    try:
        body = raw if found.encoding is None else as_utf8(raw, found.encoding)
        text = body[_mark(body) :].decode()
    except UnicodeDecodeError as error:
        skipped = _mark(raw) if found.encoding is None else 0
        reason = f"the file {not_utf8(error, skipped, found.candidates)}"
        yield Row(raw, unchecked=Unchecked(path=path, record=None, reason=reason))
    else:
        meta = {} if found.encoding is None else {"encoding": found.encoding}
        yield Row(raw, document=Document(text=text, path=path, meta=meta), encoding=found.encoding)


def rewrite(row: Row, edits: Sequence[Edit], options: ReadOptions) -> list[ByteEdit]:
    """One byte edit for each edit, in the same order."""
    assert row.document is not None
    return byte_edits(row.document.text, edits, _mark(row.raw))


def byte_edits(text: str, edits: Sequence[Edit], at: int = 0) -> list[ByteEdit]:
    """Byte edits of a text that begins at a byte."""
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

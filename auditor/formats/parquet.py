"""Parquet: one document a row, its text in one column; what else a row holds stays as it is.

The bytes of a row are its text as a line of JSON, so that patches and digests are about the texts of a file: how
these are packed on disk is up to whoever writes it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from auditor.errors import ReadError
from auditor.formats.base import ByteEdit, ReadOptions, Row, Slice, not_utf8, site_of, too_large
from auditor.formats.compression import compression_of
from auditor.formats.encodings import LackingError
from auditor.formats.jsonl import byte_offsets
from auditor.formats.limits import refuse
from auditor.formats.parquetfile import Value, escaped, refuse_foreign, spelled, values
from auditor.formats.parquetpages import refuse_bombs
from auditor.model import Document, Edit, Unchecked


def rows(stream: BinaryIO, path: str, options: ReadOptions, part: Slice | None = None) -> Iterator[Row]:
    """One row a row; ReadError where the file or its text column cannot be read."""
    refuse_packed(path)
    refuse_foreign(stream, path)
    refuse_bombs(stream, path, options.max_file_size)
    size, total = stream.seek(0, io.SEEK_END), 0
    fields = (options.text_field, options.id_field, options.site_field)
    for record, value in enumerate(values(stream, path, fields, part), part.record if part else 0):
        for row in _row(value, path, record, options):
            total += len(row.raw)
            refuse(total, path, size, options.max_file_size)  # a dictionary has a text once, whose rows are a million
            yield row


def rewrite(row: Row, edits: Sequence[Edit], options: ReadOptions) -> list[ByteEdit]:
    """One byte edit for each edit, in the same order, between the quotes of the row's line."""
    literal = row.raw[1:-2]
    offsets = byte_offsets(literal, [offset for edit in edits for offset in edit[:2]])
    result = []
    for edit, low, high in zip(edits, offsets[::2], offsets[1::2], strict=True):
        try:
            edit.replacement.encode()
        except UnicodeEncodeError:
            raise LackingError("a fix inserts what UTF-8 cannot hold; the row is left as it is") from None
        result.append(ByteEdit(1 + low, literal[low:high], escaped(edit.replacement)))
    return result


def refuse_packed(path: str) -> None:
    """ReadError for a parquet file compressed as a whole."""
    if suffix := compression_of(path):
        tool = "gunzip" if suffix == ".gz" else "zstd -d"
        raise ReadError(f"{path}: parquet compresses within itself and is read from its end; unpack it ({tool}) first")


def _row(value: Value, path: str, record: int, options: ReadOptions) -> Iterator[Row]:
    data = value.data
    reason = f"has no string in column '{options.text_field}' but null; fill it, or drop the row"
    if data is not None and len(data) > options.max_document_size:
        reason = too_large(options.max_document_size)
    elif data is not None:
        try:
            text = str(data, "utf-8")
        except UnicodeDecodeError as error:
            reason = not_utf8(error, 0)
        else:
            site = site_of(value.site) if value.site is not None else None
            document = Document(text=text, path=path, record=record, id=value.name, site=site)
            yield Row(b'"' + escaped(text) + b'"\n', document=document)
            return
    pieces = spelled(data)
    yield Row(next(pieces), unchecked=Unchecked(path=path, record=record, reason=f"row {record} {reason}"))
    for piece in pieces:
        yield Row(piece)

"""Parquet files written again with other texts: the cleaned copy of a file, and the way back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import chain
from typing import Any, BinaryIO, cast

from auditor.errors import ReadError
from auditor.formats.arrow import guarded, pyarrow
from auditor.formats.base import CHUNK
from auditor.formats.limits import bounded
from auditor.formats.parquetfile import opened, refuse_foreign, spelled, values
from auditor.formats.parquetpages import refuse_bombs

_WHOLE = 64 << 20  # bytes, decoded, of a row group that is written in one piece
_ROWS = 1 << 13  # decoded at once
_MOVING = "it may have changed while it was read: run again"


class TextLines(io.RawIOBase):
    """The texts of a parquet file, spelled as lines, as a stream to read."""

    def __init__(self, stream: BinaryIO, path: str, field: str, bound: bool = False, limit: int | None = None) -> None:
        self._pieces = _lines(stream, path, field)
        if bound:
            refuse_foreign(stream, path)
            refuse_bombs(stream, path, limit)
            self._pieces = bounded(self._pieces, path, stream.seek(0, io.SEEK_END), limit)
        self._pending = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._pending:
            if (piece := next(self._pieces, None)) is None:
                return 0
            self._pending = memoryview(piece)
        size = min(len(buffer), len(self._pending))
        buffer[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        return size


def _lines(stream: BinaryIO, path: str, field: str) -> Iterator[bytes]:
    for value in values(stream, path, (field,)):
        yield from spelled(value.data)


@contextmanager
def copied(out: BinaryIO, original: BinaryIO, path: str, field: str) -> Iterator[BinaryIO]:
    """A stream for the spelled texts of all rows; what comes out is ``original`` with these texts.

    Where they are those of the original it is copied byte for byte; else everything but the text column has the same
    values, types and settings. At most one row group, or a piece of one, is held at once.
    """
    copy = _Copy(out, original, path, field)
    with closing(copy):
        yield cast(BinaryIO, copy)
        copy.finish()


class _Copy(io.RawIOBase):
    """Takes lines; notes those that differ from the original's, and writes a piece when it has all of its lines."""

    def __init__(self, out: BinaryIO, original: BinaryIO, path: str, field: str) -> None:
        self._out, self._original, self._path, self._field = out, original, path, field
        self._texts: Iterator[bytes] = (b"".join(spelled(value.data)) for value in values(original, path, (field,)))
        self._file = opened(original, path)
        with guarded(path):
            self._pieces = list(_pieces(self._file))
        self._writer: Any = None
        self._line: list[bytes] = []
        self._changed: dict[int, str] = {}  # by row in the piece
        self._row, self._piece = 0, 0
        self._batches: Iterator[Any] = self._read()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        lines = bytes(data).split(b"\n")
        for line in lines[:-1]:
            self._add(b"".join((*self._line, line, b"\n")))
            self._line.clear()
        self._line.append(lines[-1])
        return len(data)

    def _add(self, line: bytes) -> None:
        original = next(self._texts, None)
        if original is None or self._piece == len(self._pieces):
            raise ReadError(f"{self._path}: has fewer rows than texts were given for; {_MOVING}")
        if line != original:
            self._changed[self._row] = json.loads(line)
        self._row += 1
        while self._piece < len(self._pieces) and self._row == self._pieces[self._piece][1]:
            self._flush()

    def _flush(self) -> None:
        """The piece is complete: written, unless nothing was changed so far."""
        if self._changed and self._writer is None:
            self._batches = chain([next(self._batches)], self._batches)  # once read, its metadata is known to be sound
            self._writer = _writer(self._file, self._out, self._path)
            for _ in range(self._piece):
                self._write(next(self._batches))
        if self._writer is not None:
            table = next(self._batches)
            self._write(self._with_texts(table) if self._changed else table)
        self._changed.clear()
        self._row, self._piece = 0, self._piece + 1

    def _write(self, table: Any) -> None:
        with guarded(self._path, "cannot be written again", writes=True):
            self._writer.write_table(table, max(1, table.num_rows))

    def _read(self) -> Iterator[Any]:
        """The pieces of the original, as tables."""
        pa = pyarrow()
        schema = self._file.schema_arrow
        for group, each in _groups(self._pieces):
            batches, held, count = (
                self._file.iter_batches(max(1, min(_ROWS, each[0])), [group], use_threads=False),
                [],
                0,
            )
            for rows in each:
                while count < rows:
                    with guarded(self._path):
                        batch = next(batches, None)
                    if batch is None:
                        raise ReadError(f"{self._path}: has fewer rows than its metadata says; fetch it again")
                    held.append(batch)
                    count += batch.num_rows
                table = pa.Table.from_batches(held, schema)
                yield table.slice(0, rows).unify_dictionaries()
                held, count = table.slice(rows).to_batches(), count - rows
                del table  # not to be held while the next piece is read

    def _with_texts(self, table: Any) -> Any:
        """The table with the changed texts: what lies between them is not copied before all is put together."""
        pa = pyarrow()
        at = table.schema.get_field_index(self._field)
        kind, column = table.schema.field(at).type, table.column(at)
        dictionary = pa.types.is_dictionary(kind)
        parts, done = [], 0
        with guarded(self._path, f"column '{self._field}' cannot take the changed texts"):
            for row, text in self._changed.items():
                new = pa.array([text], kind.value_type if dictionary else kind)
                new = new.dictionary_encode().cast(kind) if dictionary else new
                parts += [*column.slice(done, row - done).chunks, new]
                done = row + 1
            whole = pa.chunked_array([*parts, *column.slice(done).chunks], kind)
            whole = whole.unify_dictionaries() if dictionary else whole.combine_chunks()
            return table.set_column(at, table.schema.field(at), whole)

    def finish(self) -> None:
        """After the last line: complete the file, or copy the original where nothing was changed."""
        if self._piece < len(self._pieces) or any(self._line):
            raise ReadError(f"{self._path}: texts are missing for its last rows; {_MOVING}")
        if self._writer is not None:
            with guarded(self._path, "cannot be written again", writes=True):
                self._writer.close()
            self._writer = None
            return
        self._original.seek(0)
        while data := self._original.read(CHUNK):
            self._out.write(data)

    def close(self) -> None:
        """Give up what is not finished: left to itself, the writer would write to a file that is gone.

        What reads the original holds a row group, and the copy that holds it: such a ring waits for the collector.
        """
        if self._writer is not None:
            with suppress(Exception):
                self._writer.close()
            self._writer = None
        self._batches = self._texts = iter(())
        super().close()


def _pieces(file: Any) -> Iterator[tuple[int, int]]:
    """Row group and rows of each piece; row groups without rows have none."""
    for group in range(file.metadata.num_row_groups):
        facts = file.metadata.row_group(group)
        parts = max(1, -(-facts.total_byte_size // _WHOLE))
        each = max(1, -(-facts.num_rows // parts))
        for first in range(0, facts.num_rows, each):
            yield group, min(each, facts.num_rows - first)


def _groups(pieces: list[tuple[int, int]]) -> Iterator[tuple[int, list[int]]]:
    found: dict[int, list[int]] = {}
    for group, rows in pieces:
        found.setdefault(group, []).append(rows)
    return iter(found.items())


def _writer(file: Any, out: BinaryIO, path: str) -> Any:
    """A writer with the schema and, as far as they can be told, the settings of a file."""
    pa = pyarrow()
    with guarded(path, "cannot be written again", writes=True):
        facts = file.metadata
        first = facts.row_group(0)
        columns = [first.column(number) for number in range(first.num_columns)]
        paths = [one.path_in_schema for one in columns]
        split = [one.path_in_schema for one in columns if "BYTE_STREAM_SPLIT" in one.encodings]
        return pa.parquet.ParquetWriter(
            out,
            file.schema_arrow,
            version=facts.format_version if facts.format_version in ("1.0", "2.4", "2.6") else "2.6",
            compression={one.path_in_schema: _codec(one.compression) for one in columns},
            use_dictionary=[one.path_in_schema for one in columns if one.has_dictionary_page] or False,
            use_byte_stream_split=split or False,
            write_statistics=[one.path_in_schema for one in columns if one.is_stats_set] or False,
            write_page_index=any(one.has_offset_index for one in columns),
            use_deprecated_int96_timestamps=any(one.physical_type == "INT96" for one in columns),
            use_compliant_nested_type=not any(one.endswith((".list.item", ".array")) for one in paths),
            store_schema=b"ARROW:schema" in (facts.metadata or {}),
            sorting_columns=first.sorting_columns or None,
        )


def _codec(name: str) -> str:
    """How the writer calls a compression that the metadata names."""
    return {"UNCOMPRESSED": "none", "LZ4": "lz4", "LZ4_RAW": "lz4"}.get(name, name.lower())

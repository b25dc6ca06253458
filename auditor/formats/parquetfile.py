"""Opening parquet files and reading their texts, a few megabytes at a time."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

import msgspec

from auditor.errors import ReadError
from auditor.formats.arrow import guarded, pyarrow
from auditor.formats.base import CHUNK, Slice

_MAGIC, _ENCRYPTED = b"PAR1", b"PARE"
_FOOTER = 8  # bytes: how long the metadata is, and the magic
_BUFFER = 1 << 20
_BATCH = 1 << 20  # bytes of text decoded at once, about
_MOST_ROWS = 4096
_BOMB = 32 << 20  # bytes that rows decoded at once may come to where all hold the largest value of a dictionary
_MOST_METADATA = 256 << 20
_LONGEST_NAME = 1 << 16  # bytes of an id or a site
_UNREADABLE = "its metadata cannot be read"
_SURROGATE = re.compile("([\ud800-\udfff])")


class Value(NamedTuple):
    """The text of a row: ``data`` is None where it has none. ``name`` and ``site`` are those of its document."""

    data: memoryview | None
    name: str | None = None
    site: str | None = None


def seekable(stream: BinaryIO) -> BinaryIO:
    """The stream, or what it holds in a temporary file: parquet is read from its end."""
    if stream.seekable():
        return stream
    import tempfile  # few pipe parquet, and start-up is short

    spooled = tempfile.TemporaryFile(prefix="auditor-")  # noqa: SIM115
    while data := stream.read(CHUNK):
        spooled.write(data)
    spooled.seek(0)
    return spooled


def opened(stream: BinaryIO, path: str, dictionaries: Sequence[str] = ()) -> Any:
    """A `pyarrow.parquet.ParquetFile`; ``dictionaries`` are columns to be read as such.

    ReadError for what is no parquet file.
    """
    pa = pyarrow()
    refuse_foreign(stream, path)
    with guarded(path, _UNREADABLE):
        return pa.parquet.ParquetFile(
            stream,
            read_dictionary=list(dictionaries),
            buffer_size=_BUFFER,
            pre_buffer=False,
            page_checksum_verification=True,
        )


def refuse_foreign(stream: BinaryIO, path: str) -> None:
    """ReadError for what is no parquet file, going by its first and last bytes."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    head = stream.read(4)
    stream.seek(max(0, size - _FOOTER))
    foot = stream.read(_FOOTER)
    stream.seek(0)
    if not size:
        raise ReadError(f"{path}: is empty, not even a parquet file without rows; fetch it again or remove it")
    if _ENCRYPTED in (head, foot[4:]):
        raise ReadError(f"{path}: is encrypted; decrypt it (read it with its keys and write it without)")
    if head != _MAGIC:
        raise ReadError(f"{path}: is no parquet file (it does not begin with PAR1); fetch it again or rename it")
    if foot[4:] != _MAGIC or size < len(_MAGIC) + _FOOTER:
        raise ReadError(f"{path}: is truncated (it does not end with PAR1); fetch it again")
    if (length := int.from_bytes(foot[:4], "little")) > min(_MOST_METADATA, size - len(_MAGIC) - _FOOTER):
        raise ReadError(f"{path}: is damaged (its end tells of {length} bytes of metadata); fetch it again")


def refuse_textless(file: Any, path: str, field: str) -> None:
    """ReadError unless the file has exactly one column of this name, and it holds text."""
    names = file.schema_arrow.names
    if field not in names and field in _names(file):
        outer = field.partition(".")[0]
        raise ReadError(f"{path}: column '{outer}' holds objects; texts in objects are read from jsonl only")
    if field not in names:
        listed = ", ".join(names[:8]) + (", …" if len(names) > 8 else "") if names else "none"
        raise ReadError(f"{path}: has no column '{field}' (it has: {listed}); name the right one with --text-field")
    if names.count(field) > 1 or len(_leaves(file, field)) > 1:
        raise ReadError(f"{path}: has several columns '{field}'; rename all but one")
    kind = file.schema_arrow.field(field).type
    if not is_text(kind):
        raise ReadError(f"{path}: column '{field}' holds {kind}, not strings; name another with --text-field")


def is_text(kind: Any) -> bool:
    """Whether an Arrow type is a string, in whichever layout."""
    types = pyarrow().types
    kind = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _leaves(file: Any, name: str) -> list[int]:
    """The columns on disk that pyarrow takes this name for: a field ``b`` in ``a`` is called ``a.b``, too."""
    schema = file.metadata.schema
    paths = [schema.column(number).path for number in range(len(schema))]
    return [number for number, path in enumerate(paths) if path == name or path.startswith(f"{name}.")]


def column_names(stream: BinaryIO, path: str) -> set[str]:
    """The names of a file's columns, and of the fields of those that are objects with a dot in between."""
    file = opened(stream, path)
    with guarded(path, _UNREADABLE):
        found = _names(file)
    stream.seek(0)
    return found


def _names(file: Any) -> set[str]:
    fields = list(file.schema_arrow)
    objects = [field for field in fields if pyarrow().types.is_struct(field.type)]
    return {field.name for field in fields} | {f"{one.name}.{inner.name}" for one in objects for inner in one.type}


def values(stream: BinaryIO, path: str, fields: Sequence[str | None], part: Slice | None = None) -> Iterator[Value]:
    """Texts, ids and sites of all rows, or those of a part, in order.

    ``fields`` names their columns, the last two where there are any.

    Only these columns are decoded, some rows at a time: few where one value of a dictionary is large, since a small
    file may repeat it a million times.
    """
    text = fields[0]
    assert text is not None
    plain = opened(stream, path)
    with guarded(path, _UNREADABLE):
        refuse_textless(plain, path, text)
        found = [name if name and _is_name(plain, name) else None for name in fields[1:]]
        columns = list(dict.fromkeys(name for name in (text, *found) if name))
        texts = [name for name in columns if is_text(_kind(plain, name))]
        probe = opened(stream, path, texts)
        groups = range(part.start, part.stop) if part else range(plain.metadata.num_row_groups)
    row = part.record if part else 0
    for group in groups:
        with guarded(path, f"cannot be read from row {row} on"):
            most = min(_rows_at_once(plain, group), _BOMB // _longest(probe, group, texts))
        batches = plain.iter_batches(max(1, most), [group], columns, use_threads=False)
        while True:
            with guarded(path, f"cannot be read from row {row} on"):
                if (batch := next(batches, None)) is None:
                    break
                by_name = {name: _cells(_column(batch, name)) for name in columns}
            names = [by_name[name] if name else None for name in found]
            for at in range(batch.num_rows):
                yield Value(_data(by_name[text], at), *(_name(cells, at) for cells in names))
            row += batch.num_rows


def _is_name(file: Any, field: str) -> bool:
    """Whether a column can tell ids or sites."""
    if len(_leaves(file, field)) != 1:
        return False
    kind = _kind(file, field)
    return kind is not None and (is_text(kind) or bool(pyarrow().types.is_integer(kind)))


def _kind(file: Any, field: str) -> Any:
    """The type of a column, or of a field of one that is an object; None where there is no such single one."""
    schema = file.schema_arrow
    name, _, inner = field.partition(".")
    if schema.names.count(field) == 1:
        return schema.field(field).type
    if schema.names.count(name) != 1 or not pyarrow().types.is_struct(schema.field(name).type):
        return None
    found = schema.field(name).type
    return found.field(inner).type if found.get_field_index(inner) >= 0 else None


def _column(batch: Any, field: str) -> Any:
    """The values of a column, or of a field of one that is an object: null where the object is."""
    at = batch.schema.get_field_index(field)
    if at >= 0:
        return batch.column(at)
    name, _, inner = field.partition(".")
    column = batch.column(batch.schema.get_field_index(name))
    return column.flatten()[column.type.get_field_index(inner)]


def _rows_at_once(file: Any, group: int) -> int:
    """How many rows of a row group make up a few megabytes, going by what the metadata says.

    What it says of single columns would be closer, but pyarrow ends the whole process where that is damaged.
    """
    facts = file.metadata.row_group(group)
    return max(1, min(_MOST_ROWS, _BATCH * int(facts.num_rows) // max(1, int(facts.total_byte_size))))


def _longest(probe: Any, group: int, texts: Sequence[str]) -> int:
    """Bytes of the longest value in the first row of a row group, or in a dictionary that comes with it; at least 1."""
    most = 1
    for batch in probe.iter_batches(1, [group], texts, use_threads=False):
        for name in texts:
            lengths = pyarrow().compute.binary_length(_column(batch, name).dictionary)
            most = max(most, pyarrow().compute.max(lengths).as_py() or 0)
        break
    return most


class _Cells(NamedTuple):
    """A column of a batch: its own values, or those of its dictionary with the number of each row's (None: null)."""

    values: Any
    numbers: list[int | None] | None


def _cells(column: Any) -> _Cells:
    pa = pyarrow()
    if pa.types.is_dictionary(column.type):
        numbers = column.indices.to_pylist()
        if max(filter(None, numbers), default=0) >= max(1, len(column.dictionary)):
            raise pa.ArrowInvalid("a value is missing from its dictionary")
        return _Cells(column.dictionary, numbers)
    return _Cells(column, None)


def _scalar(cells: _Cells, at: int) -> Any:
    """The value of a row, None for null."""
    number = at if cells.numbers is None else cells.numbers[at]
    if number is None:
        return None
    found = cells.values[number]
    return found if found.is_valid else None


def _data(cells: _Cells, at: int) -> memoryview | None:
    found = _scalar(cells, at)
    return None if found is None else memoryview(found.as_buffer() or b"")


def _name(cells: _Cells | None, at: int) -> str | None:
    found = None if cells is None else _scalar(cells, at)
    if found is None:
        return None
    if not hasattr(found, "as_buffer"):
        return str(found.as_py())
    data = found.as_buffer()
    return str(data, "utf-8", "replace") if data.size <= _LONGEST_NAME else None


def spelled(data: memoryview | None) -> Iterator[bytes]:
    """A row's line in the texts of a file, piece by piece: JSON with its line break, ``null`` for a row without text.

    Each text has one spelling; bytes that are no UTF-8 are spelled as lone surrogates, which no text has.
    """
    if data is None:
        yield b"null\n"
        return
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    last = max(1, -(-len(data) // CHUNK)) - 1
    for number in range(last + 1):
        piece = decoder.decode(data[number * CHUNK : (number + 1) * CHUNK], number == last)
        yield (b'"' if number == 0 else b"") + escaped(piece) + (b'"\n' if number == last else b"")


def escaped(text: str) -> bytes:
    """A text as it stands between the quotes."""
    try:
        return msgspec.json.encode(text)[1:-1]
    except UnicodeEncodeError:
        parts = enumerate(_SURROGATE.split(text))
        return b"".join(
            f"\\u{ord(part):04x}".encode() if number % 2 else msgspec.json.encode(part)[1:-1] for number, part in parts
        )

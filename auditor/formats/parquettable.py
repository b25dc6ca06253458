"""Rows of plain values written as parquet, a row group at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, BinaryIO

from auditor.formats.arrow import pyarrow

GROUP = 20_000  # rows that are held at once

Column = tuple[str, type, bool]  # its name, what it holds (str, int or float), and whether it may be null


def write_table(out: BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    """A parquet file of the rows; its schema is that of ``columns``, whatever the rows hold and if there are none."""
    pa = pyarrow()
    kinds = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    schema = pa.schema([pa.field(name, kinds[kind], nullable=nullable) for name, kind, nullable in columns])
    waiting = iter(rows)
    with pa.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        while group := list(islice(waiting, GROUP)):
            cells = zip(*group, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(cells, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

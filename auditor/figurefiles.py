"""The figures of documents as a file: one object a line, one row of a table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from types import NoneType
from typing import get_args, get_type_hints

import msgspec

from auditor.console import output
from auditor.errors import ConfigError, ReadError
from auditor.formats.arrow import pyarrow
from auditor.formats.files import atomic_writer
from auditor.formats.parquettable import Column, write_table
from auditor.hints import meant
from auditor.model import Metrics

Target = tuple[str, Path | None]  # a format, and where to: None is standard output


def targets(formats: Iterable[str], path: Path | None) -> list[Target]:
    """What ``--format NAME[=PATH]`` and ``-o`` ask for; ConfigError for what cannot be written."""
    found: list[Target] = []
    for text in list(formats) or ["jsonl"]:
        name, given, to = text.partition("=")
        if name not in WRITERS:
            raise ConfigError(f"--format {name}: unknown{meant(name, WRITERS)}")
        found.append((name, Path(to) if given else path))
    if path is not None and not any(target is path for _, target in found):
        raise ConfigError(f"-o {path}: every --format names a file of its own already; leave -o out")
    taken = [target for _, target in found]
    if len(set(taken)) < len(taken):
        raise ConfigError("several formats would go to one place; give each a file: --format NAME=PATH")
    if ("parquet", None) in found:
        raise ConfigError("--format parquet: a table is written to a file: --format parquet=PATH, or -o PATH")
    if any(name == "parquet" for name, _ in found):
        try:
            pyarrow()
        except ReadError:
            raise ConfigError("--format parquet needs its extra: pip install 'corpus-auditor[parquet]'") from None
    return found


def columns() -> list[Column]:
    """The columns of a table of figures."""
    found = []
    for name, kind in get_type_hints(Metrics).items():
        kinds = get_args(kind) or (kind,)
        found.append((name, next(one for one in kinds if one is not NoneType), NoneType in kinds))
    return found


def _jsonl(path: Path | None, rows: Iterable[Metrics]) -> None:
    with output(path) as out:
        for row in rows:
            out.write(msgspec.json.encode(row).decode() + "\n")


def _csv(path: Path | None, rows: Iterable[Metrics]) -> None:
    with output(path) as out:
        writer = csv.DictWriter(out, [name for name, *_ in columns()], lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(msgspec.to_builtins, rows))


def _parquet(path: Path | None, rows: Iterable[Metrics]) -> None:
    assert path is not None
    with atomic_writer(path) as out:
        write_table(out, columns(), map(msgspec.structs.astuple, rows))


WRITERS: dict[str, Callable[[Path | None, Iterable[Metrics]], None]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
}

"""Which fields of a row hold its text, its name and its address, in the layouts that corpora come in.

The layouts: datatrove writes ``text``, ``id`` and an object ``metadata``; dolma the same with ``source``, ``added`` and
``created``; HPLT writes ``text``, ``id`` and the address as ``u`` (``url`` in its first releases); data sets of Hugging
Face mostly have ``text``, ``id`` and ``url``. A dot leads into an object: ``metadata.url``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, BinaryIO, NamedTuple

import msgspec

from auditor.errors import ConfigError
from auditor.formats.base import ReadOptions
from auditor.formats.encodings import Ahead, guess
from auditor.hints import meant
from auditor.model import Fields

AUTO, NONE = "auto", "none"
_ROWS = 20  # in which the first that can be read is looked for
_DEFAULTS = ReadOptions()


class Schema(NamedTuple):
    """Fields that rows of a layout all have, and where they keep their parts: the first that a row has counts."""

    known_by: tuple[str, ...]
    site: tuple[str, ...]
    text: str = "text"
    id: str = "id"


SCHEMAS: dict[str, Schema] = {  # the one that says most first
    "hplt": Schema(("text", "u", "ts"), ("u", "url")),
    "dolma": Schema(("text", "source", "added", "metadata"), ("metadata.url", "url")),
    "datatrove": Schema(("text", "id", "metadata"), ("metadata.url", "url")),
    "datasets": Schema(("text", "url"), ("url",)),
}


def check(name: str) -> str:
    """The name of a schema; ConfigError for an unknown one."""
    known = (AUTO, NONE, *SCHEMAS)
    if name not in known:
        raise ConfigError(f"schema {name!r} is not known{meant(name, known)}")
    return name


def settled(names: Collection[str], options: ReadOptions) -> tuple[ReadOptions, Fields]:
    """The options for a file whose rows have fields of these names (``metadata.url`` for those in objects).

    What was named stays as it was named. An automatic choice replaces only fields that the rows do not have.
    """
    name = check(options.schema)
    auto = name == AUTO
    if auto:
        fitting = (one for one, schema in SCHEMAS.items() if names and set(schema.known_by) <= set(names))
        name = next(fitting, NONE)
    schema = SCHEMAS.get(name)
    if schema is not None:
        site = next((one for one in schema.site if one in names), schema.site[0])
        parts = {"text_field": schema.text, "id_field": schema.id, "site_field": site}
        changed = {
            field: value
            for field, value in parts.items()
            if (now := getattr(options, field)) == getattr(_DEFAULTS, field) and not (auto and now in names)
        }
        options = msgspec.structs.replace(options, **changed)
    fields = Fields(
        schema=name if schema else None, text=options.text_field, id=options.id_field, site=options.site_field
    )
    return options, fields


def first_names(stream: BinaryIO) -> tuple[BinaryIO, set[str]]:
    """The names of the first row of JSON lines that can be read, and the stream from its beginning."""
    ahead = Ahead.of(stream)
    text = ahead.head.decode(guess(ahead.head, False).encoding or "utf-8", "replace").removeprefix("\ufeff")
    for line in text.split("\n", _ROWS)[:_ROWS]:
        try:
            row = json.loads(line, strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            return ahead, set(names_of(row))  # type: ignore[return-value]
    return ahead, set()  # type: ignore[return-value]


def names_of(row: Mapping[str, Any]) -> list[str]:
    """The names of a row's fields, and of those in its objects with the object's name and a dot before them."""
    inner = [f"{name}.{one}" for name, value in row.items() if isinstance(value, dict) for one in value]
    return [*row, *inner]

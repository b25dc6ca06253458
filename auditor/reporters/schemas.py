"""JSON Schemas of what auditor writes, made from the types themselves."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec

from auditor.model import FileReport, Finding, Metrics, RunReport

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[str, tuple[str, type]] = {
    "finding": ("A line of findings.jsonl and of `auditor check --format jsonl`", Finding),
    "metrics": ("A line of documents.jsonl and of `auditor score --format jsonl`", Metrics),
    "file-report": ("A file under reports/", FileReport),
    "run-report": ("run.json", RunReport),
}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each output by file name (``finding.schema.json``), draft 2020-12."""
    return {f"{name}.schema.json": _schema(name, title, kind) for name, (title, kind) in _TYPES.items()}


def _schema(name: str, title: str, kind: type) -> dict[str, Any]:
    schema = msgspec.json.schema(kind)
    for definition in schema["$defs"].values():
        if "description" in definition:  # a docstring; Python 3.13 removes its indentation itself
            definition["description"] = cleandoc(definition["description"])
    return {"$schema": _DIALECT, "$id": f"{name}.schema.json", "title": title, **schema}

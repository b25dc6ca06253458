"""All findings in one JSON object: ``{"schema": 1, "version": ..., "findings": [...]}``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from auditor.model import Finding
from auditor.reporters.context import Context
from auditor.reporters.jsonl import encode

SCHEMA = 1


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield the object in pieces, one finding at a time; strings are treated as in jsonl."""
    yield f'{{"schema":{SCHEMA},"version":{msgspec.json.encode(context.version).decode()},"findings":['
    separator = "\n"
    for finding in findings:
        yield separator + encode(finding)
        separator = ",\n"
    yield "\n]}\n"

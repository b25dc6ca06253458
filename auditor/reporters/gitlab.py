"""A GitLab code quality report: one JSON array."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from auditor.model import Finding
from auditor.reporters.context import Context
from auditor.reporters.jsonl import encode
from auditor.reporters.standing import fresh
from auditor.reporters.text import apart, file_line, shorten, visible, within

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}
_WIDTH = 1000


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield the array one finding at a time. No two fingerprints are alike, and they stay when lines move."""
    yield "["
    path, given = "", set[str]()
    for number, finding in enumerate(fresh(findings, "gitlab", context)):
        if finding.path != path:  # findings come file by file
            path, given = finding.path, set()
        key = _fingerprint(finding, given)
        given.add(key)
        yield ("," if number else "") + "\n" + encode(_entry(finding, key, context.places.shown(finding.path)))
    yield "\n]\n"


def _entry(finding: Finding, key: str, path: str) -> dict[str, object]:
    description, begin, end = finding.message or finding.rule, finding.line, finding.end_line
    if apart(finding.path):
        begin = end = file_line(finding)
        description += f" ({within(finding)})"
    return {
        "description": visible(shorten(description, _WIDTH)),
        "check_name": finding.rule,
        "categories": ["Style"],
        "fingerprint": key,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": path, "lines": {"begin": begin, "end": end}},
    }


def _fingerprint(finding: Finding, given: set[str]) -> str:
    """A row is known by its own name where it has one, so that rows may move."""
    row = finding.id if finding.id is not None else str(finding.record)
    parts, again = [finding.path, row, finding.fingerprint], 0
    while (key := _digest([*parts, str(again)])) in given:
        again += 1
    return key


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]

"""JUnit XML: a suite a file, a failed case a finding, so that any CI shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from auditor.expressions import expression
from auditor.model import FileReport, Finding
from auditor.reporters.context import Context
from auditor.reporters.standing import counted
from auditor.reporters.text import location, shorten, visible

_WIDTH = 1000
_ILLEGAL = expression("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield the document file by file. Errors and warnings fail, known ones are skipped; infos pass and are told."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="auditor">\n'
    reports = {file.path: file for file in context.files}
    for path, group in groupby(counted(findings), key=lambda finding: finding.path):
        yield from _suite(path, group, reports.pop(path, None), context)
    for path, file in reports.items():
        yield from _suite(path, (), file, context)
    yield "</testsuites>\n"


def _suite(path: str, group: Iterable[Finding], file: FileReport | None, context: Context) -> Iterator[str]:
    sums = ""
    passed = file is not None and not file.findings and not file.unchecked
    if file is not None:
        skipped, failing = (
            sum(found.get(severity, 0) for severity in ("error", "warning")) for found in (file.known, file.by_severity)
        )
        tests = file.findings + len(file.unchecked) + passed
        sums = f' tests="{tests}" failures="{failing - skipped}" errors="{len(file.unchecked)}" skipped="{skipped}"'
    shown = context.places.shown(path)
    yield f"<testsuite name={_attribute(shown)}{sums}>\n"
    for finding in group:
        yield _case(finding, shown)
    for one in file.unchecked if file is not None else ():
        name = "not checked" if one.record is None else f"row {one.record} not checked"
        reason = f"<error message={_attribute(one.reason)}/>"
        yield f'<testcase classname={_attribute(shown)} name="{name}">{reason}</testcase>\n'
    if passed:
        yield f'<testcase classname={_attribute(shown)} name="auditor"/>\n'
    yield "</testsuite>\n"


def _case(finding: Finding, path: str) -> str:
    told = _text(f"{location(finding)}: {finding.message}" + (f"\n{visible(finding.why)}" if finding.why else ""))
    if finding.severity == "info":
        inner = f"<system-out>{told}</system-out>"
    elif finding.decision == "known":
        inner = f'<skipped message="known"/><system-out>{told}</system-out>'
    else:
        message = _attribute(finding.message)
        inner = f'<failure type="{finding.severity}" message={message}>{told}</failure>'
    where = f"{finding.rule} {finding.record}:{finding.line}:{finding.column}"
    return f"<testcase classname={_attribute(path)} name={_attribute(where)}>{inner}</testcase>\n"


def _attribute(text: str) -> str:
    escaped = escape(_legal(visible(shorten(text, _WIDTH))))  # in one line, with its quotes escaped
    return f'"{escaped}"'


def _text(text: str) -> str:
    return escape(_legal("\n".join(visible(line) for line in shorten(text, 2 * _WIDTH).split("\n"))))


def _legal(text: str) -> str:
    """Without what XML cannot hold, not even escaped."""
    return _ILLEGAL.sub("\ufffd", text)

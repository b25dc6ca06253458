"""SARIF 2.1.0 as GitHub code scanning accepts and shows it; editors read it, too."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from auditor.expressions import expression
from auditor.model import Finding, Fix
from auditor.reporters.context import Context, RuleFacts
from auditor.reporters.jsonl import encode
from auditor.reporters.sarifrules import LEVELS, rule_of
from auditor.reporters.standing import fresh
from auditor.reporters.text import apart, ends, file_line, fix_label, in_rows, packed, shorten, visible
from auditor.reporters.worst import Worst, left_out, worst

MOST = 25_000  # results; GitHub refuses more
LARGEST = 9_500_000  # bytes when packed by gzip; GitHub refuses 10 MB
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_MESSAGE, _SNIPPET, _FIX, _UNCHECKED = 1000, 500, 2000, 100
_LINK = expression(r"\](?=\()")


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield the log in pieces: the worst findings, and what was left out in a notification.

    At most `MOST` findings are held; what they say at length is cut.
    """
    found = worst((_short(finding) for finding in fresh(findings, "sarif", context)), MOST, context.line_of)
    rules = {rule: number for number, rule in enumerate(sorted({finding.rule for finding, _ in found.kept}))}
    size = _Size()
    yield size.add(_head(context, found, rules))
    told: Counter[str] = Counter()
    hashes, widths = _looked_up(found, context)
    for finding, line in found.kept:
        piece = encode(_result(finding, line, rules, context, hashes, widths))
        if size.bytes + len(piece.encode("utf-8", "replace")) > LARGEST and size.packed(piece) > LARGEST:
            break
        yield size.add(f"{',' if told.total() else ''}\n{piece}")
        told[finding.severity] += 1
    cut = left_out(found.seen, told)
    if cut:
        context.say(f"sarif: {cut} left out: GitHub takes {MOST:,} results and 10 MB, and these are the least severe")
    yield f'\n],"invocations":[{encode(_invocation(context, cut))}]}}]}}\n'


class _Size:
    """How large the log is, plain and packed. What is packed is only asked for when the plain size is too large."""

    def __init__(self) -> None:
        self.bytes = 0
        self._packer = zlib.compressobj(6)
        self._packed = 0

    def add(self, piece: str) -> str:
        raw = piece.encode("utf-8", "replace")
        self.bytes += len(raw)
        self._packed += len(self._packer.compress(raw))
        return piece

    def packed(self, piece: str) -> int:
        """The packed size with one more piece, taken as if that could not be packed at all."""
        return self._packed + len(piece.encode("utf-8", "replace")) + (1 << 17)  # what the packer still holds


def _short(finding: Finding) -> Finding:
    """A finding without more text than is told: a match may be a whole document."""
    end_line, end_column = ends(finding)
    return msgspec.structs.replace(
        finding,
        message=shorten(finding.message, _MESSAGE),
        why=shorten(finding.why, _MESSAGE),
        text=shorten(finding.text, _SNIPPET),
        end_line=end_line,
        end_column=end_column,
        related=(),
        fix=None if finding.fix is None or len(finding.fix.replacement) > _FIX else finding.fix,
    )


def _head(context: Context, found: Worst, rules: Mapping[str, int]) -> str:
    unknown = {finding.rule: finding for finding, _ in found.kept}
    driver = {
        "name": "auditor",
        **({"semanticVersion": context.version, "version": context.version} if context.version else {}),
        "rules": [rule_of(context.rule_of(rule) or _facts(unknown[rule])) for rule in rules],
    }
    run = encode(
        {
            "tool": {"driver": driver},
            "automationDetails": {"id": "auditor/"},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that auditor ran in."}}},
        }
    )
    return f'{{"$schema":{encode(_SCHEMA)},"version":"2.1.0","runs":[{run[:-1]},"results":['


def _facts(finding: Finding) -> RuleFacts:
    """What a finding tells of a rule that is not at hand."""
    one = finding
    return RuleFacts(
        id=one.rule, category=one.category, severity=one.severity, message=one.rule, precision=one.confidence
    )


def _looked_up(found: Worst, context: Context) -> tuple[dict[str, Mapping[int, str]], dict[str, Mapping[int, int]]]:
    """GitHub's hashes of all lines that results stand on, and the widths of rows, by path."""
    lines: defaultdict[str, set[int]] = defaultdict(set)
    for finding, _ in found.kept:
        lines[finding.path].add(_line(finding))
    hashes = {path: context.places.hashes(path, asked) for path, asked in lines.items()}
    return hashes, {path: context.places.widths(path, asked) for path, asked in lines.items() if in_rows(path)}


def _line(finding: Finding) -> int:
    """The line of the file: for a row its own, since lines of its text are not lines of the file."""
    return file_line(finding)


def _result(
    finding: Finding,
    line: str | None,
    rules: Mapping[str, int],
    context: Context,
    hashes: Mapping[str, Mapping[int, str]],
    widths: Mapping[str, Mapping[int, int]],
) -> dict[str, Any]:
    known = hashes.get(finding.path, {}).get(_line(finding))
    artifact = _artifact(context.places.shown(finding.path))
    fix = None if apart(finding.path) or packed(finding.path) else finding.fix
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules[finding.rule],
        "level": LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(finding, line, artifact, widths.get(finding.path, {}))],
        "partialFingerprints": {
            **({"primaryLocationLineHash": known} if known else {}),
            "auditor/v1": finding.fingerprint,
        },
        "properties": {
            "category": finding.category,
            "confidence": finding.confidence,
            **({"why": finding.why} if finding.why else {}),
        },
        **({"fixes": [_fix(fix, artifact)]} if fix is not None and fix.applicability != "display" else {}),
    }


def _message(finding: Finding) -> str:
    text = finding.message or finding.rule
    if finding.why and finding.why not in text:
        text += f" ({finding.why})"
    if in_rows(finding.path):
        name = f" ({finding.id!r})" if finding.id is not None else ""
        text += f". In row {finding.record}{name}, line {finding.line}, column {finding.column} of its text"
    if finding.origin is not None:
        text += f". From {finding.origin.element}"
    return _plain(text)


def _plain(text: str) -> str:
    """Text in which SARIF sees neither a link nor a placeholder."""
    return _LINK.sub("] ", visible(shorten(text, _MESSAGE))).replace("{", "{{").replace("}", "}}")


def _artifact(path: str) -> dict[str, str]:
    try:
        raw = path.encode("utf-8", "surrogateescape")  # the bytes of a file name that is no UTF-8
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "replace")
    return {"uri": quote(raw), "uriBaseId": _ROOT}


def _location(finding: Finding, line: str | None, artifact: Any, widths: Mapping[int, int]) -> dict[str, Any]:
    if apart(finding.path):
        return _row(finding, artifact, widths.get(file_line(finding), 0))
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "charOffset": finding.start,
        "charLength": finding.end - finding.start,
        "snippet": {"text": finding.text},
    }
    around = {
        "startLine": finding.line,
        "endLine": finding.end_line,
        "snippet": {"text": shorten(line or "", _SNIPPET)},
    }
    return {
        "physicalLocation": {
            "artifactLocation": artifact,
            "region": region,
            **({"contextRegion": around} if line and finding.end_line == finding.line else {}),
        }
    }


def _row(finding: Finding, artifact: Any, width: int) -> dict[str, Any]:
    """The row as a line of its file, and as a place of its own with the span in its text."""
    line = file_line(finding)
    region = {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": max(width, 1) + 1}
    return {
        "physicalLocation": {
            "artifactLocation": artifact,
            "region": {**region, "snippet": {"text": finding.text}},
        },
        "logicalLocations": [
            {
                "name": shorten(visible(finding.id), _SNIPPET) if finding.id else str(finding.record),
                "fullyQualifiedName": f"{visible(finding.path)}[{finding.record}]",
                "kind": "object",
                "properties": {
                    "row": finding.record,
                    "id": finding.id,
                    "start": finding.start,
                    "end": finding.end,
                    "line": finding.line,
                    "column": finding.column,
                    **({"element": finding.origin.element} if finding.origin is not None else {}),
                },
            }
        ],
    }


def _fix(fix: Fix, artifact: Any) -> dict[str, Any]:
    replacement = {
        "deletedRegion": {"charOffset": fix.start, "charLength": fix.end - fix.start},
        "insertedContent": {"text": fix.replacement},
    }
    change = {"artifactLocation": artifact, "replacements": [replacement]}
    return {"description": {"text": fix_label(fix)}, "artifactChanges": [change]}


def _invocation(context: Context, cut: str) -> dict[str, Any]:
    notes = [{"level": "warning", "message": {"text": f"Left out, the least severe: {cut}"}}] if cut else []
    unchecked = [one for file in context.files for one in file.unchecked]
    notes += [_unread(context, one.path, one.record, one.reason) for one in unchecked[:_UNCHECKED]]
    if len(unchecked) > _UNCHECKED:
        text = f"{len(unchecked) - _UNCHECKED} more documents could not be checked"
        notes.append({"level": "error", "message": {"text": text}})
    return {"executionSuccessful": not unchecked, "toolExecutionNotifications": notes}


def _unread(context: Context, path: str, record: int | None, reason: str) -> dict[str, Any]:
    place = {"artifactLocation": _artifact(context.places.shown(path))}
    if record is not None and in_rows(path):
        place["region"] = {"startLine": record + 1}  # type: ignore[dict-item]
    return {
        "level": "error",
        "message": {"text": _plain(f"not checked: {reason}")},
        "locations": [{"physicalLocation": place}],
    }

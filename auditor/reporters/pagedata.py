"""What report.html holds besides its own words: findings and texts in compressed chunks, and the figures of a run.

A chunk is JSON, deflated, in base64. Findings are kept as columns with a table of the texts they share; texts lie in
chunks of their own, which the page opens only when one of them is looked at.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from isal import isal_zlib

from auditor.model import FileReport, Finding, RunReport
from auditor.reporters.passages import Shown, narrowed
from auditor.reporters.sample import Choice
from auditor.reporters.standing import counted
from auditor.reporters.text import shorten
from auditor.sound import encode

FINDINGS = 20_000  # in one chunk
TEXTS = 250_000  # code points of texts in one chunk
_MATCH, _SAID = 2000, 400  # code points of a match and of what is said about it
SEVERITIES = ("error", "warning", "info")
CONFIDENCES = ("very-high", "high", "medium", "low")
_NO_MATTER = ("decisions", "sarif")  # options that change no finding: what was judged stays judged
_DECISIONS = (None, "known", "true")  # new, in the baseline, judged right
_APPLICABILITIES = ("safe", "unsafe", "display")

DocumentFindings = tuple[Shown | None, Sequence[Finding]]


class Chunk(NamedTuple):
    """A piece of the page's data: ``f`` findings or ``t`` texts, as base64."""

    kind: str
    data: str


class Limits(msgspec.Struct, frozen=True):
    """``findings`` shown at most; ``texts``: characters of compressed texts until only lines with findings are kept."""

    findings: int = 250_000
    texts: int = 100 << 20


def by_document(findings: Iterable[Finding]) -> Iterator[DocumentFindings]:
    """Findings in groups of one document each, where no texts are at hand."""
    for _, group in groupby(findings, key=lambda finding: (finding.path, finding.record)):
        yield None, list(group)


def pack(value: Any) -> str:
    """JSON of a value, deflated, in base64; lone surrogates become U+FFFD."""
    return base64.b64encode(isal_zlib.compress(encode(value), 3)).decode()


class Data:
    """Goes once through the findings of a run; ``chunks`` yields, afterwards the counts are complete."""

    def __init__(self, report: RunReport, limits: Limits) -> None:
        self.rules: dict[str, tuple[int, str]] = {}  # id -> place, category
        self.shown = self.seen = self.narrowed = 0
        self.decided = False  # whether a file of decisions says something of any of them
        self._files = {file.path: place for place, file in enumerate(report.files)}
        self._choice = Choice(report.totals.by_rule, limits.findings)
        self._limits = limits
        self._texts: list[dict[str, Any]] = []
        self._text_size = self._text_chunks = self._spent = 0

    def chunks(self, documents: Iterable[DocumentFindings]) -> Iterator[Chunk]:
        """Yield chunks as they are full: those of texts are numbered in their order, those of findings in theirs."""
        columns = _Columns()
        for text, found in documents:
            findings = list(counted(found))
            self.seen += len(findings)
            kept = [finding for finding in findings if self._choice.take(finding)]
            if not kept:
                continue
            self.shown += len(kept)
            place = self._place(text, kept)
            columns.document(self._files.get(kept[0].path, -1), kept[0], text, place)
            for finding in kept:
                self.decided |= finding.decision is not None
                rule, _ = self.rules.setdefault(finding.rule, (len(self.rules), finding.category))
                columns.finding(finding, rule, text)
            if self._text_size >= TEXTS:
                yield self._text_chunk()
            if columns.count >= FINDINGS:
                yield self._finding_chunk(columns)
                columns = _Columns()
        if self._texts:
            yield self._text_chunk()
        if columns.count:
            yield self._finding_chunk(columns)

    def _place(self, text: Shown | None, findings: Sequence[Finding]) -> tuple[int, int]:
        if text is None:
            return -1, 0
        if self._spent > self._limits.texts:
            text = narrowed(text, findings)
        self.narrowed += not text.whole
        self._texts.append({"size": text.size, "parts": text.passages, "edits": text.edits})
        self._text_size += sum(len(passage.text) for passage in text.passages) + 40 * len(text.edits)
        return self._text_chunks, len(self._texts) - 1

    def _text_chunk(self) -> Chunk:
        chunk = Chunk("t", pack(self._texts))
        self._texts, self._text_size = [], 0
        self._text_chunks += 1
        self._spent += len(chunk.data)
        return chunk

    def _finding_chunk(self, columns: _Columns) -> Chunk:
        return Chunk("f", pack(columns.value()))


class _Columns:
    """Findings of some documents as columns; equal texts are kept once."""

    def __init__(self) -> None:
        self.count = 0
        self._strings: dict[str, int] = {"": 0}
        self._numbers: dict[str, list[Any]] = {
            name: []
            for name in (
                "doc", "rule", "severity", "confidence", "line", "column", "start", "end", "text", "message", "why",
                "fingerprint", "fix", "applied", "decision",
            )
        }  # fmt: skip
        self._docs: dict[str, list[Any]] = {name: [] for name in ("file", "record", "id", "site", "chunk", "slot")}
        self._related: dict[str, list[tuple[int, int]]] = {}
        self._origins: dict[str, str] = {}  # of findings in pages

    def document(self, file: int, first: Finding, text: Shown | None, place: tuple[int, int]) -> None:
        site = None if text is None else text.site
        identity = None if first.id is None else shorten(first.id, 200)
        for name, value in zip(self._docs, (file, first.record, identity, site, *place), strict=True):
            self._docs[name].append(value)

    def finding(self, finding: Finding, rule: int, text: Shown | None) -> None:
        if finding.related:
            self._related[str(self.count)] = [(span.start, span.end) for span in finding.related]
        if finding.origin is not None:
            self._origins[str(self.count)] = f"{shorten(finding.origin.element, _SAID)} ({finding.origin.line or 1})"
        self.count += 1
        values = (
            len(self._docs["file"]) - 1,
            rule,
            SEVERITIES.index(finding.severity),
            CONFIDENCES.index(finding.confidence),
            finding.line,
            finding.column,
            finding.start,
            finding.end,
            self._string(shorten(finding.text, _MATCH)),
            self._string(shorten(finding.message, _SAID)),
            self._string(shorten(finding.why, _SAID)),
            finding.fingerprint,
            self._fix(finding),
            int(text is not None and finding.fingerprint in text.applied),
            _DECISIONS.index(finding.decision),
        )
        for column, value in zip(self._numbers.values(), values, strict=True):
            column.append(value)

    def _fix(self, finding: Finding) -> Any:
        fix = finding.fix
        if fix is None:
            return 0
        replacement = self._string(shorten(fix.replacement, _MATCH))
        return [fix.start, fix.end, replacement, _APPLICABILITIES.index(fix.applicability)]

    def _string(self, text: str) -> int:
        return self._strings.setdefault(text, len(self._strings))

    def value(self) -> dict[str, Any]:
        return {
            "docs": self._docs,
            "strings": list(self._strings),
            "related": self._related,
            "origins": self._origins,
            **self._numbers,
        }


def run_key(report: RunReport) -> str:
    """What decisions of people are kept under: the same for the same rules, options and texts."""
    files = [(file.path, file.digest) for file in report.files]
    options = {name: value for name, value in report.options.items() if name not in _NO_MATTER}
    return hashlib.sha256(encode([report.packs, options, files])).hexdigest()[:16]


def meta(report: RunReport, data: Data, figures: dict[str, Any]) -> dict[str, Any]:
    """The figures of a run: sums, files as columns, rules in the order findings name them."""
    totals = report.totals
    categories = {rule: category for rule, (_, category) in data.rules.items()}
    named = [*data.rules, *sorted(rule for rule, number in totals.by_rule.items() if number and rule not in data.rules)]
    fired: Counter[str] = Counter()
    columns: dict[str, list[Any]] = {name: [] for name in _FILE}
    translated, unchecked = [], []
    for place, file in enumerate(report.files):  # once: those of a large run are unpacked as they are asked for
        fired.update(rule for rule, number in file.by_rule.items() if number)
        for name, column in columns.items():
            column.append(getattr(file, name))
        translated += [_translated(place, file)] if file.translated is not None else []
        unchecked += [[one.path, one.record, one.reason] for one in file.unchecked]
    return {
        "version": report.version,
        "run": run_key(report),
        "totals": totals,
        "packs": report.packs,
        "options": report.options,
        "rules": [[rule, categories.get(rule, "quality"), totals.by_rule.get(rule, 0), fired[rule]] for rule in named],
        "files": columns,
        "translated": translated,
        "unchecked": unchecked[:500],
        "figures": figures,
        "seen": data.seen,
        "shown": data.shown,
        "narrowed": data.narrowed,
        "decided": data.decided,
    }


_FILE = ("path", "verdict", "documents", "characters", "findings", "fixed", "characters_deleted", "quality",
         "quality_cleaned")  # fmt: skip


def _translated(place: int, file: FileReport) -> list[Any]:
    found = file.translated
    assert found is not None
    return [place, found.engines, found.judged, found.high, found.signals]

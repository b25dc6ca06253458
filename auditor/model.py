"""The values that flow through the pipeline: frozen, complete at birth.

Offsets are half-open code-point offsets into the decoded text of a record, byte order mark excluded.
Lines and columns count from 1, records from 0; a line ends at ``\\n`` or ``\\r\\n`` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import msgspec

Category = Literal[
    "boilerplate",
    "caption",
    "byline",
    "mistranslation",
    "untranslated",
    "translation-style",
    "mixed-script",
    "duplicate",
    "encoding",
    "spacing",
    "language",
    "quality",
]
Severity = Literal["error", "warning", "info"]
Confidence = Literal["very-high", "high", "medium", "low"]
Applicability = Literal["safe", "unsafe", "display"]
Verdict = Literal["clean", "repaired", "review", "unchecked"]
Decision = Literal["known", "true", "false-positive"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")  # worst first


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One text to check. ``record`` is its row in the file (0 for a text file)."""

    text: str
    path: str = ""
    record: int = 0
    id: str | None = None
    site: str | None = None
    meta: dict[str, Any] = msgspec.field(default_factory=dict)


class Span(msgspec.Struct, frozen=True):
    """Half-open range of code points."""

    start: int
    end: int


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """Replace ``text[start:end]`` by ``replacement``; an empty replacement deletes."""

    start: int
    end: int
    replacement: str
    applicability: Applicability


class Edit(NamedTuple):
    """A change of a text: half-open code points and what stands there instead."""

    start: int
    end: int
    replacement: str


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a line of a page's text came from: the last steps to its element, and the element's line in the source."""

    element: str
    line: int | None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One defect with its exact span.

    ``why`` is the cue, count or figure that made the rule fire; ``related`` the spans it points to
    (the first duplicate, the Arabic form of a Latin name); ``fingerprint`` is stable under moved lines.
    ``decision`` is what people decided about it: known (in the baseline), true (confirmed) or a false positive.
    """

    path: str
    record: int
    id: str | None
    rule: str
    category: Category
    severity: Severity
    confidence: Confidence
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int
    text: str
    message: str
    why: str
    related: tuple[Span, ...]
    fingerprint: str
    fix: Fix | None
    decision: Decision | None = None
    origin: Origin | None = None  # of its first line, where the text was taken from a page


class Unchecked(msgspec.Struct, frozen=True, kw_only=True):
    """A document that could not be checked: left as it was, named in every report, exit code 2."""

    path: str
    record: int | None  # None: the whole file
    reason: str


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """The first finding of a rule in a file, kept for summaries."""

    path: str
    record: int
    line: int
    text: str
    message: str


class Metrics(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `auditor score` and of documents.jsonl: figures of one document.

    Counts are code points, words, lines; every ``*_ratio``, ``mt_score`` and ``quality`` lies in 0..1.
    """

    path: str
    record: int
    id: str | None
    site: str | None
    language: str | None  # ISO 639-1, or None where the text is too short to tell
    chars: int
    words: int
    lines: int
    boilerplate_ratio: float
    duplicate_ratio: float
    mixed_script_ratio: float
    spaced_comma_ratio: float
    mt_engine: str | None
    mt_score: float | None
    mt_signals: str | None = None  # what drove the score: "more: commas; less: hamzas left out"
    quality: float
    findings: int = 0
    errors: int = 0
    warnings: int = 0
    fixed: int = 0
    characters_deleted: int = 0
    quality_cleaned: float | None = None  # quality of the cleaned text, where one was made
    known: int = 0  # of the findings, those in the baseline
    marks: str = ""  # digests of its longest lines, which tell the document again under another name


class Translated(msgspec.Struct, frozen=True, kw_only=True):
    """Signs of machine translation in one file. They are signs: no document is one because of its score alone."""

    engines: dict[str, int]  # fingerprint -> documents that bear it
    judged: int  # documents that have a score
    high: int  # those of 0.9 and more
    signals: dict[str, int]  # what drove the high scores -> documents


class Fields(msgspec.Struct, frozen=True, kw_only=True):
    """Which fields of a file's rows were read, and the layout that they are those of (None: of none, or as named)."""

    schema: str | None
    text: str
    id: str
    site: str


class FileReport(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to one file; one JSON a file under ``reports/``.

    ``digest`` is the SHA-256 of the original bytes as decompressed, ``cleaned_digest`` of the cleaned ones.
    """

    schema: int = 1
    path: str
    format: str
    digest: str
    documents: int
    characters: int
    findings: int
    by_severity: dict[str, int]
    by_category: dict[str, int]
    by_rule: dict[str, int]
    fixed: int
    remaining: int  # findings left in the cleaned text
    characters_deleted: int
    scores: dict[str, float]  # means over documents of the ratios of `Metrics`
    quality: float  # mean over documents, before cleaning
    quality_cleaned: float | None  # mean after cleaning; None where nothing was cleaned
    verdict: Verdict
    cleaned_path: str | None
    cleaned_digest: str | None
    patch_path: str | None
    unchecked: tuple[Unchecked, ...]
    examples: dict[str, Example]  # rule id -> its first finding here
    translated: Translated | None = None  # None where no document was judged and none bears a fingerprint
    words: int = 0
    known: dict[str, int] = msgspec.field(default_factory=dict)  # of the findings, those in the baseline, by severity
    false_positives: int = 0  # judged so by people; not among the findings
    fields: Fields | None = None  # of jsonl and parquet
    origins: tuple[Origin, ...] = ()  # of an html page: where each line of its text came from


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over all files of a run."""

    files: int
    documents: int
    characters: int
    findings: int
    fixed: int
    remaining: int
    characters_deleted: int
    unchecked: int
    by_severity: dict[str, int]
    by_category: dict[str, int]
    by_rule: dict[str, int]
    quality: float
    quality_cleaned: float | None
    verdict: Verdict
    words: int = 0
    known: dict[str, int] = msgspec.field(default_factory=dict)
    false_positives: int = 0


class RunReport(msgspec.Struct, frozen=True, kw_only=True):
    """``run.json``: what was run, over what, with which packs, and the sums."""

    schema: int = 1
    version: str
    packs: dict[str, str]  # pack name -> SHA-256 of its content
    options: dict[str, Any]
    totals: Totals
    files: Sequence[FileReport]

"""What a gate reads and what it finds: checks and the worst documents, in words for a terminal."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from auditor.errors import GateError
from auditor.model import Metrics
from auditor.reporters.ansi import BOLD, SEVERITY, paint
from auditor.reporters.text import count, place, prose, visible

WORST = 10
NAMES = ("path", "record", "id")  # columns that name a document rather than measure it
SEVERITIES = ("critical", "warning", "info")  # worst first; only a critical one closes the gate

Columns = dict[str, list[Any]]  # column name -> its value in every document


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation and what was found.

    ``observed`` is its figure or, for checks of single documents, the share (0..1) of them that hold; None where
    there was nothing to judge. ``notes`` are the suite's reasons for asking.
    """

    expectation: str
    column: str | None
    severity: str
    observed: float | int | str | None
    success: bool
    message: str
    notes: str | None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A check, the rows (from 0) it failed on with how far out of bounds each lies, and the columns it read."""

    check: Check
    rows: dict[int, float]
    columns: tuple[str, ...]


class WorstDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document that failed checks; ``figures`` are its values in the columns of these checks."""

    path: str
    record: int
    id: str | None
    figures: dict[str, Any]
    rules: dict[str, int] = msgspec.field(default_factory=dict)  # what was found most, where findings were counted


class GateResult(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict. ``report`` and ``data_docs`` are pages to open, where there are any.

    ``look_at`` are the files of the worst documents, called as the audit's sources were.
    """

    passed: bool
    suite: str
    documents: int
    checks: tuple[Check, ...]
    worst: tuple[WorstDocument, ...]
    look_at: tuple[str, ...]
    warnings: tuple[str, ...]
    report: str | None
    data_docs: str | None


def read_columns(source: Path) -> Columns:
    """Read rows of `Metrics` as columns; further columns are kept. GateError with file and line."""
    fields = {field.name: field for field in msgspec.structs.fields(Metrics)}
    try:
        rows = _rows(source, msgspec.json.Decoder(_Own))
        if rows:
            return dict(zip(fields, map(list, zip(*map(msgspec.structs.astuple, rows), strict=True)), strict=True))
    except GateError:
        pass  # columns that are not ours, or a row that is none: read again, with more care
    decoder = msgspec.json.Decoder(dict[str, Any])
    found = _rows(source, decoder, lambda row: msgspec.convert(row, Metrics))
    if not found:
        raise GateError(f"{source}: no documents; a gate that judges nothing must not pass")
    names = [*fields, *dict.fromkeys(name for row in found for name in row if name not in fields)]
    defaults = {name: None if field.required else field.default for name, field in fields.items()}
    return {name: [row.get(name, defaults.get(name)) for row in found] for name in names}


class _Own(Metrics, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A row without columns of other people's."""


def _rows(source: Path, decoder: msgspec.json.Decoder[Any], check: Callable[[Any], object] = bool) -> list[Any]:
    rows: list[Any] = []
    line = 0
    try:
        with source.open("rb") as lines:
            for line, text in enumerate(lines, 1):  # noqa: B007  # the errors below name the line
                if not text.isspace():
                    rows.append(decoder.decode(text))
                    check(rows[-1])
    except OSError as error:
        raise GateError(
            f"{source}: cannot read it ({error.strerror}); `auditor audit SRC -o DIR` writes DIR/documents.jsonl"
        ) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise GateError(f"{source}:{line}: not a row of metrics: {visible(str(error))}") from error
    return rows


def worst_documents(
    columns: Columns, outcomes: Sequence[Outcome], rules: Callable[[set[int]], Mapping[int, Counter[str]]]
) -> tuple[WorstDocument, ...]:
    """The documents furthest out of bounds, those that fail critical checks first; at most ten.

    ``rules`` counts what was found in some of them.
    """
    failed = [one for one in outcomes if not one.check.success]
    hurt: dict[int, list[float]] = {}  # row -> how far out of bounds, in critical checks and in the others
    for one in failed:
        furthest = max(one.rows.values(), default=0.0) or 1.0
        for row, excess in one.rows.items():
            hurt.setdefault(row, [0.0, 0.0])[one.check.severity != "critical"] += excess / furthest
    paths, records = columns["path"], columns["record"]
    order = sorted(hurt, key=lambda row: (-hurt[row][0], -hurt[row][1], paths[row], records[row]))
    found = rules(set(order[:WORST])) if order else {}
    return tuple(_worst(columns, failed, row, found.get(row, Counter())) for row in order[:WORST])


def originals(worst: Sequence[WorstDocument], folder: Path) -> tuple[str, ...]:
    """The files of the worst three of these documents; by their own names where no source of the audit has them."""
    try:
        noted = msgspec.json.decode((folder / "timings.json").read_bytes(), type=_Noted).sources
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        noted = ()
    names = list(dict.fromkeys(document.path for document in worst))[:3]
    return tuple(next((str(one) for source in noted if (one := Path(source, name)).is_file()), name) for name in names)


class _Noted(msgspec.Struct):
    sources: tuple[str, ...] = ()


def render(result: GateResult, *, color: bool = False, isolate: bool = False) -> str:
    """Plain text: the verdict, what failed and why, the worst documents, and the next command.

    ``isolate`` wraps right-to-left runs for terminals that reorder text.
    """
    failed = sorted((check for check in result.checks if not check.success), key=lambda c: SEVERITIES.index(c.severity))
    lines = [_verdict(result, failed, color)]
    for check in failed:
        label = "FAIL" if check.severity == "critical" else check.severity
        tint = SEVERITY["error" if label == "FAIL" else "warning" if label == "warning" else "info"]
        lines.append(f"  {paint(label, tint, color=color)}: {prose(check.message, isolate=isolate)}")
        if check.notes:
            lines.append(f"    {prose(check.notes.strip(), isolate=isolate)}")
    lines += [f"  note: {prose(warning, isolate=isolate)}" for warning in result.warnings]
    lines += _next_steps(result, isolate)
    return "\n".join(lines) + "\n"


def shell_word(text: str) -> str:
    """``text`` as one word of a shell command; code points one would not see become ``$'\\u202e'`` escapes."""
    text = f"./{text}" if text.startswith("-") else text
    if visible(text) == text:
        return shlex.quote(text)
    return "$'" + "".join(map(_shell_escape, text)) + "'"


def _worst(columns: Columns, failed: Sequence[Outcome], row: int, rules: Counter[str]) -> WorstDocument:
    names = dict.fromkeys(name for one in failed if row in one.rows for name in one.columns)
    return WorstDocument(
        path=columns["path"][row],
        record=columns["record"][row],
        id=columns["id"][row],
        figures={name: columns[name][row] for name in names},
        rules=dict(sorted(rules.items(), key=lambda item: (-item[1], item[0]))[:3]),
    )


def _verdict(result: GateResult, failed: Sequence[Check], color: bool) -> str:
    word = paint("passed" if result.passed else "FAILED", BOLD, color=color)
    closing = sum(check.severity == "critical" for check in failed)
    checks = (
        f"{closing} of {count(len(result.checks), 'check')} failed" if closing else count(len(result.checks), "check")
    )
    others = f", {count(len(failed) - closing, 'warning')}" if len(failed) > closing else ""
    documents = count(result.documents, "document")
    return f"gate {word}: {checks}{others}, over {documents} (suite {visible(result.suite)})"


def _next_steps(result: GateResult, isolate: bool) -> Iterator[str]:
    if result.worst:
        yield "worst documents:"
        for document in result.worst:
            yield f"  {_document(document, isolate)}"
        yield f"next: auditor check {' '.join(map(shell_word, result.look_at))}"
        if result.report:
            yield f"      or open {visible(result.report)}"
    if result.data_docs:
        yield f"Data Docs (their styles load from the internet): {visible(result.data_docs)}"


def _document(document: WorstDocument, isolate: bool) -> str:
    name = prose(place(document.path, document.record), isolate=isolate)
    known = f" (id {prose(document.id, isolate=isolate)})" if document.id is not None else ""
    figures = ", ".join(f"{key} {_figure(value)}" for key, value in document.figures.items() if key not in NAMES)
    found = ", ".join(f"{rule} {number}x" for rule, number in document.rules.items())
    told = "; ".join(part for part in (figures, f"mostly {found}" if found else "") if part)
    return f"{name}{known}" + (f": {prose(told, isolate=isolate)}" if told else "")


def _figure(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _shell_escape(char: str) -> str:
    if char.isascii() and char.isprintable() and char not in "'\\":
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"

"""The order of steps for one file: read, check, clean, write, report. Nothing else knows it."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from auditor.check import Engine
from auditor.clean import Cleaned, clean
from auditor.decisions import Decisions
from auditor.errors import AuditorError, told
from auditor.formats import ByteEdit, ReadOptions, Row, format_of, open_copy, read_rows, rereadable, to_utf8
from auditor.formats.compression import compression_of
from auditor.formats.files import atomic_bytes, atomic_writer, target_inside
from auditor.formats.sources import Source, open_source
from auditor.model import Document, FileReport, Finding, Metrics
from auditor.patches import PatchSummary, PatchWriter, patch_name
from auditor.places import PathRule, Tuned
from auditor.reporters.passages import shown
from auditor.sound import encode
from auditor.tally import Tally, figures, unread
from auditor.writing import written

BATCH = 1 << 20  # code points checked together: enough to keep the automata busy, little enough for memory
_LINE = 2000  # code points of a line that are kept for display


class Known(msgspec.Struct, frozen=True):
    """What a survey found out about the whole corpus: the folder of its table, and the table's digest."""

    folder: Path
    digest: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with every source. ``parts`` receives findings, figures and lines, one file a source each."""

    read: ReadOptions = ReadOptions()
    unsafe: bool = False
    parts: Path
    cleaned: Path | None = None  # root of the cleaned copies
    patches: Path | None = None
    reports: Path | None = None
    utf8: bool = False  # cleaned copies of files in other encodings are written in UTF-8
    in_place: bool = False  # the cleaned copy replaces the original, if anything changed
    paths: tuple[PathRule, ...] = ()
    root: Path = Path()  # the folder that the patterns of ``paths`` start from
    judged: bool = False  # figures are reported, so machine translation is looked for
    lines: bool = False  # keep the line of every finding, for reports that show it
    decisions: Path | None = None  # what people decided about findings
    texts: bool = False  # keep the texts with findings and what cleaning did there, for the page
    survey: Known | None = None  # for rules that look across documents


class Item(msgspec.Struct, frozen=True):
    """A source and its place in the run."""

    number: int
    source: Source


def part(parts: Path, number: int, kind: str) -> Path:
    """Where the findings, documents or lines of one source are kept until the run is put together."""
    return parts / f"{number:08d}.{kind}.jsonl"


class _Unchanged(Exception):
    """Nothing was fixed in a file cleaned in place: it stays, and no patch is written."""


def process(engine: Engine, plan: Plan, item: Item) -> FileReport:
    """One source, from its bytes to its report; a file that cannot be read is reported as unchecked."""
    name = item.source.name
    try:
        report = _worked(engine, plan, item)
    except (AuditorError, OSError) as error:
        report = unread(name, told(error))
    if plan.reports is not None:
        try:
            target = target_inside(plan.reports, f"{name}.json")
            atomic_bytes(target, msgspec.json.format(encode(report), indent=2) + b"\n")
        except (AuditorError, OSError) as error:
            report = unread(name, told(error))
    return report


def _worked(engine: Engine, plan: Plan, item: Item) -> FileReport:
    name = item.source.name
    tuned = Tuned(engine, plan.paths, plan.root, item.source)
    tally = Tally()
    with ExitStack() as stack:
        notes = _Notes(stack, plan, item.number)
        source = stack.enter_context(open_source(item.source))
        stream = stack.enter_context(rereadable(source, format_of(name)))
        rows = read_rows(stream, format_of(name), name, plan.read)
        try:
            with ExitStack() as files:
                copies = _Copies(files, plan, item, stream)
                for group in batches(rows):
                    _batch(tuned, plan, group, copies, notes, tally)
                summary = copies.close()
                if plan.in_place and not copies.changed:
                    raise _Unchanged
        except _Unchanged:
            copies.forget()
    return tally.report(name, summary, copies.copy_name, copies.patch_name)


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in groups of about `BATCH` code points."""
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += len(row.raw) if row.document is None else len(row.document.text)
        if size >= BATCH:
            yield group
            group, size = [], 0
    if group:
        yield group


def _batch(tuned: Tuned, plan: Plan, rows: Sequence[Row], copies: _Copies, notes: _Notes, tally: Tally) -> None:
    documents = [row.document for row in rows if row.document is not None]
    cleaned = _cleaned(tuned, plan, documents)
    for row in rows:
        if row.document is None:
            copies.row(row.raw, edits=to_utf8(row, (), "", plan.read) if plan.utf8 else ())
            if row.unchecked is not None:
                tally.unchecked.append(row.unchecked)
            continue
        done, changed, rules = next(cleaned), list[ByteEdit](), list[list[str]]()
        if copies.wanted:
            done, changed, whole = written(row, done, plan.read, plan.utf8)
            rules = rules_of(done)
            if whole:
                rules = [sorted({one for ids in rules for one in ids})] * len(changed)
        copies.row(row.raw, row.document.record, changed, rules)
        metrics = figures(done, plan.judged)
        notes.add(done, metrics)
        tally.add(done, metrics)


def _cleaned(tuned: Tuned, plan: Plan, documents: Sequence[Document]) -> Iterator[Cleaned]:
    """Documents cleaned, in their order: those that rules by id speak of each with their own engine."""
    decisions = _decisions(plan.decisions) if plan.decisions else None
    found: dict[int, Cleaned] = {}
    for engine, numbers in tuned.groups(documents):
        group = [documents[number] for number in numbers]
        found |= zip(numbers, clean(engine, group, plan.unsafe, decisions), strict=True)
    return (found[number] for number in range(len(documents)))


def _decisions(path: Path) -> Decisions:
    from auditor.decisionfile import load  # it needs yaml, which most runs do not

    return load(path)


def rules_of(done: Cleaned) -> list[list[str]]:
    """For each edit the rules whose applied fixes lie in it or touch it."""
    ends = [edit.end for edit in done.edits]
    rules: list[set[str]] = [set() for _ in done.edits]
    for finding in done.checked.findings:
        fix = finding.fix
        if fix is None or finding.fingerprint not in done.applied:
            continue
        at = bisect_left(ends, fix.start)
        while at < len(rules) and done.edits[at].start <= fix.end:
            rules[at].add(finding.rule)
            at += 1
    return [sorted(found) for found in rules]


class _Notes:
    """Findings, figures and (where asked for) lines and texts of one source, kept until the run is put together."""

    def __init__(self, stack: ExitStack, plan: Plan, number: int) -> None:
        self._findings = stack.enter_context(atomic_writer(part(plan.parts, number, "findings")))
        self._metrics = stack.enter_context(atomic_writer(part(plan.parts, number, "documents")))
        self._lines = stack.enter_context(atomic_writer(part(plan.parts, number, "lines"))) if plan.lines else None
        self._texts = stack.enter_context(atomic_writer(part(plan.parts, number, "texts"))) if plan.texts else None

    def add(self, done: Cleaned, metrics: Metrics) -> None:
        findings, document = done.checked.findings, done.document
        for finding in findings:
            self._findings.write(encode(finding) + b"\n")
            if self._lines is not None:
                self._lines.write(encode(_line(document.text, finding)) + b"\n")
        if self._texts is not None and findings:
            self._texts.write(encode(shown(document, findings, done.edits, done.applied)) + b"\n")
        self._metrics.write(encode(metrics) + b"\n")


def _line(text: str, finding: Finding) -> str | None:
    """The line a finding starts on, cut well after it; None where it starts too far into a very long line."""
    start = finding.start - finding.column + 1
    if finding.column > _LINE:
        return None
    stop = text.find("\n", start)
    line = text[start : len(text) if stop < 0 else stop]
    return line[: max(_LINE, min(finding.end - start, 2 * _LINE))].rstrip("\r")


class _Copies:
    """The cleaned copy and its patch; their final names appear when all went well."""

    def __init__(self, stack: ExitStack, plan: Plan, item: Item, original: BinaryIO) -> None:
        name, format, field = item.source.name, format_of(item.source.name), plan.read.text_field
        self.copy_name: str | None = None
        self.patch_name: str | None = None
        self.changed = False
        self._copy: BinaryIO | None = None
        if plan.cleaned is not None and plan.patches is not None:
            patch, copy = target_inside(plan.patches, patch_name(name)), target_inside(plan.cleaned, name)
            self.copy_name, self.patch_name = f"cleaned/{name}", f"patches/{patch_name(name)}"
            if plan.in_place and item.source.path is not None:
                patch, copy = _free(patch), item.source.path.resolve()
                self.copy_name, self.patch_name = str(item.source.path), patch.name
            # Entered first, the copy is put in place last: a killed run leaves no copy without its patch.
            file = stack.enter_context(atomic_writer(copy))
            self._copy = stack.enter_context(open_copy(file, original, name, format, field))
            notes = stack.enter_context(atomic_writer(patch))
        else:
            notes = stack.enter_context(open(os.devnull, "wb"))  # noqa: SIM115
        self._patch = PatchWriter(notes, name, format, compression_of(name), field)

    @property
    def wanted(self) -> bool:
        return self._copy is not None

    def row(self, raw: bytes, record: int = 0, edits: Sequence[Any] = (), rules: Sequence[Sequence[str]] = ()) -> None:
        data = self._patch.row(raw, record, edits, rules)
        self.changed = self.changed or bool(edits)
        if self._copy is not None:
            self._copy.write(data)

    def close(self) -> PatchSummary:
        return self._patch.close()

    def forget(self) -> None:
        self.copy_name = self.patch_name = None


def _free(patch: Path) -> Path:
    """A patch name nobody has: cleaning in place again must not overwrite the way back from the first time."""
    found, number = patch, 1
    while found.exists():
        number += 1
        found = patch.with_name(patch.name.removesuffix(".patch.jsonl") + f".{number}.patch.jsonl")
    return found

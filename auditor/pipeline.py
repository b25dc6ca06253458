"""The order of steps for one file: read, check, clean, write, report. Nothing else knows it."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path, PurePath
from typing import BinaryIO, NamedTuple

import msgspec

from auditor.chains import place_for_next
from auditor.check import Engine
from auditor.clean import Cleaned, clean
from auditor.decisions import Decisions
from auditor.errors import AuditorError, ReadError, told
from auditor.formats import (
    ByteEdit,
    ReadOptions,
    Row,
    copy_name,
    format_of,
    open_copy,
    read_rows,
    rereadable,
    settled,
    to_utf8,
)
from auditor.formats.base import SLICE
from auditor.formats.compression import reached
from auditor.formats.files import atomic_bytes, atomic_writer, target_inside
from auditor.formats.sources import Source, open_source
from auditor.formats.torn import lenient, rest_of
from auditor.model import Document, FileReport
from auditor.notes import Notes
from auditor.outgoing import Rows
from auditor.patches import patch_name
from auditor.places import PathRule, Tuned
from auditor.sound import encode
from auditor.tally import Tally, figures, unread
from auditor.writing import written

BATCH = 1 << 20  # code points checked together: enough to keep the automata busy, little enough for memory
_LEAST = 100  # what a row counts for, however short: each takes memory of its own


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
    slice: int = SLICE  # bytes that a process gets at a time of a file that several share
    survey: Known | None = None  # for rules that look across documents


class Item(msgspec.Struct, frozen=True):
    """A source and its place in the run."""

    number: int
    source: Source


class Work(NamedTuple):
    """One file in the making: its bytes, as they lie there and decompressed, and what they are turned into.

    ``plan`` reads the fields that its rows have.
    """

    plan: Plan
    source: BinaryIO
    stream: BinaryIO
    copies: Copies
    notes: Notes
    tally: Tally


def targets(plan: Plan, name: str) -> dict[str, Path]:
    """Where the copy, the patch and the report of a source are written, as far as the plan asks for them."""
    asked = {
        "cleaned": (plan.cleaned, name),
        "patch": (plan.patches, patch_name(name)),
        "report": (plan.reports, f"{name}.json"),
    }
    return {kind: target_inside(root, path) for kind, (root, path) in asked.items() if root is not None}


class _Unchanged(Exception):
    """Nothing was fixed in a file cleaned in place: it stays, and no patch is written."""


def process(engine: Engine, plan: Plan, item: Item, heard: Callable[[int], None] | None = None) -> FileReport:
    """One source, from its bytes to its report; a file that cannot be read is reported as unchecked.

    ``heard`` is told now and then how many bytes of the file have been read.
    """

    def fill(work: Work) -> None:
        name = item.source.name
        rows = chain(read_rows(work.stream, format_of(name), name, work.plan.read), rest_of(work.source, name))
        for _ in check_rows(engine, work.plan, item, rows, work.copies, work.notes, work.tally):
            if heard is not None:
                heard(reached(work.source))

    return made(plan, item, fill)


def made(plan: Plan, item: Item, fill: Callable[[Work], None]) -> FileReport:
    """The report of a file and all that is written of it, as ``fill`` makes it: nothing, where that fails."""
    name = item.source.name
    try:
        report = _made(plan, item, fill)
    except (AuditorError, OSError) as error:
        report = unread(name, told(error))
    if plan.reports is not None:
        try:
            atomic_bytes(targets(plan, name)["report"], msgspec.json.format(encode(report), indent=2) + b"\n")
        except (AuditorError, OSError) as error:
            report = unread(name, told(error))
    return report


def _made(plan: Plan, item: Item, fill: Callable[[Work], None]) -> FileReport:
    name = item.source.name
    tally = Tally()
    with ExitStack() as stack:
        notes = Notes(stack, plan.parts, item.number, lines=plan.lines, texts=plan.texts)
        most, reads_on = plan.read.max_file_size, lenient(name, plan.in_place)
        source = stack.enter_context(open_source(item.source, most, reads_on))
        stream = stack.enter_context(rereadable(source, format_of(name)))
        stream, read, tally.fields = settled(stream, format_of(name), name, plan.read)
        plan = msgspec.structs.replace(plan, read=read)
        try:
            with ExitStack() as files:
                copies = Copies(files, plan, item, stream)
                fill(Work(plan, source, stream, copies, notes, tally))
                summary = copies.close()
                if plan.in_place and not copies.changed:
                    raise _Unchanged
        except _Unchanged:
            copies.forget()
    return tally.report(name, summary, copies.copy_name, copies.patch_name)


def check_rows(
    engine: Engine, plan: Plan, item: Item, rows: Iterable[Row], copies: Rows, notes: Notes, tally: Tally
) -> Iterator[None]:
    """Rows of a file checked and cleaned in their order; stops after each batch of them."""
    tuned = Tuned(engine, plan.paths, plan.root, item.source)
    for group in batches(rows):
        _batch(tuned, plan, group, copies, notes, tally)
        yield


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in groups of about `BATCH` code points."""
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += max(_LEAST, len(row.raw) if row.document is None else len(row.document.text))
        if size >= BATCH:
            yield group
            group, size = [], 0
    if group:
        yield group


def _batch(tuned: Tuned, plan: Plan, rows: Sequence[Row], copies: Rows, notes: Notes, tally: Tally) -> None:
    documents = [row.document for row in rows if row.document is not None]
    cleaned = _cleaned(tuned, plan, documents)
    finished: list[Cleaned] = []
    for row in rows:
        if row.document is None:
            copies.row(row.raw, edits=to_utf8(row, (), "", plan.read) if plan.utf8 else ())
            continue
        done, changed, rules = next(cleaned), list[ByteEdit](), list[list[str]]()
        if plan.cleaned is not None:
            done, changed, whole = written(row, done, plan.read, plan.utf8)
            rules = rules_of(done)
            if whole:
                rules = [sorted({one for ids in rules for one in ids})] * len(changed)
        copies.row(row.raw, row.document.record, changed, rules)
        finished.append(done)
    told = zip(finished, figures(finished, plan.judged), strict=True)
    for row in rows:
        if row.document is not None:
            done, metrics = next(told)
            notes.add(done, metrics)
            tally.add(done, metrics)
        elif row.unchecked is not None:
            tally.leave_out(row.unchecked)


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


class Copies(Rows):
    """The cleaned copy and its patch; their final names appear when all went well."""

    def __init__(self, stack: ExitStack, plan: Plan, item: Item, original: BinaryIO) -> None:
        name, field = copy_name(item.source.name), plan.read.text_field
        format = format_of(name)
        self.copy_name: str | None = None
        self.patch_name: str | None = None
        copied: BinaryIO | None = None
        if plan.cleaned is not None and plan.patches is not None:
            patch, copy = target_inside(plan.patches, patch_name(name)), target_inside(plan.cleaned, name)
            self.copy_name, self.patch_name = f"cleaned/{name}", f"patches/{patch_name(name)}"
            if plan.in_place and name != item.source.name:
                raise ReadError(f"{item.source.name}: its cleaned copy is text and cannot take its place; use -o DIR")
            if plan.in_place and item.source.path is not None:
                copy = item.source.path.resolve()
                patch = place_for_next(patch.parent, PurePath(name).name, copy, field, plan.read.max_file_size)
                self.copy_name, self.patch_name = str(item.source.path), patch.name
            # Entered first, the copy is put in place last: a killed run leaves no copy without its patch.
            file = stack.enter_context(atomic_writer(copy))
            copied = stack.enter_context(open_copy(file, original, name, format, field))
            notes = stack.enter_context(atomic_writer(patch))
        else:
            notes = stack.enter_context(open(os.devnull, "wb"))  # noqa: SIM115
        super().__init__(copied, notes, name, field)

    def forget(self) -> None:
        self.copy_name = self.patch_name = None

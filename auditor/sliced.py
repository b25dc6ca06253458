"""A large file shared out: cut into slices, each checked by whoever has time, put together in their order.

What comes out has the bytes that one process makes of the whole file.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec

from auditor.check import Engine
from auditor.errors import AuditorError, told
from auditor.formats import ReadOptions, Slice, format_of, read_rows, rereadable, settled
from auditor.formats.slices import is_large, open_slice, slices
from auditor.formats.sources import open_source
from auditor.formats.torn import lenient, torn_row
from auditor.model import FileReport
from auditor.notes import Notes, part
from auditor.outgoing import Rows
from auditor.pipeline import Item, Plan, Work, check_rows, made
from auditor.tally import Tally


class Piece(msgspec.Struct, frozen=True):
    """A slice of a source and its place there; without one: why the source cannot be read any further."""

    item: Item
    number: int
    slice: Slice | None
    read: ReadOptions = ReadOptions()  # the fields that the file's rows have
    reason: str = ""


def shared(plan: Plan, item: Item) -> bool:
    """Whether several processes may share this file."""
    return is_large(item.source, plan.slice)


def pieces(plan: Plan, item: Item) -> Iterator[Piece]:
    """The slices of a source as they are cut, none where it stays whole; the last one may tell of an error.

    What is made of them lies in a folder of their own until `forget`.
    """
    folder = _folder(plan, item)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    try:
        read = _settled(plan, item)
        for found in slices(item.source, folder, plan.slice, plan.read.max_file_size, _lenient(plan, item)):
            yield Piece(item, count, found, read)
            count += 1
    except (AuditorError, OSError) as error:
        yield Piece(item, count, None, reason=told(error))
        return
    if not count:
        forget(plan, item)


def process_piece(engine: Engine, plan: Plan, piece: Piece) -> Tally | str:
    """Check a slice and leave what comes of it in the run's parts: its sums, or why it could not be done."""
    item, found, folder = piece.item, piece.slice, _folder(plan, piece.item)
    if found is None:
        return piece.reason
    plan, tally = msgspec.structs.replace(plan, read=piece.read), Tally()
    try:
        with ExitStack() as stack:
            notes = Notes(stack, folder, piece.number, lines=plan.lines, texts=plan.texts)
            copy, patch = (stack.enter_context(path.open("wb")) for path in _own(folder, piece.number))
            copies = Rows(copy, patch, item.source.name, plan.read.text_field)
            stream = stack.enter_context(open_slice(item.source, found))
            name = item.source.name
            rows = (
                iter([torn_row(stream.read(), name)])
                if found.torn
                else read_rows(stream, format_of(name), name, plan.read, found)
            )
            for _ in check_rows(engine, plan, item, rows, copies, notes, tally):
                pass
            copies.close()
    except (AuditorError, OSError) as error:
        return told(error)
    return tally


def joined(plan: Plan, item: Item, outcomes: Iterable[tuple[Piece, Tally | str]]) -> FileReport:
    """The report of a file from what came of its slices, in order."""
    folder = _folder(plan, item)

    def fill(work: Work) -> None:
        for piece, done in outcomes:
            if isinstance(done, str):
                raise AuditorError(done)
            copy, patch = _own(folder, piece.number)
            with copy.open("rb") as cleaned, patch.open("rb") as lines:
                work.copies.join(cleaned, lines)
            work.notes.join(folder, piece.number)
            work.tally.join(done)
            for file in folder.glob(f"{piece.number:08d}.*"):
                file.unlink()

    return made(plan, item, fill)


def _settled(plan: Plan, item: Item) -> ReadOptions:
    """How the rows of a file are read, by its first one."""
    with open_source(item.source, plan.read.max_file_size, _lenient(plan, item)) as source:
        format = format_of(item.source.name)
        return settled(rereadable(source, format), format, item.source.name, plan.read)[1]


def _lenient(plan: Plan, item: Item) -> bool:
    return lenient(item.source.name, plan.in_place)


def forget(plan: Plan, item: Item) -> None:
    """Remove what is left of the slices of a file."""
    shutil.rmtree(_folder(plan, item), ignore_errors=True)


def _own(folder: Path, number: int) -> tuple[Path, Path]:
    """The cleaned rows of a slice, and the patch of them."""
    return part(folder, number, "copy"), part(folder, number, "patch")


def _folder(plan: Plan, item: Item) -> Path:
    return plan.parts / f"{item.number:08d}.slices"

"""The first of two passes, for rules that look at whole sites: every source is read and its lines are counted."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import chain, islice
from pathlib import Path

import msgspec

from auditor.batch import Batch
from auditor.errors import AuditorError, ConfigError
from auditor.facts import freeze
from auditor.formats import ReadOptions, Row, Slice, format_of, read_rows, rereadable, settled
from auditor.formats.compression import compression_of, reached
from auditor.formats.slices import is_large, open_slice, slices
from auditor.formats.sources import open_source, size_of
from auditor.formats.torn import lenient
from auditor.kinds.site import across, asked
from auditor.packs import Pack
from auditor.pipeline import Item, Known, Plan, batches
from auditor.runners.local import Heard, follow
from auditor.runs import HELD, Heap, added, earliest, write_run
from auditor.survey import Asked, Tally, frequent, numbered, shared

_FOLDER = "survey"
_BYTES, _FILES = 64 << 20, 1000  # of the sources that are counted as one unit of work
_SLICES = 8  # as large as those of the second pass: more of them would only be more to merge


Runs = tuple[Path, Path]  # of lines, and of bands
Counted = tuple[list[Runs], bool]  # and whether all could be read


class _Unit(msgspec.Struct, frozen=True):
    number: int
    items: tuple[Item, ...]
    size: int = 0  # bytes
    slice: Slice | None = None  # of its only item


@contextmanager
def surveyed(
    packs: Sequence[Pack], plan: Plan, items: Sequence[Item], jobs: int, heard: Heard = lambda read: None
) -> Iterator[Plan]:
    """The plan with what its rules must know of the whole corpus; as it was where they ask for nothing.

    Sources are read twice; ``heard`` is told how many bytes have been read for the first time. What is counted lies in
    the folder of the run's parts and goes when the context ends.
    ConfigError for standard input, which cannot be read twice; AuditorError where the disk has no room.
    """
    rules = [rule for pack in packs for rule in pack.rules]
    wanted = asked(rules)
    if not wanted:
        yield plan
        return
    if any(item.source.path is None for item in items):
        raise ConfigError(
            f"{across(rules)[0].id} looks beyond single documents, so sources are read twice, which standard input "
            "cannot be; write it into a file and name that"
        )
    folder = plan.parts / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lines, bands = Heap(folder, "lines", added), Heap(folder, "bands", earliest)
        made = units(items) if jobs <= 1 else shared_out(plan, items)
        for runs in _counted(wanted, plan.read, folder, made, jobs, heard):
            for one, two in runs:
                lines.add(one)
                bands.add(two)
        names = (item.source.name for item in items)
        digest = freeze(folder, frequent(lines.merged(), wanted.least), shared(bands.merged()), names)
        for run in folder.glob("*-*"):  # the table is all that is needed from here on
            run.unlink()
        yield msgspec.structs.replace(plan, survey=Known(folder, digest))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def units(items: Sequence[Item], first: int = 0) -> list[_Unit]:
    """Sources in a row, a few megabytes together, numbered from ``first``."""
    found: list[_Unit] = []
    group: list[Item] = []
    size = 0
    for item in items:
        group.append(item)
        size += size_of(item.source)
        if size >= _BYTES or len(group) >= _FILES:
            found.append(_Unit(first + len(found), tuple(group), size))
            group, size = [], 0
    return [*found, _Unit(first + len(found), tuple(group), size)] if group else found


def shared_out(plan: Plan, items: Sequence[Item]) -> Iterator[_Unit]:
    """Units for several processes: large files in slices, as they are cut.

    Not compressed ones: unpacked they would have to be held, for what is a small part of a run's work.
    """
    number, waiting = 0, list[Item]()
    for item in items:
        large = not compression_of(item.source.name) and is_large(item.source, _SLICES * plan.slice)
        cut = slices(item.source, plan.parts, _SLICES * plan.slice, plan.read.max_file_size) if large else iter(())
        reached = 0
        for part in cut:
            yield _Unit(number, (item,), part.reached - reached, part)
            number, reached = number + 1, part.reached
        if not reached:
            waiting.append(item)
    yield from units(waiting, number)


def _counted(
    wanted: Asked, read: ReadOptions, folder: Path, units: Iterable[_Unit], jobs: int, heard: Heard
) -> Iterator[list[Runs]]:
    """The runs of each unit; of a file that cannot be read to its end, those up to there."""
    before, broken = 0, set[Item]()
    units = iter(units)
    first = list(islice(units, 2))
    count = partial(count_unit, wanted, read, folder)
    alone = ((unit, count(unit, lambda more: heard(before + more))) for unit in chain(first, units))
    shared = len(first) > 1 and jobs > 1
    for unit, (runs, whole) in _by_processes(count, chain(first, units), jobs) if shared else alone:
        if broken.isdisjoint(unit.items):
            yield runs
        if unit.slice is not None and not whole:
            broken.update(unit.items)
        before += unit.size
        heard(before)


def _by_processes(
    count: Callable[[_Unit], Counted], units: Iterable[_Unit], jobs: int
) -> Iterator[tuple[_Unit, Counted]]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    done, given = 0, list[_Unit]()
    with ProcessPoolExecutor(jobs, initializer=follow) as pool:
        futures = []
        try:
            for unit in units:
                given.append(unit)
                futures.append(pool.submit(count, unit))
            for unit, future in zip(given, futures, strict=True):
                yield unit, future.result()
                done += 1
        except BrokenProcessPool:
            given += units
    for unit in given[done:]:  # a worker died; what it had begun is counted again
        with ProcessPoolExecutor(1, initializer=follow) as pool:
            try:
                found = pool.submit(count, unit).result()
            except BrokenProcessPool:
                names = f"{unit.items[0].source.name} to {unit.items[-1].source.name}"
                raise AuditorError(
                    f"{names}: the process that counted their lines died (killed, or out of memory); "
                    "lower --max-document-size, or leave them out"
                ) from None
        yield unit, found


def count_unit(
    wanted: Asked, read: ReadOptions, folder: Path, unit: _Unit, heard: Heard = lambda read: None
) -> Counted:
    """The lines and bands of a unit's sources, counted into runs."""
    tally, runs = Tally(wanted), list[Runs]()

    def write() -> None:
        name, (lines, bands) = f"{unit.number}-{len(runs)}", tally.take()
        runs.append(
            (
                write_run(folder / f"lines-{name}", lines, added),
                write_run(folder / f"bands-{name}", bands, earliest),
            )
        )

    before, whole = 0, True
    for item in unit.items:
        source = _Reading(read, item, unit.slice)
        for group in batches(source.rows()):
            documents = [row.document for row in group if row.document is not None]
            batch = Batch(documents)
            tally.add(batch, [numbered(item.number, document.record) for document in documents])
            batch.forget_views()
            heard(before + source.reached)
            if len(tally) >= HELD:
                write()
        before += size_of(item.source)
        whole = whole and source.whole
    if len(tally):
        write()
    return runs, whole


class _Reading:
    """A source, or a slice of it, read up to where it cannot be read: the second pass says so."""

    def __init__(self, read: ReadOptions, item: Item, part: Slice | None) -> None:
        self._read, self._source, self._part = read, item.source, part
        self.reached, self.whole = 0, False

    def rows(self) -> Iterator[Row]:
        name, part = self._source.name, self._part
        with suppress(AuditorError, OSError), ExitStack() as stack:
            source = stack.enter_context(open_source(self._source, self._read.max_file_size, lenient(name, False)))
            stream = stack.enter_context(rereadable(source, format_of(name)))
            stream, read, _ = settled(stream, format_of(name), name, self._read)
            if part is not None:
                stream = stack.enter_context(open_slice(self._source, part))
            for row in read_rows(stream, format_of(name), name, read, part):
                yield row
                self.reached = 0 if part else reached(source)
            self.whole = True

"""The first of two passes, for rules that look at whole sites: every source is read and its lines are counted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import msgspec

from auditor.batch import Batch
from auditor.errors import AuditorError, ConfigError
from auditor.facts import freeze
from auditor.formats import ReadOptions, format_of, read_rows, rereadable, settled
from auditor.formats.sources import open_source
from auditor.kinds.site import across, asked
from auditor.model import Document
from auditor.packs import Pack
from auditor.pipeline import Item, Known, Plan, batches
from auditor.runners.local import follow
from auditor.runs import HELD, Heap, added, earliest, write_run
from auditor.survey import Asked, Tally, frequent, numbered, shared

_FOLDER = "survey"
_BYTES, _FILES = 64 << 20, 1000  # of the sources that are counted as one unit of work


Runs = tuple[Path, Path]  # of lines, and of bands


class _Unit(msgspec.Struct, frozen=True):
    number: int
    items: tuple[Item, ...]


@contextmanager
def surveyed(packs: Sequence[Pack], plan: Plan, items: Sequence[Item], jobs: int) -> Iterator[Plan]:
    """The plan with what its rules must know of the whole corpus; as it was where they ask for nothing.

    Sources are read twice. What is counted lies in the folder of the run's parts and goes when the context ends.
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
        for runs in _counted(wanted, plan.read, folder, units(items), jobs):
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


def units(items: Sequence[Item]) -> list[_Unit]:
    """Sources in a row, a few megabytes together."""
    found: list[_Unit] = []
    group: list[Item] = []
    size = 0
    for item in items:
        group.append(item)
        with suppress(OSError):  # the second pass says what is the matter with it
            size += item.source.path.stat().st_size if item.source.path else 0
        if size >= _BYTES or len(group) >= _FILES:
            found.append(_Unit(len(found), tuple(group)))
            group, size = [], 0
    return [*found, _Unit(len(found), tuple(group))] if group else found


def _counted(wanted: Asked, read: ReadOptions, folder: Path, units: Sequence[_Unit], jobs: int) -> Iterator[list[Runs]]:
    """The runs of each unit."""
    count = partial(count_unit, wanted, read, folder)
    if jobs <= 1 or len(units) <= 1:
        yield from map(count, units)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    with ProcessPoolExecutor(min(jobs, len(units)), initializer=follow) as pool:
        for future in [pool.submit(count, unit) for unit in units]:
            try:
                yield future.result()
            except BrokenProcessPool:
                break
            done += 1
    for unit in units[done:]:  # a worker died; what it had begun is counted again
        with ProcessPoolExecutor(1, initializer=follow) as pool:
            try:
                found = pool.submit(count, unit).result()
            except BrokenProcessPool:
                names = f"{unit.items[0].source.name} to {unit.items[-1].source.name}"
                raise AuditorError(
                    f"{names}: the process that counted their lines died (killed, or out of memory); "
                    "lower --max-document-size, or leave them out"
                ) from None
        yield found


def count_unit(wanted: Asked, read: ReadOptions, folder: Path, unit: _Unit) -> list[Runs]:
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

    for item in unit.items:
        for documents in _documents(read, item):
            batch = Batch(documents)
            tally.add(batch, [numbered(item.number, document.record) for document in documents])
            batch.forget_views()
            if len(tally) >= HELD:
                write()
    if len(tally):
        write()
    return runs


def _documents(read: ReadOptions, item: Item) -> Iterator[list[Document]]:
    """A source's documents, some at a time, up to where it cannot be read: the second pass says so."""
    name = item.source.name
    with suppress(AuditorError, OSError), ExitStack() as stack:
        source = stack.enter_context(open_source(item.source, read.max_file_size))
        stream = stack.enter_context(rereadable(source, format_of(name)))
        stream, read, _ = settled(stream, format_of(name), name, read)
        for group in batches(read_rows(stream, format_of(name), name, read)):
            yield [row.document for row in group if row.document is not None]

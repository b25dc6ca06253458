"""This machine: in this process, or in a pool of processes that each prepare the rules once."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import chain, groupby, takewhile
from typing import TYPE_CHECKING

import msgspec

from auditor.check import Engine
from auditor.facts import thawed
from auditor.formats.files import sweep
from auditor.formats.sources import size_of
from auditor.kept import MOST, Kept
from auditor.model import FileReport
from auditor.packs import Pack
from auditor.pipeline import Item, Plan, process
from auditor.sliced import Piece, forget, joined, pieces, process_piece, shared
from auditor.tally import Tally, unread

if TYPE_CHECKING:
    from auditor.runners.pool import Workers


class Recalled(msgspec.Struct, frozen=True):
    """A file shared out once, whose results were kept."""

    item: Item
    report: FileReport


Heard = Callable[[int], None]  # how many bytes of the sources have been read
Task = Item | Piece | Recalled
Outcome = FileReport | Tally | str  # of a file, of a slice, or why there is none

_AHEAD = 8  # tasks a process that are under way or waiting to be taken up, whatever the size of a corpus
_DIED = "its worker process died (killed, or out of memory); try it alone, or split the file"
_prepared: list[tuple[Kept, _Ready]] = []  # in a worker process: what the initializer made


def run(
    packs: Sequence[Pack], plan: Plan, items: Sequence[Item], jobs: int, heard: Heard = lambda read: None
) -> Iterator[FileReport]:
    """Reports of all items, in their order whatever the number of jobs; large files are shared out in slices.

    A worker that dies (killed, out of memory) takes only its own file with it: the others are done again. ``heard`` is
    told how many bytes have been read so far.
    """
    _calm()
    if jobs <= 1 or (len(items) <= 1 and not any(shared(plan, item) for item in items)):
        kept, ready = Kept(packs, plan, len(items)), _Ready(packs, plan)
        for item, read in _places(items):
            work = partial(_worked, ready, plan, item, lambda more, read=read: heard(read + more))  # type: ignore[misc]
            yield kept.done(item, work)
            heard(read + size_of(item.source))
        return
    finished: set[int] = set()
    kept = Kept(packs, plan, len(items) if any(shared(plan, item) for item in items) else MOST + 1)
    outcomes = groupby(_outcomes(packs, plan, items, jobs, finished, kept), lambda one: _item(one[0]))
    for (item, read), (_, group) in zip(_places(items), outcomes, strict=True):
        task, outcome = next(group)
        if isinstance(task, Piece):
            report = joined(plan, item, _heard(chain([(task, outcome)], group), read, heard))
            kept.keep(item, report)
            yield report
        else:
            yield outcome if isinstance(outcome, FileReport) else unread(item.source.name, str(outcome))
        finished.add(item.number)
        for _ in group:  # slices of a file that has failed, under way already
            pass
        forget(plan, item)
        heard(read + size_of(item.source))


def _worked(ready: _Ready, plan: Plan, item: Item, heard: Heard) -> FileReport:
    return process(ready.engine, plan, item, heard)


def _places(items: Sequence[Item]) -> Iterator[tuple[Item, int]]:
    """Items with the bytes of those before them."""
    read = 0
    for item in items:
        yield item, read
        read += size_of(item.source)


def _item(task: Task) -> Item:
    return task if isinstance(task, Item) else task.item


def _heard(outcomes: Iterable[tuple[Task, Outcome]], read: int, heard: Heard) -> Iterator[tuple[Piece, Tally | str]]:
    """What came of the slices of one file, each heard of when the next one is asked for."""
    for task, outcome in outcomes:
        assert isinstance(task, Piece)
        assert not isinstance(outcome, FileReport)
        yield task, outcome
        if task.slice is not None:
            heard(read + task.slice.reached)


def _outcomes(
    packs: Sequence[Pack], plan: Plan, items: Sequence[Item], jobs: int, finished: Container[int], kept: Kept
) -> Iterator[tuple[Task, Outcome]]:
    """What worker processes make of all tasks, in the order of these; at most so many are under way at a time."""
    from auditor.runners.pool import Workers  # a single process needs none of what it imports

    here, prepare = _Ready(packs, plan), partial(_prepare, packs, plan, len(items))
    waiting: deque[tuple[Task, Callable[[], Outcome | None]]] = deque()

    def first() -> tuple[Task, Outcome]:
        task, result = waiting.popleft()
        outcome = result()
        return task, _DIED if outcome is None else outcome

    with Workers(partial(_process, plan), jobs, prepare, lambda: _tidy(plan, items)) as workers:
        for task in _tasks(plan, items, finished, kept):
            waiting.append((task, _begun(workers, plan, here, task)))
            if len(waiting) > _AHEAD * jobs:
                yield first()
        while waiting:
            yield first()


def _tasks(plan: Plan, items: Sequence[Item], finished: Container[int], kept: Kept) -> Iterator[Task]:
    """Items and the slices of large ones, as they are cut; none of those that are finished (or have failed) already."""
    for item in items:
        large = shared(plan, item)
        if large and (report := kept.known(item)) is not None:
            yield Recalled(item, report)
            continue
        cut = pieces(plan, item) if large else iter(())
        if (first := next(cut, None)) is None:
            yield item
            continue
        yield first
        yield from takewhile(lambda piece: piece.item.number not in finished, cut)


def _begun(workers: Workers[Task, Outcome], plan: Plan, here: _Ready, task: Task) -> Callable[[], Outcome | None]:
    """Start a task; what is returned waits for its outcome. Workers have no standard input: that is read here."""
    if isinstance(task, Recalled):
        return lambda: task.report
    if isinstance(task, Item) and task.source.path is None:
        return lambda: process(here.engine, plan, task)
    return workers.begin(task)


def _tidy(plan: Plan, items: Sequence[Item]) -> None:
    """Take away what workers that died left unfinished."""
    for folder in (plan.cleaned, plan.patches, plan.reports):
        if folder is not None:
            sweep(folder)
    if plan.in_place:
        for folder in {item.source.path.resolve().parent for item in items if item.source.path}:
            sweep(folder, deep=False)


def _calm() -> None:
    """Findings come and go by the million without cycles: looking for these less often saves a tenth of the time."""
    gc.set_threshold(100_000, 50, 100)


class _Ready:
    """Rules that are prepared when the first file needs them: what is kept needs none."""

    def __init__(self, packs: Sequence[Pack], plan: Plan) -> None:
        self._packs, self._survey = packs, plan.survey

    @cached_property
    def engine(self) -> Engine:
        engine = Engine(self._packs)
        return engine if self._survey is None else engine.informed(thawed(self._survey.folder))


def _prepare(packs: Sequence[Pack], plan: Plan, items: int) -> None:
    _calm()
    follow()
    _prepared.append((Kept(packs, plan, items), _Ready(packs, plan)))


def follow() -> None:
    """Watch over the process that started this one, from a thread beside the work; see `_follow`."""
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """End this process when the one that started it is gone: killed, it cannot say goodbye."""
    import multiprocessing

    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _process(plan: Plan, task: Task) -> Outcome:
    kept, ready = _prepared[0]
    if isinstance(task, Piece):
        return process_piece(ready.engine, plan, task)
    if isinstance(task, Recalled):
        return task.report
    return kept.done(task, lambda: process(ready.engine, plan, task))

"""This machine: in this process, or in a pool of processes that each prepare the rules once."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial

from auditor.check import Engine
from auditor.formats.files import sweep
from auditor.kept import Kept
from auditor.model import FileReport
from auditor.packs import Pack
from auditor.pipeline import Item, Plan, process
from auditor.tally import unread

_AHEAD = 8  # files a process that are begun or waiting, whatever the size of a corpus
_DIED = "its worker process died (killed, or out of memory); try it alone, or split the file"
_prepared: list[tuple[Kept, _Ready]] = []  # in a worker process: what the initializer made


def run(packs: Sequence[Pack], plan: Plan, items: Sequence[Item], jobs: int) -> Iterator[FileReport]:
    """Reports of all items, in their order whatever the number of jobs.

    A worker that dies (killed, out of memory) takes only its own file with it: the others are done again.
    """
    if jobs <= 1 or len(items) <= 1:
        _calm()
        kept, ready = Kept(packs, plan, len(items)), _Ready(packs)
        for item in items:
            yield kept.done(item, lambda item=item: process(ready.engine, plan, item))  # type: ignore[misc]
        return
    yield from _shared(packs, plan, items, jobs)


def _shared(packs: Sequence[Pack], plan: Plan, items: Sequence[Item], jobs: int) -> Iterator[FileReport]:
    """Items shared out among worker processes; at most so many are under way at a time."""
    from auditor.runners.pool import Workers  # a single process needs none of what it imports

    prepare = partial(_prepare, packs, plan, len(items))
    waiting: deque[tuple[Item, Callable[[], FileReport | None]]] = deque()

    def first() -> FileReport:
        item, report = waiting.popleft()
        return report() or unread(item.source.name, _DIED)

    with Workers(partial(_process, plan), min(jobs, len(items)), prepare, lambda: _tidy(plan, items)) as workers:
        for item in items:
            waiting.append((item, workers.begin(item)))
            if len(waiting) > _AHEAD * jobs:
                yield first()
        while waiting:
            yield first()


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

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._packs = packs

    @cached_property
    def engine(self) -> Engine:
        return Engine(self._packs)


def _prepare(packs: Sequence[Pack], plan: Plan, items: int) -> None:
    _calm()
    threading.Thread(target=_follow, daemon=True).start()
    _prepared.append((Kept(packs, plan, items), _Ready(packs)))


def _follow() -> None:
    """End this process when the one that started it is gone: killed, it cannot say goodbye."""
    import multiprocessing

    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _process(plan: Plan, item: Item) -> FileReport:
    kept, ready = _prepared[0]
    return kept.done(item, lambda: process(ready.engine, plan, item))

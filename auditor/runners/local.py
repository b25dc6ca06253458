"""This machine: in this process, or in a pool of processes that each prepare the rules once."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from auditor.check import Engine
from auditor.facts import thawed
from auditor.kept import Kept
from auditor.model import FileReport
from auditor.packs import Pack
from auditor.pipeline import Item, Plan, process
from auditor.tally import unread

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_prepared: list[tuple[Kept, _Ready]] = []  # in a worker process: what the initializer made


def run(packs: Sequence[Pack], plan: Plan, items: Sequence[Item], jobs: int) -> Iterator[FileReport]:
    """Reports of all items, in their order whatever the number of jobs.

    A worker that dies (killed, out of memory) takes only its own file with it: the others are done again.
    """
    if jobs <= 1 or len(items) <= 1:
        _calm()
        kept, ready = Kept(packs, plan, len(items)), _Ready(packs, plan)
        for item in items:
            yield kept.done(item, lambda item=item: process(ready.engine, plan, item))  # type: ignore[misc]
        return
    yield from _shared(packs, plan, items, jobs)


def _shared(packs: Sequence[Pack], plan: Plan, items: Sequence[Item], jobs: int) -> Iterator[FileReport]:
    """Items shared out among worker processes."""
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    with _pool(packs, plan, len(items), min(jobs, len(items))) as pool:
        for future in [pool.submit(_process, plan, item) for item in items]:
            try:
                yield future.result()
            except BrokenProcessPool:
                break
            done += 1
    for item in items[done:]:
        with _pool(packs, plan, len(items), 1) as pool:
            try:
                report = pool.submit(_process, plan, item).result()
            except BrokenProcessPool:
                reason = "its worker process died (killed, or out of memory); try it alone, or split the file"
                report = unread(item.source.name, reason)
        yield report


def _pool(packs: Sequence[Pack], plan: Plan, items: int, workers: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(workers, initializer=_prepare, initargs=(packs, plan, items))


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


def _process(plan: Plan, item: Item) -> FileReport:
    kept, ready = _prepared[0]
    return kept.done(item, lambda: process(ready.engine, plan, item))

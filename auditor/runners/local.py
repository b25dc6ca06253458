"""This machine: in this process, or in a pool of processes that each prepare the rules once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from auditor.check import Engine
from auditor.model import FileReport
from auditor.packs import Pack
from auditor.pipeline import Item, Plan, process

_prepared: dict[str, Engine] = {}  # in a worker process: its engine, made by the initializer


def run(packs: Sequence[Pack], plan: Plan, items: Sequence[Item], jobs: int) -> Iterator[FileReport]:
    """Reports of all items, in their order whatever the number of jobs."""
    if jobs <= 1 or len(items) <= 1:
        engine = Engine(packs)
        for item in items:
            yield process(engine, plan, item)
        return
    with ProcessPoolExecutor(min(jobs, len(items)), initializer=_prepare, initargs=(packs,)) as pool:
        yield from pool.map(_process, [plan] * len(items), items)


def _prepare(packs: Sequence[Pack]) -> None:
    _prepared["engine"] = Engine(packs)


def _process(plan: Plan, item: Item) -> FileReport:
    return process(_prepared["engine"], plan, item)

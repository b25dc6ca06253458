"""A pool of processes that outlives the death of its workers: none is waited for in vain, no item is lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_TRIES = 2  # of an item under suspicion
_Maker = Callable[[int], "ProcessPoolExecutor"]  # a new pool of so many workers


def results(
    work: Callable[[_Item], _Result],
    items: Sequence[_Item],
    workers: int,
    prepare: Callable[[], None],
    after_death: Callable[[], None],
) -> Iterator[_Result | None]:
    """What ``work`` gives for each item, in their order; None where it ends its process (killed, out of memory).

    Every worker calls ``prepare`` first. When one dies its pool is broken for all: what was finished stays, the few
    items that were under way are done again, each in a process of its own, and a new pool goes on with the rest.
    ``after_death`` is called when no worker of a broken pool is left.
    """
    from concurrent.futures import ProcessPoolExecutor

    def pool(size: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(size, initializer=prepare)

    waiting = deque(range(len(items)))
    done: dict[int, _Result | None] = {}
    following = 0
    while following < len(items):
        for number, result in _until_broken(pool, work, items, waiting, workers, after_death):
            done[number] = result
            while following in done:
                yield done.pop(following)
                following += 1


def _until_broken(
    pool: _Maker,
    work: Callable[[_Item], _Result],
    items: Sequence[_Item],
    waiting: deque[int],
    workers: int,
    after_death: Callable[[], None],
) -> Iterator[tuple[int, _Result | None]]:
    """Results as they come, with the numbers of their items, until nothing waits or a worker died.

    Then those that were under way are done before this ends.
    """
    from concurrent.futures import FIRST_COMPLETED, wait
    from concurrent.futures.process import BrokenProcessPool

    running: dict[Future[_Result], int] = {}
    suspects: list[int] = []
    broken = False
    with pool(max(1, min(workers, len(waiting)))) as shared:
        while running or (waiting and not broken):
            try:
                while waiting and not broken and len(running) <= workers:  # one more, so that no worker waits
                    future = shared.submit(work, items[waiting[0]])
                    running[future] = waiting.popleft()
            except BrokenProcessPool:
                broken = True
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                number = running.pop(future)
                try:
                    yield number, future.result()
                except BrokenProcessPool:
                    broken = True
                    suspects.append(number)
    if broken:
        after_death()
    for number in sorted(suspects):
        yield number, _alone(pool, work, items[number], after_death)


def _alone(
    pool: _Maker, work: Callable[[_Item], _Result], item: _Item, after_death: Callable[[], None]
) -> _Result | None:
    """The result of a suspect; None where it ends its process again and again: once may be chance."""
    from concurrent.futures.process import BrokenProcessPool

    for _ in range(_TRIES):
        with pool(1) as alone:
            try:
                return alone.submit(work, item).result()
            except BrokenProcessPool:
                pass
        after_death()
    return None

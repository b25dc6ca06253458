"""A pool of processes that outlives the death of its workers: none is waited for in vain, no task is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Generic, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_DEATHS = 2  # of workers over one task: once may be chance


class Workers(Generic[_Item, _Result]):
    """``count`` processes that each call ``prepare`` once and then do ``work`` on one item after the other.

    When one dies (killed, out of memory) its pool is broken for all. What was finished stays; what was begun goes to a
    single process, one after the other, so that what kills it is known: that is given up after a second death. Then
    there are as many processes as before. ``after_death`` is called when no process of a broken pool is left.
    """

    def __init__(
        self,
        work: Callable[[_Item], _Result],
        count: int,
        prepare: Callable[[], None],
        after_death: Callable[[], None] = lambda: None,
    ) -> None:
        self._work, self._count, self._prepare, self._after_death = work, count, prepare, after_death
        self._begun: list[_Task[_Item, _Result]] = []  # and not known to be finished
        self._one_by_one = False
        self._pool = self._new(count)

    def __enter__(self) -> Workers[_Item, _Result]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=kind is not None)

    def begin(self, item: _Item) -> Callable[[], _Result | None]:
        """Start on an item; what is returned waits for the result, which is None where that ends its process.

        To be asked in the order of their beginning.
        """
        task = _Task[_Item, _Result](item)
        self._begun.append(task)
        if not self._one_by_one:
            self._submit(task)
        return lambda: self._result(task)

    def _new(self, count: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(count, initializer=self._prepare)

    def _submit(self, task: _Task[_Item, _Result]) -> None:
        try:
            task.future = self._pool.submit(self._work, task.item)
        except BrokenProcessPool as broken:
            task.future = Future()
            task.future.set_exception(broken)

    def _result(self, task: _Task[_Item, _Result]) -> _Result | None:
        while task.deaths < _DEATHS:
            if task.future is None:  # begun while the pool was mended, and what was begun before is done
                self._all_again()
            assert task.future is not None
            try:
                result = task.future.result()
            except BrokenProcessPool:
                self._mend()
                continue
            self._begun.remove(task)
            return result
        return None

    def _all_again(self) -> None:
        self._pool.shutdown()
        self._pool, self._one_by_one = self._new(self._count), False
        for task in self._begun:
            self._submit(task)

    def _mend(self) -> None:
        """A new pool of one process, and everything that is not finished begun again in it."""
        self._pool.shutdown()
        self._after_death()
        left = [task for task in self._begun if task.future is not None and task.future.exception() is not None]
        if self._one_by_one or self._count == 1:
            left[0].deaths += 1
            if left[0].deaths >= _DEATHS:
                self._begun.remove(left.pop(0))
        self._pool, self._one_by_one = self._new(1), True
        for task in left:
            self._submit(task)


class _Task(Generic[_Item, _Result]):
    def __init__(self, item: _Item) -> None:
        self.item = item
        self.future: Future[_Result] | None = None
        self.deaths = 0

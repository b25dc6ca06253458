"""A worker that dies takes nothing with it but what killed it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from auditor.runners.pool import Workers

DEADLY = "deadly"
Item = TypeVar("Item")
Result = TypeVar("Result")


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def double(item: str) -> str:
    if item == DEADLY:
        kill_self()
    time.sleep(0.01)
    return item * 2


def nothing() -> None:
    pass


def dies_once(marks: Path, item: int) -> int:
    mark = marks / str(item)
    if item % 3 == 0 and not mark.exists():
        mark.touch()
        kill_self()
    return item


def results(
    work: Callable[[Item], Result], items: Sequence[Item], count: int = 2, prepare: Callable[[], None] = nothing
) -> list[Result | None]:
    """Of all items, with a few begun at a time."""
    found, begun = [], []
    with Workers(work, count, prepare) as workers:
        for item in items:
            begun.append(workers.begin(item))
            if len(begun) > 6:
                found.append(begun.pop(0)())
        return found + [one() for one in begun]


@pytest.mark.parametrize("count", [1, 3])
def test_results_come_in_the_order_of_their_items(count: int) -> None:
    items = [str(number) for number in range(40)]
    assert results(double, items, count) == [item * 2 for item in items]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("at", [0, 5, 19])
def test_only_the_item_that_kills_its_worker_is_lost(at: int, count: int) -> None:
    items = [str(number) for number in range(20)]
    items[at] = DEADLY
    assert results(double, items, count) == [None if item == DEADLY else item * 2 for item in items]


def test_every_item_may_be_deadly() -> None:
    assert results(double, [DEADLY] * 5) == [None] * 5


@pytest.mark.parametrize("count", [1, 2])
def test_one_death_may_be_chance(tmp_path: Path, count: int) -> None:
    assert results(partial(dies_once, tmp_path), range(30), count) == list(range(30))


def test_workers_that_cannot_begin() -> None:
    assert results(double, ["a", "b", "c"], prepare=kill_self) == [None] * 3


def test_what_the_dead_leave_can_be_taken_away() -> None:
    tidied: list[str] = []
    with Workers(double, 2, nothing, lambda: tidied.append("swept")) as workers:
        begun = [workers.begin(item) for item in ("a", DEADLY, "b")]
        assert [one() for one in begun] == ["aa", None, "bb"]
    assert tidied


def test_a_mistake_in_the_work_is_raised_where_its_result_is_asked_for() -> None:
    with Workers(int, 2, nothing) as workers:
        good, bad = workers.begin("1"), workers.begin("x")
        assert good() == 1
        with pytest.raises(ValueError, match="invalid literal"):
            bad()

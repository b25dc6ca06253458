"""A worker that dies takes nothing with it but what killed it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from auditor.runners.pool import results

DEADLY = "deadly"


def _kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _double(item: str) -> str:
    if item == DEADLY:
        _kill_self()
    time.sleep(0.01)
    return item * 2


def _nothing() -> None:
    pass


def _once(marks: Path, item: int) -> int:
    """Dies the first time it sees the item."""
    mark = marks / str(item)
    if item % 3 == 0 and not mark.exists():
        mark.touch()
        _kill_self()
    return item


def test_results_come_in_the_order_of_their_items() -> None:
    items = [str(number) for number in range(40)]
    assert list(results(_double, items, 3, _nothing, _nothing)) == [item * 2 for item in items]


@pytest.mark.parametrize("at", [0, 5, 19])
def test_only_the_item_that_kills_its_worker_is_lost(at: int) -> None:
    items = [str(number) for number in range(20)]
    items[at] = DEADLY
    expected = [None if item == DEADLY else item * 2 for item in items]
    assert list(results(_double, items, 2, _nothing, _nothing)) == expected


def test_every_item_may_be_deadly() -> None:
    assert list(results(_double, [DEADLY] * 5, 2, _nothing, _nothing)) == [None] * 5


def test_workers_that_die_again_and_again(tmp_path: Path) -> None:
    from functools import partial

    tidied: list[int] = []
    found = results(partial(_once, tmp_path), range(30), 2, _nothing, lambda: tidied.append(1))
    assert list(found) == list(range(30))
    assert tidied


def test_workers_that_cannot_begin() -> None:
    assert list(results(_double, ["a", "b", "c"], 2, _kill_self, _nothing)) == [None] * 3


def test_nothing_to_do() -> None:
    assert list(results(_double, [], 2, _nothing, _nothing)) == []

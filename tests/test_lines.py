"""Lines as arrays: sums and neighbours never leave a document."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.batch import Batch
from auditor.lines import Lines, Sums, between
from auditor.model import Document


def lines(*texts: str) -> Lines:
    return Lines(Batch([Document(text=text) for text in texts]))


def test_blank_lines_do_not_count() -> None:
    of = lines("a b\n\n \nc", "d")
    assert of.numbers.tolist() == [0, 3, 4]
    assert of.count.tolist() == [2, 1, 1]
    assert (of.low.tolist(), of.high.tolist()) == ([0, 0, 2], [2, 2, 3])


def test_sums_over_words() -> None:
    of = lines("a b\n...\nc")
    assert of.sum(np.array([True, True, True])).tolist() == [2, 0, 1]
    assert of.share(np.array([1.0, 0.0, 1.0])).tolist() == [0.5, 0, 1]


def test_neighbours_are_of_the_same_document() -> None:
    of = lines("a\nb\nc", "d")
    values = np.array([1.0, 2.0, 4.0, 8.0])
    assert of.shifted(values, 1).tolist() == [2, 4, -1, -1]
    assert of.shifted(values, -2).tolist() == [-1, -1, 1, -1]
    assert of.window(Sums(values[None]), 1, 1)[0].tolist() == [2, 2.5, 2, 0]
    assert of.window(Sums(values[None]), 2, 0)[0].tolist() == [0, 1, 1.5, 0]
    assert of.whole(values).tolist() == [7, 7, 7, 8]


def test_the_line_before_and_after() -> None:
    of = lines("a\nb\nc\nd")
    flags = np.array([True, False, True, False])
    assert of.last_before(flags).tolist() == [-1, 0, 0, 2]
    assert of.first_after(flags).tolist() == [2, 2, 4, 4]


def test_code_points_of_lines() -> None:
    of = lines("a1\n 22 ")
    digits = np.array([char.isdigit() for char in of.batch.text])
    assert of.hold(digits).tolist() == [1, 2]
    first, last = of.edges
    assert (first.tolist(), last.tolist()) == ([0, 4], [1, 5])


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.data())
def test_sums_are_the_same_wherever_they_stand(values: list[float], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(values)))
    stop = data.draw(st.integers(0, len(values)))
    alone = between(np.array(values), np.array([first]), np.array([stop]))
    among = between(np.array([0.1, 33.3, *values]), np.array([first + 2]), np.array([stop + 2]))
    assert alone.tolist() == among.tolist()
    assert abs(alone[0] - sum(values[first:stop])) < 0.001

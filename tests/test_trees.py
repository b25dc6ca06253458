"""Oblivious trees: all rows at once, as one row after the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.trees import Trees

# Two features; one tree of two levels: is the first above 1, is the second above 10?
ARRAYS = {
    "borders": np.array([1, 2, 10], np.float32),
    "border_counts": np.array([2, 1], np.uint16),
    "features": np.array([[0, 1]], np.uint8),
    "bins": np.array([[0, 0]], np.uint8),
    "leaves": np.array([[-4, 0, 0, 4]], np.float32),
    "weights": np.array([[0.25, 0.25, 0.25, 0.25]], np.float16),
    "slope": np.float32(1),
    "offset": np.float32(0),
}


def log_odds(trees: Trees, *rows: tuple[float, ...]) -> list[float]:
    columns = [np.array(column, np.float32) for column in zip(*rows, strict=True)]
    found: list[float] = trees.log_odds(trees.binned(columns)).tolist()
    return found


def test_a_leaf_is_a_number_made_of_answers() -> None:
    assert log_odds(Trees(ARRAYS), (1, 10), (1.5, 10), (1, 11), (3, 99)) == [-4, 0, 0, 4]


def test_few_borders_are_passed_as_many_are() -> None:
    borders = [[0.5], [1, 1.5, 2, 2.5], [0, 1, 2, 3, 4, 5]]
    arrays = ARRAYS | {
        "borders": np.concatenate(borders).astype(np.float32),
        "border_counts": np.array([len(some) for some in borders], np.uint16),
    }
    values = np.array([-1, 0, 0.5, 1, 1.7, 2, 2.5, 9], np.float32)
    binned = Trees(arrays).binned([values] * 3)
    assert binned.tolist() == [
        [sum(border < value for border in some) for value in values.tolist()] for some in borders
    ]


def test_calibration() -> None:
    assert log_odds(Trees(ARRAYS | {"slope": np.float32(0.5), "offset": np.float32(1)}), (3, 99)) == [3]


def test_shares_add_up_to_what_moved_the_sum() -> None:
    trees = Trees(ARRAYS)
    binned = trees.binned([np.array([3, 0], np.float32), np.array([99, 99], np.float32)])
    shares = trees.shares(binned, np.array([1, 0]))
    assert shares.tolist() == [[2, 2], [2, -2]]  # of the second feature's group, then the first's


@st.composite
def forests(draw: st.DrawFn) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    counts = draw(st.lists(st.integers(0, 4), min_size=1, max_size=5).filter(lambda found: max(found) > 0))
    asked = [feature for feature, count in enumerate(counts) if count]
    number, depth = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    features = [[draw(st.sampled_from(asked)) for _ in range(depth)] for _ in range(number)]
    bins = [[draw(st.integers(0, counts[feature] - 1)) for feature in tree] for tree in features]
    size = number << depth
    numbers = st.lists(st.integers(-8, 8), min_size=size, max_size=size)
    return ARRAYS | {
        "borders": np.array([border for count in counts for border in range(count)], np.float32),
        "border_counts": np.array(counts, np.uint16),
        "features": np.array(features, np.uint8),
        "bins": np.array(bins, np.uint8),
        "leaves": np.array(draw(numbers), np.float32).reshape(number, -1),
        "weights": np.abs(np.array(draw(numbers), np.float16)).reshape(number, -1),
    }


@given(forests(), st.data())
def test_all_rows_at_once_as_one_after_the_other(arrays: dict[str, np.ndarray], data: st.DataObject) -> None:  # type: ignore[type-arg]
    trees = Trees(arrays)
    width = len(arrays["border_counts"])
    row = st.tuples(*[st.integers(-1, 5) for _ in range(width)])
    rows = data.draw(st.lists(row, min_size=1, max_size=6))
    starts = np.cumsum(arrays["border_counts"]) - arrays["border_counts"]
    wanted = []
    for values in rows:
        total = 0.0
        for features, bins, leaves in zip(arrays["features"], arrays["bins"], arrays["leaves"], strict=True):
            answers = [
                values[feature] > arrays["borders"][starts[feature] + at]
                for feature, at in zip(features, bins, strict=True)
            ]
            total += leaves[sum(answer << level for level, answer in enumerate(answers))]
        wanted.append(total)
    assert log_odds(trees, *rows) == wanted
    binned = trees.binned([np.array(column, np.float32) for column in zip(*rows, strict=True)])
    shares = trees.shares(binned, np.arange(width)).sum(1)
    forest = zip(arrays["leaves"], arrays["weights"].astype(float), strict=True)
    expected = sum(np.average(leaves, weights=weights + 1e-6) for leaves, weights in forest)
    assert np.allclose(shares + expected, wanted, atol=0.01)


def test_a_row_alone_comes_to_the_same_as_among_others() -> None:
    random = np.random.default_rng(1)
    many = ARRAYS | {
        "features": np.repeat(ARRAYS["features"], 300, 0),
        "bins": np.repeat(ARRAYS["bins"], 300, 0),
        "leaves": random.normal(size=(300, 4)).astype(np.float32),
        "weights": np.repeat(ARRAYS["weights"], 300, 0),
    }
    rows = [(1.0, 10.0), (3.0, 99.0), (1.5, 10.0)]
    assert log_odds(Trees(many), *rows) == [log_odds(Trees(many), row)[0] for row in rows]


@pytest.mark.parametrize(
    "change",
    [
        {"borders": np.array([1], np.float32)},
        {"bins": np.array([[0]], np.uint8)},
        {"leaves": np.zeros((1, 8), np.float32)},
        {"features": np.array([[0, 2]], np.uint8)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(change: dict[str, np.ndarray]) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match=r"not (fit|there)"):
        Trees(ARRAYS | change)

"""Intervals of shares: known values, and that they cover what they promise to."""

from __future__ import annotations

import random

import pytest

from auditor.intervals import Stratum, stratified, wilson


@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (1, 1, 0.207, 1.0), (50, 100, 0.404, 0.596), (81, 263, 0.255, 0.366)],
)
def test_wilson_as_in_the_textbooks(right: int, judged: int, low: float, high: float) -> None:
    share = wilson(right, judged)
    assert share.value == right / judged
    assert (round(share.low, 3), round(share.high, 3)) == (low, high)


def test_nothing_judged_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 0.0, 1.0)
    assert stratified([]) == (0.0, 0.0, 1.0)
    assert stratified([Stratum(5, 0, 0)]) == (0.0, 0.0, 1.0)


def test_strata_count_by_their_size() -> None:
    rare, common = Stratum(10, 10, 0), Stratum(990, 10, 10)
    assert stratified([rare, common]).value == pytest.approx(0.99)


def test_a_population_judged_whole_leaves_no_doubt() -> None:
    assert stratified([Stratum(4, 4, 3), Stratum(6, 6, 6)]) == (0.9, 0.9, 0.9)


def test_three_of_three_are_no_certainty() -> None:
    assert stratified([Stratum(1000, 3, 3)]).low < 0.7


def test_the_interval_holds_the_truth_nearly_always() -> None:
    lots = random.Random(1)
    truth = {400: 0.95, 100: 0.5, 2000: 0.99}
    real = sum(size * share for size, share in truth.items()) / sum(truth)
    held = 0
    for _ in range(400):
        strata = [Stratum(size, 20, sum(lots.random() < share for _ in range(20))) for size, share in truth.items()]
        share = stratified(strata)
        held += share.low <= real <= share.high
    assert held >= 0.93 * 400

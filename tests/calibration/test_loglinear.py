"""How often log-linear intervals hold the true number, and the lower bound is one."""

from __future__ import annotations

import pytest

from holdfire.counting.loglinear import LogLinear, LowerBound
from overlapping import chained, classes

CHANCES = [0.3, 0.2, 0.25, 0.3]


def held(estimator: LogLinear, again: float, seeds: int) -> float:
    found = [estimator.estimate(chained(1000, CHANCES, again, seed), 1) for seed in range(seeds)]
    return sum(each.low <= 1000 <= each.high for each in found) / seeds


@pytest.mark.parametrize("again", [0.2, 0.5])
def test_models_weighed_hold_the_truth(again: float) -> None:
    assert held(LogLinear(draws=0), again, 40) >= 0.87


def test_the_interval_of_a_choice_made_again_holds_the_truth() -> None:
    assert held(LogLinear(draws=0, select="stepwise", tables=120), 0.5, 40) >= 0.85


def test_a_wrong_model_does_not() -> None:
    """The control: independence said of lists of which one follows another."""
    assert held(LogLinear(draws=0, model="[A][B][C][D]"), 0.5, 40) < 0.6


def test_the_interval_of_the_right_model_holds_the_truth() -> None:
    assert held(LogLinear(draws=0, model="[A·B][C][D]"), 0.5, 80) >= 0.90


def test_the_lower_bound_is_below_the_truth_where_people_and_lists_differ() -> None:
    sizes, chances = [1500, 500], [[0.08, 0.1, 0.06, 0.12], [0.35, 0.4, 0.3, 0.45]]
    found = [LowerBound(draws=0).estimate(classes(sizes, chances, seed), 1).middle for seed in range(60)]
    assert sum(each <= 2000 for each in found) / 60 > 0.9


def test_it_is_not_where_lists_shun_one_another() -> None:
    """The control: who is on the first list is kept off the second."""
    found = [
        LowerBound(draws=0).estimate(chained(1000, [0.4, 0.3, 0.2], 0.02, s), 1).middle for s in range(30)
    ]
    assert sum(each <= 1000 for each in found) / 30 < 0.1


def test_a_model_that_is_true_fits_and_one_that_is_not_is_refused() -> None:
    """People of two kinds: models of pairs put twice the truth on every table, and say so of themselves."""
    sizes, chances = [1600, 400], [[0.113, 0.113, 0.199, 0.232, 0.133], [0.86, 0.925, 0.859, 0.99, 0.793]]
    wrong = [
        LogLinear(draws=0, select="stepwise", tables=2).estimate(classes(sizes, chances, s), 1)
        for s in range(6)
    ]
    assert all(each.middle > 1.7 * 2000 for each in wrong)
    assert sum("does_not_fit" in {r.code for r in each.refused} for each in wrong) >= 5
    right = [
        LogLinear(draws=0, model="[A·B][C][D]").estimate(chained(1000, CHANCES, 0.5, s), 1) for s in range(60)
    ]
    assert sum("does_not_fit" in {r.code for r in each.refused} for each in right) <= 3

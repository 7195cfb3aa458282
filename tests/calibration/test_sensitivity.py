"""How often the answer without a term of all lists, and lists taken as known populations, are right."""

from __future__ import annotations

import pytest

from holdfire.counting.loglinear import LogLinear
from holdfire.counting.sensitivity import HighestInteraction, predict_each
from overlapping import chained, classes


@pytest.mark.parametrize("again", [0.25, 0.6])
def test_the_interval_holds_the_truth_whatever_pairs_do(again: float) -> None:
    found = [HighestInteraction().estimate(chained(1500, [0.4, 0.35, 0.4], again, s), 1) for s in range(80)]
    assert sum(each.low <= 1500 <= each.high for each in found) >= 0.9 * 80


def test_it_does_not_where_people_differ() -> None:
    """The control: a third of the people are on nearly every list, so there is a term of all lists."""
    chances = [[0.1, 0.1, 0.1], [0.8, 0.8, 0.8]]
    found = [HighestInteraction().estimate(classes([20000, 10000], chances, s), 1) for s in range(40)]
    assert sum(each.low <= 30000 <= each.high for each in found) < 0.6 * 40


def test_lists_that_take_people_by_chance_find_each_other() -> None:
    tables = [classes([2500], [[0.35, 0.3, 0.4, 0.3]], seed) for seed in range(15)]
    found = [each for table in tables for each in predict_each(LogLinear(draws=0), table, 1)]
    assert sum(each.held for each in found) >= 0.88 * len(found)


def test_lists_that_share_out_two_peoples_do_not() -> None:
    """The control: the answer of three lists for the fourth, when half of its people are hidden from them."""
    tables = [classes([1200, 1200], [[0.5, 0.02, 0.03, 0.02], [0.5, 0.5, 0.4, 0.5]], s) for s in range(15)]
    first = [predict_each(LogLinear(draws=0), table, 1)[0] for table in tables]
    assert sum(each.held for each in first) < 0.5 * len(first)

"""How often the interval of the average over graphs holds the true number."""

from __future__ import annotations

import pytest
from numpy.random import default_rng

from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.graphs.chordal import chordal
from holdfire.counting.graphs.goodness import chance_of
from overlapping import chained, classes

QUICK = DecomposableGraphs(draws=0, shown=0)
SEEDS = 80


def held(tables: list[tuple[object, int]]) -> float:
    found = [(QUICK.estimate(table, 1), people) for table, people in tables]  # type: ignore[arg-type]
    return sum(each.low <= people <= each.high for each, people in found) / len(found)


@pytest.mark.parametrize("again", [0.2, 0.5])
def test_it_holds_the_truth_where_lists_depend_as_a_graph_says(again: float) -> None:
    share = held([(chained(1000, [0.3, 0.2, 0.25, 0.3], again, seed), 1000) for seed in range(SEEDS)])
    assert share >= 0.90


def test_it_does_not_where_people_differ_and_no_graph_says_so() -> None:
    """The control: three kinds of people, a design on which dga's intervals held the truth in 35 of 100."""
    sizes = [1600, 200, 200]
    chances = [[0.1, 0.05, 0.15, 0.2], [0.5, 0.4, 0.6, 0.4], [0.8, 0.9, 0.6, 0.7]]
    assert held([(classes(sizes, chances, seed), 2000) for seed in range(40)]) < 0.8


def test_a_graph_that_is_true_fits_and_one_that_lists_cannot_be_is_refused() -> None:
    right = [QUICK.estimate(chained(1000, [0.3, 0.2, 0.25, 0.3], 0.5, seed), 1) for seed in range(60)]
    chances = [check.value for each in right for check in each.checks if check.name == "predictive"]
    assert sum(chance < 0.01 for chance in chances) <= 3
    assert 0.3 < sum(chance < 0.5 for chance in chances) / 60 < 0.7
    alone = chordal(4)[[0]]  # no edge at all
    table = chained(1000, [0.3, 0.2, 0.25, 0.3], 0.9, 1).cube().astype(float)
    assert chance_of(table, 300.0, alone, default_rng(1)) < 0.01

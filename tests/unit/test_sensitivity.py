"""What no table can say, each list left out, and each list as a population of known size."""

from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest

from holdfire.counting.estimate import Estimate
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.loglinear import LogLinear, LowerBound
from holdfire.counting.loglinear.models import design
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.sensitivity import HighestInteraction, multiplied, predict_each, tipping, without_each
from holdfire.errors import BadInput
from overlapping import chained, classes, read


def test_gaza_without_a_term_of_all_lists(shared_data: Path) -> None:
    table = read(shared_data, "gaza_2024_3lists_reported")
    assert round(HighestInteraction().plugin(table)) == 64696
    found = HighestInteraction().estimate(table, 1)
    assert found.middle == pytest.approx(64696, rel=0.02)
    named = LogLinear(model="[list1·list2][list1·list3][list2·list3]", draws=0).estimate(table, 1)
    assert (found.low, found.high) == pytest.approx((named.low, named.high), rel=0.03)


def test_a_factor_multiplies_the_undocumented_and_nothing_else() -> None:
    answer = Estimate("any", 100, 300.0, 200.0, 500.0)
    [half, same, twice] = multiplied(answer, [-log(2), 0.0, log(2)])
    assert (half.total, half.low, half.high) == pytest.approx((200, 150, 300))
    assert (same.total, same.low, same.high) == (300, 200, 500)
    assert (twice.total, twice.low, twice.high) == pytest.approx((500, 300, 900))


def test_the_tipping_point_of_half_and_twice_is_log_two() -> None:
    answer = Estimate("any", 100, 300.0, 200.0, 500.0)
    assert tipping(answer, 200) == pytest.approx(-log(2))
    assert tipping(answer, 500) == pytest.approx(log(2))
    for xi in (-1.3, 0.2, 2.0):
        [model] = multiplied(answer, [xi])
        assert tipping(answer, model.total) == pytest.approx(xi)


@pytest.mark.parametrize("total", [100.0, 40.0, float("nan")])
def test_a_number_below_the_documented_has_no_tipping_point(total: float) -> None:
    with pytest.raises(BadInput, match="100 are documented"):
        tipping(Estimate("any", 100, 300.0, 200.0, 500.0), total)


@pytest.mark.parametrize("lists", [3, 4])
def test_the_factor_is_the_term_of_all_lists_and_no_pattern_tells_it(lists: int) -> None:
    """A model with that term fits the same people on lists, and says e^xi as many are on none."""
    rows = design(lists)
    beta = np.linspace(6, 3, 1 << lists) * np.where(np.arange(1 << lists) == 0, 1, -0.1)
    beta[-1] = 0.0
    term = 0.8
    seen = rows[1:] @ beta
    size = (1 << lists) - 1
    other = beta.copy()
    other[-1] = term
    shift = np.linalg.solve(rows[1:][:, 1:], np.full(size, 0.0) + (seen - rows[1:] @ other))
    other[1:] += shift
    assert rows[1:] @ other == pytest.approx(seen)
    free = np.linalg.lstsq(np.hstack([rows[1:][:, :-1]]), seen - term * rows[1:][:, -1], rcond=None)[0]
    assert rows[1:][:, :-1] @ free + term * rows[1:][:, -1] == pytest.approx(seen)
    assert free[0] - beta[0] == pytest.approx((-1) ** lists * term)


def test_a_pattern_that_nobody_carries_makes_it_uncertain_not_impossible() -> None:
    counts = {1: 300, 2: 200, 4: 250, 3: 40, 5: 50, 6: 30, 7: 8}
    full, holed = Overlaps.of("ABC", counts), Overlaps.of("ABC", {**counts, 6: 0})
    one, other = (HighestInteraction().estimate(each, 1) for each in (full, holed))
    assert other.high - other.low > 3 * (one.high - one.low)
    assert not np.isfinite(HighestInteraction().plugin(holed))


def test_without_each_list_independent_lists_say_the_same() -> None:
    table = classes([4000], [[0.3, 0.35, 0.4, 0.45]], 3)
    found = without_each(LogLinear(draws=0), table, 1)
    assert [each.list for each in found] == list("ABCD")
    for each in found:
        assert each.estimate is not None
        assert each.estimate.low <= 4000 <= each.estimate.high


def test_three_lists_have_none_to_spare_for_an_estimator_of_three() -> None:
    table = chained(500, [0.3, 0.3, 0.3], 0.3, 1)
    assert [each.estimate for each in without_each(LogLinear(), table, 1)] == [None] * 3
    assert all(each.estimate is not None for each in without_each(LowerBound(), table, 1))


def test_each_list_is_a_population_of_known_size(shared_data: Path) -> None:
    table = read(shared_data, "kosovo_1999_4lists")
    found = predict_each(DecomposableGraphs(draws=0, shown=0), table, 1)
    assert [each.known for each in found] == table.sizes.tolist()
    assert [each.found for each in found] == [
        s - a for s, a in zip(table.sizes, [1131, 845, 936, 306], strict=True)
    ]
    assert all(each.estimate is not None and each.estimate.documented == each.found for each in found)


def test_a_list_that_shares_nobody_cannot_be_predicted() -> None:
    table = Overlaps.of("ABCD", {1: 50, 2: 40, 4: 30, 8: 20, 3: 12, 5: 9, 6: 8, 7: 4})
    last = predict_each(LogLinear(draws=0), table, 1)[-1]
    assert (last.list, last.known, last.found, last.estimate) == ("D", 20, 0, None)
    assert not last.held
    assert not last.stands


def test_a_seed_is_of_the_list_and_not_of_its_place() -> None:
    table = chained(900, [0.4, 0.3, 0.35, 0.4], 0.4, 2)
    estimator = DecomposableGraphs(draws=50, shown=0)
    one = {each.list: each.estimate for each in without_each(estimator, table, 5)}
    other = {each.list: each.estimate for each in without_each(estimator, table.keep([2, 0, 3, 1]), 5)}
    for name, found in one.items():
        again = other[name]
        assert found is not None
        assert again is not None
        assert found.draws is not None
        assert again.draws is not None
        assert found.draws == pytest.approx(again.draws, abs=1)

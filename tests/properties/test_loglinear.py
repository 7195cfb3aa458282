"""What holds of log-linear estimates for every table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.counting.loglinear import LogLinear, LowerBound
from holdfire.counting.loglinear.models import all_models
from holdfire.counting.loglinear.selecting import fits, stepwise
from holdfire.counting.overlaps import Overlaps


def on(counts: list[int], j: int) -> int:
    """How many people are on a list; an empty one would be left out."""
    return sum(n for pattern, n in enumerate(counts, 1) if pattern >> j & 1)


COUNTS = st.lists(st.integers(0, 300), min_size=15, max_size=15).filter(
    lambda counts: all(on(counts, j) for j in range(4))
)


def table(counts: list[int]) -> Overlaps:
    on = (np.arange(1, 16)[:, None] >> np.arange(4) & 1).astype(bool)
    return Overlaps.of_cells("ABCD", on, np.array(counts, np.int64))


@settings(max_examples=8)
@given(COUNTS, st.permutations(range(4)))
def test_the_order_of_lists_changes_nothing(counts: list[int], order: list[int]) -> None:
    one = LogLinear(draws=0).estimate(table(counts), 1)
    other = LogLinear(draws=0).estimate(table(counts).keep(order), 1)
    for a, b in zip((one.low, one.middle, one.high), (other.low, other.middle, other.high), strict=True):
        assert a == pytest.approx(b, rel=1e-6, nan_ok=True)
    assert {each.code for each in one.refused} == {each.code for each in other.refused}


@settings(max_examples=20)
@given(COUNTS, st.integers(2, 9))
def test_a_models_number_grows_as_its_table_does(counts: list[int], times: int) -> None:
    cube = table(counts).cube().astype(float)
    small, _ = fits(cube, all_models(4)[::9])
    large, _ = fits(cube * times, all_models(4)[::9])
    found = {each.model: each.total for each in large}
    for each in small:
        assert found[each.model] == pytest.approx(times * each.total, rel=1e-5)


@settings(max_examples=20)
@given(COUNTS)
def test_the_number_is_at_least_those_documented_and_inside_its_interval(counts: list[int]) -> None:
    found = LogLinear(draws=50).estimate(table(counts), 1)
    if found.draws is None:
        assert found.refused
    else:
        assert found.documented <= found.low <= found.middle <= found.high
        assert found.draws.min() >= found.documented


@settings(max_examples=20)
@given(COUNTS)
def test_a_model_that_is_chosen_exists(counts: list[int]) -> None:
    missing = stepwise(table(counts).cube().astype(float)[None]).missing
    assert np.isnan(missing[0]) or missing[0] >= 0


@given(COUNTS, st.permutations(range(4)))
def test_the_lower_bound_knows_no_order(counts: list[int], order: list[int]) -> None:
    bound = LowerBound(draws=0)
    one, other = bound.estimate(table(counts), 1), bound.estimate(table(counts).keep(order), 1)
    assert one.middle == pytest.approx(other.middle)
    assert one.documented <= one.low <= one.middle <= one.high

"""Strata are added draw by draw; what is refused is never in the sum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from holdfire.counting import Estimate
from holdfire.counting.assessing import RANGE_OF_MODELS
from holdfire.counting.pooling import pool


def estimate(middle: float, spread: float, seed: int, documented: int = 100) -> Estimate:
    drawn = np.sort(np.random.default_rng(seed).normal(middle, spread, (1, 4000)))
    low, mid, high = np.quantile(drawn, [0.025, 0.5, 0.975])
    return Estimate("any", documented, float(mid), float(low), float(high), draws=drawn)


def test_a_sum_of_independent_strata_is_narrower_than_the_sum_of_their_ends() -> None:
    strata = {name: estimate(1000, 50, n) for n, name in enumerate("abcd")}
    found = pool(strata, {}, seed=1)
    assert found.middle == pytest.approx(4000, rel=0.01)
    assert found.high - found.low == pytest.approx(2 * 1.96 * 50 * 2, rel=0.06)
    ends = sum(each.high - each.low for each in strata.values())
    assert found.high - found.low < 0.6 * ends, "draws given in order were added low to low"


def test_what_is_refused_is_documented_only_and_never_added() -> None:
    alone = pool({"a": estimate(1000, 50, 1)}, {}, seed=1)
    beside = pool({"a": estimate(1000, 50, 1)}, {"b": 700}, seed=1)
    assert (beside.middle, beside.low, beside.high) == (alone.middle, alone.low, alone.high)
    assert (beside.documented, beside.beside, beside.left_out) == (100, 700, ("b",))


def test_the_order_of_strata_changes_nothing_and_the_seed_only_the_draws() -> None:
    strata = {name: estimate(1000 + 100 * n, 50, n) for n, name in enumerate("abc")}
    turned = dict(reversed(strata.items()))
    assert np.array_equal(pool(strata, {}, seed=1).draws, pool(turned, {}, seed=1).draws)
    other = pool(strata, {}, seed=2)
    assert not np.array_equal(pool(strata, {}, seed=1).draws, other.draws)
    assert other.middle == pytest.approx(pool(strata, {}, seed=1).middle, rel=0.01)


def test_a_sum_of_nothing_has_no_number() -> None:
    found = pool({}, {"a": 7, "b": 5}, seed=1)
    assert np.isnan(found.middle)
    assert (found.documented, found.beside, found.left_out) == (0, 12, ("a", "b"))


def test_no_draw_of_a_stratum_is_below_its_documented() -> None:
    found = pool({"a": estimate(1000, 50, 1)}, {}, seed=1, floors={"a": 1000})
    assert found.draws.min() == 1000
    assert found.documented == 1000


def test_how_far_ranges_lie_beyond_their_draws_is_added_whole() -> None:
    drawn = {name: estimate(1000, 50, n) for n, name in enumerate("ab")}
    wide = {name: replace(e, method=RANGE_OF_MODELS, low=e.low - 300, high=e.high + 700)
            for name, e in drawn.items()}  # fmt: skip
    plain, ranged = pool(drawn, {}, seed=1), pool(wide, {}, seed=1)
    assert not plain.ranged
    assert ranged.ranged
    assert ranged.low == pytest.approx(plain.low - 600, abs=5)
    assert ranged.high == pytest.approx(plain.high + 1400, abs=5)
    alone = pool({"a": wide["a"]}, {}, seed=1)
    assert (alone.low, alone.high) == pytest.approx((wide["a"].low, wide["a"].high), abs=5)
    floored = pool({"a": wide["a"]}, {}, seed=1, floors={"a": 990})
    assert floored.low == pytest.approx(990, abs=1), "nobody documented is taken away again"

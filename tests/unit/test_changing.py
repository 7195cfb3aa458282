"""Chances of change against every way to cut, written out; spans; and rhythms of the week."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from holdfire.judging import changing
from holdfire.judging.changing import posterior
from holdfire.judging.cutting import SHORTEST, dispersion, held
from holdfire.judging.season import weekdays


def ways(start: int, n: int) -> list[tuple[int, ...]]:
    """Return every way to cut the days from one on into levels long enough."""
    found: list[tuple[int, ...]] = [(n,)] if n - start >= SHORTEST else []
    for cut in range(start + SHORTEST, n - SHORTEST + 1):
        found += [(cut, *rest) for rest in ways(cut, n)]
    return found


def logarithm(counts: np.ndarray, edges: tuple[int, ...], apart: float) -> float:  # type: ignore[type-arg]
    """Return the logarithm of the weight of one way to cut, from the formulas of the module's docstring."""
    days = held(counts)
    k, n = dispersion(days), len(days)
    a, b = changing.WORTH * k, changing.WORTH * max(float(days.mean()), 0.05)

    def beta(x: float, y: float) -> float:
        return math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)

    total = 0.0
    for first, after in pairwise((0, *edges)):
        run = after - first
        total += (beta(a + run * k, b + float(days[first:after].sum())) - beta(a, b)) / changing.clumping(
            days, k
        )
        total += (run - SHORTEST) * math.log(1 - 1 / apart) + (0 if after == n else math.log(1 / apart))
    return total


@pytest.mark.parametrize("seed", range(5))
def test_chances_are_the_sum_over_every_way_to_cut(seed: int) -> None:
    chance = np.random.default_rng(seed)
    counts = chance.poisson(chance.choice([2, 20, 60], 4).repeat(6)).astype(float)
    n, apart = len(counts), 30.0
    logs = {edges: logarithm(counts, edges, apart) for edges in ways(0, n)}
    weights = {edges: math.exp(each - max(logs.values())) for edges, each in logs.items()}
    whole = sum(weights.values())
    found = posterior(counts, apart)
    for day in range(n):
        expected = sum(w for edges, w in weights.items() if day in edges[:-1]) / whole
        assert found.chances[day] == pytest.approx(expected, abs=1e-9)
        near = sum(w for edges, w in weights.items() if any(abs(day - c) <= 3 for c in edges[:-1])) / whole
        assert found.near(day, 3) == pytest.approx(near, abs=1e-9)


def test_a_sharp_change_is_sure_and_dated_to_the_day() -> None:
    chance = np.random.default_rng(2)
    counts = chance.poisson(np.repeat([50, 5], 40)).astype(float)
    found = posterior(counts)
    assert found.near(40) > 0.99
    assert found.span(0, 40, 80) == (40, 40)
    assert found.near(15) < 0.2


def test_a_soft_change_has_a_wide_span_that_holds_the_day() -> None:
    chance = np.random.default_rng(2)
    counts = chance.poisson(chance.gamma(3, np.repeat([20, 11], 60) / 3)).astype(float)
    found = posterior(counts)
    first, last = found.span(0, 60, 120)
    assert first <= 60 <= last
    assert last - first >= 4
    narrow = found.span(0, 60, 120, 0.3)
    assert first <= narrow[0] <= narrow[1] <= last


@pytest.mark.parametrize("days", [0, 1, 9, 10, 30])
def test_short_and_empty_series_have_no_change(days: int) -> None:
    found = posterior(np.zeros(days))
    assert len(found.chances) == days
    assert found.chances.sum() < 0.5
    assert found.near(0, 0) == 0


def test_a_series_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="more than the 4000"):
        posterior(np.zeros(4_001))


def test_days_that_hang_together_make_a_change_less_sure() -> None:
    chance = np.random.default_rng(4)
    apart, rows = [], []
    for _ in range(20):
        strength = chance.gamma(4, 45 / 4, 243)
        for out in (apart, rows):
            days = chance.poisson(strength).astype(float)
            out.append(changing.clumping(held(days), dispersion(held(days))))
            for day in range(1, 243):  # now three days in ten are as strong as the day before
                if chance.random() < 0.3:
                    strength[day] = strength[day - 1]
    assert np.median(apart) < 1.6
    assert np.median(rows) > 1.2 * np.median(apart)


def test_a_market_day_is_found_and_a_week_like_any_other_is_left_alone() -> None:
    chance = np.random.default_rng(9)
    rhythm = np.array([1.5, 1, 1, 1, 1, 0.5, 1])
    means = 40 * np.tile(rhythm, 40)
    found = weekdays(chance.poisson(chance.gamma(6, means / 6)).astype(float))
    assert found[0] > 1.25
    assert found[5] < 0.75
    assert found[:7].tolist() == found[7:14].tolist()
    flat = [weekdays(chance.poisson(chance.gamma(6, 40 / 6, 280)).astype(float)) for _ in range(60)]
    assert sum(bool((each != 1).any()) for each in flat) <= 4
    assert (weekdays(np.zeros(100)) == 1).all()
    assert (weekdays(chance.poisson(means[:30]).astype(float)) == 1).all(), (
        "four weeks say nothing of weekdays"
    )


def test_a_truce_is_no_rhythm() -> None:
    chance = np.random.default_rng(1)
    means = np.repeat([40.0, 8.0, 40.0], [100, 40, 103])
    assert (weekdays(chance.poisson(chance.gamma(6, means / 6)).astype(float)) == 1).all()

"""Mixtures: equal weights, one law, shares of one; nobody's order or name moves anything."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.counting.mixing import Mixture, Under, mix
from holdfire.errors import BadInput

Given = dict[Under, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]


def made(seed: int, sizes: tuple[int, int, int], moved: tuple[float, float, float], n: int = 50) -> Given:
    """Return draws of 1,000 and some, moved by each imputation, linkage and model."""
    chance = np.random.default_rng(seed)
    each = [chance.normal(0, s, k) if s else np.zeros(k) for s, k in zip(moved, sizes, strict=True)]
    return {
        Under(i, j, f"model {k}"): 1000 + each[0][i] + each[1][j] + each[2][k] + chance.normal(0, 10, n)
        for i, j, k in np.ndindex(*sizes)
    }


def total(found: Mixture) -> float:
    s = found.shares
    return s.within + s.imputations + s.linkages + s.models + s.together


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.tuples(*[st.integers(1, 4)] * 3),
    st.tuples(*[st.sampled_from([0.0, 5.0, 300.0])] * 3),
)
def test_shares_are_of_one_and_are_those_of_all_draws(
    seed: int, sizes: tuple[int, int, int], moved: tuple[float, float, float]
) -> None:
    draws = made(seed, sizes, moved)
    found = mix(draws)
    assert total(found) == pytest.approx(1, abs=1e-9)
    assert min(vars_of(found)) >= 0
    whole = np.concatenate(list(draws.values()))
    within = np.mean([each.var() for each in draws.values()])
    assert found.shares.within == pytest.approx(within / whole.var(), rel=1e-6)
    for side, share in enumerate((found.shares.imputations, found.shares.linkages, found.shares.models)):
        if sizes[side] == 1:
            assert share == pytest.approx(0, abs=1e-12)


def vars_of(found: Mixture) -> list[float]:
    return [getattr(found.shares, name) for name in found.shares.__slots__]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.randoms())
def test_order_and_names_change_nothing(seed: int, random: object) -> None:
    draws = made(seed, (2, 3, 2), (20.0, 40.0, 10.0))
    items = list(draws.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    renamed = {Under(9 - u.imputation, 7 - u.linkage, u.model[::-1]): d[::-1] for u, d in items}
    one, other = mix(draws), mix(renamed)
    assert (one.middle, one.low, one.high) == pytest.approx((other.middle, other.low, other.high), rel=1e-12)
    assert vars_of(one) == pytest.approx(vars_of(other), abs=1e-9)


def test_each_combination_counts_alike_however_many_draws_it_has() -> None:
    few, many = np.full(10, 100.0), np.full(10_000, 200.0)
    found = mix({Under(0, 0, "a"): few, Under(0, 0, "b"): many})
    assert found.shares.models == pytest.approx(1)
    assert found.middle == pytest.approx(150, abs=50)
    assert (found.low, found.high) == (100, 200)


def test_ends_are_those_of_all_draws_and_no_average_of_ends() -> None:
    chance = np.random.default_rng(1)
    draws = {Under(0, j, "a"): chance.normal(1000 * (j + 1), 10, 500) for j in range(2)}
    found = mix(draws)
    averaged = np.mean([np.quantile(each, 0.025) for each in draws.values()])
    assert found.low < 1000 < averaged < 2000 < found.high


def test_a_linkage_that_moves_one_model_alone_is_told_as_together() -> None:
    draws = {
        Under(0, j, k): np.full(5, 100.0 + (50 if (j, k) in {(0, "a"), (1, "b")} else 0))
        for j in range(2)
        for k in "ab"
    }
    assert mix(draws).shares.together == pytest.approx(1)


def test_linkages_that_change_nothing_have_the_share_of_chance() -> None:
    shares = [mix(made(seed, (1, 5, 1), (0, 0, 0), 200)).shares.linkages for seed in range(200)]
    # Means of 200 draws of the same law vary by 1/200 of its variance; of five, four parts are free.
    assert np.mean(shares) == pytest.approx(0.8 / 200, rel=0.2)
    moved = [mix(made(seed, (1, 5, 1), (0, 30, 0), 200)).shares.linkages for seed in range(50)]
    assert np.mean(moved) > 0.7  # the control


def test_a_missing_combination_is_refused() -> None:
    draws = made(1, (2, 2, 1), (0, 0, 0))
    del draws[Under(1, 1, "model 0")]
    with pytest.raises(BadInput, match="1 combinations of imputation, linkage and model have no draws: 1, 1"):
        mix(draws)
    with pytest.raises(BadInput):
        mix({})


def test_linkages_that_move_the_number_more_than_models_come_first() -> None:
    far = {
        Under(0, j, k): np.full(9, 1000.0 * (1 + 4 * j) * (1 + 0.1 * (k == "b")))
        for j in range(2)
        for k in "ab"
    }
    (reason,) = mix(far).refused
    assert reason.code == "linkage_first"
    assert reason.facts["linkages"] == pytest.approx(5, rel=0.05)
    near = {under: 1000 + each / 100 for under, each in far.items()}
    assert not mix(near).refused


def test_the_mixture_holds_the_truth_where_linkages_differ() -> None:
    """A truth drawn from the law that draws come from lies in its interval as often as the interval says."""
    held = 0
    for seed in range(400):
        draws = made(seed, (1, 40, 1), (0, 20, 0), 40)
        truth = 1000 + np.random.default_rng([seed, 1]).normal(0, np.hypot(20, 10))
        found = mix(draws)
        held += found.low <= truth <= found.high
    assert 0.91 <= held / 400 <= 0.98
    control = 0
    for seed in range(400):  # one linkage alone is too sure
        draws = made(seed, (1, 1, 1), (0, 20, 0), 40)
        truth = 1000 + np.random.default_rng([seed, 1]).normal(0, np.hypot(20, 10))
        found = mix(draws)
        control += found.low <= truth <= found.high
    assert control / 400 < 0.7

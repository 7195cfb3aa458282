"""Chains that disagree, draws that are too few and modes that are apart are told; sound ones are not."""

from __future__ import annotations

import numpy as np
import pytest

from holdfire.counting.diagnosing import checks, modes
from holdfire.counting.estimate import Estimate, Model
from holdfire.counting.overlaps import Overlaps
from holdfire.counting.refusing import of_draws, of_several, of_table

RNG = np.random.default_rng(4)


def failed(total: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> set[str]:
    return {c.name for c in checks(total, np.log(total)) if not c.passed}


def test_chains_that_agree_pass_and_a_stray_one_does_not() -> None:
    total = 5000 + 300 * RNG.normal(size=(8, 800))
    assert failed(total) == set()
    total[3] += 2500
    assert "rhat" in failed(total)


def test_draws_that_hang_together_are_few() -> None:
    walk = np.cumsum(RNG.normal(size=(8, 800)), axis=1)
    assert {"ess_bulk", "ess_tail"} & failed(5000 + 10 * walk)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_two_modes_are_told_with_their_weights(share: float) -> None:
    total = np.where(RNG.random((8, 1500)) < share, 50_000, 140_000) * np.exp(
        0.06 * RNG.normal(size=(8, 1500))
    )
    found = modes(total, np.zeros_like(total), np.ones_like(total))
    assert len(found) == 2
    small = min(found, key=lambda mode: mode.middle)
    assert small.weight == pytest.approx(share, abs=0.02)
    assert small.middle == pytest.approx(50_000, rel=0.02)


@pytest.mark.parametrize("spread", [0.02, 0.2, 0.8])
def test_one_long_tail_is_one_mode(spread: float) -> None:
    total = 10_000 * np.exp(spread * RNG.normal(size=(8, 1500)) ** 2)
    assert len(modes(total, np.zeros_like(total), np.ones_like(total))) == 1


def codes(table: Overlaps) -> set[str]:
    return {reason.code for reason in of_table(table)}


def test_tables_that_say_nothing_are_refused_with_the_reason() -> None:
    good = {1: 100, 2: 80, 3: 20, 4: 60, 5: 9, 6: 8, 7: 4}
    assert codes(Overlaps.of("ABC", good)) == set()
    assert "too_few_lists" in codes(Overlaps.of("AB", {1: 100, 2: 80, 3: 20}))
    assert "no_overlap" in codes(Overlaps.of("ABC", {1: 100, 2: 80, 4: 60}))
    assert "islands" in codes(Overlaps.of("ABCD", {1: 90, 2: 80, 3: 20, 4: 60, 8: 40, 12: 15}))
    assert "copy" in codes(Overlaps.of("ABC", good | {1: 2, 2: 3, 3: 900}))
    assert "part" in codes(Overlaps.of("ABCD", good | {9: 40, 11: 9}))
    assert "copy" not in codes(Overlaps.of("ABCD", good | {9: 5, 11: 3}))
    assert "copy" not in codes(Overlaps.of("ABCDE", good | {25: 2}))
    assert "copy" in codes(Overlaps.of("ABCDE", good | {25: 20}))
    assert "too_few_people" in codes(Overlaps.of("ABC", {k: n // 8 + 1 for k, n in good.items()}))
    assert "little_overlap" in codes(Overlaps.of("ABC", {1: 100, 2: 80, 3: 3, 4: 60, 5: 2, 6: 2, 7: 1}))


def test_modes_far_apart_and_models_far_apart_give_no_one_number() -> None:
    def said(middle: float, *weights: tuple[float, float]) -> Estimate:
        models = tuple(Model(f"mode {n}", total, weight=w) for n, (total, w) in enumerate(weights))
        return Estimate("latent_class", 4000, middle, middle * 0.8, middle * 1.2, models=models)

    two = said(9000, (8000, 0.6), (12_000, 0.4))
    assert {r.code for r in of_draws(two)} == {"two_modes"}
    assert of_draws(said(9000, (8000, 0.6), (9500, 0.4))) == ()
    assert of_draws(said(9000, (8000, 0.97), (12_000, 0.03))) == ()
    assert {r.code for r in of_draws(said(60_000, (60_000, 1.0)))} == {"upper_end_far"}
    assert {r.code for r in of_several([said(9000), said(19_000)])} == {"models_disagree"}
    assert of_several([said(9000), said(12_000)]) == ()

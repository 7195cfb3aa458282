"""Reliability and calibration on labels drawn from known probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from holdfire.errors import BadInput
from holdfire.fusing.grouping.calibrating import Calibration, fit, probability, reliability, resampled

CHANCE = np.random.default_rng(5)


def labelled(count: int, shift: float = 0, slope: float = 1) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Return weights, and labels that are true as often as a bent weight says."""
    weight = CHANCE.integers(-6000, 9000, count)
    return weight, CHANCE.random(count) < probability(shift + slope * weight)


def test_probabilities_that_mean_what_they_say_have_a_small_error_and_others_a_large_one() -> None:
    weight, same = labelled(40_000)
    assert reliability(probability(weight), same).error < 0.01
    assert reliability(probability(weight + 3000), same).error > 0.1  # the control


def test_a_bin_is_counted_by_hand() -> None:
    found = reliability([0.2, 0.2, 0.8, 0.8], [False, True, True, True], bins=2)
    assert found.said.tolist() == [0.2, 0.8]
    assert found.true.tolist() == [0.5, 1.0]
    assert found.error == pytest.approx((0.3 * 2 + 0.2 * 2) / 4)


def test_pairs_of_one_probability_stay_together_in_any_order() -> None:
    same = np.array([True] * 50 + [False] * 50)
    assert reliability(np.full(100, 0.5), same).error == reliability(np.full(100, 0.5), same[::-1]).error == 0


@pytest.mark.parametrize(("count", "within"), [(400, 0.08), (3000, 0.03), (40_000, 0.015)])
def test_a_fit_mends_weights_that_are_bent(count: int, within: float) -> None:
    weight, same = labelled(count, shift=-2000, slope=0.6)
    mended = fit(weight, same)
    fresh, truth = labelled(40_000, shift=-2000, slope=0.6)
    assert reliability(probability(fresh), truth).error > 0.15
    assert reliability(probability(mended.weights(fresh)), truth).error < within


def test_heavier_never_gets_less() -> None:
    for count in (20, 300, 9000):
        weight, same = labelled(count, slope=0.2)
        bent = fit(weight, same).weights(np.arange(-30_000, 30_000, 50))
        assert (np.diff(bent) >= 0).all()


def test_few_labels_and_labels_of_one_kind_stay_sane() -> None:
    weight = np.array([4000, 6000, 9000])
    bent = fit(weight, np.array([True] * 3)).weights(weight)
    assert (np.abs(bent - weight) < 3000).all()


def test_importance_stands_for_more_pairs() -> None:
    weight, same = labelled(3000)
    odd = np.where(same, 3.0, 1.0)
    assert fit(weight, same, odd).weights([0])[0] > fit(weight, same).weights([0])[0] + 800


def test_resamples_differ_but_repeat() -> None:
    weight, same = labelled(300)
    one, two = resampled(weight, same, None, 5, 1), resampled(weight, same, None, 5, 1)
    assert one == two
    assert len({each.to for each in one}) > 1


def test_the_order_of_labels_changes_nothing() -> None:
    weight, same = labelled(5000)
    order = CHANCE.permutation(5000)
    assert fit(weight, same) == fit(weight[order], same[order])


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(BadInput, match="must rise"):
        Calibration((0, 1), (5, 4))
    with pytest.raises(BadInput, match="outside 0 to 1"):
        reliability([1.5], [True])
    with pytest.raises(BadInput, match="do not fit together"):
        fit([], [])
    with pytest.raises(BadInput, match="not above 0"):
        fit([1], [True], [0])

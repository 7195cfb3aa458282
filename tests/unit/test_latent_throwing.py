"""Binomial draws and dealt people follow their law; a law that is a little off is found out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from holdfire.compiling import compiled

DRAWS = 20_000


def drawn(people: int, share: float) -> np.ndarray:  # type: ignore[type-arg]
    """Return draws of our binomial, which a compiled loop makes."""
    loops, rng = compiled("holdfire.counting.latent.throwing"), np.random.default_rng(7)
    return np.array([loops.binomial(rng, people, share) for _ in range(DRAWS)])


def pvalue(found: np.ndarray, people: int, share: float) -> float:  # type: ignore[type-arg]
    """Return how likely draws are under a binomial law, by a chi-square of values in about twenty parts."""
    law = stats.binom(people, share)
    cuts = np.unique(law.ppf(np.linspace(0.05, 0.95, 19)))
    edges = np.concatenate([[-1], cuts, [people]])
    edges = np.unique(edges)
    expected = np.diff(law.cdf(edges)) * DRAWS
    counted = np.histogram(found, edges + 0.5)[0]
    keep = expected > 5
    scale = counted[keep].sum() / expected[keep].sum()
    return float(stats.chisquare(counted[keep], expected[keep] * scale).pvalue)


# Inverted, by rejection (with k below and above ten in Stirling's rest), and chances beyond a half.
@pytest.mark.parametrize(
    ("people", "share"), [(13, 0.1), (60, 0.15), (40, 0.3), (900, 0.013), (900, 0.4), (2500, 0.97), (21, 0.5)]
)
def test_a_binomial_draw_has_its_law(people: int, share: float) -> None:
    found = drawn(people, share)
    assert found.min() >= 0
    assert found.max() <= people
    assert pvalue(found, people, share) > 1e-3
    assert pvalue(found, people, share + 0.15 * np.sqrt(share * (1 - share) / people)) < 1e-6


@pytest.mark.parametrize("people", [9, 400])
def test_people_are_dealt_by_weight_in_whatever_order(people: int) -> None:
    loops, rng = compiled("holdfire.counting.latent.throwing"), np.random.default_rng(3)
    weight = np.array([[9.0, 9.0, 9.0, 9.0], [3.5, 0.25, 1.0, 0.0]])
    sums = []
    for order in ([0, 2, 1, 3], [3, 1, 2, 0]):
        got = np.zeros((2, 4), np.int64)
        for _ in range(3000):
            loops.deal(rng, people, weight, 1, 4.75, np.array(order), got)
        assert got[1].sum() == 3000 * people
        assert not got[0].any()
        assert got[1, 3] == 0
        sums.append(got[1, :3])
    assert stats.chi2_contingency(np.array(sums)).pvalue > 1e-3
    assert stats.chisquare(sums[0], np.array([3.5, 0.25, 1.0]) / 4.75 * 3000 * people).pvalue > 1e-3
    assert stats.chisquare(sums[0], np.array([3.4, 0.3, 1.05]) / 4.75 * 3000 * people).pvalue < 1e-3

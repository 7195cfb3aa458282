"""See whether match probabilities mean what they say, and mend weights where they do not.

Of pairs given a probability near 0.7, seven in ten should be one. `reliability` compares the two in bins of
equal count; the mean gap is the expected calibration error (Naeini, M. P., Cooper, G. F. and Hauskrecht, M.,
2015, AAAI). `fit` learns from reviewed or simulated pairs how weights must be bent: from few a line in log
odds (Platt, J., 1999, held near the identity), from many a rising line of straight pieces through bins made
monotone (pool adjacent violators: Ayer, M. et al., 1955). Heavier weights never get a smaller probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import default_rng

from holdfire.errors import BadInput

Reals = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

MANY = 4000
"""Labelled pairs from which bins are fitted; fewer fit a line."""

BIN = 200
"""Least labelled pairs of a bin of the fit."""

STEADY = 4.0
"""How many pairs' worth of belief hold a line near the identity; a few hundred outweigh them."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """What probabilities said and what was true, in bins of equal count from low to high.

    Attributes:
        said: Mean probability of each bin.
        true: Share of its pairs that are one.
        count: Its pairs.
        error: Expected calibration error: the mean gap, weighted by count.
    """

    said: Reals
    true: Reals
    count: Numbers
    error: float


def reliability(probability: npt.ArrayLike, same: npt.ArrayLike, bins: int = 15) -> Reliability:
    """Return how reliable probabilities are on pairs whose truth is known.

    Pairs of one probability stay in one bin, so the order in which they are given changes nothing.

    Raises:
        BadInput: No pairs, unlike lengths, or a probability that is none.
    """
    said, true = np.asarray(probability, np.float64), np.asarray(same, np.float64)
    if not len(said) or len(said) != len(true):
        raise BadInput(
            f"{len(said)} probabilities and {len(true)} truths: reliability needs one of each a pair"
        )
    if not (said.min() >= 0 and said.max() <= 1):
        raise BadInput("a probability lies outside 0 to 1")
    _, place, counts = np.unique(said, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2
    bin_of = np.minimum((middle * bins / len(said)).astype(np.int64), bins - 1)[place]
    count = np.bincount(bin_of, minlength=bins)
    full = count > 0
    mean = np.bincount(bin_of, said, bins)[full] / count[full]
    share = np.bincount(bin_of, true, bins)[full] / count[full]
    error = float((np.abs(mean - share) * count[full]).sum() / len(said))
    return Reliability(mean, share, count[full].astype(np.int64), error)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising line of straight pieces from weights to calibrated weights, as whole numbers fit for JSON.

    Attributes:
        at: Weights where pieces meet, ascending [millibits]; none: weights stay as they are.
        to: Calibrated weights there, ascending [millibits].
    """

    at: tuple[int, ...] = ()
    to: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Check that it rises.

        Raises:
            BadInput: It does not, or the two are not of one length.
        """
        falls = any(x >= y for x, y in zip(self.at, self.at[1:], strict=False)) or any(
            x > y for x, y in zip(self.to, self.to[1:], strict=False)
        )
        if len(self.at) != len(self.to) or falls:
            raise BadInput("a calibration must rise, with one calibrated weight for each weight")

    def weights(self, weight: npt.ArrayLike) -> npt.NDArray[np.int32]:
        """Return calibrated weights [millibits]; beyond the ends they move in step with the weight."""
        given = np.asarray(weight, np.float64)
        if not self.at:
            return np.rint(given).astype(np.int32)
        at, to = np.array(self.at, np.float64), np.array(self.to, np.float64)
        inside = np.interp(given, at, to)
        beyond = np.minimum(given - at[0], 0) + np.maximum(given - at[-1], 0)
        bent: npt.NDArray[np.int32] = np.rint(inside + beyond).astype(np.int32)
        return bent


def probability(weight: npt.ArrayLike) -> Reals:
    """Return the probability that log2 odds in millibits mean."""
    return np.asarray(1 / (1 + np.exp2(-np.asarray(weight, np.float64) / 1000)), np.float64)


def fit(weight: npt.ArrayLike, same: npt.ArrayLike, importance: npt.ArrayLike | None = None) -> Calibration:
    """Return the calibration that labelled pairs support.

    Args:
        weight: Weights of the pairs [millibits].
        same: Whether each is one.
        importance: How many pairs each stands for (one over its chance of being picked); equal without it.

    Raises:
        BadInput: No pairs, unlike lengths, or an importance that is not above 0.
    """
    x, y = np.asarray(weight, np.float64), np.asarray(same, np.float64)
    each = np.ones(len(x)) if importance is None else np.asarray(importance, np.float64)
    if not len(x) or not len(x) == len(y) == len(each):
        raise BadInput(f"{len(x)} weights, {len(y)} labels and {len(each)} importances do not fit together")
    if each.min() <= 0:
        raise BadInput("an importance is not above 0", hint="it is one over the chance of being picked")
    # In a fixed order, so that float sums do not depend on the order given.
    order = np.lexsort((each, y, x))
    x, y, each = x[order], y[order], each[order] * len(x) / each.sum()
    return _line(x, y, each) if len(x) < MANY else _pieces(x, y, each)


def resampled(
    weight: npt.NDArray[Any],
    same: npt.NDArray[Any],
    importance: npt.NDArray[Any] | None,
    count: int,
    seed: int,
) -> list[Calibration]:
    """Return the calibrations that resamples of the labelled pairs support: how far they leave it in doubt.

    Args:
        weight: Weights of the pairs [millibits].
        same: Whether each is one.
        importance: How many pairs each stands for.
        count: Resamples (bootstrap: Efron, B., 1979).
        seed: Decides them.
    """
    chance = default_rng(seed)
    each = np.ones(len(weight)) if importance is None else importance
    picks = [chance.integers(0, len(weight), len(weight)) for _ in range(count)]
    return [fit(weight[pick], same[pick], each[pick]) for pick in picks]


def _line(x: Reals, y: Reals, each: Reals) -> Calibration:
    """Return a line in log odds by Newton's steps; a weak prior holds it at slope 1 and shift 0."""
    bits = x / 1000 * np.log(2)
    spread = max(1.0, float(np.sqrt(np.mean(bits * bits))))
    shift, slope = 0.0, 1.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(shift + slope * bits, -40, 40)))
        left, curve = each * (y - p), each * p * (1 - p)
        g0 = left.sum() - STEADY * 0.25 * shift
        g1 = (left * bits).sum() - STEADY * spread**2 * (slope - 1)
        h00, h01 = curve.sum() + STEADY * 0.25, (curve * bits).sum()
        h11 = (curve * bits * bits).sum() + STEADY * spread**2
        fall = h00 * h11 - h01 * h01
        # Half steps at most, so that separated labels cannot throw it far.
        shift += float(np.clip((h11 * g0 - h01 * g1) / fall, -1, 1))
        slope += float(np.clip((h00 * g1 - h01 * g0) / fall, -0.5, 0.5))
        slope = max(0.05, slope)
    ends = np.array([-20_000, 20_000])
    to = np.rint(shift / np.log(2) * 1000 + slope * ends).astype(int)
    return Calibration((-20_000, 20_000), (int(to[0]), int(to[1])))


def _pieces(x: Reals, y: Reals, each: Reals) -> Calibration:
    """Return a line through bins of equal count, made monotone."""
    parts = [part for part in np.array_split(np.arange(len(x)), min(40, len(x) // BIN)) if len(part)]
    blocks = [
        [float((x[p] * each[p]).sum()), float((y[p] * each[p]).sum()), float(each[p].sum())] for p in parts
    ]
    rising: list[list[float]] = []
    for block in blocks:
        rising.append(block)
        while len(rising) > 1 and rising[-2][1] * rising[-1][2] >= rising[-1][1] * rising[-2][2]:
            last = rising.pop()
            rising[-1] = [a + b for a, b in zip(rising[-1], last, strict=True)]
    at, to = [], []
    for total, true, size in rising:
        share = (true + 0.5) / (size + 1)  # never certain
        at.append(round(total / size))
        to.append(round(1000 * float(np.log2(share / (1 - share)))))
    kept = [k for k in range(len(at)) if k == 0 or (at[k] > at[k - 1] and to[k] >= to[k - 1])]
    return Calibration(
        tuple(at[k] for k in kept), tuple(np.maximum.accumulate([to[k] for k in kept]).tolist())
    )

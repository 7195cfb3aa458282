"""How sure a model is of its number: the profile of its likelihood, and profiles of several models weighed.

With N people in all, the likelihood is multinomial and its height at N, other parameters chosen best, gives
the interval (Cormack 1992, Biometrics 48:567-576). The signed root of twice the depth below the top is about
normal, so it also says with what confidence the number is below N. Weighing those confidences over models
gives the interval of Fletcher and Turek 2012 (Journal of Agricultural, Biological and Environmental
Statistics 17:38-51), which is as wide as models disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import gammaln, ndtr, xlogy

from holdfire.counting.loglinear.fitting import fit
from holdfire.counting.loglinear.models import Floats, design
from holdfire.counting.loglinear.selecting import Fitted

NODES = 33
"""Numbers at which a profile is worked out."""
DEEP = 4.5
"""How many standard deviations to either side a profile is followed."""
WIDER = 6
"""How often it is tried again with a wider stretch."""
POINTS = 2001
"""Points at which a profile is drawn through its nodes."""
FEWEST = float(np.log(1e-3))
"""Logarithm of the fewest undocumented thought of."""
MOST = float(np.log(1e5))
"""Logarithm of the most undocumented for each documented."""


@dataclass(frozen=True)
class Confidence:
    """With what confidence the number of undocumented is below each of these.

    Attributes:
        missing: Numbers undocumented, ascending (points,).
        below: Confidence (points,), ascending.
    """

    missing: Floats
    below: Floats

    def quantile(self, shares: Floats) -> Floats:
        """Return numbers undocumented below which the number is with these confidences."""
        kept = np.concatenate([[True], np.diff(self.below) > 0])
        log = np.interp(shares, self.below[kept], np.log(self.missing[kept]))
        found: Floats = np.exp(log)
        return found


def profiles(counts: Floats, fitted: Sequence[Fitted]) -> list[Confidence]:
    """Return the confidence that each model gives.

    Args:
        counts: People of each pattern (2^lists,); the first is 0.
        fitted: Models fitted to it.
    """
    wide = np.full(len(fitted), 1.2 * DEEP)
    found: list[Confidence | None] = [None] * len(fitted)
    left = list(range(len(fitted)))
    for attempt in range(WIDER):
        ladder = np.linspace(-1, 1, NODES)
        scale = np.array([max(fitted[k].spread, 1e-3) + 1 / np.sqrt(fitted[k].missing + 1) for k in left])
        middle = np.array([np.log(max(fitted[k].missing, 0.5)) for k in left])
        logs = middle[:, None] + ladder * (wide[left] * scale)[:, None]
        logs = np.clip(logs, FEWEST, MOST + np.log(counts.sum()))
        heights = _heights(counts, [fitted[k] for k in left], np.exp(logs))
        again = []
        for k, log, height in zip(left, logs, heights, strict=True):
            found[k], low, high = _confidence(log, height)
            followed = (low or log[0] <= FEWEST) and (high or log[-1] >= MOST + np.log(counts.sum()))
            if not followed and attempt < WIDER - 1:
                wide[k] *= 1.7
                again.append(k)
        left = again
        if not left:
            break
    return [each for each in found if each is not None]


def _heights(counts: Floats, fitted: Sequence[Fitted], missing: Floats) -> Floats:
    """Return the multinomial log-likelihood of each model at each number undocumented (models, numbers)."""
    many = missing.shape[1]
    tables = np.repeat(np.tile(counts, (len(fitted), 1)), many, axis=0)
    tables[:, 0] = missing.ravel()
    terms = np.repeat(np.array([each.ground.terms for each in fitted]), many, axis=0)
    cells = np.repeat(np.array([each.ground.cells for each in fitted]), many, axis=0)
    cells[:, 0] = True
    expected = fit(design(fitted[0].model.lists), tables, terms, cells).expected
    total = tables.sum(axis=1)
    height = (
        gammaln(total + 1)
        - gammaln(tables[:, 0] + 1)
        + xlogy(tables, np.maximum(expected, 1e-300)).sum(axis=1)
    )
    found: Floats = (height - total * np.log(total)).reshape(missing.shape)
    return found


def _confidence(log: Floats, height: Floats) -> tuple[Confidence, bool, bool]:
    """Return the confidence of one profile, and whether it was followed far enough to either side."""
    kept = np.concatenate([[True], np.diff(log) > 1e-9])
    log, height = log[kept], height[kept]
    dense = np.linspace(log[0], log[-1], POINTS)
    drawn = CubicSpline(log, height)(dense)
    top = int(drawn.argmax())
    depth = np.sqrt(np.maximum(2 * (drawn[top] - drawn), 0))
    root = np.where(np.arange(POINTS) < top, -depth, depth)
    root = np.maximum.accumulate(root)
    return Confidence(np.exp(dense), ndtr(root)), bool(root[0] < -DEEP), bool(root[-1] > DEEP)


def weighed(each: Sequence[Confidence], shares: Floats) -> Confidence:
    """Return the confidences of several models weighed by their shares."""
    low = min(one.missing[0] for one in each)
    high = max(one.missing[-1] for one in each)
    log = np.linspace(np.log(low), np.log(high), 2 * POINTS)
    below = np.zeros(len(log))
    for one, share in zip(each, shares / shares.sum(), strict=True):
        below += share * np.interp(log, np.log(one.missing), one.below)
    return Confidence(np.exp(log), below)

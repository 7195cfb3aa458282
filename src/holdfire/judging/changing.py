"""How surely, and between which days, the level of a daily series changed.

`cutting.cut` finds the one best way to cut a series into levels. Here every way is weighed: the days of a
level follow one negative binomial, its mean is given the conjugate prior that is worth half a day at the
series' own mean, so each level's likelihood is exact, and the sum over all ways to cut is exact too (forward
and backward recursions: Fearnhead 2006, Statistics and Computing 16:203-213; Barry and Hartigan 1992,
Ann. Statist. 20:260-279). From it follow the chance that a level begins on a
day, the chance that some level begins within days of it, and the span of days that holds the change.

A chance is one of the model. Days that hang together more than it supposes make it too sure;
tests/calibration/test_changing.py holds what is said against series and made worlds whose changes are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, logsumexp

from holdfire.judging.cutting import SHORTEST, Floats, cut, dispersion, held

APART = 60
"""Days from one change to the next that are expected before any is seen [days]."""

WORTH = 0.5
"""Days of record that the prior on a level's mean is worth [days]."""

NEAR = 4
"""How many days off a change may be and still be the one that was meant [days]."""

SPAN = 0.9
"""Chance that the span of a change's dates holds it, given that it happened."""

WEEK = 7
"""Days over which it is asked how far days hang together [days]."""

CUT_AWAY = 0.93
"""What weeks vary by within the levels found in series of independent days: cuts take away a little [1]."""

USUAL = (1.2, 0.2)
"""What weeks vary by within levels, of made worlds, and its spread among them: one series alone says it
roughly, and is drawn in towards the usual by its error [1]."""

CLUMPED = 3.0
"""Power of the clumping: cuts fall where days clump, and so hide most of it. Chosen once, on made worlds, as
the power at which chances come true (docs/decisions/0031-how-surely-and-when.md)."""

MOST = 4_000
"""Days that may be weighed at once: the work grows with their square [days]."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """What a series says of where its levels begin.

    Attributes:
        chances: Chance that a level begins on each day (days,); 0 for the first.
        runs: Logarithm of the weight of a level from one day up to another (days + 1, days + 1).
        forward, backward: Logarithms of the weights of all ways to cut before and after (days + 1,).
    """

    chances: Floats
    runs: Floats
    forward: Floats
    backward: Floats

    def near(self, day: int, reach: int = NEAR) -> float:
        """Return the chance that at least one level begins within `reach` days of a day."""
        first, last = max(day - reach, 1), min(day + reach, len(self.chances) - 1)
        if last < first:
            return 0.0
        whole = self.forward[:first, None] + self.runs[:first, last + 1 :] + self.backward[None, last + 1 :]
        return float(min(1.0, max(0.0, -np.expm1(logsumexp(whole) - self.backward[0]))))

    def span(self, first: int, day: int, after: int, share: float = SPAN) -> tuple[int, int]:
        """Return the shortest run of days, both included, that holds the change between two others.

        Args:
            first: Where the level before it begins.
            day: Where the change was found.
            after: Where the level after it ends, not included.
            share: The chance that the run holds it, given that it lies between these two.
        """
        days = np.arange(first + SHORTEST, after - SHORTEST + 1)
        if not len(days):
            return day, day
        weights = self.runs[first, days] + self.runs[days, after]
        chances = np.exp(weights - logsumexp(weights))
        sums = np.concatenate([[0.0], np.cumsum(chances)])
        for length in range(1, len(days)):
            inside = sums[length:] - sums[:-length]
            best = int(np.argmax(inside))  # of equally likely runs the earliest
            if inside[best] >= share:
                return int(days[best]), int(days[best]) + length - 1
        return int(days[0]), int(days[-1])


def posterior(counts: Floats, apart: float = APART, fewest: float = 0.05) -> Posterior:
    """Return where the levels of a series may begin.

    Args:
        counts: A number for each day, in order (days,) [1].
        apart: Days expected from one change to the next before the series is seen [days].
        fewest: Least mean that the prior is centred on, for a series of nothing [1/day].

    Raises:
        ValueError: There are more than `MOST` days.
    """
    n = len(counts)
    if n > MOST:
        raise ValueError(f"{n} days are more than the {MOST} that can be weighed at once")
    if n < 2 * SHORTEST:
        bare = np.full(n + 1, -np.inf)
        bare[0] = 0.0
        return Posterior(np.zeros(n), np.full((n + 1, n + 1), -np.inf), bare, bare[::-1].copy())
    days = held(counts)
    k = dispersion(days)
    runs = _likelihoods(days, k, fewest) / clumping(days, k) + _gaps(n, apart)
    forward, backward = np.full(n + 1, -np.inf), np.full(n + 1, -np.inf)
    forward[0] = backward[n] = 0.0
    for day in range(n - SHORTEST, -1, -1):
        backward[day] = logsumexp(runs[day, day + SHORTEST :] + backward[day + SHORTEST :])
    for day in range(SHORTEST, n + 1):
        forward[day] = logsumexp(forward[: day - SHORTEST + 1] + runs[: day - SHORTEST + 1, day])
    chances = np.exp(forward[:n] + backward[:n] - backward[0])
    chances[0] = 0.0
    return Posterior(chances, runs, forward, backward)


def clumping(days: Floats, k: float) -> float:
    """Return how many independent days one day is worth less than one: 1 where days are independent.

    Bad days come in rows: raids are answered, offensives last. A run of days then says less of its mean
    than so many independent days would, and a chance reckoned as if they were would be too sure. How much
    more the mean of a week varies than independent days make it follows from the correlations of days one
    to six apart, within the levels that `cutting.cut` finds, on a scale on which days of any mean vary alike
    (the inverse hyperbolic sine of Anscombe 1948, Biometrika 35:246-254).
    """
    scale = np.arcsinh(np.sqrt(days / k))
    for first, after in pairwise([*cut(days), len(days)]):
        scale[first:after] -= scale[first:after].mean()
    whole = float(np.sum(scale**2))
    if whole <= 0 or len(days) <= WEEK:
        return 1.0
    apart = [float(np.sum(scale[lag:] * scale[:-lag])) / whole for lag in range(1, WEEK)]
    parts = [1 - lag / WEEK for lag in range(1, WEEK)]
    varies = 1 + 2 * sum(part * each for part, each in zip(parts, apart, strict=True))
    error = (
        4 * sum(part**2 for part in parts) / len(days)
    )  # of correlations of independent days, 1 / days each
    usual, spread = USUAL
    drawn = (spread**2 * varies + error * usual) / (spread**2 + error)
    return float(max(1.0, drawn / CUT_AWAY) ** CLUMPED)


def _lengths(n: int) -> npt.NDArray[np.int64]:
    """Return how many days lie from one day up to another (days + 1, days + 1)."""
    day = np.arange(n + 1)
    return day[None, :] - day[:, None]


def _likelihoods(days: Floats, k: float, fewest: float) -> Floats:
    """Return the logarithm of each run's likelihood with its mean summed out, but for what no cut changes.

    With p = k / (k + mean) ~ Beta(a, b), n days of total S weigh B(a + nk, b + S) / B(a, b).
    """
    lengths = _lengths(len(days))
    sums = np.concatenate([[0.0], np.cumsum(days)])
    long = lengths >= SHORTEST
    a, b = WORTH * k, WORTH * max(float(days.mean()), fewest)
    weights = np.full(lengths.shape, -np.inf)
    totals = (sums[None, :] - sums[:, None])[long]
    weights[long] = betaln(a + lengths[long] * k, b + totals) - betaln(a, b)
    return weights


def _gaps(n: int, apart: float) -> Floats:
    """Return the logarithm of the chance that a level lasts just so long, or at least so long at the end."""
    beyond = np.maximum(_lengths(n) - SHORTEST, 0)
    ends: Floats = np.log(1 / apart) + beyond * np.log1p(-1 / apart)
    ends[:, n] = beyond[:, n] * np.log1p(-1 / apart)
    return ends

"""How the days of the week differ, where the record shows that they do.

A market day, a day of prayer or an office that is shut leaves a mark on each week. The factors are the sums
of each weekday over the sums of the weeks about it, drawn in towards one by what chance alone would make of
them. Where seven weekdays differ by no more than chance makes them differ, every factor is one, so a record
without such a rhythm is read as it stands. tests/unit/test_changing.py tries both.
"""

from __future__ import annotations

import numpy as np

from holdfire.judging.cutting import Floats, dispersion, held

WEEK = 7
"""Days of a week; the first factor is that of the first day of the series [days]."""

FEWEST = 8
"""Weeks below which no rhythm is looked for."""

SURE = 0.01
"""Chance of so much difference among weekdays that are alike, at or below which a rhythm is believed."""


def weekdays(counts: Floats) -> Floats:
    """Return what each day's count is multiplied by for its weekday (days,), of mean one over the week.

    Args:
        counts: A number for each day, in order (days,) [1].
    """
    flat = np.ones(len(counts))
    if len(counts) < FEWEST * WEEK:
        return flat
    days = held(counts)
    from scipy.stats import chi2  # slow to load, and most commands never ask

    k = dispersion(days)
    about = np.convolve(days, np.ones(WEEK) / WEEK, "valid")  # the mean of the week about each day
    inner = slice(WEEK // 2, len(days) - WEEK // 2)
    place = np.arange(len(days))[inner] % WEEK
    told = np.bincount(place, days[inner], WEEK)
    expected = np.bincount(place, about, WEEK)
    spread = np.bincount(place, about + about**2 / k, WEEK)
    if expected.min() <= 0:
        return flat
    differs = float(np.sum((told - expected) ** 2 / spread)) * WEEK / (WEEK - 1)
    if float(chi2.sf(differs, WEEK - 1)) > SURE:
        return flat
    # What chance alone makes of a factor's variance is taken from the variance seen (James and Stein 1961).
    factors = told / expected
    noise = float(np.mean(spread / expected**2))
    kept = max(0.0, 1 - noise / max(float(np.var(factors)), 1e-12))
    drawn = 1 + kept * (factors - 1)
    drawn /= drawn.mean()
    rhythm: Floats = np.maximum(drawn, 0.1)[np.arange(len(counts)) % WEEK]
    return rhythm

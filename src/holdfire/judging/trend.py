"""Where the daily level of fighting changed, and which stretches were quiet.

The days are cut into levels so that a negative binomial with one mean a level fits best, less a price for
each cut: exact optimal partitioning (Jackson et al. 2005, IEEE Signal Process. Lett. 12:105), by
Schwarz's price of two numbers a cut, its day and the new mean. Days of war scatter more than Poisson,
and the price must be paid in units of that scatter, so the dispersion is estimated from neighbouring
days, which seldom straddle a change. Nothing is fitted to any one conflict; the choices are argued, and
the rates of false alarms and of dips found are given, in docs/decisions/0005-change-points.md and
tests/calibration/test_trend.py.

A change is a change in what was recorded. Whether recorders were silenced at the same time, the trend
cannot know; `Level.empty` counts the days without a record, and the bulletin shows effort beneath.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.errors import HoldfireError
from holdfire.records.spell import THOUSAND, Level, Spell, Stretch

SHORTEST = 5
"""Fewest days of a level. Shorter runs of good or bad days are too common to be a change."""

QUIET = 0.6
"""Largest part of its neighbours' level that is called quiet: a fall of two fifths or more."""

HIGHEST = 8
"""Most times the median of the days about it that one day counts, so that one massacre is no level."""

PRICE = 2
"""Numbers a cut adds: its day and a mean. Each costs the logarithm of the number of days (Schwarz 1978)."""

DISPERSION = (0.05, 1e6)
"""Bounds of the dispersion: from wilder than any record to Poisson."""

Floats = npt.NDArray[np.float64]
BASIS: dict[Literal["deaths", "incidents"], str] = {"deaths": "killed_best", "incidents": "incidents"}


def levels(series: pa.Table, column: str = "killed_best", price: float = PRICE) -> list[Level]:
    """Return the levels of one column of a DAILY table, in order; together they hold every day once.

    Args:
        series: Days without a gap, in order.
        column: A column [thousandths].
        price: Logarithms of the number of days that a cut costs [1]; 0 cuts at every chance.

    Raises:
        HoldfireError: The column has nulls or negative numbers, or a day is missing.
    """
    dates = series.column("date").to_pylist()
    counts = series.column(column)
    if counts.null_count:
        raise HoldfireError(f"{column} has no number on {counts.null_count} days", hint="use killed_best")
    whole = counts.to_numpy()
    if dates and ((dates[-1] - dates[0]).days + 1 != len(dates) or whole.min() < 0):
        raise HoldfireError(f"{column} is not a count for each of the days from {dates[0]} to {dates[-1]}")
    cuts = cut(whole / THOUSAND, price)
    return [
        Level(
            start=dates[first],
            end=dates[after - 1],
            total=int(whole[first:after].sum()),
            empty=int((whole[first:after] == 0).sum()),
        )
        for first, after in pairwise([*cuts, len(dates)])
    ]


def cut(counts: Floats, price: float = PRICE) -> list[int]:
    """Return where each level begins, in order, the first at 0; an empty series has none."""
    n = len(counts)
    if n < 2 * SHORTEST:
        return [0] if n else []
    held = _held(counts)
    cost = _Cost(held, _dispersion(held))
    each = price * float(np.log(n))
    best, before = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=np.int64)
    best[0] = 0.0
    for after in range(SHORTEST, n + 1):
        starts = np.arange(after - SHORTEST + 1)
        sums = best[starts] + cost.between(starts, after) + each
        before[after] = int(np.argmin(sums))  # of equal sums the earliest, on any machine
        best[after] = sums[before[after]]
    cuts = [n]
    while cuts[-1]:
        cuts.append(int(before[cuts[-1]]))
    return cuts[:0:-1]


class _Cost:
    """Twice the loss of log-likelihood of any run of days, when one mean is given to all of them."""

    def __init__(self, counts: Floats, dispersion: float) -> None:
        self.dispersion = dispersion
        self._sums = np.concatenate([[0.0], np.cumsum(counts)])

    def between(self, starts: npt.NDArray[np.int64], after: int) -> Floats:
        """Return the cost of each run from a start up to `after`, but for terms no cut changes."""
        days, k = after - starts, self.dispersion
        total = self._sums[after] - self._sums[starts]
        mean = total / days
        spread = (total + days * k) * np.log1p(mean / k)
        own = total * np.log(np.where(mean > 0, mean / k, 1.0))
        cost: Floats = 2.0 * (spread - own)
        return cost


def _held(counts: Floats) -> Floats:
    """Return the counts with each day held to `HIGHEST` times the median of the days about it."""
    wide = np.pad(counts, SHORTEST, mode="reflect")
    medians = np.median(np.lib.stride_tricks.sliding_window_view(wide, 2 * SHORTEST + 1), axis=1)
    held: Floats = np.minimum(counts, HIGHEST * np.maximum(medians, 1.0))
    return held


def _dispersion(counts: Floats) -> float:
    """Return k of a negative binomial with variance m + m^2 / k, by moments of neighbouring days.

    For two days of one mean m, half the squared difference has the mean m + m^2 / k, and the squared
    half-sum less half of that has the mean m^2. Only pairs that straddle a change are wrong.
    """
    low, high = DISPERSION
    one, other = counts[:-1], counts[1:]
    mean, variance = (one + other) / 2, (one - other) ** 2 / 2
    square, excess = float(np.sum(mean**2 - variance / 2)), float(np.sum(variance - mean))
    if excess <= 0:
        return high
    return min(max(square / excess, low), high)


def spells(found: Sequence[Level], quiet: float = QUIET) -> list[Spell]:
    """Return the quiet spells among levels, in order; no two share a day.

    A spell is a run of levels each at most `quiet` times the level before the run and the level after
    it. A run at the end of the series has none after, and is quiet so far. Where runs share days, one
    after which fighting came back goes before one that is only quiet so far, then the one that lies
    deepest below its neighbours, then the longest.
    """
    runs = [
        Spell(before=found[i - 1], during=tuple(found[i:j]), after=found[j] if j < len(found) else None)
        for i in range(1, len(found))
        for j in range(i + 1, len(found) + 1)
        if _is_quiet(found, i, j, quiet)
    ]
    kept: list[Spell] = []
    for run in sorted(runs, key=lambda run: (run.after is None, run.ratio, -run.days, run.start)):
        if all(run.end < other.start or run.start > other.end for other in kept):
            kept.append(run)
    return sorted(kept, key=lambda run: run.start)


def _is_quiet(found: Sequence[Level], i: int, j: int, quiet: float) -> bool:
    beside = min(level.per_day for level in (found[i - 1], *found[j : j + 1]))
    return beside > 0 and max(level.per_day for level in found[i:j]) <= quiet * beside


def stretches(series: pa.Table, basis: Literal["deaths", "incidents"] = "deaths") -> list[Stretch]:
    """Return what the bulletin shows: quiet spells, returns after them, and the levels between.

    Raises:
        HoldfireError: As `levels`.
    """
    found = levels(series, BASIS[basis])
    quiet = spells(found)
    starts = {spell.start: spell for spell in quiet}
    returns = {spell.returned for spell in quiet}
    days = {day: place for place, day in enumerate(series.column("date").to_pylist())}
    shown: list[Stretch] = []
    for level in found:
        if any(spell.start < level.start <= spell.end for spell in quiet):
            continue
        whole = starts.get(level.start, level)
        first, after = days[whole.start], days[whole.end] + 1
        shown.append(
            Stretch(
                start=whole.start,
                end=whole.end,
                deaths_per_day=_mean(series, "killed_best", first, after),
                incidents_per_day=_mean(series, "incidents", first, after),
                kind="quiet" if whole is not level else "return" if level.start in returns else "level",
                basis=basis,
                empty=whole.empty,
            )
        )
    return shown


def _mean(series: pa.Table, column: str, first: int, after: int) -> float:
    total = sum(series.column(column)[first:after].to_pylist())
    return float(total / THOUSAND / (after - first))

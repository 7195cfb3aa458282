"""Where the daily level of fighting changed, and which stretches were quiet.

The days are cut into levels (`cutting.cut`), once they are set right for their weekday where the record has
such a rhythm (`season.weekdays`).

A change is a change in what was recorded. Whether recorders were silenced at the same time, the trend
cannot know; `Level.empty` counts the days without a record, and the bulletin shows effort beneath.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Literal

import pyarrow as pa

from holdfire.errors import HoldfireError
from holdfire.judging.cutting import PRICE, cut
from holdfire.judging.season import weekdays
from holdfire.records.change import Change, Effort
from holdfire.records.spell import THOUSAND, Level, Spell, Stretch

QUIET = 0.6
"""Largest part of its neighbours' level that is called quiet: a fall of two fifths or more."""

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
    days = whole / THOUSAND
    cuts = cut(days / weekdays(days), price)
    return [
        Level(
            start=dates[first],
            end=dates[after - 1],
            total=int(whole[first:after].sum()),
            empty=int((whole[first:after] == 0).sum()),
        )
        for first, after in pairwise([*cuts, len(dates)])
    ]


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


def explained(shown: Sequence[Stretch], changes: Sequence[Change]) -> list[Stretch]:
    """Return stretches with those spells marked `unseen` whose beginning or end effort explains.

    What comes after such a spell is no return of fighting, as far as is known, and is a level again.
    """
    days = {change.day for change in changes if change.seeing.effort is Effort.EXPLAINS}
    marked: list[Stretch] = []
    for place, stretch in enumerate(shown):
        ends = {stretch.start, stretch.end + timedelta(days=1)}
        unseen = stretch.kind == "quiet" and bool(days & ends)
        after = place > 0 and marked[-1].kind == "unseen" and stretch.kind == "return"
        kind = "unseen" if unseen else "level" if after else stretch.kind
        marked.append(replace(stretch, kind=kind))
    return marked

"""The changes of a daily series, each with its chance and its span of dates, and where it stands at the end.

`course` is the whole: levels as `trend.levels` finds them, the changes between them as `changing.posterior`
weighs them, and the state on the last day. A state is said by a stated rule and never by a feeling:

* `quiet`: the last days are in a quiet spell that has not ended;
* `returned`: after the last quiet spell the level is at least `BACK` of the level before it;
* `partly`: fighting came back after the last quiet spell, and stands below that;
* `risen`, `fallen`: there was no spell, and the last change that is told of went up or down;
* `steady`: no change is told of.

tests/unit/test_changes.py has a series for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal

import pyarrow as pa

from holdfire.judging.changing import posterior
from holdfire.judging.season import weekdays
from holdfire.judging.trend import BASIS, levels, spells
from holdfire.records.change import Change, Course
from holdfire.records.spell import THOUSAND, Level, Spell

BACK = 0.8
"""Least part of the level before a quiet spell that counts as a return to it [1]."""

State = Literal["quiet", "returned", "partly", "fallen", "risen", "steady"]


def course(series: pa.Table, basis: Literal["deaths", "incidents"] = "deaths", area: str = "") -> Course:
    """Return levels, changes, spells and the last state of one column of a DAILY table.

    Args:
        series: Days without a gap, in order.
        basis: Which of its columns.
        area: The area it is of; empty: all of them.

    Raises:
        HoldfireError: As `trend.levels`.
    """
    found = levels(series, BASIS[basis])
    quiet = spells(found)
    changed = _changes(series, found, quiet, basis)
    state, since, beside = _stands(found, changed, quiet)
    return Course(
        area=area,
        basis=basis,
        levels=tuple(found),
        changes=tuple(changed),
        spells=tuple(quiet),
        state=state,
        since=since,
        beside=beside,
    )


def _changes(
    series: pa.Table, found: Sequence[Level], quiet: Sequence[Spell], basis: Literal["deaths", "incidents"]
) -> list[Change]:
    if len(found) < 2:
        return []
    days = series.column(BASIS[basis]).to_numpy() / THOUSAND
    weighed = posterior(days / weekdays(days))
    cuts = [0, *accumulate(level.days for level in found)]
    edges = {day for spell in quiet for day in (spell.start, spell.returned)}
    first = found[0].start
    changed = []
    for place in range(1, len(found)):
        earliest, latest = weighed.span(*cuts[place - 1 : place + 2])
        day = found[place].start
        changed.append(
            Change(
                day=day,
                earliest=first + timedelta(earliest),
                latest=first + timedelta(latest),
                chance=round(100 * weighed.near(cuts[place])),
                before=found[place - 1],
                after=found[place],
                bounds=day in edges,
            )
        )
    return changed


def _stands(
    found: Sequence[Level], changed: Sequence[Change], quiet: Sequence[Spell]
) -> tuple[State, Change | None, Change | None]:
    """Return the state on the last day, the change that brought it, and the one it is held against."""
    at = {change.day: change for change in changed}
    last = quiet[-1] if quiet else None
    if last is not None and last.after is None:
        return "quiet", at[last.start], None
    if last is not None and last.returned is not None:
        returned: date = last.returned
        now, before = found[-1].per_day, last.before.per_day
        return "returned" if now >= BACK * before else "partly", at[returned], at[last.start]
    told = [change for change in changed if change.told]
    if not told:
        return "steady", None, None
    return "risen" if told[-1].rises else "fallen", told[-1], None

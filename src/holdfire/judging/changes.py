"""The changes of a daily series, each with its chance and its span of dates, and where it stands at the end.

`course` is the whole: levels as `trend.levels` finds them, the changes between them as `changing.posterior`
weighs them, and the state on the last day. A state is said by a stated rule and never by a feeling:

* `quiet`: the last days are in a quiet spell that has not ended;
* `returned`: after the last quiet spell the level is at least `BACK` of the level before it;
* `partly`: fighting came back after the last quiet spell, and stands below that;
* `risen`, `fallen`: there was no spell, and the last change that is told of went up or down;
* `steady`: no change is told of.

A change that effort explains, and a spell that begins or ends with one, counts for no state.

tests/unit/test_changes.py has a series for each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.engine import Engine
from holdfire.judging.changing import posterior
from holdfire.judging.cutting import Floats, dispersion, held
from holdfire.judging.daily import daily
from holdfire.judging.effort import ratio, seeing
from holdfire.judging.season import weekdays
from holdfire.judging.trend import BASIS, levels, spells
from holdfire.records.change import UNSEEN, Change, Course, Effort
from holdfire.records.sight import Restriction
from holdfire.records.spell import THOUSAND, Level, Spell

BACK = 0.8
"""Least part of the level before a quiet spell that counts as a return to it [1]."""

FEWEST = 40
"""Fewest incidents of an area in the whole series for its course to be told."""

State = Literal["quiet", "returned", "partly", "fallen", "risen", "steady"]


def course(
    series: pa.Table,
    basis: Literal["deaths", "incidents"] = "deaths",
    area: str = "",
    sights: pa.Table | None = None,
    restrictions: Sequence[Restriction] = (),
) -> Course:
    """Return levels, changes, spells and the last state of one column of a DAILY table.

    Args:
        series: Days without a gap, in order.
        basis: Which of its columns.
        area: The area it is of; empty: all of them.
        sights: SIGHT rows of the whole record, from which it is known what effort says; None: nothing says.
        restrictions: What kept monitors from seeing.

    Raises:
        HoldfireError: As `trend.levels`.
    """
    found = levels(series, BASIS[basis])
    quiet = spells(found)
    days = series.column(BASIS[basis]).to_numpy() / THOUSAND
    changed = _changes(days, found, quiet)
    if sights is not None and changed:
        k = dispersion(held(days))
        changed = [
            replace(
                change,
                ratio=ratio(change.before, change.after, k).percent(),
                seeing=seeing(change, k, sights, area, restrictions) if change.told else UNSEEN,
            )
            for change in changed
        ]
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


def courses(
    incidents: pa.Table,
    sights: pa.Table,
    excluded: Collection[str],
    span: tuple[date, date],
    zone: ZoneInfo,
    engine: Engine,
    restrictions: Sequence[Restriction] = (),
) -> list[Course]:
    """Return the course of all areas together, then of each area on which enough is recorded, by name.

    Deaths a day by best figures where any are known, else incidents a day; fights with an excluded group are
    left out, since a truce does not bind them.

    Args:
        incidents: INCIDENT rows.
        sights: SIGHT rows of the same, those of excluded groups with them.
        excluded: Ids of incidents with an excluded group as a side.
        span: First and last local day.
        zone: Where days begin and end.
        engine: Runs the queries.
        restrictions: What kept monitors from seeing.
    """
    outside = pc.is_in(incidents["incident_id"], value_set=pa.array(sorted(excluded), pa.string()))
    bound = incidents.filter(pc.invert(outside))
    named = (
        bound.filter(pc.is_valid(bound["admin1"])).group_by("admin1").aggregate([("incident_id", "count")])
    )
    areas = sorted(
        row["admin1"] for row in named.to_pylist() if row["admin1"] and row["incident_id_count"] >= FEWEST
    )
    whole = daily(bound, zone, *span, engine)
    by_area = {
        each: daily(bound.filter(pc.equal(bound["admin1"], each)), zone, *span, engine) for each in areas
    }
    basis: Literal["deaths", "incidents"] = "deaths" if pc.sum(whole["killed_best"]).as_py() else "incidents"
    together = course(whole, basis, "", sights, restrictions)
    made = [replace(change, areas=_parts(change, by_area, basis, span[0])) for change in together.changes]
    at = {change.day: change for change in made}
    together = replace(
        together,
        changes=tuple(made),
        since=together.since and at[together.since.day],
        beside=together.beside and at[together.beside.day],
    )
    return [together, *(course(table, basis, each, sights, restrictions) for each, table in by_area.items())]


def _parts(
    change: Change, by_area: Mapping[str, pa.Table], basis: Literal["deaths", "incidents"], first: date
) -> tuple[tuple[str, int], ...]:
    """Return the part of a change that each area makes [%], largest first; parts of nothing left out."""
    whole = change.after.per_day - change.before.per_day
    parts = []
    for area, table in by_area.items():
        days = table.column(BASIS[basis]).to_numpy()
        means = [
            int(days[(level.start - first).days : (level.end - first).days + 1].sum()) / THOUSAND / level.days
            for level in (change.before, change.after)
        ]
        parts.append((area, round(100 * (means[1] - means[0]) / whole) if whole else 0))
    return tuple(sorted((each for each in parts if each[1]), key=lambda each: (-each[1], each[0])))


def _changes(days: Floats, found: Sequence[Level], quiet: Sequence[Spell]) -> list[Change]:
    if len(found) < 2:
        return []
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
    of_fighting = [
        spell
        for spell in quiet
        if not any(_explained(at[day]) for day in (spell.start, spell.returned) if day)
    ]
    last = of_fighting[-1] if of_fighting else None
    if last is not None and last.after is None:
        return "quiet", at[last.start], None
    if last is not None and last.returned is not None:
        returned: date = last.returned
        now, before = found[-1].per_day, last.before.per_day
        return "returned" if now >= BACK * before else "partly", at[returned], at[last.start]
    told = [change for change in changed if change.told and not _explained(change)]
    if not told:
        return "steady", None, None
    return "risen" if told[-1].rises else "fallen", told[-1], None


def _explained(change: Change) -> bool:
    """Return whether effort explains a change, so that it is none of fighting as far as is known."""
    return change.seeing.effort is Effort.EXPLAINS

"""The incidents of the case with their determinations, by day: what every section counts.

An incident belongs to the day on which its interval starts, and so to one period alone: bulletins add up
and nothing is counted twice. An incident known only to a wider time than its period is marked `wide`; one
whose start no claim gives belongs to the day before its end, and one with neither belongs to no period and is
counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.errors import HoldfireError
from holdfire.records.determination import Asked
from holdfire.records.incident import HARM, INCIDENT

WEEK = 7
"""Longest interval that a chart puts on a day [days]."""

UNDATED = np.iinfo(np.int32).max
EPOCH = date(1970, 1, 1)

Indices = npt.NDArray[np.int64]

QUESTIONS = tuple(asked.value for asked in Asked)
"""The coverage questions in the order they are asked."""


_TAKEN = (
    "occurrence",
    "occurrence_strength",
    "attribution",
    "attribution_strength",
    "attribution_contested",
    *QUESTIONS,
    "coverage",
    "verdict",
    "rule",
    "term",
    "clauses",
    "change",
    "denials",
    "admissions",
    "occurrence_probability",
    "attribution_probability",
    "grades",
    "overruled",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One incident of the period with its determination, as the annex lists it (domain words: WORDS).

    Times are UTC and half open; deaths and injuries are numbers of people, None where no claim says.
    `area` is the governorate, empty where claims differ or are silent. `questions` holds the answers in
    the order asked. `mixed`: an excluded group fought on one side with others. Probabilities are in
    thousandths, None where nothing was weighed; `grades` are claims as `c-...:B2`; `overruled`, by people.
    """

    id: str
    incident_id: str
    day: date | None
    area: str
    place: str
    geo_precision: str
    start: datetime | None
    end: datetime | None
    time_precision: str
    wide: bool
    act: str
    actors: tuple[str, ...]
    actors_text: str
    targets: tuple[str, ...]
    targets_text: str
    directed: bool
    attribution: tuple[str, ...]
    attribution_strength: str
    contested: bool
    occurrence: bool | None
    occurrence_strength: str
    occurrence_probability: int | None
    attribution_probability: int | None
    grades: tuple[str, ...]
    overruled: tuple[str, ...]
    questions: tuple[bool | None, ...]
    coverage: str
    verdict: str
    rule: str
    term: str
    clauses: tuple[str, ...]
    change: str
    denials: int
    admissions: int
    claims: int
    reports: int
    roots: int
    killed_low: int | None
    killed_best: int | None
    killed_high: int | None
    civilians_low: int | None
    civilians_high: int | None
    injured_low: int | None
    injured_high: int | None
    lat: float | None
    lon: float | None
    radius: float | None
    mixed: bool

    @property
    def harm(self) -> tuple[int | None, ...]:
        """Return deaths and injuries in the order of `HARM`."""
        return tuple(getattr(self, name) for name in HARM)


class Entries:
    """Every incident of the case, in columns; rows of a period on request.

    Args:
        incidents: INCIDENT rows.
        determinations: DETERMINATION rows, one for each incident.
        zone: Where days are counted.

    Raises:
        HoldfireError: An incident has no determination, or two.
    """

    def __init__(self, incidents: pa.Table, determinations: pa.Table, zone: ZoneInfo) -> None:
        incidents = INCIDENT.sorted(incidents)
        found = pc.index_in(incidents["incident_id"], determinations["incident_id"])
        if found.null_count or determinations.num_rows != incidents.num_rows:
            raise HoldfireError(
                f"{incidents.num_rows} incidents have {determinations.num_rows} determinations;"
                " each has exactly one"
            )
        joined = incidents
        for name in ("determination_id", *_TAKEN):
            column = determinations[name].take(found)
            joined = joined.append_column(f"d_{name}", column)
        self.table = joined
        self.zone = zone
        starts, ends = _micros(joined["start"]), _micros(joined["end"])
        instants = np.where(starts >= 0, starts, np.where(ends > 0, ends - 1, -1))
        self.day = days_of(instants, zone)
        self.last_day = np.where(ends > 0, days_of(np.maximum(ends - 1, starts), zone), UNDATED)
        self.ids: list[str] = joined["d_determination_id"].to_pylist()
        self.verdicts: list[str] = joined["d_verdict"].to_pylist()
        self.areas: list[str | None] = joined["admin1"].to_pylist()
        self.coverages: list[str] = joined["d_coverage"].to_pylist()
        known = (self.day != UNDATED) & (self.last_day != UNDATED)
        spans = np.where(known, self.last_day.astype(np.int64) - self.day, WEEK)
        self.fine = (starts >= 0) & (spans < WEEK)
        # The table is sorted by incident id, so a stable sort leaves that order within each day.
        self._order = np.argsort(self.day, kind="stable")
        self._sorted_days = self.day[self._order]
        self._numbers = {
            name: joined[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in HARM
        }

    def within(self, first: date, last: date) -> Indices:
        """Return the rows of the incidents that belong to these days, in order of day and id."""
        low = np.searchsorted(self._sorted_days, _ordinal(first), "left")
        high = np.searchsorted(self._sorted_days, _ordinal(last), "right")
        return np.asarray(self._order[low:high], np.int64)

    def known_to_a_week(self, first: date, last: date) -> Indices:
        """Return those of `within` that are known to within a week, so that a day of them means something."""
        rows = self.within(first, last)
        return rows[self.fine[rows]]

    def undated(self) -> Indices:
        """Return the rows of the incidents that belong to no day."""
        return np.flatnonzero(self.day == UNDATED)

    def first_day(self) -> date | None:
        """Return the earliest day that has an incident."""
        dated = self._sorted_days[self._sorted_days != UNDATED]
        return EPOCH + timedelta(days=int(dated[0])) if len(dated) else None

    def names(self, rows: Iterable[int]) -> list[str]:
        """Return the determination ids of rows."""
        return [self.ids[i] for i in rows]

    def total(self, name: str, rows: Indices) -> tuple[int, int]:
        """Return the sum of a harm column over rows, and how many of them are silent."""
        values = self._numbers[name][rows]
        silent = int(np.isnan(values).sum())
        return int(np.nansum(values)), silent

    def value(self, name: str, row: int) -> int | None:
        """Return one harm figure of one row; None: no claim says."""
        value = self._numbers[name][row]
        return None if np.isnan(value) else int(value)

    def entries(self, rows: Indices, last: date, excluded: Excluded) -> list[Entry]:
        """Return rows as entries; one whose interval passes `last` is `wide`."""
        table = self.table.take(pa.array(rows))
        bound = _ordinal(last)
        return [
            self._entry(row, int(i), bound, excluded) for i, row in zip(rows, table.to_pylist(), strict=True)
        ]

    def _entry(self, row: Mapping[str, Any], i: int, bound: int, excluded: Excluded) -> Entry:
        day = None if self.day[i] == UNDATED else EPOCH + timedelta(days=int(self.day[i]))
        actors, targets = tuple(row["actors"] or ()), tuple(row["targets"] or ())
        return Entry(
            id=row["d_determination_id"],
            incident_id=row["incident_id"],
            day=day,
            area=row["admin1"] or "",
            place=row["place"] or "",
            geo_precision=row["geo_precision"],
            start=row["start"],
            end=row["end"],
            time_precision=row["time_precision"],
            wide=bool(self.last_day[i] > bound),
            act=row["event_type"],
            actors=actors,
            actors_text=row["actors_text"] or "",
            targets=targets,
            targets_text=row["targets_text"] or "",
            directed=row["directed"],
            attribution=tuple(row["d_attribution"] or ()),
            attribution_strength=row["d_attribution_strength"],
            contested=row["d_attribution_contested"],
            occurrence=row["d_occurrence"],
            occurrence_strength=row["d_occurrence_strength"],
            occurrence_probability=row["d_occurrence_probability"],
            attribution_probability=row["d_attribution_probability"],
            grades=tuple(row["d_grades"] or ()),
            overruled=tuple(row["d_overruled"] or ()),
            questions=tuple(row[f"d_{name}"] for name in QUESTIONS),
            coverage=row["d_coverage"],
            verdict=row["d_verdict"],
            rule=row["d_rule"],
            term=row["d_term"] or "",
            clauses=tuple(row["d_clauses"] or ()),
            change=row["d_change"],
            denials=row["d_denials"],
            admissions=row["d_admissions"],
            claims=row["claims"],
            reports=row["reports"],
            roots=row["roots"],
            lat=row["lat"],
            lon=row["lon"],
            radius=row["radius"],
            mixed=any(excluded.mixed(side, row["start"]) for side in (actors, targets)),
            **{name: row[name] for name in HARM},
        )


class Excluded:
    """Who is outside the truce, when: asked of one side of one incident."""

    def __init__(self, spans: Mapping[str, list[tuple[datetime | None, datetime | None]]]) -> None:
        self._spans = spans

    def holds(self, actor: str, when: datetime | None) -> bool:
        """Return whether an actor is excluded at an instant; without one, whether it ever is."""
        return any(
            when is None or ((start is None or start <= when) and (end is None or when < end))
            for start, end in self._spans.get(actor, ())
        )

    def mixed(self, side: tuple[str, ...], when: datetime | None) -> bool:
        """Return whether one side holds an excluded group and someone who is not."""
        if len(side) < 2 or not self._spans:
            return False
        return len({self.holds(actor, when) for actor in side}) == 2


def _micros(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Return instants as microseconds since 1970; -1 where null."""
    whole = pc.fill_null(column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()), -1)
    return np.asarray(whole.to_numpy(), np.int64)


def _ordinal(day: date) -> int:
    return (day - EPOCH).days


def days_of(instants: npt.NDArray[np.int64], zone: ZoneInfo) -> npt.NDArray[np.int32]:
    """Return the local day of each instant [days since 1970]; `UNDATED` where it is negative.

    Days come from the zone's own midnights, so daylight saving is kept without a zone database of Arrow's.
    """
    known = instants >= 0
    days = np.full(len(instants), UNDATED, np.int32)
    if not known.any():
        return days
    lowest, highest = int(instants[known].min()), int(instants[known].max())
    first = datetime.fromtimestamp(lowest / 1e6, UTC).date() - timedelta(days=1)
    last = datetime.fromtimestamp(highest / 1e6, UTC).date() + timedelta(days=2)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    midnights = np.array(
        [int(datetime.combine(d, time(), zone).timestamp()) * 1_000_000 for d in span], np.int64
    )
    days[known] = np.searchsorted(midnights, instants[known], "right") - 1 + _ordinal(first)
    return days

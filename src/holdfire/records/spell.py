"""Incidents and deaths by day, the levels they keep, and the quiet spells among them.

A level is a run of days on which one daily mean fits; a quiet spell is a run of levels well below those
before and after. They say what was recorded, not what was: fewer records may mean fewer recorders. So a
spell also says on how many of its days nothing at all was recorded, which a truce seldom brings about
and a silent recorder does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import pyarrow as pa

from holdfire.tables import INTEGER, Column, Schema

THOUSAND = 1000
"""Parts of one incident or death: what lasts several days is shared among them, in whole parts."""

DAILY = Schema(
    "day",
    (
        Column("date", pa.date32(), "local day; every day of the series has a row"),
        Column("incidents", INTEGER, "[thousandths of an incident]"),
        Column("silent", INTEGER, "of them, those for which no one gives a best figure of deaths"),
        Column("killed_low", INTEGER, "at least [thousandths of a death]; silence counts 0"),
        Column("killed_best", INTEGER, "best [thousandths of a death]; the silent are not in it"),
        Column("killed_high", INTEGER, "at most [thousandths of a death]", "some incident has no bound"),
    ),
    key=("date",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A run of days on which one daily mean fits.

    Attributes:
        start: First local day.
        end: Last local day, included.
        total: What was counted on them [thousandths].
        empty: Days on which nothing was counted.
    """

    start: date
    end: date
    total: int
    empty: int

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.end - self.start).days + 1

    @property
    def per_day(self) -> float:
        """Return the mean [1/day]."""
        return self.total / THOUSAND / self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A run of levels well below the level before, and the level after if fighting came back.

    Attributes:
        before: The level it fell from.
        during: The levels of the spell, in order.
        after: The level it rose to; None: the series ends in the spell.
    """

    before: Level
    during: tuple[Level, ...]
    after: Level | None

    @property
    def start(self) -> date:
        """Return its first local day."""
        return self.during[0].start

    @property
    def end(self) -> date:
        """Return its last local day, included."""
        return self.during[-1].end

    @property
    def days(self) -> int:
        """Return how many days it lasts."""
        return sum(level.days for level in self.during)

    @property
    def per_day(self) -> float:
        """Return the mean of the spell [1/day]."""
        return sum(level.total for level in self.during) / THOUSAND / self.days

    @property
    def ratio(self) -> float:
        """Return its mean as a part of the lower of its neighbours' means [1]."""
        beside = (self.before.per_day, self.after.per_day if self.after else self.before.per_day)
        return self.per_day / min(beside)

    @property
    def empty(self) -> int:
        """Return on how many of its days nothing was recorded."""
        return sum(level.empty for level in self.during)

    @property
    def returned(self) -> date | None:
        """Return the first day of the level after; None: the series ends in the spell."""
        return None if self.after is None else self.end + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What the bulletin shows of one level or spell: both means, and which it is.

    Attributes:
        start: First local day.
        end: Last local day, included.
        deaths_per_day: Mean of best figures [deaths/day].
        incidents_per_day: Mean [incidents/day].
        kind: `quiet` a spell, `return` the level just after one, `unseen` a spell that effort explains,
            `level` none of these.
        basis: The series it was found in.
        empty: Days of it on which nothing was recorded in that series.
    """

    start: date
    end: date
    deaths_per_day: float
    incidents_per_day: float
    kind: Literal["quiet", "return", "unseen", "level"]
    basis: Literal["deaths", "incidents"]
    empty: int

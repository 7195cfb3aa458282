"""A change of the daily level of fighting: how sure it is, when it came, and whether effort explains it.

It is a change in what was recorded. How surely it is one of what happened follows from what is known of the
effort: whether the same sources saw as much as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from holdfire.records.spell import Level, Spell

TOLD, EDGE = 50, 10
"""Least chance at which a change is told of, and that of one at which a quiet spell begins or ends [%]."""


class Effort(StrEnum):
    """What the effort says of a change in what was recorded."""

    STEADY = "steady"
    CHANGED = "changed_too"
    EXPLAINS = "explains"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """What is known of the effort rests on this."""

    OVERLAP = "overlap"
    OTHERS = "others"
    RESTRICTION = "restriction"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Percent:
    """A ratio with the interval that holds it at nine in ten, in whole percent."""

    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeing:
    """How much of what happened the sources told, after a change beside before it.

    Attributes:
        effort: What follows from it for the change.
        basis: What it rests on: the overlap of sources, other fighting they record, a restriction that a
            person wrote down, or nothing.
        seen: What is told of all that happened, after as a part of before; None: nothing says.
        left: What is left of the change when that is taken out, after as a part of before; None: as above.
        dark: Days after the change without a record of anything, from any source.
        dark_before: Days before it without one.
    """

    effort: Effort
    basis: Basis = Basis.NOTHING
    seen: Percent | None = None
    left: Percent | None = None
    dark: int = 0
    dark_before: int = 0


UNSEEN = Seeing(effort=Effort.UNKNOWN)
"""Nothing is known of the effort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of the daily level.

    Attributes:
        day: First day of the new level, as found.
        earliest, latest: The days between which it lies at nine in ten, both included.
        chance: That a change of level lies within four days of `day` [%].
        before: The level it left.
        after: The level it came to.
        ratio: The level after as a part of the level before; None: one of them is nothing.
        seeing: What is known of the effort.
        areas: The areas that make it: each with its part of the whole difference [%], largest first. Areas
            that moved the other way have negative parts.
        bounds: Whether a quiet spell begins or ends with it.
    """

    day: date
    earliest: date
    latest: date
    chance: int
    before: Level
    after: Level
    ratio: Percent | None = None
    seeing: Seeing = UNSEEN
    areas: tuple[tuple[str, int], ...] = ()
    bounds: bool = False

    @property
    def told(self) -> bool:
        """Return whether it is sure enough to be told of."""
        return self.chance >= (EDGE if self.bounds else TOLD)

    @property
    def rises(self) -> bool:
        """Return whether the new level is the higher."""
        return self.after.per_day > self.before.per_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The course of fighting in one area, or in all of them.

    Attributes:
        area: Governorate; empty: all of them.
        basis: The series it was found in.
        levels: Its levels, in order.
        changes: What lies between them.
        spells: Its quiet spells.
        state: Where it stands on the last day.
        since: The change that brought it there; None: there was none.
        beside: The change that it is held against: the fall that the return undid; None: there is none.
    """

    area: str
    basis: Literal["deaths", "incidents"]
    levels: tuple[Level, ...]
    changes: tuple[Change, ...]
    spells: tuple[Spell, ...]
    state: Literal["quiet", "returned", "partly", "fallen", "risen", "steady"]
    since: Change | None = None
    beside: Change | None = None

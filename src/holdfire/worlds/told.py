"""What one source tells of a block of days: one record an element, the same field of all in one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from holdfire.worlds.streams import Flags, Floats, Whole

UNSAID = -1
"""A number that a record does not give."""

FIELDS = ("event_type", "actors", "targets", "start", "place", "killed")
"""Fields that may be wrong, each a bit of `Told.wrong`."""

TYPE, ACTOR, TARGET, WHEN, WHERE, HARM = (1 << bit for bit in range(len(FIELDS)))

FINENESS = ("point", "settlement", "district", "governorate")
"""How finely a record places an act."""

POINT, TOWN, DISTRICT, GOVERNORATE = range(4)

TIMES = ("hour", "day", "week")
"""How finely a record dates it."""


@dataclass(frozen=True, slots=True)
class Told:
    """Records of one source.

    Attributes:
        act: The act it tells of, by its place in the block; -1: nothing anybody else tells of.
        key: Of the record, one of its kind in the world. `root`: of the record all of its like rest on.
        copied: Key of the record it was copied from; 0: none. `cites`: source it says so of; -1: none.
        kind, actor, ally, target, town: As told; -1: not said. `vague`: the type is not said, the family is.
        start, end: Seconds since 1970. `time`: as TIMES. `fine`: as FINENESS.
        east, north: From the country's middle [km].
        killed, low, high, civilians, injured: People; -1: not said.
        sum: How many acts it counts together; 1: one. `total`: its deaths run since a start.
        denied: It says that this did not happen, or was not so.
        published: Seconds since 1970. `wrong`: bits of the fields that are wrong.
    """

    act: Whole
    key: Whole
    root: Whole
    copied: Whole
    cites: Whole
    kind: Whole
    vague: Flags
    actor: Whole
    ally: Whole
    target: Whole
    town: Whole
    start: Whole
    end: Whole
    time: Whole
    fine: Whole
    east: Floats
    north: Floats
    killed: Whole
    low: Whole
    high: Whole
    civilians: Whole
    injured: Whole
    sum: Whole
    total: Flags
    denied: Flags
    published: Whole
    wrong: Whole

    def __len__(self) -> int:
        """Return how many records there are."""
        return len(self.act)

    def take(self, chosen: Whole | Flags) -> Told:
        """Return these records only, each array its own."""
        return Told(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})

    def but(self, **changed: Any) -> Told:
        """Return the records with other values in some fields."""
        return replace(self, **changed)


def stack(parts: Sequence[Told]) -> Told:
    """Return records one under another."""
    return Told(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Told)
        }
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """Acts that a record counts beyond its first: the record's key, and the act's place in the block."""

    key: Whole
    act: Whole

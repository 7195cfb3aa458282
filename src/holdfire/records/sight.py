"""Who told of how many incidents, by day and area: what is known of the effort from the reports themselves.

An incident that two independent sources tell of says how much each of them misses. No report is not no
incident; but where one source tells of most of what another tells of, little is missed by both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from holdfire.tables import BOOLEAN, INTEGER, TEXT, Column, Schema

SIGHT = Schema(
    "sight",
    (
        Column("date", pa.date32(), "first local day of the incidents"),
        Column("area", TEXT, "governorate; empty: not known"),
        Column(
            "apart", BOOLEAN, "true: an excluded group is a side, so the agreement does not bind the fight"
        ),
        Column("root", TEXT, "independence group; empty: all of them together"),
        Column(
            "told", INTEGER, "incidents that it tells of by itself; of all together: that any claim tells"
        ),
        Column(
            "alone", INTEGER, "of them, those that no other root tells of; of all together: that none does"
        ),
    ),
    key=("date", "area", "apart", "root"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """What kept monitors from seeing, as a person wrote it down.

    Attributes:
        kind: What happened to them.
        start: First local day.
        end: Last local day, included.
        area: Governorate; empty: everywhere.
    """

    kind: Literal["delay", "denial", "jamming", "security"]
    start: date
    end: date
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How much of what others tell of a source tells of too, in one area and stretch of days.

    Attributes:
        root: The source, as an independence group.
        area: Governorate; empty: all of them.
        told: Incidents it tells of.
        others: Incidents that any other tells of.
        both: Incidents that it and another tell of.
    """

    root: str
    area: str
    told: int
    others: int
    both: int

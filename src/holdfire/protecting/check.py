"""Does an area touch a published zone? A pure function of what is published, an area and a time.

It answers "touches zone Z" or "no published zone touched; this is not clearance". It knows no protected
site, so it can reveal none; it gives no distance, no count and no nearest zone, and any part of the area
inside a zone is a touch. tests/unit/test_protecting_check.py holds it to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import shapely
from shapely.geometry.base import BaseGeometry

from holdfire import times
from holdfire.agreement.zones import Zone, ZoneKind
from holdfire.answers import Answer
from holdfire.times import Interval

CLEARANCE = "no published zone touched; this is not clearance: duties under humanitarian law are unchanged"

SHELTERING = (ZoneKind.PROTECTED_ZONE, ZoneKind.DISENGAGEMENT_AREA, ZoneKind.ROUTE)
"""Kinds of zone that are asked about; an area where strikes are coordinated is not one of them."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One published zone that an area touches, or may touch.

    Attributes:
        zone: The zone's id.
        name: By language.
        in_force: Whether the zone is in force in the time asked about; unclear where its dates are vague.
    """

    zone: str
    name: dict[str, str]
    in_force: Answer


def check(zones: Sequence[Zone], area: BaseGeometry, when: Interval, zone: ZoneInfo) -> list[Touch]:
    """Return the sheltering zones that an area touches at some moment of a time, by id.

    Args:
        zones: Published zones.
        area: In degrees, longitude first, WGS 84.
        when: The time asked about.
        zone: Time zone in which the zones' dates are local.
    """
    touched = []
    for each in sorted(zones, key=lambda z: z.id):
        if each.kind in SHELTERING and shapely.intersects(each.polygon, area):
            in_force = _in_force(each, when, zone)
            if in_force is not Answer.NO:
                touched.append(Touch(each.id, dict(each.name), in_force))
    return touched


def _in_force(zone: Zone, when: Interval, local: ZoneInfo) -> Answer:
    """Return NO only if the zone surely ended before, or surely starts after, the time asked about."""
    start = times.parse(zone.starts, local)[0] if zone.starts else Interval(None, None)
    end = times.parse(zone.until, local)[0] if zone.until else Interval(None, None)
    if start.start is not None and when.end is not None and when.end <= start.start:
        return Answer.NO
    if end.end is not None and when.start is not None and when.start >= end.end:
        return Answer.NO
    surely_begun = start.end is None or (when.start is not None and when.start >= start.end)
    surely_there = end.start is None or (when.end is not None and when.end <= end.start)
    return Answer.YES if surely_begun and surely_there else Answer.UNCLEAR

"""Does an area touch a published zone? A pure function of what is published, an area and a time.

It answers "touches precaution area Z" or "no published area touched; this is not clearance". It knows no
protected site, so it can reveal none; it gives no distance, no count and no nearest zone, and any part of
the area inside a zone is a touch. Zones are those of an agreement (`check`), or the precaution areas of
releases (`touching`), which are asked only of times and places that they speak of: of any other they say
nothing, and silence is not an answer. tests/unit/test_protecting_check.py holds it to that, and
tests/properties/test_release.py asks it in two worlds that differ only in where places are in their cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from holdfire import times
from holdfire.agreement.zones import Zone, ZoneKind
from holdfire.answers import Answer
from holdfire.errors import BadInput, Problems
from holdfire.protecting.cells import Partition
from holdfire.protecting.release import Published
from holdfire.times import Interval

CLEARANCE = "no published area touched; this is not clearance, duties under humanitarian law are unchanged"

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


def touching(
    published: Sequence[Published], areas: Sequence[BaseGeometry], when: Interval, names: Sequence[str] = ()
) -> list[tuple[str, ...]]:
    """Return for each area the codes of the precaution areas that it touches at some moment of a time.

    Args:
        published: Releases of one record that between them cover the time.
        areas: In degrees, longitude first, WGS 84; none crosses longitude 180.
        when: The time asked about, both ends given.
        names: What the areas are called, for errors.

    Raises:
        BadInput: The releases do not cover the time or contradict each other, or an area reaches outside
            what their partition covers: nothing published speaks of it.
    """
    asked = covering(published, when)
    _refuse_outside(asked, areas, names)
    found: list[set[str]] = [set() for _ in areas]
    for each in asked:
        zones = np.array([cell.zone.shape() for cell in each.cells], object)
        if len(zones):
            which, zone = shapely.STRtree(zones).query(np.array(list(areas), object), predicate="intersects")
            for area, n in zip(which.tolist(), zone.tolist(), strict=True):
                found[area].add(each.cells[n].code)
    return [tuple(sorted(codes)) for codes in found]


def covering(published: Sequence[Published], when: Interval) -> list[Published]:
    """Return the releases that are in force at some moment of a time, first to last.

    Raises:
        BadInput: The time has no end or no beginning, a part of it is in the epoch of none of them, or two of
            them contradict each other.
    """
    if when.start is None or when.end is None or when.start >= when.end:
        raise BadInput("the time asked about does not end after it begins", "--from, --to")
    ordered = sorted(
        {each.release.digest: each for each in published}.values(),
        key=lambda e: (e.release.starts, e.release.number),
    )
    for one, other in pairwise(ordered):
        if other.release.starts < one.release.ends or other.release.number <= one.release.number:
            raise BadInput(
                f"releases {one.release.number} and {other.release.number} contradict each other: one epoch"
                " has one release",
                f"{one.release.digest[:16]}… and {other.release.digest[:16]}…",
                "keep both files: they show two histories of one record",
            )
    meeting = [e for e in ordered if e.release.when.start < when.end and e.release.when.end > when.start]  # type: ignore[operator]
    reached = when.start
    for each in meeting:
        if each.release.when.start is not None and each.release.when.start > reached:
            break
        reached = each.release.when.end or reached
    if reached < when.end:
        _refuse_uncovered(ordered, when)
    return meeting


def _refuse_uncovered(ordered: Sequence[Published], when: Interval) -> None:
    problems = Problems("release")
    for each in ordered:
        said = each.release
        if said.when.end is not None and when.start is not None and said.when.end <= when.start:
            what = f"ended on {said.ends[:10]}: it is superseded, and says nothing of the time asked about"
        elif said.when.start is not None and when.end is not None and said.when.start >= when.end:
            what = f"begins on {said.starts[:10]}, after the time asked about"
        else:
            what = f"holds from {said.starts[:10]} to {said.ends[:10]}, not for all of the time asked about"
        problems.add(
            f"release {said.number} of {said.name} {what}",
            hint="get the release of that epoch and give it too",
        )
    if not ordered:
        problems.add("no release is given")
    problems.raise_any()


def _refuse_outside(asked: Sequence[Published], areas: Sequence[BaseGeometry], names: Sequence[str]) -> None:
    """Refuse areas that reach outside a partition: a release says nothing of what is there."""
    problems = Problems("area")
    for partition in {each.partition.digest: each.partition for each in asked}.values():
        extent = partition.extent.shape()
        shapely.prepare(extent)
        for n in np.flatnonzero(~shapely.covers(extent, list(areas))).tolist() if len(areas) else ():
            problems.add(
                f"it reaches outside partition {partition.name}: nothing published speaks of what is there",
                names[n] if names else f"area {n + 1}",
                _swapped(partition, areas[n]),
            )
    problems.raise_any()


def _swapped(partition: Partition, area: BaseGeometry) -> str:
    turned = shapely.transform(area, lambda points: points[:, ::-1])
    west, south, east, north = turned.bounds
    if (
        west >= -180
        and east <= 180
        and south >= -90
        and north <= 90
        and partition.extent.shape().covers(turned)
    ):
        return "with longitude and latitude changed over it would lie inside: are the two swapped?"
    return "ask for the part that lies inside, and its publisher of the rest"

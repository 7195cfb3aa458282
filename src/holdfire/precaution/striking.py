"""Which incidents were reported inside areas that were told or published, and who knew of them.

Incidents are brought to cells first; from there on nothing knows where they were, and nothing here knows
where a protected place is: of a notice its cells are taken and its positions are not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault
from holdfire.places import EARTH
from holdfire.precaution.notified import body_of, register
from holdfire.protecting.cells import Partition
from holdfire.protecting.grid import HALF, POLE, ROUND, Box
from holdfire.protecting.notices import Event, Step
from holdfire.protecting.notification import About, Notification
from holdfire.protecting.release import Published
from holdfire.protecting.struck import Area, Finding, Reported, findings

SLACK = 1.01
"""A disc is taken this much wider, so that the ellipsoid misses nothing that the sphere finds."""


@dataclass(frozen=True)
class Notices:
    """Where it is written who was told of what.

    Attributes:
        ledger: The log.
        vault: What was said.
        now: The time, in whole seconds.
    """

    ledger: Ledger
    vault: Vault
    now: datetime


def reported(
    rows: Iterable[Mapping[str, Any]],
    notices: Notices,
    partition: Partition,
    published: Sequence[Published] = (),
) -> list[Finding]:
    """Return the findings of incidents, in order of incident and area.

    Args:
        rows: INCIDENT rows, where they are and not rounded.
        notices: Of the case.
        partition: Of which cells are taken.
        published: Releases of that partition: what lies in their areas may be published; none: nothing may.

    Raises:
        BadInput: An entry or the vault is damaged.
    """
    return list(findings([incident(row, partition) for row in rows], areas(notices, partition, published)))


def incident(row: Mapping[str, Any], partition: Partition) -> Reported:
    """Return an incident's row brought to cells; a place without a bound is no place."""
    sides = [row[name] for name in ("lat", "lon", "radius")]
    named = {"id": row["incident_id"], "start": row["start"], "end": row["end"]}
    if any(each is None for each in sides):
        return Reported(cells=None, **named)
    box = box_of(*sides)
    cells = partition.cells_meeting(box)
    near = [cell for cell in partition.cells if cell.zone.meets(box)]
    return Reported(
        cells=frozenset(cell.code for cell in cells),
        touches=frozenset(cell.code for cell in near),
        within=frozenset(cell.code for cell in near if holds(cell.zone, box)),
        outside=not holds(partition.extent, box),
        **named,
    )


def box_of(lat: float, lon: float, radius: float) -> Box:
    """Return whole minutes that hold a disc: centre [degrees], radius [m]."""
    up = radius * SLACK / EARTH * 180 / math.pi * 60
    south, north = math.floor(lat * 60 - up), math.floor(lat * 60 + up) + 1
    highest = max(abs(south), abs(north))
    across = math.inf if highest >= POLE else up / math.cos(math.radians(highest / 60))
    if across >= HALF - 1:
        return Box(-HALF, max(south, -POLE), HALF, min(north, POLE))
    west, east = math.floor(lon * 60 - across), math.floor(lon * 60 + across) + 1
    start = (west + HALF) % ROUND - HALF
    return Box(start, max(south, -POLE), start + east - west, min(north, POLE))


def holds(outer: Box, inner: Box) -> bool:
    """Return whether one box lies wholly in another."""
    ahead = (inner.west - outer.west) % ROUND
    across = ahead + inner.east - inner.west <= outer.east - outer.west or outer.east - outer.west >= ROUND
    return across and outer.south <= inner.south and inner.north <= outer.north


def areas(notices: Notices, partition: Partition, published: Sequence[Published] = ()) -> Iterator[Area]:
    """Yield the areas that were told to anybody, in the order drafted, then those that were published.

    A notice's area is public if all its cells were on for the whole of its window. A withdrawn one ends then.

    Raises:
        BadInput: An entry or the vault is damaged.
    """
    found = register(notices.ledger)
    for notice, events in found.events.items():
        if notice not in notices.vault or not found.sent(notice):
            continue
        body = body_of(notices.vault, notice)
        if body.about is About.WITHDRAWAL or not body.cells or body.partition != partition.digest:
            continue
        ends = min([body.ends, *_withdrawn(events)])
        if body.starts < ends:
            yield Area(
                id=notice,
                cells=frozenset(body.cells),
                starts=body.starts,
                ends=ends,
                public=_public(body, ends, published),
                told=found.told(notice, notices.now),
            )
    yield from public(published)


def public(published: Iterable[Published]) -> Iterator[Area]:
    """Yield the areas of releases."""
    for each in published:
        when = each.release.when
        if each.release.cells and when.start is not None and when.end is not None:
            yield Area(
                id=each.release.digest,
                cells=frozenset(each.release.cells),
                starts=when.start,
                ends=when.end,
                public=True,
            )


def _withdrawn(events: list[Event]) -> list[datetime]:
    return [each.at for each in events if each.step is Step.WITHDRAWN]


def _public(body: Notification, ends: datetime, published: Sequence[Published]) -> bool:
    """Return whether a notice's cells were on, one release after the other, from its start to an end."""
    reached = body.starts
    for each in sorted(published, key=lambda each: each.release.starts):
        when = each.release.when
        if when.start is None or when.end is None or when.start > reached or when.end <= reached:
            continue
        if not set(body.cells) <= set(each.release.cells):
            return False
        reached = when.end
        if reached >= ends:
            return True
    return False

"""Incidents that lie in precaution areas are brought to whole cells before anything of them is logged.

What holds, and tests/properties/test_precaution.py tries to break:

* an incident whose disc touches an area that may have been on in its time is placed at every cell that it may
  lie in, so moving it about within one cell changes nothing that is logged;
* one that is known no finer than a whole area is left as it is: it says no more than the area does;
* where any of its areas has fewer than `LEAST` such incidents in an epoch, it is placed nowhere;
* its claims, and claims of no incident that lie so, are placed nowhere: their incident is.

What is sheltered is not known here and does not come in: it is a function of the release and the reports.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.answers import Answer
from holdfire.digests import Digest
from holdfire.places import distance
from holdfire.precaution.held import Areas
from holdfire.precaution.striking import box_of, incident, public
from holdfire.protecting.cells import Cell
from holdfire.protecting.grid import HALF, ROUND, Reals
from holdfire.protecting.incidents import touching
from holdfire.protecting.release import Published
from holdfire.protecting.struck import findings, publishable
from holdfire.records.sheltered import LEAST, KeptBack, Sheltered

_DISC = ("lat", "lon", "radius")

Spot = tuple[float, float, float]
"""Latitude, longitude [degrees] and radius [m] of a disc that holds whole cells."""


@dataclass(frozen=True)
class AtCells:
    """What is published at the cell, of all incidents and claims of a case.

    Attributes:
        areas: Releases that the case holds.
        sheltered: What is said of the place of each such incident, in order of id.
        spots: The disc that holds its cells, by id; None: it is placed nowhere.
        kept_back: The claims and reports of which no words are printed.
    """

    areas: Areas = field(default_factory=Areas)
    sheltered: tuple[Sheltered, ...] = ()
    spots: Mapping[str, Spot | None] = field(default_factory=dict)
    kept_back: KeptBack = field(default_factory=KeptBack)

    def placed(self, incidents: pa.Table) -> pa.Table:
        """Return INCIDENT rows with the discs of their cells in the place of their own."""
        if not self.spots:
            return incidents
        names = incidents["incident_id"].to_pylist()
        for at, column in enumerate(_DISC):
            values = [
                old if name not in self.spots else None if (spot := self.spots[name]) is None else spot[at]
                for name, old in zip(names, incidents[column].to_pylist(), strict=True)
            ]
            incidents = _changed(incidents, column, pa.array(values, pa.float64()))
        return incidents

    def displaced(self, claims: pa.Table) -> pa.Table:
        """Return CLAIM rows of which those that are kept back have no place."""
        if not self.kept_back.claims:
            return claims
        hidden = pc.is_in(claims["claim_id"], value_set=pa.array(sorted(self.kept_back.claims), pa.string()))
        for column in _DISC:
            kept = pc.if_else(hidden, pa.scalar(None, pa.float64()), claims[column])
            claims = _changed(claims, column, kept)
        return claims


def at_cells(incidents: pa.Table, members: pa.Table, claims: pa.Table, areas: Areas) -> AtCells:
    """Return which incidents and claims are published at the cell, and what is said of them.

    Args:
        incidents: INCIDENT rows, where they are and not rounded.
        members: MEMBER rows.
        claims: CLAIM rows, where they are.
        areas: Releases that the case holds.
    """
    if not areas.published:
        return AtCells(areas)
    near = _near(incidents, areas).fine
    sheltered, spots = _sheltered(incidents, near, areas)
    return AtCells(areas, sheltered, spots, _kept_back(claims, members, spots, areas))


def _sheltered(
    incidents: pa.Table, found: Mapping[int, _Near], areas: Areas
) -> tuple[tuple[Sheltered, ...], dict[str, Spot | None]]:
    """Return what is said of the place of each incident in question, and the disc it has from then on."""
    rows = incidents.take(pa.array(sorted(found), pa.int64())).to_pylist()
    inside = _inside(rows, areas)
    counted = Counter(each for near in found.values() for each in near.on)
    said: list[Sheltered] = []
    spots: dict[str, Spot | None] = {}
    discs: dict[frozenset[tuple[Digest, str]], Spot] = {}
    for number, row in zip(sorted(found), rows, strict=True):
        near, name = found[number], row["incident_id"]
        answer = inside.get(name, Answer.UNCLEAR)
        if min(counted[each] for each in near.on) < LEAST:
            said.append(Sheltered(incident=name, inside=answer))
            spots[name] = None
            continue
        cells, on = ((code, of) for of, code in near.cells), {code for _, code in near.on}
        said.append(
            Sheltered(incident=name, inside=answer, cells=tuple(sorted(cells)), areas=tuple(sorted(on)))
        )
        if (whole := frozenset(near.cells)) not in discs:
            discs[whole] = _spot(areas.cell(code, of) for of, code in sorted(whole))
        spots[name] = discs[whole]
    return tuple(sorted(said, key=lambda each: each.incident)), spots


def _kept_back(claims: pa.Table, members: pa.Table, own: Iterable[str], areas: Areas) -> KeptBack:
    """Return the claims of sheltered incidents and those that lie in areas themselves, with their texts."""
    of = members.filter(pc.is_in(members["incident_id"], value_set=pa.array(sorted(own), pa.string())))
    hidden = pc.is_in(claims["claim_id"], value_set=of["claim_id"].combine_chunks()).to_numpy().copy()
    near = _near(claims, areas)
    hidden[sorted(near.fine)] = True
    vague = np.zeros(len(hidden), np.bool_)
    vague[sorted(near.vague)] = True
    texts = pc.and_(pa.array(hidden), pc.is_null(claims["row"]))
    return KeptBack(
        claims=frozenset(claims["claim_id"].filter(pa.array(hidden)).to_pylist()),
        reports=frozenset(claims["report"].filter(texts).to_pylist()),
        vague=frozenset(claims["claim_id"].filter(pa.array(vague & ~hidden)).to_pylist()),
    )


@dataclass
class _Near:
    """The cells that one row may lie in, by partition and code; those that were on, by release and code."""

    cells: set[tuple[Digest, str]] = field(default_factory=set)
    on: set[tuple[Digest, str]] = field(default_factory=set)


class _Rows(NamedTuple):
    """Rows that may lie in an area in its time: those known finer than it, and the others."""

    fine: dict[int, _Near]
    vague: set[int]


def _near(table: pa.Table, areas: Areas) -> _Rows:
    """Return the rows that may lie in an area in its time: with their cells, or known no finer than one."""
    lat, lon, radius = (_numbers(table[name]) for name in _DISC)
    sound = ~(np.isnan(lat) | np.isnan(lon) | np.isnan(radius))
    starts, ends = (table[name] for name in ("start", "end"))
    found: dict[int, _Near] = {}
    vague: set[int] = set()
    for each in areas.published:
        during = _during(starts, ends, each)
        if not each.cells or not during.any():
            continue
        vague |= set(np.flatnonzero(during & ~sound).tolist())
        rows = np.flatnonzero(during & sound)
        name, codes = each.release.digest, each.release.cells
        row, area = touching(each, lon[rows], lat[rows], radius[rows])
        row = rows[row]
        whole = _covered(each, area, lat[row], lon[row], radius[row])
        vague |= set(row[whole].tolist())
        for number, at in zip(row.tolist(), area.tolist(), strict=True):
            found.setdefault(number, _Near()).on.add((name, codes[at]))
    of_release = {each.release.digest: each.partition.digest for each in areas.published}
    fine = {number: found[number] for number in sorted(set(found) - vague)}
    for number, near in fine.items():
        box = box_of(float(lat[number]), float(lon[number]), float(radius[number]))
        for of in {of_release[release] for release, _ in near.on}:
            met = (c for c in areas.partitions[of].cells if c.zone.meets(box) or c.box.meets(box))
            near.cells |= {(of, cell.code) for cell in met}
    return _Rows(fine, vague)


def _during(starts: pa.ChunkedArray, ends: pa.ChunkedArray, published: Published) -> npt.NDArray[np.bool_]:
    """Return whether each row's time may lie in a release's epoch; an open end may."""
    when = published.release.when
    over = pc.fill_null(pc.greater_equal(starts, pa.scalar(_far(when.end), starts.type)), False)
    past = pc.fill_null(pc.less(ends, pa.scalar(when.start or _far(None), ends.type)), False)
    return np.asarray(pc.invert(pc.or_(over, past)).to_numpy(), np.bool_)


def _far(moment: datetime | None) -> datetime:
    return moment or datetime.max.replace(tzinfo=UTC)


def _covered(
    published: Published, area: npt.NDArray[np.int64], lat: Reals, lon: Reals, radius: Reals
) -> npt.NDArray[np.bool_]:
    """Return whether each disc holds all of an area: then it says no more than the area does."""
    sides = np.array([[z.west, z.south, z.east, z.north] for z in (c.zone for c in published.cells)]) / 60
    furthest = np.zeros(len(area))
    for x in (0, 2):
        for y in (1, 3):
            corner = distance(lat, lon, sides[area, y], sides[area, x])
            furthest = np.maximum(furthest, corner)
    return np.asarray(furthest <= radius, np.bool_)


def _spot(cells: Iterable[Cell | None]) -> Spot:
    """Return a disc that holds the zones of cells that lie together."""
    zones = [cell.zone for cell in cells if cell is not None]
    first = zones[0].west
    west = min((zone.west - first + HALF) % ROUND - HALF for zone in zones) + first
    east = max((zone.east - first + HALF) % ROUND - HALF for zone in zones) + first
    south, north = min(zone.south for zone in zones), max(zone.north for zone in zones)
    lat, lon = (south + north) / 120, (west + east) / 120
    reach = max(float(distance(lat, lon, y / 60, x / 60)) for x in (west, east) for y in (south, north))
    return lat, (lon + 180) % 360 - 180, float(math.ceil(reach))


def _inside(rows: Sequence[Mapping[str, Any]], areas: Areas) -> dict[str, Answer]:
    """Return by incident whether it was inside an area, of those that may have been."""
    found = (
        each
        for of in areas.partitions.values()
        for each in findings(
            [incident(row, of) for row in rows],
            public(each for each in areas.published if each.partition.digest == of.digest),
        )
    )
    return {each.incident: each.inside for each in publishable(found)}


def _changed(table: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, column)


def _numbers(column: pa.ChunkedArray) -> Reals:
    return np.asarray(column.to_numpy(), np.float64)

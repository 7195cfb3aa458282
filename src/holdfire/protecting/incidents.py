"""Which precaution areas incidents touch: places known to within some metres, a million at once.

An incident touches an area if any point of its disc lies in it: so whoever prints places coarsely knows
which incidents must be printed at the cell. Distances are worked out inside and never returned. On the
ellipsoid no touch is missed: the disc is taken six in a thousand wide.
tests/unit/test_protecting_incidents.py asks another library.
"""

from __future__ import annotations

import numpy as np

from holdfire.errors import BadInput
from holdfire.places import EARTH
from holdfire.protecting.discs import SHORT
from holdfire.protecting.grid import ROUND, Box, Integers, Reals
from holdfire.protecting.release import Published

WIDEST = 500_000.0
"""Largest radius that is measured exactly [m]; of a wider disc only how far north it reaches is."""

_CLASSES = (0.0, 2_000.0, 10_000.0, 50_000.0, WIDEST, np.inf)
"""Incidents are taken together by radius [m], so that one vague one does not slow down the rest."""


def touching(
    published: Published, lon: Reals, lat: Reals, radius: Reals | float = 0.0
) -> tuple[Integers, Integers]:
    """Return which incidents touch which precaution areas.

    Args:
        published: A release beside its partition.
        lon: Longitudes [degrees], WGS 84 (incidents,).
        lat: Latitudes [degrees] (incidents,).
        radius: How far each may be off [m] (incidents,), or of all.

    Returns:
        For each touch the incident's place in the arguments, and the area's among `published.cells`
        (touches,), in order of incident and area.

    Raises:
        BadInput: A position or a radius is no number, or is not on Earth.
    """
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    r = np.broadcast_to(np.asarray(radius, np.float64), x.shape)
    sound = (np.abs(x) <= 180) & (np.abs(y) <= 90) & (r >= 0)  # false of what is no number
    if not sound.all():
        raise BadInput(
            f"{int((~sound).sum())} incidents have no position on Earth or no radius",
            f"the first is incident {int(np.flatnonzero(~sound)[0]) + 1}",
            "leave out what is not placed, and count it",
        )
    found = [
        _class(published, x, y, r, np.flatnonzero((r > low) & (r <= high) if low or n else r <= high))
        for n, (low, high) in enumerate(zip((0.0, *_CLASSES[:-1]), _CLASSES, strict=True))
    ]
    incident, area = (np.concatenate([each[k] for each in found]) for k in (0, 1))
    order = np.lexsort((area, incident))
    return incident[order], area[order]


def _class(published: Published, x: Reals, y: Reals, r: Reals, held: Integers) -> tuple[Integers, Integers]:
    none = np.empty(0, np.int64)
    if not len(held):
        return none, none
    held = held[np.argsort(y[held], kind="stable")]
    lon, lat, wide = x[held], y[held], r[held] * SHORT
    reach = np.degrees(float(wide.max()) / EARTH)
    incidents, areas = [none], [none]
    for n, cell in enumerate(published.cells):
        low = np.searchsorted(lat, cell.zone.south / 60 - reach, "left")
        high = np.searchsorted(lat, cell.zone.north / 60 + reach, "right")
        here = slice(low, high)
        hit = np.flatnonzero(_touches(cell.zone, lon[here], lat[here], wide[here])) + low
        incidents.append(held[hit])
        areas.append(np.full(len(hit), n, np.int64))
    return np.concatenate(incidents), np.concatenate(areas)


def _touches(zone: Box, lon: Reals, lat: Reals, wide: Reals) -> np.ndarray:
    """Return whether discs touch a box, on the sphere; its sides belong to it."""
    south, north = zone.south / 60, zone.north / 60
    width = (zone.east - zone.west) / 60
    ahead = (lon - zone.west / 60) % (ROUND / 60)
    within = (ahead <= width) | (width >= 360)
    up = np.radians(np.maximum(0.0, np.maximum(south - lat, lat - north))) * EARTH
    touches = within & (up <= wide)
    aside = np.flatnonzero(~within & (up <= wide) & (wide > 0))
    if len(aside):
        away = np.radians(np.minimum(ahead[aside] - width, 360 - ahead[aside]))
        touches[aside] = _beside(
            away, np.radians(lat[aside]), np.radians(south), np.radians(north), wide[aside]
        )
    return touches


def _beside(away: Reals, lat: Reals, south: float, north: float, wide: Reals) -> np.ndarray:
    """Return whether discs reach a stretch of a meridian that lies `away` from their middles [radians].

    The great circle square to the meridian meets it at latitude atan(tan lat / cos away); the nearest point
    of the stretch is that, or the end nearer to it; beyond a quarter of the round it is past the pole.
    """
    foot = np.clip(np.arctan2(np.sin(lat), np.cos(lat) * np.cos(away)), south, north)
    half = np.sin((foot - lat) / 2) ** 2 + np.cos(lat) * np.cos(foot) * np.sin(away / 2) ** 2
    near: np.ndarray = 2 * EARTH * np.arcsin(np.sqrt(np.minimum(1.0, half))) <= wide
    return near | (wide > WIDEST * SHORT)

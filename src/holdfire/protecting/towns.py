"""A town is not a point: a place of many people is told as the pieces of its built-up land.

A city of a million drawn as one point would have to hide among the mass of nine more such cities, and its
zone would be half a country. But a site in it lies somewhere in some hundred square kilometres. So each place
becomes the points of a hexagonal grid in a disc about it, as large as its people need at a usual density,
each with an equal part of them. The disc is a public function of public numbers; a layer of real populated
cells is better, and with one this is not asked for.
"""

from __future__ import annotations

import math

import numpy as np

from holdfire.places import KILOMETRES_A_DEGREE
from holdfire.protecting.grid import Integers, Reals

MOST = 20_000
"""Most pieces of one place."""


def pieces(
    lon: Reals, lat: Reals, people: Reals, density: float, step: float
) -> tuple[Integers, Reals, Reals]:
    """Return the pieces of places: of which place, and where [degrees] (pieces,).

    A place whose disc holds no point of its grid but the middle stays as it is.

    Args:
        lon: Longitudes [degrees] (places,).
        lat: Latitudes [degrees] (places,).
        people: How many live there (places,).
        density: Of a town [people/km2].
        step: Between neighbouring pieces [m].
    """
    row = step * math.sqrt(3) / 2
    of, across, up = [], [], []
    for n in range(len(lon)):
        radius = 1000 * math.sqrt(float(people[n]) / (math.pi * density))
        radius = min(radius, step * math.sqrt(MOST * math.sqrt(3) / (2 * math.pi)))
        lines = np.arange(-int(radius // row), int(radius // row) + 1)
        reach = int(radius // step) + 1
        y = np.repeat(lines * row, 2 * reach + 1)
        x = np.tile(np.arange(-reach, reach + 1) * step, len(lines)) + np.repeat(
            lines % 2 * step / 2, 2 * reach + 1
        )
        inside = x * x + y * y <= radius * radius
        of.append(np.full(int(inside.sum()), n))
        across.append(
            x[inside] / 1000 / KILOMETRES_A_DEGREE / max(math.cos(math.radians(float(lat[n]))), 1e-6)
        )
        up.append(y[inside] / 1000 / KILOMETRES_A_DEGREE)
    place = np.concatenate(of)
    east = (lon[place] + np.concatenate(across) + 180) % 360 - 180
    return place, east, np.clip(lat[place] + np.concatenate(up), -90, 90)

"""Attack the check: ask about areas, and halve them until what answers is found.

The control answers on exact sites: some thirty questions find one to a few metres. A check of ours answers on
the release alone, so all it gives is the outline of a zone that is published anyway.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from holdfire.protecting.grid import Integers, Reals
from holdfire.testing.attackers.world import numbered

Answers = Callable[[Reals], npt.NDArray[np.bool_]]
"""Says of one area in each of many worlds [west, south, east, north in degrees] whether it is touched."""

METRES = 111_195.0
"""In a degree of latitude."""


def halved(answers: Answers, within: Reals, worlds: int, fine: float = 6.0) -> tuple[Integers, float, int]:
    """Return how far halving gets in many worlds that differ in where a site is.

    Args:
        answers: The check in each world, asked one area each (worlds, 4) -> (worlds,).
        within: An area that is touched in all of them [degrees] (4,).
        worlds: How many there are.
        fine: How small the area is to become [m].

    Returns:
        Labels that are equal for worlds that answered alike throughout (worlds,); how wide the last areas
        are at most [m]; and how many questions were asked in each.
    """
    area = np.tile(np.asarray(within, np.float64), (worlds, 1))
    heard: list[npt.NDArray[np.bool_]] = []
    while True:
        shrunk = np.cos(np.radians((area[:, 1] + area[:, 3]) / 2))
        across = (area[:, 2] - area[:, 0]) * shrunk
        up = area[:, 3] - area[:, 1]
        wide = float(max(across.max(), up.max())) * METRES
        if wide <= fine or len(heard) > 200:
            return numbered([row.tobytes() for row in np.array(heard).T]), wide, len(heard)
        axis = (up > across).astype(np.int64)
        rows = np.arange(worlds)
        middle = (area[rows, axis] + area[rows, axis + 2]) / 2
        half = area.copy()
        half[rows, axis + 2] = middle
        said = answers(half)
        heard.append(said)
        area[rows, axis + 2] = np.where(said, middle, area[rows, axis + 2])
        area[rows, axis] = np.where(said, area[rows, axis], middle)


def exact(lon: Reals, lat: Reals) -> Answers:
    """Return a check that answers on exact sites, one in each world: the control."""

    def answers(areas: Reals) -> npt.NDArray[np.bool_]:
        inside: npt.NDArray[np.bool_] = (areas[:, 0] <= lon) & (lon < areas[:, 2])
        return inside & (areas[:, 1] <= lat) & (lat < areas[:, 3])

    return answers


def zoned(zones: Reals) -> Answers:
    """Return a check that answers on the published zone in each world [degrees] (worlds, 4)."""

    def answers(areas: Reals) -> npt.NDArray[np.bool_]:
        met: npt.NDArray[np.bool_] = (areas[:, 0] <= zones[:, 2]) & (zones[:, 0] <= areas[:, 2])
        return met & (areas[:, 1] <= zones[:, 3]) & (zones[:, 1] <= areas[:, 3])

    return answers


def outlined(touches: Answers, inside: Reals, extent: Reals, fine: float) -> Reals:
    """Return the sides of areas that answer, found by asking alone [degrees] (areas, 4).

    Args:
        touches: The check, asked for each area whether a point of it is touched (areas, 4) -> (areas,).
        inside: A position at which each is touched [degrees] (areas, 2).
        extent: Where areas end at most [degrees] (4,).
        fine: How near to their sides to come [degrees].
    """
    points = np.concatenate([inside, inside], axis=1)
    found = points.copy()
    for side in range(4):
        near, far = points[:, side].copy(), np.full(len(points), extent[side])
        while np.abs(far - near).max(initial=0) > fine:
            middle = (near + far) / 2
            asked = points.copy()
            asked[:, side % 2] = asked[:, side % 2 + 2] = middle
            said = touches(asked)
            near, far = np.where(said, middle, near), np.where(said, far, middle)
        found[:, side] = near
    return found

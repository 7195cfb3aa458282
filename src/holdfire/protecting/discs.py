"""The heaviest disc of a radius over some of many places, wherever its centre lies.

A disc that holds most can be moved until a place lies on its rim. So for each place the discs with it on
the rim are swept round it: a neighbour enters and leaves at an angle of its own. What can enter at all is a
bound, and only places whose bound is too high are swept. Angles are worked out once for all places, and the
radius is taken six in a thousand long, so no disc on the WGS 84 ellipsoid is missed: the sphere that is
measured on departs from it by less.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from holdfire.errors import BadInput
from holdfire.places import EARTH
from holdfire.protecting.grid import Integers, Reals
from holdfire.protecting.merging import on_sphere

SHORT = 1.006
"""By how much the radius is taken too long: a degree at the equator is 0.56 % shorter than on the sphere."""

MOST_PAIRS = 10_000_000
"""Most pairs of places that lie within two radii of each other."""


class Discs:
    """Places, asked for the heaviest disc of one radius over some of them."""

    def __init__(self, lon: Reals, lat: Reals, radius: float) -> None:
        """Work out at what angles neighbours enter and leave.

        Args:
            lon: Longitudes [degrees] (places,).
            lat: Latitudes [degrees] (places,).
            radius: Of the disc [m].

        Raises:
            BadInput: Places lie so densely that there are more than `MOST_PAIRS` pairs.
        """
        from scipy.spatial import cKDTree

        self._size = len(lon)
        across = radius * SHORT
        tree = cKDTree(on_sphere(lon, lat))
        within = 2 * across
        pairs = int(tree.count_neighbors(tree, within))
        if pairs > MOST_PAIRS:
            raise BadInput(
                f"{pairs:,} pairs of candidate places lie within {within:,.0f} m of each other",
                hint="give populated cells instead of single buildings, or --apart 200",
            )
        found = tree.query_pairs(within, output_type="ndarray")
        one = np.concatenate([found[:, 0], found[:, 1]])
        other = np.concatenate([found[:, 1], found[:, 0]])
        beside = np.argsort(one, kind="stable")
        self._neighbour = other[beside]
        self._beside = np.searchsorted(one[beside], np.arange(self._size + 1))
        turn, wide = _angles(lon, lat, one, other, across)
        start, end = (np.rint((turn + sign * wide) % (2 * np.pi) * 1e9).astype(np.int64) for sign in (-1, 1))
        # The order of events round each place: by angle, and who enters before who leaves.
        place = np.concatenate([one, one])
        angle = np.concatenate([start, end])
        leaves = np.repeat([0, 1], len(one))
        order = np.lexsort((leaves, angle, place))
        self._event = np.concatenate([other, other])[order]
        self._sign = np.where(leaves == 0, 1, -1)[order]
        self._starts = np.searchsorted(place[order], np.arange(self._size + 1))
        inside = end < start  # already in when the sweep begins
        by = np.argsort(one[inside], kind="stable")
        self._first = other[inside][by]
        self._firsts = np.searchsorted(one[inside][by], np.arange(self._size + 1))

    def heaviest(self, places: Integers, mass: Integers, most: int | Fraction = -1) -> int:
        """Return the mass of the heaviest disc over some places.

        Args:
            places: Which (places,).
            mass: Of each of all places, whole numbers.
            most: Where no disc has more than this, what is returned may be less than the heaviest.
        """
        held = np.zeros(self._size, np.int64)
        held[places] = mass[places]
        limit = int(most)  # masses are whole
        bound = held[places] + self._around(places, held)
        bound[held[places] == 0] = 0
        best = int(held[places].max(initial=0))
        for n in np.argsort(-bound, kind="stable"):
            if bound[n] <= max(limit, best):
                break
            best = max(best, self._swept(int(places[n]), held))
            if 0 <= limit < best:
                break
        return best

    def _around(self, places: Integers, held: Integers) -> Integers:
        """Return what lies within two radii of each of some places, itself not counted (places,)."""
        first, many = self._beside[places], self._beside[places + 1] - self._beside[places]
        ends = np.cumsum(many)
        rows = np.repeat(first - ends + many, many) + np.arange(int(many.sum()))
        sums = np.append(0, np.cumsum(held[self._neighbour[rows]]))
        return np.asarray(sums[ends] - sums[ends - many], np.int64)

    def _swept(self, i: int, held: Integers) -> int:
        begun = int(held[self._first[self._firsts[i] : self._firsts[i + 1]]].sum())
        here = slice(self._starts[i], self._starts[i + 1])
        running = np.cumsum(held[self._event[here]] * self._sign[here])
        return int(held[i]) + begun + max(0, int(running.max(initial=0)))


def _angles(lon: Reals, lat: Reals, one: Integers, other: Integers, radius: float) -> tuple[Reals, Reals]:
    """Return the angle at which each neighbour lies and half of that over which discs hold it [radians]."""
    ahead = (lon[other] - lon[one] + 180) % 360 - 180
    across = np.radians(ahead) * np.cos(np.radians((lat[one] + lat[other]) / 2)) * EARTH
    up = np.radians(lat[other] - lat[one]) * EARTH
    apart = np.hypot(across, up)
    return np.arctan2(up, across), np.arccos(np.clip(apart / (2 * radius), 0, 1))

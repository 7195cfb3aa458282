"""Split land into boxes along whole minutes until no further split keeps what every box must hold.

What a box must hold is asked under each prior: at least so many places, no place with too large a share, and
no disc of a given radius, wherever its centre, with too much of the box's mass. Whether a line is allowed
depends on the places alone, and all sums are of whole numbers, so the same places give the same boxes on
every machine. Of the allowed lines that one is taken which makes the sum over places of the logarithm of
their zone's area least, with a little more for zones much longer than wide.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from holdfire.protecting.discs import Discs
from holdfire.protecting.grid import POLE, ROUND, Integers, Reals

SHAPE = 0.3
"""What the logarithm of length over width costs beside that of area: with less there are slivers."""

Told = Callable[[int], None]


class Need(NamedTuple):
    """What a box must hold.

    Attributes:
        places: Least number of places.
        share: For each prior, a place's largest share is at most one over this.
        ball: Largest part of a box's mass in one disc.
    """

    places: int
    share: int
    ball: Fraction


class Land(NamedTuple):
    """A box not yet split, and its places.

    Attributes:
        west, south, east, north: Its sides [minutes], unwrapped.
        by_x: Its places in order of longitude (places,).
        by_y: Its places in order of latitude (places,).
    """

    west: int
    south: int
    east: int
    north: int
    by_x: Integers
    by_y: Integers


@dataclass(frozen=True)
class Splitter:
    """Places on the grid, and what splitting them needs to know.

    Attributes:
        x: Minute of longitude that each lies in, unwrapped (places,).
        y: Minute of latitude (places,).
        priors: Weights by prior (places,).
        discs: Asked for the heaviest disc of some of the places.
        margin: By how much a box is widened to be its zone [minutes of latitude].
    """

    x: Integers
    y: Integers
    priors: Mapping[str, Integers]
    discs: Discs
    margin: int

    def split(self, land: Land, need: Need, told: Told = lambda places: None) -> Iterator[Land]:
        """Yield the boxes that land is split into, in no special order; itself where no split is allowed."""
        waiting = [land]
        while waiting:
            here = waiting.pop()
            halves = self._halves(here, need)
            if halves is None:
                told(len(here.by_x))
                yield here
            else:
                waiting += halves

    def lacks(self, places: Integers, need: Need) -> Iterator[tuple[str, str, Fraction]]:
        """Yield what keeps places from being one box: the prior, what it is, how much there is."""
        if len(places) < need.places:
            yield "count", "places", Fraction(len(places))
        for name, mass in self.priors.items():
            held = mass[places]
            total = int(held.sum())
            if total == 0:
                yield name, "mass", Fraction(0)
                continue
            if int(held.max()) * need.share > total:
                yield name, "share", Fraction(int(held.max()), total)
            heaviest = self.discs.heaviest(places, mass, need.ball * total)
            if heaviest > need.ball * total:
                yield name, "ball", Fraction(heaviest, total)

    def _halves(self, land: Land, need: Need) -> tuple[Land, Land] | None:
        if len(land.by_x) < 2 * need.places:
            return None
        lines = [self._lines(land, 0, need), self._lines(land, 1, need)]
        axis = np.repeat([0, 1], [len(each[0]) for each in lines])
        at, cost = (np.concatenate([each[k] for each in lines]) for k in (0, 1))
        for n in np.lexsort((at, axis, cost)):
            halves = self._cut(land, int(axis[n]), int(at[n]))
            if all(self._spread(each.by_x, need) for each in halves):
                return halves
        return None

    def _lines(self, land: Land, axis: int, need: Need) -> tuple[Integers, Integers]:
        """Return the lines that leave enough on both sides, discs not asked, and what each costs."""
        order, here = (land.by_x, self.x) if axis == 0 else (land.by_y, self.y)
        along = here[order]
        many = len(order)
        first = np.flatnonzero(along[1:] != along[:-1]) + 1  # how many lie before a line
        first = first[(first >= need.places) & (many - first >= need.places)]
        for mass in self.priors.values():
            if not len(first):
                break
            held = mass[order]
            before, total = np.cumsum(held)[first - 1], int(held.sum())
            low = np.maximum.accumulate(held)[first - 1]
            high = np.maximum.accumulate(held[::-1])[::-1][first]
            allowed = (before > 0) & (total > before)
            allowed &= (low * need.share <= before) & (high * need.share <= total - before)
            first = first[allowed]
        at = np.concatenate([along[first - 1] + 1, along[first]])  # empty land goes to either side
        left = np.concatenate([first, first])
        at, once = np.unique(at, return_index=True)
        return at, self._cost(land, axis, at, left[once], many)

    def _cost(self, land: Land, axis: int, at: Integers, left: Integers, many: int) -> Integers:
        west, south, east, north = land[:4]
        if axis == 0:
            one, two = self._size(west, south, at, north), self._size(at, south, east, north)
        else:
            one, two = self._size(west, south, east, at), self._size(west, at, east, north)
        cost: Integers = np.rint((left * one + (many - left) * two) * 1e6).astype(np.int64)
        return cost

    def _size(
        self, west: int | Integers, south: int | Integers, east: int | Integers, north: int | Integers
    ) -> Reals:
        """Return the logarithm of what zones cover, and a little for those much longer than wide."""
        high, low = np.minimum(POLE, north + self.margin), np.maximum(-POLE, south - self.margin)
        steep = np.minimum(np.maximum(np.abs(high), np.abs(low)), POLE - 1)
        wide = np.minimum(ROUND, east - west + 2 * _WIDER[steep] * self.margin)
        band = np.maximum(1, _SINES[high + POLE] - _SINES[low + POLE])  # it shrinks as longitude does
        tall = high - low
        area: Reals = np.log(np.asarray(wide * band, np.float64))
        across: Reals = np.log(np.asarray(wide * band, np.float64) / (tall * tall)) - _SQUARE
        size: Reals = area + SHAPE * np.abs(across)
        return size

    def _cut(self, land: Land, axis: int, at: int) -> tuple[Land, Land]:
        west, south, east, north, by_x, by_y = land
        here = self.x if axis == 0 else self.y
        low_x, low_y = here[by_x] < at, here[by_y] < at
        if axis == 0:
            return (
                Land(west, south, at, north, by_x[low_x], by_y[low_y]),
                Land(at, south, east, north, by_x[~low_x], by_y[~low_y]),
            )
        return (
            Land(west, south, east, at, by_x[low_x], by_y[low_y]),
            Land(west, at, east, north, by_x[~low_x], by_y[~low_y]),
        )

    def _spread(self, places: Integers, need: Need) -> bool:
        for mass in self.priors.values():
            most = need.ball * int(mass[places].sum())
            if self.discs.heaviest(places, mass, most) > most:
                return False
        return True


_SINES: npt.NDArray[np.int64] = np.array(
    [round(math.sin(math.radians(n / 60)) * 10**7) for n in range(-POLE, POLE + 1)], np.int64
)
"""Sine of each minute of latitude from the south pole on, in ten-millionths: whole, so equal anywhere."""

_SQUARE = math.log(math.radians(1 / 60) * 10**7)
"""Logarithm of the sine's step over a minute at the equator, where a square of minutes is as wide as high."""

_WIDER: npt.NDArray[np.int64] = np.array(
    [math.ceil(1 / math.cos(math.radians(n / 60)) - 1e-9) for n in range(POLE)], np.int64
)
"""How many minutes of longitude hold one of latitude at each minute of latitude."""

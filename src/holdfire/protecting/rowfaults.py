"""What is wrong with rows of candidate places, all of it at once.

A row is never mended or left out in silence: a place in the wrong country would stretch a partition, and a
place that does not exist would pass for one among k.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from holdfire.errors import Problems
from holdfire.protecting.grid import UNITS, Reals, units

COARSE = 0.05
"""Largest share of places that may lie on whole tenths of a degree; by chance 0.0001 to 0.03 do."""

STRAY = 0.5
"""How far outside the span of the middle 98 % of places, in spans, a place is held to be swapped."""

_FEWEST = 20
"""Fewest places of which shares are asked."""

_PRIOR = re.compile(r"[a-z][a-z0-9_]{0,29}")

Where = Callable[[int], str]
"""Says where a row stands, for a person."""


def find(x: Reals, y: Reals, masses: Mapping[str, Reals], where: Where, problems: Problems) -> None:
    """Note everything that is wrong with positions [degrees] and weights (rows,)."""
    finite = np.isfinite(x) & np.isfinite(y)
    outside = finite & ((np.abs(y) > 90) | (np.abs(x) > 180))
    for row in np.flatnonzero(~finite):
        problems.add("longitude or latitude is no finite number", where(int(row)))
    for row in np.flatnonzero(outside):
        swapped = abs(x[row]) <= 90 and abs(y[row]) <= 180
        problems.add(
            f"longitude {x[row]:g}, latitude {y[row]:g} is not on Earth",
            where(int(row)),
            "are the two swapped?" if swapped else "degrees, WGS 84",
        )
    fine = finite & ~outside
    nil = fine & (x == 0) & (y == 0)
    for row in np.flatnonzero(nil):
        problems.add("0, 0 stands for a position not known", where(int(row)), "leave the row out")
    fine &= ~nil
    if fine.sum() >= _FEWEST:
        _swapped(x, y, fine, where, problems)
        _coarse(x[fine], y[fine], problems)
    _weights(masses, where, problems)


def _swapped(x: Reals, y: Reals, fine: npt.NDArray[np.bool_], where: Where, problems: Problems) -> None:
    """Find rows that stray far from the others and would not if their columns changed places."""
    ends = [np.quantile(each[fine], (0.01, 0.99), method="nearest") for each in (x, y)]
    spans = [(low - STRAY * (high - low) - 0.5, high + STRAY * (high - low) + 0.5) for low, high in ends]

    def within(across: Reals, up: Reals) -> npt.NDArray[np.bool_]:
        (west, east), (south, north) = spans
        inside: npt.NDArray[np.bool_] = (west <= across) & (across <= east) & (south <= up) & (up <= north)
        return inside

    for row in np.flatnonzero(fine & ~within(x, y) & within(y, x)):
        problems.add(
            f"longitude {x[row]:g}, latitude {y[row]:g} lies far from all other places",
            where(int(row)),
            "are the two swapped?",
        )


def _coarse(x: Reals, y: Reals, problems: Problems) -> None:
    """Refuse positions of which too many are on whole tenths of a degree: they are off by kilometres."""
    tenth = UNITS // 10
    coarse = (units(x) % tenth == 0) & (units(y) % tenth == 0)
    if coarse.mean() > COARSE:
        problems.add(
            f"{int(coarse.sum())} of {len(x)} places have no more than one decimal in longitude and latitude",
            hint="give positions of three decimals or more: a tenth of a degree is 11 km",
        )


def _weights(masses: Mapping[str, Reals], where: Where, problems: Problems) -> None:
    for name, each in masses.items():
        if name == "count" or not _PRIOR.fullmatch(name):
            problems.add(
                f'a prior may not be called "{name[:40]}"',
                hint='small letters, digits and _, and not "count": under that each place is alike',
            )
        for row in np.flatnonzero(~np.isfinite(each)):
            problems.add(f'the weight "{name}" is missing or no finite number', where(int(row)))
        for row in np.flatnonzero(each < 0):
            problems.add(f'the weight "{name}" is negative', where(int(row)), "a weight is from 0 up")
        if np.isfinite(each).all() and not (each > 0).any():
            problems.add(f'no place has any of the weight "{name}"', hint="name another column")

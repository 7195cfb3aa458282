"""An incident that is published at the cell: it was reported inside a precaution area that was public.

Of its place nothing finer than whole cells is printed or logged, so that no incident says of an area which
place in it is sheltered. Where an area has too few incidents of an epoch, not even the cells are.
"""

from __future__ import annotations

from dataclasses import dataclass

from holdfire.answers import Answer

LEAST = 3
"""Fewest incidents of an area that are counted or placed in print: fewer say too much about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheltered:
    """What is said of the place of an incident that was reported inside a public precaution area.

    Attributes:
        incident: Its id.
        inside: Whether it was inside: yes, or unclear; no: it no longer may have been.
        cells: Code and digest of the partition of each cell that it may lie in, sorted; none: the cells are
            withheld, because an area has fewer than `LEAST` incidents of an epoch.
        areas: Codes of those among `cells` that were on in its time.
    """

    incident: str
    inside: Answer
    cells: tuple[tuple[str, str], ...] = ()
    areas: tuple[str, ...] = ()

    @property
    def few(self) -> bool:
        """Return whether its cells are withheld because they hold too few."""
        return not self.cells


@dataclass(frozen=True, slots=True)
class Land:
    """A cell as it is published: its zone, and whether it was on in a bulletin's period.

    Attributes:
        code: Its code.
        partition: Digest of its partition.
        sides: West, south, east and north [minutes of arc]; east may pass 180 degrees.
        on: First and last instant of the epochs it was on for, ISO 8601 in UTC; empty: it was not.
    """

    code: str
    partition: str
    sides: tuple[int, int, int, int]
    on: tuple[tuple[str, str], ...] = ()

    @property
    def rings(self) -> list[list[list[tuple[float, float]]]]:
        """Return its polygons, each a list of rings [degrees], longitude first, cut at longitude 180."""
        west, south, east, north = self.sides
        parts = [(west, east)] if east <= _HALF else [(west, _HALF), (-_HALF, east - 2 * _HALF)]
        low, high = round(south / 60, 7), round(north / 60, 7)
        return [
            [[(left, low), (right, low), (right, high), (left, high), (left, low)]]
            for left, right in ((round(a / 60, 7), round(b / 60, 7)) for a, b in parts)
        ]


_HALF = 10_800
"""Half the round of the Earth [minutes of arc]."""

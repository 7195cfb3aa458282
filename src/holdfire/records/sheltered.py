"""An incident that is published at the cell: it was reported inside a precaution area that was public.

Of its place nothing finer than whole cells is printed or logged, so that no incident says of an area which
place in it is sheltered. Where an area has too few incidents of an epoch, not even the cells are.
"""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

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
class KeptBack:
    """Of what no words are printed, because of precaution areas.

    Attributes:
        claims: Claims that lie in an area, or are of an incident that does.
        reports: Texts that one of these was read from: their other sentences may say what the place is.
        vague: Claims that may lie in an area, known too coarsely to tell.
    """

    claims: frozenset[str] = frozenset()
    reports: frozenset[str] = frozenset()
    vague: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PublicCell:
    """A cell as it is published: its zone, and whether it was on in a bulletin's period.

    Attributes:
        code: Its code.
        partition: Digest of its partition.
        zone: What is published of it [degrees], longitude first, cut at longitude 180.
        on: Whether it was on at some time of the period.
    """

    code: str
    partition: str
    zone: BaseGeometry
    on: bool

"""What a partition costs and what it gives, in a few numbers, to be seen before anyone commits to it.

Areas are of zones, which is what gets published, over candidate places: half of all places lie in a zone of
at most the median.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from holdfire.protecting.cells import PARTS, Block, Cell, Partition

SHARES = (5, 50, 95)
"""Percentiles that are told."""


@dataclass(frozen=True, slots=True)
class Sheltered:
    """What cells, or blocks, give under one prior.

    Attributes:
        effective: Among how many alike places a site is hidden where it is hidden least.
        ball: Largest part of one's mass in a disc of the settings' radius.
    """

    effective: float
    ball: float


@dataclass(frozen=True, slots=True)
class Kind:
    """Cells, or blocks, in numbers.

    Attributes:
        many: How many there are.
        fewest: Fewest places of one.
        areas: Zone area over places at 5, 50 and 95 % [km2].
        largest: Largest zone [km2].
        priors: What they give, by prior.
    """

    many: int
    fewest: int
    areas: tuple[float, float, float]
    largest: float
    priors: dict[str, Sheltered]


@dataclass(frozen=True, slots=True)
class Summary:
    """A partition in numbers."""

    places: int
    cells: Kind
    blocks: Kind


def summary(partition: Partition) -> Summary:
    """Return a partition in numbers."""
    kinds = (_kind(each, partition.priors) for each in (partition.cells, partition.blocks))
    return Summary(partition.places, *kinds)


def _kind(held: Sequence[Cell | Block], priors: Sequence[str]) -> Kind:
    areas = np.array([each.zone.area for each in held])
    places = np.array([each.candidates for each in held])
    p5, median, p95 = np.percentile(np.repeat(areas, places), SHARES)
    told = {
        name: Sheltered(
            min(each.numbers[name].effective for each in held),
            max(each.numbers[name].ball for each in held) / PARTS,
        )
        for name in priors
    }
    return Kind(
        len(held), int(places.min()), (float(p5), float(median), float(p95)), float(areas.max()), told
    )

"""The places an attacker chooses among, how likely each is beforehand, and how far an attacker got.

A belief is the posterior probability of one candidate, given all that was published. "Identified" is a
belief above one half. One over the largest belief is among how many alike candidates it is like being hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from holdfire.places import EARTH
from holdfire.protecting.candidates import COUNT, Candidates
from holdfire.protecting.grid import Integers, Reals

IDENTIFIED = 0.5
"""A candidate that is believed in more than this is identified."""


@dataclass(frozen=True, eq=False)
class World:
    """Public places, and one prior over them.

    Attributes:
        lon: Longitudes [degrees] (places,).
        lat: Latitudes [degrees] (places,).
        mass: How likely each is beforehand, whole numbers (places,).
    """

    lon: Reals
    lat: Reals
    mass: Integers

    @classmethod
    def of(cls, candidates: Candidates, prior: str = COUNT) -> World:
        """Return the world of a partition's candidates under one of its priors."""
        return cls(candidates.lon, candidates.lat, candidates.priors[prior])

    def __len__(self) -> int:
        return len(self.lon)

    @cached_property
    def plane(self) -> Reals:
        """Return places on a plane that keeps distances along the middle parallel [m] (places, 2)."""
        middle = float(np.median(self.lat))
        first = float(self.lon[0])
        ahead = (self.lon - first + 180) % 360 - 180
        return np.column_stack(
            [np.radians(ahead) * np.cos(np.radians(middle)) * EARTH, np.radians(self.lat) * EARTH]
        )

    def sites(self, many: int, seed: int) -> Integers:
        """Return places drawn from the prior, as rows, to stand for protected sites (many,)."""
        draw = np.random.default_rng(seed)
        return np.asarray(draw.choice(len(self), many, p=self.mass / self.mass.sum()), np.int64)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far an attacker got with many sites, never with which.

    Attributes:
        sites: How many sites were attacked.
        identified: Share of them at which some candidate's belief is above one half.
        least: Least number of alike candidates left at any site: one over the largest belief of all.
        fifth: The same, below which one site in twenty lies.
        median: The same at the middle site.
        hit: Share of sites at which the attacker's best guess is right.
    """

    sites: int
    identified: float
    least: float
    fifth: float
    median: float
    hit: float

    @classmethod
    def of(cls, beliefs: Reals, right: Reals | Sequence[float]) -> Outcome:
        """Return the outcome of the largest belief at each site, and whether the guess is right (sites,)."""
        left = 1 / np.maximum(np.asarray(beliefs, np.float64), 1e-300)
        fifth, median = np.quantile(left, (0.05, 0.5))
        return cls(
            len(left),
            float((left < 1 / IDENTIFIED).mean()),
            float(left.min()),
            float(fifth),
            float(median),
            float(np.mean(right)),
        )


def grouped(labels: Integers, mass: Integers) -> tuple[Reals, Integers, Reals]:
    """Return what each published thing leaves, where equal labels say that equal things are published.

    What has no chance in it is inverted by publishing for every candidate in turn: those for which the
    same comes out are left, as likely as before among themselves. This is Bayes' rule, exactly.

    Returns:
        The largest belief (labels,); how many candidates of any mass are left (labels,); and each candidate's
        own belief (places,).
    """
    size = int(labels.max()) + 1
    total = np.bincount(labels, weights=mass.astype(np.float64), minlength=size)
    own = np.divide(mass, total[labels], out=np.zeros(len(mass)), where=total[labels] > 0)
    largest = np.zeros(size)
    np.maximum.at(largest, labels, own)
    return largest, np.bincount(labels[mass > 0], minlength=size), own


def numbered(keys: Sequence[object]) -> Integers:
    """Return a label for each key, equal for equal keys, from 0 in order of appearance (keys,)."""
    seen: dict[object, int] = {}
    return np.array([seen.setdefault(key, len(seen)) for key in keys], np.int64)

"""Candidate places: the public places among which a protected one is to be indistinguishable.

A partition is built of them and of nothing else. They come from public layers (a gazetteer, public buildings,
populated cells), so whoever has the layers has the candidates. What holds of them, tested in
tests/properties/test_candidates.py:

* the order of rows, and a row given twice, change nothing;
* places nearer to each other than `apart`, or of one name and nearer than `same_name`, are one place;
* all that is wrong with the rows is told at once, and nothing is mended in silence.

A prior says how likely each place is to be the protected one, as far as anyone outside can guess. "count" is
always there: each place alike. Others are weights that a user's column gives, such as people living there.
Weights become whole numbers, so sums are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from holdfire.digests import Digest, digest
from holdfire.errors import BadInput, Problems
from holdfire.protecting import rowfaults, towns
from holdfire.protecting.grid import UNITS, Integers, Reals, units
from holdfire.protecting.merging import joined
from holdfire.protecting.rowfaults import Where

COUNT = "count"
"""The prior under which each place is alike."""

MASS = 10**9
"""What the heaviest place weighs, as a whole number."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A file that candidate places were taken from.

    Attributes:
        file: Its name, without folders.
        digest: Of its bytes.
        rows: How many rows it has.
        taken: Which of its columns were read, and how, in words.
    """

    file: str
    digest: Digest
    rows: int
    taken: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """How rows become places, decided before and published with the partition.

    Attributes:
        apart: Rows nearer than this are one place [m].
        same_name: Rows of one name nearer than this are one place [m].
        spread: Prior that says how many people live at a place, by which it is told as pieces; empty: none.
        density: Of people in a town, for its pieces [people/km2].
        step: Between neighbouring pieces [m].
    """

    apart: int = 25
    same_name: int = 3000
    spread: str = ""
    density: int = 5000
    step: int = 1000

    def wrong(self) -> list[str]:
        """Return everything that is wrong, in words."""
        return out_of_range(self, RANGES)


RANGES = {"apart": (0, 10_000), "same_name": (0, 50_000), "density": (100, 100_000), "step": (100, 10_000)}
"""Least and most of each whole number."""


def out_of_range(held: object, ranges: Mapping[str, tuple[int, int]]) -> list[str]:
    """Return which whole numbers of a value are none, or too small or large, in words."""
    return [
        f"{name} is {given}; it is a whole number from {least} to {most}"
        for name, (least, most) in ranges.items()
        if isinstance(given := getattr(held, name), bool)
        or not isinstance(given, int)
        or not least <= given <= most
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Distinct places, in order of latitude and longitude.

    Attributes:
        lon: Longitudes [degrees], of whole ten-millionths (places,).
        lat: Latitudes [degrees] (places,).
        priors: Weight of each place by name of the prior, whole numbers from 0 (places,); "count" is first.
        rows: How many rows they were given in.
        gathering: How rows became places.
        digest: Name of exactly these places and weights.
    """

    lon: Reals
    lat: Reals
    priors: Mapping[str, Integers]
    rows: int
    gathering: Gathering
    digest: Digest = field(init=False)

    def __post_init__(self) -> None:
        columns = [units(self.lon), units(self.lat), *(self.priors[name] for name in self.priors)]
        rows = zip(*(each.tolist() for each in columns), strict=True)
        lines = "".join(" ".join(map(str, row)) + "\n" for row in rows)
        content = f"{' '.join(self.priors)}\n{lines}".encode()
        object.__setattr__(self, "digest", digest(content))

    def __len__(self) -> int:
        return len(self.lon)


def gather(
    lon: Reals,
    lat: Reals,
    weights: Mapping[str, Reals] | None = None,
    *,
    names: Sequence[str] = (),
    how: Gathering | None = None,
    file: str = "candidates",
    where: Where = lambda row: f"row {row + 1}",
) -> Candidates:
    """Return the distinct places of rows.

    Args:
        lon: Longitudes [degrees], WGS 84 (rows,).
        lat: Latitudes [degrees] (rows,).
        weights: Weights from 0 up by name of their prior (rows,); of rows of one place the largest stands.
        names: Names, folded so that spellings of one are equal; an empty one says nothing (rows,).
        how: How rows become places; the first of a place's rows by latitude and longitude says where it is.
        file: Where rows come from, for errors.
        where: Says where a row stands.

    Raises:
        BadInput: Every row that is wrong: not finite, not on Earth, swapped, at 0, 0, of a negative weight;
            positions that are too coarse, a weight that all places have none of, no row at all.
    """
    asked = how or Gathering()
    problems = Problems(file)
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    masses = {name: np.asarray(each, np.float64) for name, each in sorted((weights or {}).items())}
    if not len(x):
        raise BadInput("there is no candidate place", file, "give a layer of public places")
    for why in asked.wrong():
        problems.add(why)
    if asked.spread and asked.spread not in masses:
        problems.add(f'places are to be spread by "{asked.spread}", which is no weight here')
    rowfaults.find(x, y, masses, where, problems)
    problems.raise_any()
    rows = len(x)
    x, y, masses = _merged(x, y, masses, names, asked)
    if asked.spread:
        of, x, y = towns.pieces(x, y, masses[asked.spread], asked.density, asked.step)
        parts = np.bincount(of)[of]
        masses = {name: each[of] / parts for name, each in masses.items()}
        x, y, masses = _merged(x, y, masses, (), asked)
    priors = {COUNT: np.ones(len(x), np.int64)}
    for name, each in masses.items():
        priors[name] = np.rint(each / each.max() * MASS).astype(np.int64)
    return Candidates(x, y, priors, rows, asked)


def _merged(
    x: Reals, y: Reals, masses: Mapping[str, Reals], names: Sequence[str], how: Gathering
) -> tuple[Reals, Reals, dict[str, Reals]]:
    """Return distinct places in order, each with the largest of its rows' weights."""
    across, up = units(x), units(y)
    across = np.where(across == 180 * UNITS, -180 * UNITS, across)
    spots, of_row = np.unique(np.column_stack([up, across]), axis=0, return_inverse=True)
    spot = of_row.ravel()
    named = list(zip(names, spot.tolist(), strict=True)) if len(names) else []
    first = joined(spots, how.apart, named, how.same_name)
    groups, place = np.unique(first[spot], return_inverse=True)
    found = {}
    for name, each in masses.items():
        found[name] = np.zeros(len(groups))
        np.maximum.at(found[name], place.ravel(), each)
    stands = spots[groups]  # a place is where its first spot is
    return stands[:, 1] / UNITS, stands[:, 0] / UNITS, found

"""Candidate places: the public places among which a protected one is to be indistinguishable.

A partition is built of them and of nothing else. They come from public layers (a gazetteer, public buildings,
populated cells), so whoever has the layers has the candidates. What holds of them, tested in
tests/properties/test_candidates.py:

* the order of rows, and a row given twice, change nothing;
* places nearer to each other than `apart` are one place: two rows of one town are not two candidates;
* all that is wrong with the rows is told at once, and nothing is mended in silence.

A prior says how likely each place is to be the protected one, as far as anyone outside can guess. "count" is
always there: each place alike. Others are weights that a user's column gives, such as people living there.
Weights become whole numbers, so sums are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from holdfire.digests import Digest, digest
from holdfire.errors import BadInput, Problems
from holdfire.places import EARTH
from holdfire.protecting.grid import UNITS, Integers, Reals, units

COUNT = "count"
"""The prior under which each place is alike."""

MASS = 10**9
"""What the heaviest place weighs, as a whole number."""

APART = 25
"""Places nearer than this are one place, unless another distance is given [m]."""

COARSE = 0.05
"""Largest share of places that may lie on whole tenths of a degree; by chance 0.0001 to 0.03 do."""

STRAY = 0.5
"""How far outside the span of the middle 98 % of places, in spans, a place is held to be swapped."""

_FEWEST = 20
"""Fewest places of which shares are asked."""

Where = Callable[[int], str]
"""Says where a row stands, for a person."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Distinct places, in order of latitude and longitude.

    Attributes:
        lon: Longitudes [degrees], of whole ten-millionths (places,).
        lat: Latitudes [degrees] (places,).
        priors: Weight of each place by name of the prior, whole numbers from 0 (places,); "count" is first.
        rows: How many rows they were given in.
        digest: Name of exactly these places and weights.
    """

    lon: Reals
    lat: Reals
    priors: Mapping[str, Integers]
    rows: int
    digest: Digest = field(init=False)

    def __post_init__(self) -> None:
        columns = [units(self.lon), units(self.lat), *(self.priors[name] for name in self.priors)]
        lines = "".join(
            " ".join(map(str, row)) + "\n" for row in zip(*(c.tolist() for c in columns), strict=True)
        )
        content = f"{' '.join(self.priors)}\n{lines}".encode()
        object.__setattr__(self, "digest", digest(content))

    def __len__(self) -> int:
        return len(self.lon)


def gather(
    lon: Reals,
    lat: Reals,
    weights: Mapping[str, Reals] | None = None,
    *,
    apart: float = APART,
    file: str = "candidates",
    where: Where = lambda row: f"row {row + 1}",
) -> Candidates:
    """Return the distinct places of rows.

    Args:
        lon: Longitudes [degrees], WGS 84 (rows,).
        lat: Latitudes [degrees] (rows,).
        weights: Weights from 0 up by name of their prior (rows,); of rows of one place the largest stands.
        apart: Places nearer than this are one [m]; the first of them by latitude and longitude stands.
        file: Where rows come from, for errors.
        where: Says where a row stands.

    Raises:
        BadInput: Every row that is wrong: not finite, not on Earth, swapped, at 0, 0, of a negative weight;
            positions that are too coarse, a weight that all places have none of, no row at all.
    """
    given = dict(weights or {})
    problems = Problems(file)
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    masses = {name: np.asarray(each, np.float64) for name, each in sorted(given.items())}
    if not len(x):
        raise BadInput("there is no candidate place", file, "give a layer of public places")
    _positions(x, y, where, problems)
    _weights(masses, where, problems)
    problems.raise_any()
    return _merged(x, y, masses, apart)


def _positions(x: Reals, y: Reals, where: Where, problems: Problems) -> None:
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
        problems.add(
            "longitude 0, latitude 0 stands for a position not known", where(int(row)), "leave the row out"
        )
    fine &= ~nil
    if fine.sum() >= _FEWEST:
        _swapped(x, y, fine, where, problems)
        _coarse(x[fine], y[fine], problems)


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
        if name == COUNT:
            problems.add(f'a prior may not be called "{COUNT}": under it each place is alike')
        for row in np.flatnonzero(~np.isfinite(each)):
            problems.add(f'the weight "{name}" is missing or no finite number', where(int(row)))
        for row in np.flatnonzero(each < 0):
            problems.add(f'the weight "{name}" is negative', where(int(row)), "a weight is from 0 up")
        if np.isfinite(each).all() and not (each > 0).any():
            problems.add(
                f'no place has any of the weight "{name}"', hint="name another column, or leave it out"
            )


def _merged(x: Reals, y: Reals, masses: Mapping[str, Reals], apart: float) -> Candidates:
    """Return distinct places in order, each with the largest of its rows' weights."""
    across, up = units(x), units(y)
    across = np.where(across == 180 * UNITS, -180 * UNITS, across)
    spots, of_row = np.unique(np.column_stack([up, across]), axis=0, return_inverse=True)
    of_row = _joined(spots, apart)[of_row.ravel()]
    groups, place = np.unique(of_row, return_inverse=True)
    priors = {COUNT: np.ones(len(groups), np.int64)}
    for name, each in masses.items():
        whole = np.rint(each / each.max() * MASS).astype(np.int64)
        largest = np.zeros(len(groups), np.int64)
        np.maximum.at(largest, place.ravel(), whole)
        priors[name] = largest
    stands = spots[groups]  # a group is named by its first spot
    return Candidates(stands[:, 1] / UNITS, stands[:, 0] / UNITS, priors, len(x))


def _joined(spots: Integers, apart: float) -> Integers:
    """Return, for each spot, the first spot that it hangs together with by steps shorter than `apart`."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    if apart <= 0 or len(spots) < 2:
        return np.arange(len(spots))
    pairs = cKDTree(on_sphere(spots[:, 1] / UNITS, spots[:, 0] / UNITS)).query_pairs(
        apart, output_type="ndarray"
    )
    if not len(pairs):
        return np.arange(len(spots))
    size = len(spots)
    links = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    labels = connected_components(links, directed=False)[1]
    _, firsts = np.unique(labels, return_index=True)
    return np.asarray(firsts[labels], np.int64)


def on_sphere(lon: Reals, lat: Reals) -> Reals:
    """Return positions [degrees] as points in space [m] (places, 3); near ones are a chord apart."""
    a, b = np.radians(lon), np.radians(lat)
    return EARTH * np.column_stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)])

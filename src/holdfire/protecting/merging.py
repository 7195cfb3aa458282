"""Which rows are of one place: those at one position or nearly, and those of one name that lie near.

Two rows of one place must not count twice, or a place would pass for two of the k among which it hides. What
is joined too readily makes zones larger, and nothing else, so joining is by plain rules: nearer than a
distance, or of the same name and nearer than a larger one, step by step.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from holdfire.places import EARTH
from holdfire.protecting.grid import UNITS, Integers, Reals

COMMON = 1_000
"""A name on so many rows says what a thing is and not which, such as "mosque"."""


def joined(spots: Integers, apart: float, names: Sequence[tuple[str, int]], same_name: float) -> Integers:
    """Return, for each spot, the first spot that it hangs together with.

    Args:
        spots: Distinct positions, latitude first, in order [ten-millionths of a degree] (spots, 2).
        apart: Spots nearer than this are of one place [m].
        names: Names, however folded, each with its spot; empty names say nothing.
        same_name: Spots of one name nearer than this are of one place [m].
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    at = on_sphere(spots[:, 1] / UNITS, spots[:, 0] / UNITS)
    found = [cKDTree(at).query_pairs(apart, output_type="ndarray")] if apart > 0 else []
    if same_name > 0:
        for bearers in _by_name(names):
            pairs = cKDTree(at[bearers]).query_pairs(same_name, output_type="ndarray")
            found.append(bearers[pairs])
    pairs = np.concatenate([np.empty((0, 2), np.int64), *found]).astype(np.int64)
    size = len(spots)
    links = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    labels = connected_components(links, directed=False)[1]
    _, firsts = np.unique(labels, return_index=True)
    return np.asarray(firsts[labels], np.int64)


def _by_name(names: Sequence[tuple[str, int]]) -> list[Integers]:
    """Return the spots of each name that several bear."""
    held: dict[str, set[int]] = {}
    for name, spot in names:
        if name:
            held.setdefault(name, set()).add(spot)
    return [np.array(sorted(spots)) for spots in held.values() if 1 < len(spots) < COMMON]


def on_sphere(lon: Reals, lat: Reals) -> Reals:
    """Return positions [degrees] as points in space [m] (places, 3); near ones are a chord apart."""
    a, b = np.radians(lon), np.radians(lat)
    return EARTH * np.column_stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)])

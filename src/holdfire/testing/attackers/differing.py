"""Attack by difference: who has every release and knows every site but one sees that one come and go.

The control, `naive.outlined`, draws an outline round groups of sites: one that joins becomes a corner of it.
"""

from __future__ import annotations

import numpy as np

from holdfire.protecting.grid import Integers
from holdfire.testing.attackers.world import Outcome


def spans(many: int, releases: int, seed: int) -> Integers:
    """Return when sites come and go: the first release each is in, the first it is not in (sites, 2)."""
    draw = np.random.default_rng(seed)
    first = draw.integers(0, releases, many)
    lasts = 1 + (draw.uniform(size=many) * (releases - first)).astype(np.int64)
    return np.column_stack([first, first + lasts])


def invert_histories(
    cells: Integers, mass: Integers, sites: Integers, stays: Integers
) -> tuple[Outcome, float]:
    """Return how far someone gets who knows all releases, every site but one, and when that one was there.

    Each site in turn is the one not known. Candidates are left that would have made every release exactly
    what it was. Labels of cells stand for cells switched on as a whole: a release rests
    on nothing else of a site.

    Args:
        cells: Label of each candidate's cell (places,).
        mass: Prior (places,).
        sites: Rows of the sites (sites,).
        stays: First release that each is in, and the first that it is in no more (sites, 2).

    Returns:
        The outcome, and the share of sites whose coming and going changes no release.
    """
    size = int(cells.max()) + 1
    total = np.bincount(cells, weights=mass.astype(np.float64), minlength=size)
    most = np.zeros(size)
    np.maximum.at(most, cells, mass.astype(np.float64))
    held = np.zeros((int(stays.max()), size), np.int64)
    for site, (first, last) in zip(sites, stays, strict=True):
        held[first:last, cells[site]] += 1
    belief, right = np.zeros(len(sites)), np.zeros(len(sites))
    silent = 0
    for n, (site, (first, last)) in enumerate(zip(sites, stays, strict=True)):
        seen = held[first:last] > 0
        others = held[first:last].copy()
        others[:, cells[site]] -= 1
        changed = (seen != (others > 0)).any(axis=0)
        silent += not changed.any()
        # With the site in cell d the others' releases must become those seen: d is on throughout, and no
        # other cell differs.
        allowed = seen.all(axis=0) & (changed | ~changed.any())
        left = float(total[allowed].sum())
        belief[n] = float(most[allowed].max()) / left
        right[n] = float(mass[site]) / left
    return Outcome.of(belief, right), silent / max(1, len(sites))

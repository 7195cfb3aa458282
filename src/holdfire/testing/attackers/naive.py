"""Obvious ways to blur a place, each of which gives it away: the controls of the attackers.

Never publish with any of these. They are here so that every attacker can be shown to break what it should:
an attacker that breaks none of them proves nothing when it does not break ours. Figures of each stand in
docs/understand/zones.md.

Blurs draw a centre about the site by chance. Tellings have no chance in them: for each candidate they give a
label that is equal for candidates of which the same is published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from holdfire.protecting.grid import Integers, Reals
from holdfire.protecting.partition import Partition
from holdfire.testing.attackers.world import World, numbered

Generator = np.random.Generator


@dataclass(frozen=True)
class Blur:
    """A published circle whose centre is the site, moved by chance in a random direction.

    Attributes:
        name: What it is called.
        distances: Draws so many distances from site to centre [m].
        density: Logarithm of how likely a centre is at a distance from the site [per m2], up to a constant.
    """

    name: str
    distances: Callable[[Generator, int], Reals]
    density: Callable[[Reals], Reals]

    def publish(self, at: Reals, draw: Generator) -> Reals:
        """Return the centres published for positions on the plane [m] (sites, 2)."""
        far = self.distances(draw, len(at))
        turn = draw.uniform(0, 2 * np.pi, len(at))
        centres: Reals = at + far[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
        return centres


def _within(low: float, high: float) -> Callable[[Reals], Reals]:
    def density(far: Reals) -> Reals:
        inside: Reals = np.where((far >= low) & (far <= high), 0.0, -np.inf)
        return inside

    return density


def circle() -> Blur:
    """Return circles centred on the site."""
    return Blur("circle round the site", lambda draw, n: np.zeros(n), _within(0, 1e-3))


def random_circle(most: float = 4000) -> Blur:
    """Return circles that hold the site at a random spot, drawn anew for each release.

    Args:
        most: Farthest from the centre that it lies [m]: of a circle of 5 km, with 1 km about the site inside.
    """
    return Blur(
        "random circle, drawn anew",
        lambda draw, n: most * np.sqrt(draw.uniform(size=n)),
        _within(0, most * (1 + 1e-9)),
    )


def laplace(per_metre: float = 0.8e-3) -> Blur:
    """Return circles about a centre of planar Laplace noise (Andrés et al. 2013) of so many units a metre."""
    return Blur(
        "planar Laplace",
        lambda draw, n: draw.gamma(2, 1 / per_metre, n),
        lambda far: -per_metre * far,
    )


def donut(low: float = 1000, high: float = 4000) -> Blur:
    """Return circles moved by at least and at most some distance (Hampton et al. 2010) [m]."""
    return Blur(
        "donut",
        lambda draw, n: np.sqrt(draw.uniform(low**2, high**2, n)),
        _within(low * (1 - 1e-9), high * (1 + 1e-9)),
    )


def jitter(spread: float = 2000) -> Blur:
    """Return a point with Gaussian noise on each axis [m]."""
    return Blur(
        "jittered point",
        lambda draw, n: np.hypot(draw.normal(0, spread, n), draw.normal(0, spread, n)),
        lambda far: -(far**2) / (2 * spread**2),
    )


def blurs() -> tuple[Blur, ...]:
    """Return all of them."""
    return circle(), random_circle(), laplace(), donut(), jitter()


def box_of_nearest(world: World, k: int) -> tuple[Integers, Reals]:
    """Return labels and middles of boxes round the site and its nearest places (places,), (labels, 2)."""
    at = world.plane
    near = cKDTree(at).query(at, k=min(k, len(at)))[1]
    sides = np.column_stack([at[near].min(axis=1), at[near].max(axis=1)])
    boxes, labels = np.unique(sides, axis=0, return_inverse=True)
    return labels.ravel().astype(np.int64), (boxes[:, :2] + boxes[:, 2:]) / 2


def quadtree(world: World, k: int) -> tuple[Integers, Reals]:
    """Return labels and middles of the least quarter of a quarter … that holds the site and k places."""
    at = world.plane
    low = at.min(axis=0)
    wide = float((at.max(axis=0) - low).max()) * (1 + 1e-9)
    labels = np.zeros(len(at), np.int64)
    middles: list[Reals] = []
    waiting = [(np.arange(len(at)), low, wide)]
    while waiting:
        held, corner, width = waiting.pop()
        half = (at[held] - corner) // (width / 2)
        quarter = (half[:, 0] + 2 * half[:, 1]).astype(np.int64)
        stays = np.bincount(quarter, minlength=4)[quarter] < k
        if stays.any() or width < 1:
            labels[held[stays | (width < 1)]] = len(middles)
            middles.append(corner + width / 2)
        for n in np.unique(quarter[~stays]) if width >= 1 else []:
            step = np.array([n % 2, n // 2]) * width / 2
            waiting.append((held[~stays & (quarter == n)], corner + step, width / 2))
    return labels, np.array(middles)


def climbing(world: World, k: int, levels: Integers) -> tuple[Integers, Reals]:
    """Return labels and middles of the least unit that holds the site and k places.

    Args:
        world: Places.
        k: How many places a unit must hold.
        levels: Unit that each place lies in at each level, from the least to the whole (places, levels).
    """
    chosen = np.full(len(world), levels.shape[1] - 1)
    for level in range(levels.shape[1] - 1, -1, -1):
        chosen[np.bincount(levels[:, level])[levels[:, level]] >= k] = level
    units = np.column_stack([chosen, levels[np.arange(len(world)), chosen]])
    found, labels = np.unique(units, axis=0, return_inverse=True)
    middles = [world.plane[levels[:, level] == unit].mean(axis=0) for level, unit in found]
    return labels.ravel().astype(np.int64), np.array(middles)


def made_levels(world: World, counts: tuple[int, ...] = (272, 62, 14), seed: int = 1) -> Integers:
    """Return made units nested in each other, where no real ones are at hand: places round random seats."""
    draw = np.random.default_rng(seed)
    seats = world.plane
    unit = np.arange(len(seats))
    levels = []
    for count in counts:
        chosen = draw.choice(len(seats), min(count, len(seats)), replace=False)
        nearest = cKDTree(seats[chosen]).query(seats)[1]
        unit = nearest[unit]
        levels.append(unit)
        seats = seats[chosen]
    return np.column_stack([*levels, np.zeros(len(world), np.int64)])


def touched_cells(world: World, partition: Partition, radius: float = 1000) -> Integers:
    """Return labels of the sets of cells that a disc about the site touches [m] (places,)."""
    from holdfire.protecting.grid import HALF, ROUND

    sets: list[list[int]] = [[] for _ in range(len(world))]
    minute = 1852.0
    across = minute * np.cos(np.radians(world.lat))
    x, y = world.lon * 60, world.lat * 60
    for number, cell in enumerate(partition.cells):
        box = cell.box
        middle = (box.west + box.east) / 2
        ahead = np.abs((x - middle + HALF) % ROUND - HALF) - (box.east - box.west) / 2
        up = np.maximum(box.south - y, y - box.north)
        far = np.hypot(np.maximum(ahead, 0) * across, np.maximum(up, 0) * minute)
        for place in np.flatnonzero(far <= radius):
            sets[place].append(number)
    return numbered([tuple(each) for each in sets])


def outlined(world: World, others: Integers, apart: float = 30_000) -> Integers:
    """Return labels of outlines drawn round all sites, for each candidate as the one that joins (places,).

    Sites that hang together by steps shorter than `apart` share the hull of their discs. A disc is taken off
    a hull without loss, so hulls stand for what is published.

    Args:
        world: Places.
        others: Rows of the sites that are there already (sites,).
        apart: Longest step between sites of one outline [m].
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    at = world.plane
    held = np.unique(at[others], axis=0)
    groups = fcluster(linkage(held, "single"), apart, "distance") if len(held) > 1 else np.ones(1)
    hulls = np.array([shapely.MultiPoint(held[groups == each]).convex_hull for each in np.unique(groups)])
    far = [cKDTree(held[groups == each]).query(at)[0] for each in np.unique(groups)]
    joins = np.array(far) < apart
    keys = []
    for place, point in enumerate(shapely.points(at)):
        near = joins[:, place]
        drawn = shapely.union_all([*hulls[near], point]).convex_hull
        alone = shapely.union_all(hulls[~near])
        keys.append((shapely.normalize(drawn).wkb, alone.wkb))
    return numbered(keys)


def with_category(cells: Integers, register: Integers) -> Integers:
    """Return labels of a cell published with a category, which public registers give of some places.

    Args:
        cells: Label of each place's cell (places,).
        register: Category of each place in a public register (places,).
    """
    return np.unique(np.column_stack([cells, register]), axis=0, return_inverse=True)[1].ravel()

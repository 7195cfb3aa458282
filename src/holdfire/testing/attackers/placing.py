"""Attack what is published of places that stay: centroid, intersection over releases, inversion.

* centroid: guess the candidate nearest to the middle of what is published, or to the mean of many middles;
* intersection: keep the candidates that every release allows;
* inversion: Bayes' rule over candidates, with the likelihood that the mechanism itself gives. It is the most
  that anyone can draw from what is published, and holds the other two: they are run because people do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.spatial import cKDTree

from holdfire.protecting.grid import Integers, Reals
from holdfire.testing.attackers.naive import Blur
from holdfire.testing.attackers.world import Outcome, World, grouped, numbered

_ROWS = 100
"""Sites whose beliefs in all candidates are held at once."""


def invert_blur(
    blur: Blur, world: World, sites: Integers, releases: Sequence[int], seed: int
) -> dict[int, Outcome]:
    """Return how far exact Bayes gets with circles drawn anew for each release, after so many releases.

    Where the density is flat inside and nil outside, this is the intersection of what releases allow.

    Args:
        blur: How centres are drawn.
        world: Candidates and prior.
        sites: Rows of the sites (sites,).
        releases: After how many the outcome is asked.
        seed: Of the draws.
    """
    draw = np.random.default_rng(seed)
    with np.errstate(divide="ignore"):
        prior = np.log(world.mass / world.mass.sum())
    largest = {count: np.zeros(len(sites)) for count in releases}
    right = {count: np.zeros(len(sites)) for count in releases}
    for first in range(0, len(sites), _ROWS):
        rows = slice(first, min(first + _ROWS, len(sites)))
        true = sites[rows]
        log = np.tile(prior, (len(true), 1))
        for count in range(1, max(releases) + 1):
            centres = blur.publish(world.plane[true], draw)
            far = np.hypot(*(centres[:, None, axis] - world.plane[None, :, axis] for axis in (0, 1)))
            log += blur.density(far)
            if count in largest:
                belief = np.exp(log - log.max(axis=1, keepdims=True))
                belief /= belief.sum(axis=1, keepdims=True)
                largest[count][rows] = belief.max(axis=1)
                right[count][rows] = belief.argmax(axis=1) == true
    return {count: Outcome.of(largest[count], right[count]) for count in releases}


def centre_of_blur(blur: Blur, world: World, sites: Integers, releases: int, seed: int) -> float:
    """Return the share of sites that are the candidate nearest to the mean of published centres."""
    draw = np.random.default_rng(seed)
    at = world.plane[sites]
    mean = sum(blur.publish(at, draw) for _ in range(releases)) / releases
    return float((cKDTree(world.plane).query(mean)[1] == sites).mean())


def invert_telling(labels: Integers, world: World, sites: Integers) -> Outcome:
    """Return how far exact Bayes gets where equal labels say that equal things are published of candidates.

    Repeating a release adds nothing: it is the same again.
    """
    largest, _, own = grouped(labels, world.mass)
    return Outcome.of(largest[labels[sites]], own[sites])


def centre_of_telling(labels: Integers, middles: Reals, world: World, sites: Integers) -> Outcome:
    """Return how far the guess gets that is nearest to the middle of what is published.

    Args:
        labels: What is published of each candidate (places,).
        middles: Middle of what each label stands for, on the plane [m] (labels, 2).
        world: Candidates and prior.
        sites: Rows of the sites (sites,).
    """
    guess = cKDTree(world.plane).query(middles)[1]
    _, _, own = grouped(labels, world.mass)
    at = labels[sites]
    belief = np.where(labels[guess[at]] == at, own[guess[at]], 0.0)
    return Outcome.of(belief, guess[at] == sites)


def told(publish: Callable[[int], bytes], places: int) -> Integers:
    """Return labels of what a mechanism publishes, found by publishing for every candidate in turn.

    Args:
        publish: Gives all bytes that go out if the protected site were at this candidate: every release,
            export and answer that an attacker sees.
        places: How many candidates there are.
    """
    return numbered([publish(place) for place in range(places)])

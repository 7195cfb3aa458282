"""Attack a group on the move: a hidden Markov model of its way, filtered and smoothed.

A group goes each day from a candidate to one within a day's reach, or stays. What is published each day
allows some candidates. Forward and backward passes (Rabiner 1989, Proc. IEEE 77:257-286) give the exact
belief in each candidate on each day, from what is published up to it and from everything. Only the largest of
a day is handed back.

The control publishes the cell of each day. Ours is one block for a window that is declared beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.spatial import cKDTree

from holdfire.protecting.grid import Integers, Reals
from holdfire.protecting.merging import on_sphere
from holdfire.testing.attackers.world import World

REACH = 12_000
"""How far a group goes in a day [m]."""


@dataclass(frozen=True, eq=False)
class Ways:
    """Where a group can be the day after, from each candidate: any within reach, as likely.

    Attributes:
        chance: Of being at each place the next day (places, places).
    """

    chance: csr_array

    @classmethod
    def of(cls, world: World, reach: float = REACH) -> Ways:
        """Return the ways between candidates within reach [m] of each other."""
        near = cKDTree(on_sphere(world.lon, world.lat)).query_pairs(reach, output_type="ndarray")
        size = len(world)
        rows = np.concatenate([near[:, 0], near[:, 1], np.arange(size)])
        columns = np.concatenate([near[:, 1], near[:, 0], np.arange(size)])
        many = np.bincount(rows, minlength=size)
        return cls(csr_array((1 / many[rows], (rows, columns)), shape=(size, size)))

    def walk(self, start: int, days: int, draw: np.random.Generator) -> Integers:
        """Return the places of a group that goes where it likes (days,)."""
        at = [start]
        for _ in range(days - 1):
            here = slice(self.chance.indptr[at[-1]], self.chance.indptr[at[-1] + 1])
            at.append(int(draw.choice(self.chance.indices[here])))
        return np.array(at)

    def _beliefs(
        self, allowed: Sequence[Integers], mass: Integers, confined: bool = False
    ) -> tuple[list[Reals], list[Reals]]:
        """Return belief in each allowed candidate on each day, by the filter and by the smoother.

        Args:
            allowed: Rows of the candidates that each day's publication allows, sorted (days,).
            mass: Prior of where it begins (places,).
            confined: Whether the group keeps inside what is published from day to day, as one that declared
                it beforehand does; else it goes where it likes, and happened to be inside.

        Returns:
            For each day beliefs of its allowed candidates, that sum to one.

        Raises:
            ValueError: No way leads through what is published.
        """
        steps = self._steps(allowed, confined)
        forward = [_one(mass[allowed[0]].astype(np.float64))]
        for step in steps:
            forward.append(_one(forward[-1] @ step))
        back = np.ones(len(allowed[-1]))
        smooth = [forward[-1]]
        for before, step in zip(forward[-2::-1], steps[::-1], strict=True):
            back = step @ back
            back /= back.max()
            smooth.append(_one(before * back))
        return forward, smooth[::-1]

    def _steps(self, allowed: Sequence[Integers], confined: bool) -> list[csr_array]:
        made: dict[tuple[bytes, bytes], csr_array] = {}
        steps = []
        for one, other in pairwise(allowed):
            key = (one.tobytes(), other.tobytes())
            if key not in made:
                step = self.chance[one][:, other]
                if confined and key[0] == key[1]:  # it can always stay, so no row is empty
                    step = csr_array(diags_array(1 / step.sum(axis=1)) @ step)
                made[key] = step
            steps.append(made[key])
        return steps

    def largest(self, allowed: Sequence[Integers], mass: Integers, confined: bool = False) -> Reals:
        """Return the largest belief in any candidate on each day, by filter or smoother (days,)."""
        both = self._beliefs(allowed, mass, confined)
        return np.array([max(float(one.max()), float(two.max())) for one, two in zip(*both, strict=True)])


def _one(weights: Reals) -> Reals:
    total = float(weights.sum())
    if total <= 0:
        raise ValueError("no way leads through what is published")
    found: Reals = weights / total
    return found

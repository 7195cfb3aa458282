"""Attack with what is known from elsewhere: which places have a facility, by a public register.

Nothing of ours publishes what kind a site is. Who knows it all the same, and has a register, is left with the
places of the register that lie in the cell, however many other candidates there are. That is not a leak of a
release, and no release can mend it; a partition can, if the register is one of its priors. The control
publishes the category, and so hands the register's reader what they need.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from holdfire.protecting.grid import Integers
from holdfire.testing.attackers.world import Outcome, World, grouped


def among(world: World, register: npt.NDArray[np.bool_]) -> World:
    """Return the world of someone who knows that the site is in a register (places,)."""
    return World(world.lon, world.lat, world.mass * register)


def invert_with_register(
    cells: Integers, world: World, register: npt.NDArray[np.bool_], sites: Integers
) -> Outcome:
    """Return how far someone gets who sees the cell and knows that the site is in a register.

    Args:
        cells: Label of each candidate's cell (places,).
        world: Candidates and prior.
        register: Which of them are in the register (places,).
        sites: Rows of sites that are in it (sites,).
    """
    largest, _, own = grouped(cells, among(world, register).mass)
    return Outcome.of(largest[cells[sites]], own[sites])

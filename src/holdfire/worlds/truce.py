"""The truce: its state on each day in each governorate, and what it leaves of each dyad's acts.

Each party keeps it in its own way: most stop, some do not, those outside it are fought on. It wears off by
the day, some break it at once to break it for good, and here and there a truce of some weeks is made apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from holdfire.worlds.country import Country
from holdfire.worlds.preset import Dyad, Preset
from holdfire.worlds.streams import Floats, Levels, States, stream

STATES = ("none", "truce", "suspended", "collapsed", "local")
"""States of a truce; `local` is one of a governorate where no other holds."""

BINDING = STATES.index("truce")
_SPOILED = 6
"""Days after its start on which a truce is spoiled [days]."""


@dataclass(frozen=True, slots=True)
class Truce:
    """State by day and governorate (days, governorates), and share of acts left (.., dyads)."""

    state: States
    leaves: Levels


def truce(preset: Preset, country: Country, seed: int) -> Truce:
    """Return the truce of a world."""
    days, areas, dyads = preset.days, country.governorates, len(preset.dyads)
    state = np.zeros((days, areas), dtype=np.int8)
    leaves = np.ones((days, areas, dyads), dtype=np.float32)
    phases = preset.pact.phases
    for number, phase in enumerate(phases):
        until = phases[number + 1].day if number + 1 < len(phases) else days
        state[phase.day : until] = STATES.index(phase.state)
        if phase.state == "truce":
            for which, dyad in enumerate(preset.dyads):
                leaves[phase.day : until, :, which] = _left(dyad, preset, until - phase.day)[:, None]
    _local(preset, state, leaves, seed)
    return Truce(state, leaves)


def _left(dyad: Dyad, preset: Preset, length: int) -> Floats:
    """Return what a truce leaves of a dyad's acts on each of its days (length,)."""
    days = np.arange(length)
    worn = 1 - (1 - preset.pact.creep) ** (days / 30)
    left = dyad.truce + (1 - dyad.truce) * worn
    return np.where(days < _SPOILED, np.maximum(left, dyad.spoils), left)


def _local(preset: Preset, state: States, leaves: Levels, seed: int) -> None:
    """Make truces of some weeks in one governorate, where none holds."""
    chance = stream(seed, "local truces")
    days, areas = state.shape
    kept = np.array([min(1.0, dyad.truce) for dyad in preset.dyads], dtype=np.float32)
    for _ in range(int(chance.poisson(preset.pact.local * areas * days / 365.25))):
        area, start = int(chance.integers(areas)), int(chance.integers(days))
        span = slice(start, start + 7 + int(chance.exponential(20)))
        calm = state[span, area] != BINDING
        state[span, area] = np.where(calm, STATES.index("local"), state[span, area])
        leaves[span, area] = np.where(calm[:, None], np.minimum(leaves[span, area], kept), leaves[span, area])

"""Daily series whose changes are known: drawn day by day, and of made worlds of every preset.

In a made world offensives, seasons and the wearing off of a truce are turned off, so that the level a series
is drawn about changes only where a truce begins, ends, is spoiled or is made apart in one governorate, and
where a party comes or goes. What is left still hangs together: acts call forth acts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from holdfire import worlds
from holdfire.judging.changing import NEAR, posterior
from holdfire.judging.cutting import cut
from holdfire.worlds import country as lands
from holdfire.worlds.course import Course, course
from holdfire.worlds.preset import Preset

ACTS = 6_000
"""Acts of a world."""

MOVED = np.log(1.05)
"""Least change of the level that counts as one: a twentieth."""

Series = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """A series of days and where its level truly changes.

    Attributes:
        counts: A number for each day (days,).
        changes: Days on which a new level begins.
    """

    counts: Series
    changes: npt.NDArray[np.int64]

    def near(self, day: int) -> bool:
        """Return whether a change lies within `NEAR` days."""
        return bool(len(self.changes)) and int(np.abs(self.changes - day).min()) <= NEAR


@dataclass(frozen=True)
class Said:
    """A change that was found: its chance, whether it is one, and whether its span holds the day."""

    chance: float
    true: bool
    held: bool | None


def drawn(seed: int, count: int, days: int = 300) -> Iterator[Known]:
    """Yield series of a negative binomial whose level lasts some sixty days."""
    chance = np.random.default_rng(seed)
    for _ in range(count):
        means, changes, day = np.zeros(days), [], 0
        while day < days:
            after = day + 5 + int(chance.exponential(60))
            means[day:after] = chance.gamma(1.5, 15) + 0.5
            day = after
            changes.append(day)
        k = float(chance.choice([2, 4, 8]))
        counts = chance.poisson(chance.gamma(k, means / k)).astype(float)
        yield Known(counts, np.array([each for each in changes if each < days], np.int64))


def of_worlds(seed: int, calm: bool = False) -> Iterator[Known]:
    """Yield, of a world of each preset, the acts a day of the whole and of its two worst governorates.

    Args:
        seed: Of the worlds.
        calm: Whether they have no truce, so that no level changes but where a party comes or goes.
    """
    for name in worlds.presets():
        preset = _still(worlds.read(name), calm)
        country = lands.make(preset.country, ACTS, seed)
        made = course(preset, country, seed, ACTS)
        by = np.zeros((country.governorates, preset.days))
        np.add.at(by, country.governorate, made.counts.sum(axis=2).T)
        yield Known(by.sum(axis=0), _changes(preset, made, None))
        for area in np.argsort(-by.sum(axis=1))[:2]:
            yield Known(by[area], _changes(preset, made, int(area)))


def _still(preset: Preset, calm: bool) -> Preset:
    fighting = preset.fighting.model_copy(update={"offensives": 0.0})
    dyads = [dyad.model_copy(update={"season": 0.0}) for dyad in preset.dyads]
    pact = {"creep": 0.0} | ({"phases": [], "local": 0.0} if calm else {})
    changed = {"fighting": fighting, "dyads": dyads, "pact": preset.pact.model_copy(update=pact)}
    return preset.model_copy(update=changed)


def _changes(preset: Preset, made: Course, area: int | None) -> npt.NDArray[np.int64]:
    """Return the days on which truces or parties change what is expected of an area, or of all of them."""
    leaves = made.truce.leaves.mean(axis=1) if area is None else made.truce.leaves[:, area]
    weights = np.array([dyad.weight for dyad in preset.dyads])
    days = np.arange(preset.days)
    there = np.ones((preset.days, len(preset.dyads)))
    for number, dyad in enumerate(preset.dyads):
        for party in preset.parties:
            if party.id in (dyad.actor, dyad.target):
                until = preset.days if party.until_day is None else party.until_day
                there[:, number] *= (days >= party.from_day) & (days < until)
    level = np.log((leaves * there * weights).sum(axis=1))
    return np.flatnonzero(np.abs(np.diff(level)) > MOVED) + 1


def said(known: Known) -> list[Said]:
    """Return the changes that are found in a series, beside what is true of it."""
    weighed = posterior(known.counts)
    edges = [*cut(known.counts), len(known.counts)]
    found = []
    for place in range(1, len(edges) - 1):
        first, last = weighed.span(*edges[place - 1 : place + 2])
        close = known.changes[np.abs(known.changes - edges[place]) <= 10]
        held = bool(np.any((close >= first) & (close <= last))) if len(close) else None
        found.append(Said(weighed.near(edges[place]), known.near(edges[place]), held))
    return found

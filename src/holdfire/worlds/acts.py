"""What truly happened: each act of a block of days, with its place, its minute, its dead and its verdict.

A thing that never happened and is told all the same (a rumour) has a number too, so that those who print it
can be found, and is no act: it killed no one, and its verdict is that it is refuted.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from holdfire.worlds.country import Country
from holdfire.worlds.course import Block, Course
from holdfire.worlds.preset import KINDS, Preset
from holdfire.worlds.streams import Flags, Floats, Whole, pick, stream
from holdfire.worlds.verdicts import Law, rule

DAY = 86_400

_LASTS = {"attack.armed_clash": 4.0, "control.territory": 12.0, "aid.blocked": 24.0, "attack.shelling": 1.0}
"""Typical length of an act [hours]; the others are over in minutes."""

_DEADLY = {
    "attack.airstrike": 1.5, "attack.bombing": 2.0, "attack.armed_clash": 1.3, "attack.ambush": 1.2,
    "attack.shelling": 0.8, "detention.arrest": 0.02, "detention.abduction": 0.05, "aid.blocked": 0.02,
    "control.territory": 0.8,
}  # fmt: skip
"""How deadly a type of act is against the rest."""


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of one block, in the order of their start; arrays of equal length.

    Attributes:
        number: Its number in the world. `real`: it happened. `dyad`, `kind`, `town`: by number.
        start, end: Seconds since 1970, UTC. `east`, `north`: from the country's middle [km].
        actor, ally, target: Party by number; -1 none; the number after the last is civilians.
        killed, civilians, injured: People.
        verdict, coverage: As verdicts.VERDICTS and COVERAGES.
        loud: How far word of it travels, whoever listens [standard deviations].
    """

    number: Whole
    real: Flags
    day: Whole
    dyad: Whole
    kind: Whole
    town: Whole
    start: Whole
    end: Whole
    east: Floats
    north: Floats
    actor: Whole
    ally: Whole
    target: Whole
    killed: Whole
    civilians: Whole
    injured: Whole
    verdict: Whole
    coverage: Whole
    loud: Floats

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.number)

    def take(self, chosen: Whole | Flags) -> Acts:
        """Return these acts only."""
        return Acts(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def acts(
    preset: Preset, country: Country, course: Course, block: Block, midnights: Whole, seed: int, law: Law
) -> Acts:
    """Return the acts of a block of days.

    Args:
        preset: What the world is made from.
        country: The land.
        course: The course of the fighting.
        block: Which days.
        seed: What every random choice follows from.
        law: The agreement.
        midnights: When each day begins [seconds since 1970] (days + 1,).
    """
    chance = stream(seed, "incidents", block.number)
    day, district, dyad, real = _cells(course, block, chance)
    count = len(day)
    salvo = _salvos(course.salvo, day, dyad, real, chance)
    town = _towns(country, course, district, dyad, chance)[salvo]
    kind = _kinds(preset, dyad, chance)[salvo]
    hour = _hours(count, chance)[salvo] * (midnights[day + 1] - midnights[day])
    later = np.where(salvo == np.arange(count), 0, chance.exponential(1500, count))
    start = np.minimum(midnights[day] + hour + later, midnights[day + 1] - 1).astype(np.int64)
    hours = np.array([_LASTS.get(name, 0.15) for name in KINDS])[kind] * chance.lognormal(0, 0.7, count)
    breadth = 0.25 + 0.12 * np.log2(country.people[town] / 400 + 1)
    actor, ally, target = _sides(preset, dyad, chance)
    killed, civilians, injured = _harm(preset, kind, target == len(preset.parties), chance)
    settled = {
        "actor": actor, "ally": ally, "target": target, "kind": kind, "town": town, "day": day, "start":
            start,
    }  # fmt: skip
    verdict, coverage = rule(law, course.truce.state, country, settled, real)
    none = ~real
    found = Acts(
        number=np.arange(count), real=real, day=day, dyad=dyad, kind=kind, town=town,
        start=start, end=start + np.maximum(60, hours * 3600).astype(np.int64),
        east=country.east[town] + chance.normal(0, 1, count) * breadth,
        north=country.north[town] + chance.normal(0, 1, count) * breadth,
        actor=actor, ally=ally, target=target,
        killed=np.where(none, 0, killed), civilians=np.where(none, 0, civilians),
        injured=np.where(none, 0, injured),
        verdict=verdict, coverage=coverage, loud=chance.normal(0, 1, count),
    )  # fmt: skip
    found = found.take(np.argsort(start, kind="stable"))
    found.number[:] = block.first + np.arange(count)
    return found


def _cells(course: Course, block: Block, chance: np.random.Generator) -> tuple[Whole, Whole, Whole, Flags]:
    """Return day, district and dyad of each act, then of rumours, and which of them happened."""
    counts = course.counts[block.day : block.until]
    days, districts, dyads = np.nonzero(counts)
    times = counts[days, districts, dyads]
    day, district, dyad = (np.repeat(each, times) for each in (days, districts, dyads))
    rumours = course.rumours[block.day : block.until]
    told = np.repeat(np.arange(len(rumours)), rumours)
    like = chance.integers(0, max(1, len(day)), len(told)) if len(day) else np.zeros(0, dtype=np.int64)
    told = told[: len(like)]
    real = np.r_[np.ones(len(day), dtype=bool), np.zeros(len(told), dtype=bool)]
    # A rumour is about a place and a side that one would believe it of: those of some act of these days.
    return (
        np.r_[day, told] + block.day,
        np.r_[district, district[like]],
        np.r_[dyad, dyad[like]],
        real,
    )


def _towns(
    country: Country, course: Course, district: Whole, dyad: Whole, chance: np.random.Generator
) -> Whole:
    """Return a town for each act, by the dyad's weights in the district."""
    town = np.zeros(len(district), dtype=np.int64)
    share = chance.random(len(district))
    for which, running in enumerate(course.weights):
        mine = np.flatnonzero(dyad == which)
        low, high = running[country.first[district[mine]]], running[country.first[district[mine] + 1]]
        found = np.searchsorted(running, low + share[mine] * (high - low), side="right") - 1
        town[mine] = np.clip(found, country.first[district[mine]], country.first[district[mine] + 1] - 1)
    return town


def _salvos(share: float, day: Whole, dyad: Whole, real: Flags, chance: np.random.Generator) -> Whole:
    """Return for each act the first one of its salvo, which may be itself.

    A salvo is of one side on one day. Which acts fall into one is drawn without looking at where they are, so
    that every place keeps the acts expected of it.
    """
    order = np.lexsort((chance.random(len(day)), dyad, day))
    again = (chance.random(len(day)) < share) & real[order]
    again[:1] = False
    for cell in (day[order], dyad[order], real[order]):
        again[1:] &= cell[1:] == cell[:-1]
    first = np.empty(len(day), dtype=np.int64)
    first[order] = order[np.maximum.accumulate(np.where(again, 0, np.arange(len(day))))]
    return first


def _kinds(preset: Preset, dyad: Whole, chance: np.random.Generator) -> Whole:
    table = np.array([[d.kinds.get(kind, 0.0) for kind in KINDS] for d in preset.dyads])
    running = np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)
    share = chance.random(len(dyad))
    found = np.zeros(len(dyad), dtype=np.int64)
    for which, shares in enumerate(running):
        mine = dyad == which
        found[mine] = pick(share[mine], shares)
    return found


def _hours(count: int, chance: np.random.Generator) -> Floats:
    """Return shares of a day: fewer acts at night."""
    share = chance.random(count)
    return np.where(chance.random(count) < 0.7, 0.25 + 0.55 * share, share)


def _sides(preset: Preset, dyad: Whole, chance: np.random.Generator) -> tuple[Whole, Whole, Whole]:
    code = {party.id: number for number, party in enumerate(preset.parties)} | {
        "civilians": len(preset.parties),
        "": -1,
    }
    actor = np.array([code[d.actor] for d in preset.dyads])[dyad]
    ally = np.array([code[d.ally] for d in preset.dyads])[dyad]
    target = np.array([code[d.target] for d in preset.dyads])[dyad]
    joined = chance.random(len(dyad)) < np.array([d.with_ally for d in preset.dyads])[dyad]
    struck = chance.random(len(dyad)) < np.array([d.civilians for d in preset.dyads])[dyad]
    return actor, np.where(joined, ally, -1), np.where(struck, len(preset.parties), target)


def _harm(
    preset: Preset, kind: Whole, people: Flags, chance: np.random.Generator
) -> tuple[Whole, Whole, Whole]:
    """Return killed, civilians among them, and injured: most kill few, a few kill many."""
    deadly = np.array([_DEADLY.get(name, 1.0) for name in KINDS])[kind]
    kills = chance.random(len(kind)) < 1 - (1 - preset.kills) ** deadly
    spread = 1.0
    mean = np.maximum(preset.deaths - 1, 0.01) * np.minimum(deadly, 2.0)
    size = mean * chance.lognormal(-(spread**2) / 2, spread, len(kind))
    killed = np.where(kills, 1 + chance.poisson(size), 0)
    share = np.where(people, 0.92, 0.15)
    civilians = chance.binomial(killed, share)
    injured = chance.poisson(
        preset.injured * (killed + 0.4 * deadly) * chance.lognormal(-0.3, 0.8, len(kind))
    )
    return killed, civilians, injured

"""The course of the fighting: how many acts each day, in each district, by each dyad.

Expected acts follow the base of a dyad in a district, the season, offensives, the truce and what went
before: an act calls forth replies by the side struck and more by the striker, over some days, in the
district and beside it (Hawkes, A. G. 1971, Biometrika 58:83-90, in steps of a day). The mean of such a
process is linear in its base, so the base is scaled for the number of acts wanted and no act is drawn
twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from holdfire.worlds.country import Country
from holdfire.worlds.preset import Dyad, Preset
from holdfire.worlds.streams import Counts, Floats, Levels, Whole, stream
from holdfire.worlds.truce import Truce, truce

BLOCK = 40_000
"""Acts in a block of days: as many as are worked on at once."""


_MOST_SALVOS = 0.3
"""To which the share of acts in salvos may grow with records."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of whole days. `number` is its place; `first` the number of its first act; `acts`, how many."""

    number: int
    day: int
    until: int
    first: int
    acts: int


@dataclass(frozen=True, slots=True)
class Course:
    """Acts of the whole world, not yet told apart.

    Attributes:
        salvo: Share of acts that belong to a salvo begun by another.
        counts: Acts (days, districts, dyads). `rumours`: things that never happened (days,).
        expected: Acts expected of a day given the days before, in thousandths (days, governorates).
        weights: Running weight of towns in each dyad's choice (dyads, towns + 1).
        truce: The truce by day and governorate.
        blocks: The days in blocks.
    """

    salvo: float
    counts: Counts
    rumours: Whole
    expected: Whole
    weights: Floats
    truce: Truce
    blocks: tuple[Block, ...]


def course(preset: Preset, country: Country, seed: int, acts: float) -> Course:
    """Return the course of a world in which about so many acts happen."""
    weights = np.stack([_weights(dyad, preset, country) for dyad in preset.dyads])
    running = np.concatenate([np.zeros((len(weights), 1)), np.cumsum(weights, axis=1)], axis=1)
    running /= running[:, -1:]
    base = np.diff(running[:, country.first], axis=1).T * _shares(preset)
    state = truce(preset, country, seed)
    pace = _pace(preset, country, seed)
    unit, _ = _unfold(preset, country, base, state, pace, None)
    scale = acts / max(float(unit.sum()), 1e-12)
    expected, counts = _unfold(preset, country, base * scale, state, pace, seed)
    rumours = stream(seed, "rumours").poisson(counts.sum(axis=(1, 2)) * preset.fighting.rumours)
    thousandths = np.rint(expected * 1000).astype(np.int64)
    return Course(
        salvo(preset, country.records),
        counts,
        rumours,
        thousandths,
        running,
        state,
        _blocks(counts.sum(axis=(1, 2)) + rumours),
    )


def salvo(preset: Preset, records: int) -> float:
    """Return the share of acts that belong to a salvo begun by another, in a world of so many records."""
    grown = preset.fighting.salvo * (records / preset.country.at) ** preset.fighting.salvo_grow
    return max(preset.fighting.salvo, min(_MOST_SALVOS, float(grown)))


def _shares(preset: Preset) -> Floats:
    shares = np.array([dyad.weight for dyad in preset.dyads])
    return np.asarray(shares / shares.sum())


def _weights(dyad: Dyad, preset: Preset, country: Country) -> Floats:
    """Return how much each town weighs in where a dyad acts (towns,)."""
    people = country.people.astype(np.float64) ** dyad.towns
    total = dyad.elsewhere * people / people.sum()
    for name, weight in dyad.along.items():
        feature = preset.country.features[name]
        # A kernel that is a little heavier than a normal one: there is always some of it farther off.
        near = people / (1 + country.distance(feature) ** 2) ** 2
        total = total + weight * near / near.sum()
    return np.asarray(total)


def _pace(preset: Preset, country: Country, seed: int) -> Levels:
    """Return what season and offensives make of each day (days, governorates, dyads)."""
    fighting, days = preset.fighting, np.arange(preset.days)
    chance = stream(seed, "offensives")
    pace = np.ones((preset.days, country.governorates, len(preset.dyads)), dtype=np.float32)
    for number, dyad in enumerate(preset.dyads):
        swing = 1 + dyad.season * np.cos(2 * np.pi * (days - dyad.peak) / 365.25)
        pace[:, :, number] *= (swing * _active(dyad, preset)).astype(np.float32)[:, None]
    often = fighting.offensives * country.governorates * preset.days / 365.25
    for _ in range(int(chance.poisson(often))):
        where, who = int(chance.integers(country.governorates)), int(chance.integers(len(preset.dyads)))
        start, length = int(chance.integers(preset.days)), int(4 + chance.exponential(18))
        pace[start : start + length, where, who] *= 1 + chance.random() * 2 * (fighting.surge - 1)
    return pace


def _active(dyad: Dyad, preset: Preset) -> Floats:
    """Return 1 for each day on which both sides exist (days,)."""
    days = np.arange(preset.days)
    held = np.ones(preset.days)
    for party in preset.parties:
        if party.id in (dyad.actor, dyad.target):
            until = preset.days if party.until_day is None else party.until_day
            held *= (days >= party.from_day) & (days < until)
    return held


def _unfold(
    preset: Preset, country: Country, base: Floats, state: Truce, pace: Levels, seed: int | None
) -> tuple[Floats, Counts]:
    """Return expected acts and drawn ones, day by day; with no seed, only the means over all histories.

    Returns:
        Expected (days, governorates), and counts (days, districts, dyads), empty with no seed.
    """
    fighting, home = preset.fighting, country.governorate
    kept = 0.5 ** (1 / fighting.memory)
    mixing = _mixing(preset)
    stirred = np.zeros_like(base)
    expected = np.zeros((preset.days, country.governorates))
    counts = np.zeros((preset.days if seed is not None else 0, *base.shape), dtype=np.int32)
    for day in range(preset.days):
        rate = (base * pace[day][home] + stirred) * state.leaves[day][home]
        np.add.at(expected[day], home, rate.sum(axis=1))
        acts = rate
        if seed is not None:
            counts[day] = stream(seed, "acts", day).poisson(rate)
            acts = counts[day].astype(np.float64)
        called = acts @ mixing
        beside = called[country.beside].mean(axis=1)
        called = (1 - fighting.spread) * called + fighting.spread * beside
        stirred = kept * stirred + (1 - kept) * called
    return expected, counts


def _mixing(preset: Preset) -> Floats:
    """Return how many acts of each dyad one act of each calls forth (dyads, dyads)."""
    found = np.eye(len(preset.dyads)) * preset.fighting.repeats
    for one, dyad in enumerate(preset.dyads):
        answers = [n for n, d in enumerate(preset.dyads) if (d.actor, d.target) == (dyad.target, dyad.actor)]
        for other in answers:
            found[one, other] += preset.fighting.replies / len(answers)
    return found


def _blocks(acts: Whole) -> tuple[Block, ...]:
    """Return whole days in blocks of at most about `BLOCK` acts."""
    found: list[Block] = []
    day, first, held = 0, 0, 0
    for today, count in enumerate(acts.tolist()):
        if held and held + count > BLOCK:
            found.append(Block(len(found), day, today, first, held))
            day, first, held = today, first + held, 0
        held += count
    return (*found, Block(len(found), day, len(acts), first, held))

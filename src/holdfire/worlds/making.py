"""A world from a preset and a seed: the country, the course of the fighting, and what each source made of it.

A world is worked on a block of days at a time. What a block holds follows from the seed and from the
blocks' common course alone, so blocks may be made in any order and by any number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from holdfire.errors import BadInput
from holdfire.worlds import acts as happening
from holdfire.worlds import country as lands
from holdfire.worlds.acts import Acts
from holdfire.worlds.country import Country
from holdfire.worlds.course import Block, Course, course
from holdfire.worlds.hearing import Ear, ears
from holdfire.worlds.preset import Preset
from holdfire.worlds.rows import Writer
from holdfire.worlds.streams import Whole
from holdfire.worlds.telling import Telling, tell
from holdfire.worlds.verdicts import Law, law

FEWEST, MOST = 100, 10_000_000
_PILOT = 6_000
"""Acts of a first, small course, by which one knows how many records an act makes."""


@dataclass(frozen=True, slots=True)
class Made:
    """One block of a world: what happened, and what each source tells of it."""

    block: Block
    acts: Acts
    tellings: list[Telling]


@dataclass(frozen=True)
class World:
    """A made-up country at war, and those who report on it.

    Attributes:
        preset: What it is made from. `seed`: what every random choice follows from.
        records: About how many records its sources write in all.
    """

    preset: Preset
    seed: int
    records: int

    @cached_property
    def country(self) -> Country:
        """Return the land."""
        return lands.make(self.preset.country, self.records, self.seed)

    @cached_property
    def sources(self) -> list[Ear]:
        """Return those who report."""
        return ears(self.preset, self.country, self.seed)

    @cached_property
    def law(self) -> Law:
        """Return the agreement, as arrays."""
        return law(self.preset, self.country)

    @cached_property
    def writer(self) -> Writer:
        """Return what turns numbers into words."""
        return Writer(self.preset, self.country, self.seed)

    @cached_property
    def midnights(self) -> Whole:
        """Return when each day begins [seconds since 1970] (days + 1,)."""
        zone, first = ZoneInfo(self.preset.timezone), date.fromisoformat(self.preset.start)
        days = [first + timedelta(days=day) for day in range(self.preset.days + 1)]
        local = [datetime(day.year, day.month, day.day, tzinfo=zone) for day in days]
        return np.array([int(each.astimezone(UTC).timestamp()) for each in local], dtype=np.int64)

    @cached_property
    def course(self) -> Course:
        """Return how many acts there are, each day and everywhere."""
        pilot = course(self.preset, self.country, self.seed, _PILOT)
        happened = told = 0
        # Every day weighs alike in the pilot: its first blocks alone would miss the truce.
        for made in self._made(pilot):
            happened += int(made.acts.real.sum())
            told += sum(len(each.told) for each in made.tellings)
        if not told:
            raise BadInput("no source of this preset tells anything", "sources", "raise their reach")
        return course(self.preset, self.country, self.seed, self.records * happened / told)

    def prepare(self) -> None:
        """Make what blocks share, once, before threads do."""
        _ = self.course, self.writer.areas, self.writer.parties, self.writer.kinds, self.writer.sources

    def blocks(self) -> Iterator[Made]:
        """Yield the world block by block, in the order of time."""
        yield from self._made(self.course)

    def block(self, which: Block, within: Course | None = None) -> Made:
        """Return one block of the world."""
        taken = within or self.course
        acts = happening.acts(self.preset, self.country, taken, which, self.midnights, self.seed, self.law)
        tellings = tell(
            self.preset, self.country, self.sources, acts, self.midnights, self.seed, which.number
        )
        return Made(which, acts, tellings)

    def _made(self, within: Course) -> Iterator[Made]:
        for each in within.blocks:
            yield self.block(each, within)


def world(preset: Preset, seed: int, records: int) -> World:
    """Return a world, not yet made.

    Raises:
        BadInput: Too few records or too many, or a seed below 0.
    """
    if not FEWEST <= records <= MOST:
        raise BadInput(f"{records} records were asked for", "--records", f"between {FEWEST} and {MOST}")
    if seed < 0:
        raise BadInput(f"the seed is {seed}", "--seed", "a whole number from 0 on")
    return World(preset, seed, records)

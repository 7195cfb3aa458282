"""Which acts a source hears of itself, and what it would write if it made no mistake.

Whether it hears follows from its reach in that governorate and that season, the type, the side, the dead
and how far word of the act travels to anyone, which makes sources depend on each other as real ones do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from holdfire.worlds.acts import Acts
from holdfire.worlds.country import Country
from holdfire.worlds.preset import KINDS, Preset, SourceNote
from holdfire.worlds.streams import Floats, Whole, pick, stream
from holdfire.worlds.told import DISTRICT, GOVERNORATE, POINT, Told

SEASON = 60
"""Days over which a source's reach stays as it is [days]."""

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Ear:
    """What a source is like, in numbers.

    Attributes:
        place: Its place among the sources. `reach`: logits (seasons, governorates).
        kinds, actors: Logits added for a type and for a party; the last is for none.
        east, north: Where it holds each town to lie [km].
        own: The party it speaks for; -1: none. `blamed`: the party it blames; -1: none.
        fine, times: Running shares of how finely it places and dates.
    """

    note: SourceNote
    place: int
    reach: Floats
    kinds: Floats
    actors: Floats
    east: Floats
    north: Floats
    own: int
    blamed: int
    fine: Floats
    times: Floats


def ears(preset: Preset, country: Country, seed: int) -> list[Ear]:
    """Return every source of a world, as a hearer."""
    return [_ear(note, place, preset, country, seed) for place, note in enumerate(preset.sources)]


def _ear(note: SourceNote, place: int, preset: Preset, country: Country, seed: int) -> Ear:
    chance = stream(seed, "reach", note.id)
    seasons = preset.days // SEASON + 1
    logit = np.log(max(note.reach, 1e-6) / max(1 - note.reach, 1e-6))
    reach = logit + chance.normal(0, note.uneven, (1, country.governorates))
    reach = reach + np.cumsum(chance.normal(0, note.drift / 2, (seasons, country.governorates)), axis=0)
    parties = [party.id for party in preset.parties]
    east, north = country.gazetteer(preset.country.gazetteer, seed, note.id)
    fine = note.fine
    return Ear(
        note=note,
        place=place,
        reach=reach,
        kinds=np.array([note.kinds.get(kind, 0.0) for kind in KINDS]),
        actors=np.array([note.actors.get(party, 0.0) for party in [*parties, "civilians", ""]]),
        east=east,
        north=north,
        own=parties.index(note.actor) if note.actor else -1,
        blamed=parties.index(note.blamed) if note.blamed else -1,
        fine=_running(fine.point, fine.town, fine.district, fine.governorate),
        times=_running(fine.hour, fine.day, fine.week),
    )


def _running(*shares: float) -> Floats:
    found = np.cumsum(np.array(shares))
    return np.asarray(found / found[-1])


def heard(ear: Ear, acts: Acts, country: Country, chance: np.random.Generator) -> Whole:
    """Return the acts a source tells of at first hand, by place in the block.

    One that it writes twice is there twice.
    """
    note = ear.note
    area = country.governorate[country.district[acts.town]]
    season = np.minimum(acts.day // SEASON, len(ear.reach) - 1)
    logit = ear.reach[season, area] + ear.kinds[acts.kind] + ear.actors[acts.actor]
    logit = logit + note.sees * np.log2(1 + acts.killed) + note.shared * acts.loud
    # A party knows what it did: it believes no rumour of an act of its own.
    own = (ear.own >= 0) & ((acts.actor == ear.own) | (acts.ally == ear.own))
    believed = np.where(own, 0.0, note.believes)
    likely = np.where(acts.real, 1 / (1 + np.exp(-logit)), believed)
    for gap in note.gaps:
        likely = np.where((acts.day >= gap.first) & (acts.day < gap.until), likely * gap.leaves, likely)
    told = np.flatnonzero(chance.random(len(acts)) < likely)
    twice = told[chance.random(len(told)) < note.doubles]
    return np.sort(np.r_[told, twice], kind="stable")


def faithful(
    ear: Ear, acts: Acts, chosen: Whole, country: Country, midnights: Whole, chance: np.random.Generator
) -> Told:
    """Return records of these acts without a mistake, as finely as the source writes."""
    count = len(chosen)
    kept = acts.take(chosen)
    fine = pick(chance.random(count), ear.fine)
    time = pick(chance.random(count), ear.times)
    start, end = dated(kept.start, kept.end, kept.day, time, midnights, chance)
    east, north = _placed(ear, kept, fine, country, chance)
    delay = ear.note.delay * DAY * chance.lognormal(0, 0.9, count)
    none = np.full(count, -1, dtype=np.int64)
    said = np.where(kept.real, kept.killed, chance.poisson(3, count))
    return Told(
        act=chosen.astype(np.int64), key=np.zeros(count, dtype=np.int64), root=np.zeros(count,
        dtype=np.int64),
        copied=np.zeros(count, dtype=np.int64), cites=none, kind=kept.kind, vague=np.zeros(count, dtype=bool),
        actor=kept.actor, ally=kept.ally, target=kept.target, town=kept.town, start=start, end=end, time=time,
        fine=fine, east=east, north=north, killed=said, low=said, high=said,
        civilians=np.minimum(kept.civilians, said), injured=kept.injured,
        sum=np.ones(count, dtype=np.int64), total=np.zeros(count, dtype=bool), denied=np.zeros(count,
        dtype=bool),
        published=kept.end + delay.astype(np.int64), wrong=np.zeros(count, dtype=np.int64),
    )  # fmt: skip


def dated(
    start: Whole, end: Whole, day: Whole, time: Whole, midnights: Whole, chance: np.random.Generator
) -> tuple[Whole, Whole]:
    """Return from when to when a record dates its act: by the hour, the local day, or a week around it.

    Args:
        start: When the act began [seconds since 1970].
        end: When it ended.
        day: Day of the world on which it began.
        chance: Where the choice of a week comes from.
        time: As told.TIMES.
        midnights: When each day begins [seconds since 1970] (days + 1,).
    """
    last = len(midnights) - 1
    before = chance.integers(0, 7, len(day))
    monday = np.maximum(0, day - before)
    hour = start // 3600 * 3600
    low = np.select([time == 0, time == 1], [hour, midnights[day]], midnights[monday])
    hours = np.maximum(1, -((hour - end) // 3600))
    high = np.select(
        [time == 0, time == 1],
        [hour + np.minimum(hours, 24) * 3600, midnights[day + 1]],
        midnights[np.minimum(monday + 7, last)],
    )
    return low, np.maximum(high, low + 3600)


def _placed(
    ear: Ear, acts: Acts, fine: Whole, country: Country, chance: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return where a source puts its acts [km]."""
    jitter = ear.note.slips.jitter
    return located(
        ear, acts.town, fine, country,
        (acts.east + chance.normal(0, jitter, len(acts)), acts.north + chance.normal(0, jitter, len(acts))),
    )  # fmt: skip


def located(
    ear: Ear, town: Whole, fine: Whole, country: Country, point: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Return coordinates [km] for towns told so finely: of the point, or of the place that is named."""
    district = country.district[town]
    named = np.select(
        [fine == DISTRICT, fine == GOVERNORATE],
        [country.seat[district], country.capital[country.governorate[district]]],
        town,
    )
    exact = fine == POINT
    return np.where(exact, point[0], ear.east[named]), np.where(exact, point[1], ear.north[named])

"""What sources take from each other: copies with their mistakes, denials, several acts in one record.

A copy keeps the root of what it was copied from, and its mistakes; some copiers change something on the
way. A party denies what others tell of its side. A record that counts several acts together keeps the first
one's day and is as coarse as the governorate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from holdfire.worlds.acts import Acts
from holdfire.worlds.country import Country
from holdfire.worlds.hearing import DAY, Ear, located
from holdfire.worlds.slips import typed
from holdfire.worlds.streams import Whole
from holdfire.worlds.told import GOVERNORATE, HARM, POINT, TOWN, UNSAID, Told


def copied(
    ear: Ear, own: Told, others: Mapping[str, tuple[int, Told]], country: Country, chance: np.random.Generator
) -> list[Told]:
    """Return what a source copies of acts it did not hear of itself, from each source it copies."""
    known, found = np.unique(own.act), []
    for name, share in ear.note.copies.items():
        place, theirs = others[name]
        free = ~theirs.denied & (theirs.act >= 0) & ~np.isin(theirs.act, known)
        taken = np.flatnonzero(free & (chance.random(len(theirs)) < share))
        taken = taken[np.unique(theirs.act[taken], return_index=True)[1]]
        known = np.union1d(known, theirs.act[taken])
        found.append(_rewritten(ear, theirs.take(taken), place, country, chance))
    return found


def _rewritten(ear: Ear, told: Told, place: int, country: Country, chance: np.random.Generator) -> Told:
    """Return copies as the copier prints them."""
    count = len(told)
    change = np.where(chance.random(count) < ear.note.rewrites, chance.integers(0, 4, count), -1)
    fine = np.where((change == 0) & (told.fine < GOVERNORATE), told.fine + 1, told.fine)
    east, north = located(ear, told.town, fine, country, (told.east, told.north))
    # A point is copied as it stands; a name is looked up anew.
    east, north = np.where(fine == POINT, told.east, east), np.where(fine == POINT, told.north, north)
    said = told.killed >= 0
    killed = np.where((change == 1) & said, typed(told.killed, chance), told.killed)
    delay = ear.note.delay * DAY * chance.lognormal(-0.5, 0.7, count)
    return told.but(
        copied=told.key,
        key=np.zeros(count, dtype=np.int64),
        cites=np.where(chance.random(count) < ear.note.cites, place, -1),
        fine=fine,
        east=east,
        north=north,
        vague=told.vague | (change == 2),
        actor=np.where(change == 3, -1, told.actor),
        killed=killed,
        low=np.where(killed != told.killed, killed, told.low),
        high=np.where(killed != told.killed, killed, told.high),
        civilians=np.where(chance.random(count) < 0.3, UNSAID, np.minimum(told.civilians, killed)),
        published=told.published + delay.astype(np.int64),
        wrong=told.wrong | np.where(killed != told.killed, HARM, 0),
    )


def denials(ear: Ear, others: Sequence[Told], chance: np.random.Generator) -> Told | None:
    """Return a party's denials of what others tell of its side; None if it denies nothing."""
    if not ear.note.denies or ear.own < 0:
        return None
    parts = []
    seen = np.zeros(0, dtype=np.int64)
    for theirs in others:
        against = ((theirs.actor == ear.own) | (theirs.ally == ear.own)) & ~theirs.denied & (theirs.act >= 0)
        chosen = np.flatnonzero(against & (chance.random(len(theirs)) < ear.note.denies))
        chosen = chosen[np.unique(theirs.act[chosen], return_index=True)[1]]
        chosen = chosen[~np.isin(theirs.act[chosen], seen)]
        seen = np.union1d(seen, theirs.act[chosen])
        parts.append(_denied(ear, theirs.take(chosen), chance))
    if not parts:
        return None
    from holdfire.worlds.told import stack

    return stack(parts)


def _denied(ear: Ear, told: Told, chance: np.random.Generator) -> Told:
    count = len(told)
    nothing = np.full(count, UNSAID, dtype=np.int64)
    delay = ear.note.delay * DAY * chance.lognormal(-0.7, 0.5, count)
    return told.but(
        key=np.zeros(count, dtype=np.int64), root=np.zeros(count, dtype=np.int64),
        copied=np.zeros(count, dtype=np.int64), cites=nothing,
        fine=np.maximum(told.fine, TOWN), killed=nothing, low=nothing, high=nothing,
        civilians=nothing, injured=nothing, denied=np.ones(count, dtype=bool),
        total=np.zeros(count, dtype=bool), published=told.published + delay.astype(np.int64),
        wrong=told.wrong & ~HARM,
    )  # fmt: skip


def summed(
    ear: Ear, told: Told, acts: Acts, country: Country, chance: np.random.Generator
) -> tuple[Told, Whole]:
    """Put some of a source's records of one governorate, day and actor into one.

    Returns:
        The records, and for each record before which one it is in now (records before,).
    """
    everyone = np.arange(len(told))
    if not ear.note.sums or not len(told):
        return told, everyone
    area = country.governorate[country.district[told.town]]
    group = (acts.day[told.act] * country.governorates + area) * 512 + told.actor + 1
    inverse, times = np.unique(group, return_inverse=True, return_counts=True)[1:]
    chosen = (chance.random(len(times)) < ear.note.sums) & (times > 1)
    first = np.full(len(times), len(told))
    np.minimum.at(first, inverse, everyone)
    home = np.where(chosen[inverse], first[inverse], everyone)
    killed = np.zeros(len(told), dtype=np.int64)
    np.add.at(killed, home, np.maximum(told.killed, 0))
    kept = np.flatnonzero(home == everyone)
    count = np.bincount(home, minlength=len(told))
    joined = count > 1
    east, north = located(
        ear, told.town, np.where(joined, GOVERNORATE, told.fine), country, (told.east, told.north)
    )
    told = told.but(
        sum=count, fine=np.where(joined, GOVERNORATE, told.fine), east=east, north=north,
        killed=np.where(joined, killed, told.killed), low=np.where(joined, killed, told.low),
        high=np.where(joined, killed, told.high), civilians=np.where(joined, UNSAID, told.civilians),
        injured=np.where(joined, UNSAID, told.injured), vague=told.vague | joined,
        time=np.where(joined, 1, told.time),
    )  # fmt: skip
    renumbered = np.cumsum(home == everyone) - 1
    return told.take(kept), renumbered[home]

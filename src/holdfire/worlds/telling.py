"""Everything that the sources tell of one block of days, source by source, each hearing those before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from holdfire.worlds import copying
from holdfire.worlds.acts import Acts
from holdfire.worlds.country import Country
from holdfire.worlds.hearing import Ear, faithful, heard
from holdfire.worlds.preset import Preset
from holdfire.worlds.slips import slip
from holdfire.worlds.streams import Whole, stream
from holdfire.worlds.told import Parts, Told, stack

_ROWS = 24
_BLOCKS = 24
"""Bits of a record's key that count the rows of a block, and the blocks; the rest is its source."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What one source tells of a block: records as they were published, and what they count together."""

    ear: Ear
    told: Told
    parts: Parts


def tell(
    preset: Preset, country: Country, sources: list[Ear], acts: Acts, midnights: Whole, seed: int, block: int
) -> list[Telling]:
    """Return what every source tells of a block of days, in the order of the sources."""
    found: list[Telling] = []
    for ear in sources:
        chance = stream(seed, "tell", ear.note.id, block)
        found.append(_one(ear, preset, country, acts, midnights, chance, found, block))
    return found


def _one(
    ear: Ear,
    preset: Preset,
    country: Country,
    acts: Acts,
    midnights: Whole,
    chance: np.random.Generator,
    before: list[Telling],
    block: int,
) -> Telling:
    chosen = heard(ear, acts, country, chance)
    own = faithful(ear, acts, chosen, country, midnights, chance)
    own = slip(ear, own, preset, country, midnights, chance)
    own, home = copying.summed(ear, own, acts, country, chance)
    inner = np.flatnonzero(np.bincount(home, minlength=len(own))[home] > 1)
    inner = inner[chosen[inner] != own.act[home[inner]]]
    others = {each.ear.note.id: (each.ear.place, each.told) for each in before}
    made = [own, _invented(ear, acts, len(own), country, midnights, chance)]
    made += copying.copied(ear, own, others, country, chance)
    if (denied := copying.denials(ear, [each.told for each in before], chance)) is not None:
        made.append(denied)
    told = stack(made)
    order = np.lexsort((np.arange(len(told)), told.published))
    told = told.take(order)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    key = ((ear.place + 1) << (_ROWS + _BLOCKS)) + (block << _ROWS) + np.arange(len(told))
    told = _rooted(told.but(key=key), acts)
    parts = Parts(key[place[home[inner]]], chosen[inner])
    return Telling(ear, told, _with_copies(parts, told, before))


def _with_copies(parts: Parts, told: Told, before: list[Telling]) -> Parts:
    """Return the parts of a source's records, those of what it copied too."""
    keys, acts = [parts.key], [parts.act]
    for each in before:
        if not len(each.parts.key):
            continue
        order = np.argsort(told.copied, kind="stable")
        first = np.searchsorted(told.copied[order], each.parts.key, side="left")
        until = np.searchsorted(told.copied[order], each.parts.key, side="right")
        hit = np.flatnonzero(until > first)  # a source copies a record once
        keys.append(told.key[order[first[hit]]])
        acts.append(each.parts.act[hit])
    return Parts(np.concatenate(keys), np.concatenate(acts))


def _rooted(told: Told, acts: Acts) -> Told:
    """Give first-hand records a root: their own key, that of the first time written, or the rumour's."""
    fresh = (told.copied == 0) & ~told.denied
    root = np.where(fresh | told.denied, told.key, told.root)
    known = np.flatnonzero(fresh & (told.act >= 0))
    first, inverse = np.unique(told.act[known], return_index=True, return_inverse=True)[1:]
    root[known] = told.key[known[first[inverse]]]
    rumour = (told.act >= 0) & ~told.denied
    rumour[rumour] = ~acts.real[told.act[rumour]]
    root[rumour] = -1 - acts.number[told.act[rumour]]
    return told.but(root=root)


def _invented(
    ear: Ear, acts: Acts, records: int, country: Country, midnights: Whole, chance: np.random.Generator
) -> Told:
    """Return records of things nobody else tells of: like some act, somewhere near, on some day near.

    A party invents nothing that it would have done itself.
    """
    count = int(chance.binomial(records, ear.note.invents)) if len(acts) else 0
    like = chance.integers(0, max(1, len(acts)), count)
    like = like[(ear.own < 0) | ((acts.actor[like] != ear.own) & (acts.ally[like] != ear.own))]
    count = len(like)
    told = faithful(ear, acts, like, country, midnights, chance)
    step = chance.integers(-9, 10, count) * 86_400
    town = country.near[told.town, chance.integers(0, country.near.shape[1], count)]
    return told.but(
        act=np.full(count, -1, dtype=np.int64),
        town=town,
        east=ear.east[town],
        north=ear.north[town],
        fine=np.maximum(told.fine, 1),
        start=told.start + step,
        end=told.end + step,
        published=told.published + step,
    )

"""How records go wrong: place, date, number, type, side. Each mistake is noted beside the truth.

A field told coarsely or not at all is not wrong. Typing slips of a number are those of a hand: two figures
swapped, one struck twice, a zero more or less, one off; a rounding is one too.
"""

from __future__ import annotations

import numpy as np

from holdfire.worlds.country import Country
from holdfire.worlds.hearing import Ear, located
from holdfire.worlds.preset import KINDS, Preset
from holdfire.worlds.streams import Flags, Whole
from holdfire.worlds.told import ACTOR, GOVERNORATE, HARM, POINT, TARGET, TYPE, UNSAID, WHEN, WHERE, Told

_CONFUSED = {
    "attack.airstrike": ("attack.bombardment", "attack.shelling"),
    "attack.bombardment": ("attack.shelling", "attack.airstrike"),
    "attack.shelling": ("attack.bombardment", "attack.armed_clash"),
    "attack.armed_clash": ("attack.shelling", "attack.ambush"),
    "attack.ambush": ("attack.armed_clash", "attack.bombing"),
    "attack.bombing": ("attack.shelling", "attack.violence"),
    "attack.violence": ("attack.armed_clash", "attack.bombing"),
    "detention.arrest": ("detention.abduction", "detention.abduction"),
    "detention.abduction": ("detention.arrest", "attack.violence"),
    "control.territory": ("attack.armed_clash", "attack.armed_clash"),
    "aid.blocked": ("aid.convoy_attacked", "detention.arrest"),
    "aid.convoy_attacked": ("aid.blocked", "attack.shelling"),
}
"""What a type is taken for."""

CONFUSED = np.array([[KINDS.index(other) for other in _CONFUSED[kind]] for kind in KINDS])


def slip(
    ear: Ear, told: Told, preset: Preset, country: Country, midnights: Whole, chance: np.random.Generator
) -> Told:
    """Return first-hand records with the mistakes of their source."""
    told = _where(ear, told, country, chance)
    told = _when(ear, told, midnights, chance)
    told = _what(ear, told, chance)
    told = _who(ear, told, preset, chance)
    return _harm(ear, told, chance)


def _marked(wrong: Whole, which: Flags, bit: int) -> Whole:
    return np.asarray(wrong | np.where(which, bit, 0))


def _where(ear: Ear, told: Told, country: Country, chance: np.random.Generator) -> Told:
    """Take the neighbouring town, or one of the same name."""
    slips, share = ear.note.slips, chance.random(len(told))
    near = country.near[told.town, chance.integers(0, country.near.shape[1], len(told))]
    same = country.namesake[told.town]
    other = np.where(share < slips.neighbour, near, told.town)
    named = (share >= slips.neighbour) & (share < slips.neighbour + slips.namesake * 10) & (same >= 0)
    # Few towns have a namesake, so those that do are taken for it more often than the share of all says.
    other = np.where(named & (chance.random(len(told)) < 0.5), same, other)
    moved = other != told.town
    kept = (told.fine == POINT) & ~moved
    point = (
        np.where(kept, told.east, country.east[other] + chance.normal(0, 1, len(told))),
        np.where(kept, told.north, country.north[other] + chance.normal(0, 1, len(told))),
    )
    east, north = located(ear, other, told.fine, country, point)
    home = country.governorate[country.district]
    # A mistake that the coarseness of the record hides is none.
    hidden = (told.fine == GOVERNORATE) & (home[other] == home[told.town])
    hidden |= (told.fine > 1) & (country.district[other] == country.district[told.town])
    return told.but(town=other, east=east, north=north, wrong=_marked(told.wrong, moved & ~hidden, WHERE))


def _when(ear: Ear, told: Told, midnights: Whole, chance: np.random.Generator) -> Told:
    """Move the date by a day or two, or to the day that its month and day mean when swapped."""
    slips, share = ear.note.slips, chance.random(len(told))
    near = share < slips.day
    far = (share >= slips.day) & (share < slips.day + slips.month)
    step = np.where(chance.random(len(told)) < 0.65, 1, -1) * np.where(chance.random(len(told)) < 0.8, 1, 2)
    months = np.where(chance.random(len(told)) < 0.5, 30, -31)
    first = np.searchsorted(midnights, told.start, side="right") - 1
    asked = first + np.where(near, step, np.where(far, months, 0))
    bounded = np.clip(asked, 0, len(midnights) - 2)
    moved = (midnights[bounded] - midnights[np.clip(first, 0, len(midnights) - 2)]) * (near | far)
    # A week that still holds the day is not wrong.
    wrong = (moved != 0) & ((told.time < 2) | (np.abs(moved) >= 7 * 86_400))
    return told.but(
        start=told.start + moved,
        end=told.end + moved,
        published=np.maximum(told.published, told.end + moved),
        wrong=_marked(told.wrong, wrong, WHEN),
    )


def _what(ear: Ear, told: Told, chance: np.random.Generator) -> Told:
    slips, share = ear.note.slips, chance.random(len(told))
    mistaken = share < slips.kind
    taken = CONFUSED[told.kind, (chance.random(len(told)) < 0.3).astype(np.int64)]
    vague = (share >= slips.kind) & (share < slips.kind + slips.vague)
    return told.but(
        kind=np.where(mistaken, taken, told.kind), vague=vague, wrong=_marked(told.wrong, mistaken, TYPE)
    )


def _who(ear: Ear, told: Told, preset: Preset, chance: np.random.Generator) -> Told:
    """Name another side, a wider label, or none; a source that is a party blames the other."""
    slips, count = ear.note.slips, len(told)
    ids = [party.id for party in preset.parties]
    wider = np.array(
        [ids.index(p.part_of[0]) if p.part_of and p.part_of[0] in ids else -1 for p in preset.parties]
    )
    acting = np.array(sorted({ids.index(dyad.actor) for dyad in preset.dyads}))
    share = chance.random(count)
    other = acting[chance.integers(0, len(acting), count)]
    # A party that names itself by mistake would admit what it did not do.
    wrong = (share < slips.actor) & (other != told.actor) & (other != ear.own)
    silent = (share >= slips.actor) & (share < slips.actor + slips.silent)
    actor = np.where(wrong, other, np.where(silent, -1, told.actor))
    if ear.blamed >= 0:
        blames = (chance.random(count) < ear.note.blames) & (told.actor != ear.blamed)
        actor, wrong = np.where(blames, ear.blamed, actor), wrong | blames
    parent = np.where(actor >= 0, wider[np.maximum(actor, 0)], -1)
    actor = np.where((chance.random(count) < slips.wider) & (parent >= 0), parent, actor)
    share = chance.random(count)
    civilians = len(ids)
    target = np.where(share < slips.target, np.where(told.target == civilians, -1, civilians), told.target)
    mistaken = (target != told.target) & (target >= 0)
    marks = _marked(_marked(told.wrong, wrong, ACTOR), mistaken, TARGET)
    ally = np.where(wrong | silent | (chance.random(count) < 0.4), -1, told.ally)
    return told.but(actor=actor, ally=ally, target=target, wrong=marks)


def _harm(ear: Ear, told: Told, chance: np.random.Generator) -> Told:
    """Change, round, leave out or undercount the dead; state a range where the source is unsure."""
    slips, share = ear.note.slips, chance.random(len(told))
    said = told.killed
    mine = (told.actor == ear.own) & (ear.own >= 0)
    if ear.note.undercounts < 1:
        said = np.where(mine, np.floor(said * ear.note.undercounts).astype(np.int64), said)
    said = np.where(share < slips.count, typed(said, chance), said)
    total = (share >= slips.count) & (share < slips.count + slips.total)
    said = np.where(total, said + chance.integers(10, 400, len(told)), said)
    wrong = said != told.killed
    silent = (share >= 1 - slips.harm) & ~total
    unsure = chance.random(len(told)) < 0.15
    low = np.where(unsure, said - said // 4, said)
    high = np.where(unsure, np.where(chance.random(len(told)) < 0.5, -1, said + said // 4 + 1), said)
    unspoken = silent | (chance.random(len(told)) < 0.3)
    return told.but(
        killed=np.where(silent, UNSAID, said),
        low=np.where(silent, UNSAID, low),
        high=np.where(silent, UNSAID, high),
        civilians=np.where(unspoken, UNSAID, np.minimum(told.civilians, said)),
        injured=np.where(unspoken, UNSAID, np.maximum(0, told.injured + chance.integers(-1, 2, len(told)))),
        total=total,
        wrong=_marked(told.wrong, wrong & ~silent, HARM),
    )


def typed(number: Whole, chance: np.random.Generator) -> Whole:
    """Return numbers as a tired hand types them: one off, rounded, two figures swapped, a zero more."""
    way = chance.random(len(number))
    off = np.maximum(0, number + np.where(chance.random(len(number)) < 0.5, 1, -1))
    rounded = np.where(number > 7, np.rint(number / 5).astype(np.int64) * 5, off)
    swapped = np.where((number > 9) & (number < 100), number % 10 * 10 + number // 10, off)
    slipped = np.select([way < 0.6, way < 0.85, way < 0.95], [off, rounded, swapped], number * 10)
    return np.where(slipped == number, number + 1, slipped)

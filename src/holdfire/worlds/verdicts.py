"""What the world's own agreement says of each act, knowing who did it, to whom, when and where.

The order of the questions is that of WORDS: in the window? in the area? a prohibited act? both sides bound?
An act that no clause forbids is not covered, and says so. Of an act all of whose questions are answered yes
the verdict is breach. No one in the world disputes it: what sources know is another matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from holdfire.worlds.country import Country
from holdfire.worlds.preset import KINDS, PartyNote, Preset
from holdfire.worlds.streams import Flags, States, Whole
from holdfire.worlds.truce import BINDING

VERDICTS = ("breach", "not_covered", "permitted_conduct", "refuted")
COVERAGES = (
    "covered", "outside_window", "outside_area", "permitted_act", "excluded_group", "not_a_party",
    "not_prohibited",
)  # fmt: skip

_BOUND = ("signatory", "adherent", "sponsor", "guarantor")


@dataclass(frozen=True, slots=True)
class Law:
    """The agreement, as arrays.

    Attributes:
        bound: Whether a party is bound on a day (days, parties + 1); civilians come last and are protected.
        excluded: Whether it is an excluded group then.
        forbids: Whether a type of act is forbidden (kinds,).
        inside: Whether the agreement covers a town (towns,).
        permits: Whether force against an excluded group is named as permitted.
    """

    bound: Flags
    excluded: Flags
    forbids: Flags
    inside: Flags
    permits: bool


def law(preset: Preset, country: Country) -> Law:
    """Return the agreement of a world."""
    inside = np.ones(country.towns, dtype=bool)
    if preset.pact.inside:
        feature = preset.country.features[preset.pact.inside]
        inside = country.distance(feature) <= 3
    words = set(preset.pact.acts)
    forbids = np.array([kind in words or kind.split(".")[0] in words for kind in KINDS])
    held = np.stack([_held(party, preset.days) for party in preset.parties], axis=1)
    bound = held & np.array([party.role in _BOUND for party in preset.parties])
    excluded = held & np.array([party.role == "excluded" for party in preset.parties])
    always = np.ones((preset.days, 1), dtype=bool)
    return Law(
        np.hstack([bound, always]), np.hstack([excluded, ~always]), forbids, inside, preset.pact.permits
    )


def _held(party: PartyNote, days: int) -> Flags:
    """Return on which days a party holds its role (days,)."""
    return np.arange(days) < (days if party.role_until is None else party.role_until)


def rule(
    law: Law, state: States, country: Country, acts: Mapping[str, Whole], real: Flags
) -> tuple[Whole, Whole]:
    """Return the verdict and the coverage of each act, by number.

    Args:
        law: The agreement.
        state: The truce by day and governorate.
        country: The land.
        real: Whether it happened.
        acts: Columns actor, ally, target, kind, town and day.
    """
    day, town = acts["day"], acts["town"]
    binding = state[day, country.governorate[country.district[town]]] == BINDING
    ally = np.where(acts["ally"] < 0, acts["actor"], acts["ally"])
    sides = (acts["actor"], ally, acts["target"])
    excluded = [law.excluded[day, side] for side in sides]
    # A side of two is excluded only if both are, and bound only if both are.
    outside = (excluded[0] & excluded[1]) | excluded[2]
    bound = np.logical_and.reduce([law.bound[day, side] for side in sides])
    permitted = excluded[2] & law.permits & law.bound[day, acts["actor"]] & law.bound[day, ally]
    asked = [~binding, ~law.inside[town], ~law.forbids[acts["kind"]], permitted, outside, ~bound]
    coverage = np.select([*asked, np.ones_like(binding)], [1, 2, 6, 3, 4, 5, 0])
    verdict = np.select([~real, coverage == 0, coverage == 3], [3, 0, 2], 1)
    return verdict, coverage

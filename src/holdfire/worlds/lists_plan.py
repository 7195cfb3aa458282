"""What a list of the dead is like, and whom it records.

Whom a list records depends on place, time, sex, age, side, fame, and on who is in lists it copies from, so
that lists agree more, or less, than chance would have it: which estimators from several lists must bear.
Shares and effects are ours, chosen to be as strong as those found between real lists of the dead; see
Ball, P. et al. (2003) on Peru and Manrique-Vallier, D. et al. (2013), Multiple systems estimation techniques
for estimating casualties in armed conflicts, on how unevenly people are captured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from holdfire.worlds.lists_people import Dead, Places
from holdfire.worlds.streams import Flags, Floats, stream

Script = Literal["ar", "en", "both"]


@dataclass(frozen=True, kw_only=True)
class Mistakes:
    """Shares of a list's entries in which something is wrong, missing or coarse.

    Attributes:
        age: A year to three off. `rounded`: to a five. `digit`: one digit wrong.
        swap: Day and month of birth swapped. `year`: year of birth off by one. `january`: 1 January.
        sex: Wrong. `no_sex`, `no_age`, `no_birth`, `no_day`, `no_place`, `no_status`: missing.
        day: A day to three off. `month`: only the month of death is given.
        near: Another place of the governorate. `far`: another governorate. `coarse`: only the governorate.
        given: Another given name. `slip`: a letter lost, doubled, swapped or wrong.
        order: Family name first. `kunya`: "father of" in place of the given name, for grown people.
        son_of: "son of" in place of a small child's given name.
        married: A wife under her husband's family name.
        no_father, no_grandfather, no_family: parts left out.
    """

    age: float = 0.08
    rounded: float = 0.05
    digit: float = 0.006
    swap: float = 0.015
    year: float = 0.03
    january: float = 0.05
    sex: float = 0.008
    no_sex: float = 0.02
    no_age: float = 0.10
    no_birth: float = 0.3
    no_day: float = 0.03
    no_place: float = 0.05
    no_status: float = 0.1
    day: float = 0.06
    month: float = 0.05
    near: float = 0.04
    far: float = 0.01
    coarse: float = 0.15
    given: float = 0.006
    slip: float = 0.025
    order: float = 0.02
    kunya: float = 0.01
    son_of: float = 0.1
    no_father: float = 0.05
    no_grandfather: float = 0.3
    no_family: float = 0.01


@dataclass(frozen=True, kw_only=True)
class ListPlan:
    """A list of the dead.

    Attributes:
        name: Its id: small letters, digits and underscores.
        title: In English and Arabic.
        script: In which names stand.
        habit: How Latin letters are chosen (names_spelling.HABITS).
        share: Of all dead in its time, those it records.
        parts: Whether it gives the parts of a name, too.
        ages: What it says of age.
        repeats: Share of its people it lists again; 0: it promises never to.
        mistakes: What goes wrong.
        between: Its first and last day, as shares of the world's time.
        uneven: Spread of its reach between governorates [logits].
        drift: What its reach gains over its time [logits].
        fame: What a person's fame adds [times].
        women, children, fighters: What being one adds [logits].
        civilians_only: Whether it leaves fighters out.
        after: Lists before it, with what being in one adds [logits]; below 0 it fills gaps instead.
    """

    name: str
    title: tuple[str, str]
    script: Script = "en"
    habit: str = "english"
    share: float = 0.4
    parts: bool = False
    ages: Literal["age", "birth", "both", "none"] = "age"
    repeats: float = 0.0
    mistakes: Mistakes = Mistakes()
    between: tuple[float, float] = (0.0, 1.0)
    uneven: float = 0.5
    drift: float = 0.0
    fame: float = 0.5
    women: float = 0.0
    children: float = 0.0
    fighters: float = 0.0
    civilians_only: bool = False
    after: dict[str, float] = field(default_factory=dict)


REGISTER = ListPlan(
    name="register",
    title=("Register of the Health Office", "سجل مكتب الصحة"),
    script="ar",
    share=0.58,
    parts=True,
    ages="both",
    uneven=0.9,
    fame=0.25,
    fighters=-0.4,
    mistakes=Mistakes(no_age=0.03, no_birth=0.15, kunya=0.0, no_grandfather=0.05, coarse=0.3, no_status=1.0),
)
MEMORIAL = ListPlan(
    name="memorial",
    title=("The Memorial Book", "كتاب الذكرى"),
    script="both",
    share=0.44,
    repeats=0.02,
    drift=0.8,
    fame=0.9,
    women=0.35,
    children=0.45,
    civilians_only=True,
    mistakes=Mistakes(no_grandfather=0.55, no_status=0.0),
)
OBSERVERS = ListPlan(
    name="observers",
    title=("List of the Observers", "قائمة المراقبين"),
    habit="french",
    share=0.36,
    ages="age",
    drift=-0.6,
    fighters=0.8,
    women=-0.3,
    after={"memorial": 1.1},
    mistakes=Mistakes(no_age=0.45, no_grandfather=0.9, no_father=0.35, month=0.02, near=0.08, no_sex=0.06),
)
FAMILIES = ListPlan(
    name="families",
    title=("What Families Wrote", "ما كتبته العائلات"),
    script="ar",
    share=0.24,
    repeats=0.06,
    ages="birth",
    between=(0.15, 1.0),
    children=0.7,
    fame=0.2,
    after={"register": -0.5},
    mistakes=Mistakes(age=0.03, no_birth=0.35, january=0.12, kunya=0.05, slip=0.06, month=0.25, no_day=0.12,
                      no_place=0.2, order=0.08, no_status=0.6),
)  # fmt: skip
MISSION = ListPlan(
    name="mission",
    title=("Annex of the Mission", "ملحق البعثة"),
    habit="scholarly",
    share=0.09,
    parts=True,
    ages="both",
    between=(0.3, 0.8),
    uneven=1.3,
    fame=1.4,
    civilians_only=True,
    mistakes=Mistakes(slip=0.005, age=0.02, no_grandfather=0.2, kunya=0.0),
)
REGISTRARS = ListPlan(
    name="registrars",
    title=("Ledger of the Border Registrars", "دفتر موظفي الحدود"),
    habit="turkish",
    share=0.12,
    ages="birth",
    repeats=0.01,
    uneven=1.6,
    fame=0.3,
    women=0.2,
    after={"observers": 0.4},
    mistakes=Mistakes(swap=0.05, january=0.2, no_father=0.3, no_grandfather=0.95, no_place=0.4),
)

FOUR = (REGISTER, MEMORIAL, OBSERVERS, FAMILIES)
"""Four lists unlike each other: an office, a memorial, observers who read it, and families."""

SIX = (*FOUR, MISSION, REGISTRARS)
"""All of ours; three to six of them make a world."""


@dataclass(frozen=True, eq=False)
class Reach:
    """What a list's reach is in a country: its base and what each governorate adds [logits]."""

    base: float
    governorates: Floats


def pull(
    plan: ListPlan, people: Dead, places: Places, caught: dict[str, Flags], spread: Floats, time: Floats
) -> Floats:
    """Return how far each person is drawn into a list, before its base [logits] (people,).

    Args:
        plan: The list.
        people: The dead.
        places: Where.
        caught: Who is in each list before this one.
        spread: What each governorate adds.
        time: Where in the world's time each death lies, from 0 to 1.
    """
    strength = spread[places.admin1[people.place]] + plan.drift * (time - 0.5) + plan.fame * people.fame
    strength = strength + plan.women * people.female + plan.children * (people.age < 16)
    strength = strength + plan.fighters * ~people.civilian
    for other, adds in plan.after.items():
        if other in caught:
            strength = strength + adds * caught[other]
    return np.asarray(strength, dtype=np.float64)


def chances(plan: ListPlan, people: Dead, strength: Floats, base: float, time: Floats) -> Floats:
    """Return each person's chance to be recorded (people,)."""
    chance = 1 / (1 + np.exp(-(base + strength)))
    within = (time >= plan.between[0]) & (time <= plan.between[1])
    return np.where(within & (people.civilian | (not plan.civilians_only)), chance, 0.0)


def reaches(plans: Sequence[ListPlan], people: Dead, places: Places, seed: int) -> dict[str, Reach]:
    """Return each list's reach, such that it records its share of these people, spread over all time.

    Raises:
        ValueError: No one has died, so nothing says what a share is.
    """
    n = len(people.person)
    if not n:
        raise ValueError("no one has died in these incidents")
    regions = len(places.governorates)
    time: Floats = (
        np.arange(n, dtype=np.float64) * 0.6180339887498949
    ) % 1.0  # evenly, whatever the order of the people
    caught: dict[str, Flags] = {}
    found = {}
    for plan in plans:
        spread: Floats = plan.uneven * stream(seed, "reach", plan.name).standard_normal(regions)
        strength = pull(plan, people, places, caught, spread, time)
        low, high = -20.0, 20.0
        for _ in range(50):
            base = (low + high) / 2
            few = chances(plan, people, strength, base, time).mean() < plan.share
            low, high = (base, high) if few else (low, base)
        found[plan.name] = Reach(base, spread)
        drawn = stream(seed, "sample", plan.name).random(n)
        caught[plan.name] = drawn < chances(plan, people, strength, base, time)
    return found

"""The dead of made-up incidents: who they were to each other, how old, and the parts of their names as codes.

People killed in one incident are strangers, fighters, or members of households killed together: fathers
with their sons, sisters, twins, cousins who share all but a given name. Some households lose more members in
another incident. A name is four codes (given, father, grandfather, family); no whole name is made here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.errors import BadInput
from holdfire.tables import BOOLEAN, DATE, INTEGER, TEXT, Column, Schema
from holdfire.worlds.names import Names, Words
from holdfire.worlds.streams import Flags, Floats, Whole, pick, stream

PEOPLE = Schema(
    "person of a world",
    (
        Column("person", INTEGER, "from 0"),
        Column("incident", INTEGER, "that killed"),
        Column("household", INTEGER, "killed together in it; a person alone is one"),
        Column("sex", TEXT, "records.death.Sex"),
        Column("age", INTEGER, "at death [completed years]"),
        Column("birth_date", DATE, "local day"),
        Column("civilian", BOOLEAN, "true: civilian"),
        Column("day", DATE, "local day of death; up to weeks after the incident"),
        Column("place", TEXT, "id of the place of the incident"),
        Column("admin1", TEXT, "governorate of the place"),
    ),
    key=("person",),
)

HOUSES = ("attack.airstrike", "attack.bombardment", "attack.shelling", "attack.bombing")
"""Acts that kill people in their houses."""


@dataclass(frozen=True, eq=False)
class Places:
    """Places as lists write them, in the order of their codes.

    Attributes:
        ids: By code.
        written: Name in Arabic and in Latin letters, by code.
        admin1: Code of the governorate, by code of the place (places,).
        governorates: Id, name in Arabic and in Latin letters, by code of the governorate.
    """

    ids: tuple[str, ...]
    written: tuple[tuple[str, str], ...]
    admin1: Whole
    governorates: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, eq=False)
class Dead:
    """The dead of one stretch of incidents, by column, each of shape (people,).

    Attributes:
        person: Number, from `first` on.
        incident: Id of the incident.
        household: Number of the household.
        female: Sex.
        age: In completed years.
        born: Days since 1970.
        civilian: Whether a civilian.
        day: Day of death, days since 1970.
        place: Code of the place.
        names: Codes of given, father's, grandfather's and family name (people, 4). Given names of men stand
            before those of women.
        fame: How far their deaths were talked about [logits].
    """

    person: Whole
    incident: Whole
    household: Whole
    female: Flags
    age: Whole
    born: Whole
    civilian: Flags
    day: Whole
    place: Whole
    names: Whole
    fame: Floats

    def table(self, places: Places) -> pa.Table:
        """Return the truth about them. No names."""
        ids = pa.array(places.ids)
        governorates = pa.array([each[0] for each in places.governorates])
        columns = [
            self.person,
            self.incident,
            self.household,
            pc.if_else(pa.array(self.female), "female", "male"),
            self.age,
            pa.array(self.born.astype("datetime64[D]")),
            self.civilian,
            pa.array(self.day.astype("datetime64[D]")),
            ids.take(pa.array(self.place)),
            governorates.take(pa.array(places.admin1[self.place])),
        ]
        return PEOPLE.check(pa.table(dict(zip(PEOPLE.names, columns, strict=True))))


@dataclass(frozen=True, eq=False)
class _Roles:
    """Who each person is within a household, each (people,)."""

    head: Flags
    wife: Flags
    child: Flags
    sibling: Flags  # of the head
    grand: Flags
    cousin: Flags  # of the children


def dead(incidents: pa.Table, places: Places, words: Names, seed: int, chunk: int, first: int) -> Dead:
    """Return the people killed in these incidents.

    Args:
        incidents: Columns incident, day (date), place (id), event_type, killed, civilians.
        places: Where.
        words: Parts of names.
        seed: Of the world.
        chunk: Which stretch of incidents this is.
        first: Number of the first person.

    Raises:
        BadInput: An incident lies in no place of the world.
    """
    chance = stream(seed, "dead", chunk)
    killed = _column(incidents, "killed")
    at = np.repeat(np.arange(len(killed)), killed)
    n = len(at)
    rank = np.arange(n) - np.repeat(np.cumsum(killed) - killed, killed)
    civilian: Flags = rank < _column(incidents, "civilians")[at]
    place = _codes(incidents, places)[at]
    indoors = np.isin(np.array(incidents.column("event_type").to_pylist(), dtype=object), HOUSES)[at]
    alone = np.where(civilian, np.where(indoors, 0.42, 0.88), 0.95)
    starts = (
        (rank == 0) | (chance.random(n) < alone) | np.concatenate([[True], civilian[1:] != civilian[:-1]])
    )
    house = np.cumsum(starts) - 1
    firsts = np.flatnonzero(starts)
    size = np.diff(np.append(firsts, n))
    position = np.arange(n) - firsts[house]
    roles = _roles(position, size[house], chance)
    kin = _kin(places.admin1[place[firsts]], chance)  # whose family each household is of
    female = _female(roles, civilian, chance)
    family = _forefathers(places.admin1[place[firsts]], words, seed, chance)[kin]
    ages = _ages(roles, civilian, (22 + chance.gamma(4.0, 5.5, len(firsts)))[kin][house], chance)
    day = _days(incidents)[at] + np.where(chance.random(n) < 0.06, chance.geometric(0.18, n), 0)
    born = day - (ages * 365.25).astype(np.int64) - 1
    twin = np.flatnonzero(roles.child & (position > 1) & (chance.random(n) < 0.06))
    twin = twin[roles.child[twin - 1]]
    born[twin] = born[twin - 1]
    weight = np.log1p(killed.astype(np.float64))
    fame = 0.35 * (weight[at] - 1.0) + 0.5 * chance.standard_normal(len(firsts))[house]
    return Dead(
        person=first + np.arange(n),
        incident=_column(incidents, "incident")[at],
        household=first + firsts[house],
        female=female,
        age=years(born, day),
        born=born,
        civilian=civilian,
        day=day,
        place=place,
        names=_named(roles, female, family[house], house, places.admin1[place], words, seed, chance),
        fame=fame + 0.5 * chance.standard_normal(n),
    )


def years(born: Whole, day: Whole) -> Whole:
    """Return completed years between two days, each in days since 1970.

    >>> int(years(np.array([0]), np.array([364]))[0]), int(years(np.array([0]), np.array([365]))[0])
    (0, 1)
    """
    born_year, born_rest = _calendar(born)
    year, rest = _calendar(day)
    whole: Whole = np.maximum(year - born_year - (rest < born_rest), 0)
    return whole


def _calendar(day: Whole) -> tuple[Whole, Whole]:
    """Return the year, and the month and day as one number that grows through the year."""
    days = day.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    month = months.astype(np.int64)
    year: Whole = month // 12 + 1970
    return year, (month % 12) * 32 + (days - months).astype(np.int64)


def _column(table: pa.Table, name: str) -> Whole:
    """Return a column of whole numbers; silence is none."""
    column: Whole = pc.fill_null(table.column(name), 0).to_numpy().astype(np.int64)
    return column


def _days(incidents: pa.Table) -> Whole:
    """Return the day of each incident, in days since 1970."""
    days: Whole = incidents.column("day").cast(pa.int32()).to_numpy().astype(np.int64)
    return days


def _codes(incidents: pa.Table, places: Places) -> Whole:
    """Return the code of each incident's place."""
    found = pc.index_in(incidents.column("place"), pa.array(places.ids))
    if found.null_count:
        raise BadInput("an incident lies in a place that is not among the places of its world")
    codes: Whole = found.to_numpy().astype(np.int64)
    return codes


def _roles(position: Whole, size: Whole, chance: np.random.Generator) -> _Roles:
    """Return who is what; someone alone counts as a child of a family whose others live."""
    n = len(position)
    u = chance.random(n)
    many = size > 1
    head: Flags = many & (position == 0) & (u < 0.6)
    wife: Flags = many & (((position == 0) & (u >= 0.6) & (u < 0.8)) | ((position == 1) & (u < 0.4)))
    later = many & (position > 1)
    sibling: Flags = later & (u < 0.09)
    grand: Flags = later & (u >= 0.09) & (u < 0.14)
    cousin: Flags = later & (u >= 0.14) & (u < 0.22)
    return _Roles(head, wife, ~(head | wife | sibling | grand | cousin), sibling, grand, cousin)


def _female(roles: _Roles, civilian: Flags, chance: np.random.Generator) -> Flags:
    """Return who is a woman or a girl: fighters are men, and more men than women die alone."""
    u = chance.random(len(civilian))
    drawn: Flags = np.where(civilian, u < np.where(roles.child, 0.40, 0.5), u < 0.0)
    female: Flags = (drawn | roles.wife) & ~roles.head
    return female


def _ages(roles: _Roles, civilian: Flags, head: Floats, chance: np.random.Generator) -> Floats:
    """Return ages in years; children are at least eighteen years younger than the head of their household."""
    n = len(head)
    u = chance.random(n)
    stranger = np.where(u < 0.25, chance.random(n) * 18, 18 + chance.gamma(2.2, 9.0, n))
    young = np.where(u < 0.75, chance.random(n) * np.clip(head - 18, 1, 24), stranger * 0.6)
    ages = np.where(roles.child, np.minimum(young, np.maximum(head - 17, 0.5)), stranger)
    ages = np.where(roles.head, head, ages)
    ages = np.where(roles.wife, np.maximum(head - 4 + 4 * chance.standard_normal(n), 17), ages)
    ages = np.where(roles.sibling, np.maximum(head + 7 * chance.standard_normal(n), 5), ages)
    ages = np.where(roles.grand, head + 20 + 12 * u, ages)
    ages = np.where(~civilian, 17 + chance.gamma(2.5, 4.0, n), ages)
    return np.clip(ages, 0, 98)


def _kin(admin1: Whole, chance: np.random.Generator) -> Whole:
    """Return, for each household, itself or an earlier one of its governorate, of whose family it is."""
    n = len(admin1)
    order = np.argsort(admin1, kind="stable")
    group = admin1[order]
    begins = np.searchsorted(group, group, side="left")
    before = np.arange(n) - begins
    u = chance.random(n)
    chosen = (chance.random(n) < 0.08) & (before > 0)
    other = begins + (u * np.maximum(before, 1)).astype(np.int64)
    kin = np.arange(n)
    kin[order[chosen]] = order[other[chosen]]
    return kin


def _by_district(admin1: Whole, words: Words, seed: int, tilt: float, chance: np.random.Generator) -> Whole:
    """Return a word for each, by the shares of its governorate."""
    drawn = np.zeros(len(admin1), dtype=np.int64)
    u = chance.random(len(admin1))
    for code in np.unique(admin1):
        here = admin1 == code
        tilted = words.tilted(stream(seed, "names", int(code), len(words.sounds)), tilt)
        drawn[here] = pick(u[here], np.cumsum(tilted))
    return drawn


def _forefathers(admin1: Whole, words: Names, seed: int, chance: np.random.Generator) -> Whole:
    """Return given, father's, grandfather's and family name of the head of each household (households, 4)."""
    men = [_by_district(admin1, words.male, seed, 0.4, chance) for _ in range(3)]
    return np.column_stack([*men, _by_district(admin1, words.family, seed, 1.2, chance)])


def _named(
    roles: _Roles,
    female: Flags,
    heads: Whole,
    house: Whole,
    admin1: Whole,
    words: Names,
    seed: int,
    chance: np.random.Generator,
) -> Whole:
    """Return the four codes of each person's name (people, 4)."""
    n = len(female)
    given = _by_district(admin1, words.male, seed, 0.4, chance)
    given = np.where(
        female, len(words.male.sounds) + _by_district(admin1, words.female, seed, 0.4, chance), given
    )
    given = np.where(
        roles.child & ~female & (chance.random(n) < 0.12), heads[:, 1], given
    )  # after the grandfather
    given = _apart(given, house, roles.child, len(words.male.sounds), len(words.female.sounds))
    own = _forefathers(admin1, words, seed, chance)
    child = np.column_stack([given, heads[:, 0], heads[:, 1], heads[:, 3]])
    head = np.column_stack([heads[:, 0], heads[:, 1], heads[:, 2], heads[:, 3]])
    sibling = np.column_stack([given, heads[:, 1], heads[:, 2], heads[:, 3]])
    cousin = np.column_stack([given, own[:, 0], heads[:, 1], heads[:, 3]])
    elder = np.column_stack([heads[:, 1], heads[:, 2], own[:, 1], heads[:, 3]])
    stranger = np.column_stack([given, own[:, 0], own[:, 1], own[:, 3]])  # a wife keeps her father's family
    grandfather = roles.grand & ~female
    married = roles.wife | (roles.grand & female)
    chosen = [roles.child, roles.head, roles.sibling, roles.cousin, grandfather, married]
    forms = [child, head, sibling, cousin, elder, stranger]
    return np.select([flag[:, None] for flag in chosen], forms)


def _apart(given: Whole, house: Whole, child: Flags, men: int, women: int) -> Whole:
    """Return given names such that two children of one household never bear one name, nearly always."""
    order = np.lexsort([given, house])
    same = np.zeros(len(given), dtype=bool)
    a, b = order[:-1], order[1:]
    same[b] = (house[a] == house[b]) & (given[a] == given[b]) & child[b]
    moved = given + 7 * (1 + np.arange(len(given)) % 5)
    wrapped = np.where(given < men, moved % men, men + (moved - men) % women)
    return np.where(same, wrapped, given)

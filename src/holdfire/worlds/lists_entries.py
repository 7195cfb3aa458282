"""Write the entries of a list: what it says of each person it records, with its mistakes.

An entry's columns are those of records.death.DEATH where they mean the same, so that a list can be read back
as any list is. Names are made of words of names.yaml at random; they are no one's.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.tables import DATE, INTEGER, TEXT, Column, Schema
from holdfire.worlds.lists_people import Dead, Places, years
from holdfire.worlds.lists_plan import ListPlan
from holdfire.worlds.names import names
from holdfire.worlds.names_spelling import arabic, latin
from holdfire.worlds.streams import Flags, Whole, pick

ENTRY = Schema(
    "entry of a list of a world",
    (
        Column("list", TEXT, "name of the list"),
        Column("row", INTEGER, "number of the entry in its list, from 1"),
        Column("name_ar", TEXT, "full name in Arabic", "the list writes Latin letters"),
        Column("name_en", TEXT, "full name in Latin letters", "the list writes Arabic"),
        Column("given", TEXT, "part, in the list's script", "the list gives no parts, or not this one"),
        Column("father", TEXT, "part", "as above"),
        Column("grandfather", TEXT, "part", "as above"),
        Column("family", TEXT, "part", "as above"),
        Column("sex", TEXT, "female or male", "not said"),
        Column("age", INTEGER, "at death, as written [years]", "not said"),
        Column("birth_date", DATE, "as written", "not said"),
        Column("died_first", DATE, "first day on which the person may have died", "not said"),
        Column("died_last", DATE, "last such day", "not said"),
        Column("governorate", TEXT, "as written", "not said"),
        Column("place", TEXT, "as written", "not said"),
        Column("status", TEXT, "civilian or combatant", "the list does not say"),
    ),
    key=("list", "row"),
)

VARIANTS = (0.62, 0.17, 0.10, 0.06, 0.05)
"""Shares of a clerk's ways to write one word."""

_SLIPS = 4


@cache
def _spelt(habit: str) -> pa.Array:
    """Return every word in every variant: men's given names, women's, kunyas, "child of", families.

    The word of code c in variant v stands at c * len(VARIANTS) + v.
    """
    held = names()
    men = list(zip(held.male.arabic, held.male.sounds, strict=True))
    women = list(zip(held.female.arabic, held.female.sounds, strict=True))
    words = [(w, s, False) for w, s in (*men, *women)]
    for word, sounds in (("أبو", "abuu"), ("أم", "umm"), ("ابن", "ibn"), ("بنت", "bint")):
        words += [(f"{word} {w}", f"{sounds} {s}", False) for w, s in men]
    words += list(zip(held.family.arabic, held.family.sounds, held.family.article, strict=True))
    written = [
        arabic(word, v, article) if habit == "ar" else latin(sounds, habit, v, article)
        for word, sounds, article in words
        for v in range(len(VARIANTS))
    ]
    return pa.array(written, pa.string())


def entries(
    plan: ListPlan, people: Dead, who: Whole, places: Places, first: int, chance: np.random.Generator
) -> pa.Table:
    """Return the entries of these people.

    Args:
        plan: The list.
        people: The dead.
        who: Place in `people` of each entry's person (entries,); one twice is listed twice.
        places: Where.
        first: Row of the first entry.
        chance: Of this list and stretch.
    """
    n = len(who)
    mistakes = plan.mistakes

    def hit(share: float) -> Flags:
        return np.asarray(chance.random(n) < share)

    parts = _parts(plan, people, who, chance)
    family_first = hit(mistakes.order)
    slipped = hit(mistakes.slip)
    scripts = {"ar": ("ar",), "en": (plan.habit,), "both": ("ar", plan.habit)}[plan.script]
    full: dict[str, pa.Array] = {}
    split: list[pa.Array] = []
    for habit in scripts:
        variants = pick(chance.random((n, 4)).ravel(), np.cumsum(VARIANTS)).reshape(n, 4)
        split = [_take(habit, parts[:, i], variants[:, i]) for i in range(4)]
        full["ar" if habit == "ar" else "en"] = _slips(_joined(split, family_first), slipped, chance)
    female = people.female[who] ^ hit(mistakes.sex)
    died_first, died_last, no_day = _died(people.day[who], plan, chance)
    age, birth = _ages(people.day[who], people.born[who], plan, chance)
    governorate, place = _placed(people.place[who], places, plan, chance)
    civilian = pc.if_else(pa.array(people.civilian[who]), "civilian", "combatant")
    empty = pa.nulls(n, pa.string())
    columns = {
        "list": pa.array([plan.name] * n, pa.string()),
        "row": pa.array(np.arange(first, first + n)),
        "name_ar": full.get("ar", empty),
        "name_en": full.get("en", empty),
        **{
            part: split[i] if plan.parts else empty
            for i, part in enumerate(("given", "father", "grandfather", "family"))
        },
        "sex": _silent(pc.if_else(pa.array(female), "female", "male"), hit(mistakes.no_sex)),
        "age": age,
        "birth_date": birth,
        "died_first": _silent(_dates(died_first), no_day),
        "died_last": _silent(_dates(died_last), no_day),
        "governorate": governorate,
        "place": place,
        "status": _silent(civilian, hit(mistakes.no_status)),
    }
    return ENTRY.check(pa.table(columns))


def _dates(days: Whole) -> pa.Array:
    """Return days since 1970 as dates."""
    return pa.array(days.astype("datetime64[D]"))


def _silent(values: pa.Array, where: Flags) -> pa.Array:
    """Return the values, null where the list is silent."""
    return pc.if_else(pa.array(where), pa.scalar(None, values.type), values)


def _parts(plan: ListPlan, people: Dead, who: Whole, chance: np.random.Generator) -> Whole:
    """Return codes into the words of `_spelt` for each entry, -1 where a part is left out (entries, 4)."""
    mistakes = plan.mistakes
    held = names()
    men, women = len(held.male.arabic), len(held.female.arabic)
    n = len(who)
    parts = people.names[who].copy()
    age, female = people.age[who], people.female[who]
    wrong = chance.random(n) < mistakes.given
    other = np.where(
        female, men + chance.integers(0, women, n), pick(chance.random(n), np.cumsum(held.male.share))
    )
    given = np.where(wrong, other, parts[:, 0])
    grown = (chance.random(n) < mistakes.kunya) & (age >= 20)
    eldest = pick(chance.random(n), np.cumsum(held.male.share))  # the son a kunya names is in no other list
    given = np.where(grown, men + women + np.where(female, men, 0) + eldest, given)
    small = (chance.random(n) < mistakes.son_of) & (age < 2)
    given = np.where(small, 3 * men + women + np.where(female, men, 0) + parts[:, 1], given)
    parts[:, 0] = given
    parts[:, 3] += 5 * men + women
    parts[(chance.random(n) < mistakes.no_father) | small, 1] = -1
    parts[(chance.random(n) < mistakes.no_grandfather) | (grown & (chance.random(n) < 0.7)), 2] = -1
    parts[(chance.random(n) < mistakes.no_family) | (grown & (chance.random(n) < 0.1)), 3] = -1
    return parts


def _take(habit: str, codes: Whole, variants: Whole) -> pa.Array:
    """Return the words of these codes, null where there is none."""
    index = pa.array(codes * len(VARIANTS) + variants, mask=codes < 0)
    return _spelt(habit).take(index)


def _joined(parts: list[pa.Array], family_first: Flags) -> pa.Array:
    """Return full names, in the order of the parts or the family name first."""
    plain = pc.binary_join_element_wise(*parts, " ", null_handling="skip")
    turned = pc.binary_join_element_wise(parts[3], *parts[:3], " ", null_handling="skip")
    return pc.if_else(pa.array(family_first), turned, plain)


def _slips(texts: pa.Array, where: Flags, chance: np.random.Generator) -> pa.Array:
    """Return the texts, some with one slip: a letter lost, doubled, swapped with the next, or wrong."""
    at = np.flatnonzero(where)
    kinds, spots, others = chance.integers(0, _SLIPS, len(at)), chance.random(len(at)), chance.random(len(at))
    changed = [
        _slip(text, int(kind), spot, other)
        for text, kind, spot, other in zip(
            texts.take(pa.array(at)).to_pylist(), kinds, spots, others, strict=True
        )
    ]
    return pc.replace_with_mask(texts, pa.array(where), pa.array(changed, pa.string()))


def _slip(text: str, kind: int, spot: float, other: float) -> str:
    """Return a text with one slip; a text of fewer than three letters has none."""
    if len(text) < 3:
        return text
    i = 1 + int(spot * (len(text) - 2))
    if kind == 0:
        return text[:i] + text[i + 1 :]
    if kind == 1:
        return text[: i + 1] + text[i:]
    if kind == 2:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    letters = text.replace(" ", "").lower()  # a wrong letter is one of the same script
    return text[:i] + letters[int(other * len(letters))] + text[i + 1 :]


def _died(day: Whole, plan: ListPlan, chance: np.random.Generator) -> tuple[Whole, Whole, Flags]:
    """Return the first and last day of death as written, and where none is given."""
    n = len(day)
    off = np.where(chance.random(n) < plan.mistakes.day, _some(chance, n, 3), 0)
    said = day + off
    months = said.astype("datetime64[D]").astype("datetime64[M]")
    starts = months.astype("datetime64[D]").astype(np.int64)
    ends = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
    only_month = chance.random(n) < plan.mistakes.month
    no_day = chance.random(n) < plan.mistakes.no_day
    return np.where(only_month, starts, said), np.where(only_month, ends, said), no_day


def _some(chance: np.random.Generator, n: int, most: int) -> Whole:
    """Return whole numbers from 1 to `most`, small ones most often, of either sign."""
    size = 1 + np.floor(most * chance.random(n) ** 2).astype(np.int64)
    return np.where(chance.random(n) < 0.5, -size, size)


def _ages(day: Whole, born: Whole, plan: ListPlan, chance: np.random.Generator) -> tuple[pa.Array, pa.Array]:
    """Return age and birth date as written."""
    n, mistakes = len(day), plan.mistakes
    age = years(born, day)
    age = age + np.where(chance.random(n) < mistakes.age, _some(chance, n, 3), 0)
    age = np.where((chance.random(n) < mistakes.rounded) & (age > 9), (age + 2) // 5 * 5, age)
    wrong = (age // 10 + 1 + chance.integers(0, 8, n)) % 10 * 10 + age % 10
    age = np.clip(np.where(chance.random(n) < mistakes.digit, wrong, age), 0, 110)
    birth = _births(day, born, plan, chance)
    no_age = (chance.random(n) < mistakes.no_age) | (plan.ages in ("birth", "none"))
    no_birth = (chance.random(n) < mistakes.no_birth) | (plan.ages in ("age", "none"))
    return _silent(pa.array(age), no_age), _silent(_dates(birth), no_birth)


def _births(day: Whole, born: Whole, plan: ListPlan, chance: np.random.Generator) -> Whole:
    """Return birth dates as written: swapped, a year off, or 1 January; never after the death."""
    n, mistakes = len(day), plan.mistakes
    dates = born.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    year = months.astype("datetime64[Y]")
    of_month = (dates - months).astype(np.int64)  # from 0
    of_year = (months - year).astype(np.int64)
    swap = (chance.random(n) < mistakes.swap) & (of_month < 12)
    month, first = np.where(swap, of_month, of_year), np.where(swap, of_year, of_month)
    off = (chance.random(n) < mistakes.year) * np.where(chance.random(n) < 0.5, -1, 1)
    january = chance.random(n) < mistakes.january
    month, first = np.where(january, 0, month), np.where(january, 0, first)
    first = np.where(off != 0, np.minimum(first, 27), first)  # a 29 February of another year is no date
    when = (year + off).astype("datetime64[M]") + month
    said: Whole = when.astype("datetime64[D]").astype(np.int64) + first
    return np.where(said > day, born, said)


def _placed(
    place: Whole, places: Places, plan: ListPlan, chance: np.random.Generator
) -> tuple[pa.Array, pa.Array]:
    """Return governorate and place as written."""
    n, mistakes = len(place), plan.mistakes
    order = np.argsort(places.admin1, kind="stable")  # neighbours in this order share a governorate
    begins = np.searchsorted(places.admin1[order], places.admin1)
    sizes = np.bincount(places.admin1, minlength=len(places.governorates))[places.admin1]
    beside = order[begins[place] + (chance.random(n) * sizes[place]).astype(np.int64)]
    said = np.where(chance.random(n) < mistakes.near, beside, place)
    said = np.where(chance.random(n) < mistakes.far, chance.integers(0, len(places.ids), n), said)
    no_place = chance.random(n) < mistakes.no_place
    coarse = no_place | (chance.random(n) < mistakes.coarse)
    column = 0 if plan.script == "ar" else 1
    towns = pa.array([written[column] for written in places.written]).take(pa.array(said))
    regions = pa.array([each[1 + column] for each in places.governorates]).take(pa.array(places.admin1[said]))
    return _silent(regions, no_place & (chance.random(n) < 0.5)), _silent(towns, coarse)

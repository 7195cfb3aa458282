"""The promises of linking list entries, each attacked with names composed at random of common parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.engine import Engine
from holdfire.fusing.grouping.clustering import Judged
from holdfire.fusing.people.link import link
from holdfire.records.source import Repeats

ENGINE = Engine(threads=1, memory=512)
TWO = [Repeats.DISTINCT, Repeats.DISTINCT]
DAY = 22_400
PART = st.sampled_from(["Samir", "Nadia", "Karim", "Rima", "سمير", "نادية", "كريم", "Qwxz", "", "M."])
LATIN = {each: each for each in ("Samir", "Nadia", "Karim", "Rima")} | {
    "سمير": "Samir",
    "نادية": "Nadia",
    "كريم": "Karim",
}

WHOLE = {
    "name": "Samir Karim Nabil Zaytouni", "name_other": None, "sex": "male", "age_low": 9, "age_high": 9,
    "born_first": DAY - 3400, "born_last": DAY - 3400, "died_first": DAY, "died_last": DAY,
    "place": "Tell Safsaf", "admin1": "Northern District",
}  # fmt: skip
TYPES = {
    "name": pa.string(), "name_other": pa.string(), "sex": pa.string(), "place": pa.string(),
    "admin1": pa.string(), "age_low": pa.int64(), "age_high": pa.int64(), "born_first": pa.date32(),
    "born_last": pa.date32(), "died_first": pa.date32(), "died_last": pa.date32(),
}  # fmt: skip


def entries(*changes: dict[str, Any]) -> pa.Table:
    """Return entries like WHOLE but for some changes."""
    rows = [WHOLE | change for change in changes]
    return pa.table(
        {
            name: pa.array([row[name] for row in rows], pa.int32() if kind == pa.date32() else kind).cast(
                kind
            )
            for name, kind in TYPES.items()
        }
    )


def groups(
    *changes: dict[str, Any], source: list[int] | None = None, judged: Judged | None = None
) -> list[int]:
    table = entries(*changes)
    return link(
        table, source or list(range(len(changes))), [Repeats.DISTINCT] * 9, ENGINE, judged=judged
    ).groups.tolist()


def latin(name: str) -> list[str]:
    """Return the words of a name that name somebody, in Latin letters; none where the first is an initial."""
    words = [LATIN.get(word, word) for word in name.split()]
    return [] if words[:1] == ["M."] else [word for word in words if word != "M."]


def turned(one: list[str], other: list[str]) -> bool:
    """Return whether either name is the other with the family name first."""
    return any(
        len(a) > 1 and len(b) > 1 and a[0] == b[-1] and a[1] == b[0] for a, b in ((one, other), (other, one))
    )


def test_a_family_name_that_is_a_given_name_may_stand_first() -> None:
    assert groups({"name": "Samir Karim Nadir"}, {"name": "Nadir Samir Karim"}) == [0, 0]
    assert groups({"name": "Samir Karim Nadir"}, {"name": "Nadir Karim Samir"}) == [0, 1]  # the control


def test_one_person_in_two_scripts_is_one() -> None:
    assert groups({}, {"name": "سمير كريم نبيل الزيتوني", "place": "تل صفصاف", "admin1": None}) == [0, 0]


@pytest.mark.parametrize(
    "other",
    [
        "Hussein Karim Nabil Zaytouni",
        "Samira Karim Nabil Zaytouni",
        "Ali Karim Nabil Zaytouni",
        "حسين كريم نبيل الزيتوني",
    ],
)
def test_twins_killed_together_are_two(other: str) -> None:
    """All agrees: father, grandfather, family, birth, day, place. Only the given name differs."""
    first = "Hassan Karim Nabil Zaytouni"
    assert groups({"name": first}, {"name": other}) == [0, 1]
    assert groups({"name": first}, {"name": first}) == [0, 0]  # the control: told apart by nothing else


def test_father_family_place_and_day_never_link_where_no_given_name_is_known() -> None:
    unnamed = {
        "name": "son of Karim Zaytouni",
        "born_first": None,
        "born_last": None,
        "age_low": None,
        "age_high": None,
    }
    assert groups({}, unnamed) == [0, 1]
    assert groups(unnamed, unnamed | {"name": "ابن كريم الزيتوني"}) == [0, 1]


def test_a_third_entry_never_joins_two_who_bear_two_names() -> None:
    third = {"name": "ابن كريم الزيتوني"}
    found = groups({"name": "Hassan Karim Zaytouni"}, {"name": "Hussein Karim Zaytouni"}, third, third)
    assert found[0] != found[1]


def test_a_name_of_one_letter_or_of_nothing_matches_nothing() -> None:
    for name in ("M. M.", "", "7", "-", "م"):
        assert groups({"name": name}, {"name": name}) == [0, 1]


def test_a_judgement_of_a_person_holds_against_the_given_names() -> None:
    same = Judged(np.array([[0, 1]]), np.empty((0, 2), np.int64))
    assert groups({"name": "Hassan Karim Zaytouni"}, {"name": "Hussein Karim Zaytouni"}, judged=same) == [
        0,
        0,
    ]


def test_swapped_dates_and_family_first_still_meet() -> None:
    day = int((np.datetime64("2019-03-05") - np.datetime64("1970-01-01")).astype(int))
    swapped = int((np.datetime64("2019-05-03") - np.datetime64("1970-01-01")).astype(int))
    born = {"born_first": day, "born_last": day}
    other = {"born_first": swapped, "born_last": swapped, "name": "Zaytouni Samir Karim Nabil"}
    assert groups(born, other) == [0, 0]


def test_no_entries_make_no_persons() -> None:
    assert groups() == []


@given(
    st.lists(st.tuples(PART, PART, PART, st.integers(0, 1), st.integers(0, 2)), max_size=8),
    st.integers(0, 7),
)
@settings(max_examples=13, deadline=None)  # each links twice
def test_no_group_holds_two_names_or_two_entries_of_one_list(rows: list[Any], start: int) -> None:
    changes = [
        {"name": f"{a} {b} {c}", "died_first": DAY + d, "died_last": DAY + d} for a, b, c, _, d in rows
    ]
    source = [each[3] for each in rows]
    table = entries(*changes)
    found = link(table, source, TWO, ENGINE)
    for group in set(found.groups.tolist()):
        members = [k for k, g in enumerate(found.groups) if g == group]
        assert len({source[k] for k in members}) == len(members)
        known = [
            words for k in members if (words := latin(changes[k]["name"]))[:1] and words[0] in LATIN.values()
        ]
        for k, one in enumerate(known):
            assert all(one[0] == other[0] or turned(one, other) for other in known[k + 1 :])
    assert (found.pairs["a"].to_numpy() < found.pairs["b"].to_numpy()).all()
    again = link(table, source, TWO, Engine(threads=2, memory=512))
    assert again.groups.tolist() == found.groups.tolist()
    assert again.pairs.equals(found.pairs)

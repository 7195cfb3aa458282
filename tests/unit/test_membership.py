"""People on lists, from entries: each once, on all their lists, in one stratum or in none."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.counting.membership import MISSING, Sheet, grouped, strata
from holdfire.counting.scopes import of_scopes

SHEET = Sheet(
    lists=("ministry", "survey", "press"),
    list_of=np.array([0, 1, 2, 0, 0, 1]),
    labels={"place": np.array([0, 0, 1, MISSING, 1, MISSING]), "sex": np.array([0, MISSING, 0, 1, 1, 1])},
    values={"place": ("north", "south"), "sex": ("female", "male")},
)
GROUPS = np.array([0, 0, 0, 3, 4, 3])


def test_each_person_is_on_every_list_that_has_them_and_most_entries_say_where() -> None:
    found = grouped(SHEET, GROUPS)
    assert found.patterns.tolist() == [0b111, 0b011, 0b001]
    assert found.labels["place"].tolist() == [0, MISSING, 1]
    assert found.labels["sex"].tolist() == [0, 1, 1]


def test_a_stratum_has_those_whose_labels_are_known() -> None:
    found = strata(SHEET, grouped(SHEET, GROUPS), ("place", "sex"))
    assert {name: table.cube().nonzero()[0].tolist() for name, table in found.tables.items()} == {
        "north · female": [7],
        "south · male": [1],
    }
    assert found.outside == 1
    whole = strata(SHEET, grouped(SHEET, GROUPS), ())
    assert whole.outside == 0
    assert whole.tables[""].documented == 3


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_everyone_is_in_one_stratum_or_outside(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 30))
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    sheet = Sheet(
        ("a", "b", "c", "d"), rng.integers(0, 4, n),
        {"x": rng.integers(-1, 3, n), "y": rng.integers(-1, 2, n)},
        {"x": ("1", "2", "3"), "y": ("1", "2")},
    )  # fmt: skip
    groups = rng.integers(0, n, n)
    people = grouped(sheet, groups)
    assert people.people == len(set(groups.tolist()))
    for by in ((), ("x",), ("y", "x")):
        found = strata(sheet, people, by)
        assert sum(table.documented for table in found.tables.values()) + found.outside == people.people
    shuffled = rng.permutation(n)
    other = Sheet(
        sheet.lists, sheet.list_of[shuffled], {k: v[shuffled] for k, v in sheet.labels.items()}, sheet.values
    )
    again = strata(other, grouped(other, groups[shuffled]), ("x",))
    assert {k: v.digest for k, v in again.tables.items()} == {
        k: v.digest for k, v in strata(sheet, people, ("x",)).tables.items()
    }


def test_lists_of_other_people_are_not_used_together() -> None:
    assert of_scopes({"a": "civilians", "b": "civilians"}) == ()
    assert [each.code for each in of_scopes({"a": "civilians", "b": "everyone killed"})] == ["scopes_differ"]
    assert [each.code for each in of_scopes({"a": "", "b": "civilians"})] == ["scope_unknown"]

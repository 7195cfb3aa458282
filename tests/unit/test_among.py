"""Whom a count is of: said by entries, left out once and with a reason, and no estimate bent by silence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from holdfire.counting.among import DISPUTED, VAGUE, Asked, Kept, among, said_of
from holdfire.counting.assessing import assess
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.membership import MISSING, Grouped, Sheet, grouped, strata

CIVILIAN, COMBATANT, UNKNOWN = range(3)
VALUES = ("civilian", "combatant", "unknown")


def a_sheet(list_of: list[int], lists: str = "ABC") -> Sheet:
    return Sheet(tuple(lists), np.array(list_of), {}, {})


def kept(
    list_of: list[int], person: list[int], codes: list[int], wanted: tuple[int, ...] = (CIVILIAN,)
) -> Kept:
    sheet, groups = a_sheet(list_of), np.array(person)
    asked = Asked("status", np.array(codes), VALUES, frozenset(wanted))
    return among(sheet, grouped(sheet, groups), groups, [asked])


def test_a_person_is_counted_only_where_entries_say_so() -> None:
    found = kept([0, 0, 0, 0], [0, 1, 2, 3], [CIVILIAN, COMBATANT, UNKNOWN, MISSING])
    assert found.found.people == 1
    assert found.left_out == {
        ("status", "combatant"): 1, ("status", "unknown"): 1, ("status", "not_said"): 1,
    }  # fmt: skip


def test_what_most_entries_say_holds_and_as_many_for_as_against_is_disputed() -> None:
    person = np.array([0, 0, 0, 1, 1, 2, 2, 3])
    codes = np.array([CIVILIAN, CIVILIAN, COMBATANT, CIVILIAN, COMBATANT, VAGUE, CIVILIAN, VAGUE])
    assert said_of(person, codes, 4, 3).tolist() == [CIVILIAN, DISPUTED, CIVILIAN, VAGUE]
    found = kept([0, 1, 2, 0, 1], [0, 0, 0, 1, 1], codes[:5].tolist())
    assert found.found.people == 1
    assert found.left_out == {("status", "disputed"): 1}


def test_a_word_for_not_knowing_yields_to_any_that_knows() -> None:
    person = np.array([0, 0, 0, 1, 1, 2])
    codes = np.array([CIVILIAN, UNKNOWN, UNKNOWN, UNKNOWN, MISSING, CIVILIAN])
    weak = frozenset({UNKNOWN})
    assert said_of(person, codes, 3, 3, weak).tolist() == [CIVILIAN, UNKNOWN, CIVILIAN]
    assert said_of(person, codes, 3, 3).tolist() == [UNKNOWN, UNKNOWN, CIVILIAN]
    sheet, groups = a_sheet([0, 1, 2, 0, 1, 2]), person
    asked = Asked("status", codes, VALUES, frozenset({CIVILIAN}), weak)
    found = among(sheet, grouped(sheet, groups), groups, [asked])
    assert found.found.patterns.tolist() == [0b001, 0b100], "who does not know finds nobody"
    both = replace(asked, wanted=frozenset({CIVILIAN, UNKNOWN}))
    found = among(sheet, grouped(sheet, groups), groups, [both])
    assert found.found.patterns.tolist() == [0b111, 0b001, 0b100]


def test_an_entry_that_does_not_say_it_finds_nobody() -> None:
    found = kept([0, 1, 1], [0, 0, 1], [CIVILIAN, MISSING, CIVILIAN])
    assert found.found.patterns.tolist() == [0b001, 0b010], "A's word puts nobody on B"
    assert found.unused.tolist() == [0, 1, 0]
    silent = kept([0, 1, 1], [0, 0, 1], [CIVILIAN, MISSING, CIVILIAN], (CIVILIAN, MISSING))
    assert silent.found.patterns.tolist() == [0b011, 0b010], "where silence is counted, it is no gap"


def test_everyone_is_counted_or_left_out_once() -> None:
    rng = np.random.default_rng(1)
    n = 400
    groups, list_of = rng.integers(0, 150, n), rng.integers(0, 3, n)
    sheet = Sheet(tuple("ABC"), list_of, {}, {})
    people = grouped(sheet, groups)
    asked = [
        Asked("status", rng.integers(-1, 3, n), VALUES, frozenset({CIVILIAN, UNKNOWN})),
        Asked("died", rng.integers(-2, 2, n), ("within", "outside"), frozenset({0})),
    ]
    for some in ([], asked[:1], asked[1:], asked, asked[::-1]):
        found = among(sheet, people, groups, some)
        assert found.found.people + sum(found.left_out.values()) == people.people
        assert (found.found.patterns > 0).all()
    assert among(sheet, people, groups, []).found.patterns.tolist() == people.patterns.tolist()
    assert among(sheet, people, groups, asked).found.people > 0


def test_of_a_question_with_one_answer_nobody_is_left_out() -> None:
    sheet, groups = a_sheet([0, 1, 2, 0]), np.array([0, 0, 1, 2])
    people = grouped(sheet, groups)
    same = Asked("status", np.zeros(4, np.int64), VALUES, frozenset({CIVILIAN}))
    found = among(sheet, people, groups, [same])
    assert found.left_out == {}
    assert found.found.patterns.tolist() == people.patterns.tolist()


def estimated(patterns: np.ndarray) -> tuple[float, float]:
    sheet = a_sheet([], "ABCD")
    table = strata(sheet, Grouped(patterns.astype(np.uint64), {}), ()).tables[""]
    said = assess(table, 1, chosen=[DecomposableGraphs(draws=2000)]).stated
    assert said
    return said.low, said.high


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_silent_list_bends_no_estimate(seed: int) -> None:
    """3,000 civilians and 1,500 others; one list says who is who of one in three."""
    rng = np.random.default_rng(seed)
    civilians = 3000
    on = rng.random((4500, 4)) < 0.4
    person, list_of = np.nonzero(on)
    who = np.where(np.arange(4500) < civilians, CIVILIAN, COMBATANT)
    said = rng.random(len(person)) < np.array([1.0, 0.33, 0.9, 0.9])[list_of]
    codes = np.where(said, who[person], MISSING)
    sheet = Sheet(tuple("ABCD"), list_of, {}, {})
    people = grouped(sheet, person)
    asked = Asked("status", codes, VALUES, frozenset({CIVILIAN}))
    low, high = estimated(among(sheet, people, person, [asked]).found.patterns)
    assert low <= civilians <= high
    # The control: people known by one list's word on every list that has them.
    code = said_of(np.unique(person, return_inverse=True)[1], codes, people.people, 3)
    low, high = estimated(people.patterns[code == CIVILIAN])
    assert high < civilians

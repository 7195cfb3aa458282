"""What each list does to an answer: without it, and whether the others find the people on it."""

from __future__ import annotations

import numpy as np
import pytest

from holdfire.counting.eachlist import EachList, each_list, why
from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.overlaps import Overlaps
from holdfire.eachlistshown import HEADS, rows, sentences
from holdfire.publishing.pages.tollwords import tollwords
from overlapping import chained

PEOPLE = 3000
EVEN = chained(PEOPLE, [0.5, 0.4, 0.4, 0.5], 0.4, 3)
"""Four independent lists."""
PASSED_ON = chained(PEOPLE, [0.35, 0.3, 0.3, 0.3], 0.9, 3)
"""The second list takes nearly everyone of the first."""


def asked(table: Overlaps) -> EachList:
    found = each_list(table, 1)
    assert found
    return found


def test_without_any_one_of_independent_lists_the_answer_stays() -> None:
    found = asked(EVEN)
    assert [each.list for each in found.without] == list(EVEN.lists)
    for each in found.without:
        assert each.number
        assert each.number.low <= PEOPLE <= each.number.high
    for known, size in zip(found.known, EVEN.sizes, strict=True):
        assert known.known == size
        assert 0 < known.found < size
        assert known.held == "held"


def test_a_list_that_others_miss_is_told() -> None:
    chance = np.random.default_rng(5)
    kind = chance.random(6000) < 0.5
    at = np.where(kind[:, None], [0.5, 0.5, 0.5, 0.35], [0.05, 0.05, 0.05, 0.35])
    found = asked(Overlaps.of_people("ABCD", chance.random(at.shape) < at))
    held = {each.list: each.held for each in found.known}
    assert held["D"] == "too_low", "half of its people are hardly ever on the others, and are alike on them"
    (known,) = (each for each in found.known if each.list == "D")
    assert known.number
    assert known.number.high < known.known
    said = " ".join(sentences(found, tollwords("en")))
    assert "Too low: D" in said
    control = " ".join(sentences(asked(EVEN), tollwords("en")))
    assert "Too low" not in control
    assert "Held: A, B, C, D" in control


def test_a_list_that_carries_the_answer_moves_it() -> None:
    found = asked(PASSED_ON)
    numbers = {each.list: each.number for each in found.without if each.number}
    assert numbers["A"]
    assert found.moved == tuple(sorted(found.moved, key=lambda each: each.number.middle))  # type: ignore[union-attr]
    said = sentences(found, tollwords("en"))[0]
    assert f"least without {found.moved[0].list}: " in said
    assert f"greatest without {found.moved[-1].list}: " in said


def test_a_range_of_models_is_shown_without_a_middle() -> None:
    found, words = asked(EVEN), tollwords("en")
    for row, each in zip(rows(found, words), found.without, strict=True):
        assert each.number
        assert each.number.method == "range_of_models", "three lists are left"
        assert f"{each.number.middle:,.0f}" not in row[1]
    five = asked(Overlaps.of_people("ABCDE", np.random.default_rng(3).random((3000, 5)) < 0.4))
    for row, each in zip(rows(five, words), five.without, strict=True):
        assert each.number
        assert row[1].startswith(f"{each.number.middle:,.0f} (")


def test_two_lists_left_give_a_number_only_if_independent() -> None:
    three = EVEN.keep([0, 1, 2])
    found = asked(three)
    for each in found.without:
        assert each.said.stated is None
        assert each.number is each.said.bound
    assert any("only if being on one says nothing" in each for each in sentences(found, tollwords("en")))
    apart = Overlaps.of("ABC", {1: 90, 2: 80, 4: 70, 3: 40})
    lone = asked(apart)
    assert {each.list: [r.code for r in why(each.said)] for each in lone.known}["C"] == ["no_overlap"]
    assert {each.list: each.held for each in lone.known}["C"] == "none"


def test_what_nobody_takes_is_not_asked() -> None:
    assert each_list(EVEN.keep([0, 1]), 1) is None
    eight = Overlaps.of("ABCDEFGH", {1 << j | 1 << (j + 1) % 8: 20 for j in range(8)})
    assert each_list(eight, 1) is None
    assert each_list(eight, 1, [DecomposableGraphs(draws=200, shown=1, most_lists=3)]) is None


def test_the_same_seed_and_any_order_of_lists_say_the_same() -> None:
    one, again = asked(PASSED_ON), asked(PASSED_ON)
    turned = asked(PASSED_ON.keep([3, 2, 1, 0]))
    for each, same, other in zip(one.known, again.known, turned.known[::-1], strict=True):
        assert each.number
        assert same.number
        assert other.number
        assert (each.number.low, each.number.high) == (same.number.low, same.number.high)
        assert other.number.middle == pytest.approx(each.number.middle, rel=0.05)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_row_has_a_cell_for_each_head(language: str) -> None:
    words = tollwords(language)
    for table in (EVEN, PASSED_ON, Overlaps.of("ABC", {1: 90, 2: 80, 4: 70, 3: 40})):
        found = asked(table)
        assert all(words.label(head) for head in HEADS)
        told = rows(found, words)
        assert [row[0] for row in told] == list(table.lists)
        assert {len(row) for row in told} == {len(HEADS)}
        assert all(all(row) for row in told)
        assert all(sentences(found, words))

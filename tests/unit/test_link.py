"""Judgements of links: the last word of each person counts, who differs joins nothing, nothing is lost."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import HoldfireError
from holdfire.records.link import (
    Judgement,
    Linked,
    Said,
    judgements,
    latest,
    row_side,
    settle,
    words_of,
    words_side,
)

R = "ab" * 32


def said(one: int, other: int, what: str, by: str = "A", at: str = "2031-05-03T10:00Z") -> Judgement:
    low, high = sorted((one, other))
    return Judgement(at=at, by=by, one=row_side(R, low), other=row_side(R, high), said=Said(what))


def pair(one: int, other: int) -> tuple[str, str]:
    return row_side(R, one), row_side(R, other)


def test_a_later_word_of_the_same_person_replaces_the_earlier() -> None:
    found = settle([said(1, 2, "same"), said(1, 2, "different")])
    assert found.pairs(Said.DIFFERENT) == (pair(1, 2),)
    assert found.pairs(Said.SAME) == ()
    assert settle([said(1, 2, "same"), said(1, 2, "unsure")]).decided == {}


def test_two_who_differ_decide_nothing_until_one_says_otherwise() -> None:
    differ = [said(1, 2, "same", "A"), said(1, 2, "different", "B")]
    assert settle(differ).decided == {}
    assert settle(differ).disputed == (pair(1, 2),)
    agreed = settle([*differ, said(1, 2, "same", "B")])
    assert agreed.pairs(Said.SAME) == (pair(1, 2),)
    assert agreed.disputed == ()


def test_who_is_unsure_takes_nothing_from_who_is_not() -> None:
    found = settle([said(1, 2, "same", "A"), said(1, 2, "unsure", "B")])
    assert found.pairs(Said.SAME) == (pair(1, 2),)
    assert settle([said(1, 2, "unsure")]).unsure == (pair(1, 2),)


def test_who_decided_is_who_said_so_last() -> None:
    early, late = "2031-05-03T10:00Z", "2031-05-04T10:00Z"
    found = settle([said(1, 2, "same", "B", early), said(1, 2, "same", "A", late)])
    assert found.decided[pair(1, 2)][1:] == ("A", late)


def test_what_cannot_all_be_true_is_shown_and_decides_nothing() -> None:
    found = settle([said(1, 2, "same"), said(2, 3, "same"), said(1, 3, "different"), said(3, 4, "same")])
    assert found.contradicted == (pair(1, 2), pair(1, 3), pair(2, 3))
    assert found.pairs(Said.SAME) == (pair(3, 4),)


def test_only_the_shortest_way_is_set_aside_and_then_what_is_left() -> None:
    round_about = [
        said(1, 2, "same"),
        said(2, 4, "same"),
        said(1, 3, "same"),
        said(3, 5, "same"),
        said(5, 4, "same"),
    ]
    found = settle([*round_about, said(1, 4, "different")])
    assert found.decided == {}, "both ways lead from one to the other, so neither stands"
    apart = settle([*round_about[2:4], said(1, 4, "different")])
    assert apart.contradicted == ()


def test_a_judgement_of_a_record_that_is_gone_joins_nothing() -> None:
    gone = settle([said(1, 2, "same")], lambda side: None if side.endswith("#2") else side)
    assert gone.decided == {}
    merged = settle([said(1, 2, "same")], lambda side: "c-1")
    assert merged.decided == {}


def test_a_side_is_named_by_where_it_stands() -> None:
    words = words_side(R, (3, 9), "attack.shelling")
    assert words_of(words) == (R, (3, 9), "attack.shelling", 1)
    assert words_of(words_side(R, (3, 9), "attack.shelling", 2)) == (R, (3, 9), "attack.shelling", 2)
    assert words_of(row_side(R, 3)) is None


@pytest.mark.parametrize(
    "wrong",
    ['{"at":"x"}', "nonsense", '{"at":"t","by":"","one":"a","other":"b","said":"same"}'],
)
def test_every_wrong_line_is_named(wrong: str) -> None:
    good = said(1, 2, "same").line
    with pytest.raises(HoldfireError) as error:
        judgements(f"{good}{wrong}\n{wrong}\n{good}", "hand/links.jsonl")
    assert [p.where for p in error.value.problems] == ["hand/links.jsonl, line 2", "hand/links.jsonl, line 3"]


def test_a_pair_is_two_records_in_order() -> None:
    good = said(1, 2, "same")
    for one, other in ((good.other, good.one), (good.one, good.one)):
        with pytest.raises(ValueError, match="two"):
            Judgement.model_validate(good.model_dump() | {"one": one, "other": other})


LINES = st.builds(
    said,
    one=st.integers(0, 2), other=st.integers(3, 5), what=st.sampled_from(["same", "different", "unsure"]),
    by=st.sampled_from(["A", "B"]), at=st.sampled_from(["2031-05-03T10:00Z", "2031-05-04T10:00Z"]),
)  # fmt: skip


@given(st.lists(LINES, max_size=14))
def test_the_file_reads_back_and_what_stands_can_all_be_true(listed: list[Judgement]) -> None:
    text = "".join(each.line for each in listed)
    assert judgements(text, "f") == tuple(listed)
    assert judgements(text + '{"at": "cut sho', "f") == tuple(listed)
    found = settle(listed)
    told = set(found.decided) | set(found.disputed) | set(found.contradicted) | set(found.unsure)
    assert told == {(each.one, each.other) for each in listed}
    assert len(told) == sum(map(len, (found.decided, found.disputed, found.contradicted, found.unsure)))
    assert len(latest(listed)) <= len(listed)
    group = {name: name for name in itertools.chain(*told)}
    for a, b in found.pairs(Said.SAME):
        old, new = group[a], group[b]
        group = {name: new if g == old else g for name, g in group.items()}
    assert not [1 for a, b in found.pairs(Said.DIFFERENT) if group[a] == group[b]]


def test_people_are_judged_apart_from_incidents() -> None:
    assert said(1, 2, "same").kind is Linked.INCIDENT
    assert '"kind": "incident"' in said(1, 2, "same").line

"""Section 6 of lists of the dead: three numbers, each apart, with tolls only of the same people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest

from builders import a_material
from holdfire.publishing.bulletin import Bulletin, content
from holdfire.publishing.figures import Figure
from holdfire.publishing.pages.lexicon import lexicon
from holdfire.publishing.tolls import Attested, Kept, ListCount, Toll
from holdfire.publishing.values import Facts, Table
from holdfire.records.decided import LEFT_OUT, WhoStatus

WHO = {"who": "Civilians killed", "where": "The Strip", "when": "2031-05-01 to 2031-07-31"}
COUNT = ListCount(
    by="A. Statistician",
    made="2031-08-02",
    lists=(
        Kept(source="news", lists=2, people=420, **WHO),
        Kept(source="mission", lists=1, people=300, **WHO),
    ),
    documented=(601, 611, 622),
    unnamed=4,
    estimated=(803, 877, 999),
    outside=13,
    models=(790, 1010),
    conditions=({"en": "nobody entered or left", "ar": "لم يدخل أحد"},),
    attested=(Attested(what="alike", by="B. Keeper", at="2031-08-01", reason={"en": "asked", "ar": "سُئل"}),),
    draws=20,
)
SAME = Toll(
    kind="external_estimate", low=700, best=None, high=1200, who={"en": "An institute"},
    population={"en": "civilians  killed", "ar": "مدنيون"}, place={"en": "the Strip"},
    start="2031-05-01", end="2031-07-31", cite="its report",
)  # fmt: skip
OTHERS = {
    "people": replace(SAME, population={"en": "all deaths"}),
    "place": replace(SAME, place={"en": "the region"}),
    "unsaid place": replace(SAME, place={}),
    "window": replace(SAME, end="2031-08-31"),
    "open window": replace(SAME, end=""),
}


def blocks(bulletin: Bulletin) -> list[Any]:
    return next(list(s.blocks) for s in bulletin.sections if s.key == "harm")


def figures(value: Any) -> Iterator[Figure]:
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from figures(inner)
    elif isinstance(value, dict):
        yield from figures(list(value.values()))
    elif hasattr(value, "__dataclass_fields__"):
        yield from figures([getattr(value, name) for name in value.__dataclass_fields__])


def harm(*counts: ListCount, tolls: tuple[Toll, ...] = ()) -> list[Any]:
    return blocks(content(a_material(list_counts=counts, tolls=tolls)))


def facts(found: list[Any]) -> dict[str, Facts]:
    return {b.key: b for b in found if isinstance(b, Facts) and b.key.startswith("count")}


def tables(found: list[Any]) -> list[Table]:
    return [b for b in found if isinstance(b, Table) and b.key == "same_scope"]


def test_without_a_signed_count_nothing_is_said() -> None:
    assert not facts(harm())
    assert not tables(harm(tolls=(SAME,)))


def test_the_three_numbers_stand_each_by_itself() -> None:
    found = facts(harm(COUNT))
    assert list(found) == ["count-incidents", "count-1", "count-1-in-all"]
    values = {key: {f.value for f in figures(block)} for key, block in found.items()}
    assert {601, 611, 622} <= values["count-1"]
    assert {803, 877, 999} <= values["count-1-in-all"]
    assert not {803, 877, 999} & values["count-1"]
    assert not {601, 611, 622} & (values["count-1-in-all"] | values["count-incidents"])
    for block in found.values():
        assert "leaves_out" in dict(block.rows), "each says what it excludes"
    assert not any(f.value in {611 + 877, 420 + 300} for f in figures(harm(COUNT)))


def test_what_is_refused_has_no_number_and_says_why() -> None:
    refused = replace(COUNT, estimated=None, models=None, refused=({"en": "too few", "ar": "قليل"},))
    block = facts(harm(refused))["count-1-in-all"]
    assert "no_number" in dict(block.rows)
    assert not list(figures(block))


def test_a_toll_of_the_same_people_stands_in_one_table_with_ours() -> None:
    found = harm(COUNT, tolls=(SAME,))
    assert "tolls_apart_save" in {getattr(b, "key", "") for b in found}
    (table,) = tables(found)
    assert [row[0].value for row in table.rows] == ["documented", "modelled", "external_estimate"]  # type: ignore[union-attr]
    assert [f.value for f in figures(table.rows[2])] == [700, 1200]


@pytest.mark.parametrize("name", OTHERS)
def test_a_toll_of_others_never_does(name: str) -> None:
    found = harm(COUNT, tolls=(OTHERS[name],))
    assert not tables(found)
    assert "tolls_apart" in {getattr(b, "key", "") for b in found}
    assert any(getattr(b, "key", "") == "toll-1" for b in found), "it is quoted by itself all the same"


def test_lists_of_several_scopes_share_a_table_with_nobody() -> None:
    several = replace(COUNT, lists=(COUNT.lists[0], replace(COUNT.lists[1], who="Everyone killed")))
    assert several.scope is None
    assert not tables(harm(several, tolls=(SAME,)))
    assert replace(COUNT, lists=(Kept(source="news", lists=1, people=1),)).scope is None


def test_whom_it_counts_and_whom_that_leaves_out_is_said_with_each_number() -> None:
    some = replace(
        COUNT,
        called=("civilian", "not_said"),
        first="2031-05-01",
        last="2031-05-31",
        left_out=(("status", "combatant", 57), ("died", "outside", 31)),
    )
    found = facts(harm(some))
    for key in ("count-1", "count-1-in-all"):
        assert "called_civilian" in str(dict(found[key].rows)["whose_deaths"])
        assert "died_first_last" in str(dict(found[key].rows)["whose_deaths"])
    assert {57, 31} <= {f.value for f in figures(dict(found["count-1"].rows)["leaves_out"])}
    assert "whose_deaths" not in dict(facts(harm(COUNT))["count-1"].rows)
    assert not tables(harm(some, tolls=(SAME,))), "their keepers' words are of everyone on the lists"
    assert tables(harm(COUNT, tolls=(SAME,)))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_everything_that_leaves_anyone_out_has_words(language: str) -> None:
    keys = {f"left_out_{asked}_{why}" for asked, each in LEFT_OUT.items() for why in each}
    keys |= {f"called_{each}" for each in get_args(WhoStatus)}
    assert keys <= set(lexicon(language).sentences)
    assert "left_out_status_tall" not in lexicon(language).sentences


def test_every_figure_leads_to_what_was_signed() -> None:
    bulletin: Bulletin = content(a_material(list_counts=(COUNT,)))
    (found,) = [b for b in blocks(bulletin) if getattr(b, "key", "") == "count-1-in-all"]
    assert {bulletin.bases[f.basis].items for f in figures(found)} == {("count:1",)}

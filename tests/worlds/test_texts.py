"""Articles of made-up countries: they say what they are told to say, where they say they do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.worlds.preset import KINDS
from holdfire.worlds.texts import Article, Desk, Item, article, needs, sentence
from holdfire.worlds.texts_phrases import chosen, filled, one_of, phrases
from holdfire.worlds.texts_words import Chance, number, people, when

PUBLISHED = datetime(2031, 5, 3, 9)
DESKS = {
    "en": Desk(agency="Wire", language="en", official=False, town="Marwa", seed=1),
    "ar": Desk(agency="وكالة", language="ar", official=False, town="مروة", seed=1),
}


def an_item(language: str = "en", **but: object) -> Item:
    names = {"en": ("Kafr Qasila", "Marwa", "Free North"), "ar": ("كفر قصيلة", "مروة", "الشمال الحر")}
    place, admin1, actor = names[language]
    item = Item(
        key="c-1",
        event_type="attack.shelling",
        actor=actor,
        start=datetime(2031, 5, 1, 6),
        place=place,
        admin1=admin1,
        killed=17,
        injured=4,
    )
    return replace(item, **but)  # type: ignore[arg-type]


def told(page: Article) -> list[str]:
    return [page.text[each.start : each.end] for each in page.told]


items = st.builds(
    Item,
    key=st.text("abc0123456789", min_size=1, max_size=5),
    event_type=st.sampled_from(KINDS),
    actor=st.sampled_from(["", "Free North", "Tavria"]),
    target=st.sampled_from(["", "River Front"]),
    civilians_hit=st.booleans(),
    start=st.datetimes(datetime(2031, 4, 1), datetime(2031, 5, 3)),
    precision=st.sampled_from(["hour", "day", "week"]),
    place=st.just("Kafr Qasila"),
    admin1=st.just("Marwa"),
    fineness=st.sampled_from(["point", "settlement", "district", "governorate"]),
    killed=st.none() | st.integers(0, 300),
    civilians=st.none() | st.integers(0, 5),
    injured=st.none() | st.integers(0, 300),
    total=st.booleans(),
    count=st.integers(1, 4),
    denied=st.booleans(),
    manner=st.integers(0, 2**60),
    rewritten=st.booleans(),
    cites=st.sampled_from(["", "Atlas"]),
    right=st.none() | st.integers(0, 9),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(items, min_size=1, max_size=4, unique_by=lambda item: item.key), st.sampled_from(["en", "ar"])
)
def test_whatever_is_told_is_told_once_in_order_and_without_a_trace_of_the_frames(
    given_items: list[Item], language: str
) -> None:
    page = article(given_items, DESKS[language], PUBLISHED)
    assert {each.key for each in page.told} == {item.key for item in given_items}
    assert not set("{}[]|") & set(page.text + page.title)
    ends = [0, *(each.end for each in page.told)]
    assert all(each.start >= end for each, end in zip(page.told, ends, strict=False))
    assert all(text.strip() for text in told(page))
    assert "  " not in page.text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_slot_of_the_frames_is_one_that_is_filled(language: str) -> None:
    known = {
        "place",
        "admin1",
        "mark",
        "place_obj",
        "when",
        "when_said",
        "count",
        "many",
        "old",
        "year",
        "where",
    }
    known |= {"actor", "target", "target_pos", "n", "m", "n_subject", "m_subject", "killed", "killed_subject"}
    known |= {"were", "mwere", "harm", "voice", "body", "agency", "town", "date", "same", "wrong", "right"}
    assert needs(language) <= known
    assert set(KINDS) <= set(phrases(language).frames)


def test_the_sentence_says_the_place_and_the_number() -> None:
    for manner in range(40):
        text = sentence(an_item(manner=manner), phrases("en"), PUBLISHED, 1)
        assert "Kafr Qasila" in text
        assert "17" in text
        assert text.endswith(".")


def test_what_is_not_said_is_not_written() -> None:
    for manner in range(40):
        text = sentence(
            an_item(manner=manner, actor="", killed=None, injured=None), phrases("en"), PUBLISHED, 1
        )
        assert "Free North" not in text
        assert "kill" not in text


def test_a_copy_reads_like_what_it_copies_and_another_story_does_not() -> None:
    wire = sentence(an_item(manner=5), phrases("en"), PUBLISHED, 1)
    assert sentence(an_item(key="c-9", manner=5), phrases("en"), PUBLISHED, 1) == wire
    slip = sentence(an_item(key="c-9", manner=5, killed=71), phrases("en"), PUBLISHED, 1)
    assert slip == wire.replace("17", "71")
    others = {sentence(an_item(manner=manner), phrases("en"), PUBLISHED, 1) for manner in range(30)}
    assert len(others) > 20


def test_a_rewritten_copy_cites_its_source() -> None:
    text = sentence(an_item(manner=5, rewritten=True, cites="The Atlas"), phrases("en"), PUBLISHED, 1)
    assert "he Atlas" in text


def test_a_denial_is_told_as_one() -> None:
    page = article([an_item(denied=True)], DESKS["en"], PUBLISHED)
    assert [each.denied for each in page.told] == [True]
    assert any(
        word in page.text for word in ("den", "reject", "dismiss", "did not", "have not", "no ", "none")
    )


def test_a_correction_gives_both_numbers_and_a_right_number_none() -> None:
    page = article([an_item(killed=17, right=12)], DESKS["en"], PUBLISHED)
    assert "12" in told(page)[-1]
    assert "17" in told(page)[-1]
    assert len(article([an_item(killed=17, right=17)], DESKS["en"], PUBLISHED).told) == len(page.told) - 1


@given(st.integers(0, 3), st.sampled_from(["hour", "day"]), st.integers(0, 2**32))
def test_a_day_is_named_so_that_it_can_be_found_again(days: int, precision: str, seed: int) -> None:
    start = PUBLISHED - timedelta(days=days)
    text = when(start, precision, PUBLISHED, "en", Chance(np.random.default_rng(seed)))
    weekday = start.strftime("%A")
    assert weekday in text or (days == 0 and "today" in text) or (days == 1 and "yesterday" in text)


def test_numbers_are_written_as_newspapers_do() -> None:
    assert [number(n) for n in (1, 12, 13, 1200)] == ["one", "twelve", "13", "1,200"]
    chance = Chance(np.random.default_rng(1))
    assert people(2, "people", "ar", chance, subject=True) == "شخصان"
    assert people(2, "people", "ar", chance) == "شخصين"
    assert people(11, "civilians", "ar", chance) == "11 مدنياً"


def test_choices_and_slots() -> None:
    chance = Chance(np.random.default_rng(1))
    assert {chosen("[a|[b|c]] d", chance) for _ in range(50)} == {"a d", "b d", "c d"}
    assert filled("{End} is {how}, .", {"end": "the end", "how": "near"}) == "The end is near."
    assert one_of(["{missing}"], {}, chance) is None

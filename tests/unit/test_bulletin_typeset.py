"""How values read on a page: times as vague as they are, ranges that do not feign, names of the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from builders import FIRST, ZONE, a_claim, a_determination, a_material, a_member, an_incident, at
from holdfire.digests import short
from holdfire.publishing.pages.lexicon import lexicon
from holdfire.publishing.pages.typeset import Typesetter
from holdfire.publishing.site import publish
from holdfire.publishing.values import Anchor, Between, Code, Name, Said, Several, Text, Verbatim


@pytest.fixture
def english() -> Typesetter:
    return Typesetter(lexicon("en"), ZONE, "../", "../../", frozenset(["d-known"]))


def test_a_local_day_reads_as_a_day_and_a_span_as_days(english: Typesetter) -> None:
    assert english.between(at(FIRST), at(FIRST + timedelta(days=1))) == "2 May 2031"
    assert english.between(at(FIRST), at(FIRST + timedelta(days=7))) == "2 to 8 May 2031"


def test_a_day_on_which_clocks_go_forward_at_midnight_is_still_a_day(english: Typesetter) -> None:
    """In Damascus 25 March 2016 begins at 01:00, which is 22:00 UTC on the 24th."""
    start = datetime(2016, 3, 24, 22, tzinfo=UTC)
    assert english.between(start, start + timedelta(hours=23)) == "25 March 2016"
    assert english.between(start - timedelta(hours=24), start) == "24 March 2016"


def test_one_o_clock_of_another_day_is_no_midnight(english: Typesetter) -> None:
    start = at(FIRST, 1)
    assert (
        english.between(start, at(FIRST + timedelta(days=1), 1)) == "2 May 2031, 01:00 to 3 May 2031, 01:00"
    )


def test_open_ends_and_instants_read_so(english: Typesetter) -> None:
    assert english.between(None, None) == "not known"
    assert english.between(at(FIRST), None) == "from 2 May 2031"
    assert english.between(None, at(FIRST)) == "until 1 May 2031"
    assert english.between(at(FIRST, 4), at(FIRST, 4)) == "2 May 2031, 04:00"


@pytest.mark.parametrize(
    ("range_", "words"),
    [
        ((3, 4, 5), "3 to 5, best 4"),
        ((3, 3, 5), "3 to 5"),
        ((3, None, 5), "3 to 5"),
        ((3, 3, 3), "3"),
        ((3, None, None), "at least 3"),
        ((3, 4, None), "at least 3, best 4"),
        ((None, None, None), "not known"),
        ((0, 0, 0), "0"),
    ],
)
def test_a_range_says_what_is_known_and_no_more(
    english: Typesetter, range_: tuple[int | None, int | None, int | None], words: str
) -> None:
    assert english.range_words(*range_) == words


def test_what_is_not_markup_is_escaped_wherever_it_stands(english: Typesetter) -> None:
    bad = "<b>&"
    for value in (
        bad,
        Verbatim(bad),
        Text({"en": bad}),
        Code("act", bad),
        Name("actor", bad, {"en": bad}, {"en": bad}),
        Several((bad,)),
        Anchor("#x", bad),
        Said("case_change", {"change": bad}),
    ):
        assert "<b>" not in english.show(value)


def test_words_of_another_language_are_marked_as_such() -> None:
    arabic = Typesetter(lexicon("ar"), ZONE, "", "", frozenset())
    assert arabic.show(Text({"en": "Alpha"})) == '<bdi lang="en">Alpha</bdi>'
    assert arabic.show(Text({"en": "Alpha", "ar": "ألفا"})) == "<bdi>ألفا</bdi>"


def test_a_determination_without_a_page_is_no_link(english: Typesetter) -> None:
    assert "href" in english.determination("d-known")
    assert "href" not in english.determination("d-other")


def test_nothing_said_is_a_dash_and_not_a_blank(english: Typesetter) -> None:
    assert "–" in english.show(None)
    assert english.show(Between(None, None)) == "not known"


@pytest.mark.parametrize(("days", "name"), [(0, "Hill Raiders"), (20, "Hill Front")])
def test_a_group_is_named_as_it_was_called_on_the_day(days: int, name: str) -> None:
    day = FIRST + timedelta(days=days)
    material = a_material(
        [a_claim(1, day=day, actors=["raiders"])],
        [an_incident(1, day=day, actors=["raiders"])],
        [a_determination(1, attribution=["raiders"])],
        [a_member(1)],
        first=day,
        last=day,
    )
    page = dict(publish(material))[f"determinations/{short('d', '1')}.html"].decode()
    assert f"<bdi>{name}</bdi>" in page
    assert "outside groups" in page

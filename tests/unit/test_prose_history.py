"""One sentence's act and its harm are one claim; history beside news is background; aircraft are no actor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from holdfire.reading import prose
from holdfire.tables import rows
from prosing import Row, context, report


def _told(text: str, published: str = "2031-06-30", language: str = "en") -> list[Row]:
    """Return the claims of attacks that a text tells as its own."""
    held = replace(report(text, published), language=language)
    found = [
        row for row in rows(prose.read(text, held, context())) if row["event_type"].startswith("attack.")
    ]
    return [row for row in found if row["kind"] != "presupposed"]


@pytest.mark.parametrize(
    ("text", "kind", "killed"),
    [
        ("Marrow came under air attack on Sunday, killing 3 and wounding ten people.", "attack.airstrike", 3),
        (
            "Jets bombed Marrow on Sunday; four people were killed and four people injured.",
            "attack.airstrike",
            4,
        ),
        ("Residents of Marrow reported air strikes on Sunday, killing three people.", "attack.airstrike", 3),
        (
            "Witnesses reported that jets struck Marrow on Sunday; two people were killed.",
            "attack.airstrike",
            2,
        ),
        (
            "Jets bombed Marrow on Sunday; one person was killed, according to residents.",
            "attack.airstrike",
            1,
        ),
    ],
)
def test_an_act_and_its_harm_are_one_claim(text: str, kind: str, killed: int) -> None:
    (claim,) = _told(text)
    assert (claim["event_type"], claim["killed_low"]) == (kind, killed)


@pytest.mark.parametrize(
    "text",
    [
        "Jets bombed Marrow on Sunday; four people were killed in Tarn on Monday.",
        "Jets bombed Marrow on Sunday. The River Brigade killed four people in Tarn.",
    ],
)
def test_harm_of_another_day_place_or_doer_stays_a_claim_of_its_own(text: str) -> None:
    assert len(_told(text)) == 2


def test_those_who_report_air_strikes_flew_none() -> None:
    (claim,) = _told("Residents of Marrow reported air strikes on Sunday, killing three people.")
    assert not claim["actors"]


NEWS = "The Northern Army shelled Marrow on Sunday, killing two people. "


@pytest.mark.parametrize(
    "history",
    [
        "A similar strike on the town killed 40 people in 2029.",
        "In 2028, 20 people died when a market in Tarn was bombed.",
        "The army bombed Tarn in March 2029, killing 40 people.",
    ],
)
def test_history_beside_news_is_background(history: str) -> None:
    (claim,) = _told(NEWS + history)
    assert claim["start"].date() >= date(2031, 6, 28)


def test_what_a_text_is_about_stands_though_it_is_years_ago() -> None:
    text = (
        "The Northern Army shelled Marrow on 3 March 2029, killing two people. "
        "The River Brigade attacked Tarn on 5 March 2029, killing three people."
    )
    assert len(_told(text)) == 2


def test_news_of_this_year_is_no_background() -> None:
    assert len(_told(NEWS + "The army bombed Tarn in March 2031, killing 40 people.")) == 2


def test_without_a_day_of_publication_nothing_is_history() -> None:
    assert len(_told("Jets bombed Marrow on 3 May 2031. Jets bombed Tarn in 2029.", published="")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "استهدف الطيران الحربي مديصة يوم الجمعة، ما أسفر عن مقتل 7 أشخاص وإصابة 24 شخصاً.",
        "قصف الطيران الحربي مديصة يوم الجمعة، ما أدى إلى مقتل 7 أشخاص.",
    ],
)
def test_arabic_warplanes_are_a_strike_from_the_air_and_its_harm_by_no_one(text: str) -> None:
    (claim,) = _told(text, language="ar")
    assert (claim["event_type"], claim["killed_low"], claim["actors"]) == ("attack.airstrike", 7, None)


def test_arabic_shelling_that_strikes_is_one_shelling() -> None:
    (claim,) = _told("استهدف قصف مدفعي منازل في مديصة يوم الجمعة، ما أدى إلى مقتل 3 أشخاص.", language="ar")
    assert (claim["event_type"], claim["killed_low"]) == ("attack.shelling", 3)


def test_arabic_dead_since_the_war_began_are_a_toll() -> None:
    text = "قُتل أكثر من 43 ألف شخص منذ اندلاع القتال."
    assert not _told(text, language="ar")
    found = rows(prose.read(text, replace(report(text), language="ar"), context()))
    assert [row["cumulative"] for row in found if row["event_type"] == "toll.deaths"] == [True]

"""A capital that stands for its government is no place; a capital where something happens is one."""

from __future__ import annotations

import pytest

from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.places.toponyms import places, survey
from holdfire.reading.prose.words.tokens import sentences
from prosing import context

GOVERNMENTS = (
    "Washington eyes joint strikes with its allies.",
    "Moscow has long insisted that the truce holds.",
    "Talks between Damascus and Ankara collapsed on Monday.",
    "Tehran denied the report.",
    "Ankara warned that it would answer any attack.",
    "The offer was sent to Moscow last week.",
    "Relations with Damascus have improved since spring.",
    "Paris and London called for an inquiry.",
    "Pressure on Tehran is growing.",
    "Baghdad's foreign minister rejected the plan.",
    "Kiev accused Moscow of breaking the ceasefire.",
    "Riyadh backs the rebels with money.",
    "Sanctions against Damascus were extended.",
    "A deal between Washington and Moscow took effect.",
    "Beijing urged both sides to stop.",
    "Amman refused to open the crossing.",
    "Doha is mediating between the parties.",
    "The message from Washington was clear.",
    "Damascus would not accept the terms.",
    "Cairo hopes to host another round.",
    "The group is loyal to Tehran.",
    "Berlin pledged more aid.",
    "Moscow bombed the town, the ministry said.",
    "Ties between Beirut and Damascus remain cold.",
    "Washington said it had no evidence.",
    "The militia takes orders from Tehran.",
    "Moscow's proposal was welcomed.",
    "Warnings from Ankara were ignored.",
    "Kyiv and Moscow agreed to exchange prisoners.",
    "Support from Riyadh dried up.",
)
PLACES = (
    "A blast in Damascus killed two people.",
    "Rockets hit Damascus overnight.",
    "Damascus was shelled on Friday.",
    "Clashes broke out near Tripoli.",
    "Gunmen stormed a hotel in Kabul.",
    "Drones struck Moscow before dawn.",
    "An explosion rocked Beirut.",
    "Fighters entered Tripoli from the south.",
    "Baghdad's streets were empty after the bombing.",
    "A car bomb exploded in central Baghdad.",
    "Shells fell on Damascus.",
    "Residents fled Khartoum.",
    "The convoy left Damascus at noon.",
    "A missile fell south of Riyadh.",
    "Warplanes bombed Sanaa on Saturday.",
    "Sanaa was bombed again on Sunday.",
    "Troops surrounded Mogadishu.",
    "The road to Damascus was cut by shelling.",
    "Shelling hit the outskirts of Damascus.",
    "Mortars landed in the old city of Damascus.",
    "A sniper killed a man in eastern Kyiv.",
    "Kyiv was hit by missiles.",
    "Tripoli fell after a week of fighting.",
    "Two people were killed inside Tehran.",
    "The army shelled Damascus suburbs.",
    "Protesters were shot in Khartoum.",
    "Bombs exploded across Baghdad.",
    "A roadside bomb went off outside Mogadishu.",
    "Aircraft attacked Khartoum airport.",
    "Rebels captured Bangui in March.",
)


def located(text: str) -> list[str]:
    cast = Cast(context(), "2031-03-06")
    read = list(sentences(text, 0, len(text), 0, "body"))
    survey(cast, read)
    return [where.text for s in read for where in places(s, cast) if where.lat is not None]


@pytest.mark.parametrize("text", GOVERNMENTS)
def test_a_government_is_no_place(text: str) -> None:
    assert located(text) == []


@pytest.mark.parametrize("text", PLACES)
def test_a_capital_where_something_happens_is_a_place(text: str) -> None:
    assert len(located(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Jordan said the border was closed.",
        "Paris Hilton spoke to reporters.",
        "Homs Liwa denied it.",
        "The Aleppo Media Center published a video.",
        "Michael Jordan arrived.",
        "The Damascus-based group said so.",
        "Mr Lincoln Jackson resigned.",
        "The Paris Agreement was signed.",
        "The Washington Post reported it.",
        "Marburg virus was found.",
    ],
)
def test_people_and_organisations_called_like_places_are_none(text: str) -> None:
    assert located(text) == []

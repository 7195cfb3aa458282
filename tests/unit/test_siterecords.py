"""What officers enter of a site: everything wrong is said at once, and nothing that was entered is said."""

from __future__ import annotations

import traceback

import pytest

from holdfire.errors import BadInput
from holdfire.sheltering import siterecords
from sheltered import CATEGORY, NAME, NOW, OWNER, partition, position, said

LAND = partition()
TODAY = NOW.date()


def refused(**given: str) -> str:
    """Return what is said of a site that is refused, with the traceback."""
    entered = {"name": NAME, "category": CATEGORY, "owner": OWNER} | said(LAND) | given
    with pytest.raises(BadInput) as raised:
        siterecords.site(entered, LAND, 250, TODAY)
    shown = str(raised.value) + "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    values = [
        each for name, each in entered.items() if len(each) > 5 and name not in ("from", "until", "observed")
    ]
    assert not [each for each in values if each in shown], "what was entered is told"
    return str(raised.value)


def swapped() -> dict[str, str]:
    at = position(LAND)
    return {"longitude": at["latitude"], "latitude": at["longitude"]}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (swapped(), "the other way round it lies inside"),
        ({"longitude": "36.12", "latitude": "34.99"}, "fewer than 4 decimals"),
        ({"longitude": "-120.123456"}, "lies outside partition MADE"),
        ({"latitude": "91.123456"}, "latitude is out of range"),
        ({"longitude": "0.00000", "latitude": "0.00000"}, "0, 0 stands for a position not known"),
        ({"longitude": "36° 12' 13\""}, "longitude is no decimal number"),
        ({"observed": "2031-02-30"}, "observed is no day"),
        ({"observed": "2031-09-30"}, "observed lies in the future"),
        ({"from": "2031-06-01"}, "has a first day and a first day after"),
        ({"from": "2031-06-01", "until": "2031-06-05"}, "shorter than 28 days"),
        ({"from": "2031-04-01", "until": "2031-06-05"}, "the window has begun"),
    ],
)
def test_what_is_wrong_is_said_and_not_what_was_entered(given: dict[str, str], words: str) -> None:
    assert words in refused(**given)


def test_all_is_said_at_once() -> None:
    shown = refused(longitude="36.1", latitude="ninety degrees", observed="yesterday", **{"from": "tomorrow"})
    for words in (
        "longitude has fewer",
        "latitude is no decimal",
        "observed is no day",
        "from is no day",
        "4 problems",
    ):
        assert words in shown or words == "4 problems"


def test_a_tolerance_above_the_margin_is_refused() -> None:
    with pytest.raises(BadInput, match="zones have a margin of 1,000 m"):
        siterecords.site({"name": NAME} | said(LAND), LAND, 1500, TODAY)


def test_fields_are_named_and_never_their_values() -> None:
    text = f"# a note\nname: {NAME}\n36.123456: 35.123456\nname: again {NAME}\nno field at {CATEGORY}\n"
    with pytest.raises(BadInput) as raised:
        siterecords.fields(text, siterecords.SITE, ("name", "longitude"))
    shown = str(raised.value)
    assert "line 3" in shown
    assert "name stands twice" in shown
    assert "longitude is left out" in shown
    assert not [each for each in ("36.1", "35.1", NAME, CATEGORY) if each in shown]


def test_digits_of_other_scripts_and_commas_are_read() -> None:
    at = position(LAND)
    arabic = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
    given = {"name": NAME} | said(LAND)
    read = siterecords.site(given | {"longitude": at["longitude"].translate(arabic)}, LAND, 250, TODAY)
    assert read["fix"]["lon"] == at["longitude"]
    assert siterecords.site(given | {"latitude": at["latitude"].replace(".", ",")}, LAND, 250, TODAY) == (
        siterecords.site(given, LAND, 250, TODAY)
    )

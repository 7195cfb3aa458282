"""What must not leave does not leave: names, positions, sites, formulas. All names are invented."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_claim, a_determination, a_material, a_member, an_incident
from holdfire.publishing.exports import table
from holdfire.publishing.material import Quote
from holdfire.publishing.redaction import OPEN, Redactor, cell, coarse, spelled
from holdfire.publishing.site import publish

PLANTED = ("Zorvan", "Qelmir", "Testabad", "Ystred", "Okhvan")
"""Parts of names that no one bears and no word of ours contains."""


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(["Alpha", "Beta", "Northern Army", "Valley Paper", "Deir Alpha"], ["shells", "strikes"])


@pytest.mark.parametrize(
    "text",
    [
        "Zorvan Qelmir was killed in Alpha.",
        "Among the dead was Zorvan al-Qelmir, 12.",
        "killed Dr. Zorvan bin Qelmir and two others",
        "The shell killed Zorvan.",
        "Zorvan died of his wounds.",
        "ZORVAN QELMIR was buried on Friday",
        "killed: Zorvan-Qelmir; wounded: Ystred",
        "the body of Umm Zorvan",
        "fighters killed O'Zorvan and Al-Qelmir",
        "Killed in Alpha Zorvan",
        "Shells killed Żorvan Qelmir",
    ],
)
def test_a_name_in_words_about_deaths_is_withheld(redactor: Redactor, text: str) -> None:
    shown = redactor.quote(text, of_deaths=False)
    assert not any(part.lower() in shown.text.lower() for part in (*PLANTED, "Żorvan"))
    assert dict(shown.withheld)["name"] >= 1


@pytest.mark.parametrize(
    "text",
    [
        "On Friday the Northern Army killed five people in Deir Alpha.",
        "Strikes killed three civilians, the Valley Paper said on 3 March 2031.",
        "Shells killed four in Beta, Alpha province, on Tuesday",
    ],
)
def test_known_names_days_and_common_words_stay(redactor: Redactor, text: str) -> None:
    assert redactor.quote(text, of_deaths=True).text == text


def test_words_that_speak_of_no_death_keep_their_names(redactor: Redactor) -> None:
    text = "Minister Zorvan Qelmir said that talks go on."
    assert redactor.quote(text, of_deaths=False).text == text


def test_two_bare_places_side_by_side_may_be_a_name(redactor: Redactor) -> None:
    assert OPEN in redactor.quote("killed Alpha Beta", of_deaths=True).text


def test_a_given_name_is_withheld_even_if_a_village_bears_it() -> None:
    redactor = Redactor(["Hassan"], [])
    assert OPEN in redactor.quote("the shell killed Hassan", of_deaths=True).text


def test_a_quote_without_capitals_is_withheld_whole(redactor: Redactor) -> None:
    shown = redactor.quote("قتل فلان بن فلان في القصف", of_deaths=False)
    assert shown.withheld == (("quote", 1),)
    assert spelled(shown.text) == "[withheld: quote]"


def test_arabic_words_that_speak_of_no_death_stay(redactor: Redactor) -> None:
    text = "قالت الوزارة إن المحادثات مستمرة"
    assert redactor.quote(text, of_deaths=False).text == text
    assert redactor.quote(text, of_deaths=True).withheld == (("quote", 1),)


@pytest.mark.parametrize("text", ["در حمله کشته شد", "死亡三人", "שלושה נהרגו", "the shell killed زورفان"])
def test_a_script_we_cannot_judge_is_withheld(redactor: Redactor, text: str) -> None:
    assert redactor.quote(text, of_deaths=False).withheld == (("quote", 1),)


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("at 33.5138, 36.2765 near the hill", "33.5138"),
        ("33°30'45\"N 36°17'E", "33°"),
        ("fired on a bearing of 240 degrees", "240"),
        ("azimuth: 3200 mils", "3200"),
        ("grid 36SYC 12345 67890", "12345"),
        ("the launch site behind the school", "school"),
        ("launch points: the north ridge", "ridge"),
        ("latitude 33.51", "33.51"),
    ],
)
def test_positions_bearings_and_launch_points_are_withheld(redactor: Redactor, text: str, leak: str) -> None:
    shown = redactor.quote(text, of_deaths=False)
    assert leak not in shown.text
    assert dict(shown.withheld)["position"] >= 1


def test_a_temperature_or_a_date_is_no_position(redactor: Redactor) -> None:
    text = "it was 40 degrees Celsius on 3.5.2031, 12.50 in all"
    assert redactor.quote(text, of_deaths=False).text == text


def test_a_place_that_names_a_site_is_given_as_its_area(redactor: Redactor) -> None:
    assert spelled(redactor.place("Green hospital", "Alpha").text) == "[withheld: site], Alpha"
    assert redactor.place("Deir Alpha", "Alpha").text == "Deir Alpha"


def test_fields_of_a_record_lose_names_and_coordinates(redactor: Redactor) -> None:
    row = {
        "": "2",
        "latitude": "33.5138",
        "geom_wkt": "POINT (36.2765 33.5138)",
        "notes": "Zorvan Qelmir was killed",
        "where_coordinates": "Testville town",
        "best": "4",
    }
    kept, withheld = redactor.fields(row)
    assert set(kept) == {"notes", "where_coordinates", "best"}
    assert kept["where_coordinates"] == "Testville town"
    assert "Zorvan" not in kept["notes"]
    assert dict(withheld) == {"name": 1, "field": 4}


def test_an_undescribed_actor_of_prose_is_not_named(redactor: Redactor) -> None:
    assert redactor.actor("~zorvan-qelmir") == f"{OPEN}name\ue001"
    assert redactor.actor("~northern-army") == "northern army"


def test_marks_cannot_be_forged(redactor: Redactor) -> None:
    shown = redactor.quote("talks \ue000name\ue001 go on", of_deaths=False)
    assert shown.text == "talks name go on"
    assert shown.withheld == ()


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(1, 500_000), st.sampled_from([1, 5, 10, 25, 100]))
def test_published_coordinates_hold_the_disc_and_are_never_finer(
    lat: float, lon: float, radius: float, grid: int
) -> None:
    shown_lat, shown_lon, reach = coarse(lat, lon, radius, grid)
    for text in (shown_lat, shown_lon):
        assert round(float(text) * 100) % grid == 0
        assert len(text.partition(".")[2]) <= 2
    off = math.hypot(
        (float(shown_lat) - lat) * 111_195, (float(shown_lon) - lon) * 111_195 * math.cos(math.radians(lat))
    )
    assert reach >= radius
    assert reach >= off + radius - 1


def test_moving_a_point_inside_its_cell_changes_nothing() -> None:
    assert coarse(33.5138, 36.2765, 500.0, 10) == coarse(33.5138, 36.2999, 500.0, 10)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1"])
def test_a_formula_is_neutralised(text: str) -> None:
    assert cell(text) == f"'{text}"
    written = table(["a"], [{"a": text}]).decode()
    assert next(iter(csv.DictReader(io.StringIO(written, newline=""))))["a"] == f"'{text}"


def test_a_line_end_of_an_old_kind_does_not_split_a_row() -> None:
    assert cell("a\r=1") == "a =1"


@pytest.mark.parametrize("text", ["-3", "-3.5", "3", "Alpha", "", "a=1"])
def test_plain_values_stay(text: str) -> None:
    assert cell(text) == text


def planted() -> Iterator[tuple[str, bytes]]:
    """Yield a site whose material has planted names in every place a person's name could come from."""
    prose = a_claim(
        1,
        targets=["~zorvan-qelmir"],
        targets_text="Zorvan Qelmir",
        actors=None,
        actors_text="Ystred Okhvan",
        directed=False,
        chain=[{"source": None, "text": "Ystred Okhvan", "span": None, "cues": [], "implicit": False}],
        voice=None,
        place="house of Zorvan Qelmir",
    )
    row = a_claim(2, row=7, targets_text="Okhvan Testabad", targets=None)
    total = a_claim(
        3,
        event_type="toll.deaths",
        quantity=9,
        quantity_bound="exact",
        counting_rule="death",
        killed_low=None,
        killed_best=None,
        killed_high=None,
        actors=["~testabad-ystred"],
        actors_text="Testabad Ystred",
    )
    words = Quote("Zorvan Qelmir, 9, ", "was killed beside Okhvan Testabad", " at 33.5138, 36.2765.")
    fields = {"notes": "Zorvan Qelmir died", "latitude": "33.5138", "where": "Alpha", "": "1"}
    yield from publish(
        a_material(
            [prose, row, total],
            [
                an_incident(
                    1,
                    place=prose["place"],
                    actors=None,
                    actors_text="Ystred Okhvan",
                    targets=["~zorvan-qelmir"],
                    targets_text="Zorvan Qelmir",
                    directed=False,
                ),
                an_incident(2, targets=None, targets_text="Okhvan Testabad"),
            ],
            [a_determination(1, attribution=None), a_determination(2)],
            [a_member(1), a_member(2)],
            quotes={prose["claim_id"]: words, total["claim_id"]: words},
            rows={(row["report"], 7): fields},
        )
    )


def test_no_planted_name_or_position_is_in_any_file_of_the_site() -> None:
    files = dict(planted())
    assert len(files) > 20
    for path, content in files.items():
        if path.startswith("assets/"):
            continue
        text = content.decode().lower()
        for part in (*PLANTED, "33.5138", "36.2765"):
            assert part.lower() not in text, f"{part} is in {path}"


def test_what_was_withheld_is_counted_with_its_reason() -> None:
    files = dict(planted())
    page = files["index.html"].decode()
    assert "name: may be the name of a person" in page
    assert "[name withheld]" in files["determinations/d-43de3a417d75f481.html"].decode()

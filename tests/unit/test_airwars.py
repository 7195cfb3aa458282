"""Airwars: allegations as they stand, with what is not said left unsaid."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfire.errors import BadInput
from holdfire.reading.formats.airwars import Airwars
from holdfire.records.claim import CLAIM
from holdfire.tables import rows, stack
from holdfire.testing import check_format, plain_context
from tabling import airwars, context, day, held, one, read, report, stored

FORM = Airwars()


def test_it_holds_to_the_promises_of_a_format() -> None:
    assert check_format(FORM, "airwars.csv", airwars({}, {"date": ""})).num_rows == 2


def test_a_row_alleges_who_acted_and_not_at_whom() -> None:
    claim = one(FORM, airwars({"belligerent": "Government of North, Hill Brigade, Unknown"}), context())
    assert claim["actors"] == ["north", "~hill brigade", "~unknown"]
    assert (claim["targets"], claim["directed"], claim["root"]) == (None, True, "source:sample")
    assert claim["rules"] == ["airwars.grade.fair"]
    assert one(FORM, airwars({"belligerent": "Unknown"}))["actors"] is None


@pytest.mark.parametrize(
    ("strike", "kind"),
    [
        ("Airstrike", "attack.airstrike"),
        ("Airstrike, Drone Strike", "attack.airstrike"),
        ("Artillery", "attack.shelling"),
        ("Airstrike and/or Artillery", "attack.bombardment"),
        ("Airstrike, Artillery", "attack.bombardment"),
        ("Artillery, Ground operation", "attack.unspecified"),
        ("", "attack.unspecified"),
    ],
)
def test_the_kind_of_attack_is_never_finer_than_what_is_said(strike: str, kind: str) -> None:
    assert one(FORM, airwars({"strike_type": strike}))["event_type"] == kind


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (2, None, None, 2, 5)),
        ({"civ_killed_min": "2", "civ_killed_max": "2"}, (2, None, None, 2, 2)),
        ({"mil_killed_min": "1", "mil_killed_max": "3"}, (3, None, 8, 2, 5)),
        ({"civ_killed_max": "2", "mil_killed_min": "1", "mil_killed_max": "1"}, (3, 3, 3, 2, 2)),
        ({"civ_killed_min": "", "civ_killed_max": ""}, (None, None, None, None, None)),
        ({"evidence_grade": "Discounted"}, (2, None, None, 0, 5)),
    ],
)
def test_silence_on_fighters_is_not_zero(change: dict[str, str], expected: tuple[Any, ...]) -> None:
    claim = one(FORM, airwars(change))
    ends = ("killed_low", "killed_best", "killed_high", "civilians_low", "civilians_high")
    assert tuple(claim[end] for end in ends) == expected


def test_a_placeholder_or_an_empty_date_is_not_said() -> None:
    for written in ("1970-01-01", ""):
        claim = one(FORM, airwars({"date": written}))
        assert (claim["start"], claim["end"], claim["time_precision"]) == (None, None, "unknown")


def test_a_range_spans_its_days_and_one_without_an_end_stays_open() -> None:
    first, last = date(2031, 5, 2), date(2031, 5, 4)
    ranged = {"date_type": "date_range", "date_end": "2031-05-04"}
    claim = one(FORM, airwars(ranged))
    assert (claim["start"], claim["end"], claim["time_precision"]) == (*day(first, last), "range")
    turned = one(FORM, airwars({**ranged, "date": "2031-05-04", "date_end": "2031-05-02"}))
    assert (turned["start"], turned["end"]) == day(first, last)
    assert "airwars.dates_swapped" in turned["rules"]
    assert one(FORM, airwars({"date_type": "date_range"}))["end"] is None


def test_a_night_reaches_into_the_day_after() -> None:
    claim = one(FORM, airwars({"time_local": "during_the_night"}))
    start, end = day(date(2031, 5, 2))
    assert (claim["start"], claim["end"]) == (start, end + timedelta(hours=6))
    assert claim["time_native"] == "date during_the_night"
    assert one(FORM, airwars({"time_local": "19:30:00"}))["end"] == end


@pytest.mark.parametrize(
    ("change", "radius", "precision"),
    [
        ({"geo_precision": "exact_location"}, 500, "point"),
        ({"geo_precision": "exact_location", "coords_coarsened": "1"}, 1500, "point"),
        ({"geo_precision": "city"}, 10_000, "settlement"),
        ({"geo_precision": "province_governorate"}, 120_000, "governorate"),
        ({"geo_precision": ""}, None, "unknown"),
        ({"lat": "", "lon": ""}, None, "unknown"),
        ({"lon": "4239.0"}, None, "unknown"),
    ],
)
def test_a_place_is_as_wide_as_is_said(change: dict[str, str], radius: float | None, precision: str) -> None:
    claim = one(FORM, airwars(change))
    assert (claim["radius"], claim["geo_precision"]) == (radius, precision)
    assert ("airwars.off_the_globe" in claim["rules"]) == ("lon" in change and change["lon"] != "")


def test_unknown_values_are_refused_with_their_rows() -> None:
    with pytest.raises(BadInput) as caught:
        read(
            FORM,
            airwars(
                {"geo_precision": "vilage"},
                {"strike_type": "Airstrke"},
                {"evidence_grade": "Fare"},
                {"time_local": "dusk"},
                {"civ_killed_min": "6"},
                {"lat": ""},
            ),
        )
    assert [p.where for p in caught.value.problems] == [f"table.csv, row {n}" for n in range(1, 7)]
    assert caught.value.problems[0].hint.startswith('"village"?')


def test_exact_places_are_never_shown() -> None:
    (fields,) = FORM.excerpts(held(airwars({})), [1]).values()
    assert not {"lat", "lon"} & set(fields)
    assert fields[""] == "2"


@pytest.mark.shared
def test_every_incident_of_the_archive_is_a_claim(shared_data: Path) -> None:
    source = stored(shared_data / "events/airwars_syria/airwars_syria_incidents.csv.gz")
    claims = stack(CLAIM, list(FORM.claims(report(), source, plain_context("Asia/Damascus"))))
    assert claims.num_rows == 8_114
    assert len(set(claims["claim_id"].to_pylist())) == 8_114
    undated = [claim["row"] for claim in rows(claims) if claim["start"] is None]
    assert len(undated) == 3

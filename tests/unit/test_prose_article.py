"""The article that Holdfire grew from: eight strikes are named, none is a new dated one.

The text is its publisher's and is not here; the test reads it beside the project, and skips where it is
absent.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.folder import Folder
from holdfire.reading import prose
from holdfire.reading.format import Context
from holdfire.records.report import Report
from holdfire.tables import rows
from prosing import Row, makes_incident

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def text(shared_data: Path) -> str:
    return (shared_data / "text" / "washington-eyes-moscow.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def claims(text: str, root: Path) -> list[Row]:
    case = Folder(root / "examples" / "syria-2016")
    context = Context(case.zone, case.names, case.sources, case.gazetteer, Engine(1, 256))
    report = Report(
        id=digest(text.encode()),
        source="press_tv",
        format="text",
        published="2016-06-30",
    )
    return list(rows(prose.read(text, report, context)))


def _of(claims: list[Row], event_type: str) -> list[Row]:
    return [row for row in claims if row["event_type"] == event_type]


def _voices(row: Row) -> list[str]:
    return [link["source"] or link["text"] for link in row["chain"]]


def test_no_strike_makes_an_incident(claims: list[Row]) -> None:
    assert [row["event_type"] for row in claims if makes_incident(row)] == []


def test_the_strikes_are_named_all_the_same(claims: list[Row]) -> None:
    strikes = [
        row for row in claims if row["event_type"].startswith("attack.") or "strikes" in row["event_type"]
    ]
    told = sorted((row["kind"], row["stance"], row["modality"]) for row in strikes)
    assert told == [
        ("attributive", "asserts", "actual"),  # targeted in the Russian air campaign
        ("attributive", "warns", "actual"),  # militants fighting against the government
        ("caption", "asserts", "actual"),
        ("presupposed", "accuses", "actual"),  # concerns about Russia's airstrikes
        ("presupposed", "asserts", "conditional"),  # stop bombing
        ("presupposed", "asserts", "intended"),  # the battle against militants
        ("reported", "demands", "requested"),  # not to carry out airstrikes
        ("reported", "denies", "actual"),  # Russia has denied the US claim
        ("reported", "pledges", "pledged"),  # coordinating bombings
        ("reported", "warns", "intended"),  # refusal to target
    ]


def test_the_offer_was_made_on_a_monday(claims: list[Row]) -> None:
    dated = [row for row in _of(claims, "diplomacy.offer") if row["start"]]
    assert [(row["start"], row["time_precision"]) for row in dated] == [
        (datetime(2016, 6, 26, 21, tzinfo=UTC), "day")
    ]
    assert _voices(dated[0]) == ["press_tv", "washington_post", "an administration official"]
    assert dated[0]["root"] == "source:washington_post"


def test_the_truce_began_on_27_february(claims: list[Row]) -> None:
    (began,) = _of(claims, "ceasefire.enter_into_force")
    assert began["start"] == datetime(2016, 2, 26, 22, tzinfo=UTC)
    assert (began["time_precision"], began["kind"], began["modality"]) == ("day", "narrated", "actual")
    (in_force,) = _of(claims, "ceasefire.in_force")
    assert in_force["start"] is None


def test_the_truce_leaves_out_two_groups(claims: list[Row]) -> None:
    (scope,) = _of(claims, "ceasefire.scope")
    assert (scope["negated"], scope["targets"]) == (True, ["daesh", "nusra"])


def test_it_is_failing_around_aleppo(claims: list[Row]) -> None:
    (failing,) = _of(claims, "ceasefire.breakdown")
    assert (failing["kind"], failing["time_precision"], failing["geo_precision"]) == (
        "narrated",
        "range",
        "near",
    )
    assert failing["place"] == "around Aleppo"
    assert (failing["end"] - failing["start"]).days > 30


def test_the_toll_is_a_lower_bound_of_one_organisation(claims: list[Row]) -> None:
    (toll,) = _of(claims, "toll.deaths")
    assert (toll["quantity"], toll["quantity_bound"], toll["cumulative"]) == (470_000, "lower", True)
    assert (toll["counting_rule"], toll["killed_low"]) == ("death", None)
    assert _voices(toll) == ["press_tv", "scpr"]
    assert toll["start"] == datetime(2011, 2, 28, 22, tzinfo=UTC)
    (stopped,) = _of(claims, "toll.counting_stopped")
    assert stopped["actors"] == ["un"]


def test_the_denial_is_of_what_the_pentagon_said(claims: list[Row]) -> None:
    said, denied = [r for r in _of(claims, "attack.airstrike") if r["stance"] in ("accuses", "denies")]
    assert _voices(said) == ["press_tv", "pentagon", "us"]
    assert _voices(denied) == ["press_tv", "russia"]
    assert said["actors"] == denied["actors"] == ["russia"]
    assert said["start"] is denied["start"] is None


def test_patience_runs_out_on_both_sides(claims: list[Row]) -> None:
    assert [(row["actors"], row["stance"]) for row in _of(claims, "position.patience")] == [
        (["russia"], "warns"),
        (["us"], "warns"),
    ]


def test_labels_name_no_group(claims: list[Row]) -> None:
    for row in claims:
        for actor in [*(row["actors"] or ()), *(row["targets"] or ())]:
            assert "terrorist" not in actor
            assert "takfiri" not in actor
            assert "militant" not in actor


def test_nothing_is_read_from_the_footer(claims: list[Row], text: str) -> None:
    footer = text.index("Press TV’s website")
    assert all(end <= footer for row in claims for _, end in row["spans"])


def test_every_chain_begins_with_the_publisher(claims: list[Row]) -> None:
    assert {row["chain"][0]["source"] for row in claims} == {"press_tv"}

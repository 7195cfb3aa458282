"""A party's claim is rated in words that follow from the axes; what does not fit is left alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from courtesies import claim, determination, report
from holdfire.publishing.courtesies.claimreview import Record, review, reviews

RECORD = Record(
    publisher="Joint record of the Strip",
    fingerprint=f"{9:064x}",
    published="2031-05-03T12:00Z",
    page="bulletin/determinations/d-0123456789abcdef.html",
    actors={"south": "South", "north": "North", "civilians": "civilians"},
    parties={"north_army": "Army of the North", "south_press": "Office of the South"},
)
DENIES = {"stance": "denies", "voice": "south_press", "actors": ["south"]}


def rating(found: dict[str, Any] | None) -> str:
    assert found is not None
    return str(found["reviewRating"]["alternateName"])


def told(
    part: str = "supports", claimed: dict[str, Any] | None = None, **given: Any
) -> dict[str, Any] | None:
    return review(claim(0, **(claimed or {})), part, determination(**given), "2031-05-02", RECORD)


def test_an_accusation_that_became_a_breach_is_borne_out() -> None:
    found = told()
    assert found is not None
    assert rating(found) == "Borne out"
    assert found["claimReviewed"] == (
        "Army of the North alleges: shelling by South against civilians, Strip, 2 May 2031"
    )
    assert found["itemReviewed"]["author"] == {"@type": "Organization", "name": "Army of the North"}
    assert found["itemReviewed"]["datePublished"] == "2031-05-02"
    assert found["url"] == RECORD.page
    assert "ratingValue" not in found["reviewRating"], "strength of evidence is no scale of truth"


@pytest.mark.parametrize(
    ("given", "accused", "denied"),
    [
        ({}, "Borne out", "Contradicted"),
        ({"verdict": "disputed", "attribution_contested": True}, "Unproven", "Unproven"),
        ({"verdict": "insufficient_evidence", "occurrence": None}, "Unproven", "Unproven"),
        ({"verdict": "refuted", "occurrence": False}, "Refuted", "Borne out"),
        (
            {"verdict": "not_covered", "coverage": "outside_area"},
            "Happened, but the agreement does not cover it",
            "Contradicted",
        ),
        (
            {"verdict": "permitted_conduct", "coverage": "permitted_act"},
            "Happened, but the agreement permits it",
            "Contradicted",
        ),
        ({"verdict": "not_covered", "attribution_strength": "unknown"}, "Unproven", "Unproven"),
        ({"attribution": ["north"]}, "Contradicted as to the author", "Borne out"),
        ({"attribution": ["north", "south"]}, "Unproven", "Unproven"),
        ({"attribution_contested": True}, "Unproven", "Unproven"),
        ({"verdict": "not_covered", "occurrence": None}, "Unproven", "Unproven"),
        ({"event_type": "attack.unspecified"}, "Unproven", "Unproven"),
        ({"event_type": "attack.airstrike"}, "Unproven", "Unproven"),
    ],
)
def test_the_rating_follows_from_the_axes(given: dict[str, Any], accused: str, denied: str) -> None:
    assert rating(told(**given)) == accused
    assert rating(told("denies", DENIES, **given)) == denied


def test_a_claim_that_names_no_author_is_about_the_act_alone() -> None:
    found = told(
        claimed={"actors": None, "stance": "asserts"}, attribution_strength="unknown", verdict="not_covered"
    )
    assert rating(found) == "Happened, but the agreement does not cover it"
    assert found is not None
    assert found["claimReviewed"] == "Army of the North states: shelling against civilians, Strip, 2 May 2031"


def test_a_claim_of_no_kind_is_borne_out_by_any_kind_of_its_family() -> None:
    assert rating(told(claimed={"event_type": "attack.unspecified"})) == "Borne out"
    assert rating(told(claimed={"event_type": "aid.unspecified"})) == "Unproven"


def test_a_claim_against_more_sides_than_the_record_names_is_not_borne_out() -> None:
    assert rating(told(claimed={"actors": ["north", "south"]})) == "Unproven"


def test_two_sides_that_fought_have_no_author() -> None:
    found = told(claimed={"directed": False, "actors": ["north"], "targets": ["south"]}, directed=False)
    assert rating(found) == "Borne out"
    assert found is not None
    assert "between North and South" in found["claimReviewed"]


def test_a_negated_statement_is_a_denial() -> None:
    found = told("denies", {"stance": "asserts", "negated": True, "voice": "south_press"})
    assert rating(found) == "Contradicted"
    assert found is not None
    assert found["claimReviewed"].endswith("that it did not happen")


@pytest.mark.parametrize(
    ("part", "given"),
    [
        ("admits", {"stance": "admits"}),
        ("supports", {"stance": "pledges"}),
        ("supports", {"modality": "intended"}),
        ("pleads", {}),
        ("denies", {"stance": "denies", "negated": True}),
        ("denies", {"stance": "accuses"}),
        ("supports", {"voice": "paper"}),
        ("supports", {"voice": None, "chain": [""]}),
        ("supports", {"voice": None, "source": "paper"}),
        ("supports", {"event_type": None}),
        ("supports", {"start": None}),
        ("supports", {"actors": ["~someone"]}),
    ],
)
def test_what_does_not_fit_is_left_alone(part: str, given: dict[str, Any]) -> None:
    assert told(part, given) is None


def test_a_row_of_a_party_speaks_for_its_publisher() -> None:
    found = told(claimed={"voice": None, "source": "north_army"})
    assert found is not None


def test_a_target_no_one_has_described_is_not_named() -> None:
    found = told(claimed={"targets": ["~Adam Example"]})
    assert "Example" not in json.dumps(found)


def test_all_reviews_of_a_determination_stand_in_one_graph() -> None:
    members = [["c-0000000000000000", "supports"], ["c-0000000000000001", "denies"]]
    entries = [claim(1, **DENIES), claim(0), claim(2)]
    found = reviews(determination(members=members), entries, [report(0), report(1, published="")], RECORD)
    assert found is not None
    assert found["@context"] == "https://schema.org"
    assert [rating(each) for each in found["@graph"]] == ["Borne out", "Contradicted"]
    assert "datePublished" not in found["@graph"][1]["itemReviewed"], "an unknown day is not made up"
    ids = [each["identifier"] for each in found["@graph"]]
    assert len(set(ids)) == 2
    assert reviews(determination(members=[]), entries, [report(0)], RECORD) is None

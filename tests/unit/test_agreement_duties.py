"""A duty is met, not met or unknown: as people decided, else as others without an interest say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pyarrow as pa
import pytest

from builders import AGREEMENT, an_agreement, names
from holdfire.engine import Engine
from holdfire.judging.bound import bound
from holdfire.judging.duties import Owed, Why, owed, touching
from holdfire.publishing.pages.lexicon import LANGUAGES, lexicon
from holdfire.records.decided import ObligationNote

ENGINE = Engine(threads=1, memory=512)
RELEASE = (
    AGREEMENT["terms/aid.yaml"]
    .replace("id: aid", "id: release")
    .replace("[aid.blocked]", "[detention.release_refused]")
    + 'met_by: [detention.release]\ndue: {days: 14, cite: "Art. 7"}\n'
)
DRILL = (
    AGREEMENT["terms/aid.yaml"].replace("id: aid", "id: drill").replace("[aid.blocked]", "[forces.drill]")
    + "met_by: [forces.notice]\nparameters:\n  notice:\n    2031-05-01: {value: 24, cite: A}\n"
    "    2031-06-01: {value: 48, cite: B}\n"
)


def claim(act: str, day: str, source: str = "paper", **more: Any) -> dict[str, Any]:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    name = f"c-{act}-{day}-{source}"
    plain = {
        "claim_id": name,
        "event_type": act,
        "actors": ["north"],
        "start": start,
        "end": start,
        "modality": "actual",
        "negated": False,
        "stance": "asserts",
        "source": source,
    }
    return {**plain, **more}


def told(
    day: str, *claims: dict[str, Any], term: str = "release", notes: tuple[ObligationNote, ...] = ()
) -> Owed:
    agreement = an_agreement(**{"terms/release.yaml": RELEASE, "terms/drill.yaml": DRILL})
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    asked = bound(agreement, names(), [(start, start + timedelta(days=1))], ENGINE, ["north"])
    found = owed(agreement, asked, claims, frozenset({"north-speaks"}), notes)
    return next(each for each in found if each.term == term)


DONE = claim("detention.release", "2031-05-10")
LATE = claim("detention.release", "2031-05-20")
REFUSED = claim("detention.release_refused", "2031-05-20")
OWN = claim("detention.release", "2031-05-10", "north-speaks")


@pytest.mark.parametrize(
    ("day", "claims", "finding", "why"),
    [
        ("2031-05-12", [DONE], "met", "done_by_the_deadline"),
        ("2031-05-30", [DONE], "met", "done_by_the_deadline"),
        ("2031-05-30", [REFUSED], "not_met", "against_by_the_deadline"),
        ("2031-05-30", [DONE, REFUSED], "unknown", "sources_differ"),
        ("2031-05-12", [], "unknown", "not_yet_due"),
        ("2031-05-30", [], "unknown", "no_one_without_an_interest_says"),
        ("2031-05-30", [OWN], "unknown", "no_one_without_an_interest_says"),
        ("2031-05-30", [LATE], "unknown", "no_one_without_an_interest_says"),
        ("2031-05-30", [{**REFUSED, "stance": "denies"}], "unknown", "no_one_without_an_interest_says"),
        ("2031-05-30", [{**DONE, "modality": "pledged"}], "unknown", "no_one_without_an_interest_says"),
    ],
)
def test_a_deadline_is_met_not_met_or_unknown(day: str, claims: list[Any], finding: str, why: str) -> None:
    found = told(day, *claims)
    assert (found.finding, found.why) == (finding, why)


def test_what_people_decided_stands() -> None:
    note = ObligationNote(
        term="release", answer="not_met", starts="2031-05-30", until="2031-05-30", reason={"en": "x"}, by="us"
    )
    assert told("2031-05-30", DONE, notes=(note,)).finding == "not_met"
    assert told("2031-06-02", DONE, notes=(note,)).finding == "met"


def test_what_people_decided_both_ways_is_unknown() -> None:
    notes = tuple(
        ObligationNote(
            term="release",
            answer=answer,
            starts="2031-05-30",
            until="2031-05-30",
            reason={"en": "x"},
            by="us",
        )
        for answer in ("met", "not_met")
    )
    found = told("2031-05-30", DONE, notes=notes)
    assert (found.finding, found.why) == ("unknown", "people_differ")


def test_claims_of_interested_sources_are_shown_and_settle_nothing() -> None:
    found = told("2031-05-30", DONE, OWN)
    assert (found.claims_for, found.claims_interested) == ((DONE["claim_id"],), (OWN["claim_id"],))


def test_acts_that_are_announced_are_neither_for_nor_against_a_duty_of_notice() -> None:
    drill, notice = claim("forces.drill", "2031-05-20T12:00"), claim("forces.notice", "2031-05-19T10:00")
    found = told("2031-07-01", drill, notice, term="drill")
    assert (found.claims_for, found.claims_against) == ((notice["claim_id"],), ())


def test_only_claims_of_acts_that_a_duty_names_are_looked_at() -> None:
    agreement = an_agreement(**{"terms/release.yaml": RELEASE})
    acts = ["detention.release", "aid.blocked", "attack.shelling", None, "detention.arrest"]
    table = pa.table({"event_type": pa.array(acts, pa.string())})
    assert touching(agreement, table)["event_type"].to_pylist() == ["detention.release", "aid.blocked"]


def test_every_reason_has_words_in_each_language() -> None:
    for language in LANGUAGES:
        assert set(lexicon(language).codes["duty_why"]) == set(get_args(Why))


@pytest.mark.parametrize(
    ("drill", "notice", "finding"),
    [
        ("2031-05-20T12:00", claim("forces.notice", "2031-05-19T10:00"), "met"),
        ("2031-05-20T12:00", claim("forces.notice", "2031-05-19T14:00"), "unknown"),
        ("2031-06-20T12:00", claim("forces.notice", "2031-06-19T10:00"), "unknown"),
        ("2031-06-20T12:00", claim("forces.notice", "2031-06-18T10:00"), "met"),
        ("2031-06-20T12:00", claim("forces.notice", "2031-06-18T10:00", negated=True), "not_met"),
        ("2031-06-20T12:00", claim("forces.notice", "2031-06-18T10:00", "north-speaks"), "unknown"),
    ],
)
def test_notice_is_as_long_as_the_text_of_that_day_says(drill: str, notice: Any, finding: str) -> None:
    assert told("2031-07-01", claim("forces.drill", drill), notice, term="drill").finding == finding

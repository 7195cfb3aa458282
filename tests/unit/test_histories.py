"""The story of a determination, followed through each turn."""

from __future__ import annotations

import json

import pytest

from holdfire.digests import short
from holdfire.errors import BadInput
from holdfire.ledger.log import Ledger
from holdfire.versions.history import Event, history
from versioning import AT, ENGINE, came, case, ran, went

LATER = "2031-05-11T13:00Z"
FILES = {"hand/links.jsonl": "old"}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Two incidents; one more report of the first; both judged one; a report withdrawn; all withdrawn."""
    opened = Ledger.open(tmp_path_factory.mktemp("history") / "l.sqlite", write=True)
    opened.append([came(1), came(2), case(**FILES)])
    ran(opened, [[1], [2]], 1)
    opened.append([came(3)])
    ran(opened, [[1, 3], [2]], 2, found={"occurrence_strength": "highly_probable"})
    opened.append([case(LATER, **{"hand/links.jsonl": "new"})])
    ran(opened, [[1, 2, 3]], 3, found={"occurrence_strength": "highly_probable"})
    opened.append([went(1, LATER)])
    ran(opened, [[2, 3]], 4)
    opened.append([went(2, LATER), went(3, LATER)])
    ran(opened, [], 5)
    return opened


@pytest.fixture(scope="module")
def story(ledger: Ledger) -> list[Event]:
    return history(ledger, ENGINE, short("d", "1"))


def test_it_begins_with_the_first_report_and_ends_with_a_tombstone(story: list[Event]) -> None:
    assert [each.kind for each in story][:3] == ["received", "first", "first"]
    assert story[-1].kind == "ended"
    assert "stays in the log" in story[-1].text
    assert [each.facts["number"] for each in story if each.kind in ("version", "ended")] == [2, 2, 3, 4, 5]


def test_incidents_that_became_one_are_both_followed(story: list[Event], ledger: Ledger) -> None:
    merged = next(each for each in story if each.facts.get("number") == 3)
    assert {each["id"] for each in merged.facts["supersedes"]} == {short("d", "3"), short("d", "2")}
    assert "one incident now" in merged.text
    other = history(ledger, ENGINE, short("d", "2"))
    assert [each.text for each in other] == [each.text for each in story], "either id tells the same story"


def test_a_withdrawn_report_is_named_with_what_stands_without_it(story: list[Event]) -> None:
    without = next(each for each in story if each.facts.get("number") == 4)
    assert "its source withdrew it" in without.text
    assert "It leaned on 1 claim of a report of paper" in without.text
    assert without.facts["supersedes"][0]["said"]["occurrence_strength"] == "highly_probable"
    assert without.facts["said"]["occurrence_strength"] == "probable"
    assert "was highly probable, is probable" in without.text


def test_every_entry_it_names_can_be_read(story: list[Event], ledger: Ledger) -> None:
    for each in story:
        for old in each.facts.get("supersedes", ()):
            entry = ledger.entry(old["entry"])
            assert entry.value["determination_id"] == old["id"]
            assert entry.value["verdict"] == old["said"]["verdict"]
    assert json.dumps([each.json for each in story])
    assert story[0].at == AT


def test_an_incident_is_known_by_its_id_too(story: list[Event], ledger: Ledger) -> None:
    assert history(ledger, ENGINE, short("i", "1")) == story
    assert history(ledger, ENGINE, short("i", "1")[:9]) == story


@pytest.mark.parametrize("name", ["d-0000", "d-", "' OR 1=1 --"])
def test_a_name_of_none_or_of_several_is_refused(ledger: Ledger, name: str) -> None:
    with pytest.raises(BadInput, match="called"):
        history(ledger, ENGINE, name)

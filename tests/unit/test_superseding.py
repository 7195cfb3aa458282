"""A version says why: one thing of what a determination rested on is changed at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from holdfire.digests import digest, short
from holdfire.ledger.log import Ledger
from holdfire.versions.written import Version, versions
from versioning import ENGINE, came, case, grade, ran, report, went

LATER = "2031-05-10T13:00Z"
FILES = {"agreement/terms/no-fire.yaml": "old", "hand/claims.jsonl": "old", "hand/replies.yaml": "old"}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A log of two reports, of one incident each, and a run."""
    opened = Ledger.open(tmp_path / "l.sqlite", write=True)
    opened.append([came(1), came(2), case(**FILES), grade("paper", "C")])
    ran(opened, [[1], [2]], 1)
    return opened


def why(ledger: Ledger) -> list[tuple[str, ...]]:
    return [each.why for each in versions(ledger, ENGINE)]


def written(ledger: Ledger, **changed: str) -> None:
    files = {
        **FILES,
        **{name.replace("__", "/").replace("_DOT_", "."): text for name, text in changed.items()},
    }
    ledger.append([case(LATER, **files)])


def test_a_first_version_needs_no_entry(ledger: Ledger) -> None:
    assert not versions(ledger, ENGINE)
    assert ledger.entry(ledger.size - 1).value["counts"]["versions"] == 0


def test_a_report_that_came(ledger: Ledger) -> None:
    ledger.append([came(3)])
    ran(ledger, [[1, 3], [2]], 2)
    (found,) = versions(ledger, ENGINE)
    assert found.why == ("report_came",)
    assert ledger.entry(found.entries[0]).value["report"] == report(3)
    assert found.number == 2


def test_a_report_that_was_withdrawn_leaves_a_tombstone(ledger: Ledger) -> None:
    ledger.append([went(2)])
    ran(ledger, [[1]], 2)
    (found,) = versions(ledger, ENGINE)
    assert (found.why, found.entry, found.number) == (("report_withdrawn",), "", 2)
    assert found.of == short("d", "2")
    there = ledger.find(found.supersedes[0][1])
    assert there
    assert there.value["verdict"] == "breach", "nothing vanishes"


def test_what_stands_again_says_so_and_is_numbered_on(ledger: Ledger) -> None:
    ledger.append([went(2)])
    ran(ledger, [[1]], 2)
    ledger.append([{**came(2), "received": LATER}])
    ran(ledger, [[1], [2]], 3)
    last = versions(ledger, ENGINE)[-1]
    assert (last.number, last.supersedes, last.why) == (3, (), ("report_came",))
    assert last.entry


def test_incidents_that_became_one_and_parted_again(ledger: Ledger) -> None:
    written(ledger, hand__links_DOT_jsonl="one")
    ran(ledger, [[1, 2]], 2)
    (merged,) = versions(ledger, ENGINE)
    assert {name for name, _ in merged.supersedes} == {short("d", "1"), short("d", "2")}
    assert merged.why == ("judged",)
    ledger.append([case("2031-05-10T14:00Z", **FILES)])
    ran(ledger, [[1], [2]], 3)
    parted = versions(ledger, ENGINE)[1:]
    assert {each.of for each in parted} == {short("d", "1"), short("d", "2")}
    assert {each.number for each in parted} == {3}
    assert {name for each in parted for name, _ in each.supersedes} == {merged.of}


CORRECTED = {1: {"killed_low": 1}}
CASES: list[tuple[str, Callable[[Ledger], Any], dict[str, Any], tuple[str, ...]]] = [
    (
        "a claim",
        lambda log: written(log, hand__claims_DOT_jsonl="new"),
        {"said": CORRECTED, "found": {"change": "other_area"}},
        ("claim_corrected",),
    ),
    (
        "the text",
        lambda log: written(log, **{"agreement/terms/no-fire.yaml": "new"}),
        {"found": {"coverage": "outside_area", "area": False}},
        ("agreement",),
    ),
    (
        "a grade",
        lambda log: log.append([grade("paper", "E")]),
        {"found": {"occurrence_strength": "plausible"}},
        ("graded",),
    ),
    (
        "the method",
        lambda log: None,
        {"method": digest(b"new"), "found": {"verdict": "disputed"}},
        ("method",),
    ),
    (
        "a person's judgement",
        lambda log: written(log, hand__overrules_DOT_yaml="new"),
        {"found": {"occurrence_strength": "plausible"}},
        ("judged",),
    ),
    (
        "the text and the method",
        lambda log: written(log, **{"agreement/terms/no-fire.yaml": "new"}),
        {"method": digest(b"new"), "found": {"coverage": "outside_area"}},
        ("agreement", "method"),
    ),
    (
        "what is written of a report",
        lambda log: log.append([{**came(n), "mapping": "mappings/new.yaml"} for n in (1, 2)]),
        {"said": CORRECTED | {2: {"killed_low": 1}}, "found": {"change": "other_area"}},
        ("settings",),
    ),
    (
        "a name",
        lambda log: written(log, **{"actors.yaml": "new"}),
        {"found": {"perpetrator": None, "coverage": "undetermined"}},
        ("names",),
    ),
]


@pytest.mark.parametrize(("change", "given", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_each_reason_is_told_from_the_others(
    ledger: Ledger, change: Callable[[Ledger], Any], given: dict[str, Any], expected: tuple[str, ...]
) -> None:
    change(ledger)
    ran(ledger, [[1], [2]], 2, **given)
    found = why(ledger)
    assert found
    assert set(found) == {expected}


def test_what_bears_on_no_determination_is_no_reason(ledger: Ledger) -> None:
    """A reply was written, the agreement was changed, and yet only a report came into this one."""
    written(ledger, hand__replies_DOT_yaml="new", **{"agreement/terms/no-fire.yaml": "new"})
    ledger.append([came(3)])
    ran(ledger, [[1, 3], [2]], 2)
    assert why(ledger) == [("report_came",)]


def test_versions_that_no_run_counts_are_no_ones_word(ledger: Ledger) -> None:
    stray = Version(short("d", "1"), 9, "", ((short("d", "1"), "0" * 64),), ("judged",), ())
    ledger.append([stray.value(ledger.size), came(3)])
    ran(ledger, [[1, 3], [2]], 2)
    assert [each.number for each in versions(ledger, ENGINE)] == [2]


def test_nothing_new_makes_no_version(ledger: Ledger) -> None:
    ran(ledger, [[1], [2]], 2)
    assert not versions(ledger, ENGINE)


def test_the_same_run_again_at_the_same_moment_closes_its_versions_too(ledger: Ledger) -> None:
    for _ in range(2):
        ledger.append([went(2, LATER)])
        ran(ledger, [[1]], 7)
        ran(ledger, [[1], [2]], 8)
    assert [each.number for each in versions(ledger, ENGINE)] == [2, 3, 4, 5]

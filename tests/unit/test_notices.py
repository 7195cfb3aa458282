"""A run says which judgements of links are lost, and which source repeats itself though it is said not to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from builders import a_claim
from casemaking import a_case
from holdfire.case import Case
from holdfire.cli import app
from holdfire.doors.notices import told
from holdfire.engine import Engine
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.fuse import fuse
from holdfire.keeping import Summary
from holdfire.ledger.shelf import add_line
from holdfire.records.claim import CLAIM
from holdfire.records.link import Judgement, Linked, Said, row_side
from holdfire.records.source import Repeats
from listing import a_list, add_list, list_case
from tabling import PLAIN

GONE = "0" * 64
DISTINCT = "\n    repeats: distinct"
TWICE = [{}, {}, {"Place": "Hill", "Lat": "47.4"}]
ROW = {
    "Date": "02/05/2031", "Place": "Marrow", "Type": "shelling", "Lat": "47.1", "Lon": "28.9", "Low": "1",
    "Best": "2", "High": "3",
}  # fmt: skip


def a_folder(folder: Path, *changes: dict[str, str], repeats: str = "") -> Path:
    """Return a case with a table of events of the observers, who repeat themselves as said."""
    a_case(folder, {})
    made = io.StringIO()
    writer = csv.DictWriter(made, list(ROW), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**ROW, **each} for each in changes)
    (folder / "inbox" / "a.csv").write_text(made.getvalue(), encoding="utf-8")
    note = "source: observers\nmapping: mappings/claims.yaml\n"
    (folder / "inbox" / "a.csv.about.yaml").write_text(note, encoding="utf-8")
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / "claims.yaml").write_text(PLAIN, encoding="utf-8")
    return said_of(folder, repeats)


def said_of(folder: Path, repeats: str) -> Path:
    """Say how the observers repeat themselves."""
    head = folder / "case.yaml"
    text = head.read_text(encoding="utf-8").replace(DISTINCT, "")
    head.write_text(text.replace("id: observers", f"id: observers{repeats}"), encoding="utf-8")
    return folder


def run(folder: Path) -> tuple[str, Summary]:
    """Return what a run says of what does not fit, and what it came to."""
    summary = Case.open(folder).run().summary
    return "\n".join(told(summary)), summary


def judge(folder: Path, one: str, other: str, said: Said = Said.SAME, kind: Linked = Linked.INCIDENT) -> None:
    low, high = sorted((one, other))
    given = Judgement(at="2031-05-03T10:00Z", by="A", kind=kind, one=low, other=high, said=said)
    add_line(folder / "hand" / "links.jsonl", given.line)


def test_judgements_of_records_that_are_gone_are_counted_until_they_are_taken_back(tmp_path: Path) -> None:
    at = a_folder(tmp_path / "case", {}, {"Place": "Hill"})
    assert run(at)[1].lost == 0
    (report,) = (held.report.id for held in Case.open(at).held())
    judge(at, row_side(report, 1), row_side(report, 2))
    gone = [(row_side(report, 1), row_side(report, 9)), (row_side(GONE, 1), row_side(GONE, 2))]
    kinds = list(Linked)
    for pair, kind in zip(gone, kinds, strict=True):
        judge(at, *pair, kind=kind)
    text, found = run(at)
    assert found.lost == 2, "the first judgement is of records that stand"
    assert "2 judgements in hand/links.jsonl" in text
    assert "`holdfire review links`" in text
    for pair, kind in zip(gone, kinds, strict=True):
        judge(at, *pair, Said.UNSURE, kind)
    text, found = run(at)
    assert (text, found.lost) == ("", 0)


def test_equal_records_of_a_source_said_to_repeat_nothing_are_told_and_what_to_set(tmp_path: Path) -> None:
    at = a_folder(tmp_path / "case", *TWICE, repeats=DISTINCT)
    text, found = run(at)
    assert found.repeated == {"observers": 2}
    assert "observers is said to repeat nothing (`repeats: distinct`), yet 2 of its records" in text
    assert "set `repeats: mostly` or `repeats: repeats` for observers in case.yaml" in text
    text, found = run(said_of(at, ""))
    assert found.repeated == {}, "it may repeat itself"
    assert "is said to repeat nothing" not in text


def alike(other: Mapping[str, Any] = {}, both: Mapping[str, Any] = {}) -> Mapping[str, int]:
    """Return what is found of two claims of a distinct source, equal but for what the other says."""
    one, two = ({"report": str(n) * 64, "seq": 0, **both} for n in range(2))
    claims = [a_claim(0, **one), a_claim(1, **{**two, **other})]
    behaviour = Background(repeats={claims[0]["source"]: Repeats.DISTINCT})
    return fuse(CLAIM.table(claims), behaviour, Engine(2, 256)).repeated


def test_equal_claims_are_told_whichever_report_they_come_in() -> None:
    assert list(alike().values()) == [2]


@pytest.mark.parametrize(
    "other",
    [
        {"start": datetime(2031, 5, 4, tzinfo=UTC), "end": datetime(2031, 5, 5, tzinfo=UTC)},
        {"place": "Hill"},
        {"event_type": "attack.airstrike"},
        {"killed_low": 77, "killed_best": 77, "killed_high": 77},
    ],
    ids=lambda other: next(iter(other)),
)
def test_claims_that_differ_in_one_thing_are_not_equal(other: dict[str, Any]) -> None:
    assert alike(other) == {}


@pytest.mark.parametrize("silent", [("start", "end"), ("place", "lat", "lon")], ids=["when", "where"])
def test_claims_that_do_not_say_when_or_where_are_not_taken_for_equal(silent: tuple[str, ...]) -> None:
    assert alike(both=dict.fromkeys(silent)) == {}


def test_entries_of_a_list_said_to_repeat_nobody_are_told_without_a_name(tmp_path: Path) -> None:
    at = tmp_path / "case"
    nameless = {"Name": "", "Arabic": ""}
    list_case(at, {"l.csv": ("observers", a_list({}, {}, {"Age": "9"}, nameless, nameless))})
    add_list(at, "m.csv", "observers", a_list({}))
    text, found = run(said_of(at, DISTINCT))
    assert found.repeated == {"observers": 2}, "another list may have the same person"
    assert "observers is said to repeat nothing" in text
    assert "Vakeni" not in text
    assert run(said_of(at, ""))[1].repeated == {}


def test_the_command_says_it_to_people_and_to_programs(tmp_path: Path) -> None:
    at = a_folder(tmp_path / "case", *TWICE, repeats=DISTINCT)
    said = CliRunner().invoke(app, ["run", "--case", str(at)], catch_exceptions=False).output
    assert "yet 2 of its records" in said
    judge(at, row_side(GONE, 1), row_side(GONE, 2))
    given = CliRunner().invoke(app, ["run", "--json", "--case", str(at)], catch_exceptions=False).stdout
    assert (json.loads(given)["repeated"], json.loads(given)["lost"]) == ({"observers": 2}, 1)

"""Lists linked as Holdfire is trained to: who is one, what people judged, what is too much, what is left."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from holdfire.case import Case
from holdfire.chaos.canaries import search
from holdfire.explaining import explain_pair
from holdfire.records.link import CERTAIN, Judgement, Linked, Said, row_side
from holdfire.tables import rows
from listing import a_list, list_case, ran_lists

CANARIES = {
    "given": "Zubekalorimatundesh",
    "family": "Grothamparvilkend",
    "in Arabic letters": "زبكلوريمتندش",
    "bones of the given name": "zbklrmtndc",
    "bones of the family name": "grtmbrlknd",
    "letters of the family name": "grothamparvilkend",
}
"""Words that no one bears, and what names are folded to before they are compared."""
BEARING = {
    "Name": f"{CANARIES['given']} Haruni {CANARIES['family']}",
    "Arabic": f"{CANARIES['in Arabic letters']} هاروني",
}
ONE = {"Name": "Tamoru Solmadi Vakeni", "Arabic": ""}
SPELT = {"Name": "Tamor Solmady Vakeny", "Arabic": ""}
OTHER = {
    "Name": "Belisha Korandi Mozenta",
    "Arabic": "",
    "Sex": "f",
    "Age": "3",
    "Born": "",
    "Died": "09/05/2031",
}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    lists = {
        "one.csv": ("mission", a_list(BEARING, ONE, {"Name": "V", "Arabic": ""})),
        "two.csv": ("observers", a_list({**BEARING, "Age": "35"}, SPELT, OTHER)),
    }
    return ran_lists(tmp_path / "case", lists)


def people(case: Case) -> list[list[tuple[str, int]]]:
    """Return the people as sources and rows."""
    tables = [case.readings.deaths(each) for each in case.readings.lists(case.held())]
    at = {row["entry_id"]: (row["source"], row["row"]) for table in tables for row in rows(table)}
    persons = rows(case.found().people.persons)
    return sorted(sorted(at[entry] for entry in person["entries"]) for person in persons)


def judge(case: Case, one: tuple[str, int], other: tuple[str, int], said: Said) -> None:
    reports = {each.report.source: each.report.id for each in case.readings.lists(case.held())}
    sides = sorted(row_side(reports[source], row) for source, row in (one, other))
    line = Judgement(
        at="2031-05-11T08:00Z", by="a", kind=Linked.PERSON, one=sides[0], other=sides[1], said=said
    ).line
    (case.folder.path / "hand").mkdir(exist_ok=True)
    (case.folder.path / "hand" / "links.jsonl").write_text(line, encoding="utf-8")


def test_two_spellings_are_one_person_and_a_name_of_one_letter_stands_alone(case: Case) -> None:
    assert people(case) == [
        [("mission", 1), ("observers", 1)],
        [("mission", 2), ("observers", 2)],
        [("mission", 3)],
        [("observers", 3)],
    ]
    assert case.run(again=True).summary.alone == 1


def test_what_people_judge_is_honoured(case: Case) -> None:
    judge(case, ("mission", 2), ("observers", 2), Said.DIFFERENT)
    again = Case(type(case.folder)(case.folder.path), case.now, case.by, case.random)
    again.run()
    assert [("mission", 2)] in people(again)
    judge(case, ("mission", 3), ("observers", 3), Said.SAME)
    last = Case(type(case.folder)(case.folder.path), case.now, case.by, case.random)
    last.run()
    assert [("mission", 3), ("observers", 3)] in people(last)
    (said,) = [row for row in rows(last.found().people.links) if row["at"]]
    assert (said["confidence"], said["by"]) == (CERTAIN, "a")


def test_no_name_nor_what_is_made_of_it_is_left_lying(case: Case, tmp_path: Path) -> None:
    shutil.rmtree(case.folder.path / "inbox")
    (case.folder.path / "inbox").mkdir()
    case.run(again=True)
    assert search([tmp_path], CANARIES).found == []


def test_a_crowd_of_one_name_and_one_day_is_bounded_work(tmp_path: Path) -> None:
    """As many pairs as 1,500 x 1,500 would be a million; the work is said to be cut short."""
    crowd = a_list(*[{"Age": "", "Born": ""}] * 1500)
    made = list_case(
        tmp_path / "case", {"one.csv": ("mission", crowd), "two.csv": ("observers", crowd + b"\n")}
    )
    summary = made.run().summary
    assert summary.entries == 3000
    assert 1 <= summary.people <= 3000
    assert summary.crowded_entries > 0
    assert made.found().people.links.num_rows < 400_000


def test_two_entries_are_explained_in_bits_and_without_a_name(case: Case) -> None:
    persons = rows(case.found().people.persons)
    pair = next(each["entries"] for each in persons if len(each["entries"]) == 2)
    told = explain_pair(case, pair[0], pair[1][:12])
    assert str(told.facts["held to be"]).startswith("one, person p-")
    assert "bits" in told.facts["any two entries"]
    link = next(
        each for each in rows(case.found().people.links) if [each["one"], each["other"]] == sorted(pair)
    )
    assert f"({link['weight'] / 1000:+.1f} bits)" in told.facts["all together"]
    words = [word for row in (BEARING, ONE, SPELT) for word in row["Name"].split()] + [*CANARIES.values()]
    assert not [word for word in words if word in str(told)]
    shown = str(explain_pair(case, *pair, names=True))
    assert [word for word in words if word in shown]  # the control: names are told where they are asked for

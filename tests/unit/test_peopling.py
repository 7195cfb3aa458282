"""People of a case: every entry in one, ids and numbers alone kept, names nowhere but in the vault."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from traceback import format_exception
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemaking import copied
from holdfire import peopling
from holdfire.case import Case
from holdfire.chaos.canaries import search
from holdfire.engine import Engine
from holdfire.errors import BadInput, HoldfireError
from holdfire.explaining import explain
from holdfire.listed import of_case
from holdfire.peopling import gather, named, peopled, persons
from holdfire.tables import rows
from listing import a_list, add_list, by_word, deaths, list_case

ENGINE = Engine(threads=1, memory=256)
VAKENI, SOLMADI = {"Name": "Zubekalori Vakeni"}, {"Name": "Tamoru Solmadi"}
CANARIES = {"given": "Zubekalori", "arabic": "زبكلوري", "family": "Vakenirash", "own id": "ID-77120934"}
"""Words that no one bears."""
BEARING = {
    "No": CANARIES["own id"],
    "Name": f"{CANARIES['given']} {CANARIES['family']}",
    "Arabic": CANARIES["arabic"],
}


@pytest.fixture(scope="module")
def by_words() -> Iterator[None]:
    """Link entries of one name, so that a test can foretell the people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peopling, "link", by_word)
        yield


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, by_words: None) -> Case:
    """Return a case that was run, for tests that write nothing into it."""
    lists = {
        "one.csv": ("mission", a_list(VAKENI, SOLMADI, {"Name": "", "Arabic": ""})),
        "two.csv": ("observers", a_list({**VAKENI, "Age": "35"}, {"Name": "Someone Other"}, VAKENI)),
    }
    made = list_case(tmp_path_factory.mktemp("seen") / "case", lists)
    made.run()
    return made


@pytest.fixture
def case(tmp_path: Path, seen: Case) -> Case:
    """Return a copy of that case, to write into."""
    return copied(seen, tmp_path / "case")


def test_a_run_tells_entries_and_people(case: Case) -> None:
    summary = case.run(again=True).summary
    assert (summary.entries, summary.people, summary.alone) == (6, 4, 1)
    assert (summary.people_low, summary.people_high) == (4, 6)
    assert summary.counts == {"reports": 3, "claims": 1, "incidents": 1, "entries": 6, "people": 4}


def test_every_entry_is_in_one_person_and_a_pair_keeps_its_weight(seen: Case) -> None:
    people = seen.found().people
    listed = [entry for person in rows(people.persons) for entry in person["entries"]]
    assert len(listed) == len(set(listed)) == 6
    (several,) = [person for person in rows(people.persons) if len(person["entries"]) > 1]
    assert (several["sources"], several["confidence"]) == (["mission", "observers"], 667)
    assert {(row["weight"], row["confidence"], row["by"]) for row in rows(people.links)} == {
        (9000, 667, "rule")
    }


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_groups_become_people_and_lose_no_entry(homes: list[int]) -> None:
    first: dict[int, int] = {}
    groups = np.array([first.setdefault(home, n) for n, home in enumerate(homes)])
    table = deaths(a_list(*[{}] * len(homes)))
    found = persons(table, groups, None, [table["report"][0].as_py()], ENGINE)
    listed = [entry for person in rows(found) for entry in person["entries"]]
    assert sorted(listed) == sorted(table["entry_id"].to_pylist())
    assert found.num_rows == len(first) == len(set(found["person_id"].to_pylist()))


def test_the_order_in_which_lists_come_changes_no_group(tmp_path: Path, by_words: None) -> None:
    lists = {
        "a.csv": ("mission", a_list(VAKENI, SOLMADI)),
        "b.csv": ("observers", a_list(SOLMADI, VAKENI, VAKENI)),
    }
    found = []
    for n, order in enumerate((["a.csv", "b.csv"], ["b.csv", "a.csv"])):
        made = list_case(tmp_path / str(n), {order[0]: lists[order[0]]})
        made.add([], {})
        add_list(made.folder.path, order[1], *lists[order[1]])
        made.add([], {})
        assert [Path(each.file).name for each in made.held() if each.file.endswith(".csv")] == order
        entries = gather(made.readings, made.held())
        rows_of = dict(zip(entries.deaths["entry_id"].to_pylist(), _places(entries.deaths), strict=True))
        people = rows(peopled(made.readings, made.held(), linker=by_word).persons)
        found.append(sorted(sorted(rows_of[entry] for entry in person["entries"]) for person in people))
    assert found[0] == found[1]
    assert len(found[0]) == 2


def _places(table: pa.Table) -> list[tuple[str, int]]:
    return list(zip(table["source"].to_pylist(), table["row"].to_pylist(), strict=True))


def test_one_more_list_renames_nobody(case: Case) -> None:
    before = set(case.found().people.persons["person_id"].to_pylist())
    add_list(case.folder.path, "a-new.csv", "blog", a_list(VAKENI, SOLMADI, {"Name": "Another One"}))
    case.run()
    after = set(case.found().people.persons["person_id"].to_pylist())
    assert before < after
    assert len(after) == len(before) + 1


def test_names_are_linked_without_a_folder_to_spill_to(seen: Case) -> None:
    given_: list[Engine] = []

    def watch(*given: Any) -> Any:
        given_.append(given[-1])
        return by_word(*given)

    peopled(seen.readings, seen.held(), linker=watch)
    assert [engine.scratch for engine in given_] == [""]
    assert seen.engine.scratch  # the control: that of incidents has one


def test_entries_that_do_not_fit_the_memory_are_refused_with_what_to_try(seen: Case) -> None:
    def full(*_: object) -> Any:
        raise duckdb.OutOfMemoryException("could not allocate")

    with pytest.raises(HoldfireError, match=r"6 entries of lists do not fit") as caught:
        peopled(seen.readings, seen.held(), linker=full)
    assert "memory: 2048" in str(caught.value)


def test_a_fault_says_where_it_is_and_repeats_nothing(seen: Case) -> None:
    def broken(*_: object) -> Any:
        raise duckdb.ConversionException(f"Could not convert string '{CANARIES['given']}'")

    with pytest.raises(HoldfireError, match="a fault of Holdfire, ConversionException") as caught:
        peopled(seen.readings, seen.held(), linker=broken)
    shown = "".join(format_exception(caught.value))
    assert CANARIES["given"] not in shown
    assert "test_peopling.py, line" in shown or "peopling.py, line" in shown


def test_a_name_needs_two_letters() -> None:
    table = deaths(a_list({}, {"Name": "V", "Arabic": ""}, {"Name": "V.", "Arabic": "ز"}, {"Arabic": ""}))
    assert named(table).tolist() == [1, 0, 0, 1]


@pytest.fixture(scope="module")
def borne(tmp_path_factory: pytest.TempPathFactory, by_words: None) -> Case:
    """Return a case, run, whose lists hold words that are looked for, and whose inbox is gone."""
    folder = tmp_path_factory.mktemp("borne") / "case"
    lists = {
        "one.csv": ("mission", a_list(BEARING, SOLMADI)),
        "two.csv": ("observers", a_list(BEARING, {**BEARING, "Age": "35"}, {"Name": "Someone Other"})),
    }
    made = list_case(folder, lists)
    made.run()
    shutil.rmtree(folder / "inbox")
    (folder / "inbox").mkdir()
    return made


def test_no_word_of_a_list_lies_anywhere_but_in_the_vault(tmp_path: Path, borne: Case) -> None:
    made = copied(borne, tmp_path / "case")
    made.run(again=True)
    of_case(made)
    (person,) = [p for p in rows(made.found().people.persons) if len(p["entries"]) == 3]
    told = explain(made, person["person_id"])
    searched = search([tmp_path], CANARIES)
    assert searched.found == []
    assert searched.files > 50
    assert not any(word in str(told) or word in str(told.json) for word in CANARIES.values())


def test_the_control_a_table_of_names_beside_the_people_is_found(tmp_path: Path, borne: Case) -> None:
    made = copied(borne, tmp_path / "case")
    entries = gather(made.readings, made.held()).deaths
    pq.write_table(entries, made.folder.made / "found" / "deaths.parquet")
    assert {each.split(" as ")[0] for each in search([tmp_path], CANARIES).found} == set(CANARIES)


def test_names_are_told_only_when_asked_and_read_from_the_vault(borne: Case) -> None:
    made = borne
    (person,) = [p for p in rows(made.found().people.persons) if len(p["entries"]) == 3]
    told = str(explain(made, person["person_id"], names=True))
    assert told.count(CANARIES["given"]) == 3
    entry = str(explain(made, person["entries"][0]))
    assert "with e-" in entry
    assert "66.7 of 100" in entry
    with pytest.raises(BadInput, match="nothing is called"):
        explain(made, "e-ffff")


def test_what_a_list_holds_in_numbers(seen: Case) -> None:
    one, two = of_case(seen)
    assert (one.source, one.entries, one.named, one.again, one.shared, one.people) == (
        "mission",
        3,
        2,
        0,
        1,
        3,
    )
    assert (two.source, two.entries, two.named, two.again, two.shared, two.people) == (
        "observers", 3, 3, 1, 2, 2,
    )  # fmt: skip
    assert one.scope.startswith("people killed by violence")
    assert (one.copies, two.copies) == ("", "")


def test_a_list_that_copies_another_is_said_to(tmp_path: Path, by_words: None) -> None:
    many = [
        {"Name": f"Name{'abcdefghij'[n % 10]}{'klmnopq'[n % 7]} Vakeni", "Age": str(n)} for n in range(40)
    ]
    other = [{**each, "Name": each["Name"].replace("Vakeni", "Solmadi")} for each in many]
    lists = {
        "a.csv": ("mission", a_list(*many)),
        "b.csv": ("observers", a_list(*reversed(many))),
        "c.csv": ("blog", a_list(*other)),
    }
    made = list_case(tmp_path / "case", lists)
    made.run()
    found = {each.source: each for each in of_case(made)}
    assert bool(found["mission"].copies) != bool(found["observers"].copies)
    assert found["blog"].copies == ""


def test_a_redaction_destroys_what_was_made_of_a_list(case: Case) -> None:
    from holdfire.redacting import destroyer

    with case.ledger() as ledger, case.vault(write=True) as vault:
        held = next(each for each in case.held() if each.file.endswith("one.csv"))
        destroyer(case.folder, ledger, vault)(held.report.id)
    assert not (case.folder.made / "found").exists()
    assert not (case.folder.path / "inbox" / "one.csv").exists()


def test_a_case_without_lists_links_nobody(tmp_path: Path) -> None:
    made = list_case(tmp_path / "case", {})

    def never(*_: object) -> Any:
        raise AssertionError("there is nothing to link")

    assert peopled(made.readings, [], linker=never) == peopling.NOBODY


def test_problems_of_lists_and_other_reports_come_at_once(tmp_path: Path) -> None:
    made = list_case(
        tmp_path / "case",
        {"a.csv": ("mission", a_list({"Age": "340"})), "b.csv": ("observers", a_list({"Sex": "Zubekalori"}))},
    )
    with pytest.raises(BadInput) as caught:
        made.run()
    said = str(caught.value)
    assert "a.csv, row 1" in said
    assert "b.csv, row 1" in said
    assert "Zubekalori" not in said

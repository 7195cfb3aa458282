"""What is printed of lists: numbers and ids; names on a terminal only."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from holdfire import peopling
from holdfire.cli import app
from holdfire.doors.lists import shown
from holdfire.errors import BadInput
from listing import a_list, by_word, list_case, ran_lists

CANARY = "Zubekalori"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(peopling, "link", by_word)
    named = {"Name": f"{CANARY} Vakeni"}
    lists = {
        "one.csv": ("mission", a_list(named, {"Name": "Tamoru Solmadi"}, {"Name": "", "Arabic": ""})),
        "two.csv": ("observers", a_list(named)),
    }
    list_case(tmp_path / "case", lists)
    return tmp_path / "case"


def said(folder: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--case", str(folder)], catch_exceptions=False)
    assert result.exit_code == 0
    assert CANARY not in result.output
    return result.output


def test_a_run_tells_entries_people_and_their_span(folder: Path) -> None:
    assert "4 list entries, 3 people (3 to 4)\n          1  entries name no one; each stands alone" in said(
        folder, "run"
    )
    told = json.loads(said(folder, "run", "--json"))
    assert (told["entries"], told["people"], told["people_low"], told["people_high"]) == (4, 3, 3, 4)


def test_lists_are_a_table_and_their_scopes(folder: Path) -> None:
    said(folder, "run")
    lines = said(folder, "lists").splitlines()
    assert lines[0].split() == ["list", "entries", "named", "age", "day", "again", "shared", "people"]
    assert lines[1].split()[1:] == ["3", "2", "3", "3", "0", "1", "3"]
    assert lines[3].endswith("people killed by violence, civilian or not; the Strip; May 2031")
    assert [each["people"] for each in json.loads(said(folder, "lists", "--json"))] == [3, 1]


def test_a_case_without_lists_says_so(tmp_path: Path) -> None:
    ran_lists(tmp_path / "case", {})
    assert said(tmp_path / "case", "lists") == "no list of the dead is in this case\n"


def test_names_are_refused_where_no_terminal_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said(folder, "run")
    (person,) = [each for each in _people(folder) if len(each["entries"]) == 2]
    assert "entries         2" in said(folder, "explain", person["person_id"])
    with pytest.raises(BadInput, match="on a terminal only"):
        shown(True, False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert shown(True, False)
    with pytest.raises(BadInput):
        shown(True, True)


def _people(folder: Path) -> list[dict[str, list[str]]]:
    from holdfire.case import Case

    return Case.open(folder).found().people.persons.to_pylist()

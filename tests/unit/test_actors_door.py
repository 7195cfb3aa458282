"""`holdfire actors`: what a name meant on a day, and who held an office."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from holdfire.doors.actors import app
from holdfire.errors import BadInput


def _run(*words: str) -> tuple[int, str]:
    made = CliRunner().invoke(app, list(words))
    if made.exception is not None and not isinstance(made.exception, SystemExit):
        raise made.exception
    return made.exit_code, made.output


def test_a_name_is_looked_up_in_the_case_first_and_then_in_public(root: Path) -> None:
    case = str(root / "examples" / "syria-2016")
    code, said = _run("look", "al-Nusra", "--on", "2016-09-01", "--case", case)
    assert code == 0
    assert said.splitlines()[0] == "in this case: nusra"
    assert "then   called Jabhat Fateh al-Sham" in said


def test_a_name_not_yet_borne_means_no_one(tmp_path: Path) -> None:
    code, said = _run("look", "Jabhat Fateh al-Sham", "--on", "2016-07-01", "--case", str(tmp_path))
    assert code == 1
    assert "means no one we know on 2016-07-01" in said


def test_machines_are_told_the_same(tmp_path: Path) -> None:
    code, said = _run("look", "ИГИЛ", "--on", "2016-06-20", "--json", "--case", str(tmp_path))
    assert code == 0
    found = json.loads(said)
    assert (found["meant"]["entity"], found["meant"]["called_then"]) == ("daesh", "Islamic State")
    assert found["meant"]["basis"]


def test_who_held_an_office() -> None:
    assert _run("holder", "US", "secretary of state", "--on", "2016-06-20") == (0, "John Kerry\n")
    assert _run("holder", "US", "postmaster", "--on", "2016-06-20") == (1, "not known to us\n")


def test_what_is_no_day_is_said_to_be_none() -> None:
    with pytest.raises(BadInput, match="is not a day"):
        _run("look", "Daesh", "--on", "June")

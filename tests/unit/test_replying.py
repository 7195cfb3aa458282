"""Replies asked of parties: open, overdue, late, on either side of a deadline."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from casemaking import a_case
from holdfire import times
from holdfire.cli import app
from holdfire.folder import Folder
from holdfire.replying import requests

REPLIES = """
replies:
  - {incident: i-1, actor: north, asked: 2031-05-03T10:00Z, deadline: 2031-05-05T10:00Z}
  - {incident: i-2, actor: south, asked: 2031-05-03T10:00Z}
  - {incident: i-3, actor: south, asked: 2031-05-03T10:00Z, deadline: 2031-05-05T10:00Z,
     answered: 2031-05-06T10:00Z, says: admits}
  - {incident: i-4, actor: north, asked: 2031-05-20T10:00Z, deadline: 2031-05-25T10:00Z}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = a_case(tmp_path / "case").folder
    (made.path / "hand").mkdir(exist_ok=True)
    (made.path / "hand" / "replies.yaml").write_text(REPLIES, encoding="utf-8")
    return made


def on(folder: Folder, text: str) -> dict[str, tuple[str, bool, bool]]:
    found = requests(folder, times.instant(text, ZoneInfo("UTC")))
    return {each.reply.incident_id: (each.position, each.overdue, each.late) for each in found}


def test_before_the_deadline_a_reply_is_awaited_and_after_it_overdue(folder: Folder) -> None:
    assert on(folder, "2031-05-05T10:00Z")["i-1"] == ("awaited", False, False)
    assert on(folder, "2031-05-05T10:01Z")["i-1"] == ("no_reply", True, False)


def test_a_reply_that_came_late_is_overdue_until_it_came(folder: Folder) -> None:
    assert on(folder, "2031-05-06T09:59Z")["i-3"] == ("no_reply", True, False)
    assert on(folder, "2031-05-06T10:00Z")["i-3"] == ("admits", False, True)


def test_without_a_deadline_nothing_is_overdue(folder: Folder) -> None:
    assert on(folder, "2032-01-01T00:00Z")["i-2"] == ("no_reply", False, False)


def test_what_is_asked_later_is_not_yet_asked(folder: Folder) -> None:
    assert "i-4" not in on(folder, "2031-05-19T00:00Z")


def test_overdue_ones_come_first(folder: Folder) -> None:
    assert list(on(folder, "2031-05-21T00:00Z")) == ["i-1", "i-4", "i-2", "i-3"]


def test_the_command_lists_open_ones_as_of_the_end_of_a_day(folder: Folder) -> None:
    asked = ["replies", "--on", "2031-05-05", "--case", str(folder.path)]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 0, found.output
    assert "3 open, 2 of them overdue" in found.output
    listed = json.loads(CliRunner().invoke(app, [*asked, "--all", "--json"]).output)
    assert [each["overdue"] for each in listed] == [True, True, False]

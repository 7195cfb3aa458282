"""`holdfire stamp` reads words, makes one call of the desk, and prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archiving import pending_proof as proof
from holdfire.case import Case
from holdfire.doors.stamp import app
from holdfire.errors import BadInput

REPORT = b"Two shells fell near the bridge."
HEAD = """id: strip
title: The Strip
timezone: UTC
sources: []
"""


@pytest.fixture
def case(tmp_path: Path) -> tuple[Path, str]:
    """Return a case whose record has one report, and its id."""
    (tmp_path / "case.yaml").write_text(HEAD)
    opened = Case.open(tmp_path)
    with opened.ledger(write=True) as ledger, opened.vault(write=True) as vault:
        of = vault.put(REPORT, {"file": "inbox/a.txt"})
        entry = {"kind": "report", "report": of, "source": "un", "format": "text"}
        ledger.append([{**entry, "received": "2031-05-03T10:00Z"}])
    (tmp_path / "a.ots").write_bytes(proof(REPORT))
    return tmp_path, of


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_a_token_is_added_and_listed(case: tuple[Path, str]) -> None:
    folder, of = case
    said = run("add", of[:8], str(folder / "a.ots"), "--case", str(folder))
    assert said.startswith(f"kept beside report {of[:8]}: matches: pending at 1 calendars")
    assert "opentimestamps: matches: pending" in run("list", of[:8], "--case", str(folder))
    (listed,) = json.loads(run("list", of[:8], "--case", str(folder), "--json"))
    assert listed["then"] == "matches; pending"


def test_json_is_one_value(case: tuple[Path, str]) -> None:
    folder, of = case
    said = json.loads(run("add", of[:8], str(folder / "a.ots"), "--case", str(folder), "--json"))
    assert (said["report"], said["matches"], said["when"]) == (of, "yes", "")


def test_no_tokens_is_said(case: tuple[Path, str]) -> None:
    folder, of = case
    assert "no token is kept" in run("list", of[:8], "--case", str(folder))


def test_what_is_no_token_is_refused(case: tuple[Path, str]) -> None:
    folder, of = case
    (folder / "x").write_bytes(b"x")
    with pytest.raises(BadInput, match="no time-stamp token"):
        run("add", of[:8], str(folder / "x"), "--case", str(folder))
    with pytest.raises(BadInput, match="cannot be read"):
        run("add", of[:8], str(folder / "gone"), "--case", str(folder))

"""The commands of the store of sites, from the officers' keys to the codes of a release."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from holdfire.cli import app
from holdfire.doors import keys, sites
from holdfire.errors import CheckFailed, HoldfireError
from holdfire.ledger import keyfiles
from holdfire.protecting.sites import epoch_of
from holdfire.sheltering import partitioning
from sheltered import CATEGORY, NAME, OWNER, partition, said

WORDS = "five words that nobody guesses"
LAND = partition()


def run(*words: object, answer: str = "") -> str:
    """Run a command that must end well, and return what it prints."""
    found = CliRunner().invoke(
        app, ["protect", "site", *map(str, words)], input=answer, catch_exceptions=False
    )
    assert found.exit_code == 0, found.output
    return found.stdout


def refused(*words: object) -> HoldfireError:
    """Run a command that must not end well, and return its error."""
    with pytest.raises(HoldfireError) as raised:
        CliRunner().invoke(app, ["protect", "site", *map(str, words)], catch_exceptions=False)
    return raised.value


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store of Ada, Ben and Cleo, whose keys lie beside it, and which all have joined."""
    monkeypatch.setattr(keyfiles.block, "__defaults__", (1_000,))
    monkeypatch.setattr(sites, "_now", lambda: datetime(2031, 5, 1, 12, tzinfo=UTC))
    monkeypatch.setattr(keys, "passphrase", lambda _: WORDS)
    monkeypatch.setattr("holdfire.sheltering.officers.write.__defaults__", (1_000,))
    lines = [
        run("key", name, "--out", tmp_path / name, answer=f"{WORDS}\n{WORDS}\n").strip().splitlines()[-1]
        for name in ("Ada", "Ben", "Cleo")
    ]
    officers = [word for line in lines for word in ("--officer", line)]
    folder = tmp_path / "sites"
    mark = run("init", "--store", folder, *officers, "--key", tmp_path / "Ada").split()[1]
    for name in ("Ben", "Cleo"):
        run("join", "--store", folder, "--key", tmp_path / name, "--trust", mark)
    partitioning.save(LAND, tmp_path / "made.json")
    return folder


def entered(path: Path, **fields: str) -> Path:
    path.write_text("".join(f"{name}: {value}\n" for name, value in fields.items()))
    return path


def test_from_keys_to_codes_and_to_the_end(store: Path, tmp_path: Path) -> None:
    ada, ben, land = (
        ("--key", tmp_path / "Ada"),
        ("--key", tmp_path / "Ben"),
        ("--partition", tmp_path / "made.json"),
    )
    at = ("--store", store)
    file = entered(tmp_path / "site.txt", name=NAME, category=CATEGORY, owner=OWNER, **said(LAND))
    site = run("add", *at, *ada, *land, "--file", file, "--shred").split()[1]
    assert not file.exists()
    run("fix", site, *at, *ben, *land, "--file", entered(tmp_path / "f", **said(LAND, 0, 30, "2")), "--shred")
    run("consent", site, *at, *ada, answer="publication\n2031-01-01\n\n")
    shown = json.loads(run("open", site, *at, *ada, *ben, "--why", "verify", "--ref", "VER-1", "--json"))
    assert (shown["name"], shown["standing"], len(shown["fixes"])) == (NAME, "verified", 2)
    words = run("open", site, *at, *ada, *ben, "--why", "verify")
    assert NAME in words
    assert "the position is verified" in words
    assert "consent: to publication from 2031-01-01" in words
    assert words.count("fix: longitude ") == 2
    assert not set("{}[]") & set(words)
    out = tmp_path / "codes"
    codes = run("cells", *at, *ada, *ben, *land, "--why", "release", "--ref", "REL-1", "--out", out)
    starts, ends = epoch_of(LAND.settings, datetime(2031, 5, 1, tzinfo=UTC).date())
    assert f"epoch {ends} to" in codes
    assert "1 code, 1 site is on" in codes
    assert out.read_text() == f"{LAND.cells[0].code}\n"
    entered(tmp_path / "r", recipient="publication", **{"from": ends.isoformat()})
    run("revoke", site, *at, *ben, "--file", tmp_path / "r")
    later = json.loads(run("cells", *at, *ada, *ben, *land, "--why", "release", "--json"))
    assert (later["codes"], later["sites"]) == ([], 0)
    now = json.loads(run("cells", *at, *ada, *ben, *land, "--why", "release", "--epoch", starts, "--json"))
    assert now["codes"] == [LAND.cells[0].code]
    log = run("log", *at)
    assert "Ada and Ben  open" in log
    head = log.split()[-1]
    assert "no problem" in run("check", *at, "--head", head)
    run("destroy", site, *at, *ada, *ben, "--why", "owner")
    assert "destroy" in run("log", *at)
    assert NAME not in run("log", *at, "--json")


def test_what_is_wrong_is_said_at_once(store: Path, tmp_path: Path) -> None:
    ada, at = ("--key", tmp_path / "Ada"), ("--store", store)
    file = entered(tmp_path / "site.txt", name=NAME, **said(LAND))
    site = run("add", *at, *ada, "--partition", tmp_path / "made.json", "--file", file).split()[1]
    said_ = str(refused("open", site, *at, *ada))
    assert "one officer is there, and 2" in said_
    assert "a reason is left out" in said_
    assert "twice" in str(refused("open", site, *at, *ada, *ada, "--why", "audit"))
    assert "no store of sites" in str(refused("log", "--store", tmp_path / "nowhere"))
    assert "cannot be read" in str(
        refused("open", site, *at, *ada, "--key", tmp_path / "lost", "--why", "audit")
    )


def test_a_changed_file_is_exit_1(store: Path, tmp_path: Path) -> None:
    file = entered(tmp_path / "site.txt", name=NAME, **said(LAND))
    at, land = ("--store", store), ("--partition", tmp_path / "made.json")
    run("add", *at, "--key", tmp_path / "Ada", *land, "--file", file)
    (store / "sites" / "left").write_bytes(b"by a killed run")
    error = refused("check", *at)
    assert isinstance(error, CheckFailed)
    assert error.exit_code == 1
    assert "1 files removed" in run("check", *at, "--tidy")


def test_a_clock_that_ran_ahead_is_set_by_two(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = entered(tmp_path / "site.txt", name=NAME, **said(LAND))
    words = (
        "add",
        "--store",
        store,
        "--key",
        tmp_path / "Ada",
        "--partition",
        tmp_path / "made.json",
        "--file",
        file,
    )
    now = sites._now()
    monkeypatch.setattr(sites, "_now", lambda: now + timedelta(days=900))
    run(*words)
    monkeypatch.setattr(sites, "_now", lambda: now)
    assert "runs backwards" in str(refused(*words))
    run("clock", "--store", store, "--key", tmp_path / "Ada", "--key", tmp_path / "Cleo")
    run(*words)

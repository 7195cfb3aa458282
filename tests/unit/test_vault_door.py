"""`holdfire vault` does what it says, and prints no secret."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from holdfire.doors.vault import app
from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger.vault import Vault

REPORT = b"Three shells fell east of the mill at dusk.\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "case.yaml").write_text("title: Example\n")
    with Vault.open(folder / ".holdfire" / "vault", write=True) as vault:
        vault.put_many([(REPORT, {"file": "east.md"}), (b"another", {"file": "west.md"})])
    return folder


def say(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def test_status_and_check(case: Path) -> None:
    assert "2 blobs, 51 bytes" in (said := say("status", "--case", case))
    assert "keys: plain; whoever has the disk can read all" in said
    assert json.loads(say("status", "--case", case, "--json"))["blobs"] == 2
    assert "2 blobs read, no problem" in say("check", "--case", case)
    blob = next(path for path in (case / ".holdfire" / "vault" / "blobs").rglob("*") if path.is_file())
    whole = blob.read_bytes()
    blob.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "1 problems" in say("check", "--case", case, code=1)
    assert len(json.loads(say("check", "--case", case, "--json", code=1))["problems"]) == 1


def test_backup_loss_restore_and_expiry(case: Path, tmp_path: Path) -> None:
    said = say("backup", tmp_path / "stick", "--key", tmp_path / "key", "--expires", "2w", "--case", case)
    assert (tmp_path / "key").read_bytes().hex() not in said
    assert "2 blobs" in said
    shutil.rmtree(case / ".holdfire" / "vault")
    said = say("restore", tmp_path / "stick", "--key", tmp_path / "key", "--case", case)
    assert "2 blobs restored, 0 were held, 0 stay redacted, 0 problems" in said
    assert "nothing says what was redacted" in said
    again = json.loads(
        say("restore", tmp_path / "stick", "--key", tmp_path / "key", "--case", case, "--json")
    )
    assert (again["restored"], again["held"]) == (0, 2)
    assert "lives until" in say("status", "--case", case)
    assert "no backup is over" in say("expire", "--case", case)


def test_a_backup_that_is_over_and_out_of_reach_is_named(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say("backup", tmp_path / "stick", "--key", tmp_path / "key", "--expires", "1h", "--case", case)
    name = json.loads(say("status", "--case", case, "--json"))["backups"][0]["id"]
    (tmp_path / "stick").rename(tmp_path / "drawer")
    assert "out of reach" in say("status", "--case", case)
    import holdfire.doors.vault as door

    now = door._now()
    monkeypatch.setattr(door, "_now", lambda: now.replace(year=now.year + 1))
    assert "by hand" in say("expire", "--case", case, code=1)
    assert "over, its key destroyed" in say("status", "--case", case)
    assert "struck" in say("expire", "--gone", name, "--case", case)
    assert json.loads(say("status", "--case", case, "--json"))["backups"] == []


def test_keys_are_wrapped(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is made" in say("key", tmp_path / "vault.key")
    assert "HOLDFIRE_VAULT_KEY" in say("rekey", "--to", tmp_path / "vault.key", "--case", case)
    with pytest.raises(HoldfireError, match="locked"):
        say("status", "--case", case)
    monkeypatch.setenv("HOLDFIRE_VAULT_KEY", str(tmp_path / "vault.key"))
    assert "keys: wrapped" in say("status", "--case", case)
    say("rekey", "--plain", "--case", case)
    monkeypatch.delenv("HOLDFIRE_VAULT_KEY")
    assert "keys: plain" in say("status", "--case", case)
    with pytest.raises(BadInput, match="name one"):
        say("rekey", "--case", case)


def test_tidy(case: Path) -> None:
    orphan = case / ".holdfire" / "vault" / "blobs" / "ab" / ("ab" * 16)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"left")
    assert "1 files removed" in say("tidy", "--case", case)


def test_what_makes_no_sense_is_refused(case: Path, tmp_path: Path) -> None:
    stick, key = tmp_path / "stick", tmp_path / "key"
    for words, why in (
        (("--key", key, "--expires", "soon"), "how long"),
        (("--key", key, "--expires", "0d"), "how long"),
        (("--key", stick / "key"), "in the backup it opens"),
        (("--key", case), "needs a new file"),
        (("--key", tmp_path / "absent" / "key"), "needs a new file"),
    ):
        with pytest.raises(BadInput, match=why):
            say("backup", stick, *words, "--case", case)
    say("backup", stick, "--key", key, "--case", case)
    say("backup", stick, "--key", tmp_path / "second", "--case", case)
    with pytest.raises(BadInput, match="2 key backups"):
        say("restore", stick, "--key", key, "--case", case)

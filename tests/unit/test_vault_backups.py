"""Backups bring a vault back, expire, and owe it what was destroyed since."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger import backups
from holdfire.ledger.vault import BLOBS, Vault

MAY = datetime(2031, 5, 1, tzinfo=UTC)
JUNE = MAY + timedelta(days=31)
REPORTS = [f"report {number}\n".encode() * (1 + number * 3000) for number in range(6)]


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    held = Vault.open(tmp_path / "vault", write=True)
    held.put_many([(report, {"file": f"{number}.md"}) for number, report in enumerate(REPORTS)])
    return held


def blobs(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / BLOBS).rglob("*") if path.is_file())


def test_a_lost_vault_comes_back_whole(vault: Vault, tmp_path: Path) -> None:
    names, word = vault.all(), vault.pseudonym("someone")
    kept, key = vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    vault.close()
    shutil.rmtree(vault.folder)
    with Vault.open(vault.folder, write=True) as again:
        restored = again.restore(tmp_path / "stick", kept.id, key)
        assert sorted(restored.back) == names == again.all()
        assert (restored.held, restored.redacted, restored.problems) == (0, (), ())
        assert sorted(again.read(name) for name in names) == sorted(REPORTS)
        assert sorted(again.label(name)["file"] for name in names) == [f"{n}.md" for n in range(6)]
        assert again.put(REPORTS[3], {}) in names
        assert again.pseudonym("someone") == word
        assert again.check() == []
        assert [each.id for each in again.backups()] == [kept.id]
        assert again.restore(tmp_path / "stick", kept.id, key).held == 6


def test_what_was_redacted_stays_away(vault: Vault, tmp_path: Path) -> None:
    gone, *rest = vault.all()
    kept, key = vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    with Vault.open(tmp_path / "new", write=True) as again:
        restored = again.restore(tmp_path / "stick", kept.id, key, gone=[gone])
        assert restored.redacted == (gone,)
        assert again.all() == rest
        assert again.lingering(gone) == []
    assert gone not in {row.digest.hex() for row in backups.read_keys(keys(tmp_path, kept.id), key)[1]}


def keys(tmp_path: Path, name: str) -> Path:
    return backups.keys_file(tmp_path / "stick", name)


def test_a_destruction_reaches_the_backups(vault: Vault, tmp_path: Path) -> None:
    first, first_key = vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    second, second_key = vault.backup(tmp_path / "stick", made=MAY, expires=JUNE + timedelta(days=9))
    name = vault.all()[2]
    assert len(blobs(tmp_path / "stick")) == 6
    vault.destroy(name)
    assert vault.lingering(name) == []
    assert len(blobs(tmp_path / "stick")) == 5
    for kept, key in ((first, first_key), (second, second_key)):
        with Vault.open(tmp_path / kept.id, write=True) as again:
            assert len(again.restore(tmp_path / "stick", kept.id, key).back) == 5
            assert name not in again


def test_a_backup_out_of_reach_is_named_and_paid_when_it_is_back(vault: Vault, tmp_path: Path) -> None:
    kept, key = vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    (tmp_path / "stick").rename(tmp_path / "drawer")
    one, other = vault.all()[:2]
    vault.destroy(one)
    vault.destroy(other)
    assert [each.owed for each in vault.lingering(one)] == [(one, other)]
    assert [each.expires for each in vault.lingering(other)] == [JUNE]
    assert not vault.backups()[0].reached
    (tmp_path / "drawer").rename(tmp_path / "stick")
    vault.tidy()
    assert vault.lingering(one) == vault.lingering(other) == []
    assert len(backups.read_keys(keys(tmp_path, kept.id), key)[1]) == 4


def test_a_backup_expires_and_then_opens_for_no_one(vault: Vault, tmp_path: Path) -> None:
    kept, _ = vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    assert vault.expire(JUNE - timedelta(seconds=1)) == []
    assert [each.id for each in vault.expire(JUNE)] == [kept.id]
    assert not keys(tmp_path, kept.id).exists()
    assert vault.backups() == []


def test_an_expired_backup_out_of_reach_stays_listed_until_someone_says_it_is_gone(
    vault: Vault, tmp_path: Path
) -> None:
    kept, key = vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    with pytest.raises(HoldfireError, match="its file is there"):
        vault.forget(kept.id)
    (tmp_path / "stick").rename(tmp_path / "drawer")
    vault.expire(JUNE)
    assert [each.forgotten for each in vault.backups()] == [True]
    assert key.hex() not in str(vault._table.backups())  # type: ignore[union-attr]
    vault.destroy(vault.all()[0])
    vault.forget(kept.id)
    assert vault.backups() == []
    with pytest.raises(HoldfireError, match="no backup"):
        vault.forget(kept.id)


def test_blobs_are_copied_once_and_those_destroyed_leave_the_folder(vault: Vault, tmp_path: Path) -> None:
    vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    before = {path: path.stat().st_mtime_ns for path in blobs(tmp_path / "stick")}
    vault.put(b"one more", {})
    vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    after = {path: path.stat().st_mtime_ns for path in blobs(tmp_path / "stick")}
    assert len(after) == 7
    assert {path: after[path] for path in before} == before


def test_writing_a_key_backup_anew_never_uses_a_key_twice(vault: Vault, tmp_path: Path) -> None:
    kept, _ = vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    start = slice(len(backups.MAGIC), len(backups.MAGIC) + 32)
    before = keys(tmp_path, kept.id).read_bytes()[start]
    vault.destroy(vault.all()[0])
    assert keys(tmp_path, kept.id).read_bytes()[start] != before


def test_damage_in_a_backup_is_told_and_the_rest_comes_back(vault: Vault, tmp_path: Path) -> None:
    kept, key = vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    files = blobs(tmp_path / "stick")
    whole = files[0].read_bytes()
    files[0].write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    files[1].unlink()
    with Vault.open(tmp_path / "new", write=True) as again:
        restored = again.restore(tmp_path / "stick", kept.id, key)
        assert (len(restored.back), len(restored.problems)) == (4, 2)
        assert again.check() == []


@pytest.mark.parametrize("place", [0, 20, 60, 200, -1])
def test_a_damaged_key_backup_brings_nothing_back(vault: Vault, tmp_path: Path, place: int) -> None:
    kept, key = vault.backup(tmp_path / "stick", made=MAY, expires=JUNE)
    path = keys(tmp_path, kept.id)
    content = bytearray(path.read_bytes())
    content[place] ^= 4
    path.write_bytes(content)
    with Vault.open(tmp_path / "new", write=True) as again:
        with pytest.raises(BadInput, match="key backup"):
            again.restore(tmp_path / "stick", kept.id, key)
        with pytest.raises(BadInput, match="key backup"):
            again.restore(tmp_path / "stick", kept.id, bytes(32))
        assert again.all() == []


def test_what_makes_no_sense_is_refused(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="before it is made"):
        vault.backup(tmp_path / "stick", made=JUNE, expires=MAY)
    with pytest.raises(BadInput, match="in the vault itself"):
        vault.backup(vault.folder / "copy", made=MAY, expires=JUNE)
    with pytest.raises(BadInput, match="no name of its form"):
        vault.restore(tmp_path / "stick", "../../x", bytes(32))
    assert vault.backups() == []

"""A writer of the vault is killed at random moments, and any bit of a vault or its backup changes.

HOLDFIRE_CHAOS_N sets how many (20 kills, 100 flips), HOLDFIRE_CHAOS_SEED the seed (2016).
"""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from holdfire.chaos.vaultkill import vault_kill
from holdfire.errors import HoldfireError
from holdfire.ledger.vault import Vault

KILLS = int(os.environ.get("HOLDFIRE_CHAOS_N", "20"))
FLIPS = int(os.environ.get("HOLDFIRE_CHAOS_N", "100"))
SEED = int(os.environ.get("HOLDFIRE_CHAOS_SEED", "2016"))
MADE = datetime(2031, 5, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")


def test_no_acknowledged_report_is_lost_and_none_destroyed_comes_back() -> None:
    told = vault_kill(KILLS, SEED)
    print(f"\n{told}")
    assert told.passed, told.details


def test_a_changed_bit_of_a_vault_is_told_or_without_effect(tmp_path: Path) -> None:
    """Reading, finding and putting: none may take a changed bit for the record."""
    chance = random.Random(SEED)
    folder = tmp_path / "vault"
    with Vault.open(folder, write=True, random=chance.randbytes) as vault:
        truth = {}
        for number in range(30):
            content = chance.randbytes(chance.choice((0, 30, 3_000, 70_000)) + number)
            truth[vault.put(content, {"file": f"{number}"})] = content
        vault.backup(tmp_path / "stick", made=MADE, expires=MADE + timedelta(days=1))
    kept = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    keys = folder / "keys.sqlite"
    told = 0
    for _ in range(FLIPS):
        path = keys if chance.random() < 0.7 else chance.choice([each for each in kept if kept[each]])
        changed = bytearray(kept[path])
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        try:
            with Vault.open(folder, write=True) as vault:
                assert vault.all() == sorted(truth)
                assert {name: vault.read(name) for name in truth} == truth
                assert {vault.label(name)["file"] for name in truth} == {str(number) for number in range(30)}
                assert [vault.put(content, {}) for content in truth.values()] == list(truth)
                assert [each.count for each in vault.backups()] == [30]
        except HoldfireError:
            told += 1
        for each in [each for each in folder.rglob("*") if each.is_file() and each not in kept]:
            each.unlink()
        for each, content in kept.items():
            each.write_bytes(content)
    print(
        f"\nvault: {FLIPS} flips, seed {SEED}: 0 silently wrong; {told} told, {FLIPS - told} without effect"
    )
    assert told > FLIPS // 3


def test_a_changed_bit_of_a_backup_brings_nothing_wrong_back(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with Vault.open(tmp_path / "vault", write=True, random=chance.randbytes) as vault:
        truth = {}
        for number in range(8):
            content = chance.randbytes(1_000 * number)
            truth[vault.put(content, {"file": f"{number}"})] = content
        backup, key = vault.backup(tmp_path / "stick", made=MADE, expires=MADE + timedelta(days=1))
    files = sorted(path for path in (tmp_path / "stick").rglob("*") if path.is_file())
    told = 0
    for trial in range(FLIPS // 4):
        path = chance.choice(files)
        before = path.read_bytes()
        changed = bytearray(before)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        with Vault.open(tmp_path / f"new {trial}", write=True) as again:
            try:
                told += bool(again.restore(tmp_path / "stick", backup.id, key).problems)
            except HoldfireError:
                told += 1
            assert all(again.read(name) == truth[name] for name in again.all())
            assert again.check() == []
        path.write_bytes(before)
    assert told == FLIPS // 4

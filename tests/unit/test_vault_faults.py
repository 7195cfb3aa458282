"""Each forced write, renaming and removal of the vault fails once: nothing is lost, and a retry is right."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfire.errors import HoldfireError
from holdfire.ledger.vault import Vault

MADE = datetime(2031, 5, 1, tzinfo=UTC)
CALLS = ("fsync", "open", "replace", "unlink", "mkdir")
KEPT, NEW = b"kept " * 50, b"new " * 40_000


def put(vault: Vault, folder: Path) -> None:
    vault.put_many([(NEW, {"file": "new"}), (KEPT, {})])


def destroy(vault: Vault, folder: Path) -> None:
    vault.destroy(vault.find(NEW) or "")


def back_up(vault: Vault, folder: Path) -> None:
    vault.backup(folder / "stick", made=MADE, expires=MADE + timedelta(days=1))


def expire(vault: Vault, folder: Path) -> None:
    vault.expire(MADE + timedelta(days=2))


def restore(vault: Vault, folder: Path) -> None:
    with Vault.open(folder / "again", write=True) as again:
        name, key = (folder / "id").read_text(), (folder / "key").read_bytes()
        if problems := again.restore(folder / "stick", name, key).problems:
            raise HoldfireError.of(problems)


BEFORE: dict[Callable[[Vault, Path], None], bytes] = {
    put: b"",
    destroy: NEW,
    back_up: NEW,
    expire: NEW,
    restore: NEW,
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("act", BEFORE, ids=lambda act: act.__name__)
def test_a_call_that_fails_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Vault, Path], None], call: str
) -> None:
    real = getattr(os, call)
    number = 0
    while True:
        number += 1
        folder = tmp_path / str(number)
        kept = begun(folder, BEFORE[act])
        left = number
        hit = False

        def failing(*args: Any, **settings: Any) -> Any:
            nonlocal left, hit
            left -= 1
            if left == 0:
                hit = True
                raise OSError(5, "Input/output error")
            return real(*args, **settings)

        with Vault.open(folder / "vault", write=True) as vault:
            monkeypatch.setattr(os, call, failing)
            failed = False
            try:
                act(vault, folder)
            except HoldfireError:
                failed = True
            monkeypatch.undo()
        assert failed or not hit, "a failure was passed over"
        with Vault.open(folder / "vault", write=True) as vault:
            vault.tidy()
            assert vault.check() == []
            assert vault.read(kept) == KEPT
            if act is destroy and not failed:
                assert vault.find(NEW) is None
            act(vault, folder)
            assert vault.check() == []
            assert (vault.find(NEW) is None) == (act is destroy)
            assert len(vault.all()) == (1 if act is destroy else 2)
        shutil.rmtree(folder)
        if not hit:
            break
    assert number > 1 or call != "fsync"


def begun(folder: Path, new: bytes) -> str:
    with Vault.open(folder / "vault", write=True) as vault:
        kept = vault.put(KEPT, {"file": "kept"})
        if new:
            vault.put(new, {"file": "new"})
            backup, key = vault.backup(folder / "stick", made=MADE, expires=MADE + timedelta(days=1))
            (folder / "id").write_text(backup.id)
            (folder / "key").write_bytes(key)
    return kept

"""A vault's keys lie plain or wrapped; wrapped, the disk alone opens nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger import vaultkeys
from holdfire.ledger.vault import KEYS, Vault

REPORT = b"Three shells fell east of the mill at dusk.\n"
KEY = bytes(range(200, 232))
PASSPHRASE = b"a phrase that is long enough"


@pytest.mark.parametrize("key", [KEY, PASSPHRASE, b"thirty-two printable characters!"])
def test_a_wrapped_vault_opens_with_its_key_alone(tmp_path: Path, key: bytes) -> None:
    with Vault.open(tmp_path, write=True, key=key) as vault:
        assert vault.wrapped
        name = vault.put(REPORT, {"file": "x"})
    with Vault.open(tmp_path, key=key) as vault:
        assert vault.read(name) == REPORT
    for write in (False, True):
        with pytest.raises(HoldfireError, match="locked"):
            Vault.open(tmp_path, write=write)
        for wrong in (bytes(32), b"another phrase, as long", key[::-1]):
            with pytest.raises(HoldfireError, match="does not open"):
                Vault.open(tmp_path, write=write, key=wrong)


def test_a_plain_vault_says_so_and_needs_no_key(tmp_path: Path) -> None:
    with Vault.open(tmp_path, write=True) as vault:
        name = vault.put(REPORT, {})
        assert not vault.wrapped
    with Vault.open(tmp_path, key=KEY) as vault:
        assert vault.read(name) == REPORT
        assert not vault.wrapped


def test_keys_are_wrapped_changed_and_laid_plain(tmp_path: Path) -> None:
    with Vault.open(tmp_path, write=True) as vault:
        name = vault.put(REPORT, {"file": "x"})
        plain = (tmp_path / KEYS).read_bytes()
        word = vault.pseudonym("someone")
        for key in (KEY, PASSPHRASE, None):
            vault.rekey(key)
            assert vault.wrapped == (key is not None)
            with Vault.open(tmp_path, key=key) as reader:
                assert reader.read(name) == REPORT
                assert reader.label(name) == {"file": "x"}
                assert reader.pseudonym("someone") == word
            assert vault.put(REPORT, {}) == name
        assert vault.check() == []
    table_key = plain.split(b'"key": "')[1][:64]
    assert table_key not in (tmp_path / KEYS).read_bytes()


def test_an_old_key_opens_nothing_after_rekey(tmp_path: Path) -> None:
    with Vault.open(tmp_path, write=True, key=KEY) as vault:
        vault.put(REPORT, {})
        vault.rekey(bytes(32))
    with pytest.raises(HoldfireError, match="does not open"):
        Vault.open(tmp_path, key=KEY)


def test_key_files(tmp_path: Path) -> None:
    made = tmp_path / "key"
    vaultkeys.make_key(made, KEY)
    assert vaultkeys.read_key(made) == KEY
    assert not stat.S_IMODE(made.stat().st_mode) & 0o077
    with pytest.raises(HoldfireError, match="already"):
        vaultkeys.make_key(made, KEY)
    (tmp_path / "phrase").write_bytes(PASSPHRASE + b"\r\n")
    assert vaultkeys.read_key(tmp_path / "phrase") == PASSPHRASE
    for content in (b"", b"short\n", os.urandom(5000)):
        (tmp_path / "wrong").write_bytes(content)
        with pytest.raises(BadInput, match="32 random bytes"):
            vaultkeys.read_key(tmp_path / "wrong")
    assert vaultkeys.from_environment({}) is None
    assert vaultkeys.from_environment({vaultkeys.NAMED_BY: str(made)}) == KEY
    with pytest.raises(HoldfireError, match="cannot be read"):
        vaultkeys.from_environment({vaultkeys.NAMED_BY: str(tmp_path / "absent")})


def test_no_error_says_a_secret(tmp_path: Path) -> None:
    with Vault.open(tmp_path, write=True, key=KEY) as vault:
        name = vault.put(REPORT, {"file": "secret-name"})
        row = vault._held(name)
        assert "secret-name" not in repr(row)
        assert row.key.hex() not in repr(row)
        assert repr(row.salt) not in repr(row)
    with pytest.raises(HoldfireError) as told:
        Vault.open(tmp_path, key=PASSPHRASE)
    assert PASSPHRASE.decode() not in str(told.value)


@pytest.mark.parametrize(
    "stored", [b"", b"[]", b"{}", b'{"kind": "key"}', b'{"kind": "scrypt", "n": "x"}', b"\xff"]
)
def test_a_damaged_table_key_is_told(stored: bytes) -> None:
    with pytest.raises(BadInput, match="damaged"):
        vaultkeys.unwrap(stored, KEY, "keys")


def test_a_cost_that_would_fill_the_memory_is_refused() -> None:
    stored = vaultkeys.wrap(KEY, PASSPHRASE, os.urandom).replace(b'"n": 32768', b'"n": 1073741824')
    with pytest.raises(BadInput, match="damaged"):
        vaultkeys.unwrap(stored, PASSPHRASE, "keys")

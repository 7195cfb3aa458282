"""The key over all keys of a vault: lying plain in it, or wrapped so that a stolen disk is not enough.

Each blob has its own key. Those keys stand in the vault's table, each row sealed under one *table key*. The
table key stands beside them: plain, or sealed under a key file of 32 bytes or a passphrase (scrypt, RFC 7914)
that is kept elsewhere. Who holds the disk and not that file or passphrase can read nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger.sealing import KEY, Random, seal, unseal

NAMED_BY = "HOLDFIRE_VAULT_KEY"
"""Environment variable that names the key file."""

SHORTEST = 12
"""Fewest bytes of a passphrase."""

_CONTEXT = b"holdfire vault table key"
_COST = {"n": 1 << 15, "r": 8, "p": 1}  # 32 MiB and about 0.1 s (RFC 7914 section 2)
_LARGEST = 4096


def read_key(path: Path) -> bytes:
    """Return what a key file holds: 32 random bytes, or a passphrase on one line.

    Raises:
        BadInput: It is empty, too short or too long.
        HoldfireError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise HoldfireError(f"the key file cannot be read: {error.strerror}", str(path)) from None
    key = content if len(content) == KEY else content.rstrip(b"\r\n")
    if not SHORTEST <= len(key) <= _LARGEST:
        raise BadInput(
            f"a key file holds 32 random bytes, or a passphrase of {SHORTEST} to {_LARGEST} bytes",
            str(path),
            "`holdfire vault key FILE` makes one",
        )
    return key


def from_environment(environment: Mapping[str, str]) -> bytes | None:
    """Return the key that `HOLDFIRE_VAULT_KEY` names; None: it names none.

    Raises:
        HoldfireError: The file cannot be read, or holds no key.
    """
    named = environment.get(NAMED_BY, "")
    return read_key(Path(named)) if named else None


def make_key(path: Path, content: bytes) -> None:
    """Write a key file that only its owner may read, and that is on the disk when this returns.

    Raises:
        HoldfireError: Something stands there already, or the disk refuses.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise HoldfireError("something stands there already", str(path), "name a new file") from None
    except OSError as error:
        raise HoldfireError(f"the key cannot be written: {error.strerror}", str(path)) from None


def wrap(table_key: bytes, key: bytes | None, random: Random) -> bytes:
    """Return the table key as it is stored: plain without `key`, else sealed under it."""
    if key is None:
        return _written({"kind": "plain", "key": table_key.hex()})
    if _is_random(key):
        sealed = seal(_stretched(key), table_key, _CONTEXT, random)
        return _written({"kind": "key", "sealed": sealed.hex()})
    salt = random(16)
    sealed = seal(_scrypt(key, salt, **_COST), table_key, _CONTEXT, random)
    return _written({"kind": "scrypt", "salt": salt.hex(), **_COST, "sealed": sealed.hex()})


def wrapped(stored: bytes) -> bool:
    """Return whether a stored table key is sealed under a key kept elsewhere."""
    return bool(json.loads(stored)["kind"] != "plain")


def unwrap(stored: bytes, key: bytes | None, where: str) -> bytes:
    """Return the table key.

    Raises:
        BadInput: It is damaged.
        HoldfireError: It is sealed, and `key` is not given or is another.
    """
    try:
        value = json.loads(stored)
        if value["kind"] == "plain":
            found: bytes | None = bytes.fromhex(value["key"])
        elif key is None:
            raise HoldfireError(
                "the vault is locked: its keys are wrapped", where, f"let {NAMED_BY} name its key file"
            )
        else:
            found = unseal(_key_of(value, key), bytes.fromhex(value["sealed"]), _CONTEXT)
    except (ValueError, KeyError, TypeError, MemoryError):
        raise BadInput("the key of the vault is damaged", where, "restore the vault from a backup") from None
    if found is None:
        raise HoldfireError(
            "this key does not open the vault", where, f"is it the file {NAMED_BY} should name?"
        )
    if len(found) != KEY:
        raise BadInput("the key of the vault is damaged", where, "restore the vault from a backup")
    return found


def _key_of(value: Mapping[str, object], key: bytes) -> bytes:
    if value["kind"] == "key":
        return _stretched(key)
    cost = {name: int(str(value[name])) for name in ("n", "r", "p")}
    if cost["n"] > 1 << 20 or cost["r"] > 32 or cost["p"] > 16:
        raise ValueError("a cost that no one set")
    return _scrypt(key, bytes.fromhex(str(value["salt"])), **cost)


def _is_random(key: bytes) -> bool:
    """Return whether these are 32 random bytes (which are all printable once in 3e13; then scrypt serves)."""
    return len(key) == KEY and not all(0x20 <= byte < 0x7F for byte in key)


def _stretched(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=_CONTEXT).derive(key)


def _scrypt(key: bytes, salt: bytes, n: int, r: int, p: int) -> bytes:
    return Scrypt(salt=salt, length=KEY, n=n, r=r, p=p).derive(key)


def _written(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, sort_keys=True).encode()

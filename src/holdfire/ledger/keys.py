"""Keys that sign: the name of one, what it signs, how it is written on a command line.

A private key is never printed, never part of an error, and `repr` does not show it. A public key is taken
up only if every reader would accept it: on the curve, in its one form, not of small order (under such a
key one signature holds for many messages). tests/unit/test_keys.py tries each refusal.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfire.errors import BadInput
from holdfire.ledger.verifying.ed25519 import valid_key


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key and the name under which its holder acts.

    Attributes:
        name: Of a person or a witness; empty: a log's own key.
        public: Ed25519 public key [32 bytes].
    """

    name: str
    public: bytes
    secret: Ed25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def make(cls, name: str = "") -> PrivateKey:
        """Return a new key; its randomness is the operating system's."""
        return cls.of(name, Ed25519PrivateKey.generate())

    @classmethod
    def of(cls, name: str, secret: Ed25519PrivateKey) -> PrivateKey:
        """Return a key under a name."""
        return cls(name, secret.public_key().public_bytes_raw(), secret)

    @property
    def id(self) -> str:
        """Return its key id."""
        return key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return an Ed25519 signature (64 bytes), the same for the same message (RFC 8032)."""
        return self.secret.sign(message)


def key_id(public: bytes) -> str:
    """Return the name by which signatures refer to a key (16 hexadecimal digits)."""
    return hashlib.sha256(public).hexdigest()[:16]


def written(public: bytes) -> str:
    """Return a key, or any bytes, in base64."""
    return base64.b64encode(public).decode()


def public_key(text: str, where: str = "key") -> bytes:
    """Return the public key that base64 stands for.

    Raises:
        BadInput: It is not base64 of 32 bytes in its one spelling, or no key that readers accept.
    """
    try:
        public = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        public = b""
    if len(public) != 32 or written(public) != text:
        raise BadInput(
            "a public key is not base64 of 32 bytes", where, "copy the whole line `holdfire keys new` printed"
        )
    if not valid_key(public):
        raise BadInput("a public key is none that a reader accepts", where, "ask its owner for a new one")
    return public


def named(text: str) -> tuple[str, bytes]:
    """Return the name and the public key of `NAME=BASE64`.

    >>> named("north=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")[0]
    'north'

    Raises:
        BadInput: It has no such form.
    """
    name, sign, key = text.partition("=")
    if not sign:
        raise BadInput("a key is not written as NAME=BASE64", f"{text[:40]!r}", "north=11qYAY...")
    return checked_name(name), public_key(key, f"key of {name[:40]}")


def checked_name(name: str, witness: bool = False) -> str:
    """Return a name as it is, if it can stand in a keyset; a witness's also in a note's signature line.

    Raises:
        BadInput: It is empty, longer than 100 characters, not of printable ASCII, holds `=`, or begins or
            ends with a space; a witness's name also holds a space or `+` (C2SP signed-note).
    """
    if not name.isascii():
        hint = "write it in Latin letters: it is a key of an entry, and those are ASCII"
        raise BadInput("a name is not in ASCII", f"{name[:40]!a}", hint)
    if not 1 <= len(name) <= 100 or "=" in name or name != name.strip() or not name.isprintable():
        raise BadInput(
            "a name cannot stand in a keyset", f"{name[:40]!a}", "1 to 100 characters, no =, no line end"
        )
    if witness and (" " in name or "+" in name):
        raise BadInput("the name of a witness holds a space or +", f"{name[:40]!a}", "north-commission")
    return name

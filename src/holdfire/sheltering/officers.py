"""Officers' keys: a file each, always under a passphrase, one key to open sites and one to sign the log.

A file holds two private keys in PEM, X25519 to open and Ed25519 to sign, each encrypted as keys of editors
are (`ledger.keyfiles`). Two keys rather than one of two uses: neither proof then leans on the other. The
public halves are one line, `NAME=OPENING.SIGNING`, to be read over the telephone. tests/unit/test_officers.py
holds what is refused.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from holdfire.errors import BadInput, Problems
from holdfire.ledger import keyfiles
from holdfire.ledger.keys import checked_name, public_key, written
from holdfire.ledger.shelf import make_folder

SHORTEST = 12
"""Fewest characters of a passphrase."""

_BLOCK = re.compile(
    rb"-----BEGIN ENCRYPTED PRIVATE KEY-----.*?-----END ENCRYPTED PRIVATE KEY-----\n?", re.DOTALL
)
_FIELD = "officer"


@dataclass(frozen=True, slots=True)
class Public:
    """The public halves of an officer's keys.

    Attributes:
        opens: X25519 public key [32 bytes]: sites are wrapped to it.
        signs: Ed25519 public key [32 bytes]: lines of the log are held against it.
    """

    opens: bytes
    signs: bytes

    def __str__(self) -> str:
        """Return both in base64."""
        return f"{written(self.opens)}.{written(self.signs)}"


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer who is there: name and both private keys."""

    name: str
    opening: X25519PrivateKey = field(repr=False, compare=False)
    signing: Ed25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def make(cls, name: str) -> Officer:
        """Return an officer with new keys; their randomness is the operating system's."""
        return cls(checked_name(name), X25519PrivateKey.generate(), Ed25519PrivateKey.generate())

    @property
    def public(self) -> Public:
        """Return the public halves."""
        return Public(
            self.opening.public_key().public_bytes_raw(), self.signing.public_key().public_bytes_raw()
        )


def write(path: Path, officer: Officer, passphrase: str, rounds: int = keyfiles.ROUNDS) -> None:
    """Write an officer's keys to a new file that its owner alone may read.

    Raises:
        BadInput: The passphrase is shorter than `SHORTEST`, or something stands there.
        HoldfireError: The disk refuses.
    """
    if len(passphrase) < SHORTEST:
        raise BadInput(
            "an officer's key has a passphrase",
            path.name,
            f"{SHORTEST} characters or more; five words are good",
        )
    lines = [f"{_FIELD}: {officer.name}", f"public: {officer.public}"]
    for key in (officer.opening, officer.signing):
        inner = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        lines += keyfiles.block(inner, passphrase, rounds)
    try:
        make_folder(path.absolute().parent)
        keyfiles.write_new(path, "\n".join([*lines, ""]).encode())
    except FileExistsError:
        raise BadInput(
            "a file stands there; a key is never written over", str(path), "name another file"
        ) from None


def read(path: Path, ask: keyfiles.Ask) -> Officer:
    """Return the officer whose keys a file holds.

    Raises:
        BadInput: It is not there, others may read it, it holds no officer's keys, they are not encrypted, or
            the passphrase is wrong.
    """
    content = keyfiles.content_of(path)
    name = keyfiles.field_of(content, _FIELD.encode())
    blocks = _BLOCK.findall(content)
    if not name or len(blocks) != 2:
        raise BadInput(
            "this holds no keys of an officer",
            str(path),
            "`holdfire protect site key NAME --out FILE` makes them",
        )
    passphrase = ask(path).encode()
    try:
        opening, signing = (load_pem_private_key(each, passphrase) for each in blocks)
    except (ValueError, TypeError):
        raise BadInput("the passphrase is wrong", str(path)) from None
    if not isinstance(opening, X25519PrivateKey) or not isinstance(signing, Ed25519PrivateKey):
        raise BadInput("these are keys of another kind than X25519 and Ed25519", str(path))
    officer = Officer(checked_name(name), opening, signing)
    if keyfiles.field_of(content, b"public") != str(officer.public):
        raise BadInput("the public keys written above the private ones are not their own", str(path))
    return officer


def read_all(paths: Iterable[Path], ask: keyfiles.Ask) -> list[Officer]:
    """Return the officers of several files, or everything that is wrong with them.

    Raises:
        BadInput: As for `read`, of all files at once; or two files are of one officer.
    """
    found: list[Officer] = []
    problems = Problems("--key")
    for path in paths:
        try:
            found.append(read(path, ask))
        except BadInput as error:
            problems.extend(error.problems)
    publics = [each.public.opens for each in found]
    if len(set(publics)) < len(publics) or len({each.name for each in found}) < len(found):
        problems.add(
            "one officer stands there twice", hint="two officers open a site, each with their own key"
        )
    problems.raise_any()
    return found


def named(text: str) -> tuple[str, Public]:
    """Return the name and public keys of `NAME=OPENING.SIGNING`.

    Raises:
        BadInput: It has no such form.
    """
    name, sign, keys = text.partition("=")
    if not sign:
        raise BadInput("an officer is not written as NAME=KEYS", f"{text[:40]!r}", "copy the whole line")
    return checked_name(name), public_of(keys, name)


def public_of(keys: str, name: str) -> Public:
    """Return the public keys that `OPENING.SIGNING` stands for.

    Raises:
        BadInput: It has no such form, or one of them is no key.
    """
    opens, dot, signs = keys.partition(".")
    if not dot:
        raise BadInput("an officer has two public keys with a dot between", f"key of {name[:40]}")
    return Public(_x25519(opens, name), public_key(signs, f"signing key of {name[:40]}"))


def _x25519(text: str, name: str) -> bytes:
    """Return an X25519 public key, if it is one that leads somewhere (RFC 7748, section 6.1)."""
    try:
        public = base64.b64decode(text, validate=True)
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))
    except (binascii.Error, ValueError):
        raise BadInput(
            "an opening key is no X25519 key in base64", f"key of {name[:40]}", "copy the whole line"
        ) from None
    if written(public) != text:
        raise BadInput(
            "an opening key is not in its one spelling", f"key of {name[:40]}", "copy the whole line"
        )
    return public

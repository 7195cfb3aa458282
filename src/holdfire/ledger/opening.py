"""Keys that open what is sealed to their holder, and recipients' cards.

Sealing is HPKE (RFC 9180, base mode) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, all of it
the library's. Base mode does not say who sealed: that is for a signature to say (`envelopes`).

A card is what a recipient hands over: a name, the key that signs for it and the key that opens for it,
signed by the first, so that nobody can put another opening key under a name. The private halves stay on the
recipient's machine, in two files side by side. tests/unit/test_receiving.py tries each refusal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from holdfire.digests import canonical
from holdfire.errors import BadInput
from holdfire.ledger import keyfiles
from holdfire.ledger.keyfiles import Ask
from holdfire.ledger.keys import PrivateKey, checked_name, key_id, public_key, written
from holdfire.ledger.verifying.ed25519 import verify
from holdfire.ledger.verifying.notes import from_base64

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

CARD = "holdfire-recipient/v1"
_LARGEST = 4_096
"""Most bytes of a card."""

ENDING = ".opens"
"""What the file of an opening key is called beside that of the signing key."""


@dataclass(frozen=True, slots=True)
class Opener:
    """A private key that opens.

    Attributes:
        public: X25519 public key [32 bytes].
    """

    public: bytes
    secret: X25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def make(cls) -> Opener:
        """Return a new key; its randomness is the operating system's."""
        return cls.of(X25519PrivateKey.generate())

    @classmethod
    def of(cls, secret: X25519PrivateKey) -> Opener:
        """Return a key."""
        return cls(secret.public_key().public_bytes_raw(), secret)

    def open_(self, sealed: bytes, info: bytes) -> bytes | None:
        """Return what was sealed; None: it was changed, or is for another key or purpose."""
        try:
            return SUITE.decrypt(sealed, self.secret, info)
        except (InvalidTag, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Card:
    """Who can be told, and under which keys.

    Attributes:
        name: Of an office or a party; it is published.
        signs: Ed25519 public key under which receipts are signed [32 bytes].
        opens: X25519 public key to which notices are sealed [32 bytes].
        own: The recipient's signature over all three: who knows the signing key knows the opening one.
    """

    name: str
    signs: bytes
    opens: bytes
    own: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Return the id by which the log names the recipient: that of the signing key."""
        return key_id(self.signs)


def seal(public: bytes, content: bytes, info: bytes) -> bytes:
    """Return content sealed to a key [32 bytes], for one purpose that `info` names.

    Raises:
        BadInput: The key is none that can be sealed to.
    """
    try:
        return SUITE.encrypt(content, X25519PublicKey.from_public_bytes(public), info)
    except ValueError:
        raise BadInput("nothing can be sealed to this key", "opens", "ask its owner for a new one") from None


def write(path: Path, signer: PrivateKey, opener: Opener, passphrase: str = "") -> None:
    """Write both private keys of a recipient: the signing one at `path`, the opening one beside it.

    Raises:
        BadInput: Something stands at one of them.
        HoldfireError: The disk refuses.
    """
    beside = beside_of(path)
    for each in (path, beside):
        if each.exists():
            raise BadInput("a file stands there; a key is never written over", str(each), "name another file")
    keyfiles.write(path, signer, passphrase)
    inner = opener.secret.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    keyfiles.write_new(beside, keyfiles.armoured(inner, signer.name, opener.public, passphrase))


def read(path: Path, ask: Ask | None = None) -> tuple[PrivateKey, Opener]:
    """Return both private keys of a recipient, `path` being the file of the signing one.

    Raises:
        BadInput: One is not there, others may read it, is of another kind, or the passphrase is wrong.
    """
    given: dict[Path, str] = {}

    def once(_: Path) -> str:
        if ask is None:
            raise BadInput("the key is encrypted and no passphrase was given", str(path))
        if path not in given:
            given[path] = ask(path)
        return given[path]

    signer = keyfiles.read(path, once)
    secret, _ = keyfiles.loaded(beside_of(path), once)
    if not isinstance(secret, X25519PrivateKey):
        raise BadInput("this is a key of another kind than X25519", str(beside_of(path)))
    return signer, Opener.of(secret)


def beside_of(path: Path) -> Path:
    """Return where the opening key lies that belongs to a signing key's file."""
    return path.with_name(path.name + ENDING)


def card(signer: PrivateKey, opener: Opener) -> bytes:
    """Return the card of a recipient, signed."""
    said = {
        "form": CARD,
        "name": checked_name(signer.name),
        "signs": written(signer.public),
        "opens": written(opener.public),
    }
    return canonical(said | {"signature": written(signer.sign(_message(said)))}) + b"\n"


def read_card(content: bytes, where: str = "card") -> Card:
    """Return what a card says.

    Raises:
        BadInput: It is no card, was changed, or a key is none that can be used.
    """
    hint = "`holdfire notify keys NAME --out FILE` makes one, on the recipient's machine"
    try:
        said: Any = json.loads(content) if len(content) <= _LARGEST else None
        fits = isinstance(said, dict) and canonical(said) == content.removesuffix(b"\n")
        texts = fits and all(isinstance(each, str) for each in said.values())
        if not texts or set(said) != {"form", "name", "signs", "opens", "signature"} or said["form"] != CARD:
            raise BadInput(
                "this is no recipient's card: a recipient without a key cannot be told", where, hint
            )
        return held_card(said["name"], said["signs"], said["opens"], said["signature"], where)
    except (ValueError, TypeError, RecursionError):
        raise BadInput("this is no recipient's card, or it was changed", where, hint) from None


def held_card(name: str, signs: str, opens: str, own: str, where: str) -> Card:
    """Return a recipient's card of its fields, keys and signature in base64, if its own signature holds.

    Raises:
        BadInput: It does not, the name cannot stand in a record, or a key is none that can be used.
        ValueError: A field is no base64.
    """
    found = Card(checked_name(name), public_key(signs, where), from_base64(opens), from_base64(own))
    said = {"form": CARD, "name": name, "signs": signs, "opens": opens}
    if not verify(found.signs, _message(said), found.own):
        raise BadInput("the card's signature does not hold: it was changed", where, "ask for it again")
    seal(found.opens, b"", b"holdfire-card")  # a key of small order is refused here
    return found


def _message(said: dict[str, str]) -> bytes:
    return CARD.encode() + b"\n" + canonical(said)

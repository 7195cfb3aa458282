"""What is handed to a recipient, and what comes back: an envelope, and a receipt for it.

An envelope names a commitment, is sealed to one recipient, and is signed by the log's key under a keyset that
follows from the record's fingerprint; inside are the bytes and the salt. Its length says little: what is
inside is padded to whole `BLOCK`s, of which a site, a word that it no longer holds and a journey of a hundred
stops all need one. A receipt is signed by the recipient over the commitment, the digest of
the envelope's bytes, the record and the time by the recipient's clock. Neither names a place.

Both are canonical JSON; a byte changed in either is told. tests/unit/test_receiving.py changes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from holdfire.digests import Digest, canonical, digest
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import keysets
from holdfire.ledger.blobfiles import commitment
from holdfire.ledger.keys import PrivateKey, key_id, written
from holdfire.ledger.keysets import Keyset
from holdfire.ledger.kinds import KINDS
from holdfire.ledger.opening import Card, Opener, seal
from holdfire.ledger.verifying.ed25519 import verify
from holdfire.ledger.verifying.notes import Malformed, from_base64

FORM = "holdfire-notice/v1"
RECEIPT = "holdfire-receipt/v1"
BLOCK = 16_384
"""What is inside an envelope is padded to whole ones [bytes]."""
LARGEST = 1 << 20
"""Most bytes of an envelope."""
SALT = 32
_HEAD = ("notice", "to", "at", "reply_by", "before", "record")
_ASK = "ask its sender for the file again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An envelope as it was read, not yet opened.

    Attributes:
        notice: Commitment of what is inside.
        to: Key id of the recipient.
        at: When it was made, an instant in UTC.
        reply_by: By when an acknowledgement is asked for, an instant in UTC.
        before: Commitment of the notice that this one renews or withdraws; empty: none.
        record: Fingerprint of the record of whoever sent it.
        keyset: Under which it is signed; it follows from `record`, which is to be known from elsewhere.
        digest: Of all its bytes.
    """

    notice: Digest
    to: str
    at: str
    reply_by: str
    before: Digest
    record: Digest
    keyset: Keyset = field(repr=False)
    digest: Digest
    sealed: bytes = field(repr=False)


def envelope(
    *,
    body: bytes,
    salt: bytes,
    card: Card,
    at: str,
    reply_by: str,
    before: Digest,
    chain: Sequence[Mapping[str, Any]],
    log: PrivateKey,
) -> bytes:
    """Return an envelope for one recipient.

    Args:
        body: What is told.
        salt: Of its commitment.
        card: The recipient's.
        at: Now, an instant in UTC.
        reply_by: By when an acknowledgement is asked for.
        before: Commitment of the notice that it takes the place of; empty: none.
        chain: Every keyset of the record, in order.
        log: The log's key under the last of them.
    """
    running = commitment(salt)
    running.update(body)
    said = {
        "form": FORM,
        "notice": running.hexdigest(),
        "to": card.id,
        "at": at,
        "reply_by": reply_by,
        "before": before,
        "record": keysets.follow(chain[0], None).leaf,
    }
    inner = salt + len(body).to_bytes(4, "big") + body
    inner += bytes(-len(inner) % BLOCK)
    said["sealed"] = written(seal(card.opens, inner, _info(said)))
    whole: dict[str, Any] = said | {"keysets": [dict(each) for each in chain]}
    return canonical(whole | {"signature": written(log.sign(_message(whole)))}) + b"\n"


def read(content: bytes, where: str = "notice") -> Envelope:
    """Return an envelope whose signature holds under the keysets it brings.

    Raises:
        BadInput: It is none.
        CheckFailed: It was changed, or its keysets do not follow from one another.
    """
    said = _said(content, where, FORM, {*_HEAD, "form", "sealed", "keysets", "signature"})
    texts = [said[name] for name in (*_HEAD, "sealed", "signature")]
    chain = said["keysets"]
    if not all(isinstance(each, str) for each in texts) or not isinstance(chain, list) or not chain:
        raise BadInput("this is no notice that was sent", where, _ASK)
    keyset: Keyset | None = None
    try:
        for each in chain:
            keyset = keysets.follow(each, keyset)
            if keyset.number == 1 and keyset.leaf != said["record"]:
                raise CheckFailed("the notice and its keysets are of different records", where, _ASK)
        sealed, signature = from_base64(said["sealed"]), from_base64(said.pop("signature"))
    except (BadInput, Malformed, AttributeError, TypeError, KeyError):
        raise CheckFailed("the notice was changed on its way", where, _ASK) from None
    if keyset is None or not verify(keyset.log, _message(said), signature):
        raise CheckFailed("the notice was changed on its way: its signature does not hold", where, _ASK)
    head = {name: said[name] for name in _HEAD}
    return Envelope(**head, keyset=keyset, digest=digest(content), sealed=sealed)


def opened(found: Envelope, signer: PrivateKey, opener: Opener, where: str = "notice") -> tuple[bytes, bytes]:
    """Return the bytes inside an envelope and their salt, held against the commitment.

    Raises:
        CheckFailed: It is for another key, or what is inside is not what it names.
    """
    if found.to != signer.id:
        raise CheckFailed(f"this notice is for key {found.to}, not for {signer.id}", where)
    inner = opener.open_(found.sealed, _info({"form": FORM, **{n: getattr(found, n) for n in _HEAD}}))
    if inner is None or len(inner) < SALT + 4:
        raise CheckFailed("what is inside was changed, or is sealed to another key", where, _ASK)
    salt, size = inner[:SALT], int.from_bytes(inner[SALT : SALT + 4], "big")
    body = inner[SALT + 4 : SALT + 4 + size]
    if len(body) != size or not opens(found.notice, salt, body):
        raise CheckFailed("what is inside is not what the notice names", where, "keep the file, and say so")
    return body, salt


def opens(notice: Digest, salt: bytes, body: bytes) -> bool:
    """Return whether bytes and salt are what a commitment stands for."""
    running = commitment(salt)
    running.update(body)
    return len(salt) == SALT and running.hexdigest() == notice


def receipt(found: Envelope, signer: PrivateKey, step: str, at: str) -> dict[str, Any]:
    """Return a recipient's receipt for an envelope, signed.

    Args:
        found: The envelope.
        signer: The recipient's key.
        step: `delivered` or `acknowledged`.
        at: Now by the recipient's clock, an instant in UTC.
    """
    said = {
        "notice": found.notice,
        "envelope": found.digest,
        "record": found.record,
        "step": step,
        "by": signer.id,
        "at": at,
    }
    return said | {"signature": written(signer.sign(receipt_message(said)))}


def receipt_text(said: Mapping[str, Any]) -> bytes:
    """Return the bytes of a receipt's file."""
    return canonical({"form": RECEIPT, **said}) + b"\n"


def read_receipt(content: bytes, where: str = "receipt") -> dict[str, Any]:
    """Return what a receipt says; whose signature it carries is still to be checked.

    Raises:
        BadInput: It is none.
    """
    fields = {name: check for name, check in KINDS["receipt"].needed.items() if name != "entered"}
    said = _said(content, where, RECEIPT, {"form", *fields})
    del said["form"]
    if any(check(said[name]) for name, check in fields.items()):
        raise BadInput("this is no receipt", where, "`holdfire notify receive` writes one")
    return said


def receipt_holds(said: Mapping[str, Any], signs: bytes) -> bool:
    """Return whether a receipt, or its entry in the log, carries the signature of a key [32 bytes]."""
    return said["by"] == key_id(signs) and verify(
        signs, receipt_message(said), from_base64(said["signature"])
    )


def receipt_message(said: Mapping[str, Any]) -> bytes:
    """Return what a recipient signs."""
    names = ("notice", "envelope", "record", "step", "by", "at")
    return RECEIPT.encode() + b"\n" + canonical({name: said[name] for name in names})


def _said(content: bytes, where: str, form: str, names: set[str]) -> dict[str, Any]:
    """Return a canonical object of a form with exactly these fields."""
    what = "receipt" if form == RECEIPT else "notice that was sent"
    try:
        said: Any = json.loads(content) if len(content) <= LARGEST else None
        fits = isinstance(said, dict) and canonical(said) == content.removesuffix(b"\n")
    except (ValueError, TypeError, RecursionError):
        fits = False
    if not fits or said.get("form") != form or set(said) != names:
        raise BadInput(f"this is no {what}, or it was changed", where, _ASK)
    return dict(said)


def _info(said: Mapping[str, Any]) -> bytes:
    return FORM.encode() + b"\n" + canonical({name: said[name] for name in _HEAD})


def _message(said: Mapping[str, Any]) -> bytes:
    return FORM.encode() + b"\n" + canonical({k: v for k, v in said.items() if k != "signature"})

"""A signed entry by itself, with every keyset up to its own, for whoever knows the record's fingerprint.

It shows who signed, and nothing of the log: that the entry was entered, and that no later one takes its
place, a bundle shows. It is canonical JSON of strings and integers.
tests/unit/test_attested.py breaks each link.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from holdfire.digests import Digest, canonical
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import keysets
from holdfire.ledger.entry import Entry
from holdfire.ledger.keysets import Keyset
from holdfire.ledger.log import Ledger

FORM = "holdfire-attested/v1"
LARGEST = 8 << 20
"""Most bytes of such a file."""


@dataclass(frozen=True, slots=True)
class Attested:
    """A signed entry that was checked.

    Attributes:
        value: What it says.
        fingerprint: Leaf hash of the record's first keyset.
        keyset: Number of the keyset under which it was signed.
        signers: Names of the editors who signed.
    """

    value: dict[str, Any]
    fingerprint: Digest
    keyset: int
    signers: tuple[str, ...]


def attested(ledger: Ledger, entry: Entry) -> bytes:
    """Return an entry with the keysets up to the one it names.

    Raises:
        BadInput: The log has no such keyset.
    """
    chain = []
    for each in ledger.entries("keyset"):
        chain.append(each.value)
        if each.leaf == entry.value.get("keyset"):
            return canonical({"form": FORM, "entry": entry.value, "keysets": chain}) + b"\n"
    raise BadInput("the entry is signed under no keyset of this log", entry.leaf)


def check(text: bytes, fingerprint: Digest = "", file: str = "signatures") -> Attested:
    """Return what a signed entry says, if enough editors of its keyset signed it.

    Args:
        text: What `attested` returned.
        fingerprint: Of the record, learned from elsewhere; its first digits are not enough. Empty: of
            whichever record it says, which the caller has to tell.
        file: For errors.

    Raises:
        BadInput: It is not in its form.
        CheckFailed: It is of another record, or a signature is missing or does not hold.
    """
    said = _said(text, file)
    keyset: Keyset | None = None
    try:
        for value in said["keysets"]:
            keyset = keysets.follow(value, keyset)
            fingerprint = fingerprint or keyset.leaf
            if keyset.number == 1 and keyset.leaf != fingerprint:
                raise CheckFailed("this is of another record: its first keyset is not the one named", file)
        if keyset is None or said["entry"].get("keyset") != keyset.leaf:
            raise CheckFailed("the entry is not signed under the last keyset here", file)
        names = keysets.need(said["entry"], keyset)
    except BadInput as error:
        raise CheckFailed.of(error.problems) from None
    return Attested(said["entry"], fingerprint, keyset.number, tuple(names))


def _said(text: bytes, file: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise BadInput(f"the file has {len(text):,} bytes; no such file has so many", file)
    try:
        said = json.loads(text)
        fits = canonical(said) == text.removesuffix(b"\n") and said["form"] == FORM
        fits = fits and set(said) == {"form", "entry", "keysets"} and isinstance(said["keysets"], list)
        fits = fits and all(isinstance(each, dict) for each in (said["entry"], *said["keysets"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        fits = False
    if not fits:
        raise BadInput("this is no signed entry with its keysets", file, "holdfire protect attest makes one")
    return dict(said)

"""Editors, witnesses and a log for tests: keys made from fixed seeds, so that a run is like the last."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfire import signing
from holdfire.ledger import drafts
from holdfire.ledger.keyfiles import write
from holdfire.ledger.keys import PrivateKey
from holdfire.ledger.log import Ledger

AT = "2016-03-01T12:00Z"


def person(name: str) -> PrivateKey:
    """Return the key of a name, the same every time."""
    return PrivateKey.of(name, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


ADA, BEN, CLEO, DANA = (person(name) for name in ("Ada", "Ben", "Cleo", "Dana"))
NORTH, SOUTH, RIVER = (person(name) for name in ("north", "south", "river-university"))
LOG = person("")


def public(*people: PrivateKey) -> dict[str, bytes]:
    """Return public keys by name."""
    return {each.name: each.public for each in people}


def signed(draft: drafts.Draft, *people: PrivateKey) -> drafts.Draft:
    """Return a draft that these people signed."""
    for each in people:
        draft = drafts.add_signature(draft, each)
    return draft


def keyset(ledger: Ledger, **changes: Any) -> drafts.Draft:
    """Return the draft of the next keyset: two of Ada, Ben and Cleo, one of two witnesses."""
    fields: dict[str, Any] = {
        "log": LOG.public,
        "at": AT,
        "editors": public(ADA, BEN, CLEO),
        "threshold": 2,
        "witnesses": public(NORTH, SOUTH),
        "quorum": 1,
        "fresh_hours": 48,
    }
    return signing.draft_keyset(ledger, **(fields | changes))


def note(text: str) -> dict[str, Any]:
    """Return a small entry that differs by its text."""
    return {
        "kind": "run",
        "at": AT,
        "method": "0" * 64,
        "key": hashlib.sha256(text.encode()).hexdigest(),
        "counts": {},
    }


def begun(folder: Path, extra: Sequence[str] = ("a", "b", "c")) -> Ledger:
    """Return a ledger open to write with keyset 1 and a few entries, its log key in `folder/keys`."""
    if not (folder / "keys" / "log.key").exists():
        write(folder / "keys" / "log.key", LOG)
    ledger = Ledger.open(folder / "ledger.sqlite", write=True)
    signing.enter(ledger, signed(keyset(ledger), ADA, BEN))
    ledger.append(note(each) for each in extra)
    return ledger


def tiles(contents: Sequence[bytes], checkpoint: bytes, folder: Path) -> Path:
    """Write a log's entries as tiles, with a checkpoint; return the folder."""
    for tile in range(0, len(contents), 256):
        part = contents[tile : tile + 256]
        number, name = tile // 256, ""
        name = f"{number % 1000:03d}"
        while number := number // 1000:
            name = f"x{number % 1000:03d}/{name}"
        path = folder / "log/tile/entries" / (name if len(part) == 256 else f"{name}.p/{len(part)}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(len(each).to_bytes(2, "big") + each for each in part))
    (folder / "checkpoint").write_bytes(checkpoint)
    return folder

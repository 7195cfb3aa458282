"""Site keys that two officers open together, and records that one officer can add to a site and not read.

Each site has a key pair of its own (X25519, random). Its public half lies open, so one officer can seal a
record to it; its private half is wrapped for every pair of officers: sealed to the second officer, and that
again to the first, both by HPKE (RFC 9180, base mode, X25519, HKDF-SHA256, AES-256-GCM) with `info` that
names the store, the site, its public key, the pair and the layer. So neither officer of a pair learns
anything alone, and a wrapping moved to another store, site or pair does not open.

A record is padded to `SIZE` bytes before it is sealed, so that every file of every kind has the same length.
tests/properties/test_sites.py swaps, cuts and moves each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from holdfire.digests import Digest, canonical
from holdfire.errors import BadInput
from holdfire.ledger.keys import written
from holdfire.ledger.opening import SUITE
from holdfire.sheltering.officers import Officer, Public

SIZE = 8192
"""Bytes of a record before it is sealed, whatever it says."""

_LENGTH = 4

Pair = tuple[str, str]
"""Two officers' names, sorted."""


def pairs(names: Mapping[str, object]) -> list[Pair]:
    """Return every pair of officers.

    >>> pairs({"Cleo": 1, "Ada": 1, "Ben": 1})
    [('Ada', 'Ben'), ('Ada', 'Cleo'), ('Ben', 'Cleo')]
    """
    return list(combinations(sorted(names), 2))


def wrap(
    secret: bytes, officers: Mapping[str, Public], store: Digest, site: str, public: bytes
) -> dict[Pair, bytes]:
    """Return a site's private key (32 bytes) as every pair of officers can open it."""
    found = {}
    for first, second in pairs(officers):
        inner = SUITE.encrypt(
            secret, _to(officers[second]), _info(store, site, public, (first, second), "inner")
        )
        found[first, second] = SUITE.encrypt(
            inner, _to(officers[first]), _info(store, site, public, (first, second), "outer")
        )
    return found


def unwrap(
    wrapped: Mapping[Pair, bytes], two: tuple[Officer, Officer], store: Digest, site: str, public: bytes
) -> bytes | None:
    """Return a site's private key, opened by two officers; None: it was changed, or is not for these two."""
    first, second = sorted(two, key=lambda each: each.name)
    pair = (first.name, second.name)
    try:
        inner = SUITE.decrypt(wrapped[pair], first.opening, _info(store, site, public, pair, "outer"))
        secret = SUITE.decrypt(inner, second.opening, _info(store, site, public, pair, "inner"))
        own = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    except (InvalidTag, ValueError, KeyError):
        return None
    return secret if own == public else None


def seal(record: Mapping[str, Any], store: Digest, site: str, public: bytes) -> bytes:
    """Return a record sealed to a site.

    Raises:
        BadInput: It is too long; nothing of it is told.
    """
    content = canonical(record)
    if len(content) > SIZE - _LENGTH:
        raise BadInput(
            "what is written of a site is too long",
            hint=f"at most {SIZE - _LENGTH:,} bytes; shorten the note",
        )
    padded = len(content).to_bytes(_LENGTH, "big") + content
    return SUITE.encrypt(
        padded.ljust(SIZE, b"\0"), X25519PublicKey.from_public_bytes(public), _about(store, site, public)
    )


def unseal(sealed: bytes, secret: bytes, store: Digest, site: str) -> dict[str, Any] | None:
    """Return a record; None: it was changed, or belongs to another site or store."""
    key = X25519PrivateKey.from_private_bytes(secret)
    public = key.public_key().public_bytes_raw()
    try:
        padded = SUITE.decrypt(sealed, key, _about(store, site, public))
        size = int.from_bytes(padded[:_LENGTH], "big")
        value = json.loads(padded[_LENGTH : _LENGTH + size])
    except (InvalidTag, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _to(officer: Public) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(officer.opens)


def _info(store: Digest, site: str, public: bytes, pair: Pair, layer: str) -> bytes:
    return canonical(
        {"use": "holdfire-sites/v1 key", "store": store, "site": site, "public": written(public),
         "pair": list(pair), "layer": layer}
    )  # fmt: skip


def _about(store: Digest, site: str, public: bytes) -> bytes:
    return canonical(
        {"use": "holdfire-sites/v1 record", "store": store, "site": site, "public": written(public)}
    )

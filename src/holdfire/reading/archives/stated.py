"""Digests that an archive states of its own parts, in any of the spellings that tools write.

`sha256:HEX`, `SHA-256:HEX`, `sha1:BASE32`, `sha-256:BASE64`. MD5 and CRC are not taken for digests: anyone
can make other bytes that have the same.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from holdfire.answers import Answer

_KNOWN = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
    "sha3256": hashlib.sha3_256,
    "sha3512": hashlib.sha3_512,
}


def parse(text: str) -> tuple[str, str] | None:
    """Return algorithm and hexadecimal digits of a stated digest; None: it is none that we can check.

    >>> parse("SHA-256:" + "AB" * 32)[0], parse("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")[1][:8]
    ('sha256', 'da39a3ee')
    >>> parse("md5:d41d8cd98f00b204e9800998ecf8427e") is None
    True
    """
    name, _, value = text.strip().partition(":")
    algorithm = name.lower().replace("-", "").replace("_", "")
    if algorithm not in _KNOWN or not value:
        return None
    size = _KNOWN[algorithm]().digest_size
    for read in (bytes.fromhex, _base32, _base64):
        try:
            found = read(value)
        except (ValueError, binascii.Error):
            continue
        if len(found) == size:
            return algorithm, found.hex()
    return None


def digest(algorithm: str, content: bytes) -> str:
    """Return the hexadecimal digest of bytes under an algorithm that `parse` returned."""
    return _KNOWN[algorithm](content).hexdigest()


def running(algorithm: str) -> Any:
    """Return a digest of that algorithm to be fed piece by piece, as hashlib gives it."""
    return _KNOWN[algorithm]()


def check(stated: Mapping[str, str], content: bytes) -> Answer:
    """Return whether every stated digest is that of the bytes; unclear: none is stated."""
    if not stated:
        return Answer.UNCLEAR
    good = all(digest(algorithm, content) == value for algorithm, value in stated.items())
    return Answer.YES if good else Answer.NO


def _base32(value: str) -> bytes:
    return base64.b32decode(value.upper() + "=" * (-len(value) % 8))


def _base64(value: str) -> bytes:
    padded = value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4)
    return base64.b64decode(padded, altchars=b"-_" if set("-_") & set(value) else None, validate=True)

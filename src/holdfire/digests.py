"""Names made from content.

A report, an entry, an incident is named by the SHA-256 of its bytes, so the same content has the same
name everywhere and a changed byte changes the name. Values are hashed in one canonical form: JSON,
keys sorted, no spaces, UTF-8, only strings, integers, booleans, nulls, lists and objects; a float or
a key given twice is refused (floats do not survive every reader; RFC 8785 section 3.2.2.3 says why).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

Digest = str
"""Sixty-four lower-case hexadecimal digits of a SHA-256 (FIPS 180-4)."""


def digest(content: bytes) -> Digest:
    """Return the name of these bytes.

    >>> digest(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(content).hexdigest()


def digest_of(chunks: Iterable[bytes]) -> Digest:
    """Return the name of bytes too large to hold at once."""
    running = hashlib.sha256()
    for chunk in chunks:
        running.update(chunk)
    return running.hexdigest()


def canonical(value: Any) -> bytes:
    """Return the one form in which a value is written and hashed.

    Raises:
        TypeError: The value holds a float, or a key that is not a string.

    >>> canonical({"b": [1, None], "a": "é"}).decode()
    '{"a":"é","b":[1,null]}'
    """
    _refuse(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def short(kind: str, *parts: str) -> str:
    """Return a short stable identifier, `kind` then sixteen hexadecimal digits of its parts' digest.

    Sixty-four bits: among ten million identifiers of one kind the chance that any two agree is
    about 3 in a million (n^2 / 2^65).

    >>> short("i", "a", "b")
    'i-0473ef2dc0d324ab'
    """
    return f"{kind}-{digest(canonical(list(parts)))[:16]}"


def _refuse(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a canonical value holds no float; write an integer or a string")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("a canonical object has string keys only")
            _refuse(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse(inner)

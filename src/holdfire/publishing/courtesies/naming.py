"""How other formats call what the record names: by digest, in the form of RFC 6920.

`nih:sha-256;` and 64 hexadecimal digits (RFC 6920 section 7) is the digest the record itself writes, so a
reader finds the same name in an export, in the log and in a proof. What has no digest is named under
`TERMS`, which no machine can ever be asked for: `.invalid` resolves nowhere (RFC 6761 section 6.4), so no
export makes a reader's software call home.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from holdfire.digests import Digest, canonical

DIGESTS = "nih:sha-256;"
"""Before the hexadecimal digits of a SHA-256."""

TERMS = "https://holdfire.invalid/terms#"
"""Before our own words and identifiers."""

Entry = Mapping[str, Any]
"""What an entry of the log says."""


def leaf(entry: Entry) -> Digest:
    """Return the name of an entry: its leaf hash (docs/format.md, Entries)."""
    return hashlib.sha256(b"\x00" + canonical(dict(entry))).hexdigest()


def local(*parts: str) -> str:
    """Return one name made of several, in characters that every form of PROV and every address takes.

    >>> local("source", "a b")
    'source-a%20b'
    """
    return "-".join(quote(part, safe="") for part in parts)


def moment(instant: str) -> str:
    """Return an instant of the record as an XML Schema dateTime, whose seconds are not optional.

    >>> moment("2016-02-27T00:00Z")
    '2016-02-27T00:00:00Z'
    """
    return datetime.fromisoformat(instant).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

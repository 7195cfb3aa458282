"""What a token of a time-stamping service says of some bytes, once it was checked without any network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from holdfire.answers import Answer

RFC3161 = "rfc3161"
OPENTIMESTAMPS = "opentimestamps"


class Standing(StrEnum):
    """What came of checking a token: the only words about it that the log has."""

    UNREADABLE = "cannot be read"
    OTHER = "does not match"
    UNSIGNED = "matches; the signature does not hold"
    UNCHECKED = "matches; the signature was not checked"
    SIGNED = "matches; signed, by no root we know"
    KNOWN = "matches; signed, under a root we know"
    PENDING = "matches; pending"
    CHAINED = "matches; leads to a Bitcoin block, not looked up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a token says of some bytes.

    Attributes:
        kind: `RFC3161` or `OPENTIMESTAMPS`.
        matches: Whether it stamps these bytes; unclear: it cannot be read.
        when: The instant it names, ISO 8601 in UTC, where its signature holds; empty: none that we can
            stand by without asking anyone.
        standing: What came of it, a closed word.
        says: The same for a person, in full. It may hold the name that a service gives itself.
    """

    kind: str
    matches: Answer
    when: str = ""
    standing: Standing
    says: str


def unreadable(kind: str, why: str) -> Stamp:
    """Return the stamp of a token that cannot be read."""
    return Stamp(
        kind=kind, matches=Answer.UNCLEAR, standing=Standing.UNREADABLE, says=f"it cannot be read: {why}"
    )


def other(kind: str) -> Stamp:
    """Return the stamp of a token that stamps other bytes."""
    return Stamp(
        kind=kind, matches=Answer.NO, standing=Standing.OTHER, says="does not match: it stamps other bytes"
    )

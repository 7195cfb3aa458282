"""A case with keys, a partition and releases, for tests of zones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from holdfire import signing
from holdfire.ledger.drafts import Draft
from holdfire.ledger.keys import PrivateKey
from holdfire.ledger.log import Ledger
from holdfire.protecting.cells import Partition, Settings
from holdfire.protecting.partition import build
from holdfire.protecting.release import Asked, Published, draw_up
from holdfire.sheltering import releasing
from protecting import places
from signatures import ADA, BEN, keyset, signed

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
EASY = Fraction(1, 2)  # made partitions are small, so few places already weigh


@cache
def partition(seed: int = 1, name: str = "SYR") -> Partition:
    """Return a made partition."""
    return build(places(seed, 3000), Settings(), name)


MIDDLES = {"SYR": (38.0, 35.0), "FJI": (179.9, -17.0)}


@cache
def published(name: str, on: int = 6) -> Published:
    """Return a release in Syria, or one over longitude 180, with its first cells on."""
    of = build(places(1, 2000, MIDDLES[name]), Settings(), name)
    codes = [cell.code for cell in of.cells[:on]]
    asked = Asked(codes=codes, sites=on, partition=of, limit=EASY)
    return Published(draw_up(asked, now=NOW, keyset="0" * 64), of)


def begun(folder: Path, **changes: Any) -> Ledger:
    """Return a ledger with keyset 1 in force."""
    ledger = Ledger.open(folder / "ledger.sqlite", write=True)
    signing.enter(ledger, signed(keyset(ledger, **changes), ADA, BEN))
    fixed(ledger, partition())
    return ledger


def fixed(ledger: Ledger, found: Partition) -> Partition:
    """Enter a partition and return it."""
    draft = signing.draft_partition(
        ledger, name=found.name, partition=found.digest, candidates=found.candidates, places=found.places,
        cells=len(found.cells), at="2026-11-01T00:00Z",
    )  # fmt: skip
    signing.enter(ledger, signed(draft, ADA, BEN))
    return found


def drafted(
    ledger: Ledger, codes: Sequence[str] = ("SYR-0003",), now: datetime = NOW, **changes: Any
) -> Draft:
    """Return the draft of the next release."""
    given = {"sites": len(codes), "partition": partition(), "limit": EASY, **changes}
    return releasing.draft(ledger, Asked(codes=codes, **given), now)


def entered(
    ledger: Ledger,
    codes: Sequence[str] = ("SYR-0003",),
    people: Sequence[PrivateKey] = (ADA, BEN),
    **changes: Any,
) -> bytes:
    """Enter the next release and return its file."""
    draft = drafted(ledger, codes, **changes)
    signing.enter(ledger, signed(draft, *people))
    return releasing.publishable(ledger, changes.get("partition", partition()))[0]

"""Officers, a partition and a store of sites made for tests; the words in it are planted to be looked for."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from holdfire.protecting.partition import Partition, Settings, build
from holdfire.sheltering import siterecords, sitestore
from holdfire.sheltering.officers import Officer
from holdfire.sheltering.sitestore import Store
from protecting import places

ADA, BEN, CLEO, EVE = (Officer.make(name) for name in ("Ada", "Ben", "Cleo", "Eve"))
NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)

NAME, CATEGORY, OWNER, NOTE = (
    "Cedar House at the mill",
    "obstetric clinic",
    "Owner of the mill",
    "entrance south",
)
RECIPIENT = "Northern command"


@cache
def partition(seed: int = 1, name: str = "MADE") -> Partition:
    """Return a partition of made places."""
    return build(places(seed, 400), Settings(k=4, block_k=60, block_share=4, beta=Fraction(1, 2)), name)


def position(land: Partition, cell: int = 0, shift: float = 0.0) -> dict[str, str]:
    """Return a position in a cell, moved north by `shift` [m]."""
    box = land.cells[cell].box
    lon = ((box.west + box.east) / 120 + 180) % 360 - 180
    lat = (box.south + box.north) / 120 + shift / 111_000
    return {"longitude": f"{lon:.6f}", "latitude": f"{lat:.6f}"}


def said(land: Partition, cell: int = 0, shift: float = 0.0, who: str = "1", **more: str) -> dict[str, str]:
    """Return what an officer enters of a site or a fix."""
    return {
        **position(land, cell, shift),
        "source": f"Agency number {who}", "observer": f"Surveyor number {who}", "observed": "2031-04-20",
        **more,
    }  # fmt: skip


def site(land: Partition, cell: int = 0, shift: float = 0.0, **more: str) -> dict[str, Any]:
    """Return the record of a site."""
    given = {"name": NAME, "category": CATEGORY, "owner": OWNER, "note": NOTE} | said(
        land, cell, shift, **more
    )
    return siterecords.site(given, land, 250, NOW.date())


def fix(land: Partition, cell: int = 0, shift: float = 20.0, who: str = "2") -> dict[str, Any]:
    """Return the record of one more fix."""
    return siterecords.fix(said(land, cell, shift, who), land, 250, NOW.date())


def consent(recipient: str = "publication", **days: str) -> dict[str, Any]:
    """Return the record of a consent from the year's first day on."""
    return siterecords.consent({"recipient": recipient, "from": "2031-01-01"} | days)


def founded(folder: Path, *joined: Officer) -> Store:
    """Return a store of Ada, Ben and Cleo that Ada founded."""
    public = {each.name: each.public for each in (ADA, BEN, CLEO)}
    store = sitestore.found(folder, public, 250, ADA, NOW)
    for each in joined or (BEN, CLEO):
        store.join(each, store.fingerprint, NOW)
    return store


def needles(record: dict[str, Any]) -> dict[str, str]:
    """Return every word of a record that may be in no file, by a name that may be printed."""
    inner = record.get("fix", {})
    words = {name: record.get(name, "") for name in ("name", "category", "owner", "note", "recipient")}
    words |= {
        f"fix {name}": inner[name] for name in ("lon", "lat", "source", "observer", "cell", "block") if inner
    }
    return {name: word for name, word in words.items() if len(word) >= 8}

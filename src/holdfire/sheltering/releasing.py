"""From codes to a release that two people signed: drawn up, checked against the clock, and published.

A release goes the way of every signed entry: `holdfire protect release` draws it up, `holdfire sign` adds a
signature where its holder is, `holdfire enter` puts it into the log once enough have signed. So releases
have one order, that witnesses see, and no second way of signing exists
(docs/decisions/0042-zones-are-released-through-the-log.md). Nobody's place comes here: codes alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from holdfire import signing, times
from holdfire.errors import BadInput
from holdfire.ledger import attested, drafts, entering
from holdfire.ledger.drafts import Draft
from holdfire.ledger.log import Ledger
from holdfire.ledger.shelf import Staged
from holdfire.precaution import released
from holdfire.protecting import release as releases
from holdfire.protecting.cells import Partition
from holdfire.protecting.release import Asked, Published, Release
from holdfire.sheltering.publishedfolder import made

_UTC = times.zone("UTC")

_DATED = ("keyset", "partition", "bulletin", "release", "run")
"""Kinds of entry whose time the clock is held against."""


def codes_of(path: Path) -> list[str]:
    """Return the codes in a file, one a line; what follows `#` is left out.

    Raises:
        BadInput: It cannot be read, or a line holds something else than a code.
    """
    found = []
    lines = released.bytes_of(path).decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, 1):
        code = line.partition("#")[0].strip()
        if code and not re.fullmatch(r"[A-Z][A-Z0-9]{1,11}-B?[0-9]+", code):
            raise BadInput(
                "a line holds something else than a code", f"{path.name}, line {number}",
                "one code a line, such as SYR-0012; no position and no name may stand here",
            )  # fmt: skip
        found += [code] if code else []
    return found


def asked(
    *,
    codes: Sequence[str],
    sites: int,
    partition: Path,
    earlier: Sequence[Path] = (),
    starts: str = "",
    fresh: bool = False,
    others: bool = False,
    limit: float | None = None,
) -> Asked:
    """Return what a release is asked to hold, its partitions read from files.

    Raises:
        BadInput: A file is no partition, or the limit is not between 0 and 1.
    """
    if limit is not None and not 0 < limit <= 1:
        raise BadInput("a belief is above 0, and 1 at most", "--limit")
    return Asked(
        codes=codes,
        sites=sites,
        partition=released.read_partition(partition),
        earlier=[released.read_partition(path) for path in earlier],
        starts=starts,
        fresh=fresh,
        others=others,
        limit=None if limit is None else Fraction(str(limit)),
    )


def past(ledger: Ledger) -> list[Release]:
    """Return all releases that were entered, in order."""
    return [releases.read(entry.value) for entry in ledger.entries("zones")]


def draft(ledger: Ledger, asked: Asked, now: datetime) -> Draft:
    """Return the draft of the next release.

    Raises:
        BadInput: The clock runs backwards, there is no keyset, or `release.draw_up` refuses.
    """
    refuse_backwards(ledger, now)
    keyset = signing.keyset_in_force(ledger).leaf
    drawn = releases.draw_up(asked, now=now, keyset=keyset, past=past(ledger))
    found = drafts.checked(drawn.value)
    entering.fits(ledger, found)
    return found


def refuse_backwards(ledger: Ledger, now: datetime) -> None:
    """Refuse a clock that says less than the log does.

    Raises:
        BadInput: An entry was made after `now`.
    """
    latest = ""
    for kind in _DATED:
        for entry in ledger.entries(kind):
            latest = max(latest, str(entry.value.get("at", "")))
    if latest and times.instant(latest, _UTC) > now:
        raise BadInput(
            f"the clock says {times.utc(now)}, and the log has an entry of {latest}: it runs backwards",
            hint="set the clock; which epoch has begun depends on it",
        )


def refuse_entering(ledger: Ledger, said: Mapping[str, Any], now: datetime) -> None:
    """Refuse to enter a release by a clock that runs backwards, or too late.

    Raises:
        BadInput: It is.
    """
    refuse_backwards(ledger, now)
    refuse_late(said, now)


def refuse_late(said: Mapping[str, Any], now: datetime) -> None:
    """Refuse to enter a release whose epoch has begun while it was passed round, or that is none.

    Raises:
        BadInput: It has.
    """
    release = releases.read(said)
    if release.when.start is not None and release.when.start <= now:
        raise BadInput(
            f"the epoch has begun on {release.starts[:10]} while the draft was passed round",
            "zones",
            "draw the next up: holdfire protect release",
        )


def publishable(ledger: Ledger, partition: Partition) -> tuple[bytes, Published]:
    """Return the file of the last release, and what it says beside its partition.

    Raises:
        BadInput: There is no release, or it is of another partition.
    """
    entries = list(ledger.entries("zones"))
    if not entries:
        raise BadInput("no release of zones was entered yet", hint="holdfire protect release, sign, enter")
    content = attested.attested(ledger, entries[-1])
    found = released.parse(content, "release")
    return content, Published(found.release, partition)


def publish(ledger: Ledger, partition: Path, out: Path) -> Published:
    """Write the folder of the last release: its file, its partition, a page, and the exports.

    All bytes are functions of the release, its partition and the names of those who signed; the folder takes
    its place in one step.

    Raises:
        BadInput: There is no release, it is of another partition, or something else stands in the way.
    """
    content, published = publishable(ledger, released.read_partition(partition))
    found = released.parse(content, "release")
    if out.is_dir() and any(out.iterdir()) and not (out / released.RELEASE).is_file():
        hint = "name one that does not exist yet"
        raise BadInput("the folder is not empty and holds no release", str(out), hint)
    with Staged(out) as staged:
        for name, each in sorted(made(content, found, published).items()):
            staged.write(name, each)
    return published

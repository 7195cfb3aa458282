"""The files of a store of sites: its charter, and for each site a folder of sealed files.

    charter.json           who the officers are, and within what two fixes agree; its digest names the store
    log.jsonl              who did what (`sitelog`)
    sites/ID/key           the site's public key, and its private key wrapped for every pair of officers
    sites/ID/DIGEST        a sealed record, named by the digest of its sealed bytes

Only sealed bytes are ever written, also to the files beside that a rename puts in their place. A file is on
the disk before a line of the log speaks of it, so one that no line names is what a killed run left.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfire.digests import Digest, canonical, digest
from holdfire.errors import BadInput, HoldfireError, Problems
from holdfire.ledger import keyfiles
from holdfire.ledger.blobfiles import shred
from holdfire.ledger.disk import force
from holdfire.ledger.keys import written
from holdfire.ledger.shelf import make_folder
from holdfire.sheltering.officers import Public, public_of
from holdfire.sheltering.wrapping import Pair

FORM = "holdfire-sites/v1"
CHARTER = "charter.json"
LOG = "log.jsonl"
SITES = "sites"
KEY = "key"
LOCK = "lock"
MOST = 20
"""Most officers of a store: each site is wrapped for every pair."""

_ID = re.compile(r"[0-9a-f]{16}")
_LARGEST = 1 << 20
DAMAGED = "bring the store back from a copy; leave this file as it is, for whoever finds out why"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What a store was founded with; nothing in it changes.

    Attributes:
        store: Random, 32 hexadecimal digits.
        officers: Public keys by name.
        tolerance: Within which two fixes agree [m].
        at: When it was founded, UTC.
    """

    store: str
    officers: Mapping[str, Public]
    tolerance: int
    at: str

    @property
    def text(self) -> bytes:
        """Return it as it is written."""
        return canonical(
            {
                "form": FORM,
                "store": self.store,
                "officers": {name: str(each) for name, each in self.officers.items()},
                "tolerance": self.tolerance,
                "at": self.at,
            }
        )

    @property
    def fingerprint(self) -> Digest:
        """Return the name of exactly this charter."""
        return digest(self.text)

    def refuse(self) -> None:
        """Raise what is wrong with it.

        Raises:
            BadInput: There are fewer than two officers or more than `MOST`, two of one key, or the tolerance
                is out of range.
        """
        problems = Problems("officers")
        if not 2 <= len(self.officers) <= MOST:
            problems.add(
                f"a store has 2 to {MOST} officers, not {len(self.officers)}",
                hint="three: one key may be lost",
            )
        for kind in ("opens", "signs"):
            if len({getattr(each, kind) for each in self.officers.values()}) < len(self.officers):
                problems.add(
                    "two officers have one key", hint="each makes their own: holdfire protect site key"
                )
                break
        if not 10 <= self.tolerance <= 5_000:
            problems.add("two fixes agree within 10 to 5,000 m", hint="--tolerance 250")
        problems.raise_any()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteKey:
    """The file of a site's key: sealed, but for the half that only closes."""

    public: bytes
    wrapped: Mapping[Pair, bytes]

    @property
    def text(self) -> bytes:
        """Return it as it is written."""
        return canonical(
            {
                "form": FORM,
                "public": written(self.public),
                "wrapped": [[*pair, written(each)] for pair, each in sorted(self.wrapped.items())],
            }
        )


def read_charter(folder: Path) -> Charter:
    """Return the charter of a store.

    Raises:
        BadInput: There is none, or it was changed by hand.
    """
    path = folder / CHARTER
    try:
        content = path.read_bytes()
    except OSError:
        raise BadInput("there is no store of sites", str(folder), "holdfire protect site init") from None
    try:
        value: Any = json.loads(content)
        charter = Charter(
            store=str(value["store"]),
            officers={name: public_of(keys, name) for name, keys in value["officers"].items()},
            tolerance=int(value["tolerance"]),
            at=str(value["at"]),
        )
        charter.refuse()
        fine = charter.text == content
    except (ValueError, KeyError, TypeError, AttributeError, BadInput):
        fine = False
    if not fine:
        raise BadInput("the charter of the store is damaged", str(path), DAMAGED)
    return charter


def read_key(folder: Path, site: str, expected: Digest) -> SiteKey:
    """Return the file of a site's key, held against the digest that the log has.

    Raises:
        BadInput: It is gone or was changed.
    """
    content = read_sealed(folder, site, KEY, expected)
    value = json.loads(content)
    return SiteKey(
        public=base64.b64decode(value["public"]),
        wrapped={(first, second): base64.b64decode(each) for first, second, each in value["wrapped"]},
    )


def read_sealed(folder: Path, site: str, name: str, expected: Digest) -> bytes:
    """Return a file of a site, held against the digest that the log has.

    Raises:
        BadInput: It is gone or was changed.
    """
    try:
        with (folder_of(folder, site) / name).open("rb") as file:
            content = file.read(_LARGEST)
    except OSError:
        raise BadInput("a file of a site is gone", f"site {site}", DAMAGED) from None
    if digest(content) != expected:
        raise BadInput("a file of a site was changed", f"site {site}", DAMAGED)
    return content


def write(folder: Path, site: str, name: str, content: bytes) -> None:
    """Write a sealed file that is not there yet; when this returns it is on the disk.

    Raises:
        HoldfireError: The disk refuses.
    """
    at = folder_of(folder, site)
    make_folder(at)
    try:
        keyfiles.write_new(at / name, content)
    except FileExistsError:
        raise HoldfireError(
            "something stands there already", f"site {site}", "holdfire protect site check"
        ) from None


def destroy(folder: Path, site: str) -> None:
    """Overwrite and remove the key of a site, then its records, then its folder; what is gone is gone.

    Raises:
        HoldfireError: The disk refuses.
    """
    at = folder_of(folder, site)
    if not at.is_dir():
        return
    shred(at / KEY)
    for path in sorted(at.iterdir()):
        shred(path)
    try:
        at.rmdir()
        force(at.parent)
    except OSError as error:
        raise HoldfireError(f"it cannot be removed: {error.strerror}", f"site {site}") from None


def folder_of(folder: Path, site: str) -> Path:
    """Return where a site's files lie.

    Raises:
        BadInput: The id is none.
    """
    if not _ID.fullmatch(site):
        raise BadInput(
            "a site's id has sixteen hexadecimal digits", hint="holdfire protect site log names them"
        )
    return folder / SITES / site


def listed(folder: Path) -> Iterator[Path]:
    """Yield every file below a store, sorted."""
    yield from sorted(path for path in folder.rglob("*") if not path.is_dir())


def remove(path: Path) -> None:
    """Overwrite and remove a file that nothing speaks of, and its folder if that was all.

    Raises:
        HoldfireError: The disk refuses.
    """
    shred(path)
    try:
        if path.parent.parent.name == SITES and not any(path.parent.iterdir()):
            path.parent.rmdir()
            force(path.parent.parent)
    except OSError as error:
        raise HoldfireError(f"a folder cannot be removed: {error.strerror}", str(path.parent)) from None

"""The log of a store of sites: who did what, why and when, to which site id, and nothing of any site.

A line is canonical JSON and holds the digest of the line before, the first that of the store's charter; the
officers who act sign it. There is no field that could hold a position, a name of a place, a category or a
recipient: reasons are a closed list, a reference is some capitals and a number. A line is on the disk before
what it speaks of is given out. A line cut short by a crash was never a line.

Cutting whole lines off the end leaves a log that is whole in itself: who keeps the last head elsewhere finds
out (`site check --head`). tests/unit/test_sitestore.py changes and cuts lines,
tests/unit/test_sitestore_one_officer.py forges them.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from holdfire.digests import Digest, canonical, digest
from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger.disk import force
from holdfire.sheltering.officers import Officer, Public

ACTS = ("found", "join", "add", "write", "open", "cells", "consents", "destroy", "clock")
"""What a line can say was done. What was written to a site (a fix, a consent) stands in its record alone."""

TWO = ("open", "cells", "consents", "destroy", "clock")
"""Acts that two officers sign; a decision, which stands in a sealed record, needs two as well."""

WHYS: Mapping[str, str] = {
    "release": "to know which cells are on in an epoch",
    "notice": "to notify a recipient",
    "verify": "to hold fixes against each other",
    "owner": "the owner asked",
    "incident": "something was reported there",
    "audit": "to audit the store",
    "handover": "to hand the store over",
    "mistake": "to mend a mistake",
}
"""Why something may be read or destroyed."""

_REF = re.compile(r"([A-Z]{1,3}-)?[0-9]{1,4}(-[0-9]{1,3})?")
_MESSAGE = b"holdfire-sites-log/v1\n"
_DAMAGED = "leave the file as it is, for whoever finds out why; bring the store back from a copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line.

    Attributes:
        n: Its number, from 1.
        at: When, UTC.
        act: One of `ACTS`.
        by: Who, sorted.
        why: One of `WHYS`; empty: nothing was read or destroyed.
        ref: Number of a paper kept elsewhere, such as REL-12; empty: none.
        site: Id of a site; empty: all, or none.
        key: Digest of the file of the site's key, where it was made.
        record: Digest of the sealed record that was written.
        before: Digest of the line before.
        signatures: By name, base64.
    """

    n: int
    at: str
    act: str
    by: tuple[str, ...]
    why: str = ""
    ref: str = ""
    site: str = ""
    key: str = ""
    record: str = ""
    before: Digest
    signatures: Mapping[str, str]

    @property
    def text(self) -> bytes:
        """Return it as it is written, without the line's end."""
        return canonical(asdict(self) | {"by": list(self.by), "signatures": dict(self.signatures)})

    @property
    def digest(self) -> Digest:
        """Return its digest, which the next line holds."""
        return digest(self.text)

    @property
    def message(self) -> bytes:
        """Return what is signed."""
        return _MESSAGE + canonical(
            {name: value for name, value in json.loads(self.text).items() if name != "signatures"}
        )

    @property
    def when(self) -> datetime:
        """Return the instant it gives."""
        return datetime.fromisoformat(self.at)


def checked_why(why: str, ref: str) -> tuple[str, str]:
    """Return a reason and a reference as they are.

    Raises:
        BadInput: There is no reason, it is none of `WHYS`, or the reference could hold more than a number.
    """
    known = "; ".join(f"{name} ({words})" for name, words in WHYS.items())
    if not why:
        raise BadInput("a reason is left out", "--why", known)
    if why not in WHYS:
        raise BadInput("this is no reason of the list", "--why", known)
    if ref and not _REF.fullmatch(ref):
        raise BadInput(
            "a reference is up to three capitals and a number",
            "--ref",
            "such as REL-12 or 2031-14; never words or places",
        )
    return why, ref


def drawn(
    lines: Sequence[Line],
    store: Digest,
    officers: Sequence[Officer],
    now: datetime,
    act: str,
    **said: str,
) -> Line:
    """Return the next line, signed by who acts.

    Raises:
        BadInput: The clock runs backwards.
    """
    at = now.astimezone(UTC).replace(microsecond=0)
    if lines and act != "clock" and at < lines[-1].when:
        raise BadInput(
            f"the clock says {_shown(at)}, and the log has a line of {lines[-1].at}: it runs backwards",
            hint="set the clock; if it was the last line's that was wrong: holdfire protect site clock",
        )
    by = tuple(sorted(each.name for each in officers))
    before = lines[-1].digest if lines else store
    line = Line(n=len(lines) + 1, at=_shown(at), act=act, by=by, before=before, signatures={}, **said)
    signed = {each.name: base64.b64encode(each.signing.sign(line.message)).decode() for each in officers}
    return Line(**{**_fields(line), "signatures": signed})


def append(path: Path, line: Line) -> None:
    """Add a line; when this returns it is on the disk, and where it fails the file is as it was.

    Raises:
        HoldfireError: The disk refuses.
    """
    content = line.text + b"\n"
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        new = not path.exists()
        with os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0) as file:
            whole = file.read().rfind(b"\n") + 1
            file.truncate(whole)  # what a crash cut short was never a line
            file.seek(whole)
            try:
                if file.write(content) < len(content):
                    raise OSError(28, "No space left on device")
                force(path)
                if new:
                    force(path.parent)
            except OSError:
                file.truncate(whole)
                raise
    except OSError as error:
        raise HoldfireError(
            f"the log cannot be written: {error.strerror}",
            str(path),
            "nothing was given out; is the disk full?",
        ) from None


def read(path: Path, store: Digest, officers: Mapping[str, Public]) -> list[Line]:
    """Return the lines of a log, each held against the one before and its signatures.

    Raises:
        BadInput: A line was changed, moved, left out or added by someone else.
        HoldfireError: It cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadInput("the log is not there", str(path), _DAMAGED) from None
    except OSError as error:
        raise HoldfireError(f"the log cannot be read: {error.strerror}", str(path)) from None
    lines: list[Line] = []
    rules = _Rules()
    before = store
    for number, text in enumerate(content[: content.rfind(b"\n") + 1].split(b"\n")[:-1], 1):
        line = _parsed(text)
        if line is None or line.n != number or line.before != before or not _signed(line, officers):
            raise BadInput("the log was changed", f"{path.name}, line {number}", _DAMAGED)
        if why := rules.broken(line):
            raise BadInput(f"the log was changed: {why}", f"{path.name}, line {number}", _DAMAGED)
        lines.append(line)
        before = line.digest
    if not lines:
        raise BadInput("the log is empty", str(path), _DAMAGED)
    return lines


def _parsed(text: bytes) -> Line | None:
    try:
        value: Any = json.loads(text)
        line = Line(**{**value, "by": tuple(value["by"])})
        fine = line.text == text and line.act in ACTS and bool(line.by)
        _ = line.when
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return line if fine else None


def _signed(line: Line, officers: Mapping[str, Public]) -> bool:
    if set(line.signatures) != set(line.by) or not set(line.by) <= set(officers):
        return False
    try:
        for name in line.by:
            key = Ed25519PublicKey.from_public_bytes(officers[name].signs)
            key.verify(base64.b64decode(line.signatures[name], validate=True), line.message)
    except (InvalidSignature, ValueError):
        return False
    return True


class _Rules:
    """What lines that follow one another may say.

    Whoever holds one officer's key can write and sign lines with a program of their own, which asks nothing:
    so reading asks it.
    """

    def __init__(self) -> None:
        self.there: set[str] = set()
        self.added: set[str] = set()
        self.records: set[str] = set()
        self.last: datetime | None = None

    def broken(self, line: Line) -> str:
        """Take in a line, and say which rule it breaks; empty: none."""
        rules = (
            (
                line.act in TWO and len(line.by) != 2,
                "it says what two officers must say, and not two signed it",
            ),
            (
                line.act != "clock" and self.last is not None and line.when < self.last,
                "its time runs backwards",
            ),
            (line.act == "add" and line.site in self.added, "a site is added twice"),
            (
                line.act in ("write", "open", "destroy") and line.site not in self.there,
                "it is about a site that is not there",
            ),
            (bool(line.record) and line.record in self.records, "a record is written twice"),
        )
        if line.act == "add":
            self.there.add(line.site)
            self.added.add(line.site)
        elif line.act == "destroy":
            self.there.discard(line.site)
        self.records.add(line.record)
        self.last = line.when
        return next((why for breaks, why in rules if breaks), "")


def _fields(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in Line.__slots__}


def _shown(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")

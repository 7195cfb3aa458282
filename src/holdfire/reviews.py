"""What editors found of determinations: a review is an entry that its editor signed.

A determination is verified when two editors have said so of the very entry that stands. A later entry of
the same determination begins under review again, and one editor who says `suspended` or `withdrawn` is
enough to take the word back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfire.errors import BadInput
from holdfire.ledger.entering import keyset_in_force
from holdfire.ledger.entry import Entry
from holdfire.ledger.keys import key_id
from holdfire.ledger.log import Ledger
from holdfire.records.determination import Status

ENOUGH = 2
"""Editors who must agree before a determination is verified."""

SAID = (Status.VERIFIED, Status.SUSPENDED, Status.WITHDRAWN, Status.UNDER_REVIEW)
"""What an editor may find."""


@dataclass(frozen=True)
class Review:
    """Where a determination stands, and who says so."""

    status: str
    editors: tuple[str, ...]


def reviews(ledger: Ledger, upto: int | None = None) -> dict[str, Review]:
    """Return where each reviewed determination stands, by its id; the others are under review.

    Args:
        ledger: The log.
        upto: Length of the prefix of the log; None: all of it.
    """
    said: dict[str, dict[str, tuple[str, str]]] = {}
    for entry in ledger.entries("review", upto=upto):
        body = entry.value
        editors = keyset_in_force(ledger, entry.seq).editors
        names = {key_id(key): name for name, key in editors.items()}
        for key in body.get("signatures", {}):
            if key in names:
                said.setdefault(body["of"], {})[names[key]] = (body["entry"], body["status"])
    found = {}
    for name, by in said.items():
        standing = latest(ledger, name, upto)
        now = {editor: status for editor, (leaf, status) in by.items() if standing and leaf == standing.leaf}
        if now:
            found[name] = _review(now)
    return found


def _review(now: Mapping[str, str]) -> Review:
    for against in (Status.WITHDRAWN, Status.SUSPENDED):
        if against.value in now.values():
            return Review(against.value, tuple(sorted(e for e, s in now.items() if s == against.value)))
    agreed = tuple(sorted(e for e, s in now.items() if s == Status.VERIFIED.value))
    status = Status.VERIFIED if len(agreed) >= ENOUGH else Status.UNDER_REVIEW
    return Review(status.value, agreed)


def latest(ledger: Ledger, name: str, upto: int | None = None) -> Entry | None:
    """Return the last entry that speaks of a determination; None: none does."""
    found = None
    for entry in ledger.entries("determination", upto=upto):
        if entry.value["determination_id"] == name:
            found = entry
    return found


def one(ledger: Ledger, start: str) -> Entry:
    """Return the entry of the determination that the start of an id names.

    Raises:
        BadInput: None, or several, are named so.
    """
    found = {
        entry.value["determination_id"]: entry
        for entry in ledger.entries("determination")
        if entry.value["determination_id"].startswith(start)
    }
    if len(found) != 1:
        raise BadInput(
            f'{len(found)} determinations are named "{start}"',
            hint="ids are printed on each page of a bulletin",
        )
    return next(iter(found.values()))

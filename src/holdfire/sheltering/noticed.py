"""How every notice of a case stands, and what time it is."""

from __future__ import annotations

from datetime import datetime

from holdfire.case import Case
from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.precaution.notified import Register, body_of, register
from holdfire.protecting.notices import Told
from holdfire.protecting.notification import Notification
from holdfire.times import utc


def now_of(case: Case) -> datetime:
    """Return the time, in whole seconds."""
    return case.now().replace(microsecond=0)


def forward(case: Case, known: Register) -> datetime:
    """Return the time, if it is not before what was logged last.

    Raises:
        BadInput: The clock runs backwards.
    """
    now = now_of(case)
    if known.last is not None and now < known.last:
        raise BadInput(
            "the clock runs backwards: something later was logged already",
            f"clock {utc(now)}, log {utc(known.last)}",
            "set the clock right; nothing was written",
        )
    return now


def status(case: Case) -> list[tuple[Digest, Notification | None, tuple[Told, ...]]]:
    """Return each notice with what it says, where the vault still has that, and what each recipient was told.

    Raises:
        BadInput: An entry or the vault is damaged; or the clock, on which how a notice stands depends, runs
            backwards.
    """
    shown = []
    with case.ledger() as ledger, case.vault() as vault:
        found = register(ledger)
        now = forward(case, found)
        for notice in found.events:
            body = body_of(vault, notice) if notice in vault else None
            shown.append((notice, body, found.told(notice, now, body.ends if body else None)))
    return shown

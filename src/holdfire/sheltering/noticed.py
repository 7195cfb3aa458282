"""How every notice of a case stands, and what time it is."""

from __future__ import annotations

from datetime import datetime

from holdfire.case import Case
from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.precaution.notified import body_of, register
from holdfire.protecting.notices import Told
from holdfire.protecting.notification import Notification


def now_of(case: Case) -> datetime:
    """Return the time, in whole seconds."""
    return case.now().replace(microsecond=0)


def status(case: Case) -> list[tuple[Digest, Notification | None, tuple[Told, ...]]]:
    """Return each notice with what it says, where the vault still has that, and what each recipient was told.

    Raises:
        BadInput: An entry or the vault is damaged.
    """
    shown = []
    with case.ledger() as ledger, case.vault() as vault:
        found = register(ledger)
        if found.last is not None and now_of(case) < found.last:
            hint = "set the clock right: how a notice stands depends on it"
            raise BadInput("the clock runs backwards: something later was logged already", "clock", hint)
        for notice in found.events:
            body = body_of(vault, notice) if notice in vault else None
            shown.append((notice, body, found.told(notice, now_of(case), body.ends if body else None)))
    return shown

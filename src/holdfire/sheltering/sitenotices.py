"""Draft a notice of a site in the store: position, name and owner's consent come from there, by two officers.

So the position is never in a file of its own. It must be verified: two independent fixes, as everywhere. The
store logs who opened the site and why before it is read. The owner's consent is the store's, asked again
when the notice is handed over (`consenting`). tests/unit/test_sitenotices.py draws one up, and tries to
without.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from holdfire.case import Case
from holdfire.errors import Problem
from holdfire.precaution.notified import register
from holdfire.protecting.notification import About, Notification, asked_window
from holdfire.sheltering.consenting import Opened
from holdfire.sheltering.noticed import forward
from holdfire.sheltering.notifying import Drafted, drafted, mapping
from holdfire.sheltering.officers import Officer
from holdfire.sheltering.sitestore import Store


def draft_site(
    case: Case, store: Store, site: str, officers: Sequence[Officer], ref: str, file: Path, to: Sequence[str]
) -> Drafted:
    """Draft a notice of a site, to recipients to whom its owner consents; the same again changes nothing.

    Args:
        case: The case.
        store: Of sites.
        site: Its id.
        officers: Two of the store's.
        ref: Number of a paper kept elsewhere, for the store's log.
        file: YAML: `from`, `to`, `reply_by`, and `words` if there is more to say.
        to: Names or key ids of recipients; the store knows them by name.

    Raises:
        BadInput: Everything that is wrong: the officers, the file, the position is not verified, a recipient
            without a key or without consent.
        HoldfireError: The store's log cannot be written; nothing was read.
    """
    said, lines = mapping(file)
    starts, ends, reply_by, words = asked_window(said, file.name, lines)
    with case.ledger(write=True) as ledger, case.vault(write=True) as vault:
        known = register(ledger)
        now = forward(case, known)
        held = store.open_(site, officers, "notice", ref, now)
        opened = Opened.of(store, held)
        body, problems = told_of(opened, starts, ends, reply_by, words)
        return drafted(
            case, ledger, vault, body, to, file.name, of=opened.label, opened=opened, wrong=problems
        )


def told_of(
    opened: Opened, starts: datetime, ends: datetime, reply_by: datetime, words: str
) -> tuple[Notification, list[Problem]]:
    """Return what is told of a site, and what keeps it from being told whatever its position is."""
    site, problems = opened.site, []
    if site.window is not None:
        hint = "its route comes by file: holdfire notify draft FILE --outside-store"
        problems.append(Problem("this is a group on the move", f"site {site.id}", hint))
    partition, _, code = site.code(opened.tolerance)
    body = Notification(
        about=About.SITE,
        subject=site.name,
        stops=(opened.where,),
        cells=(code,),
        partition=partition,
        starts=starts,
        ends=ends,
        reply_by=reply_by,
        words=words,
    )
    return body, problems

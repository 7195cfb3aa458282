"""Whether an owner lets a recipient be told, at the moment when they are told: in the case, or in the store.

What is told of a site in the store rests on the consent that is kept there, and on no copy of it: whoever
hands the notice over opens the site again, as two officers, and a consent that was taken back since then
stops it. Which site it is lies in the vault beside the notice, sealed; the log does not say so. What is told
of a file rests on a consent that the case keeps. One taken back in the case stops a notice of the store too,
until the owner gives it again. tests/unit/test_consenting.py takes each back and tries to go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from holdfire.case import Case
from holdfire.digests import Digest
from holdfire.errors import BadInput, Problem
from holdfire.ledger.opening import Card
from holdfire.ledger.vault import Vault
from holdfire.precaution.notified import Register, consents_of, register
from holdfire.protecting.notices import lacking
from holdfire.protecting.notification import UNITS, About, Notification, Stop
from holdfire.protecting.sites import Site, Standing
from holdfire.sheltering.officers import Officer
from holdfire.sheltering.sitestore import Store


@dataclass(frozen=True, slots=True)
class Opened:
    """A site that two officers opened just now.

    Attributes:
        store: Fingerprint of its store.
        tolerance: Within which two fixes agree there [m].
        site: What is known of it.
    """

    store: Digest
    tolerance: int
    site: Site = field(repr=False)

    @classmethod
    def of(cls, store: Store, site: Site) -> Opened:
        """Return a site that a store has opened."""
        return cls(store.fingerprint, store.charter.tolerance, site)

    @property
    def where(self) -> Stop:
        """Return the position that is told of it: the newest fix in the cell that shelters it."""
        code = self.site.code(self.tolerance)[2]
        fixes = self.site.fixes
        fix = next((each for each in reversed(fixes) if code in (each.cell, each.block)), fixes[-1])
        return Stop(round(float(fix.lon) * UNITS), round(float(fix.lat) * UNITS))

    @property
    def label(self) -> Mapping[str, str]:
        """Return what stands beside a notice of it in the vault."""
        return {"store": self.store, "site": self.site.id}


def origin(vault: Vault, notice: Digest) -> Mapping[str, str]:
    """Return the store and site that a notice is of; empty: it was drafted of a file."""
    label = vault.label(notice) if notice in vault else {}
    return {name: label[name] for name in ("store", "site") if name in label}


def open_again(
    case: Case, start: str, store: Store, officers: Sequence[Officer], ref: str, now: datetime
) -> Opened:
    """Return the site that a notice is of, opened anew by two officers; the store's log says so first.

    Raises:
        BadInput: There is no such notice, or it is of no site or of another store; or the officers may not.
    """
    with case.ledger() as ledger, case.vault() as vault:
        of = origin(vault, register(ledger).notice(start))
    if not of:
        raise BadInput("this notice is of no site in a store", "notice", "leave --key out")
    if of["store"] != store.fingerprint:
        raise BadInput("this notice is of a site in another store", "--store")
    return Opened.of(store, store.open_(of["site"], officers, "notice", ref, now))


def stale(body: Notification, opened: Opened | None) -> Iterator[Problem]:
    """Yield why what a notice says of a site is not what the store says now.

    Args:
        body: The notice.
        opened: The site that it is of, opened anew; None: it is of none, or was not opened.
    """
    if opened is None or body.about is About.WITHDRAWAL:
        return
    at = f"site {opened.site.id}"
    if opened.site.standing(opened.tolerance) is Standing.UNVERIFIED:
        hint = "a second fix, by another source and observer: holdfire protect site fix"
        yield Problem("the position is not verified", at, hint)
    elif body.stops != (opened.where,):
        yield Problem("the store has another position than the notice", at, "withdraw it, and draft another")


def lacks(
    known: Register,
    vault: Vault,
    body: Notification,
    card: Card,
    now: datetime,
    of: Mapping[str, str],
    opened: Opened | None,
) -> Iterator[Problem]:
    """Yield why an owner's consent does not let a recipient be told of a notice now.

    Args:
        known: What the log says.
        vault: Holds the case's consents.
        body: The notice.
        card: The recipient's.
        now: The time.
        of: Store and site that the notice is of; empty: none.
        opened: The same, opened anew; None: it was not.
    """
    if body.about is About.WITHDRAWAL:
        return  # it names no place, and only those who were told are told of it
    kept = [each for each in consents_of(known, vault, body.subject) if each.to == card.id]
    if not of:
        lack = lacking(kept, card.id, now)
        if lack is not None:
            yield lack
        return
    if opened is None or opened.label != of:
        yield Problem(
            "the owner's consent is kept in the store, and may have been taken back there since",
            f"recipient {card.name}",
            "open the site again: --store FOLDER --key FILE --key FILE",
        )
        return
    revoked = max((each.revoked for each in kept if each.revoked is not None), default=None)
    first, last = min(body.starts, now).date(), _after(body.ends)
    if not opened.site.consents_to(card.name, first, last):
        yield Problem(
            "the owner has not consented in the store for all of the window, or took it back",
            f"recipient {card.name}",
            "ask the owner; holdfire protect site consent",
        )
    elif revoked is not None and not opened.site.consents_to(card.name, first, last, since=revoked):
        yield Problem(
            "the owner took a consent back in the case, and has not given it again in the store since",
            f"recipient {card.name}",
            "revoke it in the store too; or ask the owner, and holdfire protect site consent",
        )


def _after(ends: datetime) -> date:
    """Return the first day after the last that a window touches."""
    return (ends - timedelta(microseconds=1)).date() + timedelta(days=1)

"""Who can be told: an office's card is entered, and its keys withdrawn, each under two people's signatures.

Nothing is written here: each act returns a draft, which two people sign and `holdfire enter` holds against
the log. A card stays in the log; what is withdrawn is that anything is sealed to its keys or taken from them.
"""

from __future__ import annotations

from pathlib import Path

from holdfire import signing
from holdfire.case import Case
from holdfire.ledger import drafts, entering, opening
from holdfire.ledger.drafts import Draft
from holdfire.ledger.keys import written
from holdfire.ledger.log import Ledger
from holdfire.ledger.opening import Card
from holdfire.precaution.notified import Register, register
from holdfire.sheltering.noticed import forward
from holdfire.sheltering.notifying import content
from holdfire.times import utc


def draft(case: Case, card: Path) -> tuple[Card, Draft | None]:
    """Return a recipient's card and the draft of its entry, for two people to sign; None: it was entered.

    One person alone could otherwise have notices sealed to a key of their own, under another's name.

    Raises:
        BadInput: It is no card, another recipient has the name or the key, or there is no keyset.
    """
    found = opening.read_card(content(card), card.name)
    with case.ledger() as ledger:
        known = register(ledger)
        if known.cards.get(found.id) == found and found.id not in known.withdrawn:
            return found, None
        return found, _card_draft(case, ledger, known, found)


def draft_withdrawal(case: Case, name: str) -> tuple[Card, Draft]:
    """Return a recipient's card and the draft that withdraws its keys, for two people to sign.

    From its entry on nothing is sealed to them and no receipt of theirs is taken; what they signed before
    stands. New keys may then be entered under the same name.

    Raises:
        BadInput: There is no such recipient, its keys are withdrawn already, or there is no keyset.
    """
    with case.ledger() as ledger:
        known = register(ledger)
        found = known.recipient(name)
        return found, _card_draft(case, ledger, known, found, step="withdrawn")


def _card_draft(case: Case, ledger: Ledger, known: Register, card: Card, **step: str) -> Draft:
    made = drafts.checked(
        {
            "kind": "recipient",
            "name": card.name,
            "signs": written(card.signs),
            "opens": written(card.opens),
            "card": written(card.own),
            "at": utc(forward(case, known)),
            "keyset": signing.keyset_in_force(ledger).leaf,
            **step,
        }
    )
    entering.fits(ledger, made)
    return made

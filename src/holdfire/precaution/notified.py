"""What the log says of notices: who can be told, who was told, what came back; and what the vault adds.

The log has commitments, key ids and times. The vault has what was said and the owners' consents. Nothing that
is returned here for people to read names a place, but for `body_of`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdfire import times
from holdfire.digests import Digest
from holdfire.errors import BadInput, nearest
from holdfire.ledger import keysets
from holdfire.ledger.drafts import card_of
from holdfire.ledger.entry import Entry
from holdfire.ledger.keysets import Keyset
from holdfire.ledger.log import Ledger
from holdfire.ledger.opening import Card
from holdfire.ledger.vault import Vault
from holdfire.protecting.notices import Consent, Event, Step, Told, told
from holdfire.protecting.notification import Notification, parse

UTC = times.zone("UTC")
KINDS = ("recipient", "consent", "notice", "receipt")
"""Kinds of entry that are about notices."""

HELD = ("keyset", *KINDS)
"""The same, and what recipients' cards are held against."""


@dataclass
class Register:
    """What the log says of notices, as of one size.

    Attributes:
        cards: Recipients by key id, in the order they were entered.
        withdrawn: When the keys of some of them were withdrawn, by key id.
        events: Of each notice, by commitment, in the order they were drafted.
        reply_by: By when each is to be acknowledged.
        before: The notice that each renews or withdraws.
        envelopes: Digest of what was sent or revealed, by notice, key id and step.
        consents: Commitment, key id, step and time of each consent, in order.
        receipts: Entries of receipts.
        keyset: The keyset in force, under which two people sign a recipient's card; None: none yet.
        last: The latest time among all these.
    """

    cards: dict[str, Card] = field(default_factory=dict)
    withdrawn: dict[str, datetime] = field(default_factory=dict)
    events: dict[Digest, list[Event]] = field(default_factory=dict)
    reply_by: dict[Digest, datetime] = field(default_factory=dict)
    before: dict[Digest, Digest] = field(default_factory=dict)
    envelopes: dict[tuple[Digest, str, str], Digest] = field(default_factory=dict)
    consents: list[tuple[Digest, str, str, datetime]] = field(default_factory=list)
    receipts: list[Entry] = field(default_factory=list)
    keyset: Keyset | None = None
    last: datetime | None = None

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Register:
        """Return what entries of `HELD` say.

        Raises:
            BadInput: A keyset does not follow, a card is not signed under the one in force, or a receipt came
                after its keys were withdrawn.
            CheckFailed: Too few signed a recipient's card.
        """
        found = cls()
        for entry in entries:
            found.take(entry)
        return found

    def take(self, entry: Entry) -> None:
        """Add one entry."""
        said = entry.value
        if entry.kind == "keyset":
            self.keyset = keysets.follow(said, self.keyset)
            return
        at = times.instant(said["entered"] if entry.kind == "receipt" else said["at"], UTC)
        self.last = at if self.last is None else max(self.last, at)
        match entry.kind:
            case "recipient":
                self._signed(said)
                card = card_of(said)
                self.cards[card.id] = card
                if "step" in said:
                    self.withdrawn[card.id] = at
            case "consent":
                self.consents.append((said["consent"], said["to"], said["step"], at))
            case "receipt":
                if said["by"] in self.withdrawn:
                    raise BadInput("a receipt is signed by keys that were withdrawn before", said["by"])
                self.receipts.append(entry)
                when = times.instant(said["at"], UTC)
                self._add(said["notice"], Step(said["step"]), when, [said["by"]], entry.leaf, at)
            case "notice":
                self._notice(said, at, entry.leaf)

    def _signed(self, said: Mapping[str, Any]) -> None:
        """Refuse a card that one person alone could have put in the log."""
        if self.keyset is None or said["keyset"] != self.keyset.leaf:
            raise BadInput("a recipient's card is not signed under the keyset in force", said["name"])
        keysets.need(said, self.keyset)

    def _notice(self, said: Mapping[str, Any], at: datetime, leaf: Digest) -> None:
        notice, to = said["notice"], list(said.get("to", []))
        if said["step"] == "drafted":
            self.reply_by[notice] = times.instant(said["reply_by"], UTC)
            if said.get("before"):
                self.before[notice] = said["before"]
        for each in to if "envelope" in said else []:
            self.envelopes.setdefault((notice, each, said["step"]), said["envelope"])
        if said["step"] == "revealed":
            self.events.setdefault(notice, [])
            return
        self._add(notice, Step(said["step"]), at, to or [""], leaf)
        if said["step"] == "sent" and said.get("before"):
            self._add(said["before"], Step.RENEWED, at, to, leaf)

    def _add(
        self,
        notice: Digest,
        step: Step,
        at: datetime,
        to: Sequence[str],
        leaf: Digest,
        entered: datetime | None = None,
    ) -> None:
        kept = self.events.setdefault(notice, [])
        kept += [Event(step=step, at=at, to=each, by=leaf, entered=entered) for each in to]

    @property
    def names(self) -> dict[str, str]:
        """Return what each recipient is called in print; new keys may have the name of withdrawn ones."""
        return {
            to: f"{card.name} (withdrawn key {to})" if to in self.withdrawn else card.name
            for to, card in self.cards.items()
        }

    def notice(self, start: str) -> Digest:
        """Return the one notice whose commitment begins so.

        Raises:
            BadInput: There is none, or several.
        """
        found = [each for each in self.events if start and each.startswith(start)]
        if len(found) != 1:
            what = "no notice begins" if not found else f"{len(found)} notices begin"
            raise BadInput(f"{what} with {start[:16]!r}", "notice", "holdfire notify status lists them")
        return found[0]

    def recipient(self, name: str) -> Card:
        """Return the recipient of a name or key id whose keys are in use.

        Raises:
            BadInput: There is none, so nobody's key is known to seal to; or they were withdrawn.
        """
        named = {card.name: card for card in self.cards.values() if card.id not in self.withdrawn}
        found = named.get(name) or self.cards.get(name)
        over = [card.id for card in self.cards.values() if card.name == name] if found is None else [found.id]
        if over and over[-1] in self.withdrawn:
            raise BadInput(
                f"these keys were withdrawn {times.utc(self.withdrawn[over[-1]])}",
                f"recipient {self.cards[over[-1]].name}",
                "have the office make new ones: holdfire notify recipient CARD",
            )
        if found is None:
            raise BadInput(
                f"there is no key of a recipient {name[:40]!r}",
                "recipient",
                nearest(name, named) or "holdfire notify recipient CARD draws one up",
            )
        return found

    def addressed(self, notice: Digest) -> list[str]:
        """Return the key ids that a notice is addressed to, in order."""
        return list(dict.fromkeys(e.to for e in self.events[notice] if e.step is Step.DRAFTED))

    def reached(self, notice: Digest) -> list[str]:
        """Return those among them whose keys are in use."""
        return [each for each in self.addressed(notice) if each not in self.withdrawn]

    def receipts_of(self, notice: Digest) -> list[Entry]:
        """Return the entries of a notice's receipts, in order."""
        return [each for each in self.receipts if each.value["notice"] == notice]

    def sent(self, notice: Digest) -> list[str]:
        """Return the key ids that a notice was sent to, in order."""
        return list(dict.fromkeys(e.to for e in self.events[notice] if e.step is Step.SENT))

    def told(self, notice: Digest, now: datetime, ends: datetime | None = None) -> tuple[Told, ...]:
        """Return what every recipient was told of a notice, those who were not among them."""
        by = self.reply_by[notice]
        return tuple(told(self.events[notice], to, now, reply_by=by, ends=ends) for to in self.cards)


def register(ledger: Ledger) -> Register:
    """Return what a log says of notices.

    Raises:
        BadInput: An entry is damaged, or a card was not signed as it should be.
        CheckFailed: Too few signed a recipient's card.
    """
    return Register.of(ledger.entries(HELD))


def body_of(vault: Vault, notice: Digest) -> Notification:
    """Return what a notice says, out of the vault.

    Raises:
        BadInput: It was changed.
        HoldfireError: The vault does not hold it.
    """
    return parse(vault.read(notice), f"notice {notice[:12]}")


def consents_of(found: Register, vault: Vault, subject: str) -> Iterator[Consent]:
    """Yield the consents of a subject's owner.

    Raises:
        BadInput: One was changed.
        HoldfireError: The vault does not hold one.
    """
    revoked = {name: at for name, _, step, at in found.consents if step == "revoked"}
    for name, to, step, _ in found.consents:
        if step != "given" or name not in vault:
            continue
        said = json.loads(vault.read(name))
        if said["subject"] == subject:
            until = times.instant(said["until"], UTC) if said["until"] else None
            given = times.instant(said["given"], UTC)
            yield Consent(to=to, given=given, until=until, revoked=revoked.get(name))

"""A case that can tell, offices that can be told, and a clock that is set: for tests of notices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from casemaking import a_case
from holdfire import signing
from holdfire.case import Case
from holdfire.digests import Digest
from holdfire.ledger.keyfiles import write
from holdfire.ledger.keys import PrivateKey
from holdfire.sheltering import handing, notifying, receiving, recipients
from signatures import ADA, BEN, LOG, keyset, signed

START = datetime(2031, 5, 10, 12, tzinfo=UTC)
LON, LAT = 36.8123457, 34.7301239
SUBJECT = "Almond Street clinic"


@dataclass
class Scene:
    """A case in a folder, its clock, and offices with keys beside it.

    Attributes:
        path: Holds everything.
        now: What every clock says.
        offices: Key files by name.
    """

    path: Path
    now: datetime = START
    offices: dict[str, Path] = field(default_factory=dict)
    mark: Digest = ""

    @classmethod
    def made(cls, path: Path, offices: Sequence[str] = ("north", "south"), quorum: int = 0) -> Scene:
        """Return a case with a keyset, and offices whose cards it has."""
        path.mkdir(parents=True, exist_ok=True)
        scene = cls(path)
        case = a_case(path / "case", {})
        write(case.folder.made / "keys" / "log.key", LOG)
        with case.ledger(write=True) as ledger:
            changes: dict[str, Any] = {} if quorum else {"quorum": 0, "witnesses": {}}
            scene.mark = signing.enter(ledger, signed(keyset(ledger, **changes), ADA, BEN)).leaf
        for name in offices:
            scene.office(name)
            scene.enter(name)
        return scene

    @property
    def case(self) -> Case:
        """Return the case, with the clock as it is set now."""
        return replace(Case.open(self.path / "case"), now=lambda: self.now)

    def office(self, name: str) -> None:
        """Make an office's keys."""
        self.offices[name] = self.path / f"{name}.key"
        receiving.make_keys(name, self.offices[name])

    def card(self, name: str) -> Path:
        """Return an office's card."""
        return self.path / f"{name}.key.card"

    def enter(self, name: str, *people: PrivateKey) -> None:
        """Enter an office's card, under two signatures."""
        _, drawn = recipients.draft(self.case, self.card(name))
        assert drawn is not None
        with self.case.ledger(write=True) as ledger:
            signing.enter(ledger, signed(drawn, *(people or (ADA, BEN))))

    def later(self, **how: float) -> None:
        """Set the clock on."""
        self.now += timedelta(**how)

    def consent(self, to: str, subject: str = SUBJECT, until: str = "") -> Digest:
        """Keep a consent."""
        said = {"subject": subject, "recipient": to, "until": until, "basis": "the director, in writing"}
        return notifying.consent(self.case, self.file(f"consent-{to}.json", said))

    def file(self, name: str, said: dict[str, Any]) -> Path:
        """Write a file as people would."""
        path = self.path / name
        path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        return path

    def asked(self, **changes: Any) -> Path:
        """Write what is to be told of a site."""
        said: dict[str, Any] = {
            "about": "site",
            "subject": SUBJECT,
            "place": {"lon": LON, "lat": LAT},
            "cells": ["MADE-0007"],
            "from": "2031-05-10T12:00Z",
            "to": "2031-06-07T12:00Z",
            "reply_by": "2031-05-11T12:00Z",
            "words": "water tower beside it",
        }
        said |= changes
        return self.file("notice.json", {name: value for name, value in said.items() if value is not None})

    def drafted(self, to: Sequence[str] = ("north", "south"), **changes: Any) -> Digest:
        """Draft a notice, the owner having consented."""
        for each in to:
            self.consent(each)
        return notifying.draft(self.case, self.asked(**changes), to).notice

    def answer(self, handed: handing.Handed, step: str = "acknowledged") -> Path:
        """Return the receipt of whoever an envelope is for."""
        name = handed.to.name
        found, signer = receiving.receive(handed.file, self.offices[name], self.now, trust=self.mark)
        out = self.path / f"{name}-{step}.receipt"
        receiving.receipt(found, signer, step, self.now, out)
        return out

    def states(self, notice: Digest) -> dict[str, str]:
        """Return how a notice stands for each office, by name."""
        from holdfire.precaution import notified
        from holdfire.sheltering import noticed

        with self.case.ledger() as ledger:
            names = {each.id: each.name for each in notified.register(ledger).cards.values()}
        found = {name: told for name, _, told in noticed.status(self.case)}
        return {names[each.to]: each.state.value for each in found[notice]}

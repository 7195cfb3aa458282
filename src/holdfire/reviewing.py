"""Claims as a reviewer sees them, one after another, and what the reviewer says of each, added to `hand/`.

In order of what is worth looking at: where a second reader differs, then what would make an incident, then
the rest, then sentences that hold a word of an event and gave no claim. A judgement is one line, added and
never edited. A name that should be known becomes a proposal for `actors.yaml`, a cue that was misread a test
of the rule: both lie in `proposals/`, which is not published, because they hold words of the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfire.case import Case
from holdfire.folder import CORRECTIONS
from holdfire.ledger.shelf import add_line
from holdfire.reading.correcting import correct, lost_lines
from holdfire.reading.prose.acts.overlooked import Overlooked
from holdfire.reading.prose.page.shown import Shown
from holdfire.reading.second import Heard, compared, heard
from holdfire.readings import quiet
from holdfire.records.claim import CLAIM, OCCURRENCES, Kind, Modality
from holdfire.records.correction import Act, Correction, standing
from holdfire.records.report import Report
from holdfire.seconding import answers
from holdfire.tables import rows
from holdfire.times import utc

Row = dict[str, Any]


@dataclass(frozen=True)
class Card:
    """One thing to look at: a claim, or a sentence without one.

    Attributes:
        report: Where it stands.
        text: The text of the report as received.
        claim: The claim; None: none was read here.
        missed: The sentence without a claim; None: there is a claim.
        differs: Fields in which a second reader differs; ("all of it",) where it has no such claim.
    """

    report: Report
    text: str
    claim: Row | None = None
    missed: Overlooked | None = None
    differs: tuple[str, ...] = ()

    @property
    def trigger(self) -> tuple[int, int]:
        """Return where the word stands that tells of the event."""
        if self.missed is not None:
            return self.missed.trigger
        given = self.claim or {}
        a, b = (given.get("reading") or {}).get("trigger") or given["spans"][0]
        return a, b

    @property
    def type(self) -> str:
        """Return the event type it has, or would have."""
        return self.missed.type if self.missed else str((self.claim or {})["event_type"])

    @property
    def worth(self) -> tuple[int, str, tuple[int, int]]:
        """Return its place in the order: smallest first."""
        if self.claim is None:
            rank = 3
        elif self.differs:
            rank = 0
        else:
            rank = 1 if _would_occur(self.claim) else 2
        return rank, self.report.id, self.trigger


def _would_occur(claim: Row) -> bool:
    told = claim["kind"] in (Kind.REPORTED, Kind.NARRATED) and claim["modality"] == Modality.ACTUAL
    return told and not claim["negated"] and claim["event_type"].split(".")[0] in OCCURRENCES


class Review:
    """The claims of a case while someone looks at them."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.file = case.folder.path / "hand" / CORRECTIONS
        self.proposals = case.folder.path / "proposals"

    def cards(self, wanted: str = "", *, again: bool = False) -> list[Card]:
        """Return what there is to look at.

        Args:
            wanted: Start of an event type, or of a report's id; empty: everything.
            again: Also what was judged before.
        """
        judged = {(each.report, each.trigger) for each in standing(self.case.folder.corrections)}
        found = [
            card
            for card in self._all()
            if (not wanted or card.type.startswith(wanted) or card.report.id.startswith(wanted))
            and (again or (card.report.id, card.trigger) not in judged)
        ]
        return sorted(found, key=lambda card: card.worth)

    def _all(self) -> Iterator[Card]:
        held = self.case.held()
        claims: dict[str, list[Row]] = {}
        for row in rows(self.case.readings.as_read(held, quiet)):
            claims.setdefault(row["report"], []).append(row)
        for each in held:
            shown = self.case.readings.shown(each)
            if shown is None:
                continue
            listed = claims.get(each.report.id, [])
            differs, unread = _second(self.case, each.report, shown, listed)
            for row in listed:
                yield Card(each.report, shown.text, row, differs=differs.get(row["claim_id"], ()))
            claimed = [row["reading"]["trigger"] for row in listed]
            for missed in [*shown.overlooked(claimed), *unread]:
                yield Card(each.report, shown.text, missed=missed)

    def lost(self) -> list[str]:
        """Return a line for each judgement that fits no claim any more."""
        held = self.case.held()
        found = self.case.readings.corrected(self.case.readings.as_read(held, quiet), held)
        return list(lost_lines(found.lost))

    def judge(
        self, card: Card, act: Act, *, field: str = "", after: str = "", type_: str = "", why: str = ""
    ) -> Correction:
        """Add a judgement of a card, and return it."""
        claim = card.claim
        made = Correction(
            at=utc(self.case.now()),
            by=self.case.by,
            report=card.report.id,
            claim=claim["claim_id"] if claim else "",
            trigger=card.trigger,
            type=type_ or card.type,
            act=act,
            field=field,
            before=before(claim, field) if claim and field else "",
            after=after,
            why=why,
        )
        self._check(made, card)
        add_line(self.file, made.line)
        return made

    def _check(self, made: Correction, card: Card) -> None:
        """Refuse a value that could not be put in, before it is written.

        Raises:
            HoldfireError: The value is not known.
        """
        claims = CLAIM.table([card.claim] if card.claim else [])
        correct(
            claims,
            [made],
            {made.report: card.report.source},
            self.case.folder.zone,
            self.case.folder.gazetteer,
        )

    def propose_name(self, card: Card, name: str, actor: str) -> Path:
        """Add a name that should mean an actor, for a person to put into `actors.yaml`."""
        given = {"actor": actor, "text": name, "from": card.report.published, "basis": card.report.name}
        return self._propose("names.yaml", {**given, "by": self.case.by})

    def propose_rule(self, card: Card, expected: dict[str, str]) -> Path:
        """Add a test of the rule that misread a sentence: `holdfire.testing.check_rules` runs it."""
        a, b = _around(card)
        text = " ".join(card.text[a:b].split())
        dated = card.report.published
        return self._propose("rules.yaml", {"text": text, "published": dated, "expect": expected})

    def _propose(self, name: str, given: dict[str, Any]) -> Path:
        # JSON is YAML, and quotes whatever a name may hold.
        file = self.proposals / name
        head = "" if file.exists() else f"{file.stem}:\n"
        add_line(file, f"{head}  - {json.dumps(given, ensure_ascii=False)}\n")
        return file


def before(claim: Row, field: str) -> str:
    """Return the value of a field as a correction writes it."""
    if field == "time":
        start, end = claim["start"], claim["end"]
        return f"{utc(start) if start else ''}/{utc(end) if end else ''}" if start or end else "none"
    if field == "killed":
        low, high = claim["killed_low"], claim["killed_high"]
        return "none" if low is None and high is None else f"{low}-{high}" if low != high else str(low)
    if field == "place":
        return "a place" if claim["place"] else "none"
    value = claim[field]
    if isinstance(value, list):
        return " ".join(each for each in value if not each.startswith("~")) or "none"
    return str(value).lower() if isinstance(value, bool) else "none" if value is None else str(value)


def _second(
    case: Case, report: Report, shown: Shown, listed: Sequence[Row]
) -> tuple[dict[str, tuple[str, ...]], list[Overlooked]]:
    """Return where the kept answers of second readers differ, by claim, and what only they have."""
    differs: dict[str, tuple[str, ...]] = {}
    unread: list[Overlooked] = []
    for answer in answers(case.folder.made / "second", report.id):
        side = compared(listed, heard(answer, shown.shadow).claims)
        differs |= dict.fromkeys(side.alone, ("all of it",))
        differs |= {name: fields for name, fields, _ in side.differing}
        unread += map(_unread, side.unread)
    return differs, unread


def _unread(each: Heard) -> Overlooked:
    return Overlooked(each.content, each.trigger or each.content, each.type)


def _around(card: Card) -> tuple[int, int]:
    """Return the sentence of a card, or the words of its claim with what their line holds around them."""
    if card.missed is not None:
        return card.missed.sentence
    spans = (card.claim or {})["spans"]
    a, b = spans[0][0], spans[-1][1]
    starts = [
        card.text.rfind(mark, 0, a) + len(mark) for mark in (". ", "\n") if card.text.rfind(mark, 0, a) >= 0
    ]
    ends = [at + 1 for mark in (".", "\n") if (at := card.text.find(mark, b)) >= 0]
    return max(starts, default=0), min(ends, default=len(card.text))

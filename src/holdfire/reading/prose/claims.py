"""From an English text to the table of its claims, every stage in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa

from holdfire.reading.format import Context
from holdfire.reading.prose.acts.background import set_back
from holdfire.reading.prose.acts.blame import BLAMED
from holdfire.reading.prose.acts.events import events
from holdfire.reading.prose.acts.reality import Reality
from holdfire.reading.prose.acts.scene import Event
from holdfire.reading.prose.acts.triggers import Trigger, speaks_of, taxonomy
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.page.zones import Page
from holdfire.reading.prose.places.toponyms import survey
from holdfire.reading.prose.rows import Row, Rows, kind_of, rules_of
from holdfire.reading.prose.sayings.attribution import attributions
from holdfire.reading.prose.sayings.chains import Chains, Voice, carries_over
from holdfire.reading.prose.sayings.measuring import precise
from holdfire.reading.prose.sayings.voices import Attribution
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.tokens import Sentence, sentences
from holdfire.reading.time.days import Anchor, anchor
from holdfire.records.claim import CLAIM, OCCURRENCES, ONE_OFF, Kind, Modality, Stance
from holdfire.records.report import Report

READ_ZONES = ("title", "heading", "caption", "body")


def read_claims(page: Page, report: Report, context: Context) -> pa.Table:
    """Return the CLAIM table of an English page."""
    reading = _Reading(page, report, context)
    return CLAIM.table(reading.rows())


class _Reading:
    """One text while it is read."""

    def __init__(self, page: Page, report: Report, context: Context) -> None:
        self.page = page
        self.report = report
        published = report.published or page.published
        self.cast = Cast(context, published)
        self.anchor: Anchor = anchor(published, context.zone)
        self.chains = Chains(self.cast, report, page.shadow, page.wire, carry=context.carry)
        self.precise = context.precise
        self.about: frozenset[str] = frozenset()
        self.last_charge: Event | None = None
        self.maker = Rows(page.shadow, report)

    def sentences(self) -> Iterator[Sentence]:
        for number, part in enumerate(self.page.paragraphs):
            if part.zone in READ_ZONES:
                yield from sentences(self.page.shadow.text, part.start, part.end, number, part.zone)

    def rows(self) -> list[Row]:
        read = list(self.sentences())
        for s in read:
            self.cast.settle(s)
        survey(self.cast, read)
        self.chains.begin(read)
        self.about = frozenset(
            topic for topic in taxonomy().topics if any(speaks_of(s, topic, 0, len(s)) for s in read)
        )
        zoned = [(s.zone, row) for s in read for row in self._sentence(s)]
        _repeat_titles(zoned)
        found = [row for _, row in zoned]
        set_back(found, self.anchor)
        for seq, row in enumerate(found, 1):
            row["seq"] = seq
        return found

    def _sentence(self, s: Sentence) -> Iterator[Row]:
        spoken = attributions(s) if s.zone != "caption" else []
        voices = self.chains.voices(s, spoken)
        told = events(s, self.cast, self.anchor, spoken, self.about)
        told += self._answers(s, spoken, told)
        carried = carries_over(s)
        if carried:
            self.chains.keep_speaking(s)
        elif not any(v.text for v in voices.values()) and s.zone == "body":
            self.chains.fall_silent()
        for event in told:
            # A voice that may be wrong is left out with what it says: that is not the publisher's word.
            if self.precise and not all(precise(spoken[n].rule, spoken[n].cue.group) for n in event.covering):
                continue
            yield self._row(s, event, spoken, voices, carried=carried)
            if event.type in taxonomy().counts and event.type.startswith("attack."):
                self.last_charge = event

    def _answers(self, s: Sentence, spoken: Sequence[Attribution], told: Sequence[Event]) -> list[Event]:
        """Read "X denied the claim": what was last said of an attack is what is denied."""
        out = []
        for n, a in enumerate(spoken):
            if a.cue.stance != "denies" or self.last_charge is None or a.negated:
                continue
            i, j = a.content[0]
            inside = any(i <= event.trigger.start < a.content[-1][1] for event in told)
            charged = any(w in _CHARGES for w in s.words[i:j]) or (j - i == 1 and s.tags[i] in "RH")
            if inside or not charged:
                continue
            before = self.last_charge
            trigger = Trigger(*a.cues[0], a.cues[0][1] - 1, before.type, "verb")
            roles = replace(before.roles, directed=True)
            out.append(
                Event(
                    trigger,
                    before.type,
                    Reality(Modality.ACTUAL, rules=("denied-claim",)),
                    roles,
                    (i, j),
                    [n],
                )
            )
        return out

    def _row(
        self,
        s: Sentence,
        event: Event,
        spoken: Sequence[Attribution],
        voices: dict[int, Voice],
        *,
        carried: bool,
    ) -> Row:
        holders = [spoken[n] for n in event.covering]
        links = self.chains.chain(s, [voices[n] for n in event.covering], carries=carried)
        last = holders[-1] if holders else None
        stance, modality = _stance(s, event, last)
        return self.maker.row(
            s,
            event,
            links,
            root=self.chains.root(links),
            stance=stance,
            modality=modality,
            kind=kind_of(s, event, links),
            rules=rules_of(event, holders, links),
        )


_CHARGES = word_set(
    "claim claims accusation accusations allegation allegations charge charges report reports"
)


def _stance(s: Sentence, event: Event, last: Attribution | None) -> tuple[str, str]:
    """Return the stance of the last voice, and the modality that it and the words leave."""
    told = event.told
    if last is None:
        return (Stance.ACCUSES if BLAMED in event.notes else Stance.ASSERTS), told.modality
    cue = last.cue
    stance = cue.stance
    finite = told.modality != Modality.ACTUAL or _past(s, event)
    clause = last.rule in (
        "that",
        "bare",
        "quotation",
        "colon",
        "content-first",
        "inverted",
        "according-to",
        "as-noted",
    )
    modality: str = told.modality
    if "aside" in told.rules and cue.modality in _ASKED:
        return Stance.ASSERTS, modality  # "ordered attacks on X, which is not party to the truce"
    if (
        cue.modality
        and told.modality == Modality.ACTUAL
        and told.kind == Kind.REPORTED
        and not (clause and finite)
    ):
        modality = cue.modality
    if cue.stance == "proposes" and clause and finite and told.modality == Modality.ACTUAL:
        stance = Stance.ASSERTS  # "suggested that they shelled": an assertion
    blames = stance in ("warns", "opposes") and told.kind == Kind.PRESUPPOSED and event.roles.actors
    if blames and event.type.startswith("attack."):
        stance = Stance.ACCUSES  # "concern about Russia's airstrikes" says whose they are
    if last.negated and stance in ("denies", "opposes"):
        stance = Stance.ASSERTS
    if (cue.modality in _ASKED and told.modality != Modality.ACTUAL and told.kind != Kind.PRESUPPOSED) or (
        cue.modality in _ASKED and told.kind == Kind.PRESUPPOSED and not event.type.startswith("attack.")
    ):
        modality = cue.modality
    return stance, modality


_ASKED = (Modality.PROPOSED, Modality.PLEDGED, Modality.REQUESTED)


def _past(s: Sentence, event: Event) -> bool:
    """Return whether the verb of an event is in a past or a finite present."""
    k = event.told.verb if event.told.verb >= 0 else event.trigger.head
    if s.tags[k] in "ekz":
        return True
    return any(s.tags[m] in "bhd" for m in range(max(0, k - 4), k))


def _repeat_titles(found: Sequence[tuple[str, Row]]) -> None:
    """Mark what a title or heading says of an event that the body tells as well: it is not told twice."""
    told = {row["event_type"].split(".")[0] for zone, row in found if zone == "body" and _occurs(row)}
    for zone, row in found:
        if zone in ("title", "heading") and _occurs(row) and row["event_type"].split(".")[0] in told:
            row["kind"] = Kind.ATTRIBUTIVE
            row["rules"].append("title-repeats-body")


def _occurs(row: Row) -> bool:
    family = row["event_type"].split(".")[0] in OCCURRENCES or row["event_type"] in ONE_OFF
    return family and row["modality"] == Modality.ACTUAL and not row["negated"]

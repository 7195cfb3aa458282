"""From a text in a language that has a page to the table of its claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from holdfire.reading.format import Context
from holdfire.reading.prose.acts.background import set_back
from holdfire.reading.prose.acts.scene import Event
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.page.zones import Page
from holdfire.reading.prose.places.toponyms import survey
from holdfire.reading.prose.rows import Row, Rows, kind_of, rules_of
from holdfire.reading.prose.sayings.chains import Chains, Voice
from holdfire.reading.prose.sayings.voices import Attribution
from holdfire.reading.prose.tongues.lines import Line, sentences
from holdfire.reading.prose.tongues.saying import attributions, carries, with_names
from holdfire.reading.prose.tongues.telling import events
from holdfire.reading.prose.tongues.words import tongue
from holdfire.reading.time.days import anchor
from holdfire.records.claim import CLAIM, Kind, Modality, Stance
from holdfire.records.report import Report

READ_ZONES = ("title", "heading", "caption", "body")


def read_claims(code: str, page: Page, report: Report, context: Context) -> pa.Table:
    """Return the CLAIM table of a page in a language of `TONGUES`."""
    return CLAIM.table(_Reading(code, page, report, context).rows())


def lines(code: str, page: Page) -> Iterator[Line]:
    """Yield the sentences of a page that are read."""
    for number, part in enumerate(page.paragraphs):
        if part.zone in READ_ZONES:
            yield from sentences(code, page.shadow.text, part.start, part.end, number, part.zone)


class _Reading:
    """One text while it is read."""

    def __init__(self, code: str, page: Page, report: Report, context: Context) -> None:
        self.code = code
        self.page = page
        self.report = report
        self.cast = Cast(context, report.published)
        self.anchor = anchor(report.published, context.zone)
        self.chains = Chains(self.cast, report, page.shadow, page.wire, carry=context.carry)
        self.precise = context.precise
        self.maker = Rows(page.shadow, report)

    def rows(self) -> list[Row]:
        read = list(lines(self.code, self.page))
        topics = tongue(self.code).topics
        about = frozenset(
            name
            for name in topics
            if any(topics[name].at(line.readings, k) for line in read for k in range(len(line)))
        )
        survey(self.cast, read)
        found = [row for line in read for row in self._line(line, about)]
        set_back(found, self.anchor)
        for number, row in enumerate(found, 1):
            row["seq"] = number
        return found

    def _line(self, line: Line, about: frozenset[str]) -> Iterator[Row]:
        spoken = attributions(line) if line.zone != "caption" else []
        with_names(line, spoken)
        voices = self.chains.voices(line, spoken)
        told = events(line, self.cast, self.anchor, spoken, about)
        carried = carries(line, spoken)
        if carried:
            self.chains.keep_speaking(line)
        elif not any(voice.text for voice in voices.values()) and line.zone == "body":
            self.chains.fall_silent()
        for event in told:
            if self.precise and event.covering:  # these rules are not measured
                continue
            yield self._row(line, event, spoken, voices, carried=carried)

    def _row(
        self,
        line: Line,
        event: Event,
        spoken: Sequence[Attribution],
        voices: dict[int, Voice],
        *,
        carried: bool,
    ) -> Row:
        holders = [spoken[n] for n in event.covering]
        links = self.chains.chain(line, [voices[n] for n in event.covering], carries=carried)
        stance, modality = _stance(event, holders[-1] if holders else None)
        return self.maker.row(
            line,
            event,
            links,
            root=self.chains.root(links),
            stance=stance,
            modality=modality,
            kind=kind_of(line, event, links),
            rules=[f"{self.code}:{rule}" for rule in rules_of(event, holders, links)],
        )


def _stance(event: Event, last: Attribution | None) -> tuple[str, str]:
    """Return the stance of the last voice, and the modality that it and the words leave."""
    told = event.told
    if last is None:
        return Stance.ASSERTS, told.modality
    stance, modality = last.cue.stance, str(told.modality)
    clause = last.rule in ("that", "quotation", "colon", "inverted", "according-to")
    finite = told.verb >= 0 and clause
    if last.cue.modality and told.modality == Modality.ACTUAL and not finite:
        modality = last.cue.modality
        if stance == Stance.WARNS and told.kind == Kind.PRESUPPOSED and event.roles.actors:
            modality = told.modality
    if clause and last.cue.modality == Modality.CONDITIONAL and modality == Modality.INTENDED:
        modality = Modality.CONDITIONAL  # "feared that it would": nobody intends it
    if (last.negated and stance in (Stance.DENIES, Stance.OPPOSES)) or (
        last.negated and stance == Stance.ADMITS
    ):
        stance = Stance.ASSERTS
    return stance, modality

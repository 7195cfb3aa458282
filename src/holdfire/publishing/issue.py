"""What the sections of one bulletin have in common: its periods, its incidents, its figures.

Sections ask an `Issue` for figures and never count by themselves, so that one number cannot be made in
two ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire import times
from holdfire.agreement.instruments import Instrument, WindowKind
from holdfire.agreement.parties import Role
from holdfire.publishing.entries import Entries, Entry, Excluded, Indices
from holdfire.publishing.evidence import extract, gather
from holdfire.publishing.figures import Figure, Figures, Measure
from holdfire.publishing.material import Material
from holdfire.publishing.redaction import Redactor, masked_actor, printable_names, spelled
from holdfire.publishing.sayings import Saying, Sayings, sayings
from holdfire.publishing.values import Name, Range, Text, Value, Verbatim, label
from holdfire.records.actor import UNDESCRIBED, Actor
from holdfire.records.determination import Coverage
from holdfire.records.tally import What
from holdfire.times import Interval

VERDICTS = (
    "breach",
    "disputed",
    "insufficient_evidence",
    "permitted_conduct",
    "refuted",
    "not_covered",
)
"""The order in which verdicts stand in every table."""


class Issue:
    """One bulletin in the making.

    Attributes:
        now: Rows of the period's incidents, by day and id.
        before: Rows of the period of the same length just before.
        listed: The period's incidents as entries, in the same order as `now`.
        sayings: The claims it speaks of.
        extracts: The words it prints, masked.
        evidence: What each claim rests on, fit to print.
    """

    def __init__(self, material: Material) -> None:
        self.material = material
        self.figures = Figures(f"{material.first}/{material.last}")
        self.table = Entries(material.incidents, material.determinations, material.zone)
        self.excluded = Excluded(_excluded_spans(material))
        self.now = self.table.within(material.first, material.last)
        self.before = self.table.within(*material.previous)
        self.listed = self.table.entries(self.now, material.last, self.excluded)
        by_incident = {entry.incident_id: entry.id for entry in self.listed}
        self.sayings: Sayings = sayings(material, by_incident)
        self.extracts = material.extracts or extract(material, self.sayings, self.listed)
        self.evidence = gather(self.sayings, self.listed, self.extracts)

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """Return the period's entries by determination id."""
        return {entry.id: entry for entry in self.listed}

    @cached_property
    def apart(self) -> frozenset[int]:
        """Return the rows of incidents with an excluded group as a side, before the agreement too."""
        excluded = Coverage.EXCLUDED_GROUP.value
        held = self.material.apart
        names = self.table.table["incident_id"].to_pylist()
        return frozenset(
            i for i, name in enumerate(names) if name in held or self.table.coverages[i] == excluded
        )

    @property
    def nothing(self) -> bool:
        """Return whether neither this period nor the one before has an incident."""
        return not len(self.now) and not len(self.before)

    @cached_property
    def counted_before(self) -> frozenset[str]:
        """Return the claims in incidents of the period before that give a number in another unit."""
        members, claims = self.material.members, self.material.claims
        chosen = self.table.table["incident_id"].take(pa.array(self.before)).combine_chunks()
        inside = members.filter(pc.is_in(members["incident_id"], value_set=chosen))["claim_id"]
        kept = pc.and_(
            pc.is_in(claims["claim_id"], value_set=inside.combine_chunks()),
            pc.and_(
                pc.is_valid(claims["quantity"]),
                pc.invert(pc.fill_null(pc.starts_with(claims["event_type"], "toll."), False)),
            ),
        )
        return frozenset(claims.filter(kept)["claim_id"].to_pylist())

    @cached_property
    def areas(self) -> list[str]:
        """Return every area of either period, in order of the alphabet; what is not known comes last."""
        found = {self.table.areas[i] or "" for rows in (self.now, self.before) for i in rows}
        return sorted(found, key=lambda area: (not area, area))

    @cached_property
    def start(self) -> date | None:
        """Return the local day on which the agreement first came into force, as far as the text is fine."""
        starts = [
            w.start(self.material.agreement.zone).start
            for i in self.material.agreement.instruments
            for w in i.windows
            if w.kind is WindowKind.IN_FORCE
        ]
        known = [s for s in starts if s is not None]
        return min(known).astimezone(self.material.zone).date() if known else None

    def chosen(
        self, rows: Indices, verdicts: Sequence[str] | None = None, area: str | None = None
    ) -> Indices:
        """Return those of some rows that have one of these verdicts and lie in this area."""
        kept = [
            i
            for i in rows
            if (verdicts is None or self.table.verdicts[i] in verdicts)
            and (area is None or (self.table.areas[i] or "") == area)
        ]
        return np.array(kept, np.int64)

    def number(self, key: str, rows: Indices) -> Figure:
        """Return how many incidents these rows are."""
        return self.figures.of(key, len(rows), self.table.names(rows))

    def pair(
        self, key: str, verdicts: Sequence[str] | None = None, area: str | None = None
    ) -> tuple[Figure, Figure]:
        """Return how many incidents this period and the one before had."""
        return (
            self.number(f"{key}.now", self.chosen(self.now, verdicts, area)),
            self.number(f"{key}.before", self.chosen(self.before, verdicts, area)),
        )

    def harm(self, key: str, rows: Indices, what: What = "killed") -> Range:
        """Return deaths or injuries of some incidents, as wide as their claims.

        The lowest figures are added up, and so are the highest; where any incident has no highest
        figure, the whole has none. An incident no claim gives a figure for adds nothing and is counted
        as silent: silence is not zero.
        """
        names = self.table.names(rows)
        found = self.material.tally(self.table.table.take(pa.array(rows)), what)

        def figure(name: str, value: int) -> Figure:
            measure = cast(Measure, f"{what}_{name}")
            at_least = bool(found.silent)
            return self.figures.of(f"{key}.{measure}", value, names, measure=measure, at_least=at_least)

        unsaid = [self.table.ids[i] for i in rows if self.table.value(f"{what}_low", int(i)) is None]
        return Range(
            figure("low", found.low),
            None if found.best is None else figure("best", found.best),
            None if found.high is None else figure("high", found.high),
            self.figures.count(f"{key}.{what}_silent", unsaid) if found.silent else None,
            nothing=not rows.size,
        )

    def actor(self, name: str, when: datetime | None = None) -> Name:
        """Return an actor under its own name, with the agreement's label if it is excluded."""
        known = self.material.names.actors.get(name)
        if known is None:
            return Name("actor", self.printable(name), {"": self.printable(name).lstrip("~")})
        label = self.material.agreement.head.excluded_label if self.excluded.holds(name, when) else {}
        borne = borne_at(known, when)
        return Name("actor", name, borne or known.name, label, known.name if borne else {})

    def printable(self, name: str) -> str:
        """Return an actor's id if it may be printed.

        An actor no one has described may be a person whom a text names; one that a dataset names is a side.
        """
        if name in self.material.names.actors or name in self._sides:
            return name
        return UNDESCRIBED + masked_actor(name, self._known)

    @cached_property
    def _known(self) -> Redactor:
        material = self.material
        return Redactor(
            printable_names(material.names, material.sources, material.agreement) | material.known
        )

    @cached_property
    def _sides(self) -> frozenset[str]:
        return frozenset(
            actor
            for group in (*self.sayings.inside.values(), self.sayings.outside)
            for saying in group
            if saying.row is not None
            for actor in (*saying.actors, *saying.targets)
        )

    def area(self, name: str) -> Value:
        """Return an area under its name in each language; one that is not known says so."""
        if not name:
            return label("area_unknown")
        return Text(self.material.areas[name]) if name in self.material.areas else name

    def source(self, name: str) -> Name:
        """Return a source or, where the id is an actor's, that actor."""
        known = self.material.sources.get(name)
        if known:
            return Name("source", name, known.name)
        return self.actor(name)

    def shown_key(self, key: str) -> str:
        """Return a figure's key as it may be printed."""
        return spelled(key)

    def speaker(self, saying: Saying) -> str:
        """Return the id of who holds the stance of a claim, if it may be printed; else a mark."""
        if saying.voice in self.material.sources or saying.voice in self.material.names.actors:
            return saying.voice
        return self._named(saying) or saying.source

    def voice(self, saying: Saying) -> Value:
        """Return who holds the stance of a claim: by name if known, else as the report names it."""
        if saying.voice in self.material.sources or saying.voice in self.material.names.actors:
            return self.source(saying.voice)
        if text := self._named(saying):
            return Verbatim(text)
        return self.source(saying.source)

    def _named(self, saying: Saying) -> str:
        """Return who holds the stance of a claim as the report names them, masked."""
        evidence = self.evidence.claims.get(saying.id)
        return evidence.chain[-1][1] if evidence and evidence.chain else ""


def borne_at(actor: Actor, when: datetime | None) -> dict[str, str]:
    """Return the name a group bore at an instant, where that was not its usual one; else nothing."""
    found: dict[str, str] = {}
    for alias in actor.aliases if when else ():
        start, end = alias.valid.start, alias.valid.end
        usual = alias.label or alias.text.isupper() or alias.text in actor.name.values()
        if start and when and start <= when and (end is None or when < end) and not usual:
            found.setdefault("ar" if ARABIC.search(alias.text) else "en", alias.text)
    return found


ARABIC = re.compile("[\u0600-\u06ff]")


def _excluded_spans(material: Material) -> dict[str, list[tuple[datetime | None, datetime | None]]]:
    found: dict[str, list[tuple[datetime | None, datetime | None]]] = {}
    for held in material.agreement.holdings():
        if held.role is Role.EXCLUDED:
            end = held.end.start if held.end else None
            found.setdefault(held.actor, []).append((held.start.start, end))
    return found


def standing(instrument: Instrument, material: Material) -> str:
    """Return where an instrument stands at the end of the period.

    `none` it has no window; `not_yet`; `in_force`; `suspended`; `breakdown` where a failure was reported
    and no instrument ends it; `ended`; `unclear` where the text is too coarse to say.
    """
    zone = material.agreement.zone
    end_of_period = times.days(material.first, material.last, material.zone).end
    at = end_of_period or material.cutoff
    states: dict[WindowKind, list[str]] = {}
    for window in instrument.windows:
        start, end = window.start(zone), window.end(zone)
        states.setdefault(window.kind, []).append(_held(start, end, at))
    bound = states.get(WindowKind.IN_FORCE, [])
    if not bound:
        return "none"
    if "yes" in states.get(WindowKind.BREAKDOWN, []):
        return "breakdown"
    if "yes" in states.get(WindowKind.SUSPENSION, []):
        return "suspended"
    for answer, said in (("yes", "in_force"), ("unclear", "unclear"), ("before", "not_yet")):
        if answer in bound:
            return said
    return "ended"


def _held(start: Interval, end: Interval | None, at: datetime) -> str:
    if start.start and at < start.start:
        return "before"
    if start.end and start.start != start.end and at < start.end:
        return "unclear"
    if end and end.start and at >= end.start:
        return "ended" if not end.end or at >= end.end or end.start == end.end else "unclear"
    return "yes"


def distinct(items: Iterable[str]) -> list[str]:
    """Return what is given, each once, in order."""
    return list(dict.fromkeys(items))

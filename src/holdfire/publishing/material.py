"""What a bulletin is made of: everything the publishing room is handed, and nothing it could fetch itself.

The desk fills one `Material` a period. All times are aware; all dates are local to `zone`; the period and
every span of days include both ends. Text by language is a mapping from language code to words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pyarrow as pa

from holdfire.agreement.document import Agreement
from holdfire.digests import Digest
from holdfire.publishing.extracts import Extracts
from holdfire.publishing.tolls import ListCount, Toll
from holdfire.records import sight
from holdfire.records.actor import Names
from holdfire.records.change import Course
from holdfire.records.counting import Converted, Sum
from holdfire.records.report import Report
from holdfire.records.sheltered import KeptBack, PublicCell, Sheltered
from holdfire.records.sight import Rate
from holdfire.records.source import Source
from holdfire.records.spell import Stretch
from holdfire.records.tally import Tally, What

Words = Mapping[str, str]
"""A text by language code, such as {"en": ..., "ar": ...}."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a report that a claim was read from, and a little of what stands around them."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction(sight.Restriction):
    """The same in words, as it is printed.

    Attributes:
        source: Source id of the monitor; empty: all.
        note: What happened, by language.
        cite: Where it was read.
        added_by: Who wrote it down.
    """

    source: str = ""
    note: Words = field(default_factory=dict)
    cite: str = ""
    added_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationFinding:
    """What a person decided of one positive obligation over some days.

    Attributes:
        term: Id of the term.
        finding: Whether it was met; nothing decided is `unknown`.
        start: First local day it speaks of.
        end: Last local day, included.
        claims_for: Claims that say it was met.
        claims_against: Claims that say it was not.
        note: Why, by language.
        added_by: Who decided.
    """

    term: str
    finding: Literal["met", "not_met", "unknown"]
    start: date
    end: date
    claims_for: tuple[str, ...] = ()
    claims_against: tuple[str, ...] = ()
    note: Words = field(default_factory=dict)
    added_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One positive obligation of one actor, as it stood at the end of a day.

    Attributes:
        term: Id of the term.
        actor: Who owes it.
        bound: Whether it bound them, `yes` or `unclear`.
        due: From when to when its deadline fell, as vague as the text; None: it has none.
        finding: Whether it was met by then.
        why: Code of the rule the finding follows from.
        claims_for: Claims that it was met that the finding takes in.
        claims_against: Claims that it was not that the finding takes in.
        claims_interested: Claims of interested sources, either way; they settle nothing.
    """

    term: str
    actor: str
    bound: str
    due: tuple[datetime | None, datetime | None] | None
    finding: Literal["met", "not_met", "unknown"]
    why: str
    claims_for: tuple[str, ...] = ()
    claims_against: tuple[str, ...] = ()
    claims_interested: tuple[str, ...] = ()


Position = Literal["admits", "denies", "other", "awaited", "no_reply"]
"""What a party has said to a request: `awaited` before the deadline, `no_reply` after it, or without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply asked of a party about one incident, and whether it came.

    Attributes:
        incident_id: The incident.
        actor: Actor asked.
        asked: When it was asked.
        deadline: By when; None: none was set.
        answered: When it answered; None: it has not.
        says: What it answered.
        cite: Where the answer was read; empty: not said.
    """

    incident_id: str
    actor: str
    asked: datetime
    deadline: datetime | None = None
    answered: datetime | None = None
    says: Literal["admits", "denies", "other"] = "other"
    cite: str = ""

    @property
    def late(self) -> bool:
        """Return whether the answer came after the deadline."""
        return self.deadline is not None and self.answered is not None and self.answered > self.deadline

    def position(self, when: datetime) -> Position:
        """Return what the party had said by an instant."""
        if self.answered is not None and self.answered <= when:
            return self.says
        return "awaited" if self.deadline is not None and when <= self.deadline else "no_reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What somebody else determined of one incident.

    Attributes:
        incident_id: The incident.
        by: Actor or body that ruled.
        at: When.
        words: Their verdict in their own words, by language.
        verdict: The same in our terms; empty: it cannot be said in them.
        occurrence: `yes`, `no` or `unclear`; empty: they did not say.
        attribution: Who did it; None: they did not say.
        answers: Their answers to questions of coverage, as far as they gave any.
        clauses: Clauses they named, by question.
        cite: Where it was read.
    """

    incident_id: str
    by: str
    at: datetime
    words: Words
    verdict: str = ""
    occurrence: str = ""
    attribution: tuple[str, ...] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    clauses: Mapping[str, str] = field(default_factory=dict)
    cite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingCount:
    """How many rulings somebody else says they made.

    Attributes:
        by: Who says so.
        what: What was done.
        of: Whose registrations were confirmed or rejected; empty: their own.
        number: How many.
        start: First local day.
        end: Last local day.
        cite: Where it was read.
    """

    by: str
    what: Literal["registered", "confirmed", "rejected"]
    of: str
    number: int
    start: date
    end: date
    cite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What came of one report. The bulletin refuses counts that do not add up.

    Attributes:
        report: Id of the report.
        rows: Records it holds; None: prose, which has none.
        claims: Claims read from it; one a record.
        in_incidents: Claims of it that are in an incident.
        other: Claims of it that are of no occurrence, such as pledges, plans and totals.
    """

    report: Digest
    rows: int | None
    claims: int
    in_incidents: int
    other: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an earlier issue said otherwise.

    Attributes:
        id: Determination id.
        old: Verdict then; empty: it was not in that issue.
        new: Verdict now; empty: it stands no more.
        why: Codes of what changed of what it rested on.
        was: What it was called then; empty: as now.
        changed: What else differs, by field of a determination: before and after; None is not said.
        same: Whether only claims came or went, and everything that is shown is as it was.
        act: Kind of event it was said to be.
        area: Governorate it was said to be in; empty: not known.
        start: When, from; None: not said.
        end: When, until; None: not said.
    """

    id: str
    old: str
    new: str
    why: tuple[str, ...]
    was: str = ""
    changed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    same: bool = False
    act: str = ""
    area: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a determination after its first.

    Attributes:
        of: Id of the determination, or of one that this came of.
        number: Its number.
        at: When the run that made it ended.
        why: Codes of what changed of what it rested on.
        supersedes: Id, number and verdict of each version it took the place of.
        verdict: Its verdict; empty: it ended.
        strength: How surely it happened.
        old_strength: The same of the first it superseded.
        withdrawn: Reports it leaned on before that were withdrawn: source, when, and how many of its claims.
    """

    of: str
    number: int
    at: datetime
    why: tuple[str, ...]
    supersedes: tuple[tuple[str, int, str], ...]
    verdict: str
    strength: str = ""
    old_strength: str = ""
    withdrawn: tuple[tuple[str, datetime, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The log this bulletin is a function of: how many entries, and the digest of its head."""

    size: int
    head: Digest


UNDER_REVIEW = "under_review"
"""Where a determination stands that two editors have not signed."""

Fetch = Callable[[Sequence[str]], Mapping[str, Quote]]
FetchRows = Callable[[Mapping[Digest, Sequence[int]]], Mapping[tuple[Digest, int], dict[str, str]]]


@dataclass(frozen=True, kw_only=True)
class Material:
    """Everything one bulletin is made of.

    Attributes:
        title: Of the case, by language.
        languages: Language codes of the site; the first stands at its root.
        zone: Time zone in which days are counted.
        agreement: The stack of instruments.
        names: Actors of the case.
        sources: Sources by id.
        reports: Reports of the case.
        claims: CLAIM table of the whole case.
        incidents: INCIDENT table of the whole case.
        members: MEMBER table of the whole case.
        determinations: DETERMINATION table of the whole case.
        first: First day of the period.
        last: Last day of the period, included.
        cutoff: What was received up to this instant is in.
        number: Number of the bulletin in its year.
        version: Of this number: 1, then one more each time it is issued again.
        quotes: Gives the words of prose claims by claim id; a claim without words is left out.
        rows: Gives the fields of dataset records by (report, record number), without names of people
            and without coordinates; the empty field counts what was left out.
        segments: What the trend found, in order.
        apart: Ids of incidents with an excluded group as a side, on whatever day.
        courses: Where fighting stands in all areas together and in each, with the changes that led there.
        shares: Of what other sources tell of each source tells of too, by area.
        sums: What each source counts in the period under each counting rule, restated numbers once.
        converted: What observations come to in another unit, by the rules that the case states.
        restrictions: What kept monitors from seeing.
        obligations: What people decided of positive obligations, over which days.
        duties: What each actor owed on the last day of the period, and whether it was met by then.
        duties_before: The same of the period before.
        tolls: Tolls quoted from elsewhere.
        list_counts: How many the lists of the dead say, as a person signed it.
        replies: Replies asked of parties.
        rulings: What others determined, kept beside ours.
        ruling_counts: How many rulings others say they made.
        tally: Adds up deaths or injuries of incidents, as wide as their claims.
        counts: What came of each report.
        ledger: The log this is a function of.
        software: Version of Holdfire.
        method: Version of the method: of readers, rules and settings taken together.
        settings: Choices that change results, printed as they are.
        grid: Cell to which published coordinates are rounded [hundredths of a degree]; 0: they are already.
        corrections: Changes against earlier issues.
        versions: What led to each determination, in order, by its id; one that is as it first was has none.
        unquotable: Ids of reports whose licence forbids that their words or rows be printed again.
        landmarks: Public places to find one's way by on a map: name by language, latitude and longitude
            of its centre [degrees], the one to be named first where names would overlap.
        areas: Names of governorates by language, by the English name that tables carry; one that is not
            here is printed as it stands.
        known: Further names that may be printed, such as the spellings of a gazetteer.
        redacted: Ids of reports whose bytes were destroyed.
        reviewed: Status and the editors who gave it, by determination id; others are under review.
        sheltered: What is said of the place of each incident in a public precaution area, by incident id.
        cells: The cells it speaks of: those on in the period, and those that incidents lie in.
        kept_back: Of what no words are printed, because of such areas; asked for with `quotes` and `rows`
            alone.
        extracts: The words it prints; None: they are asked for by `quotes` and `rows`.
    """

    title: Words
    languages: tuple[str, ...]
    zone: ZoneInfo
    agreement: Agreement
    names: Names
    sources: Mapping[str, Source]
    reports: tuple[Report, ...]
    claims: pa.Table
    incidents: pa.Table
    members: pa.Table
    determinations: pa.Table
    first: date
    last: date
    cutoff: datetime
    number: int
    version: int
    quotes: Fetch
    rows: FetchRows
    tally: Callable[[pa.Table, What], Tally]
    counts: tuple[Counts, ...]
    ledger: Ledger
    software: str
    settings: Mapping[str, object]
    method: str = ""
    grid: int = 10
    segments: tuple[Stretch, ...] = ()
    apart: frozenset[str] = frozenset()
    courses: tuple[Course, ...] = ()
    shares: tuple[Rate, ...] = ()
    sums: tuple[Sum, ...] = ()
    converted: tuple[Converted, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    obligations: tuple[ObligationFinding, ...] = ()
    duties: tuple[Duty, ...] = ()
    duties_before: tuple[Duty, ...] = ()
    tolls: tuple[Toll, ...] = ()
    list_counts: tuple[ListCount, ...] = ()
    replies: tuple[Reply, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    ruling_counts: tuple[RulingCount, ...] = ()
    corrections: tuple[Correction, ...] = ()
    versions: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    areas: Mapping[str, Words] = field(default_factory=dict)
    unquotable: frozenset[Digest] = frozenset()
    landmarks: tuple[tuple[Words, float, float], ...] = ()
    known: frozenset[str] = frozenset()
    redacted: frozenset[Digest] = frozenset()
    reviewed: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    sheltered: Mapping[str, Sheltered] = field(default_factory=dict)
    cells: tuple[PublicCell, ...] = ()
    kept_back: KeptBack = field(default_factory=KeptBack)
    extracts: Extracts | None = None

    @property
    def zone_name(self) -> str:
        """Return the name of the time zone."""
        return self.zone.key

    def status(self, determination: str) -> str:
        """Return where a determination stands."""
        return self.reviewed.get(determination, (UNDER_REVIEW, ()))[0]

    @property
    def days(self) -> int:
        """Return how many days the period has."""
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> tuple[date, date]:
        """Return the first and last day of the period of the same length just before."""
        return self.first - timedelta(days=self.days), self.first - timedelta(days=1)

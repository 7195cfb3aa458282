"""What people decided, as they write it in `hand/`.

hand/restrictions.yaml   what kept monitors from seeing
hand/obligations.yaml    whether a positive obligation was met, and who says so
hand/tolls.yaml          tolls quoted from elsewhere, each whole
hand/replies.yaml        replies asked of parties, and whether they came
hand/rulings.yaml        what others, such as guarantors, determined, each beside the others and beside us
hand/counting.yaml       how the dead of the lists are counted, and what someone who knows the lists attests
hand/counts.yaml         what counting them came to, signed: `holdfire count --sign NAME` writes it
hand/grades.yaml         grades that a person overrules: of a source, of a claim, of a finding
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from holdfire.documents import Cite, Document, When, Words
from holdfire.records.determination import Asked, Verdict


class RestrictionNote(Document):
    """What kept monitors from seeing: a delay, a denial, jamming, or a lack of security."""

    kind: Literal["delay", "denial", "jamming", "security"]
    starts: When = Field(alias="from")
    until: When
    area: str = ""
    source: str = ""
    note: Words = {}
    cite: Cite
    by: str = ""


class ObligationNote(Document):
    """Whether a positive obligation was met over some days, as a person decided it."""

    term: str
    answer: Literal["met", "not_met", "unknown"]
    starts: When = Field(alias="from")
    until: When
    claims_for: list[str] = []
    claims_against: list[str] = []
    reason: Words
    by: str = Field(min_length=1)


class TollNote(Document):
    """One toll quoted whole. Tolls of different populations are never added or set on one line."""

    kind: Literal["documented", "reported_range", "external_estimate", "modelled"]
    low: int | None = Field(default=None, ge=0)
    best: int | None = Field(default=None, ge=0)
    high: int | None = Field(default=None, ge=0)
    who: Words
    population: Words
    place: Words = {}
    starts: str = Field(default="", alias="from")
    until: str = ""
    cite: Cite


class ReplyNote(Document):
    """A reply asked of a party about one incident, and whether it came."""

    incident: str
    actor: str
    asked: When
    deadline: When | None = None
    answered: When | None = None
    says: Literal["admits", "denies", "other"] = "other"
    cite: str = ""


class AttestationNote(Document):
    """What someone who knows the lists of the dead says of them; without it, it is nowhere taken for so."""

    by: str = Field(min_length=1)
    at: When
    reason: Words = Field(min_length=1)


Answered = Literal["yes", "no", "unclear"]


class RulingNote(Document):
    """What somebody else determined of one incident: on each question as far as they answered it."""

    incident: str
    by: str = Field(min_length=1)
    at: When
    words: Words = Field(min_length=1)
    verdict: Verdict | None = None
    occurrence: Answered | None = None
    attribution: list[str] | None = None
    questions: dict[Asked, Answered] = {}
    clauses: dict[Asked, str] = {}
    cite: Cite


class RulingCountNote(Document):
    """How many rulings somebody else says they made; never added to another number, theirs or ours."""

    by: str = Field(min_length=1)
    what: Literal["registered", "confirmed", "rejected"]
    of: str = ""
    number: int = Field(ge=0)
    starts: When = Field(alias="from")
    until: When
    cite: Cite


class GradeNote(Document):
    """A grade that a person overrules: a source's letter, a claim's number, or the strength of a finding.

    One of `source`, `claim` and `incident` is given, and `grade` is of its kind.
    """

    source: str = ""
    topic: Literal["", "occurrence", "attribution", "casualties"] = ""
    claim: str = ""
    incident: str = ""
    question: Literal["", "occurrence", "attribution"] = ""
    grade: str
    by: str = Field(min_length=1)
    at: When
    reason: Words = Field(min_length=1)

    @model_validator(mode="after")
    def _of_one(self) -> GradeNote:
        given = [name for name in ("source", "claim", "incident") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError("a grade is of one `source`, one `claim` or one `incident`")
        allowed = _ALLOWED[given[0]]
        if self.grade not in allowed:
            raise ValueError(
                f"the grade of a {given[0]} is one of {', '.join(allowed)}; found {self.grade!r}"
            )
        if bool(self.incident) != bool(self.question):
            raise ValueError("`question` (occurrence or attribution) goes with `incident`, and only with it")
        if self.topic and not self.source:
            raise ValueError("`topic` goes with `source`")
        return self


_ALLOWED = {
    "source": tuple("ABCDEF"),
    "claim": tuple("123456"),
    "incident": ("highly_probable", "probable", "plausible", "unknown"),
}


class Grades(Document):
    """The file `grades.yaml`."""

    grades: list[GradeNote] = []


class Restrictions(Document):
    """The file `restrictions.yaml`."""

    restrictions: list[RestrictionNote] = []


class Obligations(Document):
    """The file `obligations.yaml`."""

    obligations: list[ObligationNote] = []


class Tolls(Document):
    """The file `tolls.yaml`."""

    tolls: list[TollNote] = []


WhoStatus = Literal["civilian", "combatant", "unknown", "not_said"]
"""Whom lists call what: `unknown` is a list's own word, `not_said` is that no list says it."""


class AmongNote(Document):
    """Whom a count is of, of the people on the lists: all that is given must hold; both days are included."""

    status: list[WhoStatus] = []
    starts: When | None = Field(default=None, alias="from")
    until: When | None = None


class Counting(Document):
    """The file `counting.yaml`.

    `among`: who of the people on the lists is counted; left out: all of them.
    `closed`: everyone of the population could have been on any of the lists. `alike`: all lists mean the same
    people, whatever their scopes say. `strata`: by what people are told apart before they are counted.
    `imputations`: how many times a label of theirs that is missing is drawn.
    """

    among: AmongNote = AmongNote()
    strata: list[Literal["admin1", "sex", "month"]] = []
    imputations: int = Field(default=0, ge=0, le=100)
    closed: AttestationNote | None = None
    alike: AttestationNote | None = None


class SpanNote(Document):
    """Two ends."""

    low: int = Field(ge=0)
    high: int = Field(ge=0)


class EndsNote(SpanNote):
    """Two ends and a middle."""

    middle: int = Field(ge=0)

    @model_validator(mode="after")
    def _in_order(self) -> EndsNote:
        if not self.low <= self.middle <= self.high:
            raise ValueError("`low`, `middle` and `high` are in this order")
        return self


class KeptNote(Document):
    """One list, as it was counted, with who is on it."""

    source: str
    lists: int = Field(default=1, ge=1)
    people: int = Field(ge=0)
    who: str = ""
    where: str = ""
    when: str = ""


class ReasonNote(Document):
    """Why there is no number, or what it rests on: a code, and the facts that its words hold."""

    code: str
    facts: dict[str, int | float | str | list[str]] = {}


class AttestedNote(AttestationNote):
    """What was attested when the dead were counted."""

    what: Literal["closed", "alike"]


LEFT_OUT = {
    "status": ("civilian", "combatant", "unknown", "not_said", "disputed"),
    "died": ("outside", "vague", "not_said", "disputed"),
    "all": ("no_entry_says_all",),
}
"""Why somebody on a list is not counted, by what is asked of everyone."""


class LeftOutNote(Document):
    """People on the lists who are not counted: what was asked, and what is said of them instead."""

    asked: Literal["status", "died", "all"]
    why: str
    people: int = Field(ge=0)

    @model_validator(mode="after")
    def _known(self) -> LeftOutNote:
        if self.why not in LEFT_OUT[self.asked]:
            known = ", ".join(LEFT_OUT[self.asked])
            raise ValueError(f"`why` of {self.asked} is one of {known}; found {self.why!r}")
        return self


class CountNote(Document):
    """How many the lists of the dead say, signed by a person. Where it is refused there is no number."""

    by: str = Field(min_length=1)
    made: When
    lists: list[KeptNote] = Field(min_length=1)
    among: AmongNote = AmongNote()
    left_out: list[LeftOutNote] = []
    documented: EndsNote
    imputed: EndsNote | None = None
    imputations: int = Field(default=0, ge=0)
    missing: dict[str, float] = {}
    unnamed: int = Field(default=0, ge=0)
    estimated: EndsNote | None = None
    level: int = 95
    outside: int = Field(default=0, ge=0)
    models: SpanNote | None = None
    ranged: bool = False
    refused: list[ReasonNote] = []
    conditions: list[ReasonNote] = []
    attested: list[AttestedNote] = []
    draws: int = Field(default=1, ge=1)
    seed: int = 1

    @model_validator(mode="after")
    def _one_or_the_other(self) -> CountNote:
        if self.refused and self.estimated is not None:
            raise ValueError("what is refused has no number: leave out `estimated` or `refused`")
        return self


class Counts(Document):
    """The file `counts.yaml`."""

    counts: list[CountNote] = []


class Replies(Document):
    """The file `replies.yaml`."""

    replies: list[ReplyNote] = []


class Rulings(Document):
    """The file `rulings.yaml`."""

    rulings: list[RulingNote] = []
    counts: list[RulingCountNote] = []

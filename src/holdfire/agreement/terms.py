"""One duty with its clause: whom it binds, whom it protects, which acts, where, when."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, model_validator

from holdfire.agreement.parties import Role
from holdfire.documents import Cite, Document, When, Words


class TermType(StrEnum):
    """What sort of duty it is."""

    PROHIBITED_ACT = "prohibited_act"
    PERMITTED_ACT = "permitted_act"
    POSITIVE_OBLIGATION = "positive_obligation"


class Whom(Document):
    """Actors, by name or by the role they hold on the day."""

    roles: list[Role] = []
    actors: list[str] = []


class Value(Document):
    """A parameter's value from a date on, with its clause."""

    value: int | str | bool
    cite: Cite


class Due(Document):
    """When a duty must be done: on a day the text names, or so many days or hours after a clock started.

    Attributes:
        by: The day, or the minute, by which it must be done.
        starts: When the clock starts; left out: when the term begins to bind. A reset starts it anew.
        days: How many local days after [days].
        hours: How many hours after [h].
        cite: The clause.
    """

    by: When | None = None
    starts: When | None = Field(default=None, alias="from")
    days: int | None = Field(default=None, ge=0)
    hours: int | None = Field(default=None, ge=0)
    cite: Cite

    @model_validator(mode="after")
    def _one(self) -> Due:
        if sum(each is not None for each in (self.by, self.days, self.hours)) != 1:
            raise ValueError("a deadline needs one of `by`, `days` and `hours`")
        if self.by and self.starts:
            raise ValueError("a deadline on a named day (`by`) has no clock (`from`)")
        return self


class Condition(Document):
    """Something on which a duty hangs, asked as a question: yes, no or unclear.

    What people found about it stands in `conditions.yaml`; where no one has found anything it is unclear.
    A reciprocal duty binds only while the other side keeps its own: that, too, is asked here.
    """

    id: str
    ask: Words
    cite: Cite


class Finding(Document):
    """What was found about a condition, over some days, and who found it."""

    condition: str
    answer: Literal["yes", "no", "unclear"]
    starts: When = Field(alias="from")
    until: When | None = None
    cite: Cite
    by: str = Field(min_length=1)


class Findings(Document):
    """The file `conditions.yaml`."""

    found: list[Finding] = []


class Act(Document):
    """An act that the agreement speaks of and no event type of ours names."""

    act: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    means: Words
    cite: Cite


class Acts(Document):
    """The file `acts.yaml`: words of the agreement for acts."""

    acts: list[Act] = []


class Term(Document):
    """One duty.

    Attributes:
        id: Short name used in files.
        kind: Which questions it asks: a kind of term, registered under `holdfire.terms`.
        type: What sort of duty.
        instrument: Id of the text it stands in; its windows are the term's.
        cite: The clause.
        text: The clause's words or a paraphrase, by language.
        binds: Whom it binds.
        protects: Whom an act must be against; empty: anyone.
        acts: Event types it speaks of; `attack.*` is a whole family.
        zone: Zone id; empty: everywhere.
        cites: A clause for a single question, where it stands elsewhere than `cite`.
        parameters: Values by name and date. Those of a distance are in metres, of a notice in hours.
        settings: For the kind of term.
        due: When it must be done; none: no deadline.
        conditions: Questions on which it hangs; it binds while all are answered yes.
        excepts: Terms to which this permission is an exception.
        met_by: Acts by which the duty is met.
        certainty: unclear: its wording or number was not read in the source, so it makes no verdict certain.
    """

    id: str
    kind: str
    type: TermType
    instrument: str
    cite: Cite
    text: Words
    binds: Whom
    protects: Whom = Whom()
    acts: list[str] = Field(min_length=1)
    zone: str = ""
    cites: dict[str, Cite] = {}
    parameters: dict[str, dict[When, Value]] = {}
    settings: dict[str, Any] = {}
    due: Due | None = None
    conditions: list[Condition] = []
    excepts: list[str] = []
    met_by: list[str] = []
    certainty: Literal["yes", "unclear"] = "yes"

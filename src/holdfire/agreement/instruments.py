"""One dated text of the stack: when it binds, its clauses, and what it changes in earlier ones."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from holdfire import times
from holdfire.documents import Cite, Document, When, Words
from holdfire.times import Interval


class WindowKind(StrEnum):
    """What a window does to the duty."""

    IN_FORCE = "in_force"
    SUSPENSION = "suspension"
    RECOMMITMENT = "recommitment"
    CLOCK_RESET = "clock_reset"
    BREAKDOWN = "breakdown"


class Window(Document):
    """A stretch of time in which an instrument binds, is suspended, is renewed, or is said to have failed.

    `from` and `until` are as fine as the text: a day alone leaves the hour open, and what falls
    within that day is unclear. A `breakdown` is a report that the arrangement failed, where no
    instrument ends it: from then on, whether it binds is unclear.
    """

    kind: WindowKind = WindowKind.IN_FORCE
    starts: When = Field(alias="from")
    until: When | None = None
    cite: Cite
    note: Words = {}

    def start(self, zone: ZoneInfo) -> Interval:
        """Return the interval in which it starts: one instant where the text gives a time."""
        return times.parse(self.starts, zone)[0]

    def end(self, zone: ZoneInfo) -> Interval | None:
        """Return the interval in which it ends; None: the text gives no end."""
        return times.parse(self.until, zone)[0] if self.until else None


class ChangeKind(StrEnum):
    """What a later text does to terms of an earlier one."""

    REPLACE = "replace"
    SUSPEND = "suspend"
    EXTEND = "extend"
    END = "end"
    RESET = "reset"
    RECOMMIT = "recommit"


class Change(Document):
    """What this text does to terms of earlier texts, from a day on.

    `replace` ends terms, and `by` names those of this text that stand in their place; `suspend` takes them
    out from `from` until `until`; `extend` moves their end to `until`; `end` ends them; `reset` starts the
    clock of their deadlines again; `recommit` makes them bind again, after an end or a breakdown. Without
    `terms` and `instruments`, every term of the texts it amends is meant.
    """

    change: ChangeKind
    terms: list[str] = []
    instruments: list[str] = []
    starts: When = Field(alias="from")
    until: When | None = None
    by: list[str] = []
    cite: Cite
    note: Words = {}

    @model_validator(mode="after")
    def _whole(self) -> Change:
        if (self.change is ChangeKind.REPLACE) != bool(self.by):
            raise ValueError("`replace`, and no other change, names in `by` what stands in its place")
        if self.change is ChangeKind.EXTEND and not self.until:
            raise ValueError("`extend` needs `until`: the new end")
        if self.change in (ChangeKind.END, ChangeKind.REPLACE, ChangeKind.RESET) and self.until:
            raise ValueError(f"`{self.change}` has no `until`")
        return self


class Clause(Document):
    """One clause of a text: the terms that cover it, or why it makes no duty.

    `certainty: unclear` says that its wording or number was not read in the source.
    """

    cite: Cite
    terms: list[str] = []
    no_duty: Words = {}
    certainty: Literal["yes", "unclear"] = "yes"


class Form(StrEnum):
    """How an instrument was made."""

    WRITTEN = "written"
    VERBAL = "verbal"


class Laterality(StrEnum):
    """How many made it."""

    UNILATERAL = "unilateral"
    BILATERAL = "bilateral"
    MULTILATERAL = "multilateral"


class Instrument(Document):
    """One dated text: who made it, what it amends, when it binds."""

    id: str
    title: Words
    dated: When
    authors: list[str]
    form: Form = Form.WRITTEN
    laterality: Laterality
    confidential: bool = False
    published: When | None = None
    amends: list[str] = []
    pax_id: str | None = None
    source: Cite
    note: Words = {}
    windows: list[Window] = []
    changes: list[Change] = []
    clauses: list[Clause] = []

"""One dated text of the stack, and the windows in which it binds."""

from __future__ import annotations

from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import Field

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

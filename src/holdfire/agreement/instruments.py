"""One dated text of the stack, and the windows in which it binds."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from holdfire import times
from holdfire.documents import Document
from holdfire.errors import HoldfireError
from holdfire.times import Interval

Words = dict[str, str]
"""A text by language code, such as {"en": ..., "ar": ...}."""


def _when(value: object) -> object:
    """Refuse what is no date, so that the line of the field is shown."""
    if value is not None:
        try:
            times.parse(str(value), ZoneInfo("UTC"))
        except HoldfireError as error:
            raise ValueError(error.problems[0].problem) from None
        return str(value)
    return value


When = Annotated[str, BeforeValidator(_when)]
"""A date or time as written, ISO 8601; local to the agreement's zone unless it says otherwise."""

Cite = Annotated[str, Field(min_length=1)]
"""A clause, or where a statement was read. Never empty: a value without one cannot be defended."""


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

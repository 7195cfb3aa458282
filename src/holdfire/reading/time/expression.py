"""What an expression of time is, and what stands behind it while it is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from holdfire.reading.time.days import Days
from holdfire.times import Interval, Precision


class Kind(StrEnum):
    """How an expression bounds what it is said of."""

    AT = "at"
    SINCE = "since"
    UNTIL = "until"
    AS_OF = "as_of"
    SPAN = "span"
    DURATION = "duration"


class Anchored(StrEnum):
    """What an expression rests on."""

    STATED = "stated"
    PUBLISHED = "published"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of time in a text.

    Attributes:
        start: Of its words, in code points of the text.
        end: After its last.
        interval: What it names, in UTC; None: it cannot be said, or it is only a length of time.
        precision: How fine the words are; never finer than they.
        kind: at, since, until, as_of; span: things are counted over it; duration: a length, without a place
            in time.
        anchor: stated: the text gives it all; published: relative to the day of publication; text: relative
            to another date or an event of the text; None: relative to nothing.
        words: The words.
    """

    start: int
    end: int
    interval: Interval | None
    precision: Precision
    kind: Kind
    anchor: Anchored | None
    words: str


@dataclass(slots=True)
class Meaning:
    """What a pattern was read as, before the words around it have their say.

    Attributes:
        days: First and last day; None: cannot be said.
        precision: How fine the words are.
        anchor: What it rests on.
        kind: How it bounds.
        shift: Of an expression relative to another date of the text: unit, first and last step from it.
        loose: Day (0: none) and month of a date without a year, so that a range may lend it one.
    """

    days: Days | None
    precision: Precision
    anchor: Anchored | None = Anchored.PUBLISHED
    kind: Kind = Kind.AT
    shift: tuple[str, int, int] | None = None
    loose: tuple[int, int] | None = None

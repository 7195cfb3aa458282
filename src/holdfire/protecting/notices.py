"""In which state a notice is for each recipient, and what may be done next: functions of dated events.

What holds, and tests/properties/test_notices.py tries to break:

* the state at a time depends on the events up to then and on nothing else, in whatever order they are given;
* an acknowledgement, once there, is never lost: the history shows it whatever came after;
* nobody is told of anything without a consent of the owner for that recipient that is in force at the time;
* a clock that runs backwards is refused, never sorted away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdfire.errors import Problem

SKEW = timedelta(minutes=5)
"""How far a recipient's clock may be from the sender's."""


class Step(StrEnum):
    """What happened to a notice."""

    DRAFTED = "drafted"
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    RENEWED = "renewed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """How a notice stands for one recipient."""

    DRAFTED = "drafted"
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    UNANSWERED = "unanswered"
    RENEWED = "renewed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    NOT_ADDRESSED = "not_addressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a notice.

    Attributes:
        step: What.
        at: When.
        to: Key id of the recipient; empty: of the notice as a whole.
        by: What shows it: the leaf hash of the log's entry; empty: not logged.
        entered: When the sender's log had it, where `at` is by a recipient's clock; None: `at` is ours.
    """

    step: Step
    at: datetime
    to: str = ""
    by: str = ""
    entered: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one recipient was told of one notice, and when.

    Attributes:
        to: Key id.
        state: At the time asked about.
        sent: When it was sent; None: it was not.
        delivered: When the recipient signed that it arrived, by their clock; None: they have not.
        acknowledged: When the recipient signed that they took note; None: they have not.
        in_time: Whether they acknowledged by the time asked for, by their clock; None: it is still to come.
        entered: When the sender's log had the acknowledgement: a clock that says otherwise than theirs.
    """

    to: str
    state: State
    sent: datetime | None = None
    delivered: datetime | None = None
    acknowledged: datetime | None = None
    in_time: bool | None = None
    entered: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That the owner of a place lets one recipient be told of it.

    Attributes:
        to: Key id of the recipient.
        given: From when.
        until: To when; None: until it is revoked.
        revoked: When it was revoked; None: it was not.
    """

    to: str
    given: datetime
    until: datetime | None = None
    revoked: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Return whether it holds at a time."""
        ends = [each for each in (self.until, self.revoked) if each is not None]
        return self.given <= at and all(at < each for each in ends)


def told(
    events: Iterable[Event], to: str, now: datetime, *, reply_by: datetime, ends: datetime | None
) -> Told:
    """Return what a recipient was told of a notice, as of a time.

    Args:
        events: Of this notice; those after `now`, and those of other recipients, change nothing.
        to: Key id of the recipient.
        now: As of when.
        reply_by: By when an acknowledgement was asked for.
        ends: When its window ends; None: that is not known, as to a reader of the log alone.
    """
    seen = [each for each in events if each.at <= now and each.to in ("", to)]
    first: dict[Step, datetime] = {}
    for each in seen:
        first[each.step] = min(first.get(each.step, each.at), each.at)
    answer = first.get(Step.ACKNOWLEDGED)
    in_time = True if answer is not None and answer <= reply_by else (None if now < reply_by else False)
    answers = [(e.at, e.entered) for e in seen if e.step is Step.ACKNOWLEDGED and e.entered is not None]
    addressed = any(each.to == to and each.step in (Step.DRAFTED, Step.SENT) for each in seen)
    return Told(
        to=to,
        state=_state(first, now, reply_by, ends) if addressed else State.NOT_ADDRESSED,
        sent=first.get(Step.SENT),
        delivered=first.get(Step.DELIVERED),
        acknowledged=answer,
        in_time=in_time if addressed else None,
        entered=min(answers)[1] if answers else None,
    )


def _state(first: Mapping[Step, datetime], now: datetime, reply_by: datetime, ends: datetime | None) -> State:
    """Return the state that follows from when each step first happened."""
    over = ends is not None and ends <= now
    late = Step.SENT in first and reply_by <= now
    rules = (
        (Step.WITHDRAWN in first, State.WITHDRAWN),
        (Step.RENEWED in first, State.RENEWED),
        (Step.EXPIRED in first or over, State.EXPIRED),
        (Step.ACKNOWLEDGED in first, State.ACKNOWLEDGED),
        (late, State.UNANSWERED),
        (Step.DELIVERED in first, State.DELIVERED),
        (Step.SENT in first, State.SENT),
    )
    return next((state for holds, state in rules if holds), State.DRAFTED)


def refused(
    step: Step,
    events: Iterable[Event],
    to: str,
    at: datetime,
    *,
    ends: datetime | None,
    now: datetime | None = None,
) -> Iterator[Problem]:
    """Yield every reason why a step cannot be taken.

    Args:
        step: Which.
        events: Of this notice so far.
        to: Key id of the recipient; empty: of the notice as a whole.
        at: When it is said to happen.
        ends: When the window ends; None: not known.
        now: The sender's clock, for steps dated by a recipient's; None: it is `at`.
    """
    seen = list(events)
    steps = {each.step for each in seen if each.to in ("", to)}
    if Step.DRAFTED not in {each.step for each in seen}:
        yield Problem("there is no such notice here", "notice", "holdfire notify status lists them")
        return
    theirs = step in (Step.DELIVERED, Step.ACKNOWLEDGED)
    yield from _backwards(step, seen, to, at, now)
    if theirs:
        if Step.SENT not in steps:
            yield Problem("this notice was not sent to this recipient", "receipt")
        return
    for past in (Step.WITHDRAWN, Step.EXPIRED):
        if past in steps:
            yield Problem(f"the notice is {past.value} already", "notice", "draft another")
    if step is Step.SENT:
        if not any(each.to == to and each.step is Step.DRAFTED for each in seen):
            yield Problem(
                "the notice is not addressed to this recipient", "recipient", "draft it for them too"
            )
        if ends is not None and ends <= at:
            yield Problem("the window has ended already", "notice", "holdfire notify renew")
    if step is Step.EXPIRED and (ends is None or at < ends):
        yield Problem("its window has not ended yet", "notice", "holdfire notify withdraw ends it now")


def _backwards(
    step: Step, events: list[Event], to: str, at: datetime, now: datetime | None
) -> Iterator[Problem]:
    """Yield that a clock runs backwards: ours beyond doubt, a recipient's by more than `SKEW`."""
    hint = "set the clock right; nothing was written"
    if step not in (Step.DELIVERED, Step.ACKNOWLEDGED):
        ours = [e.at for e in events if e.step not in (Step.DELIVERED, Step.ACKNOWLEDGED)]
        if ours and at < max(ours):
            yield Problem("the clock runs backwards: something later was logged already", "clock", hint)
        return
    sent = [e.at for e in events if e.to == to and e.step is Step.SENT]
    if sent and at < min(sent) - SKEW:
        yield Problem(
            "the receipt is dated before the notice was sent", "at", "is the recipient's clock right?"
        )
    if now is not None and at > now + SKEW:
        yield Problem("the receipt is dated in the future", "at", "is the recipient's clock right, and ours?")
    arrived = [e.at for e in events if e.to == to and e.step is Step.DELIVERED]
    if step is Step.ACKNOWLEDGED and arrived and at < min(arrived):
        yield Problem("it is acknowledged before it was delivered", "at", "is the recipient's clock right?")


def lacking(consents: Iterable[Consent], to: str, at: datetime) -> Problem | None:
    """Return why the owner's consent does not let a recipient be told at a time; None: it does."""
    theirs = [each for each in consents if each.to == to]
    hint = "holdfire notify consent FILE, after asking the owner"
    if any(each.in_force(at) for each in theirs):
        return None
    if not theirs:
        return Problem("the owner has not consented that this recipient is told", f"recipient {to}", hint)
    if all(at < each.given for each in theirs):
        return Problem("the owner's consent for this recipient is not in force yet", f"recipient {to}", hint)
    if any(each.revoked is not None and each.revoked <= at for each in theirs):
        return Problem("the owner revoked the consent for this recipient", f"recipient {to}", hint)
    return Problem("the owner's consent for this recipient has expired", f"recipient {to}", hint)

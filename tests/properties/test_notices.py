"""States of a notice: any order of events, any later event, any time, and consents that must be in force."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.protecting.notices import Consent, Event, State, Step, lacking, refused, told

ZERO = datetime(2031, 5, 1, tzinfo=UTC)
TO = ("aa" * 8, "bb" * 8)
times = st.integers(0, 2_000).map(lambda minutes: ZERO + timedelta(minutes=minutes))
events = st.builds(
    Event,
    step=st.sampled_from([s for s in Step if s not in (Step.WITHDRAWN, Step.EXPIRED)]),
    at=times,
    to=st.sampled_from(TO),
)
whole = st.builds(Event, step=st.sampled_from([Step.WITHDRAWN, Step.EXPIRED]), at=times)
histories = st.lists(st.one_of(events, events, whole), max_size=12)


@settings(max_examples=200)
@given(histories, st.randoms(), times, times, st.none() | times)
def test_order_and_what_comes_later_change_nothing(
    history: list[Event], draw: object, now: datetime, reply_by: datetime, ends: datetime | None
) -> None:
    shuffled = list(history)
    draw.shuffle(shuffled)  # type: ignore[attr-defined]
    for to in TO:
        found = told(history, to, now, reply_by=reply_by, ends=ends)
        assert told(shuffled, to, now, reply_by=reply_by, ends=ends) == found
        past = [each for each in history if each.at <= now]
        assert told(past, to, now, reply_by=reply_by, ends=ends) == found
        others = [each for each in history if each.to in ("", to)]
        assert told(others, to, now, reply_by=reply_by, ends=ends) == found


@settings(max_examples=200)
@given(histories, events | whole, times, times)
def test_no_later_event_takes_an_answer_away(
    history: list[Event], more: Event, now: datetime, reply_by: datetime
) -> None:
    before = told(history, TO[0], now, reply_by=reply_by, ends=None)
    after = told([*history, more], TO[0], now, reply_by=reply_by, ends=None)
    for name in ("sent", "delivered", "acknowledged"):
        was, is_ = getattr(before, name), getattr(after, name)
        assert was is None or (is_ is not None and is_ <= was)


@settings(max_examples=200)
@given(histories, times, times, st.none() | times)
def test_a_state_says_what_it_says(
    history: list[Event], now: datetime, reply_by: datetime, ends: datetime | None
) -> None:
    found = told(history, TO[0], now, reply_by=reply_by, ends=ends)
    if found.state is State.ACKNOWLEDGED:
        assert found.acknowledged is not None
    if found.state is State.UNANSWERED:
        assert found.sent is not None
        assert found.acknowledged is None
        assert reply_by <= now
        assert found.in_time is False
    if found.state in (State.SENT, State.DELIVERED):
        assert now < reply_by
    if ends is not None and ends <= now:
        assert found.state in (State.EXPIRED, State.RENEWED, State.WITHDRAWN, State.NOT_ADDRESSED)


@settings(max_examples=200)
@given(st.lists(st.builds(Consent, to=st.sampled_from(TO), given=times, until=st.none() | times,
                          revoked=st.none() | times), max_size=5), times)  # fmt: skip
def test_a_consent_lets_one_recipient_be_told_and_only_while_it_holds(
    consents: list[Consent], at: datetime
) -> None:
    for to in TO:
        holds = any(
            each.to == to
            and each.given <= at
            and (each.until is None or at < each.until)
            and (each.revoked is None or at < each.revoked)
            for each in consents
        )
        lack = lacking(consents, to, at)
        assert (lack is None) == holds
        assert lack is None or to in lack.where


@settings(max_examples=200)
@given(histories, times)
def test_our_clock_never_runs_backwards(history: list[Event], at: datetime) -> None:
    ours = [e.at for e in history if e.step not in (Step.DELIVERED, Step.ACKNOWLEDGED)]
    drafted = any(each.step is Step.DRAFTED for each in history)
    said = [each.problem for each in refused(Step.SENT, history, TO[0], at, ends=None)]
    assert any("backwards" in each for each in said) == bool(drafted and ours and at < max(ours))

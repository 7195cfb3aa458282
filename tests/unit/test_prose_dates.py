"""Dates as fine as the words, and never finer."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from holdfire.reading.prose.acts.dates import When, dates
from holdfire.reading.prose.words.tokens import sentences
from holdfire.reading.time.days import anchor

ZONE = ZoneInfo("Asia/Damascus")


def _found(text: str, published: str = "2031-06-30") -> list[When]:
    where = anchor(published, ZONE)
    return [when for s in sentences(text, 0, len(text), 0, "body") for when in dates(s, where)]


def _shown(when: When) -> str:
    if when.interval is None:
        return f"? {when.precision}"
    day = [
        t.astimezone(ZONE).strftime("%Y-%m-%d") if t else "..."
        for t in (when.interval.start, when.interval.end)
    ]
    return f"{day[0]}/{day[1]} {when.precision}"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        # published on Monday 30 June 2031; ends are not included
        ("It was made Monday.", "2031-06-30/2031-07-01 day"),
        ("It was made on Saturday.", "2031-06-28/2031-06-29 day"),
        ("It was made last Monday.", "2031-06-23/2031-06-24 day"),
        ("It will be made on Saturday.", "2031-07-05/2031-07-06 day"),
        ("It was made on 27 February.", "2031-02-27/2031-02-28 day"),
        ("It was made on February 27th.", "2031-02-27/2031-02-28 day"),
        ("It was made on 27 December.", "2030-12-27/2030-12-28 day"),
        ("It was made on 27 February 2029.", "2029-02-27/2029-02-28 day"),
        ("It was made on Feb. 27, 2029.", "2029-02-27/2029-02-28 day"),
        ("It was made on 2029-02-27.", "2029-02-27/2029-02-28 day"),
        ("It was made in May.", "2031-05-01/2031-06-01 month"),
        ("It was made in August.", "2030-08-01/2030-09-01 month"),
        ("Earlier in June, it was made.", "2031-06-01/2031-07-01 month"),
        ("It was made in March 2021.", "2021-03-01/2021-04-01 month"),
        ("It was made in 2021.", "2021-01-01/2022-01-01 year"),
        ("It goes on since March 2021.", "2021-03-01/2031-07-01 range"),
        ("It was made yesterday.", "2031-06-29/2031-06-30 day"),
        ("It was made overnight.", "2031-06-29/2031-07-01 range"),
        ("It was made three days ago.", "2031-06-27/2031-06-28 day"),
        ("It was made last month.", "2031-05-01/2031-06-01 month"),
        ("It was made last year.", "2030-01-01/2031-01-01 year"),
        ("It went from 27 February to 31 March.", "2031-02-27/2031-04-01 range"),
        ("It went between March 2021 and April 2024.", "2021-03-01/2024-05-01 range"),
        ("It was made over the past 24 hours.", "2031-06-29/2031-07-01 range"),
    ],
)
def test_expression(words: str, meant: str) -> None:
    assert [_shown(when) for when in _found(words)] == [meant]


@pytest.mark.parametrize(
    "words",
    [
        "in recent weeks",
        "in recent days",
        "last week",
        "two weeks ago",
        "two months ago",
        "the past few months",
    ],
)
def test_a_vague_expression_never_gives_a_day(words: str) -> None:
    (when,) = _found(f"It was made {words}.")
    assert when.interval is not None
    assert when.interval.start is not None
    assert when.interval.end is not None
    assert (when.interval.end - when.interval.start).days >= 7
    assert when.precision in ("range", "week")


@pytest.mark.parametrize(
    "words",
    [
        "It may march on.",
        "The second day was calm.",
        "He counted 2016 shells.",
        "In the sun it sat.",
        "Resolution 2254 was read.",
        "On 31 February it was made.",
    ],
)
def test_what_is_no_date_gives_none(words: str) -> None:
    assert [when for when in _found(words) if when.interval is not None] == []


@pytest.mark.parametrize(
    "words", ["Monday", "yesterday", "27 February", "in June", "last week", "in recent weeks"]
)
def test_without_a_date_of_publication_nothing_is_guessed(words: str) -> None:
    (when,) = _found(f"It was made on {words}.", published="")
    assert when.interval is None


def test_a_date_written_whole_needs_no_publication() -> None:
    (when,) = _found("It was made on 27 February 2029.", published="")
    assert _shown(when) == "2029-02-27/2029-02-28 day"


def test_publication_known_to_a_span_makes_the_answer_as_wide() -> None:
    (when,) = _found("It was made on Monday.", published="2031-06-23/2031-06-30")
    assert _shown(when) == "2031-06-23/2031-07-01 range"
    (sure,) = _found("It was made on Saturday.", published="2031-06-29/2031-07-01")
    assert _shown(sure) == "2031-06-28/2031-06-29 day"


def test_a_day_inside_the_month_of_publication_is_that_day() -> None:
    (when,) = _found("It was made on 27 February.", published="2031-02")
    assert _shown(when) == "2031-02-27/2031-02-28 day"


def test_a_time_of_day_is_local_unless_it_says_otherwise() -> None:
    (local,) = _found("It began on 27 February 2029 at 00:45.")
    assert local.interval is not None
    assert local.interval.start is not None
    assert local.interval.start.isoformat() == "2029-02-26T21:45:00+00:00"  # the zone of 2029
    (utc,) = _found("It began at 16:00 GMT on 12 September 2029.")
    assert utc.interval is not None
    assert utc.interval.start is not None
    assert utc.interval.start.isoformat() == "2029-09-12T16:00:00+00:00"
    assert utc.precision == "minute"


def test_a_local_day_keeps_daylight_saving() -> None:
    (when,) = _found("It was made on 27 February 2016.")
    assert when.interval is not None
    assert when.interval.start is not None
    assert when.interval.start.isoformat() == "2016-02-26T22:00:00+00:00"

"""Whose verb a day is told by, and which side of it an event may lie on."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from holdfire.reading.time import Expression, anchor, find
from holdfire.times import Precision

ZONE = ZoneInfo("UTC")


def _one(text: str, language: str) -> Expression:
    (found,) = find(text, language, anchor("2016-09-20", ZONE))  # a Tuesday
    return found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The attack on Monday will not stop the talks.", "en"),
        ("The army will answer Sunday's attack.", "en"),
        ("The minister said the truce would begin on Monday.", "en"),
        ("A truce was set to begin on Friday.", "en"),
        ("It fell about three days ago.", "en"),
        ("The truce began at midnight Friday.", "en"),
    ],
)
def test_where_the_words_leave_the_side_open_no_day_is_given(text: str, language: str) -> None:
    found = _one(text, language)
    assert found.precision == Precision.RANGE
    assert found.interval is not None
    assert (found.interval.end - found.interval.start).days > 1


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("The town fell after 5 March.", "en", "since"),
        ("La ville est tombée avant le 5 mars.", "fr", "until"),
        ("Город пал до 5 марта.", "ru", "until"),
        ("سقطت البلدة قبل 5 آذار.", "ar", "until"),
        ("After Monday's attack, the town fell.", "en", "at"),
        ("С начала войны в 2011 году страна разрушена.", "ru", "since"),
    ],
)
def test_a_bound_is_not_the_day(text: str, language: str, kind: str) -> None:
    assert _one(text, language).kind == kind


def test_a_day_that_its_own_weekday_contradicts_is_not_resolved() -> None:
    assert _one("Сторонам вчера, в понедельник, передан текст.", "ru").interval is not None
    assert _one("Сторонам вчера, в пятницу, передан текст.", "ru").interval is None

"""What holds of every text: see holdfire/reading/time/finding.py."""

from __future__ import annotations

import time
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from bench.reading.dates import lines
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfire.reading.time import LANGUAGES, Anchored, Expression, Kind, anchor, find
from holdfire.times import Precision

# A zone without daylight saving, so that a day is always 24 hours.
ZONE = ZoneInfo("UTC")
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SENTENCES = [(line.text, line.language) for code in LANGUAGES for line in lines(code)]
PIECES = sorted({word for text, _ in SENTENCES for word in text.split()})
LANGUAGE = st.sampled_from(LANGUAGES)
DAYS = st.dates(date(2012, 1, 1), date(2030, 12, 31))


def _read(text: str, language: str, published: date | None) -> list[Expression]:
    return find(text, language, anchor(published.isoformat() if published else "", ZONE))


BY_DAYS = {
    "en": "Monday; last Friday; yesterday; overnight; today; three days ago; two weeks ago; last week; "
    "a year ago; the past 48 hours; in recent weeks; the day before yesterday; last night; this morning",
    "fr": "lundi; vendredi dernier; hier; la nuit dernière; il y a trois jours; la semaine dernière; "
    "il y a un an; des dernières 48 heures; ces dernières semaines; avant-hier; ce matin",
    "ru": "в понедельник; вчера; сегодня; три дня назад; две недели назад; на прошлой неделе; год назад; "
    "позавчера; за последние 48 часов; в последние недели",
    "ar": "يوم السبت; أمس; اليوم; قبل يومين; قبل أسبوعين; الأسبوع الماضي; قبل عام; الليلة الماضية; أول أمس",
}
EACH = [(code, words) for code, held in BY_DAYS.items() for words in held.split("; ")]


@pytest.mark.parametrize(("language", "words"), EACH)
@settings(max_examples=20, deadline=None)
@given(published=DAYS, weeks=st.integers(-40, 40))
def test_what_counts_from_publication_moves_with_it(
    language: str, words: str, published: date, weeks: int
) -> None:
    (one,) = _read(f"... {words}.", language, published)
    (other,) = _read(f"... {words}.", language, published + timedelta(weeks=weeks))
    assert one.anchor == other.anchor == Anchored.PUBLISHED
    assert (one.precision, one.kind, one.words) == (other.precision, other.kind, other.words)
    for a, b in ((one.interval.start, other.interval.start), (one.interval.end, other.interval.end)):
        assert b - a == timedelta(weeks=weeks)


@QUICK
@given(sentence=st.sampled_from(SENTENCES), published=DAYS, days=st.integers(1, 400))
def test_what_the_text_states_does_not_move(sentence: tuple[str, str], published: date, days: int) -> None:
    text, language = sentence
    before = _read(text, language, published)
    after = _read(text, language, published + timedelta(days=days))
    assert [(e.start, e.end, e.anchor) for e in before] == [(e.start, e.end, e.anchor) for e in after]
    for one, other in zip(before, after, strict=True):
        if one.anchor == Anchored.STATED and one.kind != Kind.SINCE:
            assert one == other
        elif one.anchor == Anchored.STATED:
            assert one.interval.start == other.interval.start


@QUICK
@given(sentence=st.sampled_from(SENTENCES), first=DAYS, wide=st.integers(0, 40))
def test_a_wider_publication_never_makes_an_answer_narrower(
    sentence: tuple[str, str], first: date, wide: int
) -> None:
    text, language = sentence
    last = first + timedelta(days=wide)
    found = find(text, language, anchor(f"{first}/{last}", ZONE))
    for one, other in zip(_read(text, language, first), found, strict=True):
        assert one.start <= other.start < other.end <= one.end  # a time of day needs one day
        if other.precision == Precision.DAY and other.interval and one.anchor == Anchored.PUBLISHED:
            inside = first <= other.interval.start.date() <= last
            assert inside or other.interval == one.interval


@QUICK
@given(sentence=st.sampled_from(SENTENCES))
def test_without_publication_only_what_is_stated_is_answered(sentence: tuple[str, str]) -> None:
    for each in _read(*sentence, None):
        if each.interval is not None:
            assert each.anchor in (Anchored.STATED, Anchored.TEXT)


@QUICK
@given(st.text(max_size=300), LANGUAGE, st.none() | DAYS)
def test_any_characters(text: str, language: str, published: date | None) -> None:
    _whole(text, _read(text, language, published))


@QUICK
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join), LANGUAGE, st.none() | DAYS)
def test_any_order_of_the_words_it_knows(text: str, language: str, published: date | None) -> None:
    _whole(text, _read(text, language, published))


@QUICK
@given(st.text("0123456789 ./:-–٠١٢٣", max_size=60), LANGUAGE, st.dates())
def test_any_figures(text: str, language: str, published: date) -> None:
    _whole(text, _read(text, language, published))


def _whole(text: str, found: list[Expression]) -> None:
    at = 0
    for each in found:
        assert at <= each.start < each.end <= len(text)
        assert each.words == text[each.start : each.end]
        at = each.end


HOSTILE = {
    "figures": "27 ",
    "months": "March May ",
    "dashes": "27-28-",
    "dots": "3.4.",
    "one word": "x",
    "numbers": "7",
    "Arabic": "وبالسبت ",
    "later": "two days later ",
    "days": "Monday, ",
    "lines": "в марте\n",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_time_grows_with_the_text(piece: str, language: str) -> None:
    where = anchor("2031-06-30", ZONE)
    find("warm", language, where)
    took = []
    for size in (50_000, 500_000):
        text = (piece * (size // len(piece) + 1))[:size]
        started = time.perf_counter()
        find(text, language, where)
        took.append(time.perf_counter() - started)
    assert took[1] < 25 * took[0] + 0.5

"""Dates and spans of time in running text: as fine as the words, and never finer.

No day is ever given that the text does not give. A weekday means the last one up to the day of publication,
a day without a year the last one before it; where publication is known only to a span, the answer is as wide
as the span makes it; with no date of publication, words that need one stay unresolved. Days are days of
the case's time zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holdfire import times
from holdfire.reading.prose.days import (
    Anchor,
    Days,
    back,
    nearest_month,
    over,
    whole_month,
    within,
    yearless,
)
from holdfire.reading.prose.lexicon import page, word_set, words
from holdfire.reading.prose.tokens import Sentence
from holdfire.times import Interval, Precision


@dataclass(frozen=True, slots=True)
class When:
    """An expression of time.

    Attributes:
        start: First token.
        end: The token after the last.
        interval: What it names, in UTC; None: it cannot be said without a date of publication.
        precision: How fine it is.
        kind: at, since, until or as_of.
        total: Whether it names a span that things are counted over.
        anchor: What it rests on, of records.claim.ANCHORS; empty: nothing.
    """

    start: int
    end: int
    interval: Interval | None
    precision: Precision
    kind: str = "at"
    total: bool = False
    anchor: str = ""


@dataclass(frozen=True)
class _Words:
    months: dict[str, int]
    weekdays: dict[str, int]
    recent: dict[str, int]
    future: frozenset[str]
    after_saying: frozenset[str]
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    given = page("time")
    months = {name: int(n) for n, listed in given["months"].items() for name in words(listed)}
    weekdays = {name: int(n) for n, listed in given["weekdays"].items() for name in words(listed)}
    return _Words(
        months,
        weekdays,
        {unit: int(n) for unit, n in given["recent"].items()},
        frozenset(w.strip('"') for w in words(given["future"])),
        frozenset(words(given["future_in_past"])),
        re.compile(_pattern(months, weekdays)),
    )


def _pattern(months: dict[str, int], weekdays: dict[str, int]) -> str:

    def any_of(names: Iterable[str]) -> str:
        return "|".join(sorted(map(re.escape, names), key=lambda n: (-len(n), n)))

    month, weekday = any_of(months), any_of(weekdays)
    number = r"\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|a|one|several|few"
    unit = "hour|day|week|month|year"
    later = r"(?: (?:st|nd|rd|th))?"
    part = r"(?: (?:morning|afternoon|evening|night|noon))?"
    return (
        r"(?<!\S)(?:"
        r"(?P<iso>(?P<iy>\d{4}) - (?P<im>\d\d) - (?P<id>\d\d))"
        rf"|(?:(?:{weekday}) (?:, )?)?(?P<dm>(?P<dd>\d{{1,2}}){later} (?:of )?(?P<dmn>{month})\b"
        r"(?: (?:\. |, )?(?P<dy>\d{4})(?!\S))?)"
        rf"|(?:(?:{weekday}) (?:, )?)?(?P<md>(?P<mdn>{month})(?: \.)? (?P<mdd>\d{{1,2}}){later}(?!\S)"
        r"(?: (?:, )?(?P<my>\d{4})(?!\S))?)"
        r"|(?P<mon>(?:(?P<part>early|mid|late|earlier in|later in|earlier this|last|this|next) (?:- )?)?"
        rf"(?P<mn>{month})(?: (?:\. |, )?(?P<mny>\d{{4}}))?)"
        rf"|(?P<wd>(?:(?P<which>last|this|next|late|early|past) )?(?P<wdn>{weekday}){part})"
        r"|(?P<near>yesterday|today|tonight|overnight|tomorrow|this (?:morning|afternoon|evening))"
        r"|(?P<rel>(?:earlier )?(?P<relw>last|this|next|past|previous) "
        r"(?P<relu>week|weekend|month|year|night))"
        rf"|(?P<recent>(?:recent|the last few|the past few|past few|last few) (?P<recu>{unit})s)"
        rf"|(?P<span>(?:the )?(?:last|past|previous) (?P<spn>{number}) (?P<spu>{unit})s?)"
        rf"|(?P<ago>(?P<agn>{number}) (?P<agu>{unit})s? (?:ago|earlier))"
        r"|(?P<year>(?:19|20)\d\d)"
        r")(?!\S)"
    )


def dates(s: Sentence, where: Anchor) -> list[When]:
    """Return the expressions of time in a sentence, in order, none overlapping another."""
    known = _words()
    if not any(letter in "T#" for letter in s.tags) and not any(w in known.months for w in s.words):
        return []
    text, at = _line(s)
    found: list[When] = []
    for match in known.pattern.finditer(text):
        i = at.get(match.start())
        if i is None:
            continue
        j = i + match[0].count(" ") + 1
        made = _read(s, match, i, j, where)
        if made is not None:
            found.append(_with_clock(s, made, where))
    return _ranges(s, found, where)


def _line(s: Sentence) -> tuple[str, dict[int, int]]:
    """Return the words apart by one space, and the token that begins at each place."""
    at: dict[int, int] = {}
    length = 0
    for k, word in enumerate(s.words):
        at[length] = k
        length += len(word) + 1
    return " ".join(s.words), at


def _read(s: Sentence, m: re.Match[str], i: int, j: int, where: Anchor) -> When | None:  # noqa: PLR0911
    before = s.words[i - 1] if i else ""
    if before in ("in", "on") and "since" in s.words[max(0, i - 7) : i] and m["wd"] is None:
        before = "since"  # "since the war began in 2011"
    tense = _tense(s, i)
    if m["iso"] is not None:
        return _fixed(m["iy"], m["im"], m["id"], i, j, before, where)
    if m["dm"] is not None:
        return _day_of_month(int(m["dd"]), _words().months[m["dmn"]], m["dy"], i, j, before, tense, where)
    if m["md"] is not None:
        return _day_of_month(int(m["mdd"]), _words().months[m["mdn"]], m["my"], i, j, before, tense, where)
    if m["mon"] is not None:
        return _month(s, m, i, j, before, tense, where)
    if m["wd"] is not None:
        return _weekday(s, m, i, j, before, tense, where)
    if m["year"] is not None:
        return _year(s, int(m["year"]), i, j, before, where)
    return _relative(m, i, j, before, where)


def _tense(s: Sentence, i: int) -> str:
    known = _words()
    for k in range(max(0, i - 14), min(len(s), i + 2)):
        if s.words[k] in known.future and not (s.words[k] == "expected" and s.tags[k - 1 : k] != "b"):
            return "future"
    if any(s.words[k] in known.after_saying for k in range(max(0, i - 10), i)):
        return "near"
    return "past"


def _fixed(year: str, month: str, day: str, i: int, j: int, before: str, where: Anchor) -> When | None:
    try:
        when = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return _made(i, j, (when, when), Precision.DAY, before, where)


def _made(i: int, j: int, span: Days | None, precision: Precision, before: str, where: Anchor) -> When:
    """Return an expression, its days read as the word before it says."""
    given = page("time")
    kind = "at"
    for name in ("since", "until", "as_of"):
        if before in {phrase.split()[-1] for phrase in words(given[name])} - {"from", "to"}:
            kind = name
    if span is None:
        return When(i, j, None, precision, kind)
    whole = times.days(span[0], span[1], where.zone)
    if kind == "since":
        end = times.day(where.last, where.zone).end if where.last and where.last >= span[0] else None
        return When(i, j, Interval(whole.start, end), Precision.RANGE, kind, total=True)
    if kind == "until":
        return When(i, j, Interval(None, whole.start), Precision.RANGE, kind)
    return When(i, j, whole, precision, kind)


def _day_of_month(
    day: int, month: int, year: str | None, i: int, j: int, before: str, tense: str, where: Anchor
) -> When | None:
    if year is not None:
        return _fixed(year, str(month), str(day), i, j, before, where)
    span, same = within(where, month, day)
    if span is None:
        span, same = over(where, lambda d: yearless(d, month, day, tense))
    if span is None and not 1 <= day <= 31:
        return None
    return _made(i, j, span, Precision.DAY if same else Precision.RANGE, before, where)


_MONTH_AFTER = word_set("in since during of until by from to between and through last this next throughout")


def _month(
    s: Sentence, m: re.Match[str], i: int, j: int, before: str, tense: str, where: Anchor
) -> When | None:
    month, year, part = _words().months[m["mn"]], m["mny"], m["part"] or ""
    name_at = j - 1 - (1 if year else 0)
    capital = s.raws[max(i, min(name_at, len(s) - 1))][:1]
    spoken = before in _MONTH_AFTER or bool(part) or year is not None
    if not spoken and (m["mn"] in ("may", "march", "mar", "sat", "sun") or not capital.isupper()):
        return None
    if year is None and m["mn"] in ("may", "march") and not part and not capital.isupper():
        return None
    if year is not None:
        span: Days | None = whole_month(int(year), month)
        same = True
    else:
        span, same = over(where, lambda d: nearest_month(d, month, part, tense))
    made = _made(i, j, span, Precision.MONTH if same else Precision.RANGE, before, where)
    if part == "earlier in" and span and where.last and span[0] <= where.last <= span[1]:
        whole = times.days(span[0], where.last, where.zone)
        return When(i, j, whole, Precision.MONTH, made.kind)
    return made


def _weekday(
    s: Sentence, m: re.Match[str], i: int, j: int, before: str, tense: str, where: Anchor
) -> When | None:
    number, which = _words().weekdays[m["wdn"]], m["which"] or ""
    if len(m["wdn"]) < 4 and (m["wdn"] in ("sat", "sun", "mon") or not s.raws[i][:1].isupper()):
        return None
    ahead = which == "next" or (tense == "future" and which not in ("last", "past"))

    def day(anchored: date) -> Days:
        back = (anchored.weekday() - number) % 7
        if ahead:
            forward = (number - anchored.weekday()) % 7
            when = anchored + timedelta(days=forward or 7)
        else:
            when = anchored - timedelta(days=back or (7 if which in ("last", "past") else 0))
        return when, when

    span, same = over(where, day)
    return _made(i, j, span, Precision.DAY if same else Precision.RANGE, before, where)


def _year(s: Sentence, year: int, i: int, j: int, before: str, where: Anchor) -> When | None:
    if before not in (
        "in",
        "since",
        "of",
        "during",
        "by",
        "until",
        "from",
        "to",
        "early",
        "late",
        "mid",
        "and",
        "before",
    ):
        return None
    if j < len(s) and s.tags[j] in "NE" and before not in ("in", "since", "during"):
        return None
    return _made(i, j, (date(year, 1, 1), date(year, 12, 31)), Precision.YEAR, before, where)


_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
           "nine": 9, "ten": 10}  # fmt: skip


_DAYS_IN = {"day": 1, "week": 7, "month": 31, "year": 366}


def _relative(m: re.Match[str], i: int, j: int, before: str, where: Anchor) -> When | None:
    if m["near"] is not None:
        return _around_today(m["near"], i, j, before, where)
    if m["rel"] is not None:
        return _calendar(m["relw"], m["relu"], i, j, before, where)
    if m["recent"] is not None:
        unit = m["recu"]
        if unit == "hour":
            return None
        back = _words().recent[unit]
        span, _ = over(where, lambda d: (d - timedelta(days=back), d))
        return _made(i, j, span, Precision.RANGE, before, where)
    amount = m["spn"] or m["agn"]
    unit = m["spu"] or m["agu"]
    count = _COUNTS.get(amount) or (int(amount) if amount.isdigit() else 0)
    if m["span"] is not None:
        return _span_back(count, unit, i, j, where)
    return _ago(count, unit, i, j, before, where)


def _around_today(word: str, i: int, j: int, before: str, where: Anchor) -> When:
    shift = {"yesterday": (-1, -1), "tomorrow": (1, 1), "overnight": (-1, 0)}.get(word, (0, 0))
    span, same = over(where, lambda d: (d + timedelta(days=shift[0]), d + timedelta(days=shift[1])))
    fine = same and word != "overnight"
    return _made(i, j, span, Precision.DAY if fine else Precision.RANGE, before, where)


def _calendar(which: str, unit: str, i: int, j: int, before: str, where: Anchor) -> When | None:
    step = {"next": 1, "this": 0}.get(which, -1)

    def span(d: date) -> Days | None:
        if unit == "night":
            return d - timedelta(days=1), d
        if unit == "year":
            return date(d.year + step, 1, 1), date(d.year + step, 12, 31)
        if unit == "month":
            month = d.year * 12 + d.month - 1 + step
            return whole_month(month // 12, month % 12 + 1)
        # A week may begin on Saturday, Sunday or Monday: it is as wide as all three make it.
        monday = d - timedelta(days=d.weekday()) + timedelta(days=7 * step)
        if unit == "weekend":
            return monday + timedelta(days=4), monday + timedelta(days=6)
        return monday - timedelta(days=2), monday + timedelta(days=6)

    found, same = over(where, span)
    if found and where.last and step <= 0:
        found = (found[0], max(found[0], min(found[1], where.last)))
    names = {
        "week": Precision.WEEK,
        "weekend": Precision.RANGE,
        "night": Precision.RANGE,
        "month": Precision.MONTH,
    }
    return _made(i, j, found, names.get(unit, Precision.YEAR) if same else Precision.RANGE, before, where)


def _span_back(count: int, unit: str, i: int, j: int, where: Anchor) -> When | None:
    if unit == "hour":
        count, unit = (count + 23) // 24, "day"
    if not 0 < count < 500:
        return None
    span, _ = over(where, lambda d: (back(d, count * _DAYS_IN[unit]), d))
    made = _made(i, j, span, Precision.RANGE, "", where)
    return When(i, j, made.interval, made.precision, "at", total=True)


def _ago(count: int, unit: str, i: int, j: int, before: str, where: Anchor) -> When | None:
    if not 0 < count < 1000:
        return None
    if unit == "hour":
        span, same = over(where, lambda d: (back(d, count // 24 + 1), d))
        return _made(i, j, span, Precision.RANGE, before, where)
    if unit == "day":
        span, same = over(where, lambda d: (back(d, count), back(d, count)))
        return _made(i, j, span, Precision.DAY if same else Precision.RANGE, before, where)
    size = _DAYS_IN[unit]
    # "Two weeks ago" is a day some way to either side of a fortnight back.
    span, _ = over(where, lambda d: (back(d, count * size + size // 2), back(d, count * size - size // 2)))
    wide = {"week": Precision.WEEK, "month": Precision.RANGE}.get(unit, Precision.RANGE)
    return _made(i, j, span, wide, before, where)


_CLOCK = re.compile(r"(\d{1,2}):(\d\d)$")


def _with_clock(s: Sentence, made: When, where: Anchor) -> When:
    """Return an expression with the time of day that stands beside its day."""
    if (
        made.precision != Precision.DAY
        or made.kind != "at"
        or made.interval is None
        or made.interval.start is None
    ):
        return made
    for k in (
        made.start - 2,
        made.start - 3,
        made.start - 4,
        made.start - 5,
        made.end,
        made.end + 1,
        made.end + 2,
    ):
        if not 0 <= k < len(s):
            continue
        read = _CLOCK.match(s.words[k])
        if read and int(read[1]) < 24 and int(read[2]) < 60:
            day = made.interval.start.astimezone(where.zone).date()
            return _at_clock(s, made, k, datetime.combine(day, time(int(read[1]), int(read[2]))), where)
    return made


def _at_clock(s: Sentence, made: When, k: int, local: datetime, where: Anchor) -> When:
    after = s.words[k + 1 : k + 3]
    if after and after[0] in ("pm", "p.m.") and local.hour < 12:
        local += timedelta(hours=12)
    zone: ZoneInfo = ZoneInfo("UTC") if after and after[0] in ("gmt", "utc") else where.zone
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    spanned = Interval(instant, instant)
    return When(min(made.start, k), max(made.end, k + 1), spanned, Precision.MINUTE, made.kind)


def _ranges(s: Sentence, found: list[When], where: Anchor) -> list[When]:
    """Join "from A to B" and "between A and B" into one."""
    out: list[When] = []
    for each in found:
        last = out[-1] if out else None
        if last is not None and each.start < last.end:
            continue
        if last is not None and last.interval and each.interval and _joined(s, last, each):
            span = last.interval.hull(each.interval)
            if span.start == last.interval.start and span.end == each.interval.end:
                out[-1] = When(last.start, each.end, span, Precision.RANGE, "at", total=True)
                continue
        out.append(each)
    return out


def _joined(s: Sentence, one: When, other: When) -> bool:
    between = s.words[one.end : other.start]
    before = s.words[one.start - 1] if one.start else ""
    if len(between) != 1:
        return False
    return (
        (before == "from" and between[0] in ("to", "until", "-", "–"))
        or (before == "between" and between[0] == "and")
        or between[0] in ("to", "–", "until")
    )

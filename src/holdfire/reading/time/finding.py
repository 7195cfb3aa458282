"""Find the expressions of time in a text, as fine as the words and never finer.

Each is read by its pattern, then by the words around it: since, until, a time of day, a range, and for words
that count from another date of the text, that date where only one can be meant. What needs a date of
publication and has none stays unresolved. tests/properties/test_time.py tries to break it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from holdfire import times
from holdfire.reading.time import fixed, relative
from holdfire.reading.time.clock import Clocked, clock
from holdfire.reading.time.days import Anchor, Days
from holdfire.reading.time.expression import Anchored, Expression, Kind, Meaning
from holdfire.reading.time.fixed import Match
from holdfire.reading.time.grammar import AFTER, GRAMMAR
from holdfire.reading.time.items import Items, items
from holdfire.reading.time.ranges import joined, lent, weeks_apart
from holdfire.reading.time.tense import breaks
from holdfire.reading.time.vocabulary import Vocabulary, vocabulary
from holdfire.times import Interval, Precision

LONGEST = 20_000
"""Most characters read at once; a longer line is cut at a space [code points]."""

_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_MEANT: dict[str, Callable[[Match], Meaning | None]] = {
    "numeric": fixed.numeric,
    "day_range": fixed.day_range,
    "day": fixed.day,
    "month_day": fixed.month_day,
    "hijri": fixed.hijri_date,
    "month": fixed.month,
    "quarter": fixed.quarter,
    "season": fixed.season,
    "decade": fixed.decade,
    "years": fixed.years,
    "year": fixed.year,
    "holiday": fixed.holiday,
    "nights": relative.nights,
    "weekday": relative.weekday,
    "near": relative.near,
    "text_part": relative.text_part,
    "part_of_today": relative.part_of_today,
    "last_part": relative.last_part,
    "recent": relative.recent,
    "span": relative.span,
    "ahead": relative.ahead,
    "since_start": relative.since_start,
    "calendar": relative.calendar,
    "weekend": relative.weekend,
    "since_count": relative.since_count,
    "ago": relative.ago,
    "later": relative.later,
    "following": relative.following,
    "text": relative.text,
    "duration": relative.duration,
}


@dataclass(slots=True)
class Found:
    """An expression while the words around it are read.

    Attributes:
        i: First word.
        j: After the last.
        meant: What it says.
        clock: Its time of day; None: none.
        bound: The letter before it that bounds it, or nothing.
    """

    i: int
    j: int
    meant: Meaning
    clock: Clocked | None = None
    bound: str = ""


def find(text: str, language: str, anchor: Anchor) -> list[Expression]:
    """Return the expressions of time in a text, in order, none overlapping another.

    Args:
        text: The text, untouched; offsets are its code points.
        language: en, ar, fr or ru; of any other nothing is found.
        anchor: The days on which it may have been published, and the zone they are days of.
    """
    try:
        known = vocabulary(language)
    except KeyError:
        return []
    return [each for a, b in _stretches(text) for each in _read(text, known, anchor, a, b)]


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield where paragraphs begin and end, long ones cut."""
    start = 0
    while start < len(text):
        found = _PARAGRAPH.search(text, start, start + LONGEST)
        end = found.end() if found else min(len(text), start + LONGEST)
        if not found and end < len(text):
            space = text.rfind(" ", start, end)
            end = space if space > start else end
        yield start, end
        start = end


def _read(text: str, known: Vocabulary, where: Anchor, start: int, end: int) -> list[Expression]:
    made = items(text, known, start, end)
    found = list(_matches(made, known, where))
    for each in found:
        each.bound = _bound(made, known, each)
    found = _ranged(made, found)
    for n, each in enumerate(found):
        if each.meant.anchor == Anchored.TEXT and each.meant.shift is not None:
            _count_from(made, found[:n][-6:], each)
    for n, each in enumerate(found):
        after = found[n + 1].i if n + 1 < len(found) else len(made.letters)
        each.clock = clock(made, each.i, each.j, found[n - 1].j if n else 0, after)
    return [_expression(made, each, where) for each in found]


def _matches(made: Items, known: Vocabulary, where: Anchor) -> Iterator[Found]:
    at = 0
    while match := GRAMMAR.search(made.letters, at):
        i = match.start()
        at = i + 1
        for name, j in _readings(made, match):
            if name == "nothing":
                at = j
                break
            try:
                meant = _MEANT[name](Match(made, known, where, i, j))
            except (OverflowError, ValueError):  # a day before the year 1 or after 9999
                meant = None
            if meant is not None:
                yield Found(i, j - (made.letters[j - 1] == "."), meant)  # the point may end the sentence
            if meant is not None or name in _WHOLE:
                at = j
                break


_WHOLE = ("day", "day_range", "numeric")
"""What holds no smaller expression: "31 February" is no date, and no February."""


def _readings(made: Items, match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """Yield the patterns that match at one place, the first that does first, each with where it ends."""
    first = match.lastgroup or ""
    yield first, match.end()
    for name, pattern in AFTER[first]:
        if found := pattern.match(made.letters, match.start()):
            yield name, found.end()


def _bound(made: Items, known: Vocabulary, each: Found) -> str:
    """Return the letter of the word that bounds an expression: since, until, as of, from, between, after."""
    inside = [m for m in range(each.i, min(each.j, each.i + 2)) if made.letters[m] in "srv"]
    if inside and made.letters[each.i] in "zrsvtf":
        return made.letters[inside[0]]
    k = each.i - 1
    while k >= max(0, each.i - 3) and made.letters[k] in "tzfU":
        if made.letters[k] == "z" and _since_event(made, known, k):
            return "s"
        k -= 1
    letter = made.letter(k) if k >= max(0, each.i - 3) else ""
    if letter == "B":
        return "j" if "ago_is_before" in known.flags else ""
    if letter in ("I", "G") and _owns(made, known, each):
        letter = ""
    if letter == "k" and "to_is_as_of" in known.flags and each.meant.anchor != Anchored.TEXT:
        return "b" if each.meant.precision == Precision.DAY else "k"
    bounds = bool(letter) and letter in "sujbrvkIG&-"
    return letter if bounds else "f" if made.letter(each.i - 1) == "f" else ""


def _owns(made: Items, known: Vocabulary, each: Found) -> bool:
    """Return whether a date belongs to a noun after it: "after Monday's attack", "after the May truce"."""
    named = made.letter(each.i - 1) == "t" and made.letter(each.j) == "~" and "bare_months" in known.flags
    return named or made.letter(each.j) == "'"


def _since_event(made: Items, known: Vocabulary, k: int) -> bool:
    """Return whether a date says when something began since which: "since the war began in 2011"."""
    for m in range(k - 1, max(-1, k - 7), -1):
        if made.letters[m] == "s":
            return "since_event" in known.flags or made.values[m] == "event"
        if made.letters[m] not in "~t4fUe":
            return False
    return False


def _ranged(made: Items, found: list[Found]) -> list[Found]:
    """Join what two expressions say with from and to, between and and."""
    out: list[Found] = []
    for each in found:
        last = out[-1] if out else None
        if last is not None and joined(made, last.i, last.j, each.i, last.bound):
            lent(last.meant, each.meant)
            if "W" in made.letters[last.i : last.j] and "W" in made.letters[each.i : each.j]:
                weeks_apart(last.meant, each.meant)
            span = _hull(last.meant.days, each.meant.days)
            if span is not None or last.meant.days is None:
                sure = last.meant.anchor == each.meant.anchor == Anchored.STATED
                anchor = Anchored.STATED if sure else Anchored.PUBLISHED
                if Anchored.TEXT not in (last.meant.anchor, each.meant.anchor):
                    out[-1] = Found(last.i, each.j, Meaning(span, Precision.RANGE, anchor, Kind.SPAN))
                    continue
        out.append(each)
    return out


def _hull(one: Days | None, other: Days | None) -> Days | None:
    """Return from the start of one to the end of the other; None: they do not follow."""
    if one is None or other is None or other[1] < one[0] or other[0] < one[0]:
        return None
    return one[0], other[1]


def _count_from(made: Items, before: list[Found], each: Found) -> None:
    """Resolve words that count from another date, where one day only stands in this sentence and the last."""
    near = [b for b in before if b.meant.kind != Kind.DURATION and breaks(made, b.j, each.i) <= 1]
    if not near or each.meant.shift is None:
        return
    days = {b.meant.days for b in near}
    base = near[-1].meant
    single = base.precision == Precision.DAY and base.kind == Kind.AT and not near[-1].bound.strip("f&-")
    if len(days) != 1 or base.days is None or not single:
        return
    each.meant.days = relative.stepped(base.days, each.meant.shift)


_KINDS = {
    "s": Kind.SINCE,
    "I": Kind.SINCE,
    "G": Kind.SINCE,
    "u": Kind.UNTIL,
    "j": Kind.UNTIL,
    "b": Kind.AS_OF,
}


def _expression(made: Items, each: Found, where: Anchor) -> Expression:
    meant = each.meant
    i, j = each.i, each.j
    if made.letters[i] == "U" and made.letter(i + 1) in "WwdO":
        i += 1  # the word day before a date is none of it
    start, end = made.starts[i], made.ends[j - 1]
    if each.clock is not None and meant.precision == Precision.DAY and meant.kind == Kind.AT:
        start, end = min(start, made.starts[each.clock.i]), max(end, made.ends[each.clock.j - 1])
    interval, precision, kind = _bounded(each, where)
    return Expression(start, end, interval, precision, kind, meant.anchor, made.text[start:end])


def _bounded(each: Found, where: Anchor) -> tuple[Interval | None, Precision, Kind]:
    """Return the interval, how fine it is, and how it bounds."""
    meant = each.meant
    kind = meant.kind if meant.kind != Kind.AT else _KINDS.get(each.bound, Kind.AT)
    precision = meant.precision
    if meant.days is None:
        vague = kind in (Kind.SINCE, Kind.UNTIL) and precision != Precision.UNKNOWN
        return None, Precision.RANGE if vague else precision, kind
    try:
        whole = times.days(meant.days[0], meant.days[1], where.zone)
        now = times.day(where.last, where.zone).end if where.last else None
        last_is_later = bool(where.last and where.last >= meant.days[0])
        if kind == Kind.AT and each.clock is not None and precision == Precision.DAY:
            return *each.clock.at(meant.days[0], where.zone), kind
    except (OverflowError, ValueError):  # a day at the end of the calendar
        return None, precision, kind
    if kind == Kind.SINCE:
        return Interval(whole.start, now if last_is_later else None), Precision.RANGE, kind
    if kind == Kind.UNTIL:
        return Interval(None, whole.start if each.bound == "j" else whole.end), Precision.RANGE, kind
    return whole, precision, kind

"""Dates by the calendar: days, months, quarters, seasons, years, with or without the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from holdfire.reading.time import hijri
from holdfire.reading.time.days import Anchor, Days, nearest_month, over, whole_month, within, yearless
from holdfire.reading.time.expression import Anchored, Kind, Meaning
from holdfire.reading.time.items import Items
from holdfire.reading.time.tense import tense
from holdfire.reading.time.vocabulary import Vocabulary
from holdfire.times import Precision

STEPS = {"L": -1, "l": 0, "x": 1}
"""How many steps from now each way of saying last, this and next goes."""


@dataclass(frozen=True, slots=True)
class Match:
    """Words that a pattern matched, and what they stand in.

    Attributes:
        made: The words of the text.
        known: The words of its language.
        where: The days on which it may have been published.
        i: First word.
        j: After the last.
    """

    made: Items
    known: Vocabulary
    where: Anchor
    i: int
    j: int

    def pick(self, letters: str) -> list[int]:
        """Return which of the words have one of some letters."""
        return self.made.pick(self.i, self.j, letters)

    def has(self, letters: str) -> bool:
        """Return whether one of the words has one of some letters."""
        return bool(self.pick(letters))

    def value(self, k: int) -> int:
        """Return the number a word stands for."""
        return int(self.made.values[k])

    def tense(self) -> str:
        """Return what side of publication the clause speaks of."""
        return tense(self.made, self.known, self.i, self.j)

    def part(self) -> str:
        """Return early, mid, late, earlier, later, or nothing."""
        found = self.pick("e")
        return str(self.made.values[found[0]]) if found else ""

    def year(self) -> tuple[int | None, int | None]:
        """Return the year that is stated, and how many years from that of publication one is."""
        stated = self.pick("y")
        if stated:
            return self.value(stated[-1]), None
        for k in self.pick("Y"):
            for m in (k - 1, k - 2, k + 1, k + 2):
                if self.i <= m < self.j and self.made.letters[m] in STEPS:
                    return None, STEPS[self.made.letters[m]]
        return None, None


def counted(days: Days | None, same: bool, precision: Precision) -> Meaning:
    """Return a meaning relative to publication; where its day is open, a range."""
    return Meaning(days, precision if same else Precision.RANGE)


def _whole(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def numeric(m: Match) -> Meaning | None:
    """Read a date in figures; what may be day or month stays a range."""
    made = m.made
    dots = made.letters[m.i] == "D"
    if not dots and (not made.glued(m.i, m.j) or any(len(made.raw(k)) > 4 for k in range(m.i, m.j))):
        return None
    if made.letter(m.i - 1) in tuple("/-") and made.glued(m.i - 1, m.i + 1):
        return None
    values = made.values[m.i] if dots else [m.value(k) for k in m.pick("dy")]
    if made.letters[m.i] == "y":
        days = [_whole(values[0], values[1], values[2])]
    elif dots and "day_first_dots" in m.known.flags:
        days = [_whole(values[2], values[1], values[0])]
    else:
        days = [_whole(values[2], values[1], values[0]), _whole(values[2], values[0], values[1])]
    found = sorted({d for d in days if d is not None})
    if not found:
        return None
    precision = Precision.DAY if len(found) == 1 else Precision.RANGE
    return Meaning((found[0], found[-1]), precision, Anchored.STATED)


def _day(m: Match, day: int, month: int) -> Meaning | None:
    year, step = m.year()
    if year is not None:
        when = _whole(year, month, day)
        return Meaning((when, when), Precision.DAY, Anchored.STATED) if when else None
    if _whole(2000, month, day) is None:
        return None
    if step is not None:
        found, same = over(m.where, lambda d: _single(_whole(d.year + step, month, day)))
        return counted(found, same, Precision.DAY)
    told = [m.made.letters[k] for k in m.pick("Llx") if k > m.pick("Mm")[-1]] if m.has("Mm") else []
    if told:
        return counted(*over(m.where, lambda d: _told(d, month, day, told[0])), Precision.DAY)
    found, same = within(m.where, month, day)
    if found is None:
        side = m.tense()
        found, same = over(m.where, lambda d: yearless(d, month, day, side))
    meant = counted(found, same, Precision.DAY)
    meant.loose = (day, month)
    return meant


def _told(anchored: date, month: int, day: int, which: str) -> Days | None:
    """Return the day of "27 février dernier", "9 mars prochain", "24 أيلول الحالي"."""
    every = [d for n in (-1, 0, 1) if (d := _whole(anchored.year + n, month, day))]
    if which == "L":
        return _single(max((d for d in every if d < anchored), default=None))
    if which == "x":
        return _single(min((d for d in every if d > anchored), default=None))
    return _single(next((d for d in every if (d.year, d.month) == (anchored.year, anchored.month)), None))


def _single(when: date | None) -> Days | None:
    return (when, when) if when else None


def _month_of(m: Match) -> int | None:
    found = {m.value(k) for k in m.pick("Mm")}
    return found.pop() if len(found) == 1 else None


def day(m: Match) -> Meaning | None:
    """Read a day of a month."""
    month, numbers = _month_of(m), m.pick("dO")
    if month is None or _is_name(m, month, m.value(numbers[0])):
        return None
    meant = _day(m, m.value(numbers[0]), month)
    return _by_night(m, meant) if meant else None


def _is_name(m: Match, month: int, day: int) -> bool:
    """Return whether a day is the name of a group of people, as 14 March is in Lebanon."""
    if m.has("yLlxWwU") or f"{month} {day}" not in str(m.known.flags.get("named_days", "")).split("; "):
        return False
    return m.made.letter(m.i - 1) not in ("z", "U", "s", "u", "f", "v", "k")


def _by_night(m: Match, meant: Meaning) -> Meaning:
    """Return a day, or the two that the night of it, or the night to it, lies in."""
    before, after = night(m)
    if meant.days is None or not (before or after):
        return meant
    one = timedelta(days=1)
    wide = meant.days[0] - one * before, meant.days[1] + one * after
    return Meaning(wide, Precision.RANGE, meant.anchor)


def night(m: Match) -> tuple[int, int]:
    """Return how many days before and after its date a night may lie in."""
    said = {m.made.values[k] for k in m.pick("p")}
    if "night_to" in said:
        return 1, 0
    if "midnight" in said:  # "midnight Friday": the beginning of a day or its end
        return 0, 1
    if "night" not in said:
        return 0, 0
    return (1, 1) if "night_before" in m.known.flags else (0, 1)


def month_day(m: Match) -> Meaning | None:
    """Read a month and its day in English order; "in March 11 people" is a month and a number."""
    if "month_first" not in m.known.flags:
        return None
    number = m.pick("d")[0]
    before = m.made.raw(m.pick("Mm")[0] - 1).lower()
    follows = m.made.letter(m.j) == "~" and m.made.raw(m.j)[:1].islower()
    if before == m.known.flags.get("month_only_after") and follows and not m.has("y"):
        return None
    month = _month_of(m)
    return _day(m, m.value(number), month) if month else None


def day_range(m: Match) -> Meaning | None:
    """Read two days of one month."""
    month, numbers = _month_of(m), m.pick("dO")
    if month is None or len(numbers) != 2:
        return None
    one, other = _day(m, m.value(numbers[0]), month), _day(m, m.value(numbers[1]), month)
    if one is None or other is None:
        return None
    if one.days is None or other.days is None or other.days[0] < one.days[0]:
        return Meaning(None, Precision.RANGE, one.anchor, Kind.SPAN)
    return Meaning((one.days[0], other.days[1]), Precision.RANGE, other.anchor, Kind.SPAN)


_PARTS_OF_MONTH = {"early": (1, 14), "mid": (8, 23), "late": (16, 31)}
"""First and last day that early, middle and late are taken to reach: wider than a careful writer means."""


def month(m: Match) -> Meaning | None:
    """Read a month, or a part of one."""
    number = _month_of(m)
    if number is None or not _is_month(m):
        return None
    year, step = m.year()
    part = m.part()
    if year is not None:
        days: Days | None = whole_month(year, number)
        meant = Meaning(days, Precision.MONTH, Anchored.STATED)
    elif step is not None:
        days, same = over(m.where, lambda d: whole_month(d.year + step, number))
        meant = counted(days, same, Precision.MONTH)
    else:
        steps = m.pick("Llx")
        which = {"L": "last", "l": "this", "x": "next"}[m.made.letters[steps[0]]] if steps else ""
        side = m.tense()
        days, same = over(m.where, lambda d: nearest_month(d, number, which, side))
        meant = counted(days, same, Precision.MONTH)
        meant.loose = (0, number)
    return part_of_month(m, meant, part)


def part_of_month(m: Match, meant: Meaning, part: str) -> Meaning:
    """Return a month cut to the part of it that the words say."""
    if meant.days is None:
        return Meaning(None, Precision.RANGE if part in _PARTS_OF_MONTH else meant.precision, meant.anchor)
    first, last = meant.days
    if part in _PARTS_OF_MONTH and meant.precision == Precision.MONTH:
        begun, ended = _PARTS_OF_MONTH[part]
        cut = first.replace(day=begun), first.replace(day=min(ended, last.day))
        return Meaning(cut, Precision.RANGE, meant.anchor)
    if part == "later" and m.has("l") and m.where.first and first <= m.where.first <= last:
        return Meaning((m.where.first, last), meant.precision, meant.anchor)
    if part == "earlier" and m.where.last and first <= m.where.last <= last:
        return Meaning((first, m.where.last), meant.precision, meant.anchor)
    return meant


def _is_month(m: Match) -> bool:
    """Return whether a month that stands alone is one, and not a name or another word."""
    made = m.made
    at = m.pick("Mm")[0]
    if m.has("yYe"):
        return True
    before = made.letter(m.i - 1)
    if before == "-" and made.raw(m.i - 2).isalpha() and made.glued(m.i - 2, m.i + 1):
        return False  # "dix-sept" is a number
    if before == "t":
        before = made.letter(m.i - 2)
    name = made.letter(m.j) == "~" and made.raw(m.j)[:1].isupper()
    if made.letters[at] == "m":
        if made.letter(m.j) == "'":
            return False
        told = before in tuple("zsujE") and made.raw(m.i - 1).lower() != "on"
        return m.has("LlxU") or (told and (not name or before in tuple("zs")))
    if m.has("LlxU") or (before and before in "zsujbrvk&fE-@/"):
        return True
    return "bare_months" in m.known.flags and made.raw(at)[:1].isupper() and not name


def hijri_date(m: Match) -> Meaning | None:
    """Read a day, or a month, of the Hijri calendar: never surer than a day to either side."""
    number = m.value(m.pick("h")[0])
    years, numbers = m.pick("iy"), m.pick("dO")
    before = m.made.letters[max(0, m.i - 3) : m.i].rstrip("t")[-1:]
    if not years and not numbers and not m.has("U") and before not in tuple("zsuE"):
        return None
    year = m.value(years[0]) if years and m.made.values[years[0]] is not None else None
    if years and not (year and hijri.FIRST <= year <= hijri.LAST):
        return None
    which = m.value(numbers[0]) if numbers else 0

    def days(of: int) -> Days | None:
        return hijri.hijri_day(of, number, which) if which else hijri.hijri_month(of, number)

    if year is not None:
        return Meaning(days(year), Precision.RANGE, Anchored.STATED)
    side = m.tense()

    def nearest(anchored: date) -> Days | None:
        of = hijri.hijri_year(anchored)
        found = [d for n in (-1, 0, 1) if of is not None and (d := days(of + n))]
        if side == "future":
            return next((d for d in found if d[1] >= anchored), None)
        return next((d for d in reversed(found) if d[0] <= anchored), None)

    return Meaning(over(m.where, nearest)[0], Precision.RANGE)


def quarter(m: Match) -> Meaning | None:
    """Read a quarter or a half of a year."""
    size = m.value(m.pick("Q")[0])
    nth = m.value(m.pick("dO")[0])
    year, step = m.year()
    if not 1 <= nth <= 12 // size or (year is None and step is None):
        return None

    def days(of: int) -> Days:
        return whole_month(of, (nth - 1) * size + 1)[0], whole_month(of, nth * size)[1]

    if year is not None:
        return Meaning(days(year), Precision.RANGE, Anchored.STATED)
    return Meaning(over(m.where, lambda d: days(d.year + (step or 0)))[0], Precision.RANGE)


def season(m: Match) -> Meaning | None:
    """Read a season; one that runs over the new year is as wide as either winter of the year makes it."""
    first_month, first_day, last_month, last_day = m.made.values[m.pick("S")[0]]
    over_year = first_month > last_month

    def days(of: int) -> Days:
        return date(of, first_month, first_day), date(of + over_year, last_month, last_day)

    year, step = m.year()
    if year is not None:
        return Meaning((days(year - over_year)[0], days(year)[1]), Precision.RANGE, Anchored.STATED)
    if step is None:
        steps = m.pick("Llx")
        letter = m.made.letters[steps[0]]

        def nearest(d: date) -> Days | None:
            found = [days(d.year + n) for n in (-2, -1, 0, 1)]
            if letter == "x":
                return next((each for each in found if each[0] > d), None)
            if letter == "L":
                return next((each for each in reversed(found) if each[1] < d), None)
            return min(found, key=lambda each: max((each[0] - d).days, (d - each[1]).days, 0))

        return Meaning(over(m.where, nearest)[0], Precision.RANGE)
    whole, _ = over(m.where, lambda d: (days(d.year + step - over_year)[0], days(d.year + step)[1]))
    return Meaning(whole, Precision.RANGE)


def decade(m: Match) -> Meaning | None:
    """Read "the 1970s"."""
    first = m.value(m.pick("y")[0])
    if m.made.letters[m.i] == "y" and (first % 10 or not m.made.glued(m.i, m.pick("K")[0] + 1)):
        return None
    if m.made.letters[m.i] == "V" and (first % 10 or m.made.values[m.i] != "year"):
        return None
    return Meaning((date(first, 1, 1), date(first + 9, 12, 31)), Precision.RANGE, Anchored.STATED)


PARTS_OF_YEAR = {"early": (1, 5), "mid": (4, 9), "late": (8, 12)}
"""First and last month that early, middle and late are taken to reach."""


def year(m: Match) -> Meaning | None:
    """Read a year, or a part of one; a number after it that it would count is not looked at."""
    made, at = m.made, m.pick("y")[0]
    if not m.has("Y") and _counts(m, at):
        return None
    stated = m.value(at)
    part = m.part()
    if part in PARTS_OF_YEAR:
        first, last = PARTS_OF_YEAR[part]
        cut = date(stated, first, 1), whole_month(stated, last)[1]
        return Meaning(cut, Precision.RANGE, Anchored.STATED)
    if made.letter(m.i - 1) == "z" and made.raw(m.i - 1).lower() in ("on", "at", "на", "за", "ب", "ل", "عند"):
        return None
    return Meaning((date(stated, 1, 1), date(stated, 12, 31)), Precision.YEAR, Anchored.STATED)


def _counts(m: Match, at: int) -> bool:
    """Return whether a year could as well count the noun after it: "by 2016 fighters"."""
    after = m.made.raw(at + 1)
    return m.made.letter(m.i - 1) not in ("z", "s") and m.made.letter(at + 1) == "~" and after[:1].isalpha()


def years(m: Match) -> Meaning | None:
    """Read a stretch of years."""
    found = m.pick("y")
    first, last = m.value(found[0]), m.value(found[-1])
    if last <= first:
        return None
    return Meaning((date(first, 1, 1), date(last, 12, 31)), Precision.RANGE, Anchored.STATED, Kind.SPAN)


def holiday(m: Match) -> Meaning | None:
    """Read a feast that falls on one day of the calendar."""
    month_, day_ = m.made.values[m.i]
    return _day(m, day_, month_)

"""Numbers, days and parties in the words of newspapers, in English and Arabic.

Everything depends only on what is asked and on the chances handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

_SMALL = [
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_DAYS_AR = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"]
_MONTHS_AR = [
    *("كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيو"),
    *("تموز/يوليو", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر"),
    "كانون الأول/ديسمبر",
]
_COUNTED_AR = ["", "", "", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
_NOUNS_AR = {
    "people": ("شخص واحد", "شخصان", "شخصين", "أشخاص", "شخصاً"),
    "civilians": ("مدني واحد", "مدنيان", "مدنيين", "مدنيين", "مدنياً"),
}
"""One, two as the subject, two otherwise, three to ten, eleven and more."""
_NOUNS_EN = {"people": ("person", "people"), "civilians": ("civilian", "civilians")}


@dataclass(frozen=True, slots=True)
class Chance:
    """A stream of choices.

    Attributes:
        draws: Where they come from.
    """

    draws: np.random.Generator

    def one(self, options: list[str]) -> str:
        """Return one of the options."""
        return options[int(self.draws.integers(len(options)))]

    def hit(self, share: float) -> bool:
        """Return whether a chance of this share is met."""
        return float(self.draws.random()) < share


def number(n: int) -> str:
    """Return a number as a newspaper writes it: in words to twelve, then in figures.

    >>> number(3), number(1204)
    ('three', '1,204')
    """
    return _SMALL[n] if 0 < n <= 12 else f"{n:,}"


def people(n: int, of: str, language: str, chance: Chance, subject: bool = False) -> str:
    """Return a number of people in words.

    Args:
        n: How many, 1 or more.
        of: `people` or `civilians`.
        language: `en` or `ar`.
        chance: Figures or words, "at least" or not.
        subject: Whether they are the subject, which Arabic marks on two.
    """
    if language == "ar":
        return _people_ar(n, of, chance, subject)
    one, many = _NOUNS_EN[of]
    if n == 1:
        return chance.one([f"one {one}", f"a {one}" if of != "people" else "one person", f"one {one}"])
    figure = str(n) if chance.hit(0.35) else number(n)
    if of == "people" and chance.hit(0.1):
        return figure
    return f"{chance.one(['at least ', '', '', ''])}{figure} {many}"


def _people_ar(n: int, of: str, chance: Chance, subject: bool) -> str:
    one, two, two_of, few, many = _NOUNS_AR[of]
    if n <= 2:
        return one if n == 1 else two if subject else two_of
    if n <= 10:
        return f"{_COUNTED_AR[n] if chance.hit(0.65) else n} {few}"
    return f"{n} {many}"


def calendar(day: date, language: str, chance: Chance) -> str:
    """Return a date as a dateline writes it.

    >>> calendar(date(2031, 5, 2), "ar", Chance(np.random.default_rng(1)))
    '2 أيار/مايو'
    """
    if language == "ar":
        return f"{day.day} {_MONTHS_AR[day.month - 1]}"
    month = _MONTHS[day.month - 1]
    return chance.one([f"{day.day} {month}", f"{month} {day.day}"])


def when(start: datetime, precision: str, published: datetime, language: str, chance: Chance) -> str:
    """Return when something happened as an article of a day says it.

    Args:
        start: Local time.
        precision: hour, day or week.
        published: Local time of publication.
        language: `en` or `ar`.
        chance: Which way.
    """
    days = (published.date() - start.date()).days
    if precision == "week":
        return _week(start, days, language, chance)
    if language == "ar":
        return _when_ar(start, precision, days, chance)
    weekday, dated = _DAYS[start.weekday()], calendar(start.date(), "en", chance)
    part = _part(start) if precision == "hour" else ""
    if 0 <= days <= 5:
        said = chance.one([f"on {weekday}", f"on {weekday}", weekday if chance.hit(0.3) else f"on {weekday}"])
        said = f"{said} {part}" if part and chance.hit(0.6) else said
        near = [["today", "earlier today"], ["yesterday"]]
        return chance.one(near[days]) if days <= 1 and chance.hit(0.15) else said
    if days <= 9 and chance.hit(0.3):
        return f"last {weekday}"
    year = f" {start.year}" if start.year != published.year or chance.hit(0.1) else ""
    return f"on {dated}{',' if year and dated[0].isalpha() else ''}{year}"


def _part(start: datetime) -> str:
    """Return the part of the day."""
    parts = ((5, "before dawn"), (12, "morning"), (18, "afternoon"), (24, "evening"))
    return next(name for until, name in parts if start.hour < until)


def _week(start: datetime, days: int, language: str, chance: Chance) -> str:
    dated = calendar(start.date(), language, chance)
    if language == "ar":
        return "الأسبوع الماضي" if 5 <= days <= 12 else f"في الأسبوع الذي بدأ في {dated}"
    if 5 <= days <= 12:
        return chance.one(["last week", "in the past week"])
    return f"in the week of {dated}"


def _when_ar(start: datetime, precision: str, days: int, chance: Chance) -> str:
    weekday = _DAYS_AR[start.weekday()]
    part = {"morning": "صباح", "afternoon": "عصر", "evening": "مساء", "before dawn": "فجر"}[_part(start)]
    day = part if precision == "hour" else "يوم"
    if days == 0 and chance.hit(0.4):
        return f"اليوم {weekday}"
    if days == 1 and chance.hit(0.4):
        return f"أمس {weekday}"
    if 0 <= days <= 5:
        return f"{day} {weekday}"
    return f"في {calendar(start.date(), 'ar', chance)}"


def party(name: str, language: str) -> str:
    """Return a party's name within a sentence.

    >>> party("Free North", "en"), party("Tavria", "en"), party("the Guard", "en")
    ('the Free North', 'Tavria', 'the Guard')
    """
    if language == "ar" or " " not in name or name.lower().startswith("the "):
        return name
    return f"the {name}"

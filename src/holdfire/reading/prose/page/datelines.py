"""Where and when a text was filed, and when its page says it was published, in its own first words.

"SAN SALVADOR, 12 JAN 90 (ACAN-EFE) --", "MOSCOW, October 1 (RIA Novosti) -", "Published April 2, 2017",
"Monday 21 Apr 2014", "21.08.2014". A day is taken only where all of day, month and year stand there. A place
of filing is where the reporter sat, never where anything happened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holdfire.reading.prose.words.lexicon import page, words

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[,.]? )?"
_PLACE = r"[A-Z][\w'.-]{1,24}(?:[ /-][A-Z][\w'.-]{0,24}){0,3}(?:, [A-Z][\w' .-]{1,24}){0,2}"
_DATE = (
    rf"{_WEEKDAY}(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<m>{_MONTH}),? (?P<y>\d{{4}})(?!\d)"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d\d?)(?:st|nd|rd|th)?(?:, ?| )?(?P<y2>\d{{4}})(?!\d)"
    r"|(?P<d3>\d\d)[.-](?P<m3>\d\d)[.-](?P<y3>\d{4})(?!\d)"
    r"|(?P<y4>\d{4})-(?P<m4>\d\d)-(?P<d4>\d\d)(?!\d))"
)
_PAGE_DATE = re.compile(rf"(?<![\w.,-]){_DATE}", re.IGNORECASE)

_LABEL = re.compile(
    r"(?:first |last |date of |originally )?(?:publi(?:shed|cation)|posted|updated|issued|date)"
    r"(?: ?:| on| at| date)?\W{0,3}$",
    re.IGNORECASE,
)
_GOVERNED = re.compile(
    r"\b(?:on|in|since|from|until|till|by|of|to|the|between|and|after|before|as|for|during|dated|that|this|a)"
    r" $",
    re.IGNORECASE,
)
_OPENING = 260
"""Characters from the start in which a page dates itself."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a text says of its own filing.

    Attributes:
        end: The character after it.
        place: Where it was filed, as written.
        credit: Whom it credits, as written; empty: no one.
        day: The day of filing; None: not all of day, month and year are given.
    """

    end: int
    place: str
    credit: str
    day: date | None


@lru_cache(maxsize=1)
def agencies() -> Mapping[str, str]:
    """Return the id of each agency by the names it signs with, in lower case."""
    return {name: key for key, listed in page("boilerplate")["agencies"].items() for name in words(listed)}


@lru_cache(maxsize=1)
def _dateline() -> re.Pattern[str]:
    day = rf"(?P<d>\d{{1,2}}) (?i:(?P<m>{_MONTH}))(?:,? (?P<y>\d{{4}}|\d\d))?"
    other = rf"(?i:(?P<m2>{_MONTH})) (?P<d2>\d{{1,2}})(?:,? (?P<y2>\d{{4}}))?"
    return re.compile(
        rf"(?P<place>{_PLACE}?)(?:,? (?:{day}|{other}|(?i:{_MONTH})(?: \d{{4}})?))?"
        r"(?: ?[([](?P<wire>[^()[\]]{2,40})[)\]])?(?: ?(?:--|[–—]) ?| - )(?:\[[A-Z ]{2,24}\] ?)?(?=\S)"
    )


def dateline(text: str) -> Dateline | None:
    """Return the dateline that a paragraph opens with; None: it opens with none.

    >>> made = dateline("SAN SALVADOR, 12 JAN 90 (ACAN-EFE) -- [TEXT] TWO BRIDGES")
    >>> made.place, made.credit, made.day
    ('SAN SALVADOR', 'ACAN-EFE', datetime.date(1990, 1, 12))
    """
    found = _dateline().match(text[:200])
    if found is None or not _is_dateline(found):
        return None
    return Dateline(found.end(), found["place"], found["wire"] or "", _day(found, ("", "2")))


def _is_dateline(found: re.Match[str]) -> bool:
    head = found["place"].split(",")[0].strip(" -–—")
    return bool(found["wire"] or found["d"] or found["d2"]) or (
        head.isupper() and not _mostly_capitals(found)
    )


def _mostly_capitals(found: re.Match[str]) -> bool:
    """Return whether what follows is in capitals too, so that capitals tell nothing of a place."""
    after = found.string[found.end() : found.end() + 80]
    letters = [c for c in after if c.isalpha()]
    return sum(c.isupper() for c in letters) > 0.7 * len(letters) if letters else False


def _day(found: re.Match[str], suffixes: tuple[str, ...]) -> date | None:
    """Return the day of a match that gives day, month and year under one of the suffixes."""
    for suffix in suffixes:
        day, month, year = (found[f"{part}{suffix}"] for part in "dmy")
        if not (day and month and year):
            continue
        number = int(month) if month.isdigit() else _month(month)
        full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 50 else 2000)
        try:
            return date(full, number, int(day)) if full >= 1900 else None
        except ValueError:
            return None
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name.lower()[:3]) + 1


def page_date(text: str) -> tuple[int, int, date] | None:
    """Return where the first words of a text date the page, and the day; None: they do not.

    A date inside a sentence ("on 21 August 2013") is the sentence's and dates nothing.

    >>> page_date("Wed 19 Apr 2017 A bomb went off.")
    (0, 15, datetime.date(2017, 4, 19))
    >>> page_date("On 19 April 2017 a bomb went off.")
    """
    for found in _PAGE_DATE.finditer(text[:_OPENING]):
        before, after = text[: found.start()], text[found.end() : found.end() + 20].lstrip(" ,.|-–")
        if _GOVERNED.search(before) and not _LABEL.search(before):
            continue
        if after and after[0].islower() and not after.startswith(("by ", "at ")):
            continue
        day = _day(found, ("", "2", "3", "4"))
        if day is None:
            continue
        label = _LABEL.search(before)
        return (label.start() if label else found.start()), found.end(), day
    return None

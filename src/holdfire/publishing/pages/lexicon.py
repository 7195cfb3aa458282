"""The fixed words of the bulletin, in each language, and how a value reads in them.

Every sentence stands in `words/en.yaml` and `words/ar.yaml` under one key, with the same placeholders, so
the same finding reads the same in both; tests/unit/test_bulletin_words.py holds the files to that. Nouns
carry the plural forms that CLDR gives their language (Unicode CLDR, plural rules: `en` one and other; `ar`
zero, one, two, few, many, other). Digits are Western in both, as the United Nations prints them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from holdfire.documents import ours
from holdfire.errors import HoldfireError

LANGUAGES = ("en", "ar")
"""Languages that have a file of words."""

DIRECTION = {"en": "ltr", "ar": "rtl"}

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def plural(language: str, number: int) -> str:
    """Return the plural category of a whole number.

    >>> [plural("ar", n) for n in (0, 1, 2, 3, 11, 100, 103)]
    ['zero', 'one', 'two', 'few', 'many', 'other', 'few']
    """
    if language != "ar":
        return "one" if number == 1 else "other"
    if number <= 2:
        return ("zero", "one", "two")[number]
    tail = number % 100
    return "few" if 3 <= tail <= 10 else "many" if tail >= 11 else "other"


class Lexicon:
    """The words of one language."""

    def __init__(self, language: str, content: Mapping[str, Any]) -> None:
        self.language = language
        self.direction = DIRECTION[language]
        self.sentences: Mapping[str, str] = content["sentences"]
        self.labels: Mapping[str, str] = content["labels"]
        self.codes: Mapping[str, Mapping[str, str]] = content["codes"]
        self.nouns: Mapping[str, Mapping[str, str]] = content["nouns"]
        self.months: Sequence[str] = content["months"]
        self.formats: Mapping[str, str] = content["formats"]
        self.chart: Mapping[str, str] = content["chart"]
        """Words of the daily chart where they differ from those every chart has (`captions`)."""

    def sentence(self, key: str) -> str:
        """Return a fixed sentence with its placeholders."""
        return str(_get(self.sentences, key, "sentence", self.language))

    def label(self, key: str) -> str:
        """Return a short fixed text, such as the head of a column."""
        return str(_get(self.labels, key, "label", self.language))

    def code(self, kind: str, value: str) -> str:
        """Return how a value of a closed list reads; one that is not listed reads as it is written."""
        return self.codes.get(kind, {}).get(value) or value.replace("_", " ").replace(".", ": ")

    def number(self, value: int) -> str:
        """Return a whole number with its thousands apart: 16,566."""
        return f"{value:,}"

    def hundredths(self, value: int) -> str:
        """Return a number given in hundredths, to one decimal place, half away from zero: 19.4."""
        tenths = (abs(value) + 5) // 10
        return f"{'-' if value < 0 else ''}{tenths // 10:,}.{tenths % 10}"

    def counted(self, noun: str, value: int) -> str:
        """Return a number with the noun it counts.

        >>> lexicon("en").counted("incident", 1), lexicon("ar").counted("incident", 2)
        ('1 incident', 'حادثتان')
        """
        forms: Mapping[str, str] = _get(self.nouns, noun, "noun", self.language)
        form = forms.get(plural(self.language, value), forms["other"])
        return form.replace("{n}", self.number(value))

    def day(self, value: date) -> str:
        """Return a day: 1 March 2016."""
        return self._day("day", value)

    def month(self, year: int, month: int) -> str:
        """Return a month: March 2016."""
        return self.formats["month"].format(month=self.months[month - 1], year=year)

    def short_day(self, value: date) -> str:
        """Return a day without its year: 1 March."""
        return self._day("short_day", value)

    def _day(self, form: str, value: date) -> str:
        month = self.months[value.month - 1]
        return self.formats[form].format(day=value.day, month=month, year=value.year)

    def span(self, first: date, last: date) -> str:
        """Return days from one to another, both included, without saying twice what they share."""
        if first == last:
            return self.day(first)
        if first.year != last.year:
            return self.formats["span"].format(first=self.day(first), last=self.day(last))
        if first.month != last.month:
            return self.formats["span"].format(first=self.short_day(first), last=self.day(last))
        return self.formats["span"].format(first=first.day, last=self.day(last))

    def moment(self, value: datetime, zone: ZoneInfo) -> str:
        """Return an instant as the clock of a zone shows it: 1 March 2016, 04:00."""
        local = value.astimezone(zone)
        return self.formats["moment"].format(day=self.day(local.date()), time=local.strftime("%H:%M"))

    def words(self, given: Mapping[str, str], fallback: str = "") -> tuple[str, str]:
        """Return the words given for this language and its code, else those of the first that has any."""
        for language in (self.language, *LANGUAGES, *sorted(given)):
            if given.get(language):
                return given[language], language
        return fallback, self.language

    def listed(self, items: Sequence[str]) -> str:
        """Return texts in a row, with the comma of the language."""
        return self.formats["comma"].join(items)


def _get(among: Mapping[str, Any], key: str, what: str, language: str) -> Any:
    try:
        return among[key]
    except KeyError:
        raise HoldfireError(f'the {what} "{key}" has no words in "{language}"') from None


@cache
def content(language: str) -> Mapping[str, Any]:
    """Return the file of words of a language, as it is written.

    Raises:
        HoldfireError: There is no such file.
    """
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise HoldfireError(f'no words are written in "{language}"', hint=f"known: {known}")
    text = (resources.files("holdfire.publishing") / "words" / f"{language}.yaml").read_text("utf-8")
    return ours(text, f"words/{language}.yaml")


@cache
def lexicon(language: str) -> Lexicon:
    """Return the words of a language."""
    return Lexicon(language, content(language))

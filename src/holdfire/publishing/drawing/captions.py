"""The words of charts and maps, in each language of a page.

One file a language, with the same keys; a page may override any of them by handing in its own mapping,
and a key it leaves out is said in English rather than not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

Words = Mapping[str, str]

LANGUAGES = ("en", "ar")


@cache
def captions(language: str) -> Words:
    """Return the words of charts and maps in a language, one of LANGUAGES."""
    text = (files("holdfire.publishing") / "assets" / f"captions.{language}.json").read_text("utf-8")
    return MappingProxyType(json.loads(text))


def say(given: Words, key: str, **values: str) -> str:
    """Return the words of a key with its values put in.

    >>> say({}, "week_of", day="29 Feb 2016")
    'week of 29 Feb 2016'
    """
    text = given[key] if key in given else captions("en")[key]
    return text.format(**values)


def figure(given: Words, value: float) -> str:
    """Return a figure for reading: thousands apart, one decimal if not whole, in Western digits.

    The United Nations prints Western digits in Arabic too.

    >>> figure({}, 12345), figure({}, 19.44), figure({}, 3.0)
    ('12,345', '19.4', '3')
    """
    return f"{value:,.1f}".removesuffix(".0")


def day(given: Words, when: date) -> str:
    """Return a date, as "29 Feb 2016"."""
    return say(given, "date", day=str(when.day), month=months(given)[when.month - 1], year=str(when.year))


def months(given: Words) -> list[str]:
    """Return the twelve short names of months."""
    return say(given, "months").split(" | ")

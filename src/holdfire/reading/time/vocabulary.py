"""The words of time of one language: each with the letter its part of an expression is written with.

A file of words a language, in `lexicons/time`; the grammar is one for all. A list is one string, its members
apart by commas; a member of several words stands as one. `LETTERS` says what each section of a file is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from holdfire.documents import ours

LANGUAGES = ("en", "ar", "fr", "ru")

LETTERS: Mapping[str, str] = {
    "months": "M",
    "months_unsure": "m",  # also a name or another word: read as a month only beside what makes it one
    "hijri": "h",
    "weekdays": "W",
    "weekdays_unsure": "w",
    "unit": "U",  # year: Y
    "units": "V",
    "duals": "2",
    "last": "L",
    "this": "l",
    "next": "x",
    "recent": "g",
    "following": "J",
    "that": "X",
    "parts": "e",
    "numbers": "n",
    "one": "a",
    "vague": "q",
    "ordinals": "O",
    "ordinal_ends": "o",
    "near": "R",
    "dayparts": "p",
    "ago_after": "A",
    "ago_before": "B",
    "later_after": "F",
    "later_before": "G",
    "after_event": "I",
    "text": "T",
    "of": "f",
    "article": "t",
    "in": "z",
    "at_clock": "@",
    "half_day": "C",
    "clock_zones": "Z",
    "since": "s",
    "until": "u",
    "before": "j",
    "as_of": "b",
    "from": "r",
    "to": "k",
    "between": "v",
    "and": "&",
    "for": "E",
    "weekend": "N",
    "seasons": "S",
    "quarters": "Q",
    "decade_ends": "K",
    "holidays": "H",
    "every": "5",
    "future": "1",
    "unclear_tense": "3",
    "past": "4",
    "scheduled": "6",  # nouns of what has a day set for it: "Tuesday's vote" may lie ahead
    "about": "7",
    "no_time": "0",
}
"""The letter of each section of a word file; the grammar is written in them."""

SEEDS = frozenset("MmhWw2RTNSHUYVp")
"""Letters without one of which, or a year, no expression stands."""

TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|(?:[^\W\d_][\u0640\u064b-\u065f\u0670\u0301]*)+|[^\w\s]|_")
"""A number, a word with its vowel signs, or a mark."""

_MARKS = re.compile("[\u0640\u064b-\u065f\u0670\u0301]")
_FOLDED = str.maketrans({**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ة": "ه", "ё": "е", "’": "'", "ʼ": "'"})

Entry = tuple[tuple[str, ...], str, Any]
"""The words of a member, its letter, its value."""


def fold(word: str) -> str:
    """Return a word in lower case, its vowel signs and variant letters alike.

    >>> fold("Ещё"), fold("الأَحَد")
    ('еще', 'الاحد')
    """
    if word.isascii():
        return word.lower()
    return _MARKS.sub("", word.lower().translate(_FOLDED)) or word


@dataclass(frozen=True)
class Vocabulary:
    """The words of time of one language.

    Attributes:
        language: Its code.
        entries: For each first word of a member of several, the members that begin with it, longest first.
        single: For each other word, its letter and value.
        flags: Settings of the language; see the word files.
        future: Forms of verbs that put a day ahead; None: not told by form.
        unclear: Forms that may do either.
        past: Forms that put it behind.
        not_forms: Words that look like one of them and are none.
        recent: How many days back a vague expression of a unit reaches at most.
        clitics: Whether small words are written together with the next, as in Arabic.
        seeds: Words without one of which, or a year, no expression stands.
    """

    language: str
    entries: Mapping[str, tuple[Entry, ...]]
    single: Mapping[str, tuple[str, Any]]
    flags: Mapping[str, Any]
    future: re.Pattern[str] | None
    unclear: re.Pattern[str] | None
    past: re.Pattern[str] | None
    not_forms: frozenset[str]
    recent: Mapping[str, int]
    clitics: bool
    seeds: frozenset[str]


@lru_cache(maxsize=8)
def vocabulary(language: str) -> Vocabulary:
    """Return the words of time of a language.

    Raises:
        KeyError: The language is not in `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    name = f"lexicons/time/{language}.yaml"
    text = files("holdfire.reading").joinpath(*name.split("/")).read_text(encoding="utf-8")
    given = ours(text, name)
    entries: dict[str, list[Entry]] = {}
    for entry in _entries(given):
        entries.setdefault(entry[0][0], []).append(entry)
    flags = given.get("flags", {})
    forms = given.get("forms", {})
    return Vocabulary(
        language=language,
        entries={
            first: tuple(sorted(held, key=lambda e: -len(e[0])))
            for first, held in entries.items()
            if any(len(e[0]) > 1 for e in held)
        },
        single={e[0][0]: e[1:] for held in entries.values() for e in held if len(e[0]) == 1},
        flags=flags,
        future=re.compile(forms["future"]) if forms.get("future") else None,
        unclear=re.compile(forms["unclear"]) if forms.get("unclear") else None,
        past=re.compile(forms["past"]) if forms.get("past") else None,
        not_forms=frozenset(fold(word) for word in _members(forms.get("neither", ""))),
        recent=given["recent_days"],
        clitics=bool(flags.get("clitics")),
        seeds=frozenset(e[0][-1] for held in entries.values() for e in held if e[1] in SEEDS),
    )


def _members(text: Any) -> list[str]:
    return [" ".join(part.split()) for part in str(text).split(",") if part.strip()]


def _entries(given: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield the members of a file; where two sections share one, the earlier in `LETTERS` has it."""
    seen: set[tuple[str, ...]] = set()
    for section, letter in LETTERS.items():
        held = given.get(section, "")
        parts = held.items() if isinstance(held, Mapping) else [(None, held)]
        for value, listed in parts:
            for member in _members(listed):
                words = tuple(fold(found) for found in TOKEN.findall(member))
                if words and words not in seen:
                    seen.add(words)
                    yield words, _letter(letter, value), _value(value)


def _letter(letter: str, value: Any) -> str:
    return "Y" if letter == "U" and value == "year" else letter


def _value(value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    parts = [int(p) if p.lstrip("-").isdigit() else p for p in str(value).split()]
    return parts[0] if len(parts) == 1 else tuple(parts)

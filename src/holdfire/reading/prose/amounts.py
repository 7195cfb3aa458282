"""Numbers of people and things, each with how far it binds: exact, at least, at most, about.

A number that is a year, an age, a date, a distance or a part of a name counts nothing. A vague word
("dozens") gives the least that a careful writer would use it for, and is marked vague.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.prose.lexicon import page, word_set, words
from holdfire.reading.prose.tokens import Sentence

MOST = 10**10
"""A larger number is none that anyone counted."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a sentence, and what it is a number of.

    Attributes:
        start: First token, its modifier included.
        end: The token after the number.
        value: The number; of a range, its lower end.
        high: Of a range, its upper end; else None.
        bound: exact, lower, upper, near or vague.
        unit: The noun it counts, in lower case; empty: none is named.
        unit_at: Token of that noun; -1: none.
    """

    start: int
    end: int
    value: int
    high: int | None
    bound: str
    unit: str
    unit_at: int

    @property
    def low(self) -> int | None:
        """At least this many; None: the words give no floor."""
        return None if self.bound in ("upper", "near") else self.value

    @property
    def best(self) -> int | None:
        """The text's own figure; None: it gives only bounds."""
        return self.value if self.bound in ("exact", "near") and self.high is None else None

    @property
    def most(self) -> int | None:
        """At most this many; None: the words give no ceiling."""
        if self.high is not None:
            return self.high
        return self.value if self.bound in ("exact", "upper") else None


@dataclass(frozen=True)
class _Words:
    values: dict[str, int]
    multipliers: dict[str, int]
    vague: tuple[tuple[tuple[str, ...], int], ...]
    before: tuple[tuple[tuple[str, ...], str], ...]
    after: tuple[tuple[str, ...], ...]
    people: frozenset[str]
    civilian: frozenset[str]
    not_counted: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    given = page("numbers")
    before = [
        (tuple(phrase.split()), name)
        for name in ("lower", "upper", "near", "exactly")
        for phrase in words(given[name])
    ]
    vague = [(tuple(phrase.split()), int(least)) for phrase, least in given["vague"].items()]
    return _Words(
        dict(given["values"]),
        dict(given["multipliers"]),
        tuple(sorted(vague, key=lambda v: -len(v[0]))),
        tuple(sorted(before, key=lambda b: -len(b[0]))),
        tuple(tuple(phrase.split()) for phrase in words(given["lower_after"])),
        frozenset(words(given["people"])),
        frozenset(words(given["civilian"])),
        frozenset(words(given["not_counted"])),
    )


def is_civilian(noun: str) -> bool:
    """Return whether a noun names people who take no part in fighting."""
    return noun in _words().civilian


def is_person(noun: str) -> bool:
    """Return whether a noun names people."""
    return noun in _words().people


_MAY_COUNT = word_set("several a many one half few")


def amounts(s: Sentence, taken: set[int]) -> list[Amount]:
    """Return the numbers of a sentence that count something.

    Args:
        s: The sentence.
        taken: Tokens that belong to expressions of time.
    """
    if "#" not in s.tags and not any(w in ("several", "many", "few", "number", "handful") for w in s.words):
        return []
    found: list[Amount] = []
    i = 0
    while i < len(s):
        may = s.tags[i] == "#" or s.words[i] in _MAY_COUNT
        read = _number(s, i, taken) if may and i not in taken else None
        if read is None:
            i += 1
            continue
        made = _bounded(s, i, *read)
        if made is not None:
            found.append(made)
        i = max(read[0], i + 1)
    return found


def _number(s: Sentence, i: int, taken: set[int]) -> tuple[int, int, int | None, bool] | None:
    """Return (token after, value, upper end of a range, vague) of a number at token `i`."""
    known = _words()
    for phrase, least in known.vague:
        if tuple(s.words[i : i + len(phrase)]) == phrase and not (i and s.words[i - 1] == "as"):
            end = i + len(phrase)
            if end < len(s) and s.words[end] == "of":
                end += 1
            return end, least, None, True
    first = _value(s, i)
    if first is None:
        return None
    end, value = first
    if end + 1 < len(s) and s.words[end] in ("-", "to", "–", "and") and end + 1 not in taken:
        second = _value(s, end + 1)
        between = s.words[end] != "and" or (i and s.words[i - 1] == "between")
        if second is not None and second[1] > value and between:
            return second[0], value, second[1], False
    return end, value, None, False


def _value(s: Sentence, i: int) -> tuple[int, int] | None:
    """Return the token after a number, and its value."""
    known = _words()
    if i >= len(s):
        return None
    word = s.words[i]
    scaled = 1.0
    if word[:1].isdigit():
        if not re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d{1,12}|\d{1,6}\.\d{1,3}", word) or not word.isascii():
            return None
        scaled = float(word.replace(",", ""))
        end = i + 1
    elif word in known.values:
        scaled = known.values[word]
        end = i + 1
        if end + 1 < len(s) and s.tags[end] == "-" and known.values.get(s.words[end + 1], 10) < 10:
            scaled += known.values[s.words[end + 1]]
            end += 2
    elif word in ("a", "half") and i + 1 < len(s) and s.words[i + 1] in (*known.multipliers, "dozen"):
        scaled, end = 1.0, i + 1
    else:
        return None
    return _scaled(s, end, scaled)


def _scaled(s: Sentence, end: int, value: float) -> tuple[int, int] | None:
    known = _words()
    while end < len(s):
        if s.words[end] in known.multipliers:
            value *= known.multipliers[s.words[end]]
        elif s.words[end] == "dozen":
            value *= 12
        else:
            break
        end += 1
        if value > MOST:
            return None
    if value != int(value) or value > MOST:
        return None
    return end, int(value)


def _bounded(s: Sentence, i: int, end: int, value: int, high: int | None, vague: bool) -> Amount | None:
    known = _words()
    start, bound = i, "vague" if vague else "exact"
    for phrase, name in known.before:
        at = i - len(phrase)
        if at >= 0 and tuple(s.words[at:i]) == phrase:
            bound = bound if vague else {"exactly": "exact"}.get(name, name)
            start = at if phrase != ("the",) else i
            break
    if i >= 2 and s.words[i - 1] in ("some", "about", "around") and s.words[i - 2] in ("over", "than"):
        bound = "lower"
    for phrase in known.after:
        if tuple(s.words[end : end + len(phrase)]) == phrase:
            bound, end = "lower", end + len(phrase)
    if high is not None:
        bound = "near" if bound == "near" else "lower"
    unit_at = _unit(s, end)
    unit = s.words[unit_at] if unit_at >= 0 else ""
    if not _counts(s, i, end, value, unit, vague):
        return None
    return Amount(start, end, value, high, bound, unit, unit_at)


def _unit(s: Sentence, end: int) -> int:
    """Return the token of the noun a number counts, or -1."""
    last = -1
    j = end
    if j < len(s) and s.words[j] == "of":
        j += 1
    while j < len(s) and j - end < 7:
        letter = s.tags[j]
        if s.words[j] in _words().people:
            return j
        if letter in "NE":
            last = j
        elif (
            (letter in "eng" and last < 0 and j > end and s.tags[j + 1 : j + 2] not in ("N", "J", "E"))
            or (letter not in "JD-'eng" and not (letter == "#" and j == end))
            or (letter == "D" and s.words[j] not in ("other", "more", "such", "the", "its", "his", "their"))
        ):
            break
        j += 1
    return last


def _counts(s: Sentence, i: int, end: int, value: int, unit: str, vague: bool) -> bool:  # noqa: PLR0911 - each return is one rule
    """Return whether a number counts something."""
    known = _words()
    after = s.words[end] if end < len(s) else ""
    before = s.words[i - 1] if i else ""
    digits = s.words[i].isdigit()
    if after in known.not_counted or unit in known.not_counted:
        return False
    if (
        digits
        and 1900 <= value <= 2100
        and not unit
        and before in ("in", "since", "of", "until", "by", "during", "")
    ):
        return False
    if i and s.tags[i - 1] in "-E" and s.starts[i] == s.ends[i - 1]:
        return False  # F-15
    if end < len(s) and s.tags[end] == "-" and s.starts[end] == s.ends[end - 1]:
        return False  # 45-year-old
    if before in (
        "resolution",
        "article",
        "aged",
        "age",
        "number",
        "no",
        "$",
        "€",
        "£",
        "chapter",
        "paragraph",
    ):
        return False
    if s.words[i] == "one" and not unit:
        return False
    return vague or after != "%"

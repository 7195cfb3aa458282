"""The value of a number as it is written: digits, words, and both mixed.

"470,000", "12 000", "١٢", "1.9 million", "two hundred and five", "half a million", "two and a half thousand",
"three dozen". A figure that is none ("1.2.3", "10:30") has no value, and a value is never made of parts that
another number stands between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.prose.words.lexicon import page
from holdfire.reading.prose.words.tokens import Sentence

MOST = 10**10
"""A larger number is none that anyone counted."""

Read = tuple[int, float]
"""The token after a number, and its value."""


@dataclass(frozen=True)
class _Words:
    values: dict[str, int]
    multipliers: dict[str, int]
    suffixes: dict[str, int]


@lru_cache(maxsize=1)
def _words() -> _Words:
    given = page("numbers")
    return _Words(dict(given["values"]), dict(given["multipliers"]), dict(given["suffixes"]))


_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,12}|\d{1,6}\.\d{1,3}")
_ARABIC = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٬٫", "01234567890123456789,.")
_ARTICLES = ("a", "an")


def is_multiplier(word: str) -> bool:
    """Return whether a word multiplies the number before it: "hundred", "dozen"."""
    return word in _words().multipliers


def multiplier(word: str) -> int:
    """Return by how much a word multiplies; 1: it does not."""
    return _words().multipliers.get(word, 1)


def numeral(s: Sentence, i: int) -> tuple[int, int] | None:
    """Return the token after the number that begins at token `i`, and its value; None: none does."""
    if i >= len(s):
        return None
    read = _fraction(s, i) or (_figure(s, i) if s.words[i][:1].isdigit() else _spelled(s, i))
    if read is None or read[1] != int(read[1]) or read[1] > MOST:
        return None
    return read[0], int(read[1])


def _figure(s: Sentence, i: int) -> Read | None:
    """Read digits, with what multiplies them."""
    word = s.words[i].translate(_ARABIC)
    if not word.isascii() or not _DIGITS.fullmatch(word):
        return None
    value, end = float(word.replace(",", "")), i + 1
    if len(word) <= 3 and word.isdigit():
        end, value = _grouped(s, end, value)
    if end < len(s) and s.starts[end] == s.ends[end - 1] and s.words[end] in _words().suffixes:
        return end + 1, value * _words().suffixes[s.words[end]]
    if s.words[end : end + 3] == ["and", "a", "half"] and is_multiplier("".join(s.words[end + 3 : end + 4])):
        value, end = value + 0.5, end + 3
    return _multiplied(s, end, value)


def _grouped(s: Sentence, end: int, value: float) -> Read:
    """Read "12 000": groups of three digits apart by one space."""
    while (
        end < len(s)
        and s.starts[end] == s.ends[end - 1] + 1
        and len(s.words[end]) == 3
        and s.words[end].translate(_ARABIC).isdigit()
        and value < MOST
    ):
        value, end = value * 1000 + float(s.words[end].translate(_ARABIC)), end + 1
    return end, value


def _spelled(s: Sentence, i: int) -> Read | None:
    """Read a number in words."""
    known = _words()
    word = s.words[i]
    if word in _ARTICLES:
        after = s.words[i + 1] if i + 1 < len(s) else ""
        return _multiplied(s, i + 1, 1.0) if after in known.multipliers else None
    if word in known.multipliers:  # "hundred and five": the article is left out
        return _multiplied(s, i, 1.0)
    read = _below_hundred(s, i)
    if read is None:
        return None
    end, value = read
    if s.words[end : end + 3] == ["and", "a", "half"] and is_multiplier("".join(s.words[end + 3 : end + 4])):
        value, end = value + 0.5, end + 3
    return _multiplied(s, end, value)


def _below_hundred(s: Sentence, i: int) -> Read | None:
    """Read "five", "twelve", "thirty-five"."""
    value, end = float(_words().values.get(s.words[i], 0)), i + 1
    if not value:
        return None
    small = _small(s, end) if value >= 20 and value % 10 == 0 else None
    return (small[0], value + small[1]) if small is not None else (end, value)


def _small(s: Sentence, at: int) -> Read | None:
    """Read what follows a word for tens: "-five"."""
    if at < len(s) and s.tags[at] == "-":
        at += 1
    value = _words().values.get(s.words[at], 0) if at < len(s) else 0
    return (at + 1, float(value)) if 0 < value < 10 else None


def _multiplied(s: Sentence, end: int, value: float) -> Read | None:
    """Multiply by the words that follow, and add the smaller number behind them."""
    while end < len(s):
        at = end + 1 if s.tags[end] == "-" else end
        if at >= len(s) or not is_multiplier(s.words[at]):
            break
        least = multiplier(s.words[at])
        value, end = value * least, at + 1
        if value > MOST:
            return None
        if least >= 100:
            end, value = _added(s, end, value, least)
    return end, value


def _added(s: Sentence, end: int, value: float, least: int) -> Read:
    """Read "and five" after "two hundred", and "five hundred" after "two thousand"."""
    joined = end < len(s) and s.words[end] == "and"
    at = end + 1 if joined else end
    if at >= len(s) or s.words[at] not in _words().values or _between(s, end):
        return end, value
    rest = _below_hundred(s, at)
    if least > 100 and rest is not None:
        rest = _multiplied(s, *rest)
    if rest is None or rest[1] >= least or (joined and rest[1] >= 100):
        return end, value
    return rest[0], value + rest[1]


def _between(s: Sentence, end: int) -> bool:
    """Return whether "and" here parts the ends of a range: "between one hundred and fifty thousand"."""
    return "between" in s.words[max(0, end - 7) : end]


def _fraction(s: Sentence, i: int) -> Read | None:
    """Read "half a million", "a quarter of a million", "half a dozen"."""
    at = i + 1 if s.words[i] in _ARTICLES else i
    part = {"half": 0.5, "quarter": 0.25}.get(s.words[at], 0.0) if at < len(s) else 0.0
    if s.words[at : at + 1] == ["three"] and s.words[at + 1 : at + 2] == ["quarters"]:
        part, at = 0.75, at + 1
    if not part:
        return None
    at += 1
    if at < len(s) and s.tags[at] == "-":
        at += 1
    at += s.words[at : at + 1] == ["of"]
    at += s.words[at : at + 1] in (["a"], ["an"])
    if at >= len(s) or not is_multiplier(s.words[at]):
        return None
    return at + 1, part * multiplier(s.words[at])

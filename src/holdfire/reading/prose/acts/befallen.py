"""How many people a phrase lists: "the mayor and two guards" are one and two, a person named is one.

For the words of those whom an act befell. A part that gives no number and is no one person ("the villagers",
"a convoy") lists nobody; nothing is added up, and no name is kept.
"""

from __future__ import annotations

import re
from functools import lru_cache

from holdfire.reading.prose.places.placenames import known
from holdfire.reading.prose.words.lexicon import lexicon, page, word_set
from holdfire.reading.prose.words.peoples import is_person

_PARTS = re.compile(r",|\band\b|\bas well as\b|\balong with\b|\btogether with\b", re.IGNORECASE)
_GROUPS = word_set(
    "family people crew staff police personnel dead wounded injured missing elderly group team"
)
_SUBJECT = word_set("of from in at who which that whose")


@lru_cache(maxsize=1)
def _values() -> dict[str, int]:
    return {word: int(value) for word, value in page("numbers")["values"].items()}


@lru_cache(maxsize=1)
def _bodies() -> frozenset[str]:
    """Return nouns of organisations and places, which no name of a person holds."""
    return known().organisations | known().facilities | frozenset(known().kinds)


def befallen(phrase: str, *, named: bool) -> list[int]:
    """Return the number of people in each part of a phrase that gives one.

    Args:
        phrase: As a claim gives it: `targets_text`.
        named: Whether the act is done to people only, so that a bare name is a person's.

    >>> befallen("Mayor Juan Ode and two guards", named=True), befallen("the villagers", named=True)
    ([1, 2], [])
    """
    return [count for part in _PARTS.split(phrase) if (count := _count(part.split(), named=named))]


def _count(words: list[str], *, named: bool) -> int:
    """Return how many people one part is; 0: it does not say, or they are no people."""
    low = [word.lower().strip(".\"'") for word in words]
    cut = next((k for k, word in enumerate(low) if word in _SUBJECT), len(low))
    low, words = low[:cut], words[:cut]
    while low and low[0] in ("the", "other", "these", "about", "approximately", "some"):
        low, words = low[1:], words[1:]
    if not low:
        return 0
    number = int(low[0]) if low[0].isdigit() else _values().get(low[0], 0)
    people = [word for word in low if is_person(word) and word not in _GROUPS]
    if number:
        rest = [word for word in low[1:] if word.isalpha()]
        return number if people or not rest or rest[-1] == "members" else 0
    if people or low[-1] in _bodies():
        one = any(not _many(word) for word in people) and not _many(low[-1]) and low[-1] not in _bodies()
        return int(one and not any(word in _values() for word in low))
    return int(named and _is_name(words, low))


def _many(word: str) -> bool:
    return (word.endswith("s") and is_person(word)) or word.endswith(("men", "women", "children"))


def _is_name(words: list[str], low: list[str]) -> bool:
    """Return whether words are a person's: two to four capitals, none of them a common word or a body's."""
    plain = all(word[:1].isupper() and word.strip(".").isalpha() for word in words)
    told = (lexicon().classes, lexicon().verbs, _bodies())
    common = any(word in each for word in low for each in told)
    return plain and 2 <= len(words) <= 4 and not common and not low[-1].endswith("s")

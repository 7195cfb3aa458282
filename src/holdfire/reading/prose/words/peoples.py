"""Which nouns name people, and of what kind: civilians, those who fight, children, women.

A noun that is not listed names people where it ends as such nouns do ("herders", "Colombians") and is not
listed as a thing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.prose.words.lexicon import page, words

_ENDING = re.compile(
    r".{3,}(?:men|women|ists|eers|yers|ters|ders|kers|gers|ners|mers|shers|tors|dors|ians|cans|ese|eens)$"
)


@dataclass(frozen=True)
class _Words:
    people: frozenset[str]
    civilian: frozenset[str]
    combatant: frozenset[str]
    children: frozenset[str]
    women: frozenset[str]
    things: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    given = page("numbers")
    keys = ("people", "civilian", "combatant", "children", "women", "things")
    return _Words(*(frozenset(words(given[key])) for key in keys))


def is_civilian(noun: str) -> bool:
    """Return whether a noun names people who take no part in fighting."""
    return noun in _words().civilian


def is_combatant(noun: str) -> bool:
    """Return whether a noun names people who fight."""
    return noun in _words().combatant


def is_child(noun: str) -> bool:
    """Return whether a noun names children."""
    return noun in _words().children


def is_woman(noun: str) -> bool:
    """Return whether a noun names women or girls."""
    return noun in _words().women


def is_person(noun: str) -> bool:
    """Return whether a noun names people.

    >>> is_person("shepherds"), is_person("Colombians".lower()), is_person("mortars")
    (True, True, False)
    """
    known = _words()
    if noun in known.people:
        return True
    return noun not in known.things and bool(_ENDING.match(noun))

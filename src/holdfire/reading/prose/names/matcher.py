"""Every name the case knows, found in one pass over a sentence.

Names are compared folded (`records.actor.fold`), token by token, so that a hyphen is a space and a
possessive ends a name. A name written with a capital in the case is not found in lower case, and one of
up to four capitals ("IS") only in capitals. The longest match wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from holdfire.reading.format import Context
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.actor import Names, fold
from holdfire.records.casefile import Gazetteer


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in a sentence.

    Attributes:
        start: First token.
        end: The token after the last.
        key: The name, folded, without an article.
        names: The same as the case spells it, folded: with an article, without, or both.
        kinds: What the case knows by this name: "actor", "place", "source".
    """

    start: int
    end: int
    key: str
    names: tuple[str, ...]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    names: tuple[str, ...]
    kinds: frozenset[str]
    shout: bool
    capital: bool


class Matcher:
    """Finds the names of a case in sentences."""

    def __init__(self, names: Names, gazetteer: Gazetteer, sources: Iterable[tuple[str, ...]]) -> None:
        """Learn the names; of a source its id, then its names."""
        self.by_source: dict[str, list[str]] = {}
        self.labels = frozenset(
            name.removeprefix("the ") for name, alias, _ in names.spellings() if alias.label
        )
        spelled: dict[str, tuple[set[str], list[str]]] = {}

        def add(text: str, kind: str) -> None:
            key = fold(text).removeprefix("the ")
            if len(key) > 1:
                kinds, forms = spelled.setdefault(key, (set(), []))
                kinds.add(kind)
                forms.append(text)

        for name, alias, _ in names.spellings():
            add(alias.text if fold(alias.text) == name else name, "actor")
        for place in gazetteer.places.values():
            for text in (*place.name.values(), *place.spellings):
                add(text, "place")
        for source, *texts in sources:
            for text in texts:
                add(text, "source")
                self.by_source.setdefault(fold(text).removeprefix("the "), []).append(source)
        self._machine = ahocorasick.Automaton()
        for key in sorted(spelled):
            kinds, forms = spelled[key]
            bare = [form.removeprefix("the ").removeprefix("The ") for form in forms]
            shout = all(form.isupper() and len(form) <= 4 for form in bare)
            known = tuple(sorted({fold(form) for form in forms}))
            capital = all(form[:1].isupper() for form in bare)
            self._machine.add_word(key, _Entry(key, known, frozenset(kinds), shout, capital))
        self._empty = not spelled
        if spelled:
            self._machine.make_automaton()

    def find(self, s: Sentence) -> list[Match]:
        """Return the names in a sentence, longest first taken, in order, none overlapping another."""
        if self._empty:
            return []
        text, begins, stops = _folded(s)
        found: list[Match] = []
        for last, entry in self._machine.iter(text):
            end = stops.get(last + 1)
            start = begins.get(last + 1 - len(entry.key))
            if start is None or end is None or not _written_so(s, start, end, entry):
                continue
            found.append(Match(start, end, entry.key, entry.names, entry.kinds))
        found.sort(key=lambda m: (-(m.end - m.start), m.start))
        taken: set[int] = set()
        kept = []
        for match in found:
            tokens = range(match.start, match.end)
            if not taken.intersection(tokens):
                taken.update(tokens)
                kept.append(match)
        return sorted(kept, key=lambda m: m.start)


def _written_so(s: Sentence, start: int, end: int, entry: _Entry) -> bool:
    first = s.raws[start]
    if not first[0].isalpha() or not first[0].isascii():
        return True
    if entry.shout:
        return first.isupper() or "." in first
    return not entry.capital or first[0].isupper() or s.raws[start].isupper()


_PROCLITICS = frozenset("وفبكل")


@lru_cache(maxsize=65536)
def folded(raw: str) -> str:
    """Return one token folded; most tokens come again and again."""
    return fold(raw)


def _folded(s: Sentence) -> tuple[str, dict[int, int], dict[int, int]]:
    """Return a sentence folded, with the token that begins, and the one after that ends, at each place."""
    parts: list[str] = []
    begins: dict[int, int] = {}
    stops: dict[int, int] = {}
    length = 0
    for k, (raw, letter) in enumerate(zip(s.raws, s.tags, strict=True)):
        key = folded(raw)
        if not key or (not key[0].isalnum() and letter not in "'"):
            if letter in "-Y" or raw == ".":
                continue  # a hyphen or the point of an abbreviation is a space
            parts.append("\n")
            length += 1
            continue
        if parts and letter != "'" and parts[-1] != "\n":
            parts.append(" ")
            length += 1
        begins[length] = k
        if key[0] in _PROCLITICS and len(key) > 3:
            begins[length + 1] = k  # "and", "in", "to" are written onto an Arabic name
            key = "ا" + key[1:] if key.startswith("لل") else key
        parts.append(key)
        length += len(key)
        stops[length] = k + 1
    return "".join(parts), begins, stops


@lru_cache(maxsize=8)
def _matcher(names: Names, gazetteer: Gazetteer, sources: tuple[tuple[str, ...], ...]) -> Matcher:
    return Matcher(names, gazetteer, sources)


def matcher(context: Context) -> Matcher:
    """Return the matcher of a case's names, made once for each."""
    known = (context.sources[key] for key in sorted(context.sources))
    called = tuple((each.id, *(each.name[k] for k in sorted(each.name)), *each.aliases) for each in known)
    return _matcher(context.names, context.gazetteer, called)

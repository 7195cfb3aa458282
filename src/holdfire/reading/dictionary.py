"""Who a public name means on a date: states, offices and their holders, groups, bodies and outlets.

Data are in `reading/dictionaries`, written from public reference facts; a name may have a first and a last
day. Four rules hold, and tests/unit/test_dictionary.py tries to break each:

* a name is read only on days it was borne, or after them where texts went on using it;
* a name that two entities bear on one day means neither;
* a loaded label is no name of anyone;
* a day of which only the month or year is known counts from its first day.

Nothing here knows a case: the names of a case come first, and `reading.prose.actors` sees to that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from holdfire.documents import ours
from holdfire.records.actor import fold

PAGES = ("states", "offices", "bodies", "outlets", "groups", "words")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entity, and when it means that entity.

    Attributes:
        text: As written.
        language: en, ar, fr or ru.
        part: name, demonym, capital, house, holder (of an office).
        start: First day; None: always.
        until: The day after the last it was borne; None: still borne.
        still: Texts went on using it afterwards, so it is read afterwards too.
        basis: Why, where the entity's own basis does not say it.
        office: Of a holder: which office.
        holder: Of a holder: their full name.
    """

    text: str
    language: str
    part: str = "name"
    start: date | None = None
    until: date | None = None
    still: bool = False
    basis: str = ""
    office: str = ""
    holder: str = ""

    def read(self, on: date | None) -> bool:
        """Return whether a text of that day means the entity by this name; None: a day not known."""
        if on is None:
            return True
        return (self.start is None or self.start <= on) and (self.still or not self.borne_before(on))

    def borne(self, on: date) -> bool:
        """Return whether the entity itself bore this name that day."""
        return (self.start is None or self.start <= on) and not self.borne_before(on)

    def borne_before(self, on: date) -> bool:
        """Return whether the name had been given up by that day."""
        return self.until is not None and on >= self.until


@dataclass(frozen=True, slots=True)
class Tie:
    """What an entity belonged to, and when.

    Attributes:
        to: Id of the other.
        start: First day; None: always.
        until: The day after the last; None: still.
        basis: Why.
    """

    to: str
    start: date | None = None
    until: date | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """Someone whom public names mean.

    Attributes:
        id: Its key in the dictionaries, in lower case.
        name: What we call it.
        kind: state, group, umbrella, coalition, organisation, recorder or outlet.
        names: Every name.
        nouns: Common nouns that texts take it up by: "the agency".
        part_of: What it belonged to, dated.
        of: Of an outlet: the entity it is of; empty: none known.
        formed_of: Of a merger: ids of those that merged.
        basis: Where its names come from.
    """

    id: str
    name: str
    kind: str
    names: tuple[Name, ...] = ()
    nouns: frozenset[str] = frozenset()
    part_of: tuple[Tie, ...] = ()
    of: str = ""
    formed_of: tuple[str, ...] = ()
    basis: str = ""

    def called(self, on: date, language: str = "en") -> str:
        """Return the name it bore on a day: the first that was its own then, else what we call it."""
        own = (n for n in self.names if n.part == "name" and n.language == language and n.start is not None)
        return next((n.text for n in own if n.borne(on)), self.name)


@dataclass(frozen=True, slots=True)
class Found:
    """What a name means.

    Attributes:
        entity: Whom.
        name: By which of its names.
    """

    entity: Entity
    name: Name


@cache
def page(name: str) -> Mapping[str, Any]:
    """Return one of the data files in `reading/dictionaries`, by its name without the ending."""
    text = files("holdfire.reading").joinpath("dictionaries", f"{name}.yaml").read_text(encoding="utf-8")
    return ours(text, f"dictionaries/{name}.yaml")


def listed(text: str) -> list[str]:
    """Return the members of a list written as one string, apart by commas (also Arabic ones)."""
    return [" ".join(part.split()) for part in text.replace("،", ",").split(",") if part.strip()]


@lru_cache(maxsize=65536)
def key(word: str) -> tuple[str, ...]:
    """Return the words under which a name is looked up: folded, without accents, Arabic letters levelled.

    >>> key("Hay'at"), key("État"), key("U.S.")
    (('hayat',), ('etat',), ('u', 's'))
    """
    flat = fold(word)
    if flat.isascii():
        return tuple(flat.split())
    apart = unicodedata.normalize("NFKD", flat.replace("й", "\0"))
    flat = "".join(c for c in apart if not unicodedata.combining(c)).translate(_LEVELLED)
    return tuple(_uninflected(each) if "а" <= each[0] <= "я" else each for each in flat.split())


_LEVELLED = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "ё": "е", "ı": "i", "\0": "й"})
_SHORTEST = 3
_CASES = tuple(
    re.split(
        "[|]",
        "иями|ией|иях|иям|ами|ями|ого|его|ому|ему|ыми|ими|ая|яя|ую|юю|ое|ее|ой|ей|ый|ий|ом|ем|ам|ям|ах|ях|"
        "ым|им|ов|ев|ью|ия|ии|ию|ие|ы|и|а|я|у|ю|е|о|ь|й",
    )
)
"""Endings of Russian cases, longest first."""


def _uninflected(word: str) -> str:
    """Return a Russian word without the endings of its cases, so that "Хезболлы" is found as "Хезболла"."""
    if len(word) <= _SHORTEST:
        return word
    for ending in _CASES:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return _uninflected(word[: -len(ending)])
    return word


def name_key(text: str) -> tuple[str, ...]:
    """Return the words of a whole name; "People's" is two, as tokens are."""
    apart = text.replace("’", "'").replace("'s ", " s ").replace("/", " ")
    return tuple(word for part in apart.split() for word in key(part))


class Dictionary:
    """Every entity, and a tree of their names by word."""

    def __init__(self) -> None:
        self.entities: dict[str, Entity] = dict(_entities())
        self.tree: dict[str, Any] = {}
        self._by_name: dict[tuple[str, ...], list[Found]] = {}
        for entity in self.entities.values():
            for name in entity.names:
                self._add(entity, name)

    def _add(self, entity: Entity, name: Name) -> None:
        words = name_key(name.text)
        if not words:
            return
        bearers = self._by_name.setdefault(words, [])
        if not bearers:
            node = self.tree
            for word in words:
                node = node.setdefault(word, {})
            node[""] = bearers
        bearers.append(Found(entity, name))

    def find(self, name: str, on: date | None = None) -> Found | None:
        """Return what a name means in a text of a day; None: nobody, or more than one.

        A leading article is passed over. With no day, only a name that ever meant one is found.
        """
        words = name_key(name)
        for each in (words, words[1:] if words[:1] == ("the",) else ()):
            if each and (found := meant(self._by_name.get(each, ()), (on,))) is not None:
                return found
        return None

    def bearers(self, name: str) -> list[Found]:
        """Return everyone who ever bore a name."""
        words = name_key(name)
        if words[:1] == ("the",) and words not in self._by_name:
            words = words[1:]
        return list(self._by_name.get(words, ()))

    def holder(self, state: str, office: str, on: date) -> str | None:
        """Return who held an office of a state or organisation on a day.

        Args:
            state: Its id, such as "united states".
            office: As it is called: "secretary of state", "foreign minister".
            on: The day.

        Returns:
            The full name; None: not known to us, or the office is none we list.
        """
        entity = self.entities.get(fold(state))
        asked = self.office(office)
        if entity is None or asked is None:
            return None
        held = {n.holder for n in entity.names if n.part == "holder" and n.office == asked and n.borne(on)}
        return held.pop() if len(held) == 1 else None

    def office(self, called: str) -> str | None:
        """Return the key of an office by what it is called."""
        return _offices().get(" ".join(key_words(called)))


def key_words(text: str) -> Iterator[str]:
    """Yield the words of a text as they are looked up."""
    for part in text.split():
        yield from key(part)


def meant(bearers: Sequence[Found], days: tuple[date | None, ...]) -> Found | None:
    """Return the one that a name means on every one of some days; None: none, or more than one."""
    if not bearers:
        return None
    found = [f for f in bearers if all(f.name.read(day) for day in days)]
    if len({f.entity.id for f in found}) == 1:
        return found[0]
    # A name borne on the day goes before one that had been given up: "Liwa al-Islam", a new and an old one.
    own = [f for f in found if all(day is not None and f.name.borne(day) for day in days)]
    return own[0] if len({f.entity.id for f in own}) == 1 else None


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """Return the dictionary, read once."""
    return Dictionary()


@lru_cache(maxsize=1)
def _offices() -> dict[str, str]:
    called: dict[str, str] = {}
    for office, texts in page("offices")["called"].items():
        for text in (office, *listed(texts)):
            called.setdefault(" ".join(key_words(text)), office)
    for offices in page("offices")["holders"].values():
        for office in offices:
            called.setdefault(" ".join(key_words(office)), office)
    return called


@dataclass
class _Made:
    """An entity while its pages are read."""

    id: str
    kind: str
    given: Mapping[str, Any]
    names: list[Name] = field(default_factory=list)

    def entity(self) -> Entity:
        given = self.given
        first = next((n.text for n in self.names if n.part == "name"), self.id)
        return Entity(
            id=self.id,
            name=str(given.get("name") or (self.id.capitalize() if self.kind == "group" else first)),
            kind=str(given.get("kind", self.kind)),
            names=tuple(self.names),
            nouns=frozenset(listed(str(given.get("noun", "")))),
            part_of=tuple(_tie(line) for line in str(given.get("part_of", "")).splitlines() if line.strip()),
            of=str(given.get("of", "")),
            formed_of=tuple(listed(str(given.get("formed_of", "")))),
            basis=str(given.get("basis", "")),
        )


def _entities() -> Iterator[tuple[str, Entity]]:
    made: dict[str, _Made] = {}
    for section, kind, source in (
        ("states", "state", "states"),
        ("organisations", "organisation", "bodies"),
        ("recorders", "recorder", "bodies"),
        ("outlets", "outlet", "outlets"),
        ("groups", "group", "groups"),
    ):
        for name, given in page(source)[section].items():
            entry = made[name] = _Made(str(name), kind, given)
            entry.names += _named(str(given["names"]))
            for part, field_ in (("demonym", "demonyms"), ("capital", "capital"), ("house", "houses")):
                entry.names += [Name(text, "en", part) for text in listed(str(given.get(field_, "")))]
    for name, offices in page("offices")["holders"].items():
        for office, lines in offices.items():
            made[name].names += _holders(office, str(lines))
    for name, entry in made.items():
        yield name, entry.entity()


def _named(text: str) -> Iterator[Name]:
    for line in text.splitlines():
        head, _, rest = line.partition(":")
        names, _, basis = rest.partition("|")
        language, *period = head.split()
        start, until, still = _period(period[0]) if period else (None, None, False)
        for name in listed(names):
            yield Name(name, language, "name", start, until, still, basis.strip())


def _holders(office: str, text: str) -> Iterator[Name]:
    for line in text.splitlines():
        head, _, rest = line.partition(":")
        names = listed(rest)
        for period in head.split():
            start, until, _ = _period(period)
            for name in names:
                yield Name(name, _script(name), "holder", start, until, office=office, holder=names[0])


def _script(name: str) -> str:
    first = next((c for c in name if c.isalpha()), "a")
    return "ar" if "\u0600" <= first <= "\u06ff" else "ru" if "\u0400" <= first <= "\u04ff" else "en"


def _period(text: str) -> tuple[date | None, date | None, bool]:
    still = text.endswith("+")
    first, _, last = text.rstrip("+").partition("..")
    return _day(first), _day(last), still


def _day(text: str) -> date | None:
    """Return the first day that a date, a month or a year names; nothing: None."""
    if not text:
        return None
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _tie(line: str) -> Tie:
    text, _, basis = line.partition("|")
    *to, last = text.split()
    if ".." not in last:
        return Tie(" ".join((*to, last)), basis=basis.strip())
    start, until, _ = _period(last)
    return Tie(" ".join(to), start, until, basis.strip())

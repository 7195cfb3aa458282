"""The words of the PLOVER event classes, as `lexicons/plover.yaml` gives them, with the forms of verbs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from holdfire.reading.prose.words.lexicon import forms, page, plural_of, words


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase of a class.

    Attributes:
        tokens: Its words, plain forms, articles left out.
        name: The class.
        kind: operator or act, each with -noun where it is no verb; frame: a verb with its objects.
        objects: One of them must stand beside a frame.
    """

    tokens: tuple[str, ...]
    name: str
    kind: str
    objects: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Words:
    """Everything known of the classes.

    Attributes:
        entries: By the first word of each.
        names: Plain forms that a word may be a form of.
        conflict: Classes of conflict: to mean one is to threaten.
        current: Names in the codebook of 2021, where they differ.
        intend: Words of what is meant.
        oblige: Words of duty.
        predicates: What refuses as a predicate: "out of the question".
        against: What is called for against someone in reproach.
        crowd: Who demonstrates.
        war: Arms and forces of war.
        terror: Marks of force that is not of war.
    """

    entries: Mapping[str, tuple[Entry, ...]]
    names: Mapping[str, tuple[str, ...]]
    conflict: frozenset[str]
    current: Mapping[str, str]
    intend: tuple[tuple[str, ...], ...]
    oblige: tuple[tuple[str, ...], ...]
    predicates: tuple[tuple[str, ...], ...]
    against: frozenset[str]
    crowd: frozenset[str]
    war: tuple[tuple[str, ...], ...]
    terror: tuple[tuple[str, ...], ...]


ARTICLES = frozenset(("a", "an", "the", "its", "his", "their"))


def _split(phrase: str) -> tuple[str, ...]:
    return tuple(w for w in phrase.replace("-", " - ").split() if w not in ARTICLES)


@lru_cache(maxsize=1)
def known() -> Words:
    """Return the words, read once."""
    given = page("plover")
    operators = given["operators"]
    entries: dict[str, list[Entry]] = {}
    for each in _entries(given):
        entries.setdefault(each.tokens[0], []).append(each)
    verbs = {first for first, found in entries.items() if any(not e.kind.endswith("noun") for e in found)}
    return Words(
        {first: tuple(found) for first, found in entries.items()},
        _names(verbs, given["nominal"]),
        frozenset(words(given["kind"]["conflict"])),
        given["current"],
        _phrases(operators["intend"]),
        _phrases(operators["oblige"]),
        _phrases(operators["predicates"]),
        frozenset(words(operators["against"])),
        frozenset(words(given["crowd"])),
        _phrases(given["war"]),
        _phrases(given["terror"]),
    )


def _entries(given: Mapping[str, Any]) -> Iterator[Entry]:
    for key, listed in given["operators"].items():
        name, _, nouns = key.partition(" ")
        if name.isupper():
            kind = "operator-noun" if nouns else "operator"
            yield from (Entry(tokens, name, kind) for tokens in _phrases(listed))
    for name, entry in given["acts"].items():
        yield from (Entry(tokens, name, "act") for tokens in _phrases(entry.get("words", "")))
        yield from (Entry(tokens, name, "act-noun") for tokens in _phrases(entry.get("nouns", "")))
        for phrase, objects in entry.get("frames", {}).items():
            yield Entry(_split(phrase), name, "frame", _phrases(objects))


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(_split(each) for each in words(text))


def _names(verbs: Iterable[str], nominal: str) -> dict[str, tuple[str, ...]]:
    """Return the plain forms that a word may be a form of."""
    grammar = page("grammar")
    irregular = {entry.split()[0]: entry.split()[1:] for entry in words(grammar["irregular"])}
    doubled = frozenset(words(grammar["doubled"]))
    found: dict[str, set[str]] = {}
    for verb in sorted(verbs):
        for form, _ in forms(verb, irregular.get(verb), doubled):
            found.setdefault(form, set()).add(verb)
    for pair in words(nominal):
        noun, verb = pair.split()
        for form in (noun, plural_of(noun)):
            found.setdefault(form, set()).add(verb)
    return {form: tuple(sorted(each)) for form, each in found.items()}


def current(name: str) -> str:
    """Return what the codebook of 2021 calls a class.

    >>> current("DEMAND"), current("FIGHT"), current("AID")
    ('REQUEST', 'ASSAULT', 'AID')
    """
    return known().current.get(name, name)

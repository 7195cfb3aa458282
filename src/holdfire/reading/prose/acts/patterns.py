"""The event types' words as patterns to match, as read from `lexicons/events.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.prose.words.lexicon import page, plural_of, words
from holdfire.reading.prose.words.tokens import TOKEN


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to name an event type.

    Attributes:
        tokens: Plain forms, in order.
        type: family.kind.
        part: "verb", "noun" or "phrase".
        weak: It needs company.
        topic: What its clause must speak of; empty: nothing.
        far: The text as a whole may speak of the topic.
        objects: One of these must stand beside it.
    """

    tokens: tuple[str, ...]
    type: str
    part: str
    weak: bool
    topic: str
    far: bool
    objects: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Taxonomy:
    """The event types, as read from the data file."""

    patterns: Mapping[str, tuple[Pattern, ...]]
    counts: Mapping[str, str]
    topics: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]
    company: frozenset[str]
    discard: Mapping[str, tuple[tuple[str, ...], ...]]
    abstract: frozenset[str]
    halves: Mapping[str, str]
    movable: frozenset[str]
    weapons: frozenset[str]


def _tokens(phrase: str) -> tuple[str, ...]:
    return tuple(found[0].lower() for found in TOKEN.finditer(phrase))


@lru_cache(maxsize=1)
def taxonomy() -> Taxonomy:
    """Return the taxonomy, read once."""
    given = page("events")
    patterns: dict[str, list[Pattern]] = {}
    for kind, entry in given["types"].items():
        topic, far = str(entry.get("topic", "")), bool(entry.get("far", False))
        for key, part, weak in _LISTS:
            objects = frozenset(words(entry.get(_COMPANY.get(key, ""), "")))
            for phrase in words(entry.get(key, "")):
                for form in _shapes(phrase, part):
                    patterns.setdefault(form[0], []).append(
                        Pattern(form, kind, part, weak, topic, far, objects)
                    )
    company = {w for key in ("weapons", "armed", "things") for w in words(given["harm"][key])}
    discard: dict[str, list[tuple[str, ...]]] = {}
    for phrase in words(given["discard"]):
        form = _tokens(phrase)
        discard.setdefault(form[0], []).append(form)
    return Taxonomy(
        {
            first: tuple(sorted(found, key=lambda p: (-len(p.tokens), p.type)))
            for first, found in patterns.items()
        },
        {kind: str(entry["counts"]) for kind, entry in given["types"].items() if "counts" in entry},
        {name: _by_first(words(listed)) for name, listed in given["topics"].items()},
        frozenset(company | {plural_of(w) for w in company}),
        {first: tuple(found) for first, found in discard.items()},
        frozenset(words(given["abstract"])),
        {half: kind for kind, entry in given["types"].items() for half in words(entry.get("halves", ""))},
        frozenset(f for w in words(given["movable"]) for f in (w, plural_of(w))),
        frozenset(f for w in words(given["harm"]["weapons"]) for f in (w, plural_of(w))),
    )


_LISTS = (
    ("verbs", "verb", False),
    ("weak_verbs", "verb", True),
    ("nouns", "noun", False),
    ("weak_nouns", "noun", True),
    ("phrases", "phrase", False),
    ("weak_phrases", "phrase", True),
)
_COMPANY = {"weak_verbs": "weak_objects", "weak_nouns": "beside", "weak_phrases": "beside"}


def _by_first(phrases: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        for form in _plurals(_tokens(phrase)):
            found.setdefault(form[0], []).append(form)
    return {first: tuple(forms) for first, forms in found.items()}


def _shapes(phrase: str, part: str) -> Iterable[tuple[str, ...]]:
    form = _tokens(phrase)
    return _plurals(form) if part == "noun" else (form,)


def _plurals(form: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return a noun phrase and its plural: "violations of the truce", "car bombs"."""
    at = next((k for k, w in enumerate(form) if w in ("of", "to", "in", "on") and k), len(form)) - 1
    if form[at].endswith("s") and not form[at].endswith("ss"):
        return (form,)
    return form, (*form[:at], plural_of(form[at]), *form[at + 1 :])

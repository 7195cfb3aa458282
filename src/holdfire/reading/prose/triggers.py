"""Words that may tell of an event, by the taxonomy of `lexicons/events.yaml`.

A trigger is a verb or noun (or phrase) in the right part of speech; a weak one counts only beside a weapon,
an armed actor or harm; one with a topic only where its clause speaks of that topic. Nothing here says
that the event happened: `guards` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.prose.lexicon import page, plural_of, word_set, words
from holdfire.reading.prose.syntax import VERBS, group, phrase_right, subject
from holdfire.reading.prose.tokens import TOKEN, Sentence


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word or phrase that may tell of an event.

    Attributes:
        start: First token.
        end: The token after the last.
        head: The verb, or the noun at the end.
        type: family.kind of the taxonomy.
        part: "verb", "noun" or "phrase".
        weak: Whether it needed company to count.
    """

    start: int
    end: int
    head: int
    type: str
    part: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """Which tokens of a sentence belong to names of the case."""

    actors: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Pattern:
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

    patterns: Mapping[str, tuple[_Pattern, ...]]
    counts: Mapping[str, str]
    topics: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]
    company: frozenset[str]
    discard: Mapping[str, tuple[tuple[str, ...], ...]]
    abstract: frozenset[str]


def _tokens(phrase: str) -> tuple[str, ...]:
    return tuple(found[0].lower() for found in TOKEN.finditer(phrase))


@lru_cache(maxsize=1)
def taxonomy() -> Taxonomy:
    """Return the taxonomy, read once."""
    given = page("events")
    patterns: dict[str, list[_Pattern]] = {}
    for kind, entry in given["types"].items():
        topic, far = str(entry.get("topic", "")), bool(entry.get("far", False))
        for key, part, weak in _LISTS:
            objects = frozenset(words(entry.get("weak_objects", ""))) if key == "weak_verbs" else frozenset()
            for phrase in words(entry.get(key, "")):
                for form in _shapes(phrase, part):
                    patterns.setdefault(form[0], []).append(
                        _Pattern(form, kind, part, weak, topic, far, objects)
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
    )


_LISTS = (
    ("verbs", "verb", False),
    ("weak_verbs", "verb", True),
    ("nouns", "noun", False),
    ("weak_nouns", "noun", True),
    ("phrases", "phrase", False),
)


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


def speaks_of(s: Sentence, topic: str, i: int, j: int) -> bool:
    """Return whether tokens `i` to `j` name a topic."""
    forms = taxonomy().topics[topic]
    for k in range(max(0, i), min(j, len(s))):
        for form in forms.get(s.words[k], ()):
            if tuple(s.words[k : k + len(form)]) == form:
                return True
    return False


def triggers(s: Sentence, about: frozenset[str], names: Names = Names()) -> list[Trigger]:
    """Return the triggers of a sentence, longest first taken, in order.

    Args:
        s: The sentence.
        about: Topics that the text as a whole speaks of.
        names: Tokens of the names in it: beside an actor, a weak word counts; so does one before a place.
    """
    known = taxonomy()
    thrown = _thrown(s, known)
    found: list[Trigger] = []
    for k in range(len(s)):
        if k in thrown:
            continue
        tried = known.patterns.get(s.lemmas[k], ())
        if s.words[k] != s.lemmas[k]:
            tried = (*tried, *known.patterns.get(s.words[k], ()))
        for pattern in tried:
            end = _matched(s, k, pattern)
            if end is None or not _placed(s, k, end, pattern, about, names):
                continue
            head = k if pattern.part == "verb" else end - 1
            found.append(Trigger(k, end, head, pattern.type, pattern.part, pattern.weak))
    return _longest(found)


def _thrown(s: Sentence, known: Taxonomy) -> set[int]:
    out: set[int] = set()
    for k, word in enumerate(s.words):
        for form in (
            *known.discard.get(word, ()),
            *(known.discard.get(s.lemmas[k], ()) if s.lemmas[k] != word else ()),
        ):
            if all(k + m < len(s) and f in (s.words[k + m], s.lemmas[k + m]) for m, f in enumerate(form)):
                out.update(range(k, k + len(form)))
    return out


def _longest(found: list[Trigger]) -> list[Trigger]:
    order = sorted(found, key=lambda t: (-(t.end - t.start), t.weak, _RANK.get(t.type, 5), t.start, t.type))
    taken: set[int] = set()
    kept = []
    for each in order:
        tokens = set(range(each.start, each.end))
        if not tokens & taken:
            taken |= tokens
            kept.append(each)
    return sorted(kept, key=lambda t: t.start)


_RANK = {
    "ceasefire.enter_into_force": 0, "ceasefire.violation": 0, "ceasefire.breakdown": 1,
    "ceasefire.in_force": 1, "ceasefire.agree": 2, "ceasefire.mediate": 1, "ceasefire.end": 3,
    "diplomacy.talks_collapse": 2,
    "diplomacy.mediate": 6, "military.cooperation": 4, "position.refusal": 6,
}  # fmt: skip
"""Which type a word means where two could: a topic in the clause decides before the plain sense."""

_GAP = frozenset("DJEN'#-BRT")


def _matched(s: Sentence, k: int, pattern: _Pattern) -> int | None:
    """Return the token after a pattern that begins at `k`, or None."""
    form = pattern.tokens
    if pattern.part == "noun":
        if tuple(s.words[k : k + len(form)]) != form:
            return None
        return k + len(form) if _noun_here(s, k, k + len(form)) else None
    if pattern.part == "verb" and (
        s.tags[k] not in VERBS or (len(form) == 1 and s.tags[k] == "g" and _noun_here(s, k, k + 1))
    ):
        return None
    at = k
    for number, word in enumerate(form):
        gap = 0
        while at < len(s) and word not in (s.words[at], s.lemmas[at], s.words[at].removesuffix("s")):
            loose = (
                pattern.part == "verb"
                and number
                and gap < 4
                and s.tags[at] in _GAP
                and (len(word) > 3 or len(form) > 2 or s.tags[at] == "R")
            )
            if not loose:
                return None
            gap += 1
            at += 1
        if at >= len(s):
            return None
        at += 1
    return at


def _noun_here(s: Sentence, k: int, end: int) -> bool:
    """Return whether the words stand as a noun: a form in -ing may be either."""
    letter = s.tags[end - 1]
    if letter == "E" and end - k == 1 and any(c.isalnum() for raw in s.raws[:k] for c in raw):
        return False  # "Mr Shell"
    if end - k > 1 or letter in "NJEY":
        return letter not in "vzk" or end - k > 1
    if letter != "g":
        return False
    before = s.tags[k - 1] if k else "^"
    after = s.tags[end] if end < len(s) else "."
    if before in "NE" and end < len(s) and s.words[end] in ("against", "with", "alongside", "for"):
        return False  # "militants fighting against": a participle
    if before in "DJ'" or (before in "NE" and after not in "DNE#JR"):
        return True
    return before in "PCN^EH," and after in "P.,CSbhM_;ke" and before != "b"


def _placed(s: Sentence, k: int, end: int, pattern: _Pattern, about: frozenset[str], names: Names) -> bool:
    """Return whether a pattern counts where it stands."""
    if pattern.type.startswith("attack.") and pattern.part == "verb" and _in_words(s, end):
        return False
    if pattern.topic and not _on_topic(s, k, end, pattern, about):
        return False
    if not pattern.weak:
        return True
    if pattern.objects:
        beside = [*range(end, min(len(s), end + 8))]
        if s.tags[k] in "en" and s.words[end : end + 1] == ["by"]:  # "the areas held by"
            beside += range(max(0, k - 4), k)
        return any(s.words[m] in pattern.objects or m in names.places for m in beside)
    if pattern.topic:
        return not _of_something_else(s, end, pattern.topic)
    window = range(max(0, k - 9), min(len(s), end + 9))
    company = taxonomy().company
    return any(
        s.words[m] in company or s.words[m] in _HARMED or m in names.actors
        for m in window
        if not k <= m < end
    )


_HARMED = word_set("killed killing wounded dead injured")


def _in_words(s: Sentence, end: int) -> bool:
    """Return whether what is attacked is a plan, a person's views: an attack in words."""
    acted = phrase_right(s, end)
    if acted is None:
        return False
    heads = [k for k in range(*acted) if s.tags[k] in "NE"]
    return bool(heads) and s.words[heads[-1]] in taxonomy().abstract


def _of_something_else(s: Sentence, end: int, topic: str) -> bool:
    """Return whether "of" joins a breach to something other than the topic."""
    if end >= len(s) or s.words[end] != "of":
        return False
    named = phrase_right(s, end + 1)
    return (
        named is not None
        and not speaks_of(s, topic, *named)
        and not any(
            w in ("agreement", "arrangement", "statement", "deal", "terms", "accord")
            for w in s.words[named[0] : named[1]]
        )
    )


def _on_topic(s: Sentence, k: int, end: int, pattern: _Pattern, about: frozenset[str]) -> bool:  # noqa: PLR0911
    """Return whether the clause of a trigger speaks of its topic."""
    topic = pattern.topic
    if pattern.part != "verb":
        if pattern.far:
            return True
        return speaks_of(s, topic, max(0, k - 12), end + 8) or topic in about
    g = group(s, k)
    acted = phrase_right(s, end)
    if acted is not None and speaks_of(s, topic, *acted):
        return True
    if speaks_of(s, topic, k, end):
        return True
    who = subject(s, g.start)
    if who is None:
        joined = g.start and s.tags[g.start - 1] in "C,B"
        return (pattern.far and topic in about) or (bool(joined) and speaks_of(s, topic, max(0, k - 14), k))
    if s.tags[who[1] - 1] == "W" or g.passive or s.tags[g.start - 1 : g.start] == "W":
        return speaks_of(s, topic, max(0, k - 16), k)
    if speaks_of(s, topic, *who):
        return True
    return (
        any(w in ("it", "which", "that") for w in s.words[who[0] : who[1]]) and topic in about and pattern.far
    )

"""Words that may tell of an event, by the taxonomy of `lexicons/events.yaml`.

A trigger is a verb or noun (or phrase) in the right part of speech; a weak one counts only beside a weapon,
an armed actor or harm; one with a topic only where its clause speaks of that topic. Nothing here says
that the event happened: `guards` does.
"""

from __future__ import annotations

from dataclasses import dataclass

from holdfire.reading.prose.acts.patterns import Pattern, Taxonomy, taxonomy
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import VERBS, Range, group, phrase_left, phrase_right, subject
from holdfire.reading.prose.words.tokens import Sentence

__all__ = ["Names", "Trigger", "head_of", "speaks_of", "taxonomy", "triggers"]


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


def speaks_of(s: Sentence, topic: str, i: int, j: int) -> bool:
    """Return whether tokens `i` to `j` name a topic."""
    forms = taxonomy().topics[topic]
    words = s.words
    for k in range(max(0, i), min(j, len(words))):
        for form in forms.get(words[k], ()):
            if tuple(words[k : k + len(form)]) == form:
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
    patterns = known.patterns
    for k, (word, lemma) in enumerate(zip(s.words, s.lemmas, strict=True)):
        tried = patterns.get(lemma, ())
        if word != lemma and word in patterns:
            tried = (*tried, *patterns[word])
        if not tried or k in thrown:
            continue
        for pattern in tried:
            end = _matched(s, k, pattern)
            if end is None or not _placed(s, k, end, pattern, about, names):
                continue
            head = k if pattern.part == "verb" else end - 1
            found.append(Trigger(k, end, head, pattern.type, pattern.part, pattern.weak))
    found += _halves(s, known)
    return _longest(found)


def _halves(s: Sentence, known: Taxonomy) -> list[Trigger]:
    """Read "US-backed", "al-Qaeda-affiliated": a name joined to what it does for another."""
    found: list[Trigger] = []
    if "-" not in s.tags:
        return found
    for k in range(1, len(s) - 1):
        kind = known.halves.get(s.words[k + 1])
        joined = s.tags[k] == "-" and s.starts[k] == s.ends[k - 1]
        if kind is None or not joined or s.words[k - 1].endswith("ly"):  # "heavily-armed"
            continue
        start = k - 1
        while start > 1 and s.tags[start - 1] == "-" and s.starts[start] == s.ends[start - 1]:
            start -= 2
        if s.raws[start][:1].isupper() or s.raws[k - 1][:1].isupper() or s.words[k - 1] in _BACKERS:
            found.append(Trigger(start, k + 2, k + 1, kind, "phrase"))
    return found


_BACKERS = word_set("foreign western government state regime opposition coalition rebel militia army")


def _thrown(s: Sentence, known: Taxonomy) -> set[int]:
    out: set[int] = set()
    if known.discard.keys().isdisjoint(s.words) and known.discard.keys().isdisjoint(s.lemmas):
        return out
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


def _matched(s: Sentence, k: int, pattern: Pattern) -> int | None:
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
            if not number or not _loose(s, at, pattern, word, gap):
                return None
            gap += 1
            at += 1
        if at >= len(s):
            return None
        at += 1
    return at


def _loose(s: Sentence, at: int, pattern: Pattern, word: str, gap: int) -> bool:
    """Return whether the token at `at` may stand inside a pattern, before its next word."""
    if pattern.part == "phrase":
        return gap < 2 and s.tags[at] in "BD"  # "could not be independently verified"
    near = len(word) > 3 or len(pattern.tokens) > 2 or word == "as" or s.tags[at] == "R"
    return gap < 4 and s.tags[at] in _GAP and near


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


def _placed(s: Sentence, k: int, end: int, pattern: Pattern, about: frozenset[str], names: Names) -> bool:
    """Return whether a pattern counts where it stands."""
    if pattern.part == "verb" and not _fit_object(s, k, end, pattern):
        return False
    if pattern.topic and not _on_topic(s, k, end, pattern, about):
        return False
    return not pattern.weak or _in_company(s, k, end, pattern, names)


def _fit_object(s: Sentence, k: int, end: int, pattern: Pattern) -> bool:
    """Return whether what is acted on lets the verb have its type."""
    if pattern.type.startswith("attack."):
        return not _in_words(s, end)
    return pattern.type != "control.territory" or _of_ground(s, k, end, pattern)


def _in_company(s: Sentence, k: int, end: int, pattern: Pattern, names: Names) -> bool:
    """Return whether a weak word has what it needs beside it."""
    if pattern.objects:
        held = names.places if pattern.part == "verb" else frozenset()
        return any(s.words[m] in pattern.objects or m in held for m in _beside(s, k, end, pattern))
    if pattern.topic:
        return not _of_something_else(s, end, pattern.topic)
    window = range(max(0, k - 9), min(len(s), end + 9))
    company = taxonomy().company
    return any(
        s.words[m] in company or s.words[m] in _HARMED or m in names.actors
        for m in window
        if not k <= m < end
    )


def _beside(s: Sentence, k: int, end: int, pattern: Pattern) -> list[int]:
    """Return the tokens that may keep a weak word company: after a verb, before a passive, around a noun."""
    if pattern.part != "verb":
        return [m for m in range(max(0, k - 10), min(len(s), end + 10)) if not k <= m < end]
    after = [*range(end, min(len(s), end + 8))]
    if group(s, k).passive:
        return [*after, *range(max(0, k - 10), k)]
    by = s.tags[k] in "en" and s.words[end : end + 1] == ["by"]  # "the areas held by"
    return [*after, *range(max(0, k - 4), k)] if by else after


_HARMED = word_set("killed killing wounded dead injured")


def _of_ground(s: Sentence, k: int, end: int, pattern: Pattern) -> bool:
    """Return whether what is taken may be ground: not leaflets, and after "take" nothing else."""
    g = group(s, k)
    acted = subject(s, g.start) if g.passive else phrase_right(s, end)
    if acted is not None and s.words[acted[1] - 1] in _AMOUNTS and s.words[acted[1] : acted[1] + 1] == ["of"]:
        acted = phrase_right(s, acted[1] + 1)  # "part of the town"
    if acted is None:
        return True
    if s.words[head_of(s, acted)] in taxonomy().movable:
        return False
    named = any(s.words[m] in pattern.objects or s.tags[m] == "E" for m in range(*acted))
    return not pattern.weak or named or g.passive


def head_of(s: Sentence, phrase: Range) -> int:
    """Return the noun that a phrase is about: "piles" stand for what they are of."""
    i, j = phrase
    cut = next((m for m in range(i + 1, j) if s.tags[m] in "PO,W" and s.words[m] != "of"), j)
    of = next((m for m in range(i + 1, cut) if s.words[m] == "of"), cut)
    if of < cut and s.words[of - 1] in _AMOUNTS:
        of = next((m for m in range(of + 1, cut) if s.words[m] == "of"), cut)
    return next((m for m in range(of - 1, i, -1) if s.tags[m] in "NEg"), i)


_AMOUNTS = word_set(
    "piles pile tons tonnes number numbers dozens hundreds thousands amount amounts quantity quantities "
    "stockpile stockpiles cache caches stock stocks most all some part parts much majority portion series "
    "pair group"
)


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


def _on_topic(s: Sentence, k: int, end: int, pattern: Pattern, about: frozenset[str]) -> bool:  # noqa: PLR0911
    """Return whether the clause of a trigger speaks of its topic."""
    topic = pattern.topic
    if pattern.part != "verb":
        if pattern.far:
            return True
        return speaks_of(s, topic, max(0, k - 12), end + 8) or topic in about
    if speaks_of(s, topic, k, end) or _acts_on(s, topic, end):
        return True
    g = group(s, k)
    if pattern.type == "ceasefire.end" and _other_object(s, topic, end):
        return False  # "a truce that ended months of war"
    who = subject(s, g.start)
    if who is None:
        joined = g.start and s.tags[g.start - 1] in "C,B"
        return (pattern.far and topic in about) or (bool(joined) and speaks_of(s, topic, max(0, k - 14), k))
    if s.tags[who[1] - 1] == "W" or g.passive or s.tags[g.start - 1 : g.start] == "W":
        return speaks_of(s, topic, max(0, k - 16), k)
    if _heads(s, topic, _whole(s, who)):
        return True
    taken_up = any(w in ("it", "which", "that") for w in s.words[who[0] : who[1]])
    return taken_up and (speaks_of(s, topic, max(0, k - 30), k) or (topic in about and pattern.far))


def _acts_on(s: Sentence, topic: str, end: int) -> bool:
    """Return whether what follows a verb is of a topic: "violated the truce", "left the talks"."""
    acted = phrase_right(s, end)
    if acted is None:
        return False
    last = acted[1]
    if s.words[last : last + 1] in (["in"], ["to"], ["of"]) and (more := phrase_right(s, last + 1)):
        last = more[1]  # "its participation in the talks"
    return _heads(s, topic, (acted[0], last))


def _other_object(s: Sentence, topic: str, end: int) -> bool:
    acted = phrase_right(s, end)
    if acted is None:  # "ending months of fighting"
        return s.tags[end : end + 1] == "T" and s.words[end + 1 : end + 2] == ["of"]
    first = next((k for k in range(*acted) if s.tags[k] not in "DJ#"), acted[0])
    if s.tags[first] == "T" and s.words[first + 1 : first + 2] != ["of"]:
        return False  # "ended Friday evening"
    named = any(letter in "Ng" for letter in s.tags[acted[0] : acted[1]])
    return named and not speaks_of(s, topic, *acted)


def _heads(s: Sentence, topic: str, phrase: Range) -> bool:
    """Return whether a phrase is about a topic: "ceasefire talks" are talks, "talks on a truce" too."""
    i, j = phrase
    cut = next((k for k in range(i + 1, j) if s.tags[k] == "P" and s.words[k] != "of"), j)
    topics = taxonomy().topics
    for k in range(cut - 1, i - 1, -1):
        named = [name for name in topics if speaks_of(s, name, k, k + 1)]
        if named:
            return topic in named
    return speaks_of(s, topic, i, j)


def _whole(s: Sentence, who: Range) -> Range:
    """Return a subject with the noun that its last phrases hang on: "a truce between X and Y"."""
    i = who[0]
    for k in range(i - 1, max(-1, i - 14), -1):
        if s.words[k] in ("between", "among"):
            i = k + 1
            break
        if s.tags[k] in "vzekbhM;:_":
            break
    for _ in range(3):
        found = phrase_left(s, i - 1) if i > 1 and s.tags[i - 1] == "P" else None
        if found is None or found[1] != i - 1:
            break
        i = found[0]
    return i, who[1]

"""The words we were taught: closed classes, verbs in all their forms, cues; read once.

The files in `reading/lexicons` are ours to change without touching code. A list is one string, its members
apart by commas, so that a page of words reads as a page of words and loads in milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from holdfire.documents import ours

CLASS_TAGS = {
    "determiner": "D",
    "pronoun": "R",
    "relative": "W",
    "that": "H",
    "to": "O",
    "preposition": "P",
    "be": "b",
    "have": "h",
    "do": "d",
    "modal": "M",
    "negation": "X",
    "coordinator": "C",
    "subordinator": "S",
    "adverb": "B",
    "adjective": "J",
    "numeral": "#",
    "time": "T",
}
"""The letter that stands for each closed class; see `tokens` for the whole alphabet."""

_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Cue:
    """What a cue does with its content.

    Attributes:
        group: Its heading in `cues.yaml`.
        stance: A value of Stance.
        modality: A value of Modality; empty: the content speaks for itself.
        frames: Letters of the constructions it stands in.
        distant: The writer keeps away from it.
        mute: It tells what someone does and not what he says: it shapes the modality of its content, and is
            not given as an attribution.
    """

    group: str
    stance: str
    modality: str
    frames: str
    distant: bool = False
    mute: bool = False


@dataclass(frozen=True)
class Lexicon:
    """Everything known of words before a text is opened.

    Attributes:
        classes: Tag of each word of a closed class.
        verbs: For each form, its lemma and form letter: v base, z -s, e past or participle, k past only,
            n participle only, g -ing.
        nouns_too: Verbs whose plain and -s forms are nouns as well.
        unmarked: Verbs whose past is their plain form.
        cues: For each verb lemma, its cues.
        phrasal: For each first lemma, the following words and their cue.
        nouns: For each noun form, its cue.
        adjectives: For each adjective, its cue.
        hearsay: Adverbs that put content in an unnamed mouth.
        agentless: Lemmas that are cues in the passive without an agent.
        states: For each first word, phrases after a form of be that tell of an attitude, each with its cue.
        according: Phrases before a source, as tuples of words.
    """

    classes: Mapping[str, str]
    verbs: Mapping[str, tuple[str, str]]
    nouns_too: frozenset[str]
    unmarked: frozenset[str]
    cues: Mapping[str, tuple[Cue, ...]]
    phrasal: Mapping[str, tuple[tuple[tuple[str, ...], Cue], ...]]
    nouns: Mapping[str, Cue]
    adjectives: Mapping[str, Cue]
    states: Mapping[str, tuple[tuple[tuple[str, ...], Cue], ...]]
    hearsay: frozenset[str]
    agentless: frozenset[str]
    according: tuple[tuple[str, ...], ...]


def words(text: str) -> list[str]:
    r"""Return the members of a list written as one string.

    >>> words("put forward, say,\n tell")
    ['put forward', 'say', 'tell']
    """
    return [" ".join(part.split()) for part in text.split(",") if part.strip()]


def word_set(text: str) -> frozenset[str]:
    """Return words written apart by spaces, for a rule that asks for one of a few.

    >>> sorted(word_set("on in"))
    ['in', 'on']
    """
    return frozenset(text.split())


@cache
def page(name: str) -> Mapping[str, Any]:
    """Return one of our own data files, by its name without the ending."""
    text = files("holdfire.reading").joinpath("lexicons", f"{name}.yaml").read_text(encoding="utf-8")
    return ours(text, f"lexicons/{name}.yaml")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon, read once."""
    grammar, cues = page("grammar"), page("cues")
    classes = {w: CLASS_TAGS[name] for name, listed in grammar["classes"].items() for w in words(listed)}
    classes |= {w.strip('"'): tag for w, tag in classes.items() if '"' in w}
    by_lemma: dict[str, list[Cue]] = {}
    for group, entry in cues["verbs"].items():
        for lemma in words(entry["words"]):
            by_lemma.setdefault(lemma, []).append(_cue(group, entry))
    phrasal: dict[str, list[tuple[tuple[str, ...], Cue]]] = {}
    for group, entry in cues["phrasal"].items():
        for phrase in words(entry["words"]):
            first, *rest = phrase.split()
            phrasal.setdefault(first, []).append((tuple(rest), _cue(group, entry)))
    lemmas = {*by_lemma, *phrasal, *words(grammar["common"]), *words(cues["agentless"]), *_trigger_verbs()}
    return Lexicon(
        classes=classes,
        verbs=_forms(lemmas, grammar),
        nouns_too=frozenset(words(grammar["nouns_too"])),
        unmarked=frozenset(e.split()[0] for e in words(grammar["irregular"]) if e.split()[0] == e.split()[1]),
        cues={lemma: tuple(found) for lemma, found in by_lemma.items()},
        phrasal={first: tuple(sorted(f, key=lambda each: -len(each[0]))) for first, f in phrasal.items()},
        nouns=_of_stance(cues["nouns"], plural=True),
        adjectives=_of_stance(cues["adjectives"], plural=False),
        states=_phrases(_of_stance(cues["states"], plural=False)),
        hearsay=frozenset(words(cues["hearsay"])),
        agentless=frozenset(words(cues["agentless"])),
        according=tuple(tuple(phrase.split()) for phrase in words(cues["according"])),
    )


def _trigger_verbs() -> set[str]:
    found = set()
    for entry in page("events")["types"].values():
        for key in ("verbs", "weak_verbs"):
            found |= {phrase.split()[0] for phrase in words(entry.get(key, ""))}
    guards = page("guards")
    for key in ("happening", "committing", "killing", "wounding"):
        found |= {phrase.split()[0] for phrase in words(guards[key])}
    return found


def _cue(group: str, entry: Mapping[str, Any]) -> Cue:
    frames = str(entry["frames"]).replace(" ", "")
    distant, mute = bool(entry.get("distant", False)), bool(entry.get("mute", False))
    return Cue(group, str(entry["stance"]), str(entry.get("modality", "")), frames, distant, mute)


def _of_stance(groups: Mapping[str, str], *, plural: bool) -> dict[str, Cue]:
    found = {}
    for stance, listed in groups.items():
        known = {"intends": ("asserts", "intended"), "pledges": ("pledges", "pledged")}
        known |= {"demands": ("demands", "requested"), "proposes": ("proposes", "proposed")}
        known |= {"tries": ("asserts", "intended")}
        said, modality = known.get(stance, (stance, "conditional" if stance == "warns" else ""))
        cue = Cue(stance, said, modality, "n", mute=stance == "tries")
        for word in words(listed):
            found[word] = cue
            if plural:
                found[plural_of(word)] = cue
    return found


def _phrases(listed: Mapping[str, Cue]) -> dict[str, tuple[tuple[tuple[str, ...], Cue], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], Cue]]] = {}
    for phrase, cue in listed.items():
        found.setdefault(phrase.split()[0], []).append((tuple(phrase.split()), cue))
    return {first: tuple(each) for first, each in found.items()}


def plural_of(noun: str) -> str:
    """Return the regular plural of an English noun.

    >>> plural_of("breach"), plural_of("casualty"), plural_of("raid")
    ('breaches', 'casualties', 'raids')
    """
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else "s")


def _forms(lemmas: Iterable[str], grammar: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    irregular = {entry.split()[0]: entry.split()[1:] for entry in words(grammar["irregular"])}
    doubled = frozenset(words(grammar["doubled"]))
    found: dict[str, tuple[str, str]] = {}
    # Sorted, so that where two verbs share a form the same one wins every time; a base form beats all.
    for lemma in sorted({*lemmas, *irregular}):
        for form, letter in forms(lemma, irregular.get(lemma), doubled):
            if letter == "v" or form not in found:
                found[form] = (lemma, letter)
    for form, lemma in (
        ("found", "find"),
        ("lay", "lie"),
        ("saw", "see"),
        ("left", "leave"),
        ("felt", "feel"),
    ):
        found[form] = (lemma, "e")
    return found


def forms(lemma: str, irregular: list[str] | None, doubled: frozenset[str]) -> list[tuple[str, str]]:
    """Return the forms of an English verb, each with its letter.

    >>> forms("deny", None, frozenset())
    [('deny', 'v'), ('denies', 'z'), ('denying', 'g'), ('denied', 'e')]
    """
    stem = lemma + lemma[-1] if lemma in doubled else lemma
    found = [(lemma, "v"), (plural_of(lemma) if lemma not in ("go", "do") else lemma + "es", "z")]
    if lemma.endswith("ie"):
        found.append((lemma[:-2] + "ying", "g"))
    elif lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) and lemma != "be":
        found.append((lemma[:-1] + "ing", "g"))
    else:
        found.append((stem + "ing", "g"))
    if irregular:
        past, participle = irregular
        both = [(past, "e")] if past == participle else [(past, "k"), (participle, "n")]
        return found + [each for each in both if each[0] != lemma]
    if lemma.endswith("e"):
        return [*found, (lemma + "d", "e")]
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return [*found, (lemma[:-1] + "ied", "e")]
    return [*found, (stem + "ed", "e")]

"""A language as its page says it: loaded once, checked whole, every phrase ready to be found.

The schema is in the docstring of the package. A fault of a page names the file and every other fault too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from holdfire.errors import BadInput
from holdfire.reading.dictionary import dictionary
from holdfire.reading.prose.tongues.forms import Forms, Phrases, expand, folded
from holdfire.reading.prose.words.lexicon import CLASS_TAGS, Cue, page, words
from holdfire.records.claim import Modality, Stance

TONGUES = ("ar", "fr", "ru")
"""Languages that have a page and are read for claims by this engine."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the words of a trigger tell of.

    Attributes:
        type: family.kind.
        part: verb, suffers, noun or phrase.
        weak: It counts only in company.
        topic: It counts only where the sentence speaks of this; empty: anywhere.
        counts: Unit of a number before it; empty: none.
    """

    type: str
    part: str
    weak: bool
    topic: str
    counts: str


@dataclass(frozen=True, slots=True)
class Number:
    """What a number word is worth.

    Attributes:
        value: The number; of a vague word the least it may mean.
        times: It multiplies what stands before it.
        vague: It gives no figure.
        unit: It is the noun it counts as well, as a dual is.
        rounded: It stands for about as many: "une trentaine".
    """

    value: int
    times: bool = False
    vague: bool = False
    unit: bool = False
    rounded: bool = False


@dataclass(frozen=True)
class Tongue:
    """A language ready to be read.

    Attributes:
        code: As in BCP 47.
        verb_first: Whether the verb stands before its subject in the plain clause.
        fold: Letters to compare by.
        article: The definite article where it is written onto its noun; else empty.
        before: What may be written onto the front of a word.
        after: What may be written onto its end.
        verbal: What may be written onto the front of a finite verb.
        shortest: Fewest letters left of a word when those are taken off.
        cues: Verbs that tell of saying, with what they do with the content.
        adding: Groups of cues that go on with the last voice.
        cue_nouns: Nouns that do.
        triggers: Words of events.
        lists: Every other list, by its name in the page, "guards.future" for one inside another.
        numbers: Words of number.
        states: Names and demonyms of states, by the names of states.yaml.
        topics: Words of a topic, by topic.
        tags: The letter of each word whose class is known.
        openers: Lists that have a phrase beginning with a form.
        bare: Words as capitals write them, without their marks, and what they may stand for.
    """

    code: str
    verb_first: bool
    fold: Mapping[int, int]
    article: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    verbal: frozenset[str]
    shortest: int
    cues: Phrases[Cue]
    adding: frozenset[str]
    cue_nouns: Phrases[Cue]
    triggers: Phrases[Pattern]
    lists: Mapping[str, Phrases[str]]
    numbers: Phrases[Number]
    states: Phrases[str]
    topics: Mapping[str, Phrases[str]]
    tags: Mapping[str, str] = field(default_factory=dict)
    bare: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    openers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def list(self, name: str) -> Phrases[str]:
        """Return a list of the page by its name; an empty one where the page has none."""
        return self.lists.get(name) or _NONE


_NONE: Phrases[str] = Phrases()

_LISTS = {
    "guards": (
        "negation", "negation_after", "negating", "ending", "future", "condition", "presupposing",
        "happening", "committing", "unreal", "abstract", "law", "background", "total", "history",
        "habit", "figurative",
    ),
    "roles": ("by", "with", "on", "between", "of", "place", "sites", "undergoing", "aircraft"),
    "people": (
        "people", "civilian", "agents", "labels", "killing", "killed", "wounding", "wounded", "including",
        "unnamed",
    ),
    "numbers": (
        "and", "lower", "upper", "near", "exactly", "lower_after", "upper_after", "ordinals", "not_counted",
    ),
    "time": ("words",),
}  # fmt: skip
_TOP = ("company", "weapons", "discard", "pronouns_subject")
_CUE_LISTS = ("according", "about", "hearsay", "passive", "after_to")
_PARTS = (
    ("verbs", "verb", False, "e"),
    ("weak_verbs", "verb", True, "e"),
    ("suffers", "suffers", False, "e"),
    ("weak_suffers", "suffers", True, "e"),
    ("nouns", "noun", False, "N"),
    ("weak_nouns", "noun", True, "N"),
    ("phrases", "phrase", False, "N"),
)
_TRIGGER_KEYS = {key for key, *_ in _PARTS} | {"topic", "counts"}
_KEYS = {
    "language", "order", "fold", "bare", "clitics", "forms", "classes", "pronouns_subject", "cues", "guards",
    "triggers", "topics", "company", "weapons", "discard", "roles", "people", "numbers", "time",
}  # fmt: skip
_STANCES = {
    "intends": ("asserts", Modality.INTENDED), "pledges": ("pledges", Modality.PLEDGED),
    "demands": ("demands", Modality.REQUESTED), "proposes": ("proposes", Modality.PROPOSED),
    "warns": ("warns", Modality.CONDITIONAL),
}  # fmt: skip
"""What a noun of these stances makes of its content; any other leaves it as it is."""


_tried: dict[str, Tongue] = {}


@contextmanager
def trying(given: Mapping[str, Any]) -> Iterator[Tongue]:
    """Read a language from a page that is not ours, for as long as the block lasts: to try a page out.

    Args:
        given: The page, as its YAML says it; `language` names its code, which must not be one of `TONGUES`.

    Raises:
        BadInput: The page has faults; all of them are named.
    """
    code = str(given.get("language", ""))
    if not code or code in TONGUES:
        raise BadInput(
            f"a page on trial needs a code of its own, not {code!r}", "language", "language: es, for Spanish"
        )
    _tried[code] = load(given, code)
    try:
        yield _tried[code]
    finally:
        del _tried[code]


def tongue(code: str) -> Tongue:
    """Return a language, read once.

    Raises:
        KeyError: It has no page.
        BadInput: Its page has faults.
    """
    return _tried[code] if code in _tried else _ours(code)


@cache
def _ours(code: str) -> Tongue:
    if code not in TONGUES:
        raise KeyError(code)
    return load(page(code), code)


def load(given: Mapping[str, Any], code: str) -> Tongue:
    """Return the language that a page describes.

    Raises:
        BadInput: The page has faults; all of them are named.
    """
    return _Loader(given, code).tongue()


def _openers(lists: Mapping[str, Phrases[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, held in lists.items():
        for form, _ in held.letters():
            found.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in found.items()}


class _Loader:
    """One page while it is read."""

    def __init__(self, given: Mapping[str, Any], code: str) -> None:
        self.given = given
        self.code = code
        self.faults: list[str] = []
        self.forms_met: set[str] = set()
        self.fold = {ord(a): ord(b) for a, b in given.get("fold", {}).items()}
        self.forms: Forms = {
            name: {letter: tuple(words(listed)) for letter, listed in entry.items()}
            for name, entry in given.get("forms", {}).items()
        }

    def tongue(self) -> Tongue:
        given = self.given
        self._unknown(given, _KEYS, "the page")
        clitics = given.get("clitics", {})
        cues, adding, cue_nouns = self._cues(given.get("cues", {}))
        self._unknown(clitics, ("article", "before", "after", "verbal", "shortest"), "clitics")
        triggers = self._triggers(given.get("triggers", {}))
        lists = self._lists()
        made = Tongue(
            self.code,
            given.get("order") == "verb-first",
            self.fold,
            str(clitics.get("article", "")),
            tuple(self._letters(clitics.get("before", ()))),
            tuple(self._letters(clitics.get("after", ()))),
            frozenset(self._letters(clitics.get("verbal", ()))),
            int(clitics.get("shortest", 3)),
            cues,
            adding,
            cue_nouns,
            triggers,
            lists,
            self._numbers(given.get("numbers", {})),
            self._states(given.get("people", {}).get("states", {})),
            {name: self._phrases([(name, listed)]) for name, listed in given.get("topics", {}).items()},
            self._tags(cues, triggers),
            self._bare(given.get("bare", {})),
            _openers(lists),
        )
        if self.faults:
            raise BadInput(
                "; ".join(self.faults),
                where=f"lexicons/{self.code}.yaml",
                hint="the schema is in the docstring of holdfire.reading.prose.tongues",
            )
        return made

    def _letters(self, listed: Iterable[str]) -> Iterator[str]:
        """Yield what may be written onto a word, longest first."""
        yield from sorted({folded(str(each), self.fold) for each in listed}, key=lambda e: (-len(e), e))

    def _unknown(self, given: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        allowed = set(known)
        self.faults += [f"{where}: no key is called {key!r}" for key in given if key not in allowed]

    def _members(self, listed: str, letter: str = "N") -> Iterator[list[tuple[dict[str, str], bool]]]:
        for member in words(str(listed)):
            try:
                steps = expand(member, self.forms, self.fold, letter)
            except KeyError as missing:
                self.faults.append(f"{member!r}: no class of forms is called {missing.args[0]!r}")
                continue
            self.forms_met.update(form for made, _ in steps for form in made)
            yield steps

    def _phrases(self, pairs: Iterable[tuple[str, str]], letter: str = "N") -> Phrases[str]:
        made: Phrases[str] = Phrases()
        for value, listed in pairs:
            for steps in self._members(listed, letter):
                made.add(steps, value)
        return made

    def _cues(self, given: Mapping[str, Any]) -> tuple[Phrases[Cue], frozenset[str], Phrases[Cue]]:
        self._unknown(given, ("verbs", "nouns", "hearsay_forms", *_CUE_LISTS), "cues")
        verbs: Phrases[Cue] = Phrases()
        adding = set()
        for group, entry in given.get("verbs", {}).items():
            self._unknown(
                entry, ("stance", "modality", "distant", "adds", "frames", "words"), f"cues {group}"
            )
            if entry.get("stance") not in set(Stance):
                self.faults.append(f"cues {group}: no stance is called {entry.get('stance')!r}")
            if entry.get("modality", "actual") not in set(Modality):
                self.faults.append(f"cues {group}: no modality is called {entry.get('modality')!r}")
            frames = str(entry.get("frames", "")).replace(" ", "")
            cue = Cue(
                group, str(entry.get("stance")), str(entry.get("modality", "")), frames,
                bool(entry.get("distant", False)),
            )  # fmt: skip
            adding |= {group} if entry.get("adds") else set()
            for steps in self._members(entry.get("words", ""), "e"):
                verbs.add(steps, cue)
        nouns: Phrases[Cue] = Phrases()
        for stance, listed in given.get("nouns", {}).items():
            held, modality = _STANCES.get(stance, (stance, ""))
            if held not in set(Stance):
                self.faults.append(f"cues nouns: no stance is called {stance!r}")
            for steps in self._members(listed):
                nouns.add(steps, Cue(stance, held, str(modality), "n"))
        return verbs, frozenset(adding), nouns

    def _states(self, given: Mapping[str, str]) -> Phrases[str]:
        known = dictionary().entities
        self.faults += [
            f"people states: the dictionaries have no {name!r}" for name in given if name not in known
        ]
        return self._phrases(given.items())

    def _triggers(self, given: Mapping[str, Any]) -> Phrases[Pattern]:
        types = page("types")["types"]
        made: Phrases[Pattern] = Phrases()
        for kind, entry in given.items():
            if kind not in types:
                self.faults.append(f"triggers: no event type is called {kind!r}")
            self._unknown(entry, _TRIGGER_KEYS, f"triggers {kind}")
            for key, part, weak, letter in _PARTS:
                pattern = Pattern(kind, part, weak, str(entry.get("topic", "")), str(entry.get("counts", "")))
                for steps in self._members(entry.get(key, ""), letter):
                    made.add(steps, pattern)
        return made

    def _lists(self) -> dict[str, Phrases[str]]:
        made = {key: self._phrases([(key, self.given.get(key, ""))]) for key in _TOP}
        for key in _CUE_LISTS:
            made[f"cues.{key}"] = self._phrases([(key, self.given.get("cues", {}).get(key, ""))])
        for name, keys in _LISTS.items():
            held = self.given.get(name, {})
            more: dict[str, tuple[str, ...]] = {"guards": ("governors",), "people": ("states",)}
            more |= {"numbers": ("values", "pairs", "multipliers", "vague", "rounded")}
            self._unknown(held, (*keys, *more.get(name, ())), name)
            for key in keys:
                made[f"{name}.{key}"] = self._phrases([(key, held.get(key, ""))])
        governors = self.given.get("guards", {}).get("governors", {})
        self._unknown(governors, set(Modality), "guards.governors")
        made["guards.governors"] = self._phrases(governors.items(), "e")
        return made

    def _numbers(self, given: Mapping[str, Any]) -> Phrases[Number]:
        made: Phrases[Number] = Phrases()
        for key in ("values", "pairs", "multipliers", "vague", "rounded"):
            for listed, worth in given.get(key, {}).items():
                made_of = Number(
                    int(worth), key == "multipliers", key == "vague", key == "pairs", key == "rounded"
                )
                for steps in self._members(str(listed)):
                    made.add(steps, made_of)
        return made

    def _listed(self, name: str) -> Iterable[tuple[str, str]]:
        """Return the lists of a name in the page, by what they stand for."""
        held = self.given.get("guards", {}).get(name.partition(".")[2], "")
        return held.items() if isinstance(held, Mapping) else [(name, held)]

    def _bare(self, given: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """Return the words of the page that capitals write with fewer marks, by how they write them."""
        table = str.maketrans(dict(given))
        made: dict[str, list[str]] = {}
        for form in sorted(self.forms_met if given else ()):
            if (plain := form.translate(table)) != form:
                made.setdefault(plain, []).append(form)
        return {plain: tuple(forms) for plain, forms in made.items()}

    def _tags(self, cues: Phrases[Cue], triggers: Phrases[Pattern]) -> dict[str, str]:
        """Return the letter of each word whose class is known; a closed class beats an open one."""
        tags: dict[str, str] = {}
        sources: list[Phrases[Any]] = [triggers, cues]
        if self.given.get("order") != "verb-first":
            verbs = ("governors", "happening", "committing", "negating", "ending", "presupposing")
            sources = [self._phrases(self._listed(f"guards.{name}")) for name in verbs] + sources
        for source in sources:
            tags.update((form, letter) for form, letter in source.letters() if letter != "N")
        for name, listed in self.given.get("classes", {}).items():
            if name not in CLASS_TAGS:
                self.faults.append(f"classes: no class is called {name!r}")
                continue
            for steps in self._members(listed):
                if len(steps) == 1:
                    tags.update((form, CLASS_TAGS[name]) for form in steps[0][0])
        return tags

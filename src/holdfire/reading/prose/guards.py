"""Whether an event that words name is said to have happened.

A plan, an offer, a condition, a request, a pledge, a negation or a presupposition never counts as actual.
The guard looks at what governs a trigger inside its clause: auxiliaries, the word an infinitive hangs on,
what stops or refuses, what merely mentions. Where it cannot tell, the event is presupposed, which makes
no incident: a missed incident can be read again, an invented one is believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from holdfire.reading.prose.lexicon import page, plural_of, word_set, words
from holdfire.reading.prose.syntax import FINITE, VERBS, Group, group, subject
from holdfire.reading.prose.tokens import Sentence
from holdfire.reading.prose.triggers import Trigger
from holdfire.records.claim import Kind, Modality


@dataclass(frozen=True, slots=True)
class Reality:
    """How an event stands in its sentence.

    Attributes:
        modality: Whether it is said to have happened.
        negated: It is said not to be so.
        kind: reported stands for told as an event; presupposed and attributive for mentioned in passing.
        verb: The verb that tells it; -1: none.
        rules: Guards that fired.
    """

    modality: Modality
    negated: bool = False
    kind: Kind = Kind.REPORTED
    verb: int = -1
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Words:
    governors: Mapping[str, str]
    refusing: frozenset[str]
    stopping: frozenset[str]
    presupposing: frozenset[str]
    happening: frozenset[str]
    committing: frozenset[str]
    unreal: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    given = page("guards")
    governors: dict[str, str] = {}
    for modality, listed in given["governors"].items():
        for word in words(listed):
            governors.setdefault(word, modality)
            governors.setdefault(plural_of(word), modality)

    def both(key: str) -> frozenset[str]:
        return frozenset(f for w in words(given[key]) for f in (w, plural_of(w)))

    def single(key: str) -> frozenset[str]:
        return frozenset(w.split()[0] for w in words(given[key]))

    return _Words(
        governors, both("refusing"), both("stopping"), both("presupposing"), single("happening"),
        single("committing"), frozenset(words(given["unreal"])),
    )  # fmt: skip


_MODALS = {
    **dict.fromkeys(("will", "'ll", "shall", "won't", "shan't"), Modality.INTENDED),
    **dict.fromkeys(("should", "must", "ought", "shouldn't", "mustn't"), Modality.OBLIGATION),
}
"""What a modal makes of its verb; any other modal makes it conditional."""


def reality(s: Sentence, trigger: Trigger) -> Reality:
    """Return how the event of a trigger stands in its sentence, by what governs it there."""
    if trigger.part == "verb":
        found = of_verb(s, trigger.start)
    elif trigger.part == "phrase":
        found = of_phrase(s, trigger)
    else:
        found = of_noun(s, trigger)
    if found.modality == Modality.ACTUAL and _conditioned(s, trigger.start):
        return replace(found, modality=Modality.CONDITIONAL, rules=(*found.rules, "if"))
    return found


def of_phrase(s: Sentence, trigger: Trigger) -> Reality:
    """Return how a set phrase stands: by its own verb, or by the one before it."""
    if trigger.type.startswith("relation.") or any(
        s.tags[k] == "-" for k in range(trigger.start, trigger.end)
    ):
        return Reality(Modality.ACTUAL, kind=Kind.ATTRIBUTIVE, rules=("modifier",))
    for k in range(trigger.start, trigger.end):
        if s.tags[k] in VERBS:
            return of_verb(s, k)
    for k in range(trigger.start - 1, max(-1, trigger.start - 8), -1):
        if s.tags[k] in ',;:"_W':
            break
        if s.tags[k] in VERBS:
            return of_verb(s, k)
        if s.tags[k] == "b":
            return Reality(Modality.ACTUAL, any(s.tags[m] == "X" for m in range(k, trigger.start)), verb=k)
    return Reality(Modality.ACTUAL)


def of_verb(s: Sentence, i: int) -> Reality:  # noqa: PLR0911 - each return is one rule
    """Return how the event of the verb at `i` stands."""
    g = group(s, i)
    if g.modal:
        modality = _MODALS.get(g.modal, Modality.CONDITIONAL)
        if g.infinitive:
            return _infinitive(s, i, g)
        return Reality(modality, g.negated or g.modal.endswith("n't"), verb=i, rules=(f"modal-{g.modal}",))
    if g.infinitive:
        return _infinitive(s, i, g)
    if s.tags[i] == "g" and not g.progressive:
        return _gerund(s, i, g)
    if s.tags[i] in "en" and g.start == i and _is_reduced(s, i):
        return Reality(Modality.ACTUAL, kind=Kind.ATTRIBUTIVE, verb=i, rules=("reduced-relative",))
    if s.tags[i] == "v" and g.start == i and not _has_subject(s, g):
        return Reality(Modality.REQUESTED, g.negated, verb=i, rules=("bare-verb",))
    if s.tags[i] in "vz" and g.start and s.tags[g.start - 1] in "HW":
        return Reality(Modality.ACTUAL, g.negated, Kind.ATTRIBUTIVE, i, ("relative",))  # "groups that accept"
    return Reality(Modality.ACTUAL, g.negated or _never(s, g), verb=i)


def _never(s: Sentence, g: Group) -> bool:
    """Return whether the subject itself denies: "no one was killed", "neither side attacked"."""
    who = subject(s, g.start)
    return who is not None and s.words[who[0]] in ("no", "none", "nobody", "neither", "nothing")


def _has_subject(s: Sentence, g: Group) -> bool:
    return subject(s, g.start) is not None or (g.start > 0 and s.tags[g.start - 1] in "C")


def _is_reduced(s: Sentence, i: int) -> bool:
    """Return whether a participle hangs on the noun before it: "areas held by Daesh"."""
    if i == 0 or s.tags[i - 1] not in "NER,#'":
        return False
    if s.tags[i] == "n":
        return True
    after = s.words[i + 1] if i + 1 < len(s) else ""
    if after not in ("by", "in", "since", "during", "on", "at", "near", "between", "as", "from", "under"):
        return False
    finite = any(s.tags[k] in FINITE or (s.tags[k] == "e" and k != i) for k in range(len(s)))
    return after == "by" or (finite and _other_finite_verb(s, i))


def _other_finite_verb(s: Sentence, i: int) -> bool:
    """Return whether the noun before the participle is the object, or the subject of a later verb."""
    for k in range(i + 1, min(len(s), i + 16)):
        if s.tags[k] in "zkbhM":
            return True
        if s.tags[k] in ',;:"SCW':
            break
    for k in range(i - 1, max(-1, i - 16), -1):
        if s.tags[k] in "zkeM" and k != i:
            return True
        if s.tags[k] in ';:"HS,':
            break
    return False


def _infinitive(s: Sentence, i: int, g: Group) -> Reality:
    """Return how "to strike" stands, by the word it hangs on."""
    known = _words()
    if g.modal or s.tags[g.start] in "hb":  # "will have to", "had to", "is to"
        return Reality(_bound(s, g), g.negated, verb=i, rules=("modal" if g.modal else "have-to",))
    for k in range(g.start - 1, max(-1, g.start - 12), -1):
        letter, word, lemma = s.tags[k], s.words[k], s.lemmas[k]
        if letter in ';:_"' or (letter == "H" and k < g.start - 1):
            break
        if letter not in "vzekngNJbhBM":
            continue
        if lemma in known.refusing or word in known.refusing:
            return Reality(Modality.INTENDED, not g.negated, verb=i, rules=(f"refused-{lemma}",))
        if letter == "h":
            return Reality(Modality.OBLIGATION, g.negated, verb=i, rules=("have-to",))
        modality = known.governors.get(lemma) or known.governors.get(word)
        if modality is not None:
            return Reality(
                Modality(modality), g.negated != _denied(s, k), verb=i, rules=(f"governed-{lemma}",)
            )
        if letter in "vzekng":
            break
    return Reality(Modality.INTENDED, g.negated, verb=i, rules=("to-verb",))


def _bound(s: Sentence, g: Group) -> Modality:
    """Return what the auxiliaries before "to" make of a verb: "have to" obliges, "is to" is meant."""
    if any(s.words[k] in ("have", "has", "had", "need") for k in range(g.start, g.head)):
        return Modality.OBLIGATION
    return Modality.CONDITIONAL if g.modal else Modality.INTENDED


def _denied(s: Sentence, k: int) -> bool:
    return s.tags[k] in VERBS and group(s, k).negated


def _gerund(s: Sentence, i: int, g: Group) -> Reality:
    """Return how an -ing form stands: "stop bombing", "accused X of bombing", ", killing five"."""
    j = g.start - 1
    if j >= 0 and (s.tags[j] == "," or s.tags[j] == "C"):
        main = _main_verb(s, j)
        if main >= 0 and main != i:
            return replace(of_verb(s, main), verb=i, rules=("participle",))
        return Reality(Modality.ACTUAL, g.negated, verb=i)
    if j >= 0 and s.tags[j] in "NE" and not _perceived(s, j):
        return Reality(Modality.ACTUAL, kind=Kind.ATTRIBUTIVE, verb=i, rules=("participle-of-noun",))
    for k in range(j, max(-1, j - 7), -1):
        if s.tags[k] in ',;:"_':
            break
        found = _governs_gerund(s, k, i)
        if found is not None:
            return found
    if j >= 0 and s.tags[j] in "PS" and s.words[j] in ("after", "by", "while"):
        return Reality(Modality.ACTUAL, verb=i)
    return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, verb=i, rules=("gerund",))


def _governs_gerund(s: Sentence, k: int, i: int) -> Reality | None:  # noqa: PLR0911 - each return is one rule
    """Return what the word at `k` makes of an -ing form after it, if anything."""
    known = _words()
    word, lemma, letter = s.words[k], s.lemmas[k], s.tags[k]
    if lemma in known.stopping or word in known.stopping:
        return Reality(Modality.CONDITIONAL, kind=Kind.PRESUPPOSED, verb=i, rules=(f"stopped-{lemma}",))
    if word in ("without", "not"):
        return Reality(Modality.ACTUAL, negated=True, verb=i, rules=("without",))
    if word == "against":
        return Reality(Modality.REQUESTED, verb=i, rules=("against",))
    if lemma in ("accuse", "suspect", "blame", "deny"):
        return Reality(Modality.ACTUAL, verb=i, rules=(f"governed-{lemma}",))
    modality = known.governors.get(lemma) or known.governors.get(word)
    if modality and modality != "actual" and letter in "vzekngNJ":
        return Reality(Modality(modality), verb=i, rules=(f"governed-{lemma}",))
    if lemma in known.presupposing and letter in "vzekngN":
        return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, verb=i, rules=(f"presupposed-{lemma}",))
    return None


def _perceived(s: Sentence, j: int) -> bool:
    """Return whether somebody is seen doing it: "saw rebels shelling the town"."""
    return any(
        s.lemmas[k] in ("see", "hear", "watch", "film", "catch", "stop", "prevent")
        for k in range(max(0, j - 4), j)
    )


def _main_verb(s: Sentence, j: int) -> int:
    """Return the finite verb of the clause before token `j`, or -1."""
    best = -1
    for k in range(j - 1, max(-1, j - 40), -1):
        if s.tags[k] in "zek" or (s.tags[k] in "vng" and k and s.tags[k - 1] in "bhMBd"):
            best = k
            if not (k and s.tags[k - 1] in "W"):
                return best
        if s.tags[k] in ';"':
            break
    return best


def of_noun(s: Sentence, trigger: Trigger) -> Reality:  # noqa: PLR0911 - each return is one rule
    """Return how the event of a noun stands."""
    known = _words()
    start = _phrase_start(s, trigger.start)
    inside = s.words[start : trigger.start]
    if "no" in inside:
        denied = _subject_of(s, trigger) or _object_of(s, trigger, start) or _there_is(s, start)
        if denied is not None:
            return replace(denied, negated=True, rules=(*denied.rules, "no"))
    if any(word in known.unreal for word in inside):
        negated = "no" in inside or "never" in inside
        modality = Modality.ACTUAL if negated else Modality.CONDITIONAL
        return Reality(modality, negated, Kind.PRESUPPOSED, rules=("unreal",))
    if any(word in known.stopping or word in known.refusing for word in s.words[max(0, start - 4) : start]):
        return Reality(Modality.CONDITIONAL, kind=Kind.PRESUPPOSED, rules=("stopped",))
    if trigger.type.startswith("relation."):
        return Reality(Modality.ACTUAL, kind=Kind.ATTRIBUTIVE, rules=("modifier",))
    told = _subject_of(s, trigger) or _object_of(s, trigger, start) or _there_is(s, start)
    if told is not None:
        return told
    governed = _governed(s, start) or _before_modal(s, trigger)
    if governed is not None:
        return governed
    return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, rules=("mentioned",))


def _before_modal(s: Sentence, trigger: Trigger) -> Reality | None:
    """Read "strikes on X could be justified": what may be done to them leaves open whether they are."""
    for k in range(trigger.end, min(len(s), trigger.end + 10)):
        if s.tags[k] == "M":
            modality = _MODALS.get(s.words[k], Modality.CONDITIONAL)
            return Reality(modality, kind=Kind.PRESUPPOSED, rules=(f"modal-{s.words[k]}",))
        if s.tags[k] in 'zekbh,;:"CWSH':
            return None
    return None


def _phrase_start(s: Sentence, i: int) -> int:
    j = i
    while j and i - j < 12:
        joined = j > 1 and s.tags[j - 1] in "C," and s.tags[j - 2] in "JE#Ne" and s.tags[j] in "JEeN"
        if s.tags[j - 1] not in "DJNE'#-YTB" and not joined and not _adjectival(s, j - 1):
            break
        j -= 1
    return j


def _adjectival(s: Sentence, j: int) -> bool:
    """Return whether an -ed form stands before its noun as an adjective: "the sustained shelling"."""
    return s.tags[j] == "e" and s.tags[j + 1] in "JN" and j > 0 and s.tags[j - 1] in "DJ,CP"


def _subject_of(s: Sentence, trigger: Trigger) -> Reality | None:
    """Read "airstrikes hit ...": the noun is the subject of a verb of happening."""
    known = _words()
    k = trigger.end
    seen_of = 0
    while k < min(len(s), trigger.end + 14):
        letter = s.tags[k]
        if letter in "vzeknbh" or letter == "M":
            break
        if letter in ';:_"SCH' or (letter == "," and not _aside(s, k)):
            return None
        if letter in ",W":
            return None
        seen_of += letter == "P"
        k += 1
    else:
        return None
    while k < len(s) and s.tags[k] in "bhMXBd":
        k += 1
    if k >= len(s) or s.tags[k] not in VERBS or (s.lemmas[k] not in known.happening and not _reported(s, k)):
        return None
    found = of_verb(s, k)
    if found.kind == Kind.ATTRIBUTIVE and s.lemmas[k] in ("target", "carry", "conduct", "launch"):
        return None
    return replace(found, verb=k, kind=Kind.REPORTED if found.kind != Kind.PRESUPPOSED else found.kind)


def _reported(s: Sentence, k: int) -> bool:
    """Return whether an event noun is the subject of "were reported", "were carried out"."""
    g = group(s, k)
    return g.passive and s.lemmas[k] in _words().committing


def _aside(s: Sentence, comma: int) -> bool:
    return any(s.tags[k] == "," for k in range(comma + 1, min(len(s), comma + 10)))


def _object_of(s: Sentence, trigger: Trigger, start: int) -> Reality | None:
    """Read "carried out airstrikes": the noun is the object of a verb that does it."""
    known = _words()
    for k in range(start - 1, max(-1, start - 5), -1):
        letter = s.tags[k]
        if letter in VERBS:
            # What is done to an act of force may be anything; an offer or a talk is had by any verb.
            if s.lemmas[k] not in known.committing and trigger.type.startswith(_STRICT):
                return None
            found = of_verb(s, k)
            return replace(found, verb=k)
        if letter not in "DJN#BPEeS" or (letter in "PS" and s.words[k] not in _INSIDE):
            return None
    return None


_STRICT = ("attack.", "aid.", "detention.", "ceasefire.violation")
_INSIDE = word_set("out up of off under at over about than some")


def _there_is(s: Sentence, start: int) -> Reality | None:
    k = start - 1
    while k >= 0 and s.tags[k] in "bhMXBd":
        k -= 1
    if k < 0 or s.words[k] != "there" or k == start - 1:
        return None
    between = range(k + 1, start)
    if any(s.tags[m] == "M" for m in between):
        return Reality(Modality.CONDITIONAL, any(s.tags[m] == "X" for m in between), rules=("there-may-be",))
    return Reality(Modality.ACTUAL, any(s.tags[m] == "X" for m in between), verb=k + 1, rules=("there-is",))


def _governed(s: Sentence, start: int) -> Reality | None:
    """Return what a word before the noun makes of it: "a plan for", "condemned the"."""
    known = _words()
    for k in range(start - 1, max(-1, start - 8), -1):
        letter, word, lemma = s.tags[k], s.words[k], s.lemmas[k]
        if letter in ',;:_"HSW':
            return None
        if letter in VERBS:
            found = of_verb(s, k)
            if found.modality != Modality.ACTUAL or found.negated:
                return replace(found, kind=Kind.PRESUPPOSED)
        if lemma in known.presupposing or word in known.presupposing:
            return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, rules=(f"presupposed-{lemma}",))
        modality = known.governors.get(lemma) or known.governors.get(word)
        if modality and modality != "actual" and letter in "vzekngNJ":
            return Reality(Modality(modality), _denied(s, k), Kind.PRESUPPOSED, rules=(f"governed-{lemma}",))
        if letter in VERBS or letter not in "DJN#BPEO'-":
            return None
    return None


def _conditioned(s: Sentence, i: int) -> bool:
    """Return whether a condition stands over the clause: "If agreed, ..."; "... unless ..."."""
    for k in range(i - 1, -1, -1):
        if s.words[k] in ("if", "unless", "provided", "lest") and not (
            k and s.words[k - 1] in ("as", "only", "even")
        ):
            return k == 0 or (not any(s.tags[m] in ";_" for m in range(k, i)) and (k >= i - 12 or k == 0))
        if s.words[k] == "whether":
            return k >= i - 10
        if s.tags[k] in ";_":
            return False
    return False

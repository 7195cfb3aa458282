"""Whether what a noun names is told, or only mentioned: "airstrikes hit", "condemned the airstrikes"."""

from __future__ import annotations

from dataclasses import replace

from holdfire.reading.prose.acts.reality import MODALS, Reality, governing
from holdfire.reading.prose.acts.triggers import Trigger
from holdfire.reading.prose.acts.verbs import denied, of_verb
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import VERBS, group
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.claim import Kind, Modality


def of_noun(s: Sentence, trigger: Trigger) -> Reality:  # noqa: PLR0911 - each return is one rule
    """Return how the event of a noun stands."""
    known = governing()
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
    if _dates_another(s, start, trigger):
        return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, rules=("since",))
    told = _subject_of(s, trigger) or _object_of(s, trigger, start) or _there_is(s, start)
    if told is None and not trigger.type.startswith(_STRICT):
        told = _predicate(s, start)
    if told is not None:
        return told
    governed = _governed(s, start) or _before_modal(s, trigger)
    if governed is not None:
        return governed
    return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, rules=("mentioned",))


_BEGINNING = word_set("start beginning outbreak onset eruption launch resumption end")
_BEGINS = word_set("begin start erupt break resume end")


def _dates_another(s: Sentence, start: int, trigger: Trigger) -> bool:
    """Return whether it only says since when: "44,000 killed since the fighting began"."""
    if start and s.words[start - 1] == "of":
        k = start - 2
        return s.words[k] in _BEGINNING and "since" in s.words[max(0, k - 2) : k]
    if not start or s.words[start - 1] != "since":
        return False
    after = trigger.end
    return after < len(s) and s.tags[after] in VERBS and s.lemmas[group(s, after).head] in _BEGINS


def _before_modal(s: Sentence, trigger: Trigger) -> Reality | None:
    """Read "strikes on X could be justified": what may be done to them leaves open whether they are."""
    for k in range(trigger.end, min(len(s), trigger.end + 10)):
        if s.tags[k] == "M":
            modality = MODALS.get(s.words[k], Modality.CONDITIONAL)
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
    k = trigger.end
    while k < min(len(s), trigger.end + 14):
        letter = s.tags[k]
        if letter in "vzeknbh" or letter == "M":
            break
        to_do = letter == "O" and s.tags[k + 1 : k + 2] in ("v", "b", "h")  # "the refusal to sign"
        if letter in ';:_"SCH,W' or to_do:
            return None
        k += 1
    else:
        return None
    while k < len(s) and s.tags[k] in "bhMXBd":
        k += 1
    if k >= len(s) or s.tags[k] not in VERBS or not _happens(s, trigger, k):
        return None
    found = of_verb(s, k)
    if found.kind == Kind.ATTRIBUTIVE and s.lemmas[k] in ("target", "carry", "conduct", "launch"):
        return None
    return replace(found, verb=k, kind=Kind.REPORTED if found.kind != Kind.PRESUPPOSED else found.kind)


def _happens(s: Sentence, trigger: Trigger, k: int) -> bool:
    """Return whether the verb at `k` tells that its subject took place; a position may have any verb."""
    any_verb = trigger.type.startswith(("position.", "diplomacy.", "conflict."))
    return any_verb or s.lemmas[k] in governing().happening or _reported(s, k)


def _reported(s: Sentence, k: int) -> bool:
    """Return whether an event noun is the subject of "were reported", "were carried out"."""
    g = group(s, k)
    return g.passive and s.lemmas[k] in governing().committing


def _object_of(s: Sentence, trigger: Trigger, start: int) -> Reality | None:
    """Read "carried out airstrikes": the noun is the object of a verb that does it."""
    known = governing()
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


_ONLY_TO = word_set("set sets due time way order likely ready willing determined poised fight struggle use")
"""Words that govern an infinitive and no noun: "deaths due to airstrikes", "set up a zone"."""


_STRICT = ("attack.", "aid.", "detention.", "ceasefire.violation")


def _predicate(s: Sentence, start: int) -> Reality | None:
    """Read "is not party to the truce": the noun is what the subject is said to be."""
    k = start - 1
    while k > 0 and s.tags[k] in "XBD":
        k -= 1
    if k < 0 or s.tags[k] != "b":
        return None
    first = k
    while first > 0 and s.tags[first - 1] in "bhMXB":
        first -= 1
    modal = next((s.words[m] for m in range(first, k) if s.tags[m] == "M"), "")
    between = range(first, start)
    negated = any(s.tags[m] == "X" or s.words[m] in ("no", "longer") for m in between)
    modality = MODALS.get(modal, Modality.CONDITIONAL) if modal else Modality.ACTUAL
    return Reality(modality, negated, verb=k, rules=("predicate",))


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
    known = governing()
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
        if modality and modality != "actual" and letter in "vzekngNJ" and lemma not in _ONLY_TO:
            return Reality(Modality(modality), denied(s, k), Kind.PRESUPPOSED, rules=(f"governed-{lemma}",))
        if letter in VERBS or letter not in "DJN#BPEO'-":
            return None
    return None

"""Whether an event that words name is said to have happened.

A plan, an offer, a condition, a request, a pledge, a negation or a presupposition never counts as actual.
The guard looks at what governs a trigger inside its clause: auxiliaries, the word an infinitive hangs on,
what stops or refuses, what merely mentions. Where it cannot tell, the event is presupposed, which makes
no incident: a missed incident can be read again, an invented one is believed.
"""

from __future__ import annotations

from dataclasses import replace

from holdfire.reading.prose.acts.nouns import of_noun
from holdfire.reading.prose.acts.reality import MODALS, Reality
from holdfire.reading.prose.acts.triggers import Trigger
from holdfire.reading.prose.acts.verbs import habitual, of_verb
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.syntax import VERBS, group
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.claim import Kind, Modality


def reality(s: Sentence, trigger: Trigger) -> Reality:
    """Return how the event of a trigger stands in its sentence, by what governs it there."""
    if trigger.part == "verb":
        found = of_verb(s, trigger.start)
    elif trigger.part == "phrase":
        found = of_phrase(s, trigger)
    else:
        found = of_noun(s, trigger)
    if found.modality == Modality.ACTUAL and (doubt := _doubted(s, trigger.start)):
        return replace(found, modality=Modality.CONDITIONAL, rules=(*found.rules, doubt))
    if found.rules[:1] and found.rules[0].startswith("modal") and _conditioned(s, trigger.start):
        return replace(found, modality=Modality.CONDITIONAL, rules=(*found.rules, "if"))
    if found.kind == Kind.REPORTED and trigger.type == "control.territory" and _holds(s, trigger):
        return replace(found, kind=Kind.ATTRIBUTIVE, rules=(*found.rules, "state"))
    if found.kind == Kind.REPORTED and (passing := _in_passing(s, trigger, found)):
        return replace(found, kind=Kind.PRESUPPOSED, rules=(*found.rules, passing))
    return replace(found, rules=(*found.rules, "aside")) if _aside(s, trigger, found) else found


def _aside(s: Sentence, trigger: Trigger, found: Reality) -> bool:
    """Return whether a clause is told beside what is said: ", which is not party to the truce"."""
    at = found.verb if found.verb >= 0 else trigger.start
    if s.tags[at] not in VERBS and s.tags[at] not in "bh":
        return False
    start = group(s, at).start if s.tags[at] in VERBS else at
    return start > 1 and s.tags[start - 1] == "W" and s.tags[start - 2] == ","


_HABITS = ("attack.", "aid.", "detention.", "ceasefire.violation")


def _holds(s: Sentence, trigger: Trigger) -> bool:
    """Return whether a verb tells who has a place, and not who took it."""
    return trigger.part == "verb" and s.lemmas[trigger.start] in ("hold", "control")


def _in_passing(s: Sentence, trigger: Trigger, found: Reality) -> str:
    """Return which guard makes a mention of what is told as an event; none: empty."""
    if found.modality == Modality.ACTUAL and _unverified(s, trigger.start):
        return "unverified"
    if not trigger.type.startswith(_HABITS) or found.negated or found.modality != Modality.ACTUAL:
        return ""
    at = found.verb if found.verb >= 0 else trigger.start
    if s.tags[at] not in VERBS:
        return ""
    if habitual(s, at):
        return "habit"
    return "present" if at == trigger.start and _general(s, at) else ""


def _general(s: Sentence, i: int) -> bool:
    """Return whether a simple present in running text tells of no day: "the army bombs hospitals"."""
    plain = s.zone == "body" and s.tags[i] in "vz" and group(s, i).start == i
    return plain and not any(letter in "T#" for letter in s.tags)


def _unverified(s: Sentence, i: int) -> bool:
    """Return whether a report of it could not be, or was not, borne out: "could not confirm a claim that"."""
    for k in range(i - 1, max(0, i - 16), -1):
        if s.tags[k] in ';_"':
            return False
        if s.words[k] in _REPORTS and s.tags[k + 1] in "HP":
            near = range(max(0, k - 8), k)
            checked = any(s.lemmas[m] in _CHECKING or s.words[m] in _CHECKING for m in near)
            return checked and any(s.tags[m] == "X" or s.words[m] in _FAILING for m in near)
    return False


_REPORTS = word_set("report reports claim claims allegation allegations account accounts accusation")
_CHECKING = word_set("verify confirm corroborate substantiate authenticate verified confirmed")
_FAILING = word_set("unable cannot neither nor impossible difficult yet without refused declined failed n't")


_PROOF = word_set("evidence proof sign signs indication confirmation reason suggestion")
_UNTRUE = word_set(
    "false untrue baseless unfounded fabricated incorrect unclear unknown untruthful bogus fake"
)


def _doubted(s: Sentence, i: int) -> str:
    """Return which guard of the whole sentence leaves open whether its events happened; none: empty."""
    if _conditioned(s, i):
        return "if"
    if s.raws[-1] == "?" and not s.quoted[i]:
        return "question"
    if s.words[0] in ("had", "were", "should") and any(s.tags[k] == "M" for k in range(1, len(s))):
        return "if"  # "Had they attacked, many would ..."
    for k in range(1, min(i, len(s) - 1)):
        if (
            s.words[k] in _PROOF
            and s.tags[k + 1] in "HP"
            and {"no", "without", "little", "n't", "not"}.intersection(s.words[max(0, k - 3) : k])
        ):
            return "no-evidence"
    for k in range(1, len(s)):
        if s.words[k] in _UNTRUE and "b" in s.tags[max(0, k - 2) : k] and not _parted(s, k, i):
            return "called-untrue"
    return ""


def _parted(s: Sentence, k: int, i: int) -> bool:
    """Return whether a semicolon stands between two tokens."""
    return ";" in s.tags[min(k, i) : max(k, i)]


def of_phrase(s: Sentence, trigger: Trigger) -> Reality:
    """Return how a set phrase stands: by its own verb, or by the one before it."""
    if trigger.type.startswith("relation.") or any(
        s.tags[k] == "-" for k in range(trigger.start, trigger.end)
    ):
        return Reality(Modality.ACTUAL, kind=Kind.ATTRIBUTIVE, rules=("modifier",))
    inside = s.tags[trigger.start : trigger.end]
    if trigger.type.startswith(_SET) and ("X" in inside or s.tags[trigger.start] not in VERBS):
        return _set(s, trigger)  # the phrase carries its own "not": "could not be verified"
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


_SET = ("toll.data_reliability", "position.inability")


def _set(s: Sentence, trigger: Trigger) -> Reality:
    """Return how a phrase with a "not" of its own stands: as the verb before it, if any, stands."""
    for k in range(trigger.start - 1, max(-1, trigger.start - 4), -1):
        if s.tags[k] in "bM":
            modal = next((s.words[m] for m in range(max(0, k - 1), trigger.start) if s.tags[m] == "M"), "")
            negated = any(s.tags[m] == "X" for m in range(k, trigger.start))
            modality = MODALS.get(modal, Modality.CONDITIONAL) if modal else Modality.ACTUAL
            return Reality(modality, negated, verb=k)
        if s.tags[k] != "B":
            break
    return Reality(Modality.ACTUAL)


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

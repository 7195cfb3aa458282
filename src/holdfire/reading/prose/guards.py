"""Whether an event that words name is said to have happened.

A plan, an offer, a condition, a request, a pledge, a negation or a presupposition never counts as actual.
The guard looks at what governs a trigger inside its clause: auxiliaries, the word an infinitive hangs on,
what stops or refuses, what merely mentions. Where it cannot tell, the event is presupposed, which makes
no incident: a missed incident can be read again, an invented one is believed.
"""

from __future__ import annotations

from dataclasses import replace

from holdfire.reading.prose.lexicon import word_set
from holdfire.reading.prose.nouns import of_noun
from holdfire.reading.prose.reality import Reality
from holdfire.reading.prose.syntax import VERBS
from holdfire.reading.prose.tokens import Sentence
from holdfire.reading.prose.triggers import Trigger
from holdfire.reading.prose.verbs import of_verb
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
    return found


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
        if s.words[k] in _UNTRUE and "b" in s.tags[max(0, k - 2) : k]:
            return "called-untrue"
    return ""


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

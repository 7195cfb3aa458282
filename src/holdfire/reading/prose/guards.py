"""Whether an event that words name is said to have happened.

A plan, an offer, a condition, a request, a pledge, a negation or a presupposition never counts as actual.
The guard looks at what governs a trigger inside its clause: auxiliaries, the word an infinitive hangs on,
what stops or refuses, what merely mentions. Where it cannot tell, the event is presupposed, which makes
no incident: a missed incident can be read again, an invented one is believed.
"""

from __future__ import annotations

from dataclasses import replace

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

"""Whether an act a sentence names is told as something that happened: tense, negation, plans, conditions.

A finite past is told; a present is told only with a day or a count beside it; a noun is told where it is the
subject or object of a verb that makes an event of it, where it stands in a report ("announced the death of
nine"), or where people are counted in it. All else is mentioned in passing: presupposed.
"""

from __future__ import annotations

from dataclasses import replace

from holdfire.reading.prose.acts.reality import Reality
from holdfire.reading.prose.tongues.counting import kinds_of
from holdfire.reading.prose.tongues.forms import Found
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.phrases import negated, noun_here, subordinate
from holdfire.reading.prose.tongues.standing import standing
from holdfire.reading.prose.tongues.words import Pattern, Tongue, tongue
from holdfire.records.claim import Kind, Modality

_NEAR = 4
"""Tokens before an act in which what governs it stands."""
_BESIDE = 8
"""Tokens on either side of a noun in which the verb that makes an event of it stands."""


def reality(
    line: Line, hit: Found[Pattern], *, verbal: bool, counted: bool, dated: bool, acted: bool
) -> Reality:
    """Return how an act stands in its sentence.

    Args:
        line: The sentence.
        hit: The trigger.
        verbal: It stands as a finite verb.
        counted: Killed or injured people are counted in its clause.
        dated: Its clause gives a time.
        acted: The text says who acted.
    """
    known = tongue(line.code)
    if not known.verb_first:
        return standing(line, hit, verbal=verbal, counted=counted, dated=dated)
    made = _verb(line, known, hit, counted=counted, dated=dated) if verbal else _noun(
        line, known, hit, counted=counted, dated=dated
    )  # fmt: skip
    if made.kind == Kind.REPORTED and made.modality == Modality.ACTUAL and not made.negated:
        if _near(line, known, "guards.abstract", hit.start - 1, hit.end + 3):
            return replace(made, kind=Kind.PRESUPPOSED, rules=(*made.rules, "figure-of-speech"))
        if line.raws[-1] in "?؟":
            return replace(made, kind=Kind.PRESUPPOSED, rules=(*made.rules, "question"))
        if (
            verbal
            and not (counted or dated or acted)
            and line.zone == "body"
            and not _means(line, known, hit)
        ):
            return replace(made, kind=Kind.PRESUPPOSED, rules=(*made.rules, "nothing-beside"))
        for name, rule in (("figurative", "figure-of-speech"), ("law", "law"), ("history", "history")):
            if counted and ((name == "history" and dated) or (name == "law" and verbal)):
                continue
            if line.where(f"guards.{name}"):
                return replace(made, kind=Kind.PRESUPPOSED, rules=(*made.rules, rule))
    return made


def _means(line: Line, known: Tongue, hit: Found[Pattern]) -> bool:
    """Return whether the clause of a verb names what it was done with, or what sort of place it was in."""
    for k in range(max(0, hit.start - _BESIDE), min(len(line), hit.end + 2 * _BESIDE)):
        if k in range(hit.start, hit.end):
            continue
        if line.tags[k] in ".;" and k > hit.start:
            break
        if line.at("roles.sites", k) and k > hit.start:
            return True
        held = known.triggers.at(line.readings, k)
        if line.at("weapons", k) or any(f.value.type.startswith("attack.") and f.letter == "N" for f in held):
            return True
    return False


def _near(line: Line, known: Tongue, name: str, i: int, j: int) -> bool:
    return not line.where(name).isdisjoint(range(max(0, i), min(j, len(line))))


def _clause_start(line: Line, k: int) -> int:
    while k and line.tags[k - 1] not in ',;:."H':
        k -= 1
    return k


def _verb(  # noqa: PLR0911, C901 - each return is one rule
    line: Line, known: Tongue, hit: Found[Pattern], *, counted: bool, dated: bool
) -> Reality:
    k = hit.start
    if negated(line, k):
        return Reality(Modality.ACTUAL, negated=True, verb=k, rules=("negation",))
    if hit.letter == "f" or "س" in hit.before or _near(line, known, "guards.future", k - 2, k):
        return Reality(Modality.INTENDED, verb=k, rules=("future",))
    if _near(line, known, "guards.condition", max(_clause_start(line, k), k - 8), k):
        return Reality(Modality.CONDITIONAL, verb=k, rules=("condition",))
    governed = _governed(line, known, k)
    if hit.letter in "zvgi" and governed:
        return Reality(Modality(governed), verb=k, rules=("governed",))
    if hit.letter in "vgi":
        return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, verb=k, rules=("not-finite",))
    if _near(line, known, "guards.habit", k - 6, hit.end + 8):
        return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, verb=k, rules=("habit",))
    if inside := subordinate(line, k, _NEAR):
        return Reality(Modality.ACTUAL, kind=inside, verb=k, rules=("subordinate",))
    if hit.letter == "z":
        if k and line.tags[k - 1] == "H":  # a subjunctive
            return Reality(Modality.CONDITIONAL, verb=k, rules=("subjunctive",))
        if not (counted or dated or line.zone in ("title", "heading")):
            return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, verb=k, rules=("present",))
    return Reality(Modality.ACTUAL, verb=k)


def _governed(line: Line, known: Tongue, k: int) -> str:
    """Return the modality that the nearest governor before an act leaves it; empty: none governs it."""
    for m in range(k - 1, max(-1, k - _NEAR - 1), -1):
        if line.tags[m] in ",;:.":
            return ""
        if found := line.at("guards.governors", m):
            return found[0].value
    return ""


def _noun(  # noqa: PLR0911, C901 - each return is one rule
    line: Line, known: Tongue, hit: Found[Pattern], *, counted: bool, dated: bool
) -> Reality:
    k = hit.start
    if _near(line, known, "guards.negating", k - 3, k) or _near(line, known, "guards.negation", k - 1, k):
        return Reality(Modality.ACTUAL, negated=True, rules=("negation",))
    if governed := _governed(line, known, k):
        return Reality(Modality(governed), rules=("governed",))
    if _near(line, known, "guards.condition", max(_clause_start(line, k), k - 8), k):
        return Reality(Modality.CONDITIONAL, rules=("condition",))
    passing = Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, rules=("mention",))
    if _near(line, known, "guards.ending", k - 2, k) or _near(line, known, "guards.unreal", k - 2, k):
        return passing
    if _near(line, known, "guards.habit", k - 8, hit.end + 8):
        return replace(passing, rules=("habit",))
    told = _made_event(line, known, hit)
    if told == "none" and not (counted and dated):
        return passing
    if told == "future":
        return Reality(Modality.INTENDED, rules=("future",))
    if not told and hit.before.lstrip("وف").startswith("ل") and not counted:
        return Reality(Modality.INTENDED, rules=("purpose",))
    if told != "object" and _near(line, known, "guards.presupposing", k - 5, k):
        return passing
    if counted and _harms(line, known, hit):
        told = "subject" if dated or not _after(line, known, k) else ""
    if told and (dated or counted or told == "object"):
        return Reality(Modality.ACTUAL, rules=("light-verb",))
    if (dated or counted) and _heads(line, k):
        return Reality(Modality.ACTUAL, rules=("headline",))
    return passing


def _after(line: Line, known: Tongue, k: int) -> bool:
    """Return whether a noun stands after a word that makes a time or cause of it: "after the killing of"."""
    return k > 0 and bool(line.at("guards.background", k - 1))


def _heads(line: Line, k: int) -> bool:
    """Return whether a noun begins a sentence without a verb before it, as entries of a chronicle do."""
    begun = _clause_start(line, k)
    if any(line.tags[m] not in '#:,_-".()' and not line.at("time.words", m) for m in range(begun)):
        return False
    return sum(line.tags[m] not in "#_-" for m in range(begun, k)) <= 1


def _harms(line: Line, known: Tongue, hit: Found[Pattern]) -> bool:
    """Return whether the noun itself tells of harm to people: "the killing of nine"."""
    return any(k in kinds_of(line) for k in range(hit.start, hit.end))


def _made_event(line: Line, known: Tongue, hit: Found[Pattern]) -> str:
    """Return what a verb makes of a noun: the "object" or "subject" of an event, or of one in the "future".

    "none" where the verb is not told as done, and nothing where no such verb stands near.
    """
    for k in range(hit.start - 1, max(-1, hit.start - _BESIDE), -1):
        if line.tags[k] in ".;" or line.at("guards.presupposing", k):
            break
        for name, role in (("committing", "object"), ("happening", "subject")):
            held = [found for found in line.at(f"guards.{name}", k) if not found.after]
            if held and (role == "object" or known.verb_first):
                return _really(line, known, held[0], role)
    for k in range(hit.end, min(len(line), hit.end + _BESIDE)):
        if line.tags[k] in ".;":
            break
        held = [found for found in line.at("guards.committing", k) if found.after]
        if held:  # "the attack, a bomber carried it out"
            return _really(line, known, held[0], "object")
        if happened := line.at("guards.happening", k):
            return _really(line, known, happened[0], "subject")
    return ""


def _really(line: Line, known: Tongue, found: Found[str], role: str) -> str:
    """Return the role a verb gives a noun of an act, where that verb is itself told as done."""
    k, name = found.start, f"guards.{found.value}"
    if "س" in found.before or _near(line, known, "guards.future", k - 2, k):
        return "future"
    if negated(line, k) or subordinate(line, k, _NEAR) or _governed(line, known, k):
        return "none"
    if any(mark not in known.verbal for mark in found.before):
        return "none"
    alike = any(other.letter == "N" and other.end == found.end for other in line.at(name, k))
    if found.letter == "N" or (alike and noun_here(line, k)):
        return "none" if any(o.letter != "N" for o in line.at(name, k)) else role  # "the decision to launch"
    return "none" if found.letter in "zvgifc" else role

"""Whether an act is told as something that happened, where the subject stands before its verb.

There a finite verb is known by its form, so it is told unless something governs it; a noun of an act is told
where a verb makes an event of it, where its sentence has no verb, or in a title. All else is mentioned in
passing: presupposed, which makes no incident. `guarding` does the same for verb-first languages, whose words
are verb and noun alike.
"""

from __future__ import annotations

from dataclasses import replace

from holdfire.reading.prose.acts.reality import Reality
from holdfire.reading.prose.tongues.counting import kinds_of
from holdfire.reading.prose.tongues.forms import Found
from holdfire.reading.prose.tongues.habits import habits
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.phrases import FINITE, group_start, negated, subordinate
from holdfire.reading.prose.tongues.words import Pattern, Tongue, tongue
from holdfire.records.claim import Kind, Modality

_FAR = 9
"""Tokens before an act in which what governs it stands."""
_BESIDE = 12
"""Tokens on either side of a noun in which the verb that makes an event of it stands."""


def standing(line: Line, hit: Found[Pattern], *, verbal: bool, counted: bool, dated: bool) -> Reality:
    """Return how an act stands in its sentence.

    Args:
        line: The sentence.
        hit: The trigger.
        verbal: It stands as a finite verb.
        counted: Killed or injured people are counted in its clause.
        dated: Its clause gives a time.
    """
    known = tongue(line.code)
    if hit.value.part == "phrase" and hit.letter == "N":
        hit = verb_inside(line, hit)
        verbal = hit.letter in FINITE
    made = (
        _verb(line, known, hit, counted=counted, dated=dated)
        if verbal
        else _noun(line, known, hit, counted=counted)
    )
    plain = made.kind == Kind.REPORTED and made.modality == Modality.ACTUAL and not made.negated
    if not plain:
        return made
    if line.raws[-1] == "?":
        return _passing(made.verb, "question")
    for name in ("figurative", "history"):
        if name == "history" and dated and counted:
            continue
        if _any(line, known, f"guards.{name}", 0, len(line)):
            return _passing(made.verb, "figure-of-speech" if name == "figurative" else name)
    if _any(line, known, "guards.abstract", hit.start - 2, hit.end + 3):
        return _passing(made.verb, "figure-of-speech")
    if made.rules != ("stopped",) and _conditioned(line, known, hit.start):
        return Reality(Modality.CONDITIONAL, verb=made.verb, rules=("condition",))
    return made


def verb_inside(line: Line, hit: Found[Pattern]) -> Found[Pattern]:
    """Return a phrase as its last verb form stands: "un convoi ... a été attaqué" is a passive."""
    if hit.letter != "N":
        return hit
    for k in range(hit.end - 1, hit.start - 1, -1):
        if line.tags[k] in "nvgezfcip":
            return replace(hit, start=k, letter=form_of(line, k, line.tags[k]))
    return hit


def _passing(verb: int, rule: str) -> Reality:
    return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, verb=verb, rules=(rule,))


def _any(line: Line, known: Tongue, name: str, i: int, j: int) -> bool:
    held = known.list(name)
    return any(held.at(line.readings, k) for k in range(max(0, i), min(j, len(line))))


def _conditioned(line: Line, known: Tongue, k: int) -> bool:
    """Return whether a condition opens the clause of an act, or the one before it: "If ..., X will ..."."""
    for m in range(k, -1, -1):
        if line.tags[m] in ";.":
            return False
        if line.at("guards.condition", m) and (m == 0 or line.tags[m - 1] in ',"CH' or k - m < 9):
            return True
    return False


def _governed(line: Line, known: Tongue, k: int) -> tuple[str, int]:
    """Return the modality that the nearest governor before an act leaves it, and where that stands."""
    held = known.list("guards.governors")
    for m in range(k - 1, max(-1, k - _FAR - 1), -1):
        if line.tags[m] in ";:." or (line.tags[m] == "," and m < k - 1):
            return "", -1
        for found in held.at(line.readings, m):
            if m < found.end <= k:
                return found.value, m
        if line.tags[m] in "HW" or (line.tags[m] in FINITE and line.tags[m] != "z"):
            return "", -1
    return "", -1


def _verb(line: Line, known: Tongue, hit: Found[Pattern], *, counted: bool, dated: bool) -> Reality:  # noqa: PLR0911, C901 - each return is one rule
    k = hit.start
    if (
        negated(line, k)
        or _any(line, known, "guards.negation_after", hit.end, hit.end + 2)
        or _no_one(line, known, k)
    ):
        return Reality(Modality.ACTUAL, negated=True, verb=k, rules=("negation",))
    if hit.letter == "f" or _any(line, known, "guards.future", group_start(line, k) - 1, k):
        return Reality(Modality.INTENDED, verb=k, rules=("future",))
    if hit.letter == "c":
        return Reality(Modality.CONDITIONAL, verb=k, rules=("conditional",))
    if hit.letter in "vgin":
        governed, at = _governed(line, known, k)
        if governed:
            if _ended(line, known, at, k):
                return Reality(Modality(governed), negated=True, verb=k, rules=("governed", "stopped"))
            return Reality(Modality(governed), verb=k, rules=("governed",))
        if _any(line, known, "guards.negating", k - 4, k):
            return Reality(Modality.ACTUAL, negated=True, verb=k, rules=("refused",))
        return _passing(k, "not-finite")
    if hit.letter == "z" and (feared := _over_that(line, known, k)):
        return Reality(Modality(feared), verb=k, rules=("governed",))
    if line.tags[group_start(line, k) : k + 1].startswith("M"):
        return Reality(Modality.CONDITIONAL, verb=k, rules=("modal",))
    if _any(line, known, "guards.habit", k - 6, hit.end + 6):
        return _passing(k, "habit")
    inside = subordinate(line, k, _FAR)
    if inside and not (counted or dated):
        return Reality(Modality.ACTUAL, kind=inside, verb=k, rules=("subordinate",))
    if (
        hit.letter == "z"
        and hit.value.type.startswith("attack.")
        and not (counted or dated or line.zone != "body")
    ):
        return _passing(k, "present")
    return Reality(Modality.ACTUAL, verb=k)


def _over_that(line: Line, known: Tongue, k: int) -> str:
    """Return the modality a governor before "that" leaves the verb after it: "fears that it may fail"."""
    for m in range(k - 1, max(0, k - _FAR), -1):
        if line.tags[m] in ",;:.W":
            return ""
        if line.tags[m] == "H":
            held = known.list("guards.governors")
            return next(
                (f.value for n in (m - 1, m - 2, m - 3) if n >= 0 for f in held.at(line.readings, n)), ""
            )
    return ""


def _no_one(line: Line, known: Tongue, k: int) -> bool:
    """Return whether the subject of a verb is nobody or nothing: "aucun obus", "ни один город"."""
    first = group_start(line, k)
    while first and line.tags[first - 1] not in ',;:."HWSP' and line.tags[first - 1] not in FINITE:
        first -= 1
    return any(found.end > first for found in line.at("guards.negation", first)) if first < k else False


def _ended(line: Line, known: Tongue, i: int, k: int) -> bool:
    return _any(line, known, "guards.ending", i, k)


def _noun(line: Line, known: Tongue, hit: Found[Pattern], *, counted: bool) -> Reality:  # noqa: PLR0911, C901 - each return is one rule
    k = hit.start
    if _denied(line, known, k):
        return Reality(Modality.ACTUAL, negated=True, rules=("negation",))
    governed, at = _governed(line, known, k)
    if governed:
        return Reality(Modality(governed), negated=_ended(line, known, at, k), rules=("governed",))
    if _conditioned(line, known, k):
        return Reality(Modality.CONDITIONAL, rules=("condition",))
    if _any(line, known, "guards.ending", k - 4, k):
        return _passing(-1, "ended")
    if _any(line, known, "guards.unreal", k - 2, k):
        return _passing(-1, "unreal")
    if _any(line, known, "guards.habit", k - 6, hit.end + 6):
        return _passing(-1, "habit")
    if _any(line, known, "guards.negating", k - 4, k):
        return Reality(Modality.ACTUAL, negated=True, rules=("refused",))
    if _any(line, known, "guards.presupposing", k - 6, k):
        return _passing(-1, "background")
    if told := _made_event(line, known, hit):
        return told
    if _predicate(line, k):
        return Reality(Modality.ACTUAL, rules=("predicate",))
    if line.zone in ("title", "heading") or not any(t in FINITE or t in "bh" for t in line.tags):
        return Reality(Modality.ACTUAL, rules=("headline",))
    if counted and not kinds_of(line).keys().isdisjoint(range(hit.start, hit.end)):
        return Reality(Modality.ACTUAL, rules=("counted",))
    return _passing(-1, "mention")


def _predicate(line: Line, k: int) -> bool:
    """Return whether a noun says what something is: "it is a violation"."""
    m = k - 1
    while m >= 0 and k - m < 4 and line.tags[m] in "DJN":
        if line.words[m] == "это":
            return True
        m -= 1
    return m >= 0 and line.tags[m] == "b" and m < k - 1


def _denied(line: Line, known: Tongue, k: int) -> bool:
    """Return whether a word of denial stands right before a noun: "aucun tir", "ни одного обстрела"."""
    held = known.list("guards.negation")
    noun = k - 1 if line.tags[k - 1 : k] in ("N", "D", "J") else k
    return any(noun <= found.end <= k for m in range(max(0, k - 4), k) for found in held.at(line.readings, m))


def _made_event(line: Line, known: Tongue, hit: Found[Pattern]) -> Reality | None:
    """Return how a verb that makes an event of a noun tells it; None: no such verb stands beside it."""
    for k in range(hit.start - 1, max(-1, hit.start - _BESIDE), -1):
        if line.tags[k] in ";.HW":
            break
        for found in line.at("guards.committing", k):
            return _as_verb(line, known, found)
    for k in range(max(0, hit.start - _BESIDE), min(len(line), hit.end + _BESIDE)):
        if line.tags[k] in ";." and k > hit.start:
            break
        for found in line.at("guards.happening", k):
            if found.start >= hit.end or line.tags[hit.start - 1 : hit.start] != "P":
                return _as_verb(line, known, found)
    return None


def _as_verb(line: Line, known: Tongue, found: Found[str]) -> Reality | None:
    """Return how a verb that makes an event of a noun is itself told."""
    letter = form_of(line, found.start, found.letter)
    k = found.start
    if letter == "g":
        return None
    if negated(line, k) or _no_one(line, known, k):
        return Reality(Modality.ACTUAL, negated=True, verb=k, rules=("negation",))
    if letter == "f":
        return Reality(Modality.INTENDED, verb=k, rules=("future",))
    if letter == "c":
        return Reality(Modality.CONDITIONAL, verb=k, rules=("conditional",))
    if letter == "v":
        governed, _ = _governed(line, known, k)
        return (
            Reality(Modality(governed), verb=k, rules=("governed",))
            if governed
            else _passing(k, "not-finite")
        )
    inside = subordinate(line, k, _FAR)
    return Reality(Modality.ACTUAL, kind=inside or Kind.REPORTED, verb=k, rules=("light-verb",))


def form_of(line: Line, k: int, letter: str) -> str:
    """Return the letter of a verb form where it stands."""
    return habits(line.code).letter(line.words, line.tags, k, letter)

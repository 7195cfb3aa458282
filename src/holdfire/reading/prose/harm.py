"""How many were killed and injured, and how many of them were civilians, from the numbers of a sentence.

A number goes to the nearest word of harm, within a few tokens and inside the same clause. Silence is not
zero: what the sentence does not count stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.prose.lexicon import page, words
from holdfire.reading.prose.peoples import is_civilian, is_person
from holdfire.reading.prose.quantities import Amount
from holdfire.reading.prose.syntax import group
from holdfire.reading.prose.tokens import Sentence


@dataclass(slots=True)
class Harm:
    """Deaths and injuries that a sentence counts.

    Attributes:
        killed: The number killed; None: not counted.
        civilians: How many of them were civilians.
        injured: The number injured.
    """

    killed: Amount | None = None
    civilians: Amount | None = None
    injured: Amount | None = None


@dataclass(frozen=True)
class _Words:
    killing: frozenset[str]
    dead: frozenset[str]
    wounding: frozenset[str]
    hurt: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    given = page("guards")
    return _Words(*(frozenset(words(given[key])) for key in ("killing", "dead", "wounding", "hurt")))


def word_of_harm(s: Sentence, k: int) -> str:
    """Return "killed" or "injured" if the token tells of such harm; else nothing."""
    known = _words()
    if s.lemmas[k] in known.wounding or s.words[k] in known.hurt:
        return "injured"
    if s.lemmas[k] in known.killing and s.tags[k] in "vzekng":
        return "killed"
    return "killed" if s.words[k] in known.dead else ""


_NEAREST = 7
_REACH = 14
"""Tokens looked at on either side of a number; auxiliaries cost nothing, so it is wider than `_NEAREST`."""


def harm(s: Sentence, numbers: Sequence[Amount], i: int, j: int) -> Harm:
    """Return the harm counted between tokens `i` and `j`."""
    at = {k: kind for k in range(i, j) if (kind := word_of_harm(s, k))}
    made = Harm()
    if not at:
        return made
    for amount in numbers:
        if not i <= amount.start < j or not _of_people(amount):
            continue
        kind, part = _kind(s, amount, at), _part(s, amount)
        if kind == "killed" and made.killed is None and not part:
            made.killed = amount
        elif kind == "killed" and is_civilian(amount.unit) and made.civilians is None:
            made.civilians = amount
        elif kind == "injured" and made.injured is None and not part:
            made.injured = amount
    if made.killed is not None and is_civilian(made.killed.unit) and made.civilians is None:
        made.civilians = made.killed
    return made


def _of_people(amount: Amount) -> bool:
    """Return whether a number may count people: it says so, or says nothing and stands beside harm."""
    return not amount.unit or is_person(amount.unit) or amount.unit in _words().dead


def _part(s: Sentence, amount: Amount) -> bool:
    """Return whether a number is a part of another: "including five children", "among them two"."""
    before = s.words[max(0, amount.start - 3) : amount.start]
    return any(word in ("including", "among", "them", "whom", "mostly") for word in before)


def _harms(s: Sentence, k: int) -> bool:
    """Return whether a word of harm tells what someone does, and not what was done to those before it."""
    if s.tags[k] not in "ezk" or group(s, k).passive or s.words[k] in _words().dead:
        return False
    acts_on = s.tags[k + 1 : k + 2]
    return s.words[k] not in _words().hurt or (bool(acts_on) and acts_on in "DNEJ#R")


def _kind(s: Sentence, amount: Amount, at: dict[int, str]) -> str:
    """Return which harm a number counts: the nearest, before it as a verb or after it as a participle."""
    best, nearest = "", _NEAREST + 1
    for k in range(max(0, amount.start - _REACH), min(len(s), amount.end + _REACH)):
        kind = at.get(k, "")
        if not kind:
            continue
        if k >= amount.end:
            between = range(max(amount.end, amount.unit_at + 1), k)
            cost = len([m for m in between if s.tags[m] not in "bhBM"])
            if _harms(s, k) or any(s.tags[m] in ";:" or s.words[m] in ("who", "which") for m in between):
                continue
            if any(s.tags[m] in "C," for m in between):
                cost += 2
        else:
            between = range(k + 1, amount.start)
            cost = len([m for m in between if s.tags[m] not in "BD"])
            if s.tags[k] in "en" and group(s, k).passive:
                cost += 3
            if any(s.tags[m] in ";" for m in between):
                continue
        if cost < nearest:
            best, nearest = kind, cost
    if not best and _part(s, amount) and at:
        return "killed" if "killed" in at.values() else "injured"
    return best

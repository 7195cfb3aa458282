"""How many were killed and injured, and how many of them were civilians, fighters, children or women.

A number goes to the nearest word of harm, within a few tokens and inside the same clause. Numbers that stand
side by side ("five civilians and three fighters") are added; a part ("including two children") never is.
Silence is not zero: what the sentence does not count stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from holdfire.reading.prose.words.lexicon import page, words
from holdfire.reading.prose.words.peoples import is_child, is_civilian, is_combatant, is_person, is_woman
from holdfire.reading.prose.words.quantities import Amount
from holdfire.reading.prose.words.syntax import group
from holdfire.reading.prose.words.tokens import Sentence


@dataclass(slots=True)
class Harm:
    """Deaths and injuries that a sentence counts.

    Attributes:
        killed: The number killed; None: not counted.
        civilians: How many of them were civilians.
        combatants: How many of them fought.
        children: How many of them were children.
        women: How many of them were women.
        injured: The number injured.
        counted: Every number of people harmed, as it stands, its measure told; parts included.
    """

    killed: Amount | None = None
    civilians: Amount | None = None
    combatants: Amount | None = None
    children: Amount | None = None
    women: Amount | None = None
    injured: Amount | None = None
    counted: tuple[Amount, ...] = ()


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


def tells_of_harm(s: Sentence) -> bool:
    """Return whether any token of a sentence is a word of harm."""
    known = _words()
    if not (known.wounding.isdisjoint(s.lemmas) and known.hurt.isdisjoint(s.words)):
        return True
    if not known.dead.isdisjoint(s.words):
        return True
    return not known.killing.isdisjoint(s.lemmas) and any(word_of_harm(s, k) for k in range(len(s)))


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
    if not at:
        return Harm()
    held = [n for n in numbers if i <= n.start < j and _of_people(n) and n.use not in ("former", "change")]
    held = sorted([*held, *_singles(s, held, i, j)], key=lambda n: n.start)
    counted = [replace(n, measure=kind) for n in held if (kind := _kind(s, n, at))]
    return _harm(s, counted)


def _harm(s: Sentence, counted: Sequence[Amount]) -> Harm:
    """Return the sums and the parts of what was counted."""
    dead = [n for n in counted if n.measure == "killed"]
    whole = _first_run(s, [n for n in dead if n.counts])
    parts = [n for n in dead if n.use == "part"]
    hurt = _first_run(s, [n for n in counted if n.measure == "injured" and n.counts])
    told = [*whole, *parts]
    civilians = _of(whole, is_civilian) or _of(parts, _plainly_civilian)
    if civilians is None and (at_least := _of(parts, is_civilian)) is not None:
        civilians = replace(at_least, bound="lower", high=None)  # children of all who died: others may be too
    return Harm(
        killed=total(whole),
        civilians=civilians,
        combatants=_of(whole, is_combatant) or _of(parts, is_combatant),
        children=_of(told, is_child),
        women=_of(told, is_woman),
        injured=total(hurt),
        counted=tuple(counted),
    )


def _plainly_civilian(noun: str) -> bool:
    return noun in ("civilian", "civilians")


def _of(numbers: Iterable[Amount], kind: object) -> Amount | None:
    return total([n for n in numbers if callable(kind) and kind(n.unit)])


def _first_run(s: Sentence, numbers: Sequence[Amount]) -> list[Amount]:
    """Return the first number with those that stand beside it and are added to it."""
    run = list(numbers[:1])
    for number in numbers[1:]:
        between = range(max(run[-1].end, run[-1].unit_at + 1), number.start)
        if not all(s.tags[k] in ",C" or s.words[k] in _BESIDE for k in between):
            break
        if not run[-1].unit or not number.unit or len(between) == 0:
            break
        run.append(number)
    return run


_BESIDE = frozenset(("as", "well", "plus", "her", "his", "their", "its"))


def total(numbers: Sequence[Amount]) -> Amount | None:
    """Return the sum of numbers as one; where one of them has no floor, the first alone."""
    if not numbers:
        return None
    first = numbers[0]
    if len(numbers) == 1 or any(n.low is None or n.high is not None for n in numbers):
        return first
    bound = "exact" if all(n.bound == "exact" for n in numbers) else "lower"
    units = {n.unit for n in numbers}
    return replace(
        first,
        end=numbers[-1].end,
        value=sum(n.value for n in numbers),
        bound=bound,
        unit=units.pop() if len(units) == 1 else "people",
        unit_at=-1,
    )


def _of_people(amount: Amount) -> bool:
    """Return whether a number may count people: it says so, or says nothing and stands beside harm."""
    return not amount.unit or is_person(amount.unit) or amount.unit in _words().dead


def _singles(s: Sentence, numbers: Sequence[Amount], i: int, j: int) -> list[Amount]:
    """Return one person told without a number: "a woman", "another soldier", "the mayor of the town"."""
    taken = {k for n in numbers for k in range(n.start, max(n.end, n.unit_at + 1))}
    found = []
    for k in range(i, min(j, len(s) - 1)):
        if s.words[k] not in _ONE or k in taken:
            continue
        noun = _person_after(s, k + 1)
        if noun < 0 or any(m in taken for m in range(k, noun + 1)) or not _suffers(s, k, noun):
            continue
        use = "more" if s.words[k] == "another" else ""
        found.append(Amount(k, k + 1, 1, None, "exact", s.words[noun], noun, use))
    return found


_ONE = frozenset(("a", "an", "another", "the", "his", "her", "its", "their"))
_GROUPS = frozenset(
    (
        "family",
        "people",
        "crew",
        "staff",
        "police",
        "personnel",
        "elderly",
        "wounded",
        "injured",
        "dead",
        "missing",
    )
)


def _person_after(s: Sentence, k: int) -> int:
    """Return the noun of one person in a short phrase: "mayor" of "mayor J. Ode"; -1: none."""
    last = -1
    for m in range(k, min(len(s), k + 6)):
        word = s.words[m]
        if s.tags[m] not in "NEJ-":
            break
        if s.tags[m] in "NE" and is_person(word) and word not in _GROUPS and not _plural(word):
            last = m
        elif s.tags[m] in "NE" and (word in _GROUPS or is_person(word)):
            return -1
    return last


def _suffers(s: Sentence, k: int, noun: int) -> bool:
    """Return whether the person at tokens `k` to `noun` is harmed, and does not harm, speak or stand by."""
    if k and s.tags[k - 1] == "P" and s.words[k - 1] != "of":
        return False  # "by a soldier", "near the mayor"
    for m in range(noun + 1, min(len(s), noun + 14)):
        if s.tags[m] in "bh":
            done = next((n for n in range(m + 1, min(len(s), m + 4)) if s.tags[n] not in "Bb"), m)
            return bool(word_of_harm(s, done)) and s.tags[done] != "g"
        if s.tags[m] in "zekvM.;":
            if s.words[m] in ("died", "perished", "dead", "wounded", "injured"):
                return True
            break
    return any(word_of_harm(s, m) for m in range(max(0, k - 5), k))


def _plural(word: str) -> bool:
    return (word.endswith("s") and not word.endswith("ss")) or word.endswith(("men", "women", "children"))


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
    if not best and amount.use == "part" and at:
        return "killed" if "killed" in at.values() else "injured"
    return best

"""Whom a count is of: of the people on the lists, those of whom entries say it; who is left out, and why.

Five rules hold, and tests/unit/test_among.py tries to break each:

* a person is one of those counted only where entries say so; silence is no yes, and neither is disagreement;
* everyone on the lists is counted, or left out for one reason that is told with its number;
* an entry that does not say it finds nobody: a list that seldom says it finds fewer people, no other ones;
* a list that never says it is no list of these people;
* of a question with one answer for everyone, nobody is left out.

The third is why a list's silence does not bend the estimate. Were a person known by one list's word counted
on every list that has them, people whom only silent lists have would look as if they did not exist, and too
few would seem to be missed. Of entries that say it, each list is as it would be had it fewer of its people,
as long as whether a list says it has nothing to do with who else lists them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from holdfire.counting.estimate import Reason
from holdfire.counting.membership import MISSING, Grouped, Sheet
from holdfire.counting.overlaps import Integers

VAGUE = -2
"""Code of an entry that says too little: a year of death where a month is asked."""
DISPUTED = -3
"""Code of a person of whom as many entries say one thing as another."""

Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """One thing that is asked of everyone.

    Attributes:
        name: What it is, such as `status`.
        codes: What each entry says; MISSING: nothing, VAGUE: too little (entries,).
        values: What the codes from 0 on mean.
        wanted: Codes of those who are counted; MISSING among them: also those of whom no entry says it.
        weak: Codes that yield to any other, such as a list's own word that it does not know.
    """

    name: str
    codes: Integers
    values: tuple[str, ...]
    wanted: frozenset[int]
    weak: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Kept:
    """The people who are counted, under one partition of entries.

    Attributes:
        found: They, on the lists whose entries say that they are.
        left_out: People who are not, by what was asked and why; each once, by the first that is asked.
        unused: Entries of people who are counted that do not say it, by list (lists,).
    """

    found: Grouped
    left_out: Mapping[tuple[str, str], int]
    unused: Integers


def among(sheet: Sheet, found: Grouped, groups: Integers, asked: Sequence[Asked]) -> Kept:
    """Return the people who are counted.

    Args:
        sheet: The entries.
        found: Their people, as `membership.grouped` gives them.
        groups: For each entry a number of its person (entries,).
        asked: What is asked of everyone, all of which must hold.
    """
    _, person = np.unique(groups, return_inverse=True)
    person = person.astype(np.int64)
    there = np.ones(found.people, bool)
    says = np.ones(len(groups), bool)
    left_out: dict[tuple[str, str], int] = {}
    for each in asked:
        said = said_of(person, each.codes, found.people, len(each.values), each.weak)
        for code, count in zip(*np.unique(said[there], return_counts=True), strict=True):
            if int(code) not in each.wanted:
                left_out[each.name, _reason(each, int(code))] = int(count)
        there &= np.isin(said, sorted(each.wanted))
        says &= _says(each)
    patterns = np.zeros(found.people, np.uint64)
    np.bitwise_or.at(patterns, person[says], np.uint64(1) << sheet.list_of[says].astype(np.uint64))
    told = patterns > 0
    if nowhere := int((there & ~told).sum()):
        left_out["all", "no_entry_says_all"] = nowhere
    there &= told
    silent = ~says & there[person]
    return Kept(
        Grouped(patterns[there], {name: codes[there] for name, codes in found.labels.items()}),
        left_out,
        np.bincount(sheet.list_of[silent], minlength=len(sheet.lists)),
    )


def _says(asked: Asked) -> Marks:
    """Return whether each entry says it: what is weak, and silence, only where they are asked for."""
    strong = (asked.codes >= 0) & ~np.isin(asked.codes, sorted(asked.weak - asked.wanted))
    found: Marks = strong | ((asked.codes == MISSING) & (MISSING in asked.wanted))
    return found


def said_of(
    person: Integers, codes: Integers, people: int, values: int, weak: frozenset[int] = frozenset()
) -> Integers:
    """Return what most entries say of each person; DISPUTED where two things are said as often.

    An entry that says too little speaks only where no other does.

    Args:
        person: Whose each entry is (entries,).
        codes: What each says (entries,).
        people: How many there are.
        values: How many codes there are from 0 on.
        weak: Those that yield to any other.
    """
    said = codes >= 0
    counts = np.zeros((people, max(values, 1)), np.int32)
    np.add.at(counts, (person[said], codes[said]), 1)
    yields = np.isin(np.arange(counts.shape[1]), sorted(weak))
    counts[np.ix_(counts[:, ~yields].any(axis=1), yields)] = 0
    most = counts.max(axis=1)
    first: Integers = counts.argmax(axis=1).astype(np.int64)
    vague = np.zeros(people, bool)
    vague[person[codes == VAGUE]] = True
    first[(counts == most[:, None]).sum(axis=1) > 1] = DISPUTED
    silent: Integers = np.where(vague, VAGUE, MISSING)
    return np.where(most > 0, first, silent)


def conditions(kept: Sequence[Kept]) -> tuple[Reason, ...]:
    """Return what a number rests on where entries were left unused, as they do not say who someone was.

    Args:
        kept: The people who are counted, under each partition.
    """
    if not any(int(each.unused.sum()) or _unsaid(each) for each in kept):
        return ()
    people = int(np.median([_unsaid(each) for each in kept]))
    entries = int(np.median([int(each.unused.sum()) for each in kept]))
    return (Reason("said_or_not", {"people": people, "entries": entries}),)


def _unsaid(kept: Kept) -> int:
    return sum(
        n for (_, why), n in kept.left_out.items() if why in {"not_said", "vague", "no_entry_says_all"}
    )


def _reason(asked: Asked, code: int) -> str:
    words = {MISSING: "not_said", VAGUE: "vague", DISPUTED: "disputed"}
    return words[code] if code in words else asked.values[code]

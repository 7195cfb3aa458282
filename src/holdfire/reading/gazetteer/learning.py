"""Spelling variants learned from pairs of names, such as one list's Latin and Arabic names of the same place.

Only what is learned is kept, never the names: how often one sound of a Latin spelling stands where another
does in the other spelling, and which Latin words stand for one Arabic word. The result is data that the user
keeps beside the gazetteer (`holdfire gazetteer build --learned FILE`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from holdfire.reading.gazetteer.spelling import VOWELS, distance_of_sounds, habits, key, sounds

ENOUGH = 5
"""Fewest times a difference must be seen to be learned."""
FARTHEST = 2.5
"""Greatest distance of two names that are still taken for one name spelled twice."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One place under two spellings."""

    one: str
    other: str


def learn(pairs: Iterable[Pair]) -> dict[str, Any]:
    """Return what pairs teach: `likes`, costs of two sounds, and `words`, spellings of elements of names.

    A cost is 0.1 for a difference seen in a tenth of all places where its rarer sound stands, and grows with
    the logarithm of how rare it is; only costs lower than the general ones are kept.
    """
    swaps: Counter[tuple[str, str]] = Counter()
    seen: Counter[str] = Counter()
    words: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        one, other = sounds(pair.one), sounds(pair.other)
        if not one or not other or distance_of_sounds(one, other) > FARTHEST:
            continue
        for a, b in aligned(one, other):
            seen[a] += 1
            seen[b] += a != b
            if a != b:
                swaps[min(a, b), max(a, b)] += 1
        left, right = key(pair.one).split(), key(pair.other).split()
        if len(left) == len(right) and right[0] > "\u0600":
            for latin, arabic in zip(left, right, strict=True):
                words[arabic][latin] += 1
    likes = {}
    for (a, b), count in sorted(swaps.items()):
        if count < ENOUGH or (a in VOWELS) != (b in VOWELS):
            continue
        cost = round(min(1.0, 0.1 - 0.3 * math.log10(min(1.0, 10 * count / min(seen[a], seen[b])))), 2)
        if cost < habits().likes.get((a, b), 1.0):
            likes[a + b] = cost
    return {"likes": likes, "words": _words(words)}


def aligned(one: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield the sounds that stand at one place in two names, after the cheapest alignment.

    >>> list(aligned("tib", "dib"))
    [('t', 'd'), ('i', 'i'), ('b', 'b')]
    """
    if not one or not other:
        return
    # Walk from the end: a sound is paired where pairing costs no more than leaving either out.
    i, j = len(one), len(other)
    found = []
    while i and j:
        here = distance_of_sounds(one[:i], other[:j])
        paired = distance_of_sounds(one[: i - 1], other[: j - 1])
        skip_one = distance_of_sounds(one[: i - 1], other[:j])
        skip_other = distance_of_sounds(one[:i], other[: j - 1])
        if paired <= min(skip_one, skip_other) + 1e-9 or here >= paired + 1 - 1e-9:
            found.append((one[i - 1], other[j - 1]))
            i, j = i - 1, j - 1
        elif skip_one <= skip_other:
            i -= 1
        else:
            j -= 1
    yield from reversed(found)


def _words(seen: dict[str, Counter[str]]) -> dict[str, str]:
    """Return rarer Latin spellings of an Arabic word, each with its commonest."""
    found: dict[str, str] = {}
    for _, spelled in sorted(seen.items()):
        (best, most), *others = sorted(spelled.items(), key=lambda pair: (-pair[1], pair[0]))
        if most < ENOUGH:
            continue
        for latin, count in others:
            if count >= 2 and latin not in habits().words and latin not in found:
                found[latin] = best
    return found

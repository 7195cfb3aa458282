"""How a number stands to the others of its sentence: a count by itself, a part, an addition, what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from holdfire.reading.prose.words.lexicon import page, word_set, words
from holdfire.reading.prose.words.quantities import Amount
from holdfire.reading.prose.words.tokens import Sentence

_FORMERLY = word_set("previous earlier initial previously initially")


@lru_cache(maxsize=1)
def _moving() -> frozenset[str]:
    return frozenset(words(page("numbers")["moving"]))


def moves(s: Sentence, k: int) -> bool:
    """Return whether a verb of rising or falling stands shortly before token `k`."""
    return any(s.lemmas[m] in _moving() or s.words[m] in _moving() for m in range(max(0, k - 4), k))


def used(s: Sentence, found: Sequence[Amount]) -> list[Amount]:
    """Say of each number how it stands to the others."""
    out: list[Amount] = []
    for each in found:
        use = _use(s, each)
        if not use and out and out[-1].use == "part" and _beside(s, out[-1], each):
            use = "part"  # "including three children and two women"
        out.append(replace(each, use=use) if use else each)
    return out


def _beside(s: Sentence, one: Amount, other: Amount) -> bool:
    between = range(max(one.end, one.unit_at + 1), other.start)
    return 0 < len(between) <= 2 and all(s.tags[k] in ",C" for k in between)


def _use(s: Sentence, amount: Amount) -> str:  # noqa: PLR0911 - each return is one rule
    i, end = amount.start, amount.end
    before = s.words[max(0, i - 4) : i]
    last = before[-1] if before else ""
    if is_part(s, amount):
        return "part"
    if last in ("another", "further", "additional") or s.words[i] in ("another",):
        return "more"
    if s.words[end : end + 1] in (["more"], ["others"]) or s.words[end : end + 2] == ["other", "people"]:
        return "more"
    if last == "by" and i >= 2 and moves(s, i - 1) and s.tags[i - 2] != "T":
        return "change" if amount.unit == "" or s.words[end : end + 1] == ["to"] else ""
    if last == "from" and (moves(s, i - 1) or before[-2:-1] in (["up"], ["down"]) or _to_number(s, i - 2)):
        return "former"
    if last in ("of", "was", "at") and _FORMERLY.intersection(before[:-1]):
        return "former"
    return "former" if before[-2:] in (["compared", "with"], ["compared", "to"], ["instead", "of"]) else ""


def _to_number(s: Sentence, k: int) -> bool:
    """Return whether "to 15" ends at token `k`, as before "from 9"."""
    for m in range(k, max(-1, k - 3), -1):
        if m >= 1 and s.tags[m] == "#" and s.words[m - 1] == "to":
            return moves(s, m - 1)
    return False


def is_part(s: Sentence, amount: Amount) -> bool:
    """Return whether a number is a part of another: "including five children", "three of them women"."""
    i = amount.start
    before = s.words[max(0, i - 3) : i]
    if any(word in ("including", "among", "them", "whom", "mostly", "included") for word in before):
        return True
    after = s.words[amount.end : amount.end + 2]
    if after[:1] == ["of"] and after[1:] and after[1] in ("them", "whom", "those", "these"):
        return True
    return after[:1] in (["them"], ["whom"], ["those"])

"""What each list does to an answer, in rows and sentences: without it, and what others say of its people."""

from __future__ import annotations

from collections.abc import Iterable

from holdfire.counting.assessing import RANGE_OF_MODELS
from holdfire.counting.eachlist import EachList, Held, why
from holdfire.counting.estimate import Estimate, Reason
from holdfire.publishing.pages.tollwords import TollWords, number

HEADS = ("list", "without_it", "size", "also_on_others", "by_the_others", "which_is")
"""Labels of the columns of `rows`."""
TOLD: tuple[Held, ...] = ("too_low", "too_high", "held", "none")
"""Verdicts in the order in which they are told: what speaks against the answer first."""


def rows(found: EachList, words: TollWords) -> list[tuple[str, ...]]:
    """Return a row for each list: the answer without it, its people, those others found, what they say."""
    return [
        (
            without.list,
            _number(without.number, why(without.said), words),
            number(known.known),
            number(known.found),
            _number(known.number, why(known.said), words),
            words.label(f"known_{known.held}"),
        )
        for without, known in zip(found.without, found.known, strict=True)
    ]


def _number(told: Estimate | None, reasons: Iterable[Reason], words: TollWords) -> str:
    if told is not None:
        return _shown(told, words)
    codes = list(dict.fromkeys(reason.code for reason in reasons))
    first = "too_few_people" if "too_few_people" in codes else codes[0]
    return f"{words.label('stands_not')}: {words.of('shorts', first)}"


def _shown(told: Estimate, words: TollWords) -> str:
    """Return a number with its interval; a range of models has no middle."""
    between = words.sentence("range", low=told.low, high=told.high)
    return between if told.method == RANGE_OF_MODELS else f"{number(told.middle)} ({between})"


def sentences(found: EachList, words: TollWords) -> list[str]:
    """Return what the rows come to."""
    said, moved = [], found.moved
    ends = [(_shown(each.number, words), each.list) for each in (*moved[:1], *moved[-1:]) if each.number]
    if ends:
        (least, first), (most, last) = ends
        facts = {"least": least, "first": first, "most": most, "last": last}
        if len(moved) == 1:
            said.append(words.sentence("each_moves_one", least=least, first=first))
        elif found.whole.stated is None:
            said.append(words.sentence("each_moves_none", **facts))
        else:
            said.append(words.sentence("each_moves", **facts, whole=_shown(found.whole.stated, words)))
    if any(len(each.said.used.lists) == 2 for each in moved):
        said.append(words.sentence("each_two"))
    lists = {held: tuple(each.list for each in found.known if each.held == held) for held in TOLD}
    return [*said, *(words.sentence(f"known_{held}", lists=names) for held, names in lists.items() if names)]

"""Sentences that hold a word of an event and gave no claim: where a reviewer looks for what was not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfire.reading.format import Context
from holdfire.reading.prose.acts.triggers import triggers
from holdfire.reading.prose.claims import READ_ZONES
from holdfire.reading.prose.page.language import language_of
from holdfire.reading.prose.page.zones import Page
from holdfire.reading.prose.words.tokens import sentences
from holdfire.records.report import Report

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Overlooked:
    """A sentence without a claim.

    Attributes:
        sentence: Where it stands in the text as received.
        trigger: Where the word stands that may tell of an event.
        type: What event it would tell of.
    """

    sentence: Span
    trigger: Span
    type: str


def overlooked(page: Page, report: Report, context: Context, claimed: Sequence[Span]) -> list[Overlooked]:
    """Return the sentences of an English text that hold a trigger and no claim, in order.

    Args:
        page: The text.
        report: What was said of it when it came in.
        context: The names and places of the case; none are needed to find a trigger.
        claimed: Where the triggers of its claims stand.
    """
    if language_of(page.shadow.text, report.language) != "en":
        return []
    found = []
    for number, part in enumerate(page.paragraphs):
        if part.zone not in READ_ZONES:
            continue
        for s in sentences(page.shadow.text, part.start, part.end, number, part.zone):
            whole = page.shadow.span(s.start, s.end)
            if any(a < whole[1] and whole[0] < b for a, b in claimed):
                continue
            for each in triggers(s, frozenset())[:1]:
                at = page.shadow.span(s.starts[each.start], s.ends[each.end - 1])
                found.append(Overlooked(whole, at, each.type))
    return found

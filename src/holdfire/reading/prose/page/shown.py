"""A text as it is read, with its way back to the text as received, for those who look at it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfire.reading.format import Context
from holdfire.reading.prose.acts.overlooked import Overlooked, Span, overlooked
from holdfire.reading.prose.page.shadow import Shadow
from holdfire.reading.prose.page.zones import Page
from holdfire.records.report import Report


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that was read.

    Attributes:
        text: As received; spans are code points of it.
        page: What is read of it.
        report: What was said of it when it came in.
        context: The names and places of the case.
    """

    text: str
    page: Page
    report: Report
    context: Context

    @property
    def shadow(self) -> Shadow:
        """Return what is read, and its way back."""
        return self.page.shadow

    def overlooked(self, claimed: Sequence[Span]) -> list[Overlooked]:
        """Return the sentences that hold a word of an event and none of these triggers of claims."""
        return overlooked(self.page, self.report, self.context, claimed)

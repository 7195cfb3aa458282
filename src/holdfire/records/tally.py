"""Deaths or injuries of some incidents, added up as wide as their claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from holdfire.records.count import Count

What = Literal["killed", "civilians", "injured"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Deaths or injuries of some incidents.

    Attributes:
        incidents: How many incidents.
        low: At least so many [people].
        best: Sum of the reports' own best figures [people]; None: some incident has a figure and no best.
        high: At most so many [people]; None: not known.
        silent: Incidents of which no claim gives a figure.
        unbounded: Incidents that have a figure and no highest one.
    """

    incidents: int
    low: int
    best: int | None
    high: int | None
    silent: int
    unbounded: int

    @property
    def count(self) -> Count:
        """Return it as a value that can be added to another."""
        return Count(self.low, self.high)

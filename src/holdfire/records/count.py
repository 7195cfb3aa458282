"""How many: at least, and at most if anyone said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """At least `low`; at most `high`, or no one said how many at most.

    >>> Count(2, 5) + Count(1, 1)
    Count(low=3, high=6)
    >>> Count(2, 5) + UNKNOWN
    Count(low=2, high=None)
    """

    low: int = 0
    high: int | None = None

    def __post_init__(self) -> None:
        if self.low < 0 or (self.high is not None and self.high < self.low):
            raise ValueError(f"a count from {self.low} to {self.high} holds nothing")

    def __add__(self, other: Count) -> Count:
        high = None if self.high is None or other.high is None else self.high + other.high
        return Count(self.low + other.low, high)

    def hull(self, other: Count) -> Count:
        """Return the narrowest count that allows both."""
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Count(min(self.low, other.low), high)


UNKNOWN = Count()
"""No one said how many. Silence is not zero, and it is not "none at all" either."""

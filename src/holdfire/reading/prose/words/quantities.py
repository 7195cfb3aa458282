"""A number that a text gives: its value, how far it binds, what it counts, how it stands to others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a sentence, and what it is a number of.

    Attributes:
        start: First token, its modifier included.
        end: The token after the number and the modifier behind it.
        value: The number; of a range, its lower end.
        high: Of a range, its upper end; else None.
        bound: exact, lower, upper, near or vague.
        unit: The noun it counts, in lower case; empty: none is named.
        unit_at: Token of that noun; -1: none.
        use: How it stands to other numbers: empty, or `part` of another ("including 3 children"), `more`
            ("four more"), `former` ("up from 9"), `change` ("rose by 6").
        measure: What is counted: killed, injured, displaced, detained, violations ...; empty: not told.
    """

    start: int
    end: int
    value: int
    high: int | None
    bound: str
    unit: str
    unit_at: int
    use: str = ""
    measure: str = ""

    @property
    def low(self) -> int | None:
        """At least this many; None: the words give no floor."""
        return None if self.bound in ("upper", "near") and self.high is None else self.value

    @property
    def best(self) -> int | None:
        """The text's own figure; None: it gives only bounds."""
        return self.value if self.bound in ("exact", "near") and self.high is None else None

    @property
    def most(self) -> int | None:
        """At most this many; None: the words give no ceiling."""
        if self.high is not None:
            return self.high
        return self.value if self.bound in ("exact", "upper") else None

    @property
    def counts(self) -> bool:
        """Whether it is a count by itself, and no part or change of another."""
        return self.use in ("", "more")

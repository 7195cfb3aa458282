"""The one line in which a chaos command says what it did and what was lost.

`0 of 1000: at most 3/1000 = 0.30 % at 95 %` is the rule of three: with no loss in N independent trials, a
chance of loss above 3/N would have shown one in 95 of 100 such runs (Hanley and Lippman-Hand 1983,
JAMA 249:1743-1745). It speaks of the faults that were tried, not of those that were not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The same trial with one defence taken out; it must find a loss.

    Attributes:
        what: The defence that was taken out, in a few words.
        tried: How many faults.
        found: In how many of them the checks found a loss.
    """

    what: str
    tried: int
    found: int

    def __str__(self) -> str:
        """Return the words of the line."""
        return f"control, {self.what}: {self.found} of {self.tried} found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one chaos command did and saw.

    Attributes:
        command: Its name.
        trials: How many faults were tried.
        unit: What one fault is, in the plural: kills, cuts, flips.
        seed: What every random choice followed from.
        bad: What must be zero, by name.
        failed: In how many trials anything of `bad` was seen; None: as many as `bad` adds up to.
        seen: What else was counted, by name; it decides nothing.
        controls: The trials that must find a loss.
        seconds: How long it took.
        details: A line for each loss, for whoever looks into it.
    """

    command: str
    trials: int
    unit: str
    seed: int
    bad: Mapping[str, int]
    failed: int | None = None
    seen: Mapping[str, int] = field(default_factory=dict)
    controls: tuple[Control, ...] = ()
    seconds: float = 0.0
    details: tuple[str, ...] = ()

    @property
    def losses(self) -> int:
        """Return in how many trials something was lost."""
        return sum(self.bad.values()) if self.failed is None else self.failed

    @property
    def passed(self) -> bool:
        """Return whether something was tried, nothing was lost, and every control found its loss."""
        controlled = all(control.found for control in self.controls)
        return self.trials > 0 and not self.losses and not any(self.bad.values()) and controlled

    @property
    def bound(self) -> str:
        """Return how seldom a loss must be, or how often it was."""
        if self.trials <= 0:
            return "nothing was tried"
        if self.losses:
            return f"{self.losses} of {self.trials}"
        return f"0 of {self.trials}: at most 3/{self.trials} = {300 / self.trials:.2f} % at 95 %"

    def __str__(self) -> str:
        """Return the one line.

        >>> print(Told(command="kill", trials=1000, unit="kills", seed=7, bad={"lost": 0}, seconds=61))
        kill: 1,000 kills, seed 7: 0 lost; 0 of 1000: at most 3/1000 = 0.30 % at 95 %; 61.0 s
        """
        parts = [
            f"{self.command}: {self.trials:,} {self.unit}, seed {self.seed}: {_counts(self.bad)}",
            *([_counts(self.seen)] if self.seen else []),
            self.bound,
            *map(str, self.controls),
            f"{self.seconds:.1f} s",
        ]
        return "; ".join(parts)

    def as_json(self) -> dict[str, Any]:
        """Return the same for machines."""
        return {
            "command": self.command,
            "trials": self.trials,
            "unit": self.unit,
            "seed": self.seed,
            "bad": dict(self.bad),
            "failed": self.losses,
            "seen": dict(self.seen),
            "bound": self.bound,
            "controls": [
                {"what": each.what, "tried": each.tried, "found": each.found} for each in self.controls
            ],
            "seconds": round(self.seconds, 1),
            "passed": self.passed,
            "details": list(self.details),
        }


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())

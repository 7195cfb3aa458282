"""How often each rule of attribution is right, as it was measured, and which are right often enough.

The counts are in `lexicons/measured.yaml`, made by `python -m bench.reading.measured --write`: for each
construction, and for each construction with a kind of cue, how many of the attributions it gave were right.
"""

from __future__ import annotations

from functools import lru_cache

from holdfire.reading.prose.words.lexicon import page

REACH = 0.77
"""Least estimated precision of an attribution in the precise setting."""

_PRIOR = 4
"""How many attributions the precision of a construction alone weighs beside those with the kind of cue."""


@lru_cache(maxsize=1)
def _counts() -> dict[str, tuple[int, int]]:
    return {str(rule): (int(right), int(of)) for rule, (right, of) in page("measured")["rules"].items()}


def measured(rule: str) -> tuple[int, int] | None:
    """Return how many attributions of a rule were right, and of how many; None: it was not measured.

    Args:
        rule: A construction ("that"), or a construction with a kind of cue ("that say").
    """
    return _counts().get(rule)


def precision(rule: str, group: str) -> float:
    """Return the estimated precision of a construction with a kind of cue, between 0 and 1.

    The counts of the two together, drawn towards that of the construction alone where they are few.
    """
    right, of = measured(rule) or (0, 0)
    whole = (right + 1) / (of + 2)
    right, of = measured(f"{rule} {group}") or (0, 0)
    return (right + _PRIOR * whole) / (of + _PRIOR)


@lru_cache(maxsize=4096)
def precise(rule: str, group: str) -> bool:
    """Return whether a construction with a kind of cue is right often enough for the precise setting."""
    return precision(rule, group) >= REACH

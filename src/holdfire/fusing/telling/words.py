"""Weights of evidence in words: how many times likelier, what odds, how sure."""

from __future__ import annotations


def odds(weight: int) -> str:
    """Return odds in words.

    Args:
        weight: log2 of the odds [millibits].

    >>> odds(4392), odds(0), odds(-9000)
    ('21 to 1', 'even', '1 to 510')
    """
    if abs(weight) < 70:  # under five per cent apart: no one acts on the difference
        return "even"
    size = _count(2 ** (abs(weight) / 1000))
    return f"{size} to 1" if weight > 0 else f"1 to {size}"


def times(weight: int) -> str:
    """Return what a piece of evidence does to the odds that two records are one, in words.

    >>> times(6200), times(-1800), times(0)
    ('74 times likelier', '3.5 times less likely', 'no matter')
    """
    if abs(weight) < 70:
        return "no matter"
    size = _count(2 ** (abs(weight) / 1000))
    return f"{size} times likelier" if weight > 0 else f"{size} times less likely"


def sure(confidence: int) -> str:
    """Return a confidence [thousandths] in words; nothing that was weighed is certain.

    >>> sure(1000), sure(998), sure(437), sure(0)
    ('over 99 %', 'over 99 %', '44 %', 'under 1 %')
    """
    if confidence > 990:
        return "over 99 %"
    if confidence < 10:
        return "under 1 %"
    return f"{round(confidence / 10)} %"


def percent(share: float | None) -> str:
    """Return a share in words; None: there is nothing to take a share of.

    >>> percent(0.974), percent(None)
    ('97 %', '-')
    """
    return "-" if share is None else f"{100 * share:.0f} %"


def chance(weight: int) -> int:
    """Return the probability that odds amount to [thousandths].

    Args:
        weight: log2 of the odds [millibits].

    >>> chance(0), chance(4392)
    (500, 955)
    """
    return round(1000 / (1 + 2 ** (-max(-60_000, min(60_000, weight)) / 1000)))


def _count(size: float) -> str:
    if size >= 1e9:
        return "over a thousand million"
    if size >= 1e6:
        return f"{size / 1e6:,.0f} million"
    if size >= 9.95:
        # Two digits that mean something: the rest is not known.
        digits = len(str(int(size))) - 2
        return f"{round(size, -digits):,.0f}"
    return f"{size:.1f}".removesuffix(".0")

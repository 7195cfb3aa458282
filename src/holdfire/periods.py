"""The days a bulletin is of: how a person writes them, and what they are called."""

from __future__ import annotations

from datetime import date, timedelta

from holdfire.errors import BadInput

Days = tuple[date, date]
"""First and last local day, both included."""


def period_name(first: date, last: date) -> str:
    """Return the name of a period, which is that of its bulletin's folder."""
    return f"{first}" if first == last else f"{first}_{last}"


def span(period: str) -> Days:
    """Return the days that `A/B` or `A` names.

    Raises:
        BadInput: It is no period, or ends before it starts.
    """
    parts = period.split("/") if "/" in period else [period, period]
    try:
        first, last = (date.fromisoformat(part.strip()) for part in parts)
    except ValueError:
        raise BadInput(f'"{period}" is not a period', hint="--period 2016-03-01/2016-03-07") from None
    if last < first:
        raise BadInput(
            f"the period ends ({last}) before it starts ({first})", hint="write the earlier day first"
        )
    return first, last


def periods(period: str, otherwise: date, *, daily: bool) -> list[Days]:
    """Return the periods to publish: the one named, or the day given; one for each of its days if daily."""
    first, last = span(period) if period else (otherwise, otherwise)
    if not daily:
        return [(first, last)]
    return [(first + timedelta(days=n),) * 2 for n in range((last - first).days + 1)]

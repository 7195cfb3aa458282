"""Who holds which role: its own, those of a list that an exclusion refers to, and those it came into.

An actor that came out of others holds their roles for the time before, under whatever name reports give it.
From that day on it holds them for certain only if the text or the actor says that it takes them over; where
nothing says so it may hold them, which reads unclear. A role of its own, from its day on, settles the matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from holdfire import times
from holdfire.agreement.parties import Descent, Exclusions, OutsideList, Party, Role
from holdfire.times import Interval


class Holding(NamedTuple):
    """A role that an actor holds between two instants that may themselves be vague."""

    actor: str
    role: Role
    start: Interval
    end: Interval | None
    certain: bool
    cite: str


def own(
    parties: Iterable[Party], exclusions: Exclusions, lists: Iterable[OutsideList], zone: ZoneInfo
) -> list[Holding]:
    """Return every role that is written down, exclusions by list written out.

    Someone excluded by reference is excluded while both the exclusion and the list's entry hold.
    """
    found = [
        Holding(p.actor, p.role, *_span(p.starts, p.until, zone), p.certainty == "yes", p.cite)
        for p in parties
    ]
    by_id = {each.id: each for each in lists}
    for exclusion in exclusions.exclusions:
        start, end = _span(exclusion.starts, exclusion.until, zone)
        certain = exclusion.certainty == "yes"
        if exclusion.actor:
            found.append(Holding(exclusion.actor, Role.EXCLUDED, start, end, certain, exclusion.cite))
        for entry in by_id[exclusion.list].entries if exclusion.list else ():
            listed, delisted = _span(entry.starts, entry.until, zone)
            found.append(
                Holding(
                    entry.actor,
                    Role.EXCLUDED,
                    max(start, listed, key=_first),
                    min((e for e in (end, delisted) if e), key=_first, default=None),
                    certain and entry.certainty == "yes",
                    f"{exclusion.cite}; {entry.cite}",
                )
            )
    return found


def inherited(held: Sequence[Holding], lineage: Sequence[Descent], zone: ZoneInfo) -> list[Holding]:
    """Return the roles that actors came into by a split, a merger or a new name.

    Lines are followed in order of date, so that what a child came into passes on to its own children.
    """
    found = list(held)
    for descent in sorted(lineage, key=lambda d: (_first(times.parse(d.on, zone)[0]), d.actor)):
        on = times.parse(descent.on, zone)[0]
        mine = [h.start for h in held if h.actor == descent.actor]
        settled = min(mine, key=_first, default=None)
        for role in [h for h in found if h.actor in descent.of]:
            found += _passed(role, descent, on, settled)
    return found[len(held) :]


def _passed(role: Holding, descent: Descent, on: Interval, settled: Interval | None) -> Iterable[Holding]:
    """Yield one role as the child held it before it came to be, and as it holds it since."""
    whole = descent.how == "merge" and len(descent.of) > 1
    cite = f"{role.cite}; {descent.cite}"
    before = _earlier(role.end, _earlier(on, settled))
    if before is not None and _first(role.start) < _first(before):
        # Before a merger, which of the merged bodies a later name means no one can say.
        yield Holding(descent.actor, role.role, role.start, before, role.certain and not whole, cite)
    if descent.takes_over == "no":
        return
    start = max(on, role.start, key=_first)
    end = _earlier(role.end, settled)
    if end is None or _first(end) > _first(start):
        yield Holding(
            descent.actor, role.role, start, end, role.certain and descent.takes_over == "yes", cite
        )


def _earlier(one: Interval | None, other: Interval | None) -> Interval | None:
    return min((e for e in (one, other) if e is not None), key=_first, default=None)


def _span(start: str, until: str | None, zone: ZoneInfo) -> tuple[Interval, Interval | None]:
    return times.parse(start, zone)[0], times.parse(until, zone)[0] if until else None


def _first(interval: Interval) -> str:
    return str(interval.start)

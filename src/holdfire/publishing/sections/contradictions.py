"""Numbers that cannot all be right, found and set side by side; none is corrected, and none is preferred.

    falls   a running total of one voice is lower later than earlier, the agreement not having begun anew
    parts   the parts that one report gives by actor do not add up to any total it gives
    near    what one report gives beside its total comes within a quarter of it, and does not add up to it
    differ  different voices give different numbers of one thing, under one rule, at one time

Sums are made here only to see whether a report's own arithmetic holds, under one rule or under that of the
report's own total (`records.counting.as_parts`); they are never printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations, groupby, pairwise

from holdfire.agreement.document import Agreement
from holdfire.agreement.instruments import WindowKind
from holdfire.publishing.sayings import Saying
from holdfire.records.counting import Ruled, as_parts, total

NEAR = 4
"""Numbers are taken for parts of a total if their sum is within a quarter of it (1 in 4)."""

MOST = 6
"""Most numbers that are tried as parts of a total: beyond, some subset would fit by chance."""

Group = list[Saying]


def found(counts: Sequence[Saying], agreement: Agreement, first: date) -> Iterator[tuple[str, Group]]:
    """Yield each contradiction that a claim from `first` on has a part in: its kind, and its claims."""
    exact = [s for s in counts if s.bound in ("exact", "") and not s.negated and s.rule]
    starts = _starts(agreement)
    kinds = {
        "falls": _falling(exact, starts),
        "parts": _parts(exact),
        "near": _near(exact),
        "differ": _differing(exact),
    }
    for kind, groups in kinds.items():
        for group in groups:
            if any(s.day and s.day >= first for s in group):
                yield kind, group


def _starts(agreement: Agreement) -> list[date]:
    """Return the days on which the agreement began, or began anew: from there a total may be counted anew."""
    begun = (WindowKind.IN_FORCE, WindowKind.RECOMMITMENT, WindowKind.CLOCK_RESET)
    zone = agreement.zone
    found = [
        start.astimezone(zone).date()
        for instrument in agreement.instruments
        for window in instrument.windows
        if window.kind in begun and (start := window.start(zone).start)
    ]
    return sorted(found)


def _falling(exact: Sequence[Saying], starts: Sequence[date]) -> list[Group]:
    groups: list[Group] = []
    running = [s for s in exact if s.cumulative and _stood(s)]

    def series(said: Saying) -> tuple[str, str, tuple[str, ...]]:
        return (said.speaker, said.rule, said.actors)

    for _, members in groupby(sorted(running, key=lambda s: (series(s), _stood(s), s.id)), key=series):
        for earlier, later in pairwise(members):
            anew = any(_stood(earlier) < start <= _stood(later) for start in starts)
            fell = (later.quantity or 0) < (earlier.quantity or 0)
            if fell and not anew and _stood(earlier) != _stood(later):
                groups.append([earlier, later])
    return groups


def _stood(said: Saying) -> date:
    """Return the day a running total stood: that of its time, else that of its report; none is the first."""
    return said.end.date() if said.end else said.day or date.min


def _parts(exact: Sequence[Saying]) -> list[Group]:
    """Return a report's totals with its parts by actor: one report, one voice, one rule, one time."""
    groups: list[Group] = []

    def together(s: Saying) -> tuple[str, str, str, str, str]:
        return (s.report, s.speaker, s.rule, str(s.start), str(s.end))

    for _, members in groupby(sorted(exact, key=lambda s: (together(s), s.seq)), key=together):
        listed = _once(list(members))
        totals = [s for s in listed if not s.actors]
        parts = [s for s in listed if len(s.actors) == 1]
        apart = len({s.actors for s in parts}) == len(parts)
        if totals and len(parts) >= 2 and apart and total(map(_ruled, parts)) not in map(_ruled, totals):
            groups.append([*totals, *parts])
    return groups


def _near(exact: Sequence[Saying]) -> list[Group]:
    groups: list[Group] = []

    def together(s: Saying) -> tuple[str, str]:
        return (s.report, s.speaker)

    bare = [s for s in exact if not s.actors and s.quantity]
    for _, members in groupby(sorted(bare, key=lambda s: (together(s), s.seq)), key=together):
        listed = _once(list(members))
        most = max(listed, key=lambda s: s.quantity or 0)
        others = [s for s in listed if (s.quantity or 0) < (most.quantity or 0)]
        if 2 <= len(others) <= MOST and _nearly(most, others):
            groups.append([most, *others])
    return groups


def _nearly(most: Saying, others: Sequence[Saying]) -> bool:
    """Return whether numbers read as the parts of a total, and no two or more of them add up to it."""
    whole, numbers = as_parts(_ruled(most), map(_ruled, others))
    if abs(total(numbers).low - whole.low) * NEAR > whole.low:
        return False
    sizes = range(2, len(numbers) + 1)
    return all(total(some) != whole for size in sizes for some in combinations(numbers, size))


def _ruled(said: Saying) -> Ruled:
    """Return the number of a claim, which refuses to be added to one under another rule."""
    number = said.quantity or 0
    return Ruled(rule=said.rule, low=number, high=number)


def _differing(exact: Sequence[Saying]) -> list[Group]:
    groups: list[Group] = []
    timed = [s for s in exact if s.start or s.end]

    def same(s: Saying) -> tuple[str, str, str, tuple[str, ...], str]:
        return (s.rule, str(s.start), str(s.end), s.actors, s.area)

    for _, members in groupby(sorted(timed, key=lambda s: (same(s), s.speaker, s.id)), key=same):
        listed = list(members)
        if len({s.speaker for s in listed}) > 1 and len({s.quantity for s in listed}) > 1:
            groups.append(listed)
    return groups


def _once(members: Group) -> Group:
    """Return claims without those that say the same number of the same again."""
    return list({(s.rule, s.actors, s.quantity): s for s in reversed(members)}.values())[::-1]

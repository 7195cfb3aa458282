"""When a term binds, by every text that speaks of it: its own windows, and what later texts change in them.

Later changes are applied after earlier ones, by the day from which they hold. A stretch begins and ends in
intervals, as vague as the text; what falls into one is unclear. Nothing here answers a question about an
incident: `judging.standing` turns these stretches into one, and `agreement show` prints the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from holdfire import times
from holdfire.agreement.instruments import Change, ChangeKind, Instrument, WindowKind
from holdfire.agreement.terms import Due, Term
from holdfire.times import Interval


class Stretch(NamedTuple):
    """From when to when, each as vague as its text; no end: none is said."""

    start: Interval
    end: Interval | None


@dataclass(frozen=True)
class Force:
    """When one term binds.

    Attributes:
        binding: While it binds, suspensions and failures left aside.
        suspended: While it is taken out.
        failed: While it is reported to have failed, so that whether it binds is unclear.
        overdue: While its deadline has passed; empty: it has none.
        clauses: Clauses of later texts that changed it, in order.
    """

    binding: tuple[Stretch, ...]
    suspended: tuple[Stretch, ...]
    failed: tuple[Stretch, ...]
    overdue: tuple[Stretch, ...]
    clauses: tuple[str, ...]

    def instants(self) -> list[Interval]:
        """Return every interval at whose ends an answer may change."""
        spans = (*self.binding, *self.suspended, *self.failed, *self.overdue)
        return [each for span in spans for each in span if each is not None]


def force(term: Term, instruments: Sequence[Instrument], zone: ZoneInfo) -> Force:
    """Return when a term binds, by the whole stack.

    Args:
        term: One duty.
        instruments: Every text, in order of date.
        zone: In which dates are local.
    """
    own = next(i for i in instruments if i.id == term.instrument)
    around = [own, *amenders(own.id, instruments)]
    changes = changing(term, instruments, zone)
    binding = _stretches(own, WindowKind.IN_FORCE, zone)
    suspended = _stretches(own, WindowKind.SUSPENSION, zone)
    renewed = [s.start for text in around for s in _stretches(text, WindowKind.RECOMMITMENT, zone)]
    resets = [s.start for s in _stretches(own, WindowKind.CLOCK_RESET, zone)]
    for change in changes:
        span = _span(change.starts, change.until, zone)
        if change.change is ChangeKind.SUSPEND:
            suspended.append(span)
        elif change.change in (ChangeKind.END, ChangeKind.REPLACE):
            binding = _cut(binding, span.start)
        elif change.change is ChangeKind.EXTEND:
            binding = _extended(binding, span)
        elif change.change is ChangeKind.RESET:
            resets.append(span.start)
        else:
            renewed.append(span.start)
            binding.append(span)
    failed = [s for text in around for s in _stretches(text, WindowKind.BREAKDOWN, zone)]
    return Force(
        tuple(binding),
        tuple(suspended),
        tuple(_until_renewed(each, renewed) for each in failed),
        tuple(_overdue(term.due, binding, resets, zone)) if term.due else (),
        tuple(change.cite for change in changes),
    )


def changing(term: Term, instruments: Sequence[Instrument], zone: ZoneInfo) -> list[Change]:
    """Return the changes that later texts make to a term, in the order in which they hold."""
    found = []
    for text in instruments:
        for change in text.changes:
            meant = change.terms or change.instruments
            whole = change.instruments if meant else text.amends
            if term.id in change.terms or (term.instrument in whole and term.instrument != text.id):
                found.append(change)
    return sorted(found, key=lambda change: (_key(times.parse(change.starts, zone)[0]), change.cite))


def amenders(name: str, instruments: Sequence[Instrument]) -> list[Instrument]:
    """Return the texts that amend one, and those that amend these."""
    found = [i for i in instruments if name in i.amends and i.id != name]
    for each in list(found):
        found += [later for later in amenders(each.id, instruments) if later not in found]
    return found


def dated(values: Mapping[str, object], zone: ZoneInfo) -> list[tuple[Stretch, str]]:
    """Return the stretch in which each value of a parameter holds, and the date as written."""
    days = sorted(values, key=lambda day: _key(times.parse(day, zone)[0]))
    starts = [times.parse(day, zone)[0] for day in days]
    return [
        (Stretch(start, following), day)
        for day, start, following in zip(days, starts, [*starts[1:], None], strict=True)
    ]


def _stretches(text: Instrument, kind: WindowKind, zone: ZoneInfo) -> list[Stretch]:
    return [Stretch(w.start(zone), w.end(zone)) for w in text.windows if w.kind is kind]


def _span(start: str, until: str | None, zone: ZoneInfo) -> Stretch:
    return Stretch(times.parse(start, zone)[0], times.parse(until, zone)[0] if until else None)


def _key(when: Interval) -> str:
    return when.start.astimezone(UTC).isoformat() if when.start else ""


def _cut(binding: Iterable[Stretch], at: Interval) -> list[Stretch]:
    """Return what is left of the stretches where everything ends at `at`."""
    left = []
    for span in binding:
        if _key(span.start) < _key(at):
            ends_first = span.end is not None and _key(span.end) <= _key(at)
            left.append(span if ends_first else Stretch(span.start, at))
    return left


def _extended(binding: Iterable[Stretch], change: Stretch) -> list[Stretch]:
    """Return the stretches with the end of those that last until the change moved; else one more stretch."""
    found, moved = [], False
    for span in binding:
        # The end may be a whole day within which the extension takes effect: it leaves no gap.
        lasts = span.end is not None and _later(span.end) >= _key(change.start)
        found.append(Stretch(span.start, change.end) if lasts else span)
        moved = moved or lasts
    return found if moved else [*found, change]


def _later(when: Interval) -> str:
    return when.end.astimezone(UTC).isoformat() if when.end else "9999"


def _until_renewed(failed: Stretch, renewed: Iterable[Interval]) -> Stretch:
    after = sorted((each for each in renewed if _key(each) > _key(failed.start)), key=_key)
    ends = [e for e in (failed.end, *after[:1]) if e is not None]
    return Stretch(failed.start, min(ends, key=_key, default=None))


def _overdue(
    due: Due, binding: Sequence[Stretch], resets: Iterable[Interval], zone: ZoneInfo
) -> Iterable[Stretch]:
    """Yield the stretches in which a deadline has passed: a reset ends one and begins another."""
    if due.by:
        by = times.parse(due.by, zone)[0]
        yield Stretch(Interval(by.end, by.end), None)  # "by 1 March" leaves the whole of that day
        return
    begun = times.parse(due.starts, zone)[0] if due.starts else None
    first = begun or min((span.start for span in binding), key=_key, default=None)
    if first is None:
        return
    clocks = [first, *sorted((each for each in resets if _key(each) > _key(first)), key=_key)]
    for clock, following in zip(clocks, [*clocks[1:], None], strict=True):
        passed = _after(clock, due, zone)
        if following is None or _key(passed) < _key(following):
            yield Stretch(passed, following)


def _after(clock: Interval, due: Due, zone: ZoneInfo) -> Interval:
    """Return when the deadline falls: local days keep the hour of the clock, hours do not."""

    def later(instant: datetime | None) -> datetime | None:
        if instant is None or due.hours is not None:
            return instant and instant + timedelta(hours=due.hours or 0)
        return (instant.astimezone(zone) + timedelta(days=due.days or 0)).astimezone(UTC)

    return Interval(later(clock.start), later(clock.end))

"""What is asked of the agreement of a case: is it sound, who is bound, what was owed, what changed.

Commands and the bulletin ask here, so that both say the same of a day; `agreedshown` has the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

import pyarrow as pa

from holdfire import handwritten, times
from holdfire.agreement import checking
from holdfire.agreement.document import Agreement
from holdfire.engine import Engine
from holdfire.errors import BadInput, Problem, nearest
from holdfire.folder import Folder
from holdfire.judging import contradictions
from holdfire.judging.bound import bound, stretches, whole
from holdfire.judging.duties import Owed, obligations, owed, touching
from holdfire.judging.onday import OnDay, find_actor, on_day
from holdfire.judging.shifts import Edited, Shift, between, edited, over_time
from holdfire.judging.standing import Standing
from holdfire.reading.types import event_types
from holdfire.records.actor import Names
from holdfire.tables import rows
from holdfire.times import Interval


class Stack(Protocol):
    """The agreement of a case, with what people wrote of the case; an open case is one."""

    @property
    def folder(self) -> Folder:
        """Return what people wrote."""

    @property
    def agreement(self) -> Agreement:
        """Return the whole."""

    @property
    def engine(self) -> Engine:
        """Return how to run SQL."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What holding a stack to account found.

    Attributes:
        counts: How many of each part it has.
        problems: Contradictions, gaps in time, undefined words, bare clauses.
        notes: What is worth knowing and is no problem.
    """

    counts: dict[str, int]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed for whom between two days, two texts or two agreements.

    Attributes:
        agreement: The later of two agreements, or the one.
        names: Its actors.
        shifts: Changes of someone's standing, of those asked about.
        edits: Terms that came, went or read otherwise.
        left: Actors of other changes, to whom the case gives no role.
    """

    agreement: Agreement
    names: Names
    shifts: tuple[Shift, ...]
    edits: tuple[Edited, ...]
    left: frozenset[str]


def check(stack: Stack) -> Checked:
    """Return what is wrong with a stack."""
    read, names = stack.agreement, stack.folder.names
    standing = Standing(read, names)
    told = bound(read, names, stretches(standing.instants(), *whole(standing)), stack.engine)
    found = (
        *contradictions.permitted_and_forbidden(read, told, event_types()),
        *contradictions.bound_and_excluded(read),
        *contradictions.never_bound(read, told),
        *checking.gaps(read),
        *checking.undefined(read, event_types()),
        *checking.clauses(read),
    )
    counts = {
        "instruments": len(read.instruments),
        "parties": len(read.parties),
        "exclusions": len(read.exclusions.exclusions),
        "terms": len(read.terms),
        "zones": len(read.zones),
    }
    return Checked(counts, found, tuple(checking.notes(read)))


def show(stack: Stack, day: date, actor: str = "") -> list[OnDay]:
    """Return who is bound on a local day, to what.

    Args:
        stack: The agreement.
        day: The day.
        actor: An id, or a name borne on that day; empty: everyone with a role.

    Raises:
        BadInput: No actor is called so, or several are.
    """
    read, names = stack.agreement, stack.folder.names
    span = _whole(day, read)
    asked = [find_actor(names, actor, span[0] + (span[1] - span[0]) / 2)] if actor else with_roles(read)
    return on_day(read, names, Interval(*span), stack.engine, asked)


def duties(stack: Stack, claims: Iterable[pa.Table], day: date, actor: str = "") -> list[Owed]:
    """Return what was owed on a local day of the agreement, and whether it was met by its end.

    Args:
        stack: The agreement; who is interested, and what people decided.
        claims: CLAIM tables.
        day: The day.
        actor: An id, or a name borne on that day; empty: everyone with a role.

    Raises:
        BadInput: No actor is called so, or several are.
    """
    read, folder = stack.agreement, stack.folder
    span = _whole(day, read)
    asked = [find_actor(folder.names, actor, span[0])] if actor else with_roles(read)
    told = bound(read, folder.names, [span], stack.engine, asked, obligations(read))
    interested = frozenset(s.id for s in folder.sources.values() if s.interested)
    said = (row for table in claims for row in rows(touching(read, table)))
    return owed(read, told, said, interested, handwritten.duties(folder))


def changed(stack: Stack, first: str, second: str, actor: str = "") -> Changed:
    """Return what changed between two days, or between two texts of the stack.

    Args:
        stack: The agreement.
        first: A day or the id of an instrument.
        second: Another of the same sort.
        actor: Only what changed for this one; empty: for everyone whose standing the agreement settles.

    Raises:
        BadInput: One is neither, or no actor is called so.
    """
    read, names = stack.agreement, stack.folder.names
    texts = {text.id for text in read.instruments}
    if first in texts or second in texts:
        old, new = _as_of(read, first), _as_of(read, second)
        shifts = between(old, new, (names, names), stack.engine)
        return _changed(stack, shifts, edited(old, new), actor)
    start, end = _whole(day_of(first), read)[0], _whole(day_of(second), read)[1]
    return _changed(stack, over_time(read, names, start, end, stack.engine), (), actor)


def parted(one: Stack, other: Stack, actor: str = "") -> Changed:
    """Return what differs between two agreements, or two readings of one.

    Raises:
        BadInput: No actor of the second is called so.
    """
    pair = (one.folder.names, other.folder.names)
    shifts = between(one.agreement, other.agreement, pair, one.engine)
    return _changed(other, shifts, edited(one.agreement, other.agreement), actor)


def day_of(text: str) -> date:
    """Return a day as it is written.

    Raises:
        BadInput: It is no day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f'"{text[:60]}" is not a day',
            hint="a day of the calendar, 2016-07-01; or two texts of one case; or two case folders",
        ) from None


def with_roles(agreement: Agreement) -> list[str]:
    """Return the actors to whom the agreement gives a role, in order of their ids."""
    return sorted({holding.actor for holding in agreement.holdings()})


def _changed(stack: Stack, shifts: Sequence[Shift], edits: Iterable[Edited], actor: str) -> Changed:
    read, names = stack.agreement, stack.folder.names
    whom = {find_actor(names, actor, None)} if actor else _settled(read, names)
    kept = tuple(each for each in shifts if each.actor in whom)
    left = frozenset(each.actor for each in shifts) - whom
    return Changed(read, names, kept, tuple(edits), left)


def _settled(read: Agreement, names: Names) -> set[str]:
    """Return the actors whose standing the agreement settles: by a role, by name, or as part of another."""
    roles = set(with_roles(read))
    named = {name for term in read.terms for name in (*term.binds.actors, *term.protects.actors)}
    parts = {actor.id for actor in names.actors.values() if set(actor.part_of) & roles}
    return roles | named | parts


def _as_of(read: Agreement, name: str) -> Agreement:
    """Return the stack as it stood with one text as its last."""
    ids = [text.id for text in read.instruments]
    if name not in ids:
        raise BadInput(f'no instrument is called "{name}"', hint=nearest(name, ids))
    kept = read.instruments[: ids.index(name) + 1]
    terms = tuple(term for term in read.terms if term.instrument in {text.id for text in kept})
    return replace(read, instruments=kept, terms=terms)


def _whole(day: date, read: Agreement) -> tuple[datetime, datetime]:
    """Return a local day of an agreement, from its first instant to the next one's."""
    span = times.day(day, read.zone)
    assert span.start is not None  # noqa: S101 - a day has both
    assert span.end is not None  # noqa: S101
    return span.start, span.end

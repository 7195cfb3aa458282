"""Who is bound on a day, to what, by which clause: the answers of a verdict, for a person to read.

A day on which an answer changes is told in parts, each with the minute from which it holds. What no text
settles reads unclear; nothing is left out because it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfire.agreement.document import Agreement
from holdfire.agreement.force import dated
from holdfire.agreement.lineage import Holding
from holdfire.agreement.terms import Term
from holdfire.answers import Answer
from holdfire.engine import Engine
from holdfire.errors import HoldfireError, nearest
from holdfire.judging.bound import Bound, bound, stretches
from holdfire.judging.shifts import clauses_at, shielding
from holdfire.judging.standing import Standing
from holdfire.records.actor import Names, fold
from holdfire.times import Interval, parse

Parts = tuple[tuple[datetime, Answer], ...]
"""An answer, and the instant from which it holds; one part: the whole day."""


@dataclass(frozen=True, slots=True)
class Held:
    """One role on the day; `answer` is unclear where sources differ or the day is its first or last."""

    role: str
    answer: Answer
    cite: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What one term is to one actor on the day.

    Attributes:
        term: The term.
        binds: Whether it binds them.
        shields: Whether it protects them; empty: it protects whoever it may be.
        overdue: Whether its deadline had passed; empty: it has none.
        due: When its deadline falls, as vague as its clock; none: it has none.
        values: Its parameters on the day, with their clauses.
        conditions: Each condition with what was found.
        clauses: Clauses of later texts that changed it.
        turns: Clauses by which an answer changes within the day.
    """

    term: Term
    binds: Parts
    shields: Parts
    overdue: Parts
    due: tuple[Interval, ...]
    values: tuple[tuple[str, str, str], ...]
    conditions: tuple[tuple[str, str], ...]
    clauses: tuple[str, ...]
    turns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnDay:
    """Someone's whole standing on a day."""

    actor: str
    roles: tuple[Held, ...]
    excluded: Parts
    duties: tuple[Duty, ...]


def find_actor(names: Names, asked: str, noon: datetime | None) -> str:
    """Return the actor that an id, or a name as borne on the day, means; no day: a name only one ever bore.

    Raises:
        HoldfireError: No one is called so, or several are; the nearest ids and names are offered.
    """
    if asked in names.actors:
        return asked
    found = names.find(asked, noon)
    if found:
        return found
    known = [*names.actors, *(alias.text for a in names.actors.values() for alias in a.aliases)]
    bearers = {actor for name, _, actor in names.spellings() if name == fold(asked)}
    if bearers:
        raise HoldfireError(
            "on that day this name meant no one, or more than one",
            hint=f"who ever bore it: {', '.join(sorted(bearers))}",
        )
    raise HoldfireError(f'no actor is called "{asked[:80]}"', "actors.yaml", nearest(asked, known))


def on_day(
    agreement: Agreement, names: Names, day: Interval, engine: Engine, actors: Sequence[str]
) -> list[OnDay]:
    """Return the standing of each actor on a local day.

    Args:
        agreement: The whole.
        names: The actors of the case.
        day: The day, both ends given.
        engine: How to run SQL.
        actors: Ids.
    """
    if day.start is None or day.end is None:
        raise HoldfireError("the day has no beginning or no end")
    standing = Standing(agreement, names)
    cuts = stretches(standing.instants(), day.start, day.end)
    told = bound(agreement, names, cuts, engine, actors)
    found = []
    for actor in actors:
        mine = [each for each in told if each.actor == actor]
        roles = tuple(
            _held(each, day) for each in standing.holdings(actor) if _on(each, day) is not Answer.NO
        )
        duties = tuple(_duty(agreement, term, actor, mine, day) for term in agreement.terms)
        first = [each for each in mine if each.term == agreement.terms[0].id] if agreement.terms else []
        found.append(OnDay(actor, roles, _parts([(b.start, b.excluded) for b in first]), duties))
    return found


def _duty(agreement: Agreement, term: Term, actor: str, told: Sequence[Bound], day: Interval) -> Duty:
    mine = [each for each in told if each.term == term.id]
    when = agreement.force(term)
    asked = {c.id for c in term.conditions}
    answers = [
        (f.condition, f"{f.answer} ({f.cite}; {f.by})")
        for f in agreement.found
        if f.condition in asked
        and Interval(*_ends(agreement, f.starts, f.until)).contains(day) is not Answer.NO
    ]
    unanswered = [
        (c.id, "unclear: no one answered it for this day")
        for c in term.conditions
        if c.id not in dict(answers)
    ]
    turns = [cite for each in mine[1:] for cite in clauses_at(agreement, term.id, actor, each.start)]
    return Duty(
        term,
        _parts([(b.start, b.binds) for b in mine]),
        _parts([(b.start, b.shields) for b in mine]) if term.id in shielding(agreement) else (),
        _parts([(b.start, b.overdue) for b in mine]) if term.due else (),
        tuple(span.start for span in when.overdue),
        tuple(_values(agreement, term, day)),
        (*answers, *unanswered),
        when.clauses,
        tuple(dict.fromkeys(turns)) if len({b.binds for b in mine}) > 1 else (),
    )


def _values(agreement: Agreement, term: Term, day: Interval) -> list[tuple[str, str, str]]:
    """Return each parameter with the value that holds at the end of the day, and its clause."""
    found = []
    for name, values in sorted(term.parameters.items()):
        held = [at for span, at in dated(values, agreement.zone) if span.start.start and day.end
                and span.start.start < day.end]  # fmt: skip
        if held:
            found.append((name, str(values[held[-1]].value), values[held[-1]].cite))
    return found


def _ends(agreement: Agreement, start: str, until: str | None) -> tuple[datetime | None, datetime | None]:
    zone = agreement.zone
    return parse(start, zone)[0].start, parse(until, zone)[0].end if until else None


def _held(holding: Holding, day: Interval) -> Held:
    return Held(holding.role.value, _on(holding, day), holding.cite)


def _on(holding: Holding, day: Interval) -> Answer:
    """Return whether a role is held the whole day; unclear in part, or where it is in doubt."""
    latest = Interval(holding.start.start, holding.end.end if holding.end else None)
    surely = (
        holding.start.end is not None
        and day.start is not None
        and holding.start.end <= day.start
        and (holding.end is None or (holding.end.start is not None and day.end is not None
                                     and day.end <= holding.end.start))
    )  # fmt: skip
    if latest.contains(day) is Answer.NO:
        return Answer.NO
    return Answer.YES if surely and holding.certain else Answer.UNCLEAR


def _parts(answers: Sequence[tuple[datetime, Answer]]) -> Parts:
    kept: list[tuple[datetime, Answer]] = []
    for start, answer in answers:
        if not kept or kept[-1][1] is not answer:
            kept.append((start, answer))
    return tuple(kept)

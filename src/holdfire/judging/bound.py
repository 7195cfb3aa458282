"""Who is bound by which term in which stretch of time: the questions of a verdict, asked of every actor.

The answers are those of `Standing`, asked of a made-up incident of each actor in each stretch, so what
`agreement show` says of a day and what a verdict of that day rests on cannot differ. No stretch holds an
instant at which an answer could change, so every answer is of the whole stretch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import pyarrow as pa

from holdfire.agreement.document import Agreement
from holdfire.agreement.terms import Term
from holdfire.answers import Answer, all_of
from holdfire.engine import Engine, literal
from holdfire.judging.expressions import Worked
from holdfire.judging.standing import Standing
from holdfire.records.actor import Names
from holdfire.tables import rows
from holdfire.times import Interval

MARGIN = timedelta(days=1)
"""How far before the first and after the last instant of an agreement the outer stretches reach."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What one term is to one actor in one stretch.

    Attributes:
        term: The term.
        actor: The actor.
        start: The stretch begins.
        end: It ends.
        force: Does the term bind anyone then?
        bound: Is the actor among those it binds?
        protected: Is the actor among those it protects?
        overdue: Had its deadline passed? Yes, of a term without one.
        excluded: Is the actor excluded?
    """

    term: str
    actor: str
    start: datetime
    end: datetime
    force: Answer
    bound: Answer
    protected: Answer
    overdue: Answer
    excluded: Answer

    @property
    def binds(self) -> Answer:
        """Return whether the term binds the actor in that stretch."""
        return all_of([self.force, self.bound])

    @property
    def shields(self) -> Answer:
        """Return whether the term protects the actor in that stretch."""
        return all_of([self.force, self.protected])


def stretches(
    instants: Iterable[Interval], first: datetime, last: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the time from `first` to `last`, cut wherever an answer may change.

    Args:
        instants: Of `Standing.instants`.
        first: Where to begin.
        last: Where to end, after `first`.
    """
    cuts = {each for span in instants for each in (span.start, span.end) if each and first < each < last}
    ordered = [first, *sorted(cuts), last]
    return list(pairwise(ordered))


def whole(standing: Standing) -> tuple[datetime, datetime]:
    """Return a little before the first instant of an agreement, and a little after the last."""
    ends = sorted(each for span in standing.instants() for each in (span.start, span.end) if each)
    return ends[0] - MARGIN, ends[-1] + MARGIN


def bound(
    agreement: Agreement,
    names: Names,
    spans: Sequence[tuple[datetime, datetime]],
    engine: Engine,
    actors: Sequence[str] = (),
    terms: Sequence[Term] | None = None,
) -> list[Bound]:
    """Return what each term is to each actor in each stretch, in the order of the stack.

    Args:
        agreement: Whose terms are asked.
        names: The actors of the case.
        spans: Stretches, of `stretches`.
        engine: How to run SQL.
        actors: Whom to ask about; none: everyone described.
        terms: Of the agreement, those to ask about; None: all.
    """
    standing = Standing(agreement, names)
    asked = list(actors) or sorted(names.actors)
    terms = agreement.terms if terms is None else terms
    if not terms or not spans:
        return []
    days = pa.table(
        {
            "actor": [actor for _ in spans for actor in asked],
            "actors": [[actor] for _ in spans for actor in asked],
            "targets": [[actor] for _ in spans for actor in asked],
            "start": pa.array([start for start, _ in spans for _ in asked], pa.timestamp("us", "UTC")),
            "end": pa.array([end for _, end in spans for _ in asked], pa.timestamp("us", "UTC")),
        }
    )
    told = engine.sql(_query(terms, standing), days=days)
    return [
        Bound(
            row["term"], row["actor"], row["start"], row["end"],
            *(Answer.of(row[name]) for name in ("force", "bound", "protected", "overdue", "excluded")),
        )
        for row in rows(told)
    ]  # fmt: skip


def _query(terms: Sequence[Term], standing: Standing) -> str:
    """Return SQL for the answers; terms that ask alike, as most do, are answered from one column."""
    worked, keys = Worked(), 'actor, start, "end"'
    told = worked.column
    selects = [
        f"SELECT {number} AS rank, {literal(term.id)} AS term, {keys},"
        f" {told(standing.in_window(term))} AS force, {told(standing.perpetrator_bound(term))} AS bound,"
        f" {told(standing.target_bound(term))} AS protected, {told(standing.overdue(term))} AS overdue,"
        f" {told(standing.excluded_side())} AS excluded FROM worked"
        for number, term in enumerate(terms)
    ]
    return (
        f"WITH worked AS MATERIALIZED ({worked.out(keys, 'days')})"
        f" SELECT * FROM ({' UNION ALL '.join(selects)}) ORDER BY rank, {keys}"
    )

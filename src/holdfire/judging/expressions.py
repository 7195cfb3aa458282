"""Questions as expressions over incident columns: true, false, or null where the evidence is silent.

Each function returns SQL over the columns of INCIDENT (and `zone_*`, one nullable boolean a zone, made by
`determining`). The same expression answers for one row in `explain` and for ten million in `run`, so that
the two cannot drift apart. SQL's three-valued AND, OR and NOT are those of holdfire.answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from holdfire.engine import literal
from holdfire.times import Interval

TRUE, FALSE, UNCLEAR = "TRUE", "FALSE", "CAST(NULL AS BOOLEAN)"


def during(start: Interval, end: Interval | None) -> str:
    """Return whether the incident lies between two instants that may themselves be vague.

    Args:
        start: When the stretch begins: one instant, or the interval it lies in.
        end: When it ends, likewise; None: it has no end.
    """
    earliest, latest = literal(start.start), literal(start.end)
    inside = f"start >= {latest}"
    outside = f'("end" <= {earliest} AND start < {earliest})'
    if end is not None:
        first, last = literal(end.start), literal(end.end)
        inside += f' AND "end" <= {first} AND start < {first}'
        outside += f" OR start >= {last}"
    return f"CASE WHEN {inside} THEN TRUE WHEN {outside} THEN FALSE ELSE NULL END"


def doubted(expression: str) -> str:
    """Return the expression with its yes made unclear: what holds only by contested evidence."""
    return f"CASE WHEN NOT ({expression}) THEN FALSE ELSE NULL END"


def all_true(expressions: Iterable[str]) -> str:
    """Return NO if any is no, else UNCLEAR if any is unclear, else YES."""
    return _joined(expressions, " AND ", TRUE)


def any_true(expressions: Iterable[str]) -> str:
    """Return YES if any is yes, else UNCLEAR if any is unclear, else NO."""
    return _joined(expressions, " OR ", FALSE)


def _joined(expressions: Iterable[str], word: str, empty: str) -> str:
    listed = [f"({e})" for e in expressions]
    return f"({word.join(listed)})" if listed else empty


def act_is(patterns: Sequence[str]) -> str:
    """Return whether the act is of one of these types; `attack.*` is a family.

    An act known only to its family (`attack.unspecified`) is unclear where the patterns name some kinds
    of that family and not all.
    """
    families = sorted({p.split(".")[0] for p in patterns if p.endswith(".*")})
    kinds = sorted({p for p in patterns if not p.endswith(".*")})
    partial = sorted(
        {p.split(".")[0] + ".unspecified" for p in kinds} - {f"{f}.unspecified" for f in families}
    )
    tests = [f"split_part(event_type, '.', 1) = {literal(f)}" for f in families]
    tests += [f"event_type = {literal(k)}" for k in kinds]
    yes = " OR ".join(tests)
    vague = " OR ".join(f"event_type = {literal(p)}" for p in partial) or "FALSE"
    return f"CASE WHEN {yes} THEN TRUE WHEN {vague} THEN NULL ELSE FALSE END"


def status(actor: str, cases: Sequence[tuple[str, str]], otherwise: str = UNCLEAR) -> str:
    """Return the answer that belongs to one actor of a list; `otherwise` for one with no case."""
    whens = " ".join(f"WHEN {literal(name)} THEN ({answer})" for name, answer in cases)
    return f"CASE {actor} {whens} ELSE {otherwise} END" if cases else otherwise


def each(column: str, answer: str, name: str = "one") -> str:
    """Return whether every actor in a list column answers alike: yes, no, or unclear if they differ.

    Args:
        column: A column of actor ids; null or empty: no one is named, so unclear.
        answer: SQL for one actor, who is called `name` in it.
        name: That name.
    """
    answers = f"list_transform({column}, lambda {name}: {answer})"
    yes = f"len(list_filter({answers}, lambda a: a))"
    no = f"len(list_filter({answers}, lambda a: NOT a))"
    return (
        f"CASE WHEN coalesce(len({column}), 0) = 0 THEN NULL"
        f" WHEN {yes} = len({column}) THEN TRUE WHEN {no} = len({column}) THEN FALSE ELSE NULL END"
    )


def some(column: str, answer: str, name: str = "one") -> str:
    """Return whether any actor in a list column answers yes; unclear if one may, or no one is named."""
    answers = f"list_transform({column}, lambda {name}: {answer})"
    return (
        f"CASE WHEN coalesce(len({column}), 0) = 0 THEN NULL"
        f" WHEN len(list_filter({answers}, lambda a: a)) > 0 THEN TRUE"
        f" WHEN len(list_filter({answers}, lambda a: NOT a)) = len({column}) THEN FALSE ELSE NULL END"
    )


@dataclass
class Worked:
    """Answers that several questions share: each is worked out once, as a column.

    Attributes:
        columns: Name of its column, by the SQL of the answer.
    """

    columns: dict[str, str] = field(default_factory=dict)

    def column(self, answer: str) -> str:
        """Return the name of an answer's column."""
        return self.columns.setdefault(answer, f"answer_{len(self.columns)}")

    def out(self, keys: str, table: str) -> str:
        """Return the query of keys and answers, over a table."""
        answers = "".join(f", {answer} AS {column}" for answer, column in self.columns.items())
        return f"SELECT {keys}{answers} FROM {table}"

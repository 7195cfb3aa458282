"""What two values weigh, worked out once for each two of them, where a comparison sees few different values.

Ten million pairs of reports name a few hundred sets of actors. A comparison of those is worked out for each
two sets, and a pair looks its weight up. Which comparisons are treated so changes nothing but the time: a
value that is too rare for the table is compared where it stands.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from holdfire.engine import Database
from holdfire.fusing.comparing.terms import step
from holdfire.fusing.profile import Comparison, Profile

MOST = 2000
"""Most different values of a comparison that get a number; their table has the square of it."""

_COVERED = 0.9
"""Least share of the records whose values have a number, for a table to be worth its making."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A comparison that is looked up.

    Attributes:
        comparison: Its name.
        size: How many values have a number.
        whole: Whether every record's value has one.
    """

    comparison: str
    size: int
    whole: bool

    @property
    def column(self) -> str:
        """Return the column of `compared` that holds the number of a record's value."""
        return f"value_of_{self.comparison}"

    @property
    def table(self) -> str:
        """Return the table of weights: `way` and `weight`."""
        return f"ways_of_{self.comparison}"

    @property
    def join(self) -> str:
        """Return SQL that finds the weight of the pair of l and r."""
        kind = "JOIN" if self.whole else "LEFT JOIN"
        return f"{kind} {self.table} ON {self.table}.way = l.{self.column} * {self.size} + r.{self.column}"


def columns(comparison: Comparison, profile: Profile) -> list[str]:
    """Return the columns a comparison looks at, terms included, in the profile's order."""
    said = " ".join(f"{level.when} {level.term}_l" for level in comparison.levels)
    found = set(re.findall(r"\b(\w+)_[lr]\b", said))
    return [name for name in profile.columns if name in found]


def number(session: Database, profile: Profile, pairs: int) -> list[Lookup]:
    """Number the values of comparisons that have few, in new columns of the table `compared`.

    Args:
        session: Holds `compared`.
        profile: What is compared.
        pairs: How many pairs will be, about; a table larger than an eighth of that is not worth its making.
    """
    most = min(MOST, math.isqrt(pairs // 8))
    if most < 2:
        return []
    found = [_number(session, each, columns(each, profile), most) for each in _few(session, profile, most)]
    lookups = [each for each in found if each]
    if lookups:
        added = ", ".join(f"v{k}.number AS {each.column}" for k, each in enumerate(lookups))
        joins = []
        for k, each in enumerate(lookups):
            comparison = next(c for c in profile.comparisons if c.name == each.comparison)
            same = (f"v{k}.{name} IS NOT DISTINCT FROM c.{name}" for name in columns(comparison, profile))
            joins.append(f"LEFT JOIN values_of_{each.comparison} AS v{k} ON {' AND '.join(same)}")
        session.make(
            "numbered", f"SELECT c.*, {added} FROM compared AS c {' '.join(joins)} ORDER BY c.record"
        )
        session.run("DROP TABLE compared")
        session.run("ALTER TABLE numbered RENAME TO compared")
    return lookups


def _few(session: Database, profile: Profile, most: int) -> list[Comparison]:
    """Return the comparisons none of whose columns alone has far more values than can be numbered."""
    asked = sorted({name for each in profile.comparisons for name in columns(each, profile)})
    counts = session.sql(
        f"SELECT {', '.join(f'approx_count_distinct({n}) AS {n}' for n in asked)} FROM compared"
    )
    many = {name for name in asked if counts[name][0].as_py() > 20 * most}
    return [each for each in profile.comparisons if not many & set(columns(each, profile))]


def _number(session: Database, comparison: Comparison, names: list[str], most: int) -> Lookup | None:
    """Make the table of a comparison's commonest values, unless they are of too few records."""
    table, listed = f"values_of_{comparison.name}", ", ".join(names)
    steps = "".join(
        f", any_value({step(term)}) AS {step(term)}"
        for term in dict.fromkeys(level.term for level in comparison.levels if level.term)
    )
    session.make(
        table,
        f"""SELECT *, CAST(row_number() OVER (ORDER BY borne DESC) - 1 AS INTEGER) AS number FROM (
            SELECT {listed}{steps}, count(*) AS borne FROM compared GROUP BY {listed}
            ORDER BY borne DESC LIMIT {most})""",
    )
    counted = session.sql(
        f"""SELECT count(*) AS size, coalesce(sum(borne), 0) AS borne,
        (SELECT count(*) FROM compared) AS records FROM {table}"""
    ).to_pylist()[0]
    if not counted["records"] or counted["borne"] < _COVERED * counted["records"]:
        return None
    return Lookup(comparison.name, counted["size"], bool(counted["borne"] == counted["records"]))


def fill(session: Database, lookup: Lookup, comparison: Comparison, profile: Profile, case: str) -> None:
    """Make the table of what each two values weigh.

    Args:
        session: Holds the values.
        lookup: Which comparison.
        comparison: The same.
        profile: Whose columns it looks at.
        case: SQL for the weight, over a pair side by side.
    """
    terms = dict.fromkeys(level.term for level in comparison.levels if level.term)
    names = [*columns(comparison, profile), *(step(term) for term in terms)]
    both = "".join(f", l.{name} AS {name}_l, r.{name} AS {name}_r" for name in names)
    values = f"values_of_{comparison.name}"
    session.make(
        lookup.table,
        f"""SELECT CAST(way AS INTEGER) AS way, CAST({case} AS INTEGER) AS weight FROM (
            SELECT l.number * {lookup.size} + r.number AS way{both} FROM {values} AS l, {values} AS r)""",
    )

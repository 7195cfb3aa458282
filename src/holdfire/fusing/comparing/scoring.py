"""Pairs that may be of one thing, and how strongly: log2 posterior odds in whole millibits.

The weight of a pair is the prior and, for each comparison, what its level weighs: integers, so the same on
any number of threads and chunks. It is SQL made of profile and parameters; why not
Splink's own predict is in docs/decisions/0022-weights-in-one-statement.md, and a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from holdfire.engine import Database
from holdfire.fusing.comparing.blocking import USUAL, Bounds, lay, meeting
from holdfire.fusing.comparing.sharing import share
from holdfire.fusing.comparing.terms import STEP, prepare, step
from holdfire.fusing.parameters import Parameters, Weight, weights
from holdfire.fusing.profile import Comparison, Profile

DECISIVE = -5000
"""A comparison some level of which weighs no more than this is made first [millibits]: odds of 1 to 32."""

PAIRS = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("weight", pa.int32())])
"""A pair: two records, a < b, and log2 of the odds that they are of one thing [millibits]."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What comparing gives.

    Attributes:
        pairs: PAIRS at or above the floor, in order of a and b.
        prior: log2 odds of two random records, which every weight includes [millibits].
        records: How many records there were, of each that are equal one where they were folded.
        compared: How many pairs were compared.
        found: For each rule, how many pairs it found that no rule before it had.
        crowded: For each rule, how many records stood in a block too large to compare whole.
    """

    pairs: pa.Table
    prior: int
    records: int
    compared: int
    found: dict[str, int]
    crowded: dict[str, int]


def pairs(
    session: Database,
    profile: Profile,
    parameters: Parameters,
    floor: int,
    *,
    features: str = "features",
    once: str | None = None,
    prior: int | None = None,
    bounds: Bounds = USUAL,
) -> Scored:
    """Compare the records of a table of features.

    Args:
        session: Where the features are; the tables it makes there are `compared`, `entries`, `crowded`.
        profile: How they are compared.
        parameters: What each level weighs.
        floor: Least weight that is kept [millibits].
        features: Table or view with `record` (0 to n-1), `source`, `apart` and the columns of the profile.
        once: Table or view of those of its records that count, of each that are equal one; None: all do, else
            numbers may be left out.
        prior: log2 odds of two random records [millibits]; None: as the parameters say for so many.
        bounds: How much work crowded blocks may make, and how many pairs are held at once.
    """
    records = prepare(session, profile, parameters, features, once)
    last = session.sql("SELECT coalesce(max(record), -1) AS last FROM compared")["last"][0].as_py()
    blocks = lay(session, profile, last + 1, bounds)
    base = parameters.prior(records) if prior is None else prior
    kept, counts = [], [0] * len(profile.blocking)
    low = most = 0
    while low < blocks.records:
        high = blocks.until(low, most, sum(counts))
        session.make("met", meeting(blocks, low, high))
        for rule, n in _counted(session):
            counts[rule] += n
        kept.append(_weighed(session, profile, parameters, base, floor).cast(PAIRS))
        low, most = high, most + blocks.made(low, high)
    for table in ("met", "likely", "summed"):
        session.run(f"DROP TABLE IF EXISTS {table}")
    found = {rule.name: n for rule, n in zip(profile.blocking, counts, strict=True)}
    together = pa.concat_tables(kept) if kept else PAIRS.empty_table()
    return Scored(together.combine_chunks(), base, records, sum(counts), found, blocks.crowded)


def _counted(session: Database) -> Iterable[tuple[int, int]]:
    found = session.sql("SELECT rule, count(*) AS n FROM met GROUP BY rule ORDER BY rule").to_pydict()
    return zip(found["rule"], found["n"], strict=True)


def _weighed(session: Database, profile: Profile, parameters: Parameters, prior: int, floor: int) -> pa.Table:
    """Return the pairs of `met` at or above the floor.

    What can decide is worked out first, and a pair that nothing else could lift to the floor goes no further.
    """
    known = weights(profile, parameters)
    first = [each for each in profile.comparisons if decisive(known[each.name])]
    rest = [each for each in profile.comparisons if each not in first]
    if not first or not rest:
        return session.sql(weighing("met", profile, parameters, prior, floor))
    lifts = " + ".join(_at_best(each, known[each.name]) for each in rest)
    begun = _summed("met", profile, first, known, str(prior), f", {lifts} AS lifts")
    session.make("likely", f"SELECT a, b, weight FROM ({begun}) WHERE weight + lifts >= {floor}")
    whole = _summed("likely", profile, rest, known, "so_far")
    # kept first: DuckDB works a condition on a sum out apart from the sum, which is as much work again
    session.make("summed", whole)
    return session.sql(f"SELECT a, b, weight FROM summed WHERE weight >= {floor} ORDER BY a, b")


def decisive(levels: Sequence[Weight]) -> bool:
    """Return whether a comparison can speak so strongly against a pair that little else would mend it."""
    return min(level.plain for level in levels) <= DECISIVE


def _at_best(comparison: Comparison, levels: Sequence[Weight]) -> str:
    """Return SQL for the most that a comparison adds to a pair, as rare as the values of both are."""
    terms: dict[str, int] = {}
    for level, weight in zip(comparison.levels, levels, strict=True):
        if weight.term is not None:
            terms[level.term] = max(weight.term, terms.get(level.term, weight.term))
    plain = str(max(level.plain for level in levels))
    ways = [f"{weight} + {STEP} * {shared_step(term)}" for term, weight in terms.items()]
    return f"greatest({', '.join([plain, *ways])})" if ways else plain


def weighing(met: str, profile: Profile, parameters: Parameters, prior: int, floor: int) -> str:
    """Return SQL for the weights of the pairs of a table (`a`, `b`), those below the floor left out.

    It speaks of `compared`, and holds on Spark too.
    """
    summed = _summed(met, profile, profile.comparisons, weights(profile, parameters), str(prior))
    return f"SELECT a, b, weight FROM ({summed}) WHERE weight >= {floor} ORDER BY a, b"


def _summed(
    met: str,
    profile: Profile,
    comparisons: Sequence[Comparison],
    known: Mapping[str, list[Weight]],
    start: str,
    more: str = "",
) -> str:
    """Return SQL for what pairs weigh by some comparisons, and more columns.

    Args:
        met: Table of pairs; with a `weight`, that is `so_far`.
        profile: Which columns there are.
        comparisons: Which are made.
        known: What their levels weigh.
        start: SQL to which their weights are added.
        more: SQL for more columns, over the pair side by side.
    """
    parts, worked = [start], []
    for each in comparisons:
        shared, conditions = share([level.when for level in each.levels], f"shared_{each.name}")
        worked += [f", {sql} AS {name}" for name, sql in shared.items()]
        parts.append(_case(each, known[each.name], conditions))
    both = side_by_side(met, profile, more=", p.weight AS so_far" if start == "so_far" else "")
    return f"""
        SELECT a, b, {" + ".join(parts)} AS weight{more}
        FROM (SELECT *{"".join(worked)} FROM ({both}))"""


def side_by_side(met: str, profile: Profile, steps: bool = True, more: str = "") -> str:
    """Return SQL for pairs with the columns of both, and their steps: `day_l` of a, `day_r` of b."""
    names = [*profile.columns, *(step(term) for term in profile.terms if steps)]
    both = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in names)
    return f"""SELECT p.a, p.b, {both}{more} FROM {met} AS p
        JOIN compared AS l ON l.record = p.a JOIN compared AS r ON r.record = p.b"""


def shared_step(term: str) -> str:
    """Return SQL for the step of the value both share; where they differ after all, of the commoner."""
    return f"least({step(term)}_l, {step(term)}_r)"


def _case(comparison: Comparison, levels: list[Weight], conditions: Sequence[str] = ()) -> str:
    ways = []
    said = conditions or [level.when for level in comparison.levels]
    for level, condition, weight in zip(comparison.levels, said, levels, strict=True):
        adds = str(weight.plain)
        if weight.term is not None:
            adds = f"coalesce({weight.term} + {STEP} * {shared_step(level.term)}, {weight.plain})"
        ways.append(f"WHEN {condition} THEN {adds}" if condition else f"ELSE {adds}")
    return f"CASE {' '.join(ways)} END"


def levels_of(profile: Profile) -> str:
    """Return SQL, over pairs side by side, for the number of the level each comparison comes to."""
    return ", ".join(f"{_level(each)} AS level_of_{each.name}" for each in profile.comparisons)


def _level(comparison: Comparison) -> str:
    ways = [
        f"WHEN {level.when} THEN {number}" if level.when else f"ELSE {number}"
        for number, level in enumerate(comparison.levels)
    ]
    return f"CASE {' '.join(ways)} END"

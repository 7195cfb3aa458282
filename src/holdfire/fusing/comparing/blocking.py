"""Which pairs are worth comparing: those that share every key of some rule, and no more than is bounded.

A rule may need more of a pair than its keys: that one of the two at least is placed coarsely, say. What a
record lacks of it is a number of one bit for each need, and two meet if they lack none in common.

Four things hold, and tests/properties/test_blocking.py tries to break each:

* no pair comes twice, and none of two records of a source whose records are apart;
* the order in which records stand in the table changes nothing, nor do chunks or threads;
* a record meets every record of its block, as long as the block holds at most `Bounds.block`;
* in a larger block it meets the `Bounds.near` on either side in the rule's order (the sorted neighbourhood
  of Hernández, M. A. and Stolfo, S. J. 1995, SIGMOD), so a block of n makes at most n * near pairs.

A source that repeats itself, a thousand dates that are equal and a million events at the capital's
coordinates therefore cost time in proportion to their number, and what is lost is said: `Blocks.crowded`.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import pyarrow as pa

from holdfire.engine import Database
from holdfire.fusing.profile import Profile, Rule


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much work blocks may make.

    Attributes:
        block: Most records of a block of which every two are compared.
        near: In a larger block, how many neighbours on either side a record meets.
        chunk: Pairs that are held at once, about.
    """

    block: int = 300
    near: int = 60
    chunk: int = 12_000_000


USUAL = Bounds()
"""The bounds that are kept where none are given."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """What `lay` found.

    Attributes:
        records: Number after that of the last record.
        most: Pairs that the blocks make at most, those found by two rules counted twice.
        crowded: For each rule, how many records stand in a block that is too large.
        bounds: The bounds that were kept.
        rules: How many rules there are.
    """

    records: int
    most: int
    crowded: dict[str, int]
    bounds: Bounds
    rules: int

    def chunks(self) -> list[tuple[int, int]]:
        """Return ranges of records, from and up to, whose pairs are few enough to hold."""
        # twice as many as on average are needed: the first records meet more that come after them
        count = max(1, min(self.records, -(-2 * self.most // self.bounds.chunk)))
        edges = [self.records * k // count for k in range(count + 1)]
        return list(itertools.pairwise(edges))

    def made(self, low: int, high: int) -> int:
        """Return how many pairs blocks make at most whose first record is in a range, about.

        A record meets those after it, of which the first has most: in a block of n the first of n has n - 1.
        """
        left = [(self.records - each) ** 2 for each in (low, high)]
        return -(-self.most * (left[0] - left[1]) // max(1, self.records**2))

    def until(self, low: int, made: int, met: int) -> int:
        """Return up to which record pairs are to be held, from one on.

        Args:
            low: The first.
            made: Pairs that blocks made at most for the records before it.
            met: How many of those were different ones.
        """
        # of ten million pairs many are one pair met under several keys; how many is known after the first
        share = min(1.0, met / made) if made else 1.0
        room = self.bounds.chunk / max(share, 0.1) if made else self.bounds.chunk
        left = (self.records - low) ** 2 - room * self.records**2 / max(1, self.most)
        return max(low + 1, self.records if left <= 0 else self.records - math.isqrt(int(left)))


def lay(session: Database, profile: Profile, records: int, bounds: Bounds = USUAL) -> Blocks:
    """Lay the records of the table `compared` into blocks: views `entries` and `crowded`, a table a rule.

    A block is kept only if two of its records may be of one thing, and do not all lack one need. `own` is the
    source of a record whose source is apart, else a number of its own, so two records may be of one thing
    where it differs.
    """
    key(session, profile)
    return shelve(session, profile, records, bounds)


def key(session: Database, profile: Profile) -> None:
    """Make the view `keyed` of the keys of the records of `compared`, and `keyed_K` of those of rule K.

    A row is a record in a block: `key`, `record`, `own`, `rule`, `lacks`.
    """
    views = [_keys(session, rule, number) for number, rule in enumerate(profile.blocking)]
    session.view("keyed", " UNION ALL ".join(f"SELECT * FROM {view}" for view in views))


def shelve(session: Database, profile: Profile, records: int, bounds: Bounds = USUAL) -> Blocks:
    """Lay records into blocks by the keys that `keyed_K` holds for each rule K; see `lay`.

    Rules are laid one after the other, each of whose keys is worked out once and let go.
    """
    most, crowded = 0, {}
    for number, rule in enumerate(profile.blocking):
        session.make("keys", f"SELECT * FROM keyed_{number}")
        session.make(
            "blocks",
            f"""SELECT "key", count(*) AS n, {_spared(rule)} AS spared FROM keys
            GROUP BY "key" HAVING min(own) <> max(own) AND bit_and(lacks) = 0""",
        )
        session.make(
            f"entries_{number}",
            f"""SELECT k."key", k.record, k.own, k.rule, k.lacks
            FROM keys AS k JOIN blocks AS b ON k."key" = b."key" WHERE b.n <= {bounds.block}""",
        )
        session.make(f"crowded_{number}", _crowd(rule, bounds))
        found = session.sql(
            f"""SELECT (SELECT CAST(coalesce(sum(CASE WHEN n <= {bounds.block}
                THEN n * (n - 1) / 2 - spared * (spared - 1) / 2
                ELSE n * {bounds.near} END), 0) AS BIGINT) FROM blocks) AS most,
            (SELECT count(DISTINCT record) FROM crowded_{number}) AS crowded"""
        )
        most += found["most"][0].as_py()
        if found["crowded"][0].as_py():
            crowded[rule.name] = found["crowded"][0].as_py()
    for table in ("keys", "blocks"):
        session.run(f"DROP TABLE IF EXISTS {table}")
    for name in ("entries", "crowded"):
        parts = (f"SELECT * FROM {name}_{number}" for number in range(len(profile.blocking)))
        session.view(name, " UNION ALL ".join(parts))
    return Blocks(records, most, crowded, bounds, len(profile.blocking))


def _spared(rule: Rule) -> str:
    """Return SQL for the most records of a block that lack one need in common, and do not meet each other."""
    counts = [f"count(*) FILTER (WHERE lacks & {1 << bit} <> 0)" for bit in range(len(rule.needs))]
    # two noughts: Spark's takes no fewer
    return f"greatest({', '.join(['0', '0', *counts])})"


def _lacks(rule: Rule) -> str:
    """Return SQL for what a record lacks of the needs of a rule, a bit for each."""
    bits = [f"CASE WHEN {need} THEN 0 ELSE {1 << bit} END" for bit, need in enumerate(rule.needs)]
    return " + ".join(bits) or "0"


def _keys(session: Database, rule: Rule, number: int) -> str:
    """Make a view of the key of each record under a rule, one row for each element of its lists."""
    view = f"keyed_{number}"
    names = [f"k{k}" for k in range(len(rule.keys))]
    chosen = ", ".join(f"{key} AS {name}" for key, name in zip(rule.keys, names, strict=True))
    shape = session.sql(f"SELECT {chosen} FROM compared LIMIT 0").schema
    lists = [each.name for each in shape if pa.types.is_list(each.type)]
    own = "CASE WHEN apart THEN source ELSE -1 - record END"
    query = f"SELECT record, {own} AS own, {_lacks(rule)} AS lacks, {chosen} FROM compared"
    for name in lists:
        others = ", ".join(each for each in names if each != name)
        each = f"unnest(list_distinct({name})) AS {name}"
        query = f"SELECT record, own, lacks, {', '.join(filter(None, [each, others]))} FROM ({query})"
    known = " AND ".join(f"{name} IS NOT NULL" for name in names)
    # the number counts from 1: a leading nought leaves DuckDB's hash as it was, and two rules would meet
    session.view(
        view,
        f"""SELECT hash({number + 1}, {", ".join(names)}) AS "key", CAST(record AS INTEGER) AS record,
        CAST(own AS INTEGER) AS own, CAST({number} AS TINYINT) AS rule, CAST(lacks AS TINYINT) AS lacks
        FROM ({query}) WHERE {known}""",
    )
    return view


def _crowd(rule: Rule, bounds: Bounds) -> str:
    """Return SQL for the records of blocks that are too large, each with its place in its block.

    Records alike in all that the rule sorts by stand in a mixed order, the same each time: in their own,
    all those of one source would stand together and meet no other.
    """
    sorts = [f"({each}) AS o{k}" for k, each in enumerate(rule.order)]
    order = ", ".join(f"c.o{k} NULLS LAST" for k in range(len(rule.order)))
    return f"""SELECT k."key", k.record, k.own, k.rule, k.lacks, row_number() OVER (PARTITION BY k."key"
            ORDER BY {order}, (k.record * 2654435761) % 4294967296, k.record) AS place
        FROM (SELECT k.* FROM keys AS k JOIN blocks AS b ON k."key" = b."key" WHERE b.n > {bounds.block}) AS k
        JOIN (SELECT record, {", ".join(sorts)} FROM compared) AS c ON c.record = k.record"""


def meeting(blocks: Blocks, low: int, high: int) -> str:
    """Return SQL for the pairs whose first record is in a range: `a`, `b` (a < b), `rule` (the first)."""
    near = blocks.bounds.near
    within = f"l.record >= {low} AND l.record < {high}"
    parts = [
        f"""
        SELECT l.record AS a, r.record AS b, l.rule AS rule FROM entries_{number} AS l
            JOIN entries_{number} AS r ON l."key" = r."key" AND r.record > l.record AND r.own <> l.own
                AND r.lacks & l.lacks = 0
        WHERE {within} AND r.record > {low}"""
        for number in range(blocks.rules)
    ]
    if blocks.crowded:
        # only shelves that touch are joined: a block of a million makes no join of all by all
        parts.append(f"""
        SELECT l.record, r.record, l.rule FROM
            (SELECT *, unnest([place // {near} - 1, place // {near}, place // {near} + 1]) AS shelf
                FROM crowded AS l WHERE {within}) AS l
            JOIN (SELECT *, place // {near} AS shelf FROM crowded) AS r
            ON l."key" = r."key" AND l.shelf = r.shelf AND r.record > l.record AND r.own <> l.own
            AND r.lacks & l.lacks = 0 AND abs(r.place - l.place) <= {near}""")
    return f"SELECT a, b, min(rule) AS rule FROM ({' UNION ALL '.join(parts)}) GROUP BY a, b"

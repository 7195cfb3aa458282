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
        records: How many records there are.
        most: Pairs that the blocks make at most, those found by two rules counted twice.
        crowded: For each rule, how many records stand in a block that is too large.
        bounds: The bounds that were kept.
    """

    records: int
    most: int
    crowded: dict[str, int]
    bounds: Bounds

    def chunks(self) -> list[tuple[int, int]]:
        """Return ranges of records, from and up to, whose pairs are few enough to hold."""
        # twice as many as on average are needed: the first records meet more that come after them
        count = max(1, min(self.records, -(-2 * self.most // self.bounds.chunk)))
        edges = [self.records * k // count for k in range(count + 1)]
        return list(itertools.pairwise(edges))


def lay(session: Database, profile: Profile, records: int, bounds: Bounds = USUAL) -> Blocks:
    """Lay the records of the table `compared` into blocks: tables `entries` and `crowded`.

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
    """Lay records into blocks by the keys that `keyed`, and `keyed_K` for each rule, hold; see `lay`."""
    session.make(
        "blocks",
        f"""SELECT "key", count(*) AS n, {_spared(profile)} AS spared FROM keyed
        GROUP BY "key" HAVING min(own) <> max(own) AND bit_and(lacks) = 0""",
    )
    session.make(
        "entries",
        f"""SELECT k."key", k.record, k.own, k.rule, k.lacks
        FROM keyed AS k JOIN blocks AS b ON k."key" = b."key" WHERE b.n <= {bounds.block}""",
    )
    _crowd(session, profile, bounds)
    counted = session.sql(
        f"""SELECT CAST(coalesce(sum(CASE WHEN n <= {bounds.block}
            THEN n * (n - 1) / 2 - spared * (spared - 1) / 2
            ELSE n * {bounds.near} END), 0) AS BIGINT) AS most
        FROM blocks"""
    )
    found = session.sql(
        "SELECT rule, count(DISTINCT record) AS n FROM crowded GROUP BY rule ORDER BY rule"
    ).to_pydict()
    names = [profile.blocking[rule].name for rule in found["rule"]]
    return Blocks(records, counted["most"][0].as_py(), dict(zip(names, found["n"], strict=True)), bounds)


def _spared(profile: Profile) -> str:
    """Return SQL for the most records of a block that lack one need in common, and do not meet each other."""
    needs = max(len(rule.needs) for rule in profile.blocking)
    counts = [f"count(*) FILTER (WHERE lacks & {1 << bit} <> 0)" for bit in range(needs)]
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


def _crowd(session: Database, profile: Profile, bounds: Bounds) -> None:
    """Make the table of the records of blocks that are too large, each with its place in its block.

    Records alike in all that the rule sorts by stand in a mixed order, the same each time: in their own,
    all those of one source would stand together and meet no other.
    """
    large = session.sql(f"SELECT count(*) AS n FROM blocks WHERE n > {bounds.block}")["n"][0].as_py()
    unless = "" if large else " AND false"  # keys are worked out anew for this, so not without need
    parts = []
    for number, rule in enumerate(profile.blocking):
        sorts = [f"({each}) AS o{k}" for k, each in enumerate(rule.order)]
        order = ", ".join(f"c.o{k} NULLS LAST" for k in range(len(rule.order)))
        parts.append(
            f"""SELECT k."key", k.record, k.own, k.rule, k.lacks, row_number() OVER (PARTITION BY k."key"
                ORDER BY {order}, (k.record * 2654435761) % 4294967296, k.record) AS place
            FROM keyed_{number} AS k JOIN blocks AS b ON k."key" = b."key"
            JOIN (SELECT record, {", ".join(sorts)} FROM compared) AS c ON c.record = k.record
            WHERE b.n > {bounds.block}{unless}"""
        )
    session.make("crowded", " UNION ALL ".join(parts))


def meeting(blocks: Blocks, low: int, high: int) -> str:
    """Return SQL for the pairs whose first record is in a range: `a`, `b` (a < b), `rule` (the first)."""
    near = blocks.bounds.near
    within = f"l.record >= {low} AND l.record < {high}"
    whole = f"""
        SELECT l.record AS a, r.record AS b, l.rule AS rule FROM entries AS l JOIN entries AS r
            ON l."key" = r."key" AND r.record > l.record AND r.own <> l.own
                AND r.lacks & l.lacks = 0
        WHERE {within} AND r.record > {low}"""
    if blocks.crowded:
        # only shelves that touch are joined: a block of a million makes no join of all by all
        whole += f"""
        UNION ALL SELECT l.record, r.record, l.rule FROM
            (SELECT *, unnest([place // {near} - 1, place // {near}, place // {near} + 1]) AS shelf
                FROM crowded AS l WHERE {within}) AS l
            JOIN (SELECT *, place // {near} AS shelf FROM crowded) AS r
            ON l."key" = r."key" AND l.shelf = r.shelf AND r.record > l.record AND r.own <> l.own
            AND r.lacks & l.lacks = 0 AND abs(r.place - l.place) <= {near}"""
    return f"SELECT a, b, min(rule) AS rule FROM ({whole}) GROUP BY a, b"

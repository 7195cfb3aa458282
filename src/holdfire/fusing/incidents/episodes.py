"""Runs of incidents: the same parties, one area, and no long gap between one and the next.

Four rules hold, and tests/properties/test_episodes.py tries to break each:

* an incident is in one episode at most, and is not changed by it;
* any two incidents that are near each other are in one episode, and nothing else joins two;
* the order of incidents changes nothing;
* one more incident may widen an episode or join several, and removes nothing.

The last holds because whether two incidents are near depends on these two alone. An incident with an unknown
party, or one that no one has described, a time wider than a week, or a place of no governorate and no narrow
disc is near none: it would join what is apart.
Work grows with the incidents and not with their pairs: along time a sweep finds the runs, and distances are
taken between squares of a kilometre.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from holdfire.digests import short
from holdfire.engine import Session
from holdfire.fusing.grouping.components import components
from holdfire.fusing.incidents.background import Background
from holdfire.places import EARTH
from holdfire.records.actor import UNDESCRIBED
from holdfire.records.episode import EPISODE, EPISODE_MEMBER

GAP = 2
"""Longest time between an incident and the next of its episode [days]."""

LONGEST = 7
"""Longest time within which an incident of an episode may lie [days]."""

REACH = 25
"""Farthest apart two incidents lie if one has no known governorate [km]; also their greatest radius."""

_KEY = "CAST(to_json([actors, targets]) AS VARCHAR)"
_DYADS = pa.schema([("key", pa.string()), ("dyad", pa.int64())])

_HELD = f"""
    WITH timed AS (
        SELECT row_number() OVER (ORDER BY incident_id) - 1 AS n, {_KEY} AS key, admin1 AS area,
            CAST(floor(epoch(start) / 60) AS BIGINT) AS first,
            CAST(ceil(epoch("end") / 60) AS BIGINT) AS last,
            CASE WHEN radius <= {REACH * 1000} AND lon IS NOT NULL THEN lat END AS lat, lon FROM incidents)
    SELECT n, dyad, area, first, last,
        CAST(round({EARTH} / 1000 * cos(radians(lat)) * cos(radians(lon))) AS BIGINT) AS x,
        CAST(round({EARTH} / 1000 * cos(radians(lat)) * sin(radians(lon))) AS BIGINT) AS y,
        CAST(round({EARTH} / 1000 * sin(radians(lat))) AS BIGINT) AS z
    FROM timed JOIN dyads USING (key)
    WHERE last - first <= {LONGEST * 1440} AND (area IS NOT NULL OR lat IS NOT NULL)"""


def _runs(kept: str, where: str, gap: int) -> str:
    """Return SQL of the runs along time in each group of equal columns, and the first of each, by number."""
    return f"""
        WITH held_ AS (SELECT * FROM held WHERE {kept}), after AS (
            SELECT *, max(last) OVER (PARTITION BY {where} ORDER BY first, last, n
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM held_
        ), numbered AS (
            SELECT *, sum(CASE WHEN first - before > {gap} THEN 1 ELSE 0 END) OVER (
                PARTITION BY {where} ORDER BY first, last, n ROWS UNBOUNDED PRECEDING) AS run FROM after)
        SELECT *, min(n) OVER (PARTITION BY {where}, run) AS head FROM numbered"""


_SPOTS = """
    SELECT dyad, area, x, y, z, head, min(first) AS first, max(last) AS last,
        CAST(floor(x / {reach}.0) AS BIGINT) AS cx, CAST(floor(y / {reach}.0) AS BIGINT) AS cy,
        CAST(floor(z / {reach}.0) AS BIGINT) AS cz
    FROM spotted GROUP BY ALL"""

_NEAR = """
    WITH reaching AS (
        SELECT * REPLACE (cx + i.i AS cx, cy + j.i AS cy, cz + k.i AS cz)
        FROM spots, steps AS i, steps AS j, steps AS k WHERE area IS NULL)
    SELECT l.head AS a, r.head AS b FROM reaching AS l JOIN spots AS r USING (dyad, cx, cy, cz)
    WHERE l.head <> r.head AND r.first - l.last <= {gap} AND l.first - r.last <= {gap}
        AND pow(l.x - r.x, 2) + pow(l.y - r.y, 2) + pow(l.z - r.z, 2) <= {square}"""

_EPISODES = """
    SELECT episode_id, count(*) AS incidents,
        list_sort(list_distinct(flatten(list(list_concat(actors, targets))))) AS parties,
        list_sort(list(DISTINCT admin1) FILTER (admin1 IS NOT NULL)) AS areas,
        min(start) AS start, max("end") AS "end", CAST(sum(killed_low) AS BIGINT) AS killed_low,
        CASE WHEN count(killed_high) = count(*) THEN CAST(sum(killed_high) AS BIGINT) END AS killed_high,
        count(*) - count(killed_low) AS silent
    FROM within JOIN incidents USING (incident_id) GROUP BY episode_id ORDER BY episode_id"""


class Episodes(NamedTuple):
    """What incidents come to.

    Attributes:
        episodes: EPISODE rows.
        members: EPISODE_MEMBER rows.
    """

    episodes: pa.Table
    members: pa.Table

    @classmethod
    def none(cls) -> Episodes:
        """Return what no incidents come to."""
        return cls(EPISODE.empty(), EPISODE_MEMBER.empty())


def episodes(session: Session, incidents: pa.Table, background: Background, gap_days: int = GAP) -> Episodes:
    """Return the runs that incidents make, and which incident is in which.

    Two incidents are near if a pair of opposed actors, or of actors on their sides, is the same in both,
    whoever of the two acted; if both governorates are known and are one, or one is not known and they lie
    within REACH; and if at most `gap_days` lie between them. An episode is what hangs together by this.

    Args:
        session: An open database.
        incidents: INCIDENT rows.
        background: Which actors are on whose side.
        gap_days: Longest time between an incident and the next [days].
    """
    session.give("incidents", incidents)
    parties = session.sql(
        f"""SELECT {_KEY} AS key, any_value(actors) AS actors, any_value(targets) AS targets FROM incidents
        WHERE len(actors) > 0 AND len(targets) > 0 GROUP BY 1 ORDER BY 1"""
    )
    session.give("dyads", _dyads(parties.to_pylist(), background.sides))
    session.make("held", _HELD)
    gap = gap_days * 1440
    session.make("named", _runs("area IS NOT NULL", "dyad, area", gap))
    session.make("spotted", _runs("x IS NOT NULL", "dyad, area, x, y, z", gap))
    session.make("spots", _SPOTS.format(reach=REACH))
    session.make("steps", "SELECT unnest([-1, 0, 1]) AS i")
    runs = [
        session.sql(f"SELECT n AS a, head AS b FROM {each} WHERE n <> head") for each in ("named", "spotted")
    ]
    near = session.sql(_NEAR.format(gap=gap, square=REACH**2))
    members = _members(session, pa.concat_tables([*runs, near]))
    session.give("within", members)
    return Episodes(EPISODE.check(session.sql(_EPISODES)), members)


def _dyads(parties: list[dict[str, Any]], sides: Mapping[str, frozenset[str]]) -> pa.Table:
    """Return the pairs of opposed actors of each key, numbered; pairs that the same keys have are one."""

    def side(actors: list[str]) -> set[str]:
        known = [each for each in actors if not each.startswith(UNDESCRIBED)]
        return {*known, *(other for each in known for other in sides.get(each, ()))}

    keys: dict[tuple[str, str], list[str]] = {}
    for row in parties:
        one, other = side(row["actors"]), side(row["targets"])
        for dyad in sorted({(min(a, b), max(a, b)) for a in one for b in other if a != b}):
            keys.setdefault(dyad, []).append(row["key"])
    distinct = sorted({tuple(each) for each in keys.values()})
    listed = [{"key": key, "dyad": number} for number, each in enumerate(distinct) for key in each]
    return pa.Table.from_pylist(listed, schema=_DYADS)


def _members(session: Session, pairs: pa.Table) -> pa.Table:
    """Return the members of what hangs together by pairs of incidents, numbered in the order of their ids."""
    ids = session.sql("SELECT incident_id FROM incidents ORDER BY incident_id")["incident_id"]
    one, other = (pairs[name].to_numpy().astype(np.int32) for name in ("a", "b"))
    found = components(len(ids), one, other, np.zeros(len(one), np.int32), len(ids))
    listed = ids.take(pa.array(found.records)).to_pylist()
    first = found.first.tolist()
    named: list[str] = []
    for start, end in pairwise(first):
        named += [short("ep", listed[start])] * (end - start)
    table = pa.table(
        {"episode_id": pa.array(named, pa.string()), "incident_id": pa.array(listed, pa.string())}
    )
    return EPISODE_MEMBER.sorted(EPISODE_MEMBER.check(table))

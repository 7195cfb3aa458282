"""Made-up records of incidents whose truth is known, to try what joins pairs: seeded, any size, no text.

Incidents happen in towns of districts, large and small, on days. Each source hears of some of them and tells
them with its own mistakes: a neighbouring town, only the district, a day or three off, another kind, no
actor. Pairs of one district within three days are weighed as Fellegi and Sunter weigh them, with m and u
counted on the truth, and whole millibits. The fields of one record err together more than the weights
believe (`haste`), as in life, so weights are not calibrated by construction.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """Records, in order of source, and what is true of them.

    Attributes:
        truth: Incident of each record.
        source: Source of each record.
        a: Smaller record of each pair.
        b: Larger.
        weight: Log2 posterior odds in millibits; pairs of one source are only there if it repeats itself.
    """

    truth: Ints
    source: Ints
    a: Ints
    b: Ints
    weight: npt.NDArray[np.int32]


def _records(
    incidents: int, sources: int, reach: float, again: float, dense: float, chance: np.random.Generator
) -> dict[str, Ints]:
    """Return the columns of the records, in order of source; -1 is silent."""
    days = 365
    towns = max(12, int(incidents / (days * dense)))
    share = 1 / np.arange(1, towns + 1) ** 0.6
    town = chance.permutation(towns)[chance.choice(towns, incidents, p=share / share.sum())]
    day = chance.integers(0, days, incidents)
    kind = np.minimum(chance.geometric(0.35, incidents) - 1, 7)
    actor = np.minimum(chance.geometric(0.4, incidents) - 1, 5)
    killed = np.minimum(chance.geometric(0.3, incidents) - 1, 40)
    parts = []
    for source in range(sources):
        heard = np.flatnonzero(chance.random(incidents) < reach)
        twice = heard[chance.random(len(heard)) < (again if source == sources - 1 else 0)]
        parts.append((np.full(len(heard) + len(twice), source), np.concatenate([heard, twice])))
    told = np.concatenate([part[0] for part in parts])
    truth = np.concatenate([part[1] for part in parts])
    n = len(truth)
    haste = np.where(chance.random(n) < 0.25, 2.2, 0.6)

    def slips(rate: float) -> npt.NDArray[np.bool_]:
        return chance.random(n) < rate * haste

    seen_town, seen_day = town[truth], day[truth]
    seen_town = np.where(slips(0.08), seen_town // 6 * 6 + chance.integers(0, 6, n), seen_town)
    seen_day = np.where(slips(0.16), seen_day + chance.choice([-1, 1], n), seen_day)
    seen_day = np.where(slips(0.05), seen_day + chance.choice([-3, -2, 2, 3], n), seen_day)
    seen_kind = np.where(slips(0.12), chance.integers(0, 8, n), kind[truth])
    seen_actor = np.where(slips(0.05), chance.integers(0, 6, n), actor[truth])
    seen_killed = np.where(
        slips(0.3), np.maximum(0, killed[truth] + chance.integers(-3, 4, n)), killed[truth]
    )
    order = np.lexsort((chance.permutation(n), told))
    columns = {
        "truth": truth, "source": told, "district": seen_town // 6,
        "town": np.where(slips(0.15), -1, seen_town), "day": seen_day,
        "kind": np.where(slips(0.1), -1, seen_kind),
        "actor": np.where(slips(0.2), -1, seen_actor), "killed": np.where(slips(0.2), -1, seen_killed),
    }  # fmt: skip
    return {name: np.ascontiguousarray(column[order].astype(np.int64)) for name, column in columns.items()}


_LEVELS = """
    CASE WHEN l.town < 0 OR r.town < 0 THEN 0 WHEN l.town <> r.town THEN 1
        ELSE 2 + CAST(floor(2 * log2(tc.n)) AS INTEGER) END AS town,
    abs(l.day - r.day) AS day,
    CASE WHEN l.kind < 0 OR r.kind < 0 THEN 0 WHEN l.kind = r.kind THEN 1 + l.kind ELSE 20 END AS kind,
    CASE WHEN l.actor < 0 OR r.actor < 0 THEN 0 WHEN l.actor = r.actor THEN 1 + l.actor ELSE 20 END AS actor,
    CASE WHEN l.killed < 0 OR r.killed < 0 THEN 0 WHEN l.killed = r.killed AND l.killed > 4 THEN 1
        WHEN l.killed = r.killed THEN 2 WHEN abs(l.killed - r.killed) <= 2 THEN 3 ELSE 4 END AS killed"""
"""How the two of a pair stand to each other; a town shared counts by how common it is."""

_FIELDS = ("town", "day", "kind", "actor", "killed")

_ODDS = "round(1000 * log2((count(*) FILTER (same) + 0.5) / (count(*) FILTER (NOT same) + 0.5)))"


def population(
    seed: int,
    incidents: int,
    *,
    sources: int = 3,
    reach: float = 0.6,
    again: float = 0.0,
    dense: float = 0.02,
    floor: int = -4250,
) -> Population:
    """Return records of so many incidents.

    Args:
        seed: Decides every draw.
        incidents: How many happen.
        sources: How many tell of them.
        reach: Share of the incidents that each source hears of.
        again: Share of those of which the last source speaks twice.
        dense: Incidents a town and day.
        floor: Least weight of a pair that is kept [millibits].
    """
    made = _records(incidents, sources, reach, again, dense, np.random.default_rng(seed))
    repeating = sources - 1 if again else -1
    with duckdb.connect() as engine:
        engine.execute("SET threads = 2")
        engine.register("made", {**made, "record": np.arange(len(made["truth"]))})
        engine.execute("CREATE TABLE records AS SELECT * FROM made")
        engine.execute(f"""
            CREATE TABLE found AS
            WITH tc AS (SELECT town, count(*) AS n FROM records WHERE town >= 0 GROUP BY town),
            spread AS (SELECT *, day + t.d AS at FROM records, range(-3, 4) t(d))
            SELECT l.record AS a, r.record AS b, l.truth = r.truth AS same, {_LEVELS}
            FROM spread l JOIN records r ON r.district = l.district AND r.day = l.at AND l.record < r.record
                AND (l.source <> r.source OR l.source = {repeating})
            LEFT JOIN tc ON tc.town = l.town""")
        engine.execute(f"CREATE TABLE prior AS SELECT {_ODDS} AS w FROM found")
        for name in _FIELDS:
            engine.execute(
                f"CREATE TABLE w_{name} AS SELECT {name}, {_ODDS} - any_value(prior.w) AS w"
                f" FROM found, prior GROUP BY {name}"
            )
        joins = " ".join(f"JOIN w_{name} USING ({name})" for name in _FIELDS)
        weight = " + ".join(["prior.w", *(f"w_{name}.w" for name in _FIELDS)])
        kept = engine.execute(f"""
            SELECT * FROM (SELECT a, b, CAST({weight} AS INTEGER) AS weight FROM found {joins}, prior)
            WHERE weight >= {floor} ORDER BY a, b""").fetchnumpy()
    return Population(
        made["truth"], made["source"],
        kept["a"].astype(np.int64), kept["b"].astype(np.int64), kept["weight"].astype(np.int32),
    )  # fmt: skip

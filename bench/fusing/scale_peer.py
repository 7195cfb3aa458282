"""Join the reports of one world with Splink alone: a plain profile, its own blocking, EM and best links.

The peer of scale_ours.py, in a process of its own: WORLD MEMORY SCRATCH. The profile is what a careful user
of Splink would write: distance and date by levels, type, actor and dead by agreement, terms where they help.
It is told the true number of partners, and given the threshold that the truth likes best.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.fusing.scale_ours import Clock, report, truth
from holdfire import worlds
from holdfire.engine import Engine
from holdfire.fusing.grouping.marking import mark
from holdfire.fusing.incidents.selecting import MAKES

THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.5)
"""Probabilities from which links count; the peer is given the best of them, by the truth."""

_FEATURES = """
    SELECT row_number() OVER (ORDER BY source, seq, claim_id) - 1 AS record, claim_id,
        source AS source_dataset,
        CAST(floor(epoch(start) / 86400) AS INTEGER) AS day, time_precision AS dated,
        CAST(round(6371 * radians(lat)) AS INTEGER) AS north,
        CAST(round(6371 * radians(lon) * cos(radians(lat))) AS INTEGER) AS east,
        geo_precision IN ('district', 'governorate') AS wide, admin1, event_type AS type, actors[1] AS actor,
        killed_best AS dead,
        CAST(floor(lat / 0.2) AS INTEGER) * 2000 + CAST(floor(lon / 0.2) AS INTEGER) AS cell,
        CAST(floor(lat / 0.2 + 0.5) AS INTEGER) * 2000 + CAST(floor(lon / 0.2 + 0.5) AS INTEGER) AS shifted
    FROM makes"""

_OFF = "(north_l - north_r) * (north_l - north_r) + (east_l - east_r) * (east_l - east_r)"

_LEVELS: dict[str, list[tuple[str, str]]] = {
    "place": [
        ("north_l IS NULL OR north_r IS NULL", ""),
        (f"{_OFF} <= 1", ""),
        (f"{_OFF} <= 4", ""),
        (f"{_OFF} <= 16", ""),
        ("(wide_l OR wide_r) AND admin1_l = admin1_r", ""),
        (f"{_OFF} <= 100", ""),
        (f"{_OFF} <= 625", ""),
        ("ELSE", ""),
    ],
    "time": [
        ("day_l IS NULL OR day_r IS NULL", ""),
        ("day_l = day_r", "day"),
        ("abs(day_l - day_r) <= 1", ""),
        ("abs(day_l - day_r) <= 6 AND (dated_l = 'week' OR dated_r = 'week')", ""),
        ("abs(day_l - day_r) <= 4", ""),
        ("ELSE", ""),
    ],
    "type": [("type_l IS NULL OR type_r IS NULL", ""), ("type_l = type_r", "type"), ("ELSE", "")],
    "actor": [("actor_l IS NULL OR actor_r IS NULL", ""), ("actor_l = actor_r", "actor"), ("ELSE", "")],
    "dead": [
        ("dead_l IS NULL OR dead_r IS NULL", ""),
        ("dead_l = dead_r AND dead_l >= 5", ""),
        ("dead_l = dead_r AND dead_l >= 1", ""),
        ("dead_l = dead_r", ""),
        ("3 * abs(dead_l - dead_r) <= greatest(3, dead_l, dead_r)", ""),
        ("ELSE", ""),
    ],
}


def _settings(partners: float, records: int) -> dict[str, Any]:
    comparisons = []
    for name, levels in _LEVELS.items():
        said = []
        for number, (condition, term) in enumerate(levels):
            level: dict[str, Any] = {"sql_condition": condition, "label_for_charts": str(number)}
            level |= {"is_null_level": True} if number == 0 else {}
            if term:
                level |= {"tf_adjustment_column": term, "disable_tf_exact_match_detection": True}
                level |= {"tf_adjustment_weight": 1.0}
            said.append(level)
        comparisons.append({"output_column_name": name, "comparison_levels": said})
    rules = [
        f"l.{cell} = r.{cell} AND {days.format('l')} = {days.format('r')}"
        for cell in ("cell", "shifted")
        for days in ("{}.day // 8", "({}.day + 4) // 8")
    ]
    return {
        "link_type": "link_and_dedupe",
        "unique_id_column_name": "record",
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in rules],
        "probability_two_random_records_match": partners / records,
        "retain_matching_columns": False,
    }


def main(world: Path, memory: int, scratch: str) -> None:
    """Join the reports of a world and print what came of it."""
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    with Engine(2, 2 * memory, scratch).session() as session:
        clock = Clock()
        session.view("makes", f"SELECT * FROM read_parquet('{worlds.claims(world)}') WHERE {MAKES}")
        session.make("given", _FEATURES)
        sources = session.sql("SELECT DISTINCT source_dataset AS s FROM given ORDER BY s")["s"].to_pylist()
        api, parts = DuckDBAPI(connection=session.connection), []
        for each in sources:
            session.make(f"given_{each}", f"SELECT * FROM given WHERE source_dataset = '{each}'")
            parts.append(api.register(f"given_{each}", dataset_display_name=each))
        records = session.sql("SELECT count(*) AS n FROM given")["n"][0].as_py()
        clock.step("features")
        linker = Linker(parts, _settings(1.3, records), log_level=None)
        training = linker.training
        training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
        for rule in (
            "l.day = r.day AND l.type = r.type AND l.dead = r.dead",
            "l.north = r.north AND l.east = r.east AND l.type = r.type",
            "l.day = r.day AND l.north = r.north AND l.east = r.east",
        ):
            training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=2e6
            )
        clock.step("training")
        found = linker.inference.predict(threshold_match_probability=0.05, warning_mode="never")
        clock.step("pairs")
        groups = {}
        for threshold in THRESHOLDS:
            links = linker.clustering.cluster_using_single_best_links(
                found,
                threshold_match_probability=threshold,
                duplicate_free_datasets=sources,
                ties_method="lowest_id",
            )
            if not groups:
                clock.step("groups")
                wall = time.perf_counter() - clock.started
            made = session.sql(f"SELECT record, cluster_id FROM {links.physical_name} ORDER BY record")
            named = np.asarray(made["cluster_id"].to_pylist(), dtype=str)
            groups[threshold] = np.unique(named, return_inverse=True)[1]
        kept = session.sql(f"SELECT count(*) AS n FROM {found.physical_name}")["n"][0].as_py()
        true = truth(session, world, "given")
        known = true >= 0
        best = max(groups.values(), key=lambda each: mark(each[known], true[known]).pairs.f1)
        print(report(clock, wall, best, true, compared=0, kept=kept, crowded=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])

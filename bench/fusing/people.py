"""Persons from four simulated lists in Arabic and Latin letters: how right, how calibrated, how fast.

The lists are those of `holdfire.worlds.lists` (families killed together, twins, slips, kunyas, copying), made
from other seeds than the parameters were trained on. Beside ours runs Splink's rule of single best links, on
pairs of the same profile weighed with parameters that Splink's own EM found; the normaliser is ours in both.
Each runs as a process of its own: `python -m bench.fusing.people ours|peer|sure FOLDER ANSWER`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.figures import Figure
from bench.fusing.listed import Listed, read
from bench.measuring import Took, run
from holdfire.engine import Engine
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.grouping.calibrating import probability, reliability
from holdfire.fusing.grouping.marking import mark
from holdfire.fusing.parameters import parameters
from holdfire.fusing.people.doubt import CERTAIN, surely
from holdfire.fusing.people.features import features
from holdfire.fusing.people.link import link
from holdfire.fusing.profile import profile
from holdfire.fusing.training.learning import train
from holdfire.worlds.lists import four_lists
from holdfire.worlds.lists_plan import FOUR

SIZES = {"100 thousand": 100_000, "1 million": 1_000_000}
SEED = 31
MEMORY = 2000
"""What the database may hold [MiB]; arrays come beside it."""
SAMPLE = 60_000
"""Records on which the peer is trained."""
LIMIT = 240.0
"""How long either may take [s]."""


def measure(shared: Path) -> Iterator[Figure]:
    """Yield F1, calibration, time and memory of ours, and F1 and time of the peer."""
    del shared  # the lists are made here
    for words, size in SIZES.items():
        with tempfile.TemporaryDirectory(prefix="holdfire-bench-") as scratch:
            four_lists(size, SEED, Path(scratch), FOUR)
            ours, took = _child("ours", Path(scratch))
            yield from _ours(words, ours, took)
            if size == min(SIZES.values()):
                yield from _sure(words, Path(scratch))
            yield _peer(words, ours["entries"], Path(scratch))


def _ours(words: str, ours: dict[str, float], took: Took) -> Iterator[Figure]:
    count, large = int(ours["entries"]), words == "1 million"
    note = f"P {ours['precision']:.3f}, R {ours['recall']:.3f}; persons made per true one {ours['count']:.3f}"
    yield Figure(f"four lists, {words}: pairwise F1", ours["f1"], count=count, reach="0.96", note=note)
    name = f"four lists, {words}: expected calibration error"
    yield Figure(
        name, ours["ece"], count=int(ours["pairs"]), reach="0.03 at most", note="pairs of 1 in 65 and up"
    )
    note = f"{took.cpu:.0f} s of CPU; of it {ours['cpu']:.0f} s from entries in memory to groups"
    yield Figure(
        f"four lists, {words}: time [s]",
        took.wall,
        count=count,
        reach="60 at most" if large else "",
        note=note,
    )
    reach = "3,482 at most" if large else ""
    yield Figure(f"four lists, {words}: peak memory [MiB]", took.peak, count=count, reach=reach)


def _sure(words: str, folder: Path) -> Iterator[Figure]:
    """Yield how well shares of draws, which links of a case are kept with, say what is true."""
    found, _ = _child("sure", folder)
    note = (
        f"Brier {found['brier']:.4f}, of weights alone {found['weights']:.4f}; {found['draws']:.0f} s of CPU"
    )
    name = f"four lists, {words}: expected calibration error of links, by draws"
    yield Figure(name, found["error"], count=int(found["pairs"]), reach="0.03 at most", note=note)


def _peer(words: str, entries: float, folder: Path) -> Figure:
    try:
        peer, took = _child("peer", folder)
    except TimeoutError:
        name = f"four lists, {words}: Splink's single best links were not done within [s]"
        return Figure(name, LIMIT, count=int(entries))
    name = f"four lists, {words}: pairwise F1 of Splink's single best links"
    note = f"P {peer['precision']:.3f}, R {peer['recall']:.3f}; {took.wall:.0f} s, {took.cpu:.0f} s of CPU"
    return Figure(name, peer["f1"], count=int(entries), note=f"{note}; peak {took.peak:,.0f} MiB")


def _child(which: str, folder: Path) -> tuple[dict[str, float], Took]:
    """Return what a process of its own found, and what it took."""
    answer = folder / f"{which}.json"
    took = run([sys.executable, "-m", "bench.fusing.people", which, str(folder), str(answer)], limit=LIMIT)
    return json.loads(answer.read_text()), took


def ours(listed: Listed) -> dict[str, float]:
    """Return how right our persons are."""
    found = link(listed.entries, listed.source, listed.behaviour, Engine(threads=2, memory=MEMORY))
    a, b, weight = (found.pairs[name].to_numpy() for name in ("a", "b", "weight"))
    true = listed.person[a] == listed.person[b]
    return _marks(found.groups, listed) | {"ece": calibration(weight, true), "pairs": len(a)}


def sure(listed: Listed) -> dict[str, float]:
    """Return how calibrated shares of draws are, beside weights alone."""
    found = link(listed.entries, listed.source, listed.behaviour, Engine(threads=2, memory=MEMORY))
    before = time.process_time()
    share = surely(found, listed.source, listed.behaviour, threads=2).pairs / CERTAIN
    a, b, weight = (found.pairs[name].to_numpy() for name in ("a", "b", "weight"))
    true = listed.person[a] == listed.person[b]
    return {
        "error": reliability(share, true).error, "pairs": len(a), "draws": time.process_time() - before,
        "brier": float(((share - true) ** 2).mean()),
        "weights": float(((probability(weight) - true) ** 2).mean()),
    }  # fmt: skip


def calibration(weight: np.ndarray, true: np.ndarray) -> float:
    """Return the expected calibration error of pairs in ten bins (Naeini et al. 2015, AAAI)."""
    chance = 1 / (1 + np.exp2(-weight / 1000))
    bins = np.minimum((10 * chance).astype(int), 9)
    found = [
        abs(chance[bins == k].mean() - true[bins == k].mean()) * (bins == k).sum() for k in set(bins.tolist())
    ]
    return float(sum(found) / max(1, len(weight)))


def peer(listed: Listed) -> dict[str, float]:
    """Return how right Splink's single best links are."""
    kind, engine = profile("person"), Engine(threads=2, memory=MEMORY)
    every = np.ones(len(listed.source), bool)  # its rule knows lists without repetitions, and others not
    table = features(listed.entries, listed.source, every)
    few = _some(table, listed)
    trained = train(few, kind, "a part of these lists", 1, engine)
    with engine.session() as session:
        session.give("features", table)
        scored = pairs(session, kind, trained, 0)
        return _marks(_best_links(session.connection, scored.pairs, listed), listed)


def _some(table: pa.Table, listed: Listed) -> pa.Table:
    """Return the features of the entries about some of the persons."""
    share = max(1, len(table) // SAMPLE)
    rows = np.flatnonzero(listed.person % share == 0)
    return table.take(pa.array(rows)).set_column(0, "record", pa.array(np.arange(len(rows))))


def _best_links(connection: object, kept: pa.Table, listed: Listed) -> np.ndarray:
    """Return the cluster of each record by Splink's own one-to-one rule."""
    from splink import DuckDBAPI
    from splink.internals.one_to_one_clustering import one_to_one_clustering

    api = DuckDBAPI(connection=connection)
    names = np.array([f"list_{code}" for code in range(len(listed.behaviour))])
    count = len(listed.source)
    nodes = pa.table({"node_id": np.arange(count), "source_dataset": names[listed.source]})
    a, b = kept["a"].to_numpy(), kept["b"].to_numpy()
    edges = pa.table(
        {
            "node_id_l": a,
            "node_id_r": b,
            "source_dataset_l": names[listed.source[a]],
            "source_dataset_r": names[listed.source[b]],
            "match_probability": 1 / (1 + np.exp2(-kept["weight"].to_numpy() / 1000)),
        }
    )
    found = one_to_one_clustering(
        nodes_table=api.register(nodes, table_name="__nodes"),
        edges_table=api.register(edges, table_name="__edges"),
        node_id_column_name="node_id",
        source_dataset_column_name="source_dataset",
        edge_id_column_name_left="node_id_l",
        edge_id_column_name_right="node_id_r",
        duplicate_free_datasets=list(names),
        ties_method="lowest_id",
        db_api=api,
        threshold_match_probability=0.5,
    ).as_pyarrow_table()
    groups = np.empty(count, np.int64)
    groups[found["node_id"].to_numpy()] = found["cluster_id"].to_numpy()
    return groups


def _marks(groups: np.ndarray, listed: Listed) -> dict[str, float]:
    marks = mark(groups, listed.person.astype(np.int64))
    return {
        "precision": marks.pairs.precision, "recall": marks.pairs.recall, "f1": marks.pairs.f1,
        "count": marks.count, "entries": len(groups),
    }  # fmt: skip


def main(given: list[str]) -> int:
    """Measure one of them on the lists of a folder, and write what it found."""
    which, folder, answer = given
    parameters("person")
    listed = read(Path(folder), FOUR)
    before = time.process_time()
    found = {"ours": ours, "peer": peer, "sure": sure}[which](listed)
    Path(answer).write_text(json.dumps(found | {"cpu": time.process_time() - before}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Moved dates say how many pairs chance makes, and what pairs of one event look like, without one label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.fusing.train_incident import background, lay_out

from holdfire import worlds
from holdfire.engine import Engine
from holdfire.fusing.comparing.scoring import levels_of, pairs, side_by_side
from holdfire.fusing.grouping.clustering import Joining, Pairs, group
from holdfire.fusing.grouping.marking import mark
from holdfire.fusing.incidents.fuse import FLOOR, Limits, within
from holdfire.fusing.incidents.moving import GROUPS, all_met, learn
from holdfire.fusing.parameters import Parameters, parameters
from holdfire.fusing.profile import profile
from holdfire.fusing.training.decoys import Met, chance, excess

SEEDS = (61, 62)
OWN, WEIGHTS = profile("incident"), parameters("incident")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    found = []
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp("worlds") / str(seed)
        worlds.make(worlds.read("hard"), seed, 3_500, folder)
        found.append(folder)
    return found


def records(world: Path, sources: list[str] | None = None) -> pa.Table:
    folders = sorted(each for each in (world / "records").iterdir() if not sources or each.name in sources)
    return pa.concat_tables(pq.read_table(file) for folder in folders for file in sorted(folder.iterdir()))


def marked(world: Path) -> tuple[pa.Table, np.ndarray]:  # type: ignore[type-arg]
    """Return the pairs that are looked at, with weight and levels, and which are of one event."""
    with Engine(2, 1024).session() as session:
        lay_out(session, world)
        session.give("weighed", pairs(session, OWN, WEIGHTS, -12_000).pairs)
        session.make(
            "unlike",
            f"""SELECT w.*, x.incident = y.incident AS same FROM weighed AS w
                JOIN features AS l ON l.record = w.a JOIN features AS r ON r.record = w.b
                JOIN truth AS x ON x.record = w.a JOIN truth AS y ON y.record = w.b
            WHERE l.source % {GROUPS} <> r.source % {GROUPS}""",
        )
        both = side_by_side("unlike", OWN, more=", p.weight, p.same")
        found = session.sql(f"SELECT weight, same, {levels_of(OWN)} FROM ({both})")
    return found, found["same"].to_numpy(zero_copy_only=False)


@dataclass(frozen=True)
class Seen:
    """A world: pairs as they are, as they are after dates were moved, and what is true of them."""

    real: Met
    decoys: Sequence[Met]
    levels: pa.Table
    same: np.ndarray  # type: ignore[type-arg]


@pytest.fixture(scope="module")
def seen(made: list[Path]) -> list[Seen]:
    engine = Engine(2, 1024)
    return [Seen(*all_met(records(each), background(each), engine, WEIGHTS), *marked(each)) for each in made]


def test_moved_dates_say_how_many_pairs_are_false(seen: list[Seen]) -> None:
    told, true = [], []
    for each in seen:
        for line in (-2_000, 0, 2_000):
            count, by_chance = chance(each.real, each.decoys, line)
            above = each.levels["weight"].to_numpy() >= line
            assert count == above.sum()
            told.append(by_chance / count)
            true.append(1 - each.same[above].mean())
    assert np.abs(np.array(told) - np.array(true)).mean() < 0.05


def test_what_is_left_beyond_chance_looks_like_pairs_of_one_event(seen: list[Seen]) -> None:
    for each in seen:
        for name in ("dead", "type"):
            learnt = excess(name, each.real, each.decoys, OWN, WEIGHTS)
            assert learnt is not None
            levels = each.levels[f"level_of_{name}"].to_numpy()
            silent = [level.silent for level in next(c for c in OWN.comparisons if c.name == name).levels]
            counted = np.where(silent, 0, np.bincount(levels[each.same], minlength=len(silent)))
            assert np.abs(learnt.m - counted / counted.sum()).sum() / 2 < 0.08  # total variation


def test_where_no_two_tell_of_one_event_all_is_chance(made: list[Path]) -> None:
    names = sorted(each.name for each in (made[0] / "records").iterdir())
    apart = pa.concat_tables([records(made[0], names[:1]), records(made[1], names[1:2])])
    real, decoys = all_met(apart, background(made[0]), Engine(2, 1024), WEIGHTS)
    count, by_chance = chance(real, decoys, -2_000)
    assert by_chance >= 0.5 * count
    assert excess("dead", real, decoys, OWN, WEIGHTS) is None


def test_moved_dates_teach_a_world_that_the_shipped_weights_do_not_know(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    worlds.make(worlds.read("siege"), 63, 2_000, folder)
    known = background(folder)
    learnt, stands = learn(records(folder), known, Engine(2, 1024), WEIGHTS)
    assert learnt is not None
    assert stands is not None
    assert stands.better
    assert joined(folder, learnt) > joined(folder, WEIGHTS)


def joined(world: Path, weights: Parameters) -> float:
    """Return the pairwise F1 of incidents made by these weights."""
    with Engine(2, 1024).session() as session:
        sources = lay_out(session, world)
        session.give("weighed", pairs(session, OWN, weights, FLOOR).pairs)
        kept = session.sql(within("weighed", Limits()))
        truth = session.sql("SELECT incident FROM truth ORDER BY record")["incident"].to_numpy()
        numbers = session.sql("SELECT source FROM features ORDER BY record")["source"].to_numpy()
    repeats = [background(world).repeats[each] for each in sources]
    joining = Joining(floor=FLOOR, offset=weights.offset)
    groups = group(Pairs.of(kept), numbers, repeats, None, joining, 2).groups
    known = truth >= 0
    return float(mark(groups[known], truth[known]).pairs.f1)


def test_nothing_is_taken_where_no_two_tell_of_one_event(made: list[Path]) -> None:
    names = sorted(each.name for each in (made[0] / "records").iterdir())
    apart = pa.concat_tables([records(made[0], names[:1]), records(made[1], names[1:2])])
    learnt, stands = learn(apart, background(made[0]), Engine(2, 1024), WEIGHTS)
    assert learnt is None or not (stands and stands.better)

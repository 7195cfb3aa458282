"""A world is the same for the same seed, adds up, and is as wrong as its preset says."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from holdfire import worlds
from holdfire.errors import BadInput
from holdfire.records.claim import CLAIM
from holdfire.worlds import course

SMALL = 3000


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folders = {}
    for name in worlds.presets():
        folders[name] = tmp_path_factory.mktemp("worlds") / name
        worlds.make(name, 7, SMALL, folders[name])
    return folders


def ask(folder: Path, query: str) -> list[tuple[object, ...]]:
    tables = {
        "claims": worlds.claims(folder),
        **{t: str(folder / "truth" / f"{t}.parquet") for t in ("incidents", "told", "people", "days")},
    }
    with duckdb.connect() as connection:
        for name, path in tables.items():
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")
        return connection.execute(query).fetchall()


def test_same_seed_same_bytes_for_any_number_of_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "BLOCK", 300)  # several blocks even in a small world
    for name, threads in (("one", 1), ("three", 3)):
        worlds.make("hard", 5, SMALL, tmp_path / name, threads=threads)
    one, three = contents(tmp_path / "one"), contents(tmp_path / "three")
    assert len([name for name in one if name.startswith("records")]) > 9
    assert one == three


def test_another_seed_is_another_world(tmp_path: Path) -> None:
    for seed in (1, 2):
        worlds.make("hard", seed, 500, tmp_path / str(seed))
    one, other = (contents(tmp_path / str(seed)) for seed in (1, 2))
    assert set(one) == set(other)
    assert not [name for name in one if one[name] == other[name]]


@pytest.mark.parametrize("name", worlds.presets())
def test_the_truth_adds_up(made: dict[str, Path], name: str) -> None:
    folder = made[name]
    world = json.loads((folder / "world.json").read_text(encoding="utf-8"))
    assert world["simulated"] is True
    sizes, tolls = world["sizes"], world["tolls"]
    [(real, rumours, killed, civilians)] = ask(
        folder,
        "SELECT count(*) FILTER (kind = 'real'), count(*) FILTER (kind = 'rumour'), sum(killed),"
        " sum(civilians) FROM incidents",
    )
    assert (real, rumours) == (sizes["incidents"], sizes["rumours"])
    assert (killed, civilians) == (tolls["killed"], tolls["civilians"])
    assert sum(tolls["killed_by"].values()) == killed
    assert ask(folder, "SELECT count(*), count(*) FILTER (civilian) FROM people") == [(killed, civilians)]
    assert ask(folder, "SELECT sum(actual) FROM days") == [(real,)]
    assert ask(folder, "SELECT count(*), count(DISTINCT claim_id) FROM claims") == [(sizes["records"],) * 2]
    assert ask(folder, "SELECT count(*) FROM claims ANTI JOIN told USING (claim_id)") == [(0,)]
    assert ask(folder, "SELECT count(*) FROM told ANTI JOIN claims USING (claim_id)") == [(0,)]
    assert ask(
        folder,
        """
        WITH seen AS (SELECT incident, count(DISTINCT root) AS roots, count(*) AS records FROM told
            WHERE act = 'told' AND incident IS NOT NULL GROUP BY incident)
        SELECT count(*) FROM incidents LEFT JOIN seen USING (incident)
        WHERE incidents.roots <> coalesce(seen.roots, 0) OR incidents.records <> coalesce(seen.records, 0)""",
    ) == [(0,)]
    assert 0.7 * SMALL < sizes["records"] < 1.4 * SMALL


@pytest.mark.parametrize("name", worlds.presets())
def test_every_file_says_that_it_is_simulated(made: dict[str, Path], name: str) -> None:
    files = sorted(made[name].rglob("*.parquet"))
    assert len(files) > 5
    assert not [f for f in files if (pq.read_schema(f).metadata or {}).get(b"simulated") != b"true"]


@pytest.mark.parametrize("name", worlds.presets())
def test_records_have_the_columns_of_claims(made: dict[str, Path], name: str) -> None:
    described = ask(made[name], "DESCRIBE SELECT * EXCLUDE (published) FROM claims")
    names = [str(column[0]) for column in described]
    assert set(names) <= set(CLAIM.names)
    assert names == [n for n in CLAIM.names if n in names]
    never = [c.name for c in CLAIM.columns if not c.null and c.name in names]
    holes = " + ".join(f'count(*) FILTER ("{n}" IS NULL)' for n in never)
    assert ask(made[name], f"SELECT {holes} FROM claims") == [(0,)]


@pytest.mark.parametrize("name", worlds.presets())
def test_what_is_not_marked_wrong_is_right(made: dict[str, Path], name: str) -> None:
    """Deaths of records that carry no mark are the true ones; a control finds those that do."""
    question = """
        SELECT count(*) FROM claims JOIN told USING (claim_id) JOIN incidents i USING (incident)
        WHERE i.kind = 'real' AND NOT part AND act = 'told' AND killed_best IS NOT NULL
            AND killed_best <> i.killed AND {} list_contains(wrong, 'killed')"""
    assert ask(made[name], question.format("NOT")) == [(0,)]
    assert ask(made[name], question.format(""))[0][0] > 0  # type: ignore[operator]


def test_mistakes_are_as_many_as_the_preset_says(tmp_path: Path) -> None:
    worlds.make("hard", 3, 20_000, tmp_path / "w")
    for source in worlds.read("hard").sources:
        [(when, kind, count, n)] = ask(
            tmp_path / "w",
            f"""
            SELECT avg(list_contains(wrong, 'start')::INT), avg(list_contains(wrong, 'event_type')::INT),
                avg(list_contains(wrong, 'killed')::INT), count(*)
            FROM told JOIN incidents i USING (incident) WHERE source = '{source.id}' AND act = 'told'
                AND copied_from IS NULL AND NOT part AND i.kind = 'real'""",
        )
        assert int(str(n)) > 3000
        week = source.fine.week / (source.fine.hour + source.fine.day + source.fine.week)
        assert float(str(when)) == pytest.approx(source.slips.day * (1 - week), abs=0.015)
        assert float(str(kind)) == pytest.approx(source.slips.kind, abs=0.015)
        assert float(str(count)) == pytest.approx(source.slips.count, abs=0.02)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(BadInput, match="something already"):
        worlds.make("hard", 1, 500, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_wrong_preset_is_refused(tmp_path: Path) -> None:
    text = (Path(worlds.__file__).parent / "presets" / "hard.yaml").read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(text.replace("target: free-north", "target: nobody"), encoding="utf-8")
    with pytest.raises(BadInput, match="no party is called nobody"):
        worlds.read(own)
    with pytest.raises(BadInput, match="hart"):
        worlds.read("hart")
    with pytest.raises(BadInput, match="records were asked for"):
        worlds.world(worlds.read("hard"), 1, 99)

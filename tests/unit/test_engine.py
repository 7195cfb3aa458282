"""Where an engine may put what does not fit its memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from holdfire.engine import Engine

ROWS = 600_000
LARGE = f"SELECT 'a made-up name ' || hash(i)::VARCHAR AS name FROM range({ROWS}) t(i)"


def _sorted(engine: Engine) -> int:
    with engine.session() as session:
        session.make("many", LARGE)
        return session.sql("SELECT name FROM many ORDER BY hash(name)").num_rows


def test_without_scratch_nothing_is_spilled_to_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB left to itself spills to `.tmp` in the current folder, and names would lie on the disk."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(duckdb.OutOfMemoryException):
        _sorted(Engine(threads=1, memory=24))
    assert list(tmp_path.rglob("*")) == []


def test_with_scratch_the_same_query_is_answered_there(tmp_path: Path) -> None:
    """The control: it is the folder that was lacking, not the memory."""
    assert _sorted(Engine(threads=1, memory=24, scratch=str(tmp_path / "scratch"))) == ROWS


def test_sessions_of_a_database_that_is_kept_see_nothing_of_each_other(tmp_path: Path) -> None:
    engine = Engine(threads=2, scratch=str(tmp_path / "scratch"))
    with engine.kept():
        with engine.session() as one:
            one.make("things", "SELECT 1 AS n")
            one.view("seen", "SELECT n + 1 AS n FROM things")
            one.give("given", pa.table({"n": [3]}))
            with engine.session() as other:
                for name in ("things", "seen", "given"):
                    with pytest.raises(duckdb.CatalogException):
                        other.sql(f"SELECT * FROM {name}")
                other.make("things", "SELECT 10 AS n")
                assert other.sql("SELECT n FROM things")["n"].to_pylist() == [10]
                assert other.sql("SELECT current_setting('TimeZone') AS z")["z"].to_pylist() == ["UTC"]
            said = one.sql(
                "SELECT n FROM things UNION SELECT n FROM seen UNION SELECT n FROM given ORDER BY n"
            )
            assert said["n"].to_pylist() == [1, 2, 3]
        with engine.session() as later, pytest.raises(duckdb.CatalogException):
            later.sql("SELECT * FROM things")


def test_a_database_that_is_kept_outlives_a_query_that_failed(tmp_path: Path) -> None:
    engine = Engine(threads=1, memory=24)
    with engine.kept():
        with pytest.raises(duckdb.OutOfMemoryException):
            _sorted(engine)
        assert engine.sql("SELECT 1 AS n")["n"].to_pylist() == [1], "what it held was given up"


def test_an_engine_that_may_not_spill_does_not_where_another_that_may_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spills = Engine(threads=1, memory=24, scratch=str(tmp_path / "scratch"))
    with spills.kept():
        assert _sorted(spills) == ROWS
        with pytest.raises(duckdb.OutOfMemoryException):
            _sorted(replace(spills, scratch=""))
    assert not any(each.is_file() for each in tmp_path.rglob("*")), "what was spilled goes with the database"

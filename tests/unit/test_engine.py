"""Where an engine may put what does not fit its memory."""

from __future__ import annotations

from pathlib import Path

import duckdb
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

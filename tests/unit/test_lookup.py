"""Looking weights up, and sharing arithmetic, change how long it takes and nothing else."""

from __future__ import annotations

import pytest

import recounting
from holdfire.engine import Engine, Session
from holdfire.fusing.comparing import lookup
from holdfire.fusing.comparing.scoring import Scored, pairs, weighing
from holdfire.fusing.comparing.sharing import share

NEVER = -(10**9)


def _scored(session: Session) -> Scored:
    session.give("features", recounting.events(4000, 3)[0])
    return pairs(session, recounting.made_up(), recounting.plain_parameters(), NEVER)


def _one_by_one(session: Session, found: Scored) -> list[dict[str, int]]:
    session.give("all_pairs", found.pairs)
    plain = weighing("all_pairs", recounting.made_up(), recounting.plain_parameters(), found.prior, NEVER)
    assert "ways_of" not in plain
    rows: list[dict[str, int]] = session.sql(plain).to_pylist()
    return rows


def _tables(session: Session) -> set[str]:
    found = session.sql("SELECT table_name AS n FROM duckdb_tables() WHERE table_name LIKE 'ways_of_%'")
    return set(found["n"].to_pylist())


def test_weights_looked_up_are_those_worked_out_for_each_pair() -> None:
    with Engine(2, 512).session() as session:
        found = _scored(session)
        assert _tables(session) >= {"ways_of_what", "ways_of_who_"}
        assert found.pairs.to_pylist() == _one_by_one(session, found)


def test_a_value_too_rare_for_the_table_is_compared_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "MOST", 3)
    monkeypatch.setattr(lookup, "_COVERED", 0.2)
    with Engine(2, 512).session() as session:
        found = _scored(session)
        assert "ways_of_what" in _tables(session)
        nulls = session.sql("SELECT count(*) - count(value_of_what) AS n FROM compared")["n"][0].as_py()
        assert nulls > 0
        assert found.pairs.to_pylist() == _one_by_one(session, found)


def test_only_arithmetic_that_occurs_twice_is_shared() -> None:
    once, same = share(["a - b < 1", "len(c) > 0"])
    assert once == {}
    assert same == ["a - b < 1", "len(c) > 0"]
    twice, changed = share(["abs(a - b) < 1 AND list_has_any(c, d)", "x = 1 OR abs(a - b) < 2"], "s")
    assert list(twice) == ["s_0"]
    assert all("s_0" in each for each in changed)


def test_no_condition_is_evaluated_early_that_may_fail() -> None:
    """A quotient stays where it is: its own branch may be what keeps it from dividing by nought."""
    assert share(["b = 0 OR a // b > 1", "b = 0 OR a // b > 2"])[0] == {}

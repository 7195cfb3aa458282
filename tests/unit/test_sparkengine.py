"""What DuckDB is asked, Spark is asked too, and says the same; people are linked on this machine alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlglot
from sqlglot import exp

import placed
import recounting
from holdfire import sparkengine, worlds
from holdfire.engine import Engine, Session
from holdfire.errors import BadInput, HoldfireError
from holdfire.fusing.comparing.blocking import Bounds
from holdfire.fusing.comparing.scoring import pairs, weighing
from holdfire.fusing.incidents.fuse import fuse
from holdfire.fusing.parameters import parameters
from holdfire.fusing.people.link import link
from holdfire.fusing.profile import Profile, profile
from holdfire.records.source import Repeats

SHIPPED = ("incident", "person", "place")
MENDED = {"XXHASH64", "SIZE", "ARRAY_EXCEPT", "ARRAY_INTERSECT"}
"""Functions of Spark that sparkengine names itself."""

HERE = shutil.which("java") is not None and find_spec("pyspark") is not None
on_spark = pytest.mark.skipif(not HERE, reason="needs PySpark and Java: pip install 'holdfire[spark]'")


class Recorder:
    """A session that keeps what it is asked."""

    def __init__(self, session: Session) -> None:
        self.session, self.asked = session, list[str]()

    def __getattr__(self, name: str) -> Any:
        def told(*given: Any) -> Any:
            if name in ("make", "view", "sql"):
                self.asked.append(given[-1])
            return getattr(self.session, name)(*given)

        return told


def asked(chosen: Profile, given: Any) -> list[str]:
    """Return every statement of finding and weighing pairs, with blocks that crowd."""
    kinds = {"record": "BIGINT", "source": "INTEGER", "apart": "BOOLEAN", **chosen.columns}
    columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in kinds.items())
    with Engine(1, 256).session() as session:
        recorder = Recorder(session)
        session.make("features", f"SELECT {columns} LIMIT 0")
        pairs(recorder, chosen, given, 0)  # type: ignore[arg-type]
        recorder.asked.append(weighing("met", chosen, given, 0, 0))
    return recorder.asked


def unread(query: str, chosen: Profile) -> list[str]:
    """Return what Spark would not read in a statement, or read otherwise."""
    tree = sqlglot.parse_one(sparkengine.spark_sql(query), read="spark")
    found = [each.name for each in tree.find_all(exp.Anonymous) if each.name.upper() not in MENDED]
    lists = {name for name, kind in chosen.columns.items() if kind.endswith("[]")}
    for each in tree.find_all(exp.Length):
        found += [str(each) for column in each.find_all(exp.Column) if column.name[:-2] in lists]
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_every_statement_of_shipped_profiles_reaches_spark(name: str) -> None:
    statements = asked(profile(name), parameters(name))
    assert len(statements) > 8
    assert [found for each in statements for found in unread(each, profile(name))] == []


def test_a_condition_that_does_not_reach_spark_is_found() -> None:
    """The control: `len` counts letters there, and lambdas have other names."""
    made_up = recounting.made_up()
    assert unread("SELECT len(who_l) > 0 FROM t", made_up)
    assert unread("SELECT list_aggregate(who_l, 'sum') FROM t", made_up)


def test_only_a_small_table_is_sent_whole() -> None:
    query = "SELECT 1 FROM a JOIN b AS l ON l.x = a.x JOIN c ON c.x = a.x"
    assert "/*+ BROADCAST(l) */" in sparkengine.spark_sql(query, {"b": (1_000_000, 8)})
    assert "/*+ SHUFFLE_HASH(l) */" in sparkengine.spark_sql(query, {"b": (1_000_001, 8)})
    assert "/*+" not in sparkengine.spark_sql(query, {"a": (1, 1)})


@pytest.mark.parametrize(
    ("answer", "rows", "whole"),
    [
        ("SELECT x, count(*) AS n FROM b GROUP BY x", 4_000_000, True),
        ("SELECT x, count(*) AS n FROM b GROUP BY x", 4_000_001, False),
        ("SELECT * FROM b", 1, False),
        ("SELECT unnest(x) AS x FROM b", 1, False),
        ("SELECT b.x FROM b JOIN c ON b.x = c.x", 1, False),
        ("SELECT x FROM unknown", 1, False),
    ],
)
def test_only_an_answer_that_can_be_no_larger_is_sent_whole(answer: str, rows: int, whole: bool) -> None:
    query = f"SELECT 1 FROM a LEFT JOIN ({answer}) AS t ON t.x = a.x"
    assert ("BROADCAST(t)" in sparkengine.spark_sql(query, {"b": (rows, 9), "c": (1, 1)})) is whole


@pytest.mark.parametrize("master", ["spark://", "http://host:7077", "spark://host", "local", "host:7077"])
def test_an_address_that_is_none_is_refused(master: str) -> None:
    with pytest.raises(BadInput, match="no address"):
        sparkengine.check(master)


@on_spark
def test_a_master_that_does_not_listen_is_said_before_any_work() -> None:
    with pytest.raises(BadInput, match="no Spark master listens"):
        sparkengine.check("spark://127.0.0.1:1")


def test_people_never_go_to_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of the dead stay in this machine's memory, whatever engine the claims have."""
    monkeypatch.setattr(sparkengine, "cluster", _refuse)
    far = Engine(1, 256, spark="spark://127.0.0.1:1")
    day = pa.array([22_400] * 2, pa.int32()).cast(pa.date32())
    same = dict.fromkeys(("name_other", "sex", "place", "admin1"), pa.array([None] * 2, pa.string()))
    ages = dict.fromkeys(("age_low", "age_high"), pa.array([9, 9]))
    days = dict.fromkeys(("born_first", "born_last", "died_first", "died_last"), day)
    names = {"name": ["Samir Karim Nabil Zaytouni"] * 2}
    found = link(pa.table({**names, **same, **ages, **days}), [0, 1], [Repeats.DISTINCT] * 2, far)
    assert found.groups.tolist() == [0, 0]
    with pytest.raises(AssertionError), far.session() as session, far.weighing(session, {}):
        pass  # the control: pairs of claims would have gone there


def _refuse(master: str) -> Any:
    raise AssertionError(master)


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Iterator[sparkengine.Cluster]:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    with sparkengine.cluster("local[2]") as opened:
        yield opened


VALUES = pa.table(
    {
        "n": [0, 1, 2, 3, 4],
        "x": [None, 7, 8, 1 << 40, 0],
        "y": [5, None, 1, 3, None],
        "s": ["b", None, "", "Ab", "a"],
        "l": pa.array([[1, 2], [], None, [3], [2, 2]], pa.list_(pa.int64())),
        "r": pa.array([[2], [1], [1], None, [2, 5]], pa.list_(pa.int64())),
    }
)

ASKED = """
    SELECT n, greatest(x, y) AS g, least(x, y) AS k, x // 3 AS d, array_length(l) AS n_l,
        array_length(array_intersect(l, r)) > 0 AS some, NOT array_length(array_intersect(l, r)) > 0 AS none,
        list_has_any(l, r) AS has_any, list_has_all(l, r) AS has_all, concat_ws(' ', s, 'z') AS c,
        coalesce(s = 'b', true) AS b, substr(s, 1, 1) AS f, starts_with(s, 'A') AS a,
        levenshtein(s, 'bb') AS v, CAST(floor(2 * log2(coalesce(x, 1) + 1) + 1e-9) AS INTEGER) AS w
    FROM given ORDER BY {order}"""


@on_spark
def test_spark_answers_as_duckdb_does(far: sparkengine.Cluster) -> None:
    far.give("given", VALUES)
    with Engine(1, 256).session() as session:
        session.give("given", VALUES)
        for order in ("c, n", "d DESC NULLS LAST, n"):
            query = ASKED.format(order=order)
            assert far.sql(query).to_pylist() == session.sql(query).to_pylist(), order


@on_spark
def test_pairs_are_the_same_where_some_tables_are_sent_whole_and_some_cut_up(
    far: sparkengine.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    way, ways = sparkengine._way, set[str]()
    monkeypatch.setattr(sparkengine, "SMALL", 900)
    monkeypatch.setattr(sparkengine, "_way", lambda *given: ways.add(made := way(*given)) or made)
    with Engine(1, 256).session() as session:
        session.give("features", recounting.events(300, 3)[0])
        far.give("features", recounting.events(300, 3)[0])
        bounds, given = Bounds(block=20, near=5), recounting.plain_parameters()
        here, there = (
            pairs(each, recounting.made_up(), given, -(10**9), bounds=bounds) for each in (session, far)
        )
    assert here.crowded
    assert len(here.pairs) > 300
    assert {each.split("(")[0] for each in ways} >= {"BROADCAST", "SHUFFLE_HASH"}
    assert there.pairs.equals(here.pairs)
    assert (there.found, there.crowded, there.compared) == (here.found, here.crowded, here.compared)


@on_spark
def test_incidents_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    worlds.make("hard", 1, 500, tmp_path)
    claims, background = placed.records(tmp_path, "hard")
    here = fuse(claims, background, Engine(1, 256))
    there = fuse(claims, background, Engine(1, 256, spark="local[2]"))
    assert 0 < len(here.incidents) < len(claims)
    assert there == here


@on_spark
def test_only_dropping_is_run(far: sparkengine.Cluster) -> None:
    with pytest.raises(ValueError, match="not a statement"):
        far.run("ALTER TABLE numbered RENAME TO compared")


@on_spark
def test_what_spark_refuses_is_an_error_without_its_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    with pytest.raises(HoldfireError) as told, sparkengine.cluster("local[2]") as opened:
        opened.sql("SELECT nowhere FROM (SELECT 'a hidden value' AS here)")
    assert "UNRESOLVED_COLUMN" in str(told.value)
    assert "hidden" not in str(told.value)

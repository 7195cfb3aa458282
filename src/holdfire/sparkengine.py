"""The same SQL on a Spark cluster, for what one machine does not hold: an open cluster answers as a session.

A `Cluster` takes statements in the dialect of DuckDB, as `holdfire.engine.Session` does, and sqlglot writes
them in Spark's. Both give the same rows: Spark is set to the same rules (ANSI arithmetic, no size of null,
UTC), and what sqlglot leaves different is mended in `spark_sql`. Answers come back as Arrow tables.

Tables that are made are held by the workers, in memory and past it on their disks, encrypted there; nothing
is written to a warehouse. What goes between the machines is as secret as the cluster's own settings make it:
docs/do/run-on-spark.md says what is sent and how to close it.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from holdfire.errors import BadInput, HoldfireError

if TYPE_CHECKING:
    from sqlglot import exp

SMALL = 8_000_000
"""Cells (rows times columns) up to which a table is sent whole to every worker that joins with it.

By estimate that is some 150 MiB of a worker, and several times that of the driver, which builds it. All that
a million reports are compared by took more than a driver of 4 GiB has. A larger table is cut up by key, and
each part looked up by its key where it lies, so that nothing is sorted.
"""

PART = 25_000
"""Rows of the largest table for each part into which work is cut; Spark's own 200 swamp a small case."""

PATIENCE = 5
"""How long a master may take to answer its port [s]."""

Shape = tuple[int, int]
"""Rows and columns of a table."""

_PARTS = "spark.sql.shuffle.partitions"
_SET = {
    _PARTS: "4",
    # as DuckDB has it: too large a sum is an error, and the size of null is null
    "spark.sql.ansi.enabled": "true",
    "spark.sql.legacy.sizeOfNull": "false",
    "spark.sql.session.timeZone": "UTC",
    # `1 AS x, x + 1`: names are columns of the tables alone
    "spark.sql.lateralColumnAlias.enableImplicitResolution": "false",
    "spark.io.encryption.enabled": "true",
    "spark.driver.maxResultSize": "0",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """An open cluster: give it tables by name, then ask, in the dialect of DuckDB.

    Attributes:
        spark: Spark's own session.
    """

    spark: Any
    _held: dict[str, Any] = field(default_factory=dict)
    _shapes: dict[str, Shape] = field(default_factory=dict)

    def give(self, name: str, table: pa.Table) -> None:
        """Send an Arrow table to the workers, under a name."""
        parts = max(len(table) // PART, int(self.spark.conf.get(_PARTS)))
        self.spark.conf.set(_PARTS, str(parts))
        self._hold(name, self.spark.createDataFrame(table))

    def make(self, name: str, query: str) -> None:
        """Keep the answer of a query as a table, among the workers; a table has no order."""
        # Spark would work the answer out twice, to cut it into ranges
        self._hold(name, self.spark.sql(spark_sql(_unordered(query)[0], self._shapes)))

    def view(self, name: str, query: str) -> None:
        """Give a query a name; it is answered anew each time."""
        self.spark.sql(spark_sql(query, self._shapes)).createOrReplaceTempView(name)

    def run(self, statement: str) -> None:
        """Drop a table: the one statement that is run for what it does.

        Raises:
            ValueError: It is another statement.
        """
        dropped = re.fullmatch(r"DROP TABLE IF EXISTS (\w+)", statement.strip())
        if dropped is None:
            raise ValueError(f"not a statement for Spark: {statement}")
        self.spark.catalog.dropTempView(dropped[1])
        self._let_go(dropped[1])

    def sql(self, query: str) -> pa.Table:
        """Return the answer of a query, in the order it asks for."""
        asked, order = _unordered(query)
        table = self.spark.sql(spark_sql(asked, self._shapes)).toArrow()
        # Spark would work the answer out twice to cut it into ranges; it comes to this machine anyway
        return table.sort_by([(name, "ascending") for name in order]) if order else table

    def _hold(self, name: str, frame: Any) -> None:
        from pyspark import StorageLevel

        held = frame.persist(StorageLevel.MEMORY_AND_DISK)
        rows = held.count()
        held.createOrReplaceTempView(name)
        self._let_go(name)
        self._held[name] = held
        self._shapes[name] = (rows, len(held.columns))

    def _let_go(self, name: str) -> None:
        self._shapes.pop(name, None)
        if name in self._held:
            self._held.pop(name).unpersist()


@contextmanager
def cluster(master: str) -> Iterator[Cluster]:
    """Connect to a Spark cluster, and leave it after.

    Args:
        master: `spark://HOST:PORT`, or `local[N]` for N threads of this machine. Other settings of Spark, as
            memory, secrets and the driver's own address, are read from its spark-defaults.conf.

    Raises:
        BadInput: The address is none, nothing listens there, or PySpark or Java is not installed.
        HoldfireError: The cluster failed while it was asked.
    """
    check(master)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("holdfire")
    for name, value in _SET.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
        try:
            yield Cluster(spark)
        finally:
            spark.stop()
    except (PySparkException, Py4JError) as error:
        told = _told(error)
        hint = "look at the logs of its workers, or run without `--engine`: the answer is the same"
        raise HoldfireError(f"Spark failed: {told}", master, hint) from error


def _told(error: Exception) -> str:
    """Return Spark's name of what failed, never its message: that quotes queries, plans and values."""
    from pyspark.errors import PySparkException

    named = error.getCondition() if isinstance(error, PySparkException) else None
    java = getattr(error, "java_exception", None)
    return str(named or (java and java.getClass().getName()) or type(error).__name__)


def check(master: str) -> None:
    """Check that a cluster can be asked, before any work is done.

    Raises:
        BadInput: The address is none, nothing listens there, or PySpark or Java is not installed.
    """
    hosts = re.fullmatch(r"spark://([\w.-]+:\d{1,5}(?:,[\w.-]+:\d{1,5})*)", master)
    if hosts is None and not re.fullmatch(r"local\[(\d{1,3}|\*)\]", master):
        raise BadInput(f"{master!r} is no address of a Spark master", "--engine", "write spark://HOST:PORT")
    try:
        import pyspark  # noqa: F401
    except ModuleNotFoundError as error:
        raise BadInput(
            "PySpark is not installed", f"--engine {master}", "pip install 'holdfire[spark]'"
        ) from error
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=os.path.join(home, "bin") if home else None):
        raise BadInput("Java is not installed", f"--engine {master}", "install Java 17 or set JAVA_HOME")
    if hosts and not any(_listens(each) for each in hosts[1].split(",")):
        raise BadInput("no Spark master listens there", f"--engine {master}", "start it, or mend the address")


def _listens(address: str) -> bool:
    host, port = address.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), PATIENCE).close()
    except (OSError, OverflowError):
        return False
    return True


def spark_sql(query: str, shapes: Mapping[str, Shape] | None = None) -> str:
    """Return a query of the dialect of DuckDB in that of Spark, with the same answer.

    Args:
        query: SQL.
        shapes: Of the tables that are held, by which it is said how each is joined.

    >>> spark_sql("SELECT hash(1, a) AS k, a // 8 AS d FROM t WHERE list_has_all(b, c)")
    'SELECT XXHASH64(1, a) AS k, a DIV 8 AS d FROM t WHERE SIZE(ARRAY_EXCEPT(c, b)) = 0'
    """
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(query, read="duckdb")
    for node in reversed(list(tree.find_all(exp.Anonymous, exp.ArrayOverlaps, exp.ArrayIntersect))):
        node.replace(_mended(node))  # the innermost first
    for select in tree.find_all(exp.Select) if shapes else ():
        ways = [_way(join.this, shapes or {}) for join in select.args.get("joins") or ()]
        if hints := ", ".join(way for way in ways if way):
            read = sqlglot.parse_one(f"SELECT /*+ {hints} */ 1", read="spark")
            select.set("hint", read.args["hint"])
    return tree.sql(dialect="spark")


def _way(joined: exp.Expr, shapes: Mapping[str, Shape]) -> str:
    """Return Spark's hint of how a table is joined, or the answer of a query; empty: it may choose.

    An answer has at most the rows of its one table, if nothing is joined to it nor any list unfolded.
    """
    from sqlglot import exp

    name = joined.alias_or_name
    if isinstance(joined, exp.Table):
        if joined.name not in shapes:
            return ""
        rows, columns = shapes[joined.name]
        return f"BROADCAST({name})" if rows * columns <= SMALL else f"SHUFFLE_HASH({name})"
    many = (exp.Join, exp.Union, exp.Unnest, exp.Explode)
    tables = list(joined.find_all(exp.Table))
    if len(tables) != 1 or tables[0].name not in shapes or any(joined.find_all(*many)):
        return ""
    selects = joined.this.selects if isinstance(joined, exp.Subquery) else ()
    known = bool(selects) and not any(each.is_star for each in selects)
    return f"BROADCAST({name})" if known and shapes[tables[0].name][0] * len(selects) <= SMALL else ""


def _mended(node: exp.Expr) -> exp.Expr:
    """Return a function as Spark must have it, where sqlglot would leave it as it is."""
    from sqlglot import exp

    name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
    if name == "hash":
        # Spark's own `hash` has 32 bits, so blocks would meet by chance
        return exp.Anonymous(this="XXHASH64", expressions=node.expressions)
    if name == "list_has_all":
        whole, part = node.expressions
        return exp.EQ(this=_size("ARRAY_EXCEPT", part, whole), expression=exp.Literal.number(0))
    if isinstance(node, exp.ArrayOverlaps):
        shared = _size("ARRAY_INTERSECT", node.this, node.expression)
        return exp.GT(this=shared, expression=exp.Literal.number(0))
    if isinstance(node, exp.ArrayIntersect):
        # DuckDB: null if the first is, but of the second an empty list
        one, other = node.expressions
        known = exp.Coalesce(this=other, expressions=[exp.Array()])
        return exp.Anonymous(this="ARRAY_INTERSECT", expressions=[one, known])
    return node


def _size(name: str, one: exp.Expr, other: exp.Expr) -> exp.Expr:
    from sqlglot import exp

    return exp.Anonymous(this="SIZE", expressions=[exp.Anonymous(this=name, expressions=[one, other])])


def _unordered(query: str) -> tuple[str, list[str]]:
    """Return a query without its last ORDER BY, and the columns of it; none where it is not by columns."""
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(query, read="duckdb")
    order = tree.args.get("order")
    if order is None or tree.args.get("limit"):
        return query, []
    names = [each.this.name if isinstance(each.this, exp.Column) else "" for each in order.expressions]
    shown = {each.alias_or_name for each in tree.selects} if isinstance(tree, exp.Select) else set()
    if any(name not in shown for name in names) or any(each.args.get("desc") for each in order.expressions):
        return query, []
    tree.set("order", None)
    return tree.sql(dialect="duckdb"), names

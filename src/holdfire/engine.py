"""Set work is SQL, on DuckDB in memory.

An `Engine` is a value handed down. Rooms give it SQL and Arrow tables and take an Arrow table back;
no room opens a database. Results never depend on the number of threads: every query that feeds a
published number sorts its rows, and floats are never summed unless sorted or made integers first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pyarrow as pa

from holdfire import sparkengine

if TYPE_CHECKING:
    import duckdb

PIECE = 1000
"""Rows under which pieces of a table are put together before it is read [rows a piece]."""


@dataclass(frozen=True, slots=True)
class Engine:
    """How to run SQL.

    Attributes:
        threads: Threads of the engine; results are the same for any number.
        memory: Most memory the engine may hold [MiB]; past it, it spills to `scratch`.
        scratch: Folder for spilled data; empty: nothing spills.
        spark: Master of the Spark cluster that weighs pairs of claims; empty: they are weighed here.
    """

    threads: int = 2
    memory: int = 2048
    scratch: str = ""
    spark: str = ""

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a database in memory, and close it after; inside `kept`, a part of the one that is open."""
        kept = _KEPT.get()
        if kept is None or kept.engine != self:
            with self._opened() as connection:
                yield Session(connection)
            return
        name = f"part_{next(kept.parts)}"
        with kept.connection.cursor() as connection:
            connection.execute(f"ATTACH ':memory:' AS {name}")
            try:
                connection.execute(f"USE {name}")
                connection.execute("SET TimeZone = 'UTC'")
                yield Session(connection)
            finally:
                connection.execute("USE memory")
                connection.execute(f"DETACH {name}")

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep one database open for the sessions of this engine inside, each with tables of its own.

        Opening one takes as long as a few queries, and a run asks for dozens. Threads that are begun inside
        open their own. Sessions that are open at once share the memory.
        """
        with self._opened() as connection:
            token = _KEPT.set(_Kept(self, connection, count()))
            try:
                yield
            finally:
                _KEPT.reset(token)

    @contextmanager
    def _opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        import duckdb  # slow to load, and to read a text takes none

        settings: dict[str, Any] = {
            "threads": self.threads,
            "memory_limit": f"{self.memory}MiB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            # Said even if it is empty: left unsaid, DuckDB spills to `.tmp` in the current folder.
            "temp_directory": self.scratch,
        }
        connection = duckdb.connect(":memory:", config=settings)
        try:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection
        finally:
            connection.close()

    @contextmanager
    def weighing(self, here: Session, tables: Mapping[str, str]) -> Iterator[Database]:
        """Open the database where pairs are weighed, and close it after: the cluster, or the one open here.

        Args:
            here: The database that is open.
            tables: Queries of it, by the name under which their answers are sent to a cluster. Those must be
                tables or views here too.
        """
        if not self.spark:
            yield here
            return
        with sparkengine.cluster(self.spark) as far:
            for name, query in tables.items():
                far.give(name, here.sql(query))
            yield far

    def sql(self, query: str, **tables: pa.Table) -> pa.Table:
        """Return what one query says of these tables."""
        with self.session() as session:
            for name, table in tables.items():
                session.give(name, table)
            return session.sql(query)


class _Kept(NamedTuple):
    """A database that is kept open: of which engine, and numbers for its parts."""

    engine: Engine
    connection: duckdb.DuckDBPyConnection
    parts: Iterator[int]


_KEPT: ContextVar[_Kept | None] = ContextVar("kept", default=None)


class Database(Protocol):
    """What holds tables by name and answers SQL in the dialect of DuckDB: a Session, or a Spark cluster."""

    def give(self, name: str, table: pa.Table) -> None:
        """Let queries read an Arrow table under a name."""

    def make(self, name: str, query: str) -> None:
        """Keep the answer of a query as a table."""

    def view(self, name: str, query: str) -> None:
        """Give a query a name."""

    def run(self, statement: str) -> None:
        """Run a statement for what it does."""

    def sql(self, query: str) -> pa.Table:
        """Return the answer of a query."""


@dataclass(frozen=True, slots=True)
class Session:
    """An open database: give it tables by name, then ask."""

    connection: duckdb.DuckDBPyConnection

    def give(self, name: str, table: pa.Table) -> None:
        """Let queries read an Arrow table under a name; it is copied only if it is in many small pieces."""
        pieces = max((column.num_chunks for column in table.columns), default=0)
        if pieces > 1 and table.num_rows < pieces * PIECE:
            table = table.combine_chunks()  # every scan pays for every piece of every column
        self.connection.register(name, table)

    def make(self, name: str, query: str) -> None:
        """Keep the answer of a query as a table."""
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")

    def view(self, name: str, query: str) -> None:
        """Give a query a name; it is answered anew each time, and holds no memory in between."""
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")

    def run(self, statement: str) -> None:
        """Run a statement for what it does."""
        self.connection.execute(statement)

    def sql(self, query: str) -> pa.Table:
        """Return the answer of a query."""
        return self.connection.execute(query).to_arrow_table()


def literal(value: str | int | float | bool | datetime | None) -> str:
    """Return a value as SQL, quoted.

    >>> literal("O'Brien")
    "'O''Brien'"
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.astimezone(UTC).isoformat(sep=' ')}'"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + value.replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """Return several strings as an SQL list in parentheses; none becomes one that matches nothing.

    >>> literals(["a", "b"])
    "('a', 'b')"
    """
    return "(" + (", ".join(literal(v) for v in values) or "NULL") + ")"

"""The entries as Arrow batches and as tables of DuckDB."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.ledger import columns, forms
from holdfire.ledger.kinds import KINDS
from holdfire.ledger.log import Ledger

COUNT = 700


def claim(number: int) -> dict[str, Any]:
    value = {
        "kind": "claim",
        "claim_id": f"c-{number}",
        "report": f"{number:064x}",
        "seq": number % 3,
        "source": "wire",
        "root": "r",
        "kind_of": "reported",
        "stance": "asserts",
        "modality": "actual",
        "negated": number % 2 == 0,
        "directed": False,
        "time_precision": "day",
        "geo_precision": "admin1",
        "cumulative": False,
        "actors": ["ديمة", 'a "b"', "\n"][: number % 4],
        "spans": [[0, number]],
    }
    return {**value, "quantity": -number} if number % 5 == 0 else value


def run(number: int) -> dict[str, Any]:
    return {
        "kind": "run",
        "at": "2016-03-01T00:00Z",
        "method": f"{number:064x}",
        "key": "0" * 64,
        "counts": {},
    }


VALUES = [run(number) if number % 50 == 49 else claim(number) for number in range(COUNT)]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("columns") / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        ledger.append(VALUES)
    return path


def test_batches_are_the_entries(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for kind, upto in ((None, None), ("run", None), (("run", "claim"), 600), ("claim", 1), (None, 0)):
            batches = list(ledger.batches(kind, upto))
            assert all(batch.schema == columns.SCHEMA for batch in batches)
            rows = pa.Table.from_batches(batches, columns.SCHEMA).to_pylist()
            assert rows == [
                {"seq": e.seq, "leaf": e.leaf, "kind": e.kind, "content": e.content.decode()}
                for e in ledger.entries(kind, upto)
            ]


def test_a_ledger_that_is_not_there_has_no_batches(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "no.sqlite") as ledger, Engine().session() as session:
        assert list(ledger.batches()) == []
        columns.rebuild(session, ledger, {"claim": ["claim_id"]})
        assert session.sql("SELECT * FROM claim").schema.names == ["place", "leaf", "claim_id"]


def test_tables_are_rebuilt_with_the_fields_that_are_asked_for(path: Path) -> None:
    fields = {
        "claim": ["claim_id", "seq", "negated", "actors", "spans", "quantity"],
        "run": ["method"],
        "case": [],
    }
    with Ledger.open(path) as ledger, Engine().session() as session:
        for upto in (600, None):
            columns.rebuild(session, ledger, fields, upto)
            for kind, names in fields.items():
                found = session.sql(f'SELECT * FROM "{kind}" ORDER BY place').to_pylist()
                assert found == [
                    {"place": e.seq, "leaf": e.leaf, **{name: e.value.get(name) for name in names}}
                    for e in ledger.entries(kind, upto)
                ]


def test_a_field_that_no_entry_has_or_no_column_can_hold_is_refused(path: Path) -> None:
    with Ledger.open(path) as ledger, Engine().session() as session:
        for kind, name in (("claim", "claimid"), ("rumour", "x"), ("run", "counts")):
            with pytest.raises(BadInput, match=f'"{name}" of a {kind} entry is no field'):
                columns.rebuild(session, ledger, {kind: [name]})


def test_damage_stops_a_rebuild_with_our_words(path: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "l.sqlite"
    damaged.write_bytes(path.read_bytes())
    database = sqlite3.connect(damaged)
    database.execute("DROP TRIGGER entry_no_update")
    database.execute("UPDATE entry SET content = x'7b7d' WHERE seq = 600")
    database.commit()
    database.close()
    with Ledger.open(damaged) as ledger, Engine().session() as session:  # noqa: SIM117 - one line is too long
        with pytest.raises(BadInput, match="entry 600 does not match its hash"):
            columns.rebuild(session, ledger, {"claim": ["claim_id"]})


def test_the_large_kinds_are_read_at_once_and_their_fields_can_all_be_columns() -> None:
    for kind in ("claim", "determination", "report"):
        assert forms.written(kind)
        for name in {**KINDS[kind].needed, **KINDS[kind].allowed}:
            assert forms.column(kind, name)

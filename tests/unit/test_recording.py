"""The log's state: what stands after claims came, changed, went and came back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import a_claim
from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.ledger import coded
from holdfire.ledger.log import Ledger
from holdfire.recording import current, record, run_before
from holdfire.records.claim import CLAIM

ENGINE = Engine(1, 256)
NONE = pa.table({"id": pa.array([], pa.string()), "content": pa.array([], pa.string())})


def run(number: int) -> dict[str, Any]:
    return {
        "kind": "run",
        "at": "2031-05-10T12:00Z",
        "method": "0" * 64,
        "key": f"{number:064x}",
        "counts": {"claims": number},
    }


def entries(*numbers: int, killed: int = 4) -> pa.Table:
    claims = CLAIM.table([a_claim(n, row=n, killed_low=killed) for n in numbers])
    return coded.claim_entries(claims, 10, ENGINE)


def stands(ledger: Ledger) -> dict[str, str]:
    table = current(ledger, "claim", ENGINE)
    return dict(zip(table["id"].to_pylist(), table["content"].to_pylist(), strict=True))


def wanted(table: pa.Table) -> dict[str, str]:
    return dict(zip(table["id"].to_pylist(), table["content"].to_pylist(), strict=True))


def test_what_was_found_last_is_what_stands(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        for number, found in enumerate((entries(1, 2), entries(1), entries(1, 2), entries(2, killed=9))):
            record(ledger, [found], [NONE], ENGINE, run(number))
            assert stands(ledger) == wanted(found)
        assert not ledger.check()


@settings(max_examples=13, deadline=None)  # of up to eight runs each
@given(st.lists(st.tuples(st.sets(st.integers(1, 5), max_size=5), st.integers(3, 4)), min_size=1, max_size=8))
def test_any_history_ends_in_what_was_found_last(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[set[int], int]]
) -> None:
    path = tmp_path_factory.mktemp("history") / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        sizes = []
        for number, (numbers, killed) in enumerate(history):
            found = entries(*sorted(numbers), killed=killed) if numbers else NONE
            record(ledger, [found], [NONE], ENGINE, run(number))
            sizes.append((ledger.size, wanted(found)))
        for size, expected in sizes:
            table = current(ledger, "claim", ENGINE, size)
            assert dict(zip(table["id"].to_pylist(), table["content"].to_pylist(), strict=True)) == expected


def test_nothing_is_appended_twice(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        record(ledger, [entries(1, 2, 3)], [NONE], ENGINE, run(1))
        size = ledger.size
        record(ledger, [entries(1, 2, 3)], [NONE], ENGINE, run(2))
        assert ledger.size == size + 1, "only the run is new"


def test_a_prefix_ends_with_a_run(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        with pytest.raises(BadInput, match="no run"):
            run_before(ledger, 0)
        record(ledger, [entries(1)], [NONE], ENGINE, run(1))
        size = ledger.size
        ledger.append_encoded([c.encode() for c in entries(2)["content"].to_pylist()])
        assert run_before(ledger, ledger.size) == size


def test_a_thing_that_stands_again_must_have_been_there(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        record(ledger, [entries(1)], [NONE], ENGINE, run(1))
        lie = {"kind": "standing", "of": "claim", "after": 3, "at": "2031-05-10T12:00Z", "back": ["0" * 64]}
        ledger.append([lie])
        with pytest.raises(BadInput, match="not before it"):
            stands(ledger)

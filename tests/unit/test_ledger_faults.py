"""An append that fails at any of its statements adds nothing, and the next writer goes on from what was."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfire.errors import HoldfireError
from holdfire.ledger.log import Ledger


class Failing(sqlite3.Connection):
    """A connection on which the n-th statement from now on fails, before or after it is done."""

    left = -1
    after = False

    def execute(self, *given: Any) -> sqlite3.Cursor:
        return self._count(lambda: super(Failing, self).execute(*given))

    def executemany(self, *given: Any) -> sqlite3.Cursor:
        return self._count(lambda: super(Failing, self).executemany(*given))

    def _count(self, statement: Any) -> Any:
        Failing.left -= 1
        if Failing.left == 0 and not Failing.after:
            raise sqlite3.OperationalError("disk I/O error")
        found = statement()
        if Failing.left == 0:
            raise sqlite3.OperationalError("disk I/O error")
        return found


def value(number: int) -> dict[str, Any]:
    return {"kind": "retraction", "of": f"{number:064x}", "at": "2016-03-01T00:00Z", "reason": "r"}


OLD = [value(number) for number in range(250)]
NEW = [value(number) for number in range(250, 550)]  # they fill two bundles, and some are left


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("before") / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        ledger.append(OLD)
    return path


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **named, factory=Failing))
    yield
    Failing.left = -1


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize("after", [False, True])
def test_a_failure_at_any_statement_adds_all_or_nothing(before: Path, tmp_path: Path, after: bool) -> None:
    faults = kept = 0
    for place in range(1, 100):
        path = tmp_path / f"{place}.sqlite"
        shutil.copy(before, path)
        Failing.left, Failing.after = -1, after
        ledger = Ledger.open(path, write=True)
        Failing.left = place
        try:
            ledger.append(NEW)
        except HoldfireError:
            faults += 1
        else:
            ledger.close()
            break
        Failing.left = -1
        with pytest.raises(HoldfireError, match="closed"):
            ledger.append(NEW)
        with Ledger.open(path, write=True) as again:
            there = [entry.value for entry in again.entries()]
            assert there in (OLD, OLD + NEW)
            kept += there != OLD
            assert again.check() == []
            assert [entry.seq for entry in again.append(NEW)] == list(range(250, 550))
            assert [entry.value for entry in again.entries()] == OLD + NEW
            assert again.check() == []
    assert faults >= 9, "an append has that many statements"
    assert kept == after, "only a COMMIT that was done before it failed has kept anything"

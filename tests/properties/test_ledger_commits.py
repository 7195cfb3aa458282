"""However many threads submit, each entry is there once, in one order, and each thread gets its own back."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger.commits import Commits
from holdfire.ledger.entry import Entry, encode
from holdfire.ledger.log import Ledger


def value(number: int) -> dict[str, Any]:
    return {"kind": "retraction", "of": f"{number:064x}", "at": "2016-03-01T00:00Z", "reason": "r"}


def submitted(commits: Commits, groups: list[list[int]]) -> list[list[Entry]]:
    """Submit each group from a thread of its own, all at once, and return what each got."""
    ready = threading.Barrier(len(groups))

    def submit(group: list[int]) -> list[Entry]:
        ready.wait()
        return commits.append([value(number) for number in group])

    with ThreadPoolExecutor(len(groups)) as threads:
        return list(threads.map(submit, groups))


@given(
    st.lists(st.lists(st.integers(0, 60), max_size=8), min_size=1, max_size=16),
    st.integers(1, 20),
)
@settings(max_examples=30, deadline=None)
def test_what_many_threads_submit_is_there_once_and_each_gets_its_own(
    groups: list[list[int]], most: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "l.sqlite"
        with Ledger.open(path, write=True) as ledger:
            got = submitted(Commits(ledger, most), groups)
        with Ledger.open(path) as ledger:
            kept = list(ledger.entries())
            assert ledger.check() == []
    assert [entry.seq for entry in kept] == list(range(len(kept)))
    assert {entry.content for entry in kept} == {
        encode(value(number)) for group in groups for number in group
    }
    for group, entries in zip(groups, got, strict=True):
        assert [entry.content for entry in entries] == [encode(value(number)) for number in group]
        assert all(kept[entry.seq] == entry for entry in entries)


def transactions(path: Path) -> list[int]:
    """Return how many entries each transaction left."""
    database = sqlite3.connect(path)
    sizes = [size for (size,) in database.execute("SELECT size FROM head ORDER BY size")]
    database.close()
    return sizes


def test_those_who_come_while_one_is_under_way_go_together(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        commits, under_way, go_on = Commits(ledger, 30), threading.Event(), threading.Event()
        add = ledger.append_checked

        def slowly(contents: list[bytes], kinds: list[str]) -> list[Entry]:
            under_way.set()
            go_on.wait()
            return add(contents, kinds)

        ledger.append_checked = slowly  # type: ignore[method-assign, assignment]
        with ThreadPoolExecutor(41) as threads:
            first = threads.submit(commits.append, [value(0)])
            under_way.wait()
            rest = [threads.submit(commits.append, [value(number)]) for number in range(1, 41)]
            while len(commits._waiting) < 40:
                time.sleep(0.001)
            go_on.set()
            assert {each.result()[0].seq for each in [first, *rest]} == set(range(41))
    assert transactions(path) == [1, 31, 41]


def test_a_bad_value_is_told_to_its_own_thread_alone(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        commits = Commits(ledger)
        with pytest.raises(BadInput, match="no known kind"):
            commits.append([value(1), {"kind": "rumour"}])
        assert [entry.seq for entry in commits.append([value(2)])] == [0]
        assert commits.append([]) == []


def test_after_an_error_of_the_disk_everyone_is_told_and_nothing_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        commits, tried = Commits(ledger, 4), []
        commits.append([value(0)])
        add = ledger.append_checked

        def failing(contents: list[bytes], kinds: list[str]) -> list[Entry]:
            tried.append(len(contents))
            database = ledger._connection()
            assert database is not None
            database.set_authorizer(lambda action, *_: int(action == sqlite3.SQLITE_TRANSACTION))
            return add(contents, kinds)

        ledger.append_checked = failing  # type: ignore[method-assign, assignment]
        failures = []
        with ThreadPoolExecutor(12) as threads:
            waiting = [threads.submit(commits.append, [value(number)]) for number in range(1, 13)]
            for each in waiting:
                with pytest.raises(HoldfireError) as caught:
                    each.result()
                failures.append(caught.value)
        assert len(tried) == 1
        assert len(failures) == 12
        with pytest.raises(HoldfireError, match="the ledger stopped before this"):
            commits.append([value(99)])
        assert len(tried) == 1
    with Ledger.open(path, write=True) as again:
        assert [entry.value for entry in again.entries()] == [value(0)]
        assert [entry.seq for entry in Commits(again).append([value(1)])] == [1]

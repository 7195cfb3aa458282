"""Whatever order reports come and go in, and wherever a run is killed, every version can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from holdfire.ledger.entry import Entry
from holdfire.ledger.log import Ledger
from holdfire.recording import standing
from holdfire.versions.written import Version, versions
from versioning import ENGINE, came, case, ran, went

Held = frozenset[int]
HISTORIES = st.lists(st.tuples(st.frozensets(st.integers(0, 5)), st.integers(1, 3)), min_size=2, max_size=4)
"""Which reports stand at each run, and how many of them make an incident."""


class Killed(BaseException):
    """The process is gone."""


class Frail(Ledger):
    """A ledger whose process is killed as it adds entries for the n-th time, before or after it has."""

    left = -1
    after = False

    def _die(self, now: bool) -> None:
        if now and self.left == 0:
            raise Killed

    def append(self, values: Iterable[Mapping[str, Any]]) -> list[Entry]:
        self._die(not self.after)
        found = super().append(values)
        self._die(self.after)
        self.left -= 1
        return found


def groups(held: Held, width: int) -> list[list[int]]:
    ordered = sorted(held)
    return [ordered[n : n + width] for n in range(0, len(ordered), width)]


def moved(ledger: Ledger, old: Held, new: Held, number: int) -> None:
    """Let reports come and go, and a person judge anew what belongs together."""
    at = f"2031-05-10T12:{number:02}Z"
    ledger.append([case(at, **{"hand/links.jsonl": str(number)})])
    ledger.append([{**came(n), "received": at} for n in sorted(new - old)])
    ledger.append([went(n, at) for n in sorted(old - new)])


def stands(ledger: Ledger, upto: int) -> dict[str, str]:
    table = standing(ledger, "determination", ENGINE, upto)
    return dict(zip(table["id"].to_pylist(), table["leaf"].to_pylist(), strict=True))


def consistent(ledger: Ledger, runs: list[int]) -> list[Version]:
    """Hold every version against the determinations that stood before and after the run that closed it."""
    found, numbers = versions(ledger, ENGINE), dict[str, int]()
    old: dict[str, str] = {}
    for seq in runs:
        new = stands(ledger, seq + 1)
        mine = [each for each in found if each.run == seq]
        over = {pair for each in mine for pair in each.supersedes}
        assert {(d, leaf) for d, leaf in old.items() if new.get(d) != leaf} == over, "one went without a word"
        for each in mine:
            assert each.number > max(
                [numbers.get(d, 1) for d, _ in each.supersedes] + [numbers.get(each.of, 0)]
            )
            assert new.get(each.of, "") == each.entry
            assert each.why
            assert "other" not in each.why
            for leaf in [leaf for _, leaf in each.supersedes] + [each.entry] * bool(each.entry):
                entry = ledger.find(leaf)
                assert entry
                assert entry.value["verdict"] == "breach", "what it replaced can be read"
        for each in mine:
            numbers[each.of] = each.number
        old = new
    assert not ledger.check()
    return found


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(HISTORIES)
def test_any_history_of_reports_keeps_every_version(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[Held, int]]
) -> None:
    path = tmp_path_factory.mktemp("versions")
    with Ledger.open(path / "new", write=True) as new, Ledger.open(path / "old", write=True) as old:
        runs: dict[Ledger, list[int]] = {new: [], old: []}
        held: Held = frozenset()
        for number, (next_held, width) in enumerate(history):
            for ledger in (new, old):
                moved(ledger, held, next_held, number)
                entry = ran(ledger, groups(next_held, width), number, versions=ledger is new)
                runs[ledger].append(entry.seq)
            held = next_held
        written, derived = consistent(new, runs[new]), consistent(old, runs[old])
        assert [without_places(v) for v in written] == [without_places(v) for v in derived], (
            "a log from before there were versions tells the same"
        )


def without_places(version: Version) -> tuple[Any, ...]:
    return version.of, version.number, version.entry, version.supersedes, version.why


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(HISTORIES, st.data())
def test_a_run_killed_anywhere_loses_no_version_and_leaves_none_half_written(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[Held, int]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("killed")
    runs: list[int] = []
    held: Held = frozenset()
    killed = 0
    for number, (next_held, width) in enumerate(history):
        for attempt in count():
            # Between two attempts other reports may have come: what the first wrote is then no one's word.
            now = next_held if attempt else data.draw(st.frozensets(st.integers(0, 5)))
            with Frail.open(path / "l.sqlite", write=True) as ledger:
                moved(ledger, held, now, 2 * number + min(attempt, 1))
                held = now
                ledger.left = -1 if attempt else data.draw(st.integers(0, 5))
                ledger.after = data.draw(st.booleans()) if not attempt else False
                before = versions(ledger, ENGINE)
                try:
                    runs.append(ran(ledger, groups(now, width), number).seq)
                except Killed:
                    killed += 1
                    if ledger.entry(ledger.size - 1).kind == "run":
                        runs.append(ledger.size - 1)
                        continue
                    assert versions(ledger, ENGINE) == before, "what no run closed is no one's word"
                    continue
                break
    with Ledger.open(path / "l.sqlite", write=True) as ledger:
        consistent(ledger, runs)

"""A process killed before any group of entries of a run loses no version, and leaves none half written.

Each fault forks a process that records a run and kills itself (SIGKILL) at one point; then it is recorded
again, in every second trial with one report more, as when reports go on coming. The control counts its
versions and keeps none: it must be found out.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from holdfire.ledger.entry import Entry
from holdfire.ledger.log import Ledger
from holdfire.recording import standing
from holdfire.versions.written import versions
from versioning import ENGINE, came, ran, went

POINTS = 8
"""Groups of entries that a run appends here, and one more: at the last nobody is killed."""


class Mortal(Ledger):
    """A ledger whose process is killed as it adds entries for the n-th time."""

    left = 0
    hasty = False

    def _tick(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def append(self, values: Iterable[Mapping[str, Any]]) -> list[Entry]:
        listed = list(values)
        if self.hasty and listed and listed[0]["kind"] == "version":
            return []
        self._tick()
        return super().append(listed)

    def append_encoded(self, contents: Sequence[bytes]) -> int:
        self._tick()
        return super().append_encoded(contents)


def killed(work: Callable[[], object]) -> bool:
    """Do some work in a process of its own; return whether it was killed."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def begun(path: Path) -> None:
    with Ledger.open(path, write=True) as ledger:
        ledger.append([came(1), came(2), came(3)])
        ran(ledger, [[1], [2, 3]], 1)
        ledger.append([came(4), went(1)])


def recorded(path: Path, point: int, hasty: bool = False) -> None:
    with Mortal.open(path, write=True) as ledger:
        assert isinstance(ledger, Mortal)
        ledger.left, ledger.hasty = point, hasty
        ran(ledger, [[2, 3, 4]], 2)


def stands(ledger: Ledger, size: int) -> dict[str, str]:
    table = standing(ledger, "determination", ENGINE, size)
    return dict(zip(table["id"].to_pylist(), table["leaf"].to_pylist(), strict=True))


def lost(path: Path) -> list[str]:
    """Return the determinations that ended between two runs and that no version speaks of rightly."""
    with Ledger.open(path) as ledger:
        runs = [entry.seq for entry in ledger.entries("run")]
        found = versions(ledger, ENGINE)
        wrong = [str(problem) for problem in ledger.check()]
        for before, after in pairwise(runs):
            was, now = stands(ledger, before + 1), stands(ledger, after + 1)
            mine = [each for each in found if each.run == after]
            over = {pair for each in mine for pair in each.supersedes}
            wrong += [
                name for name, leaf in was.items() if now.get(name) != leaf and (name, leaf) not in over
            ]
            wrong += [each.of for each in mine if now.get(each.of, "") != each.entry]
            wrong += [name for name, leaf in over if ledger.find(leaf) is None]
    return wrong


def test_no_version_is_lost_or_halved_wherever_the_process_dies(tmp_path: Path) -> None:
    deaths, first = 0, tmp_path / "first"
    first.mkdir()
    begun(first / "l.sqlite")
    for point in range(POINTS):
        path = tmp_path / str(point) / "l.sqlite"
        shutil.copytree(first, path.parent)
        deaths += killed(lambda p=path, n=point: recorded(p, n))  # type: ignore[misc]
        with Ledger.open(path, write=True) as ledger:
            more = [[5]] if point % 2 else []
            ledger.append([came(5)] if more else [])
            ran(ledger, [[2, 3, 4], *more], 3)
        assert lost(path) == [], f"killed before group {point}"
    print(f"{deaths} kills, 0 versions lost, 0 half written")
    assert deaths == POINTS - 1, "at each point but the last"


def test_a_writer_that_keeps_no_version_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    begun(path)
    recorded(path, -1, hasty=True)
    assert lost(path)

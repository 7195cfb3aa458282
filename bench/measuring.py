"""Run a command as a whole process and say what it took, beside a baseline run in turn with it."""

from __future__ import annotations

import math
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Took:
    """What one process took.

    Attributes:
        wall: Elapsed time [s].
        cpu: Processor time of it and its children [s].
        peak: Largest resident set of a single process [MiB].
    """

    wall: float
    cpu: float
    peak: float


def run(command: Sequence[str], prepare: Callable[[], None] = lambda: None, limit: float = math.inf) -> Took:
    """Return what a command took; it must succeed.

    Args:
        command: The program and its words.
        prepare: Called before, and not counted.
        limit: How long it may take [s].

    Raises:
        TimeoutError: It took longer, and was ended.
    """
    prepare()
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    ending = threading.Timer(min(limit, threading.TIMEOUT_MAX), process.kill)
    ending.daemon = True
    ending.start()
    _, status, usage = os.wait4(process.pid, 0)
    ending.cancel()
    wall = time.perf_counter() - before
    if wall >= limit:
        raise TimeoutError(f"{' '.join(command)} took more than {limit:.0f} s")
    error = process.stderr.read().decode() if process.stderr else ""
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{error}")
    scale = 1 if sys.platform == "darwin" else 1024
    return Took(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale / 2**20)


@dataclass(frozen=True)
class Row:
    """One line of the results: medians of a command and of its baseline, run in turn."""

    name: str
    took: Took
    baseline: Took
    against: str
    reach: str
    runs: int

    @property
    def cells(self) -> list[str]:
        """Return the line's cells."""
        return [
            self.name,
            f"{self.took.wall:.2f} s",
            f"{self.took.cpu:.2f} s",
            f"{self.took.peak:,.0f} MiB",
            f"{self.took.wall / self.baseline.wall:.1f} × {self.against}",
            self.reach,
            str(self.runs),
        ]


def pair(
    name: str,
    command: Sequence[str],
    baseline: Sequence[str],
    against: str,
    reach: str,
    *,
    runs: int = 3,
    prepare: Callable[[], None] = lambda: None,
) -> Row:
    """Return medians of a command and a baseline, run in turn after one warm-up of each."""
    for each in (baseline, command):
        run(each, prepare)
    found = [(run(command, prepare), run(baseline)) for _ in range(runs)]
    return Row(name, _median([a for a, _ in found]), _median([b for _, b in found]), against, reach, runs)


def _median(listed: Sequence[Took]) -> Took:
    return Took(
        statistics.median(t.wall for t in listed),
        statistics.median(t.cpu for t in listed),
        statistics.median(t.peak for t in listed),
    )


def machine() -> str:
    """Return what machine this is, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    bound = "" if limit == resource.RLIM_INFINITY else f", {limit / 2**30:.0f} GiB allowed"
    return f"{os.cpu_count()} cores, {memory:.0f} GiB{bound}, {sys.platform}, Python {sys.version.split()[0]}"

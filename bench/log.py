"""How the log does at a million entries, beside pymerkle 7 over SQLite in the same run.

Each step of `logsteps` is a process of its own, ours and pymerkle's in turn. pymerkle is under the GPL and
no dependency of ours; where it is not installed its steps are left out, and the bench says so.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.logsteps import PROOFS, Took

COUNT = 1_000_000


@dataclass(frozen=True)
class Line:
    """One line of the results."""

    cells: list[str]


def log(folder: Path) -> Iterator[Line]:
    """Yield what a million entries take."""
    theirs = importlib.util.find_spec("pymerkle") is not None
    if not theirs:
        print("pymerkle is not installed; the log is measured alone", file=sys.stderr)
    _step("make", folder)
    proofs = f"{PROOFS:,}"
    for step, beside, lines in (
        ("append", "their_append", [("append", "1,000,000 entries appended, 100,000 at a time", "5 s", "1")]),
        ("append_by_ten_thousand", "", [("append", "the same, 10,000 at a time", "", "1")]),
        ("append_by_thousand", "", [("append", "the same, 1,000 at a time", "", "1")]),
        (
            "prove",
            "their_prove",
            [
                ("head", "size and head of a ledger just opened", "", "1"),
                ("inclusion p50", "an inclusion proof, median", "", proofs),
                ("inclusion p99", "an inclusion proof, p99", "2 ms", proofs),
                ("consistency p50", "a consistency proof, median", "", proofs),
                ("consistency p99", "a consistency proof, p99", "2 ms", proofs),
                ("verify inclusion p50", "checking an inclusion proof, median", "50 µs", proofs),
                ("verify consistency p50", "checking a consistency proof, median", "50 µs", proofs),
            ],
        ),
        ("audit", "", [("audit", "opening to write: every entry, tile and the last head", "10 s", "1")]),
        ("check", "", [("check", "check: every head too, canonical form, SQLite's pages", "15 s", "1")]),
        (
            "rebuild",
            "",
            [
                ("rebuild", "DuckDB table of the 999,000 claims, 14 fields each", "10 s", "1"),
                ("few", "DuckDB table of the 1,000 retractions among them", "", "1"),
            ],
        ),
        ("commits", "", [("commits", "20,000 entries from 64 threads, one at a time each", "", "1")]),
    ):
        ours = _step(step, folder)
        other = _step(beside, folder) if beside and theirs else {}
        for name, what, reach, runs in lines:
            yield _line(what, ours, other, name, reach, runs)


def _step(name: str, folder: Path, count: int = COUNT) -> Took:
    command = [sys.executable, "-m", "bench.logsteps", name, str(folder), str(count)]
    found: Took = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _line(what: str, ours: Took, theirs: Took, name: str, reach: str, runs: str) -> Line:
    against = (
        f"{theirs[name] / ours[name]:,.1f} × as fast as pymerkle ({_span(theirs[name])})"
        if name in theirs
        else ""
    )
    cpu = _span(ours[f"{name} cpu"]) if f"{name} cpu" in ours else ""
    return Line([what, _span(ours[name]), cpu, f"{ours['peak']:,.0f} MiB", against, reach, runs])


def _span(seconds: float) -> str:
    for unit, scale in (("s", 1), ("ms", 1e3)):
        if seconds * scale >= 0.1:
            return f"{seconds * scale:.2f} {unit}"
    return f"{seconds * 1e6:.0f} µs"

"""Worlds: how long it takes to make one, and how much memory, from 30 thousand records to 10 million.

Records and truth of `hard`, without lists of the dead and case folder; a process of its own, two threads.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.measuring import run

SIZES = {"30 thousand": 30_000, "1 million": 1_000_000, "10 million": 10_000_000}
REACH = {"1 million": "60 s", "10 million": "600 s, 3,072 MiB"}
PRESET, SEED = "hard", 1


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the wall time [s] of making each world; processor time and memory stand in the note."""
    del shared  # worlds are made from their presets alone
    for words, size in SIZES.items():
        with tempfile.TemporaryDirectory(prefix="holdfire-bench-") as scratch:
            folder = Path(scratch) / "world"
            code = "from pathlib import Path; from holdfire import worlds; "
            code += f"worlds.make({PRESET!r}, {SEED}, {size}, Path({str(folder)!r}))"
            took = run([sys.executable, "-c", code])
            sizes = json.loads((folder / "world.json").read_text(encoding="utf-8"))["sizes"]
            disk = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 2**20
            shutil.rmtree(folder)
        cost = f"{took.cpu:.0f} s of CPU, {took.peak:,.0f} MiB of memory, {disk:,.0f} MiB on disk"
        yield Figure(
            f"making `hard`, {words}: wall time [s]",
            took.wall,
            count=sizes["records"],
            reach=REACH.get(words, ""),
            note=cost,
        )

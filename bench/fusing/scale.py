"""Reports of a simulated war joined into incidents, at 30 thousand, 1 million and 10 million of them.

Each size runs in a process of its own, so that its processor time and its greatest memory are its own: the
reports are read, made into features, paired, weighed and grouped. Pairs of reports in one group are marked
against the truth of the world (preset hard). Beside it, on the same reports, a plain profile of Splink with
its single best links, the peer. Worlds are made once and kept in HOLDFIRE_WORLDS, else in a temporary folder;
HOLDFIRE_SCALE names the sizes, 30000 without it.

meltt (css-konstanz, R) is run where Rscript has it (`install.packages("remotes");
remotes::install_github("css-konstanz/meltt")`, R 4.2); elsewhere what was recorded is shown, and marked so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.figures import Figure
from holdfire import worlds

PEER = "Splink, plain profile, single best links"
MEMORY = {30_000: 1024, 1_000_000: 2048, 10_000_000: 4096}
"""What the database may hold at each size [MiB]; numbers and links in Python come on top."""

REACH = {
    30_000: {"F1": ">= 0.96", "wall [s]": "<= 4"},
    1_000_000: {"F1": ">= 0.93", "wall [s]": "<= 60", "memory [MiB]": "<= 3072"},
    10_000_000: {"wall [s]": "<= 900", "memory [MiB]": "<= 6144"},
}

RECORDED = (
    ("meltt on another simulation, 30,270 reports: F1", 0.79, "meltt 0.4.2, R 4.2.2"),
    ("meltt on another simulation, 30,270 reports: wall [s]", 157.0, "meltt 0.4.2, R 4.2.2"),
    ("meltt on another simulation, 60,137 reports: wall [s]", 781.0, "meltt 0.4.2, R 4.2.2"),
    ("Splink on another simulation, 30,270 reports: F1", 0.96, "splink 5.0.0"),
    ("Splink on another simulation, 998,467 reports: F1", 0.89, "splink 5.0.0, 62 s, 3.1 GiB"),
)
"""What was measured elsewhere, on three simulated event datasets that are not these worlds, on two cores."""


def measure(shared: Path) -> Iterator[Figure]:
    """Yield F1, time and memory at each size, of ours and of the peer."""
    sizes = [int(each) for each in os.environ.get("HOLDFIRE_SCALE", "30000").replace(",", " ").split()]
    with tempfile.TemporaryDirectory(prefix="holdfire-scale-") as temporary:
        kept = Path(os.environ.get("HOLDFIRE_WORLDS", temporary))
        for size in sizes:
            world = _world(kept, size)
            yield from _figures("ours", size, _child("bench.fusing.scale_ours", world, size, temporary))
            if size <= 1_000_000:  # the peer holds all its pairs: at ten million they do not fit
                yield from _figures(PEER, size, _child("bench.fusing.scale_peer", world, size, temporary))
    if not _meltt():
        for name, value, note in RECORDED:
            yield Figure(name, value, note=f"recorded elsewhere: {note}")


def _world(folder: Path, size: int) -> Path:
    """Return the folder of the world of this size, made if it is not there."""
    world = folder / f"hard-{size}"
    if not (world / "world.json").is_file():
        worlds.make("hard", 1, size, world)
    return world


def _child(module: str, world: Path, size: int, temporary: str) -> dict[str, Any]:
    """Run a measure in a process of its own and return what it says."""
    command = [sys.executable, "-m", module, str(world), str(MEMORY.get(size, 2048)), temporary]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} on {size} reports: {done.stderr.strip()[-2000:]}")
    print(f"{module} on {size}: {done.stdout.strip().splitlines()[-1]}", file=sys.stderr)
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return said


def _figures(who: str, size: int, said: dict[str, Any]) -> Iterator[Figure]:
    reach = REACH.get(size, {}) if who == "ours" else {}
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in said["steps"].items())
    notes = {
        "F1": f"precision {said['precision']:.3f}, recall {said['recall']:.3f}",
        "wall [s]": f"processor {said['processor']:.1f} s: {steps}",
        "memory [MiB]": f"{said['compared']:,} pairs compared, {said['kept']:,} kept",
    }
    values = {"F1": said["f1"], "wall [s]": said["wall"], "memory [MiB]": said["memory"]}
    for name, value in values.items():
        yield Figure(
            f"hard, {size:,} reports, {who}: {name}",
            value,
            count=said["reports"],
            reach=reach.get(name, ""),
            note=notes[name],
        )
    if "met" in said:
        rules = "; ".join(f"{rule} {n / said['reports']:.2f}" for rule, n in said["by_rule"].items())
        yield Figure(
            f"hard, {size:,} reports, {who}: pairs of one incident that were compared",
            said["met"],
            count=said["reports"],
            note=f"{said['compared'] / said['reports']:.1f} pairs a report: {rules}",
        )


def _meltt() -> bool:
    """Return whether R has meltt; its own runs are started by hand, as they take minutes to hours."""
    if not shutil.which("Rscript"):
        return False
    asked = ["Rscript", "-e", 'quit(status = !requireNamespace("meltt", quietly = TRUE))']
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0

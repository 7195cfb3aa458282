"""Print the table of the reader: `python -m bench.reading [NAME ...] [--write]`, all measures without a name.

Data and the shared scorer come from the shared folder beside the project; a measure whose data are not there
is named and left out, and the command exits 2 where none could be taken. `--write` puts the table into
bench/RESULTS.md, in place of its section, and leaves the other sections.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import bench.reading
from bench.measuring import machine
from bench.reading.figures import Figure
from bench.results import replace_section

SHARED = Path(__file__).resolve().parents[3] / "shared"
HEAD = ["measure", "figure", "95 %", "of", "to reach", "note"]


def names() -> list[str]:
    """Return the measures there are; speed first, in a process that holds nothing else yet."""
    found = sorted((each.name for each in pkgutil.iter_modules(bench.reading.__path__)), key=_order)
    return [n for n in found if hasattr(importlib.import_module(f"bench.reading.{n}"), "measure")]


def _order(name: str) -> tuple[bool, str]:
    return name != "speed", name


def figures(wanted: list[str]) -> Iterator[Figure]:
    """Yield the figures of some measures, saying on standard error which is being taken."""
    for name in wanted:
        started = time.perf_counter()
        module = importlib.import_module(f"bench.reading.{name}")
        try:
            yield from module.measure(SHARED)
        except FileNotFoundError as error:
            print(f"{name}: left out, needs {error.filename or error}", file=sys.stderr)
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)


def cells(figure: Figure) -> list[str]:
    """Return a figure as cells of the table."""
    between = "" if figure.low is None else f"{figure.low:.3g} to {figure.high:.3g}"
    shown = f"{figure.value:,.0f}" if figure.value >= 10 else f"{figure.value:.3f}"
    return [
        figure.measure,
        shown,
        between,
        f"{figure.count:,}" if figure.count else "",
        figure.reach,
        figure.note,
    ]


def main(given: list[str]) -> int:
    """Print the table, and write it where that is asked."""
    known = names()
    wanted = [each for each in given if not each.startswith("-")] or known
    if wrong := [each for each in wanted if each not in known]:
        print(f"no measure is called {', '.join(wrong)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    rows = [cells(each) for each in figures(wanted)]
    if not rows:
        return 2
    widths = [max(len(row[k]) for row in [HEAD, *rows]) for k in range(len(HEAD))]
    for row in [HEAD, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if "--write" in given:
        command = " ".join(["python -m bench.reading", *given])
        lines = [f"`{command}` on {datetime.now(UTC):%Y-%m-%d}; {machine()}."]
        replace_section("reading", lines, HEAD, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

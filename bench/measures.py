"""Run the measures of one room and print their table: what `python -m bench.reading` and its like do.

A measure is a module of the room's package with a function `measure(shared)` that yields figures. One whose
data are not there is named and left out.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from types import ModuleType

from bench.figures import Figure
from bench.measuring import machine
from bench.results import replace_section

SHARED = Path(__file__).resolve().parents[2] / "shared"
HEAD = ["measure", "figure", "95 %", "of", "to reach", "note"]


def names(package: ModuleType, first: Sequence[str]) -> list[str]:
    """Return the measures of a package; those of `first` come first, in a process that holds nothing yet."""
    found = sorted(each.name for each in pkgutil.iter_modules(package.__path__))
    ordered = sorted(found, key=lambda name: (name not in first, name))
    return [n for n in ordered if hasattr(importlib.import_module(f"{package.__name__}.{n}"), "measure")]


def figures(package: ModuleType, wanted: list[str]) -> Iterator[Figure]:
    """Yield the figures of some measures, saying on standard error which is being taken."""
    for name in wanted:
        started = time.perf_counter()
        module = importlib.import_module(f"{package.__name__}.{name}")
        try:
            yield from module.measure(SHARED)
        except FileNotFoundError as error:
            print(f"{name}: left out, needs {error.filename or error}", file=sys.stderr)
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)


def cells(figure: Figure) -> list[str]:
    """Return a figure as cells of the table."""
    between = ""
    if figure.low is not None and figure.high is not None:
        between = " to ".join(
            f"{end:,.0f}" if end >= 10 else f"{end:.3g}" for end in (figure.low, figure.high)
        )
    shown = f"{figure.value:,.0f}" if figure.value >= 10 else f"{figure.value:.3f}"
    return [
        figure.measure,
        "" if isnan(figure.value) else shown,
        between,
        f"{figure.count:,}" if figure.count else "",
        figure.reach,
        figure.note,
    ]


def run(package: ModuleType, given: list[str], first: Sequence[str] = ()) -> int:
    """Print the table of a package's measures, and write it to its section where `--write` is given.

    Returns:
        0; or 2 where a name is unknown or no measure could be taken.
    """
    known = names(package, first)
    wanted = [each for each in given if not each.startswith("-")] or known
    if wrong := [each for each in wanted if each not in known]:
        print(f"no measure is called {', '.join(wrong)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    rows = [cells(each) for each in figures(package, wanted)]
    if not rows:
        return 2
    widths = [max(len(row[k]) for row in [HEAD, *rows]) for k in range(len(HEAD))]
    for row in [HEAD, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if "--write" in given:
        named = [each for each in given if not each.startswith("-")]
        section = " ".join([package.__name__.removeprefix("bench."), *named])
        command = " ".join([f"python -m {package.__name__}", *given])
        lines = [f"`{command}` on {datetime.now(UTC):%Y-%m-%d}; {machine()}."]
        replace_section(section, lines, HEAD, rows)
    return 0

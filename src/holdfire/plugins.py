"""The three seams: formats, kinds of term and estimators, found through entry points.

Our own parts come through the same door as anyone's. A part that cannot be loaded is an error that names
it and the package it came from, never a silent absence: a missing format would drop reports.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from holdfire.errors import HoldfireError

if TYPE_CHECKING:  # to read a file, nothing that judges need be loaded
    from holdfire.counting.estimate import Estimator
    from holdfire.judging.kinds import Kind
    from holdfire.reading.format import Format

SEAMS = ("holdfire.formats", "holdfire.terms", "holdfire.estimators")
"""Groups of entry points."""


@cache
def formats() -> dict[str, Format]:
    """Return every source format by name, in the order in which they are tried.

    Raises:
        HoldfireError: One cannot be loaded, or two have one name.
    """
    return {name: part() for name, part in _load("holdfire.formats").items()}


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind of term by name."""
    return dict(_load("holdfire.terms"))


@cache
def estimators() -> dict[str, Estimator]:
    """Return every estimator of how many people there are, by name, each as its maker sets it.

    Raises:
        HoldfireError: One cannot be loaded, or two have one name.
    """
    return {name: part() for name, part in _load("holdfire.estimators").items()}


def listed() -> list[str]:
    """Return what is registered, with the version of its package, without loading any of it."""
    every = entry_points()  # asked once: it looks through all packages
    points = [point for group in SEAMS for point in every.select(group=group)]
    return sorted(f"{p.group}:{p.name}={p.value} {p.dist.version if p.dist else ''}" for p in points)


def _load(group: str) -> dict[str, Any]:
    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=group), key=lambda p: (p.name, p.value)):
        if point.name in found and found[point.name].value != point.value:
            raise HoldfireError(
                f'two parts of {group} are called "{point.name}"',
                f"{found[point.name].value} and {point.value}",
                "uninstall one of the packages",
            )
        found[point.name] = point
    if not found:
        raise HoldfireError(
            f"no part is registered under {group}",
            hint="install the package: `pip install .` (or `make setup` in a checkout)",
        )
    parts = {}
    for name, point in found.items():
        try:
            parts[name] = point.load()
        except (ImportError, AttributeError) as error:
            package = point.dist.name if point.dist else "unknown"
            raise HoldfireError(
                f'"{name}" of {group} cannot be loaded: {error}',
                f"package {package}, {point.value}",
                "update or uninstall that package",
            ) from None
    return parts

"""What is said of the place of incidents in public areas goes into the log, and comes out of any prefix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from holdfire.answers import Answer
from holdfire.ledger.entry import Entry
from holdfire.ledger.log import Ledger
from holdfire.precaution.atcells import AtCells
from holdfire.precaution.held import Areas
from holdfire.records.sheltered import PublicCell, Sheltered
from holdfire.times import Interval


def entries(ledger: Ledger, made: AtCells, at: str) -> Iterator[dict[str, Any]]:
    """Yield an entry for each incident of which the log does not say what is said now.

    Args:
        ledger: The log.
        made: What `at_cells` returned.
        at: The time of the run, ISO 8601 in UTC.
    """
    logged = read(ledger)
    for each in made.sheltered:
        if logged.pop(each.incident, None) != each:
            yield _entry(each, at)
    for name in sorted(logged):
        yield _entry(Sheltered(incident=name, inside=Answer.NO), at)


def read(ledger: Ledger, upto: int | None = None) -> dict[str, Sheltered]:
    """Return what the first entries of a log say, by incident; of each the last word counts."""
    found: dict[str, Sheltered] = {}
    for entry in ledger.entries("finding", upto=upto):
        said = _said(entry)
        found.pop(said.incident, None)
        if said.inside is not Answer.NO:
            found[said.incident] = said
    return found


def public_cells(areas: Areas, said: Mapping[str, Sheltered], days: Interval) -> tuple[PublicCell, ...]:
    """Return the cells that a bulletin speaks of: those on in its period, and those that incidents lie in."""
    on = {
        (each.partition.digest, code)
        for each in areas.published
        if each.release.when.contains(days) is not Answer.NO
        for code in each.release.cells
    }
    named = {(of, code) for sheltered in said.values() for code, of in sheltered.cells}
    return tuple(
        PublicCell(code, of, cell.zone.shape(), (of, code) in on)
        for of, code in sorted(named | on)
        if (cell := areas.cell(code, of)) is not None
    )


def _entry(said: Sheltered, at: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "kind": "finding",
        "of": said.incident,
        "at": at,
        "inside": said.inside.value,
        "cells": [list(each) for each in said.cells],
    }
    if said.areas:
        entry["areas"] = list(said.areas)
    return entry


def _said(entry: Entry) -> Sheltered:
    said = entry.value
    return Sheltered(
        incident=said["of"],
        inside=Answer(said["inside"]),
        cells=tuple((code, of) for code, of in said["cells"]),
        areas=tuple(said.get("areas", ())),
    )

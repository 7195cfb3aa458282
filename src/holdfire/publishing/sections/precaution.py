"""Section 7, the precaution areas that were on: what was reported inside them.

Areas are whole cells that were published. A number below `LEAST` is not printed, and neither are the areas of
incidents so few; nothing here says where in an area anything was, or that anything was there.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from holdfire.answers import Answer
from holdfire.places import GeoPrecision
from holdfire.publishing.issue import Issue
from holdfire.publishing.values import Block, Heading, Line, Table, Value, label
from holdfire.records.sheltered import LEAST, Sheltered


def precaution(issue: Issue) -> list[Block]:
    """Return what section 7 says of precaution areas; a case that holds none says so in a line."""
    material = issue.material
    on = sorted({cell.code for cell in material.cells if cell.on})
    found = _rows(issue)
    if not on and not found:
        return [Line("no_precaution")]
    figures = issue.figures
    blocks: list[Block] = [
        Heading(label("precaution"), "precaution"),
        Line("precaution_lead", {"number": figures.count("precaution.on", [f"area:{each}" for each in on])}),
        Line("precaution_wording", tone="note"),
    ]
    few = [i for i, said in found.items() if said.few]
    if rows := _by_area(issue, found):
        heads = ("precaution_area", "inside", "inside_unclear")
        blocks.append(Table("precaution", tuple(label(h) for h in heads), tuple(rows)))
    blocks.append(Line("precaution_few", {"number": issue.number("precaution.few", _array(few))}))
    blocks.append(Line("precaution_wide", {"number": issue.number("precaution.wide", _wide(issue))}))
    blocks.append(Line("precaution_told"))
    return blocks


def _rows(issue: Issue) -> dict[int, Sheltered]:
    """Return what is said of the place of the period's incidents, by row."""
    names = issue.table.table["incident_id"]
    said = issue.material.sheltered
    return {int(i): said[name] for i in issue.now if (name := names[int(i)].as_py()) in said}


def _by_area(issue: Issue, found: Mapping[int, Sheltered]) -> list[tuple[Value, ...]]:
    """Return for each area that is named how many were reported inside, and of how many it is unclear."""
    rows: list[tuple[Value, ...]] = []
    for code in sorted({code for said in found.values() for code in said.areas}):
        mine = {i: said for i, said in found.items() if code in said.areas}
        if len(mine) < LEAST:
            rows.append((code, label("withheld_small"), label("withheld_small")))
            continue
        cells: list[Value] = [code]
        for name, answer in (("inside", Answer.YES), ("unclear", Answer.UNCLEAR)):
            those = [i for i, said in mine.items() if said.inside is answer]
            cells.append(issue.number(f"precaution.{code}.{name}", _array(those)))
        rows.append(tuple(cells))
    return rows


def _wide(issue: Issue) -> np.ndarray:
    """Return the period's incidents that are placed at a district or wider, or nowhere."""
    names, classes = issue.table.table["incident_id"], issue.table.table["geo_precision"]
    return _array(
        [
            int(i)
            for i in issue.now
            if classes[int(i)].as_py() not in FINE and names[int(i)].as_py() not in issue.material.sheltered
        ]
    )


FINE = (GeoPrecision.POINT, GeoPrecision.SETTLEMENT, GeoPrecision.NEAR)
"""Classes of place finer than a district."""


def _array(rows: list[int]) -> np.ndarray:
    return np.array(rows, np.int64)

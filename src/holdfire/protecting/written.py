"""A partition as canonical JSON, and back; a text that departs from its one form in a byte is refused.

What a reader can check alone is checked: that cells tile the extent and blocks are unions of cells, that
zones are the boxes widened, that no cell's own numbers break the settings, that codes run in their order.
That the numbers are those of the candidates, `holdfire protect partition --recompute` checks.
tests/unit/test_protecting_written.py breaks each in turn.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from holdfire.errors import BadInput, Problem
from holdfire.protecting.candidates import COUNT, Gathering, Layer
from holdfire.protecting.cells import (
    FORM,
    PARTS,
    Block,
    Cell,
    Numbers,
    Partition,
    Settings,
    checked_name,
)
from holdfire.protecting.grid import ROUND, Box

LARGEST = 64 << 20
"""Most bytes of a partition."""


def parse(text: bytes, file: str = "partition") -> Partition:
    """Return the partition that a text says.

    Raises:
        BadInput: It is no partition, is not in its one form, or breaks what every partition holds.
    """
    if len(text) > LARGEST:
        raise BadInput(f"the file has {len(text):,} bytes; no partition has so many", file)
    try:
        said = json.loads(text)
        if said["form"] != FORM:
            raise ValueError
        found = _partition(said)
        same = found.text() == text.removesuffix(b"\n")
        problems = list(_broken(found, file))
    except BadInput:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ZeroDivisionError):
        raise BadInput("this is no partition", file, "holdfire protect partition --out makes one") from None
    if not same:
        raise BadInput("the partition was changed by hand: it is not in its one form", file, "fetch it again")
    if problems:
        raise BadInput.of(problems)
    return found


def _partition(said: Mapping[str, Any]) -> Partition:
    asked = dict(said["settings"])
    return Partition(
        name=checked_name(said["name"]),
        settings=Settings(**{**asked, "beta": Fraction(asked["beta"])}),
        extent=Box(*said["extent"]),
        priors=tuple(said["priors"]),
        places=said["places"],
        candidates=said["candidates"],
        gathering=Gathering(**said["gathering"]),
        layers=tuple(
            Layer(each["file"], each["digest"], each["rows"], each["taken"]) for each in said["layers"]
        ),
        cells=tuple(Cell(**_held(each), block=each["block"]) for each in said["cells"]),
        blocks=tuple(Block(**_held(each)) for each in said["blocks"]),
    )


def _held(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": said["code"],
        "box": Box(*said["box"]),
        "zone": Box(*said["zone"]),
        "candidates": said["candidates"],
        "numbers": {name: Numbers(*three) for name, three in said["numbers"].items()},
    }


def _broken(found: Partition, file: str) -> list[Problem]:
    """Return what a partition breaks that every one holds."""
    asked = found.settings
    if wrong := [*asked.wrong(), *found.gathering.wrong()]:
        return [Problem(why, f"{file}, settings") for why in wrong]
    problems: list[Problem] = []
    held: list[tuple[str, Sequence[Cell | Block], int, int]] = [
        ("cells", found.cells, asked.k, asked.k),
        ("blocks", found.blocks, asked.block_k, asked.block_share),
    ]
    for kind, many, least, share in held:
        if why := _tiles([each.box for each in many], found.extent):
            problems.append(Problem(f"its {kind} {why}", file))
        for each in many:
            problems += [Problem(why, f"{file}, {each.code}") for why in _lacks(each, found, least, share)]
    if [cell.code for cell in found.cells] != [
        f"{found.name}-{n:04d}" for n in range(1, len(found.cells) + 1)
    ]:
        problems.append(Problem("codes of cells do not run from 1 on", file))
    if [cell.box for cell in found.cells] != sorted((cell.box for cell in found.cells), key=found.order):
        problems.append(Problem("cells are not in order of south and west", file))
    if sum(cell.candidates for cell in found.cells) != found.places:
        problems.append(Problem("the cells do not hold as many places as the partition", file))
    boxes = {block.code: block.box for block in found.blocks}
    outside = [cell.code for cell in found.cells if not _within(cell.box, boxes.get(cell.block))]
    problems += [Problem("the cell is not in its block", f"{file}, {code}") for code in outside]
    return problems


def _lacks(each: Cell | Block, found: Partition, least: int, share: int) -> list[str]:
    asked = found.settings
    problems = []
    if each.zone != each.box.widened(asked.margin):
        problems.append("the zone is not the box widened by the margin")
    if each.candidates < least:
        problems.append(f"it holds {each.candidates} places; at least {least} are needed")
    if tuple(each.numbers) != tuple(sorted(found.priors)) or COUNT not in each.numbers:
        problems.append("it has not one line of numbers for each prior")
    for name, held in each.numbers.items():
        if held.largest > -(-PARTS // share):
            problems.append(f'a place has more than 1/{share} of it under "{name}"')
        if held.ball * asked.beta.denominator > PARTS * asked.beta.numerator + asked.beta.denominator:
            problems.append(f'a disc has more than {asked.beta} of it under "{name}"')
    return problems


def _within(inner: Box, outer: Box | None) -> bool:
    if outer is None or not (outer.south <= inner.south and inner.north <= outer.north):
        return False
    ahead = (inner.west - outer.west) % ROUND
    return ahead + inner.east - inner.west <= outer.east - outer.west


def _tiles(boxes: Sequence[Box], extent: Box) -> str:
    """Say what keeps boxes from tiling an extent; empty: nothing."""
    if not boxes:
        return "are none"
    if not all(_within(box, extent) for box in boxes):
        return "do not all lie in the extent"
    west = np.array([(box.west - extent.west) % ROUND for box in boxes])
    east = west + [box.east - box.west for box in boxes]
    sides = np.column_stack([west, [box.south for box in boxes], east, [box.north for box in boxes]])
    columns, rows = np.unique(sides[:, 0::2]), np.unique(sides[:, 1::2])
    held = np.zeros((len(rows) - 1, len(columns) - 1), np.int64)
    for left, low, right, high in sides:
        a, b = np.searchsorted(columns, (left, right))
        c, d = np.searchsorted(rows, (low, high))
        held[c:d, a:b] += 1
    if (held > 1).any():
        return "overlap"
    whole = (columns[0], columns[-1]) == (0, extent.east - extent.west)
    whole &= (rows[0], rows[-1]) == (extent.south, extent.north)
    return "" if whole and (held == 1).all() else "leave gaps"

"""A partition: land cut once, from public places alone, into cells that are the same for all in them.

What holds of every partition, and tests/properties/test_partition.py tries to break:

* cells tile the extent: every position in it lies in exactly one cell; blocks are unions of cells;
* every cell holds at least k candidate places, and under each prior none has over 1/k of the cell's mass;
* under each prior no disc of `ball` metres, wherever its centre, has more than `beta` of the cell's mass;
* every block holds at least `block_k` candidate places, and no place has over 1/`block_share` of its mass;
* the disc of `margin` metres about every position of a cell lies in the cell's zone;
* the order of the rows changes nothing, and there is no argument through which a protected site could.

A partition is written as canonical JSON, named by its digest, and can be made again from the same candidates.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from holdfire.errors import BadInput, Problems
from holdfire.protecting.candidates import Candidates, Layer
from holdfire.protecting.cells import PARTS, Block, Cell, Numbers, Partition, Settings, checked_name
from holdfire.protecting.discs import Discs
from holdfire.protecting.grid import HALF, POLE, ROUND, Box, Integers, minutes
from holdfire.protecting.splitting import Land, Need, Splitter
from holdfire.protecting.written import parse as read

__all__ = ["PARTS", "Block", "Cell", "Numbers", "Partition", "Settings", "around", "build", "read"]

Tell = Callable[[str, int, int], None]
"""Told of a stage, how much of it is done, and of how much."""


def build(
    candidates: Candidates,
    settings: Settings,
    name: str,
    extent: Box | None = None,
    layers: Sequence[Layer] = (),
    tell: Tell = lambda stage, done, total: None,
) -> Partition:
    """Return the partition that candidate places make.

    Args:
        candidates: Public places; nothing else is looked at.
        settings: What every cell and block must hold.
        name: Short name, that codes begin with.
        extent: What the cells are to tile; None: the least box that holds every place and its margin.
        layers: Files that the places were taken from, to be named in the partition.
        tell: Told how many places are in cells that are done.

    Raises:
        BadInput: Everything that keeps even the whole extent from being one block.
    """
    _refuse_settings(settings, name)
    frame = extent or around(candidates, settings.margin)
    x, y = minutes(candidates.lon, candidates.lat)
    x = (x - frame.west) % ROUND + frame.west
    _refuse_outside(x, y, frame)
    discs = Discs(candidates.lon, candidates.lat, settings.ball)
    up = Box(0, 0, 1, 1).widened(settings.margin).north - 1
    splitter = Splitter(x, y, candidates.priors, discs, up)
    cell_need = Need(settings.k, settings.k, settings.beta)
    block_need = Need(settings.block_k, settings.block_share, settings.beta)
    everything = np.arange(len(candidates))
    _refuse_whole(splitter, everything, block_need, candidates)
    done = 0

    def told(places: int) -> None:
        nonlocal done
        done += places
        tell("cells", done, len(candidates))

    whole = Land(
        frame.west, frame.south, frame.east, frame.north,
        everything[np.argsort(x, kind="stable")], everything[np.argsort(y, kind="stable")],
    )  # fmt: skip
    tell("cells", 0, len(candidates))
    blocks = sorted(splitter.split(whole, block_need), key=_order)
    held = [(n, cell) for n, block in enumerate(blocks) for cell in splitter.split(block, cell_need, told)]
    held.sort(key=lambda each: _order(each[1]))
    numbers = _Numbered(candidates.priors, discs)
    block_codes = [f"{name}-B{n:03d}" for n in range(1, len(blocks) + 1)]
    return Partition(
        name=name,
        settings=settings,
        extent=frame,
        priors=tuple(candidates.priors),
        places=len(candidates),
        candidates=candidates.digest,
        gathering=candidates.gathering,
        layers=tuple(layers),
        cells=tuple(
            Cell(f"{name}-{n:04d}", _box(cell), _box(cell).widened(settings.margin), block_codes[block],
                 len(cell.by_x), numbers(cell.by_x))
            for n, (block, cell) in enumerate(held, 1)
        ),
        blocks=tuple(
            Block(code, _box(land), _box(land).widened(settings.margin), len(land.by_x), numbers(land.by_x))
            for code, land in zip(block_codes, blocks, strict=True)
        ),
    )  # fmt: skip


def around(candidates: Candidates, margin: int) -> Box:
    """Return the least box of whole minutes that holds every place and its margin.

    Of the two ways round the Earth it takes the shorter: it begins east of the widest gap between places.
    """
    x, y = minutes(candidates.lon, candidates.lat)
    across = np.unique(x)
    gaps = np.diff(np.append(across, across[0] + ROUND))
    widest = int(gaps.argmax())  # the first of several as wide
    west = int(across[(widest + 1) % len(across)])
    wide = ROUND - int(gaps[widest]) + 1
    west = -HALF if wide >= ROUND else west
    south, north = int(y.min()), int(y.max()) + 1
    return Box(west, max(-POLE, south), west + min(wide, ROUND), north).widened(margin)


@dataclass(frozen=True)
class _Numbered:
    """Works out what some places hold under each prior."""

    priors: Mapping[str, Integers]
    discs: Discs
    totals: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "totals", {name: int(mass.sum()) for name, mass in self.priors.items()})

    def __call__(self, places: Integers) -> Mapping[str, Numbers]:
        found = {}
        for name, mass in self.priors.items():
            total = int(mass[places].sum())
            found[name] = Numbers(
                _parts(total, self.totals[name]),
                _parts(int(mass[places].max()), total),
                _parts(self.discs.heaviest(places, mass), total),
            )
        return found


def _parts(some: int, whole: int) -> int:
    return -(-some * PARTS // whole)


def _order(land: Land) -> tuple[int, int]:
    return land.south, land.west


def _box(land: Land) -> Box:
    west = (land.west + HALF) % ROUND - HALF
    return Box(west, land.south, west + land.east - land.west, land.north)


def _refuse_settings(settings: Settings, name: str) -> None:
    problems = Problems("settings")
    for why in settings.wrong():
        problems.add(why)
    try:
        checked_name(name)
    except BadInput as error:
        problems.extend(error.problems)
    problems.raise_any()


def _refuse_outside(x: Integers, y: Integers, frame: Box) -> None:
    outside = (x >= frame.east) | (y < frame.south) | (y >= frame.north)
    if outside.any():
        raise BadInput(
            f"{int(outside.sum())} candidate places lie outside the extent",
            hint="widen it, or leave them out",
        )


def _refuse_whole(splitter: Splitter, places: Integers, need: Need, candidates: Candidates) -> None:
    """Refuse places that even one box of all of them cannot shelter, with every reason."""
    problems = Problems("candidates")
    for prior, what, much in splitter.lacks(places, need):
        if what == "places":
            problems.add(
                f"{len(places)} distinct places stand in {candidates.rows} rows; a block needs {need.places}",
                hint="add layers of public places, or ask for a lower --block-k and --k",
            )
        elif what == "share":
            most = math.floor(1 / much)
            problems.add(
                f'one place has {float(much):.1%} of all under "{prior}"; at most 1/{need.share} is allowed',
                hint=f"tell towns as pieces: --spread {prior}; or ask for --block-share {most}",
            )
        elif what == "ball":
            problems.add(
                f'one disc has {float(much):.1%} of all under "{prior}"; at most {need.ball} is allowed',
                hint="add public places elsewhere, or ask for a higher --beta",
            )
    problems.raise_any()

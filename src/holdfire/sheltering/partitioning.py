"""Make a partition of files of public places, and make it again to see that it is what it says.

Nothing but the layers that are named goes in. tests/unit/test_partitioning.py makes one, changes it, and
looks whether making it again finds out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from holdfire.digests import digest
from holdfire.errors import BadInput, HoldfireError, Problems
from holdfire.ledger.shelf import replace_file
from holdfire.protecting import preview
from holdfire.protecting.candidates import Candidates, Gathering, Layer
from holdfire.protecting.grid import POLE, Box
from holdfire.protecting.partition import Partition, Settings, Tell, build, read
from holdfire.sheltering.layers import Columns, Rows, joined, rows_of


def make(
    name: str,
    files: Sequence[Path],
    settings: Settings,
    *,
    columns: Columns | None = None,
    how: Gathering | None = None,
    extent: Box | None = None,
    tell: Tell = lambda stage, done, total: None,
) -> Partition:
    """Return the partition that the places of some files make.

    Args:
        name: Short name, that codes begin with.
        files: Public layers.
        settings: What every cell and block must hold.
        columns: Which columns are read.
        how: How rows become places.
        extent: What cells are to tile; None: what holds every place.
        tell: Told how far the work is.

    Raises:
        BadInput: Everything that is wrong with the files, or that keeps all places from being one block.
    """
    asked = columns or Columns()
    read_layers: list[Rows] = []
    problems = Problems("candidates")
    if len({file.name for file in files}) < len(files):
        problems.add("two layers have one name", hint="rename one: layers are told apart by their names")
    for n, file in enumerate(files):
        tell("layers", n, len(files))
        try:
            read_layers.append(rows_of(file, asked))
        except HoldfireError as error:
            problems.extend(error.problems)
    problems.raise_any()
    places, layers = joined(read_layers, sorted(asked.weights), how or Gathering())
    return build(places, settings, name, extent, layers, tell)


def again(
    partition: Partition, files: Sequence[Path], tell: Tell = lambda stage, done, total: None
) -> list[str]:
    """Make a partition again from the files it names; return what differs, in words; nothing: it is the same.

    Raises:
        BadInput: A file that it names is not among them, or is another; one of them it does not name.
    """
    places = places_of(partition, files)
    if places.digest != partition.candidates:
        return ["the candidate places are others"]
    settings, extent = partition.settings, partition.extent
    made = build(places, settings, partition.name, extent, partition.layers, tell)
    return differences(partition, made)


def differences(said: Partition, made: Partition) -> list[str]:
    """Return in what two partitions differ, in words; nothing: they are the same, byte for byte."""
    if said.text() == made.text():
        return []
    ours = {cell.code: cell for cell in made.cells}
    wrong = [cell.code for cell in said.cells if ours.get(cell.code) != cell]
    found = [f"{len(said.cells)} cells, made again {len(made.cells)}"] if len(said.cells) != len(ours) else []
    if wrong:
        more = f" and {len(wrong) - 10} more" if len(wrong) > 10 else ""
        found.append(f"cells that differ: {', '.join(wrong[:10])}{more}")
    if said.blocks != made.blocks:
        found.append("blocks differ")
    return found or ["what it says of its places differs"]


def opened(path: Path) -> Partition:
    """Return the partition in a file.

    Raises:
        BadInput: It is not there, or is none.
    """
    try:
        return read(path.read_bytes(), path.name)
    except OSError as error:
        raise BadInput(f"the partition cannot be read: {error.strerror}", str(path)) from None


def save(partition: Partition, path: Path) -> None:
    """Write a partition, whole or not at all.

    Raises:
        HoldfireError: The disk refuses.
    """
    replace_file(path, partition.text())


def draw(partition: Partition, path: Path) -> None:
    """Write a preview, by the file's ending: a picture (.svg) or GeoJSON (.geojson).

    Raises:
        BadInput: It ends otherwise.
    """
    drawing = {".svg": preview.svg, ".geojson": preview.geojson}.get(path.suffix)
    if drawing is None:
        raise BadInput("a preview is a picture or GeoJSON", str(path), "let its name end in .svg or .geojson")
    replace_file(path, drawing(partition).encode())


def extent_of(text: str) -> Box | None:
    """Return the extent that `WEST,SOUTH,EAST,NORTH` in degrees says, snapped outward; None: nothing is said.

    >>> extent_of("35.5,32.25,42.4,37.4")
    Box(west=2130, south=1935, east=2544, north=2244)

    Raises:
        BadInput: It is no box.
    """
    if not text:
        return None
    try:
        west, south, east, north = (float(each) for each in text.split(","))
        east += 360 if east <= west else 0  # it crosses the 180th meridian
        sides = (_down(west), _down(south), -_down(-east), -_down(-north))
    except (ValueError, OverflowError):
        raise BadInput("an extent is four numbers", text[:60], "WEST,SOUTH,EAST,NORTH in degrees") from None
    if abs(sides[1]) > POLE or abs(sides[3]) > POLE:
        raise BadInput("the extent reaches beyond a pole", text[:60], "are longitude and latitude swapped?")
    return Box(*sides)


def _down(degrees: float) -> int:
    return round(degrees * 10**7) * 60 // 10**7


def places_of(partition: Partition, files: Sequence[Path]) -> Candidates:
    """Return the places of the files that a partition names, read as it says.

    Raises:
        BadInput: A file that it names is not among them, or is another; one of them it does not name.
    """
    named = {layer.file: layer for layer in partition.layers}
    given = {file.name: file for file in files}
    problems = Problems("layers")
    for name in sorted(set(named) | set(given)):
        if name not in given:
            problems.add("the partition names this layer, and it is not given", name)
        elif name not in named:
            problems.add("the partition does not name this layer", name)
        elif digest(given[name].read_bytes()) != named[name].digest:
            problems.add("this is not the layer that the partition names: its bytes differ", name)
    problems.raise_any()
    rows = [rows_of(given[layer.file], columns_of(layer)) for layer in partition.layers]
    return joined(rows, sorted(partition.priors[1:]), partition.gathering)[0]


def columns_of(layer: Layer) -> Columns:
    """Return the columns that were read of a layer."""
    said: Mapping[str, dict[str, str]] = {"weight": {}, "fill": {}, "only": {}}
    for name, value in layer.taken.items():
        kind, _, which = name.partition(" ")
        if which:
            said[kind][which] = value
    return Columns(
        lon=layer.taken["lon"],
        lat=layer.taken["lat"],
        name=layer.taken["name"],
        weights=said["weight"],
        fill={prior: float(value) for prior, value in said["fill"].items()},
        only={column: tuple(value.split("|")) for column, value in said["only"].items()},
    )

"""Areas as a table of corners, in any of four ways of writing a position: for reading over a radio.

One corner a row, in order round the area; the last side back to the first corner is understood. Columns:
`area` names the area (left out: there is one), `lat` and `lon` or one column `mgrs`; others are passed over.
An area with a hole or in several parts has more than one outline: its rows say which under `ring`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from holdfire.errors import BadInput, Problems
from holdfire.protecting.areas.positions import Position, Style, grid_reference, position, written
from holdfire.protecting.areas.rings import Area, area

_NAMES = {
    "latitude": "lat", "lat": "lat", "y": "lat",
    "longitude": "lon", "long": "lon", "lon": "lon", "lng": "lon", "x": "lon",
    "mgrs": "mgrs", "area": "area", "name": "area", "ring": "ring",
}  # fmt: skip


def read(text: str, file: str, exact: bool) -> list[Area]:
    """Return the areas of a table of corners.

    Raises:
        BadInput: All problems of the file.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    mark = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    try:
        rows = list(csv.DictReader(lines, delimiter=mark, strict=True)) if lines else []
    except csv.Error as error:
        raise BadInput(f"this is no table: {error}", file, "a quotation mark too many or too few?") from None
    problems = Problems(file)
    columns = {_NAMES.get(str(name).strip().lower(), ""): name for name in (rows[0] if rows else {})}
    if not rows or not ("mgrs" in columns or {"lat", "lon"} <= set(columns)):
        raise BadInput(
            "this is no table of corners",
            file,
            'a header row with "lat" and "lon", or "mgrs", and perhaps "area"',
        )
    outlines: dict[str, dict[str, list[Position]]] = {}
    for number, row in enumerate(rows, 2):
        said = {ours: str(row.get(theirs) or "").strip() for ours, theirs in columns.items()}
        try:
            corner = _corner(said)
        except BadInput as error:
            problems.add(error.problems[0].problem, f"line {number}", error.problems[0].hint)
        else:
            name = said.get("area") or "area 1"
            outlines.setdefault(name, {}).setdefault(said.get("ring", ""), []).append(corner)
    problems.raise_any()
    found = [area(name, _polygons(rings), problems, exact, closed=False) for name, rings in outlines.items()]
    problems.raise_any()
    return [each for each in found if each is not None]


def _corner(said: Mapping[str, str]) -> Position:
    if said.get("mgrs") and not said.get("lat"):
        return grid_reference(said["mgrs"])
    return position(said.get("lat", ""), said.get("lon", ""))


def _polygons(rings: Mapping[str, list[Position]]) -> list[list[list[Position]]]:
    """Return outlines as polygons: `2` is a part of its own, `2 hole 1` a hole in it."""
    found: dict[str, list[list[Position]]] = {}
    for name, ring in rings.items():
        found.setdefault(name.partition(" hole")[0], []).append(ring)
    return list(found.values())


def write(areas: Iterable[Area], style: Style) -> bytes:
    """Return areas as a table of corners; the first corner is not repeated."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    columns = ["mgrs"] if style == "mgrs" else ["lat", "lon"]
    writer.writerow(["area", "ring", "corner", *columns])
    for each in areas:
        parts = [each.shape] if each.shape.geom_type == "Polygon" else list(each.shape.geoms)
        for part, shape in enumerate(parts, 1):
            rings = [(f"{part}", shape.exterior)]
            rings += [(f"{part} hole {n}", ring) for n, ring in enumerate(shape.interiors, 1)]
            for ring, line in rings:
                for number, (lon, lat) in enumerate(list(line.coords)[:-1], 1):
                    writer.writerow([_cell(each.name), ring, number, *written(lon, lat, style)])
    return table.getvalue().encode()


def _cell(text: str) -> str:
    """Return a name that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text

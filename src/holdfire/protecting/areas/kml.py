"""Areas as KML (OGC 12-007r2): polygons of placemarks, read strictly, and written.

Read by hand and not by GDAL, which takes a misspelt number for 0 without a word and an open outline with no
more than a warning (3.12); a file with a document type is refused, so that no entity is ever expanded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from shapely.geometry.base import BaseGeometry

from holdfire.errors import BadInput, Problems
from holdfire.protecting.areas.positions import Position
from holdfire.protecting.areas.rings import Area, area

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
FOOT = "</Document></kml>\n"


def read(content: bytes, file: str, exact: bool) -> list[Area]:
    """Return the areas of a KML file.

    Raises:
        BadInput: All problems of the file.
    """
    if b"<!" in content.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise BadInput("the file declares a document type, which no KML needs", file, "export it again")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no document type, so no entity
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        line = f", line {error.position[0]}" if isinstance(error, ElementTree.ParseError) else ""
        raise BadInput("this is not XML", f"{file}{line}", "export it again as KML, not KMZ") from None
    problems = Problems(file)
    found = []
    for number, mark in enumerate(_all(root, "Placemark"), 1):
        name = " ".join((_text(mark, "name") or f"placemark {number}").split())[:80]
        found.append(_placemark(mark, name, problems, exact))
    if not found:
        problems.add("no placemark is in the file", hint="a Placemark with a Polygon for each area")
    problems.raise_any()
    return [each for each in found if each is not None]


def _placemark(mark: ElementTree.Element, name: str, problems: Problems, exact: bool) -> Area | None:
    kinds = {_local(each) for each in mark.iter()} & {"Point", "LineString", "Track", "Model", "Polygon"}
    if kinds != {"Polygon"}:
        other = ", ".join(sorted(kinds - {"Polygon"}))
        problems.add(f"it holds {other or 'nothing'}, not only polygons", name, "draw the outline of an area")
        return None
    try:
        polygons = [
            [_ring(ring) for side in ("outerBoundaryIs", "innerBoundaryIs") for ring in _all(polygon, side)]
            for polygon in _all(mark, "Polygon")
        ]
    except ValueError:
        problems.add(
            "the coordinates cannot be read", name, "longitude,latitude of each corner, spaces between"
        )
        return None
    return area(name, polygons, problems, exact)


def _ring(boundary: ElementTree.Element) -> list[Position]:
    corners = []
    for triple in (_text(boundary, "coordinates") or "").split():
        lon, lat = triple.split(",")[:2]
        step = min(111_320.0 / 10 ** len(each.partition(".")[2]) for each in (lon, lat))
        corners.append(Position(float(lon), float(lat), step))
    return corners


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (each for each in root.iter() if _local(each) == name)


def _text(root: ElementTree.Element, name: str) -> str | None:
    found = next(_all(root, name), None)
    return None if found is None else "".join(found.itertext())


def write(areas: Iterable[Area]) -> bytes:
    """Return areas as KML."""
    marks = "".join(
        f"<Placemark><name>{escape(each.name)}</name>{geometry(each.shape)}</Placemark>" for each in areas
    )
    return f"{HEAD}{marks}{FOOT}".encode()


def geometry(shape: BaseGeometry) -> str:
    """Return a geometry's KML, seven decimals each (1 cm)."""
    parts = [shape] if shape.geom_type == "Polygon" else list(shape.geoms)
    inner = "".join(_polygon(each) for each in parts)
    return inner if len(parts) == 1 else f"<MultiGeometry>{inner}</MultiGeometry>"


def _polygon(shape: BaseGeometry) -> str:
    rings = [("outerBoundaryIs", shape.exterior), *(("innerBoundaryIs", each) for each in shape.interiors)]
    return (
        "<Polygon>"
        + "".join(
            f"<{side}><LinearRing><coordinates>"
            f"{' '.join(f'{x:.7f},{y:.7f}' for x, y in ring.coords)}"
            f"</coordinates></LinearRing></{side}>"
            for side, ring in rings
        )
        + "</Polygon>"
    )

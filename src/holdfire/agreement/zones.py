"""An area in force between two instants. Never silently clipped or repaired."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from holdfire.errors import BadInput, HoldfireError, Problems, nearest
from holdfire.times import parse
from holdfire.times import zone as time_zone


class ZoneKind(StrEnum):
    """What an area is for. A designated area of a strike-coordination text is not a protected zone."""

    PROTECTED_ZONE = "protected_zone"
    DISENGAGEMENT_AREA = "disengagement_area"
    WITHDRAWAL_LINE = "withdrawal_line"
    ROUTE = "route"
    DESIGNATED_AREA = "designated_area"
    DISPUTED_SECTOR = "disputed_sector"
    TERRITORY = "territory"


@dataclass(frozen=True, slots=True)
class Zone:
    """An area of the agreement.

    Attributes:
        id: Short name used in files.
        kind: What it is for; `territory` is the whole area an agreement speaks of.
        name: By language.
        polygon: In degrees, longitude first, WGS 84 (RFC 7946); of a withdrawal line perhaps the line itself.
        starts: When it takes effect, as written; empty: with its term.
        until: When it ends, as written; empty: not said.
        cite: The clause, or where the outline was read.
        accuracy: How far the outline as drawn may be off [m]; a disc so near its edge is unclear.
    """

    id: str
    kind: ZoneKind
    name: dict[str, str]
    polygon: BaseGeometry
    cite: str
    starts: str = ""
    until: str = ""
    accuracy: float = 0.0

    @property
    def line(self) -> bool:
        """Return whether it is a line, which has no inside: terms speak of a distance from it."""
        return self.polygon.geom_type in LINES


LINES = ("LineString", "MultiLineString")
AREAS = ("Polygon", "MultiPolygon")
PROPERTIES = {"id", "kind", "name", "cite", "from", "until", "note", "licence", "accuracy"}


def read_zones(text: str, file: str) -> list[Zone]:
    """Return the zones of a GeoJSON text (RFC 7946).

    Raises:
        BadInput: All problems of the file: not GeoJSON, an outline that crosses itself or is not
            closed, latitude and longitude swapped, a property missing.
    """
    problems = Problems(file)
    features = _features(text, file, problems)
    zones = []
    for number, feature in enumerate(features, 1):
        found = _zone(feature, f"feature {number}", problems)
        if found:
            zones.append(found)
    problems.raise_any()
    return zones


def _features(text: str, file: str, problems: Problems) -> list[Any]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            f"{file}, line {error.lineno}",
            "look for a comma too many, or a bracket or quote too few",
        ) from None
    features = content.get("features", [content]) if isinstance(content, dict) else []
    if not features:
        problems.add("no feature is in the file", hint="a GeoJSON Feature or FeatureCollection (RFC 7946)")
    return list(features)


def _zone(feature: Any, where: str, problems: Problems) -> Zone | None:
    before = len(problems)
    properties = (feature.get("properties") or {}) if isinstance(feature, dict) else {}
    for name in ("id", "kind", "name", "cite"):
        if not properties.get(name):
            hint = "name the clause, or where the outline was read" if name == "cite" else ""
            problems.add(f'the property "{name}" is missing', where, hint)
    for name in sorted(set(properties) - PROPERTIES):
        problems.add(f'"{name}" is not a property of a zone', where, nearest(name, PROPERTIES))
    kind = properties.get("kind", "")
    if kind and kind not in set(ZoneKind):
        problems.add(f'the kind "{kind}" is not known', where, nearest(str(kind), ZoneKind))
    for name in ("from", "until"):
        if properties.get(name):
            try:
                parse(str(properties[name]), time_zone("UTC"))
            except HoldfireError as error:
                problems.add(error.problems[0].problem, where, error.problems[0].hint)
    accuracy = properties.get("accuracy", 0)
    if isinstance(accuracy, bool) or not isinstance(accuracy, (int, float)) or not 0 <= accuracy <= 1e6:
        problems.add('"accuracy" is not a number of metres', where, "how far the outline may be off [m]")
    line = kind == ZoneKind.WITHDRAWAL_LINE and _type(feature) in LINES
    polygon = _line(feature, where, problems) if line else _polygon(feature, where, problems)
    if len(problems) > before or polygon is None:
        return None
    names = properties["name"] if isinstance(properties["name"], dict) else {"en": str(properties["name"])}
    return Zone(
        id=properties["id"],
        kind=ZoneKind(kind),
        name=names,
        polygon=polygon,
        cite=properties["cite"],
        starts=str(properties.get("from") or ""),
        until=str(properties.get("until") or ""),
        accuracy=float(accuracy),
    )


def _type(feature: Any) -> Any:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    return geometry.get("type") if isinstance(geometry, dict) else None


def _line(feature: Any, where: str, problems: Problems) -> BaseGeometry | None:
    """Return a line, which only a withdrawal line may be."""
    try:
        line: BaseGeometry = shape(feature["geometry"])
        finite = not line.is_empty and bool(shapely.is_valid(line))
    except (TypeError, ValueError, AttributeError, IndexError, KeyError, shapely.errors.GEOSException):
        problems.add(
            "the coordinates cannot be read", where, "write each point as [longitude, latitude], in numbers"
        )
        return None
    if not finite:
        problems.add("the line has fewer than two points", where, "draw it from one end to the other")
        return None
    _on_the_globe(line, where, problems)
    return line


def _polygon(feature: Any, where: str, problems: Problems) -> BaseGeometry | None:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or geometry.get("type") not in AREAS:
        problems.add("the geometry is not a Polygon or MultiPolygon", where, "draw the outline of an area")
        return None
    pairs = "write each point as [longitude, latitude], in numbers"
    try:
        listed = geometry["coordinates"]
        outlines = [
            ring for part in (listed if geometry["type"] == "MultiPolygon" else [listed]) for ring in part
        ]
        open_ones = [ring for ring in outlines if len(ring) < 4 or ring[0] != ring[-1]]
        polygon: BaseGeometry = shape(geometry) if outlines and not open_ones else shapely.Polygon()
    except (TypeError, ValueError, AttributeError, IndexError, KeyError):
        problems.add("the coordinates cannot be read", where, pairs)
        return None
    if not outlines or open_ones:
        problems.add(
            "an outline is not closed, or has fewer than four points", where, "repeat the first point last"
        )
        return None
    _on_the_globe(polygon, where, problems)
    if not polygon.is_valid:
        problems.add(
            f"the outline is not a simple shape: {_reason(polygon)}",
            where,
            "redraw it so that no side crosses or touches another",
        )
    return polygon


def _on_the_globe(drawn: BaseGeometry, where: str, problems: Problems) -> None:
    west, south, east, north = drawn.bounds
    if south < -90 or north > 90:
        problems.add(
            f"latitude {south if south < -90 else north:g} is outside -90..90",
            where,
            "longitude comes first in GeoJSON; are the two swapped?",
        )
    if west < -180 or east > 180:
        problems.add(f"longitude {west if west < -180 else east:g} is outside -180..180", where)


def _reason(polygon: BaseGeometry) -> str:
    """Return what is wrong with an outline, and where.

    >>> _reason(shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"))
    'self-intersection near longitude 0.5, latitude 0.5'
    """
    reason = shapely.is_valid_reason(polygon)
    found = re.fullmatch(r"(.*)\[(\S+) (\S+)\]", reason)
    return f"{found[1].lower()} near longitude {found[2]}, latitude {found[3]}" if found else reason

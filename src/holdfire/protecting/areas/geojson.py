"""Areas as GeoJSON (RFC 7946): read with every digit as it stands, written to seven decimals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from holdfire.errors import BadInput, Problems
from holdfire.protecting.areas.positions import Position
from holdfire.protecting.areas.rings import Area, area

_KINDS = ("Polygon", "MultiPolygon")


def read(text: str, file: str, exact: bool) -> list[Area]:
    """Return the areas of a GeoJSON text.

    Raises:
        BadInput: All problems of the file.
    """
    try:
        content = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        at = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise BadInput(
            "this is not JSON", f"{file}{at}", "look for a comma too many, or a bracket too few"
        ) from None
    problems = Problems(file)
    features = content.get("features", [content]) if isinstance(content, dict) else []
    found = [_feature(each, f"feature {n}", problems, exact) for n, each in enumerate(features or [], 1)]
    if not features:
        problems.add("no feature is in the file", hint="a GeoJSON Feature or FeatureCollection (RFC 7946)")
    problems.raise_any()
    return [each for each in found if each is not None]


def _feature(feature: Any, where: str, problems: Problems, exact: bool) -> Area | None:
    said = feature if isinstance(feature, dict) else {}
    geometry = said.get("geometry", said if said.get("type") in _KINDS else None)
    properties = said.get("properties") or {}
    name = properties.get("name") or said.get("id") if isinstance(properties, dict) else None
    where = str(name)[:80] if isinstance(name, str | int) else where
    if not isinstance(geometry, dict) or geometry.get("type") not in _KINDS:
        problems.add("the geometry is not a Polygon or MultiPolygon", where, "draw the outline of an area")
        return None
    try:
        listed = geometry["coordinates"]
        polygons = listed if geometry["type"] == "MultiPolygon" else [listed]
        corners = [[[_position(point) for point in ring] for ring in polygon] for polygon in polygons]
    except (KeyError, TypeError, ValueError, IndexError):
        problems.add(
            "the coordinates cannot be read", where, "each point as [longitude, latitude], in numbers"
        )
        return None
    return area(where, corners, problems, exact)


def _position(point: Any) -> Position:
    lon, lat = (
        each if isinstance(each, Decimal | int) and not isinstance(each, bool) else _wrong()
        for each in point[:2]
    )
    exact = [Decimal(each) for each in (lon, lat)]
    steps = [111_320.0 * 10.0 ** min(3, int(each.as_tuple().exponent)) for each in exact]
    return Position(float(exact[0]), float(exact[1]), min(steps))


def _wrong() -> Decimal:
    raise ValueError


def write(areas: Iterable[Area]) -> bytes:
    """Return areas as a FeatureCollection."""
    features = ",".join(
        f'{{"type":"Feature","properties":{{"name":{json.dumps(each.name, ensure_ascii=False)}}},'
        f'"geometry":{geometry(each.shape)}}}'
        for each in areas
    )
    return f'{{"type":"FeatureCollection","features":[{features}]}}\n'.encode()


def geometry(shape: Any) -> str:
    """Return a geometry's JSON, outer rings counterclockwise, seven decimals each (1 cm)."""
    parts = getattr(shape, "geoms", None)
    if parts is None:
        return f'{{"type":"Polygon","coordinates":{_polygon(shape)}}}'
    return f'{{"type":"MultiPolygon","coordinates":[{",".join(_polygon(each) for each in parts)}]}}'


def _polygon(shape: Any) -> str:
    rings = [(shape.exterior, True), *((each, False) for each in shape.interiors)]
    return f"[{','.join(_ring(list(ring.coords), ring.is_ccw == outer) for ring, outer in rings)}]"


def _ring(points: Sequence[tuple[float, float]], right: bool) -> str:
    ordered = points if right else points[::-1]
    return f"[{','.join(f'[{x:.7f},{y:.7f}]' for x, y in ordered)}]"

"""GeoJSON (RFC 7946) and JSON-FG (OGC 21-045r1, which adds the time): the master of the exports."""

from __future__ import annotations

import json
from typing import Any

from holdfire.protecting.areas.geojson import geometry
from holdfire.protecting.cells import Cell
from holdfire.protecting.release import Published

_CONFORMS = (
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
)

AR = "منطقة احتراز؛ لا تعني أن فيها موقعا"
"""The wording in Arabic."""


def facts(published: Published, cell: Cell) -> dict[str, Any]:
    """Return what is said of a cell in every table: the same for all cells but for the code."""
    said = published.release
    return {
        "code": cell.code,
        "says": said.wording,
        "says_ar": AR,
        "starts": said.starts,
        "ends": said.ends,
        "partition": said.partition,
        "release": said.number,
        "digest": said.digest,
    }


def geojson(published: Published) -> bytes:
    """Return the areas that are on as a FeatureCollection."""
    features = ",\n".join(
        f'{{"type":"Feature","id":{_text(cell.code)},"properties":{_text(facts(published, cell))},'
        f'"geometry":{geometry(cell.zone.shape())}}}'
        for cell in published.cells
    )
    return f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'.encode()


def json_fg(published: Published) -> bytes:
    """Return them as JSON-FG: each with the interval in which it holds."""
    said = published.release
    when = {"interval": [said.starts.replace("Z", ":00Z"), said.ends.replace("Z", ":00Z")]}
    features = ",\n".join(
        f'{{"type":"Feature","id":{_text(cell.code)},"featureType":"precaution_area","time":{_text(when)},'
        f'"properties":{_text(facts(published, cell))},"place":null,'
        f'"geometry":{geometry(cell.zone.shape())}}}'
        for cell in published.cells
    )
    return (
        f'{{"type":"FeatureCollection","conformsTo":{_text(_CONFORMS)},"featureType":"precaution_area",'
        f'"geometryDimension":2,"features":[\n{features}\n]}}\n'
    ).encode()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

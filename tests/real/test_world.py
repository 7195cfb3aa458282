"""The centres of our own list of countries lie in the countries, as Natural Earth draws them."""

from __future__ import annotations

import json
from pathlib import Path

from shapely.geometry import Point, shape

from holdfire.reading.gazetteer.countries import alpha2, world

FARTHEST = 0.7
"""How far off the coast of a state of small islands its centre may lie [degrees]."""


def test_every_country_has_its_centre_in_itself(shared_data: Path) -> None:
    drawn = json.loads((shared_data / "geo" / "ne_50m_admin0.geojson").read_text(encoding="utf-8"))
    shapes = {f["properties"]["ISO_A2"]: shape(f["geometry"]) for f in drawn["features"]}
    off = {
        spot.country: round(shapes[code].distance(Point(spot.lon, spot.lat)), 2)
        for spot in world().spots("country")
        if (code := alpha2(spot.country)) in shapes
    }
    assert len(off) > 180
    assert {country: d for country, d in off.items() if d > FARTHEST} == {"TO": 1.11}  # Tonga, of 170 islands

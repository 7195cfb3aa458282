"""A release as files for others' programs: maps, alerts, aircraft, radios.

    features.py    GeoJSON and JSON-FG, the master
    markup.py      KML and CAP 1.2
    tables.py      GeoPackage, GeoParquet, corners for reading over a radio

What holds of all, and tests/properties/test_release.py tries to break:

* they are a function of the release and its partition: no clock, no place of a file, no order of arrival;
* they hold codes, whole cells widened, the epoch and the wording, and nothing else;
* an area that crosses longitude 180 is cut there in two (RFC 7946, 3.1.9).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from holdfire.protecting.release import Published


def exports(published: Published) -> dict[str, bytes]:
    """Return every export by its name."""
    return {name: make(published) for name, make in _makers().items()}


def _makers() -> Mapping[str, Callable[[Published], bytes]]:
    from holdfire.protecting.exports import features, markup, tables

    return {
        "zones.geojson": features.geojson,
        "zones.fg.json": features.json_fg,
        "zones.kml": markup.kml,
        "zones.cap.xml": markup.cap,
        "zones.gpkg": tables.geopackage,
        "zones.parquet": tables.geoparquet,
        "corners.csv": tables.corners,
    }

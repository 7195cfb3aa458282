"""GeoPackage (OGC 12-128r19), GeoParquet 1.1, and a table of corners for reading over a radio."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import shapely

from holdfire.protecting.areas.positions import written
from holdfire.protecting.exports.features import facts
from holdfire.protecting.release import Published

LAYER = "precaution_areas"


def geopackage(published: Published) -> bytes:
    """Return the areas that are on as a GeoPackage.

    GDAL writes it, and is told the time: the beginning of the epoch, or it would take the clock's.
    """
    import pyogrio
    from pyogrio.raw import write

    rows = [facts(published, cell) for cell in published.cells]
    names = list(rows[0]) if rows else ["code", "says"]
    out = io.BytesIO()
    key = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(key)
    pyogrio.set_gdal_config_options({key: published.release.starts.replace("Z", ":00.000Z")})
    try:
        write(
            out,
            _binary(published),
            [np.array([str(row[name]) for row in rows], object) for name in names],
            names,
            layer=LAYER,
            driver="GPKG",
            geometry_type="MultiPolygon",
            promote_to_multi=True,
            crs="EPSG:4326",
        )
    finally:
        pyogrio.set_gdal_config_options({key: before})
    return out.getvalue()


def geoparquet(published: Published) -> bytes:
    """Return them as GeoParquet, with the box of each for readers that skip what they do not need."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [facts(published, cell) for cell in published.cells]
    shapes = [cell.zone.shape() for cell in published.cells]
    columns: dict[str, Any] = {
        name: pa.array([row[name] for row in rows], pa.int64() if name == "release" else pa.string())
        for name in ("code", "says", "says_ar", "starts", "ends", "partition", "release", "digest")
    }
    sides = ("xmin", "ymin", "xmax", "ymax")
    boxes = [dict(zip(sides, shape.bounds, strict=True)) for shape in shapes]
    columns["bbox"] = pa.array(boxes, pa.struct([(side, pa.float64()) for side in sides]))
    columns["geometry"] = pa.array(list(_binary(published)), pa.binary())
    geometry = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type for shape in shapes}),
        "orientation": "counterclockwise",
        "covering": {"bbox": {side: ["bbox", side] for side in sides}},
    }
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    table = pa.table(columns).replace_schema_metadata({"geo": json.dumps(geo, sort_keys=True)})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def corners(published: Published) -> bytes:
    """Return the corners of each area, from the south-west round by east: in minutes, and as MGRS.

    A zone's sides lie on whole minutes, so `36°05.0'N` is exact; MGRS is to a metre.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["area", "ring", "corner", "lat", "lon", "mgrs", "from", "to", "says"])
    said = published.release
    for cell in published.cells:
        shape = cell.zone.shape()
        parts = [shape] if shape.geom_type == "Polygon" else list(shape.geoms)
        for part, polygon in enumerate(parts, 1):
            west, south, east, north = polygon.bounds
            ring = ((west, south), (east, south), (east, north), (west, north))
            for number, (lon, lat) in enumerate(ring, 1):
                place = (_minutes(lat, "NS", 2), _minutes(lon, "EW", 3), *written(lon, lat, "mgrs"))
                writer.writerow([cell.code, part, number, *place, said.starts, said.ends, said.wording])
    return table.getvalue().encode()


def _minutes(value: float, letters: str, wide: int) -> str:
    degrees, minutes = divmod(round(abs(value) * 60), 60)
    return f"{degrees:0{wide}d}°{minutes:02d}.0'{letters[value < 0]}"


def _binary(published: Published) -> Any:
    shapes = [shapely.orient_polygons(cell.zone.shape()) for cell in published.cells]
    return shapely.to_wkb(np.array(shapes, object), byte_order=1)

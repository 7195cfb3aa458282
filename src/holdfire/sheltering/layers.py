"""Public layers of candidate places, opened: CSV, Excel, JSON lines, GeoJSON, (Geo)Parquet, a gazetteer.

Which columns were taken, and what stood in for a missing weight, is kept beside each file's digest, so that
whoever has the files reads the same places out of them. Nothing is left out in silence: a row without a
position or a weight is an error with its row. tests/unit/test_partitioning.py tries each.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from holdfire.counting.tabled import ListsFile
from holdfire.digests import digest
from holdfire.errors import BadInput, Problems, nearest
from holdfire.overlapping import open_cells
from holdfire.protecting.candidates import Candidates, Gathering, Layer, gather
from holdfire.protecting.grid import Reals
from holdfire.reading import unpacking
from holdfire.reading.gazetteer import geonames
from holdfire.reading.gazetteer.spelling import key

LON = ("lon", "longitude", "lng", "long", "x", "x_coord", "point_x")
LAT = ("lat", "latitude", "y", "y_coord", "point_y")
NAME = ("name_en", "name", "pp_name_en", "asciiname", "nameascii", "adm4_en", "place")
PLACES = ("settlement", "neighbourhood")
"""Levels of a gazetteer that are places: the middle of a district is none."""

GEOMETRY = "geometry"
LARGEST = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which columns are read; what is not said is found by its name.

    Attributes:
        lon: Column of longitudes [degrees]; empty: found, or the geometry.
        lat: Column of latitudes.
        name: Column of names; empty: found, or none.
        weights: Column of each prior's weights.
        fill: What a row weighs under a prior where its layer says nothing.
        only: Values that a column must have one of, where a layer has it.
    """

    lon: str = ""
    lat: str = ""
    name: str = ""
    weights: Mapping[str, str] = field(default_factory=dict)
    fill: Mapping[str, float] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one layer.

    Attributes:
        layer: Its file and what was taken.
        lon: Longitudes [degrees] (rows,).
        lat: Latitudes (rows,).
        names: Folded names; empty: none (rows,).
        weights: By prior (rows,).
        numbers: Number of each row as a person finds it (rows,).
    """

    layer: Layer
    lon: Reals
    lat: Reals
    names: list[str]
    weights: Mapping[str, Reals]
    numbers: list[int]


def joined(
    read: Sequence[Rows], priors: Sequence[str], how: Gathering
) -> tuple[Candidates, tuple[Layer, ...]]:
    """Return the distinct places of several layers, and the layers; their order changes nothing.

    Raises:
        BadInput: Everything that is wrong with their rows.
    """
    read = sorted(read, key=lambda each: each.layer.file)
    lengths = np.cumsum([0, *(len(each.lon) for each in read)])

    def where(row: int) -> str:
        n = int(np.searchsorted(lengths, row, "right")) - 1
        return f"{read[n].layer.file}, row {read[n].numbers[row - int(lengths[n])]}"

    found = gather(
        np.concatenate([each.lon for each in read]),
        np.concatenate([each.lat for each in read]),
        {name: np.concatenate([each.weights[name] for each in read]) for name in priors},
        names=[name for each in read for name in each.names],
        how=how,
        where=where,
    )
    return found, tuple(each.layer for each in read)


def rows_of(file: Path, columns: Columns) -> Rows:
    """Return the rows of a layer.

    Raises:
        BadInput: It is no layer that we read, lacks a column, or has rows that cannot be read.
    """
    content = file.read_bytes()
    if len(content) > LARGEST:
        raise BadInput(f"the file has {len(content):,} bytes; at most {LARGEST:,} are read", file.name)
    table, numbers = _opened(file, content)
    problems = Problems(file.name)
    sheet = _Sheet(table, _kept(table, columns.only), numbers, problems)
    lon, lat = sheet.found(columns.lon, LON), sheet.found(columns.lat, LAT)
    name = sheet.found(columns.name, NAME)
    if not (lon and lat):
        listed = ", ".join(table.column_names[:12])
        problems.add(f"no column of longitudes and latitudes: {listed}", hint="name them: --lon and --lat")
    problems.raise_any()
    x, y = sheet.numbers_in(lon), sheet.numbers_in(lat)
    weights = {
        prior: sheet.weights(prior, column, columns.fill.get(prior))
        for prior, column in sorted(columns.weights.items())
    }
    problems.raise_any()
    layer = Layer(file.name, digest(content), len(sheet.kept), _taken(table, columns, (lon, lat, name)))
    return Rows(layer, x, y, sheet.names(name), weights, [numbers[n] for n in sheet.kept])


def _taken(table: pa.Table, columns: Columns, found: tuple[str, str, str]) -> dict[str, str]:
    """Return which columns were read, and how, in words."""
    taken = dict(zip(("lon", "lat", "name"), found, strict=True))
    for name, values in columns.only.items():
        if name in table.column_names:
            taken[f"only {name}"] = "|".join(values)
    for prior, column in columns.weights.items():
        taken[f"weight {prior}"] = column if column in table.column_names else ""
        if prior in columns.fill:
            taken[f"fill {prior}"] = f"{columns.fill[prior]:g}"
    return taken


def _opened(file: Path, content: bytes) -> tuple[pa.Table, list[int]]:
    """Return a layer's cells as text, with its points as two columns, and the number of each row."""
    if not content:
        raise BadInput("the file is empty", file.name, "was it saved?")
    if content.startswith(b"PAR1"):
        return _parquet(content, file.name)
    if file.name.lower().removesuffix(".gz").endswith((".geojson", ".json")):
        packed = unpacking.content(file.name, lambda: io.BytesIO(content), len(content), LARGEST)
        plain = unpacking.whole(packed, LARGEST)
        if b'"features"' in plain:
            return _geojson(plain, file.name)
    if file.suffix.lower() in (".yaml", ".yml", ".md", ".kml", ".svg", ".html", ".pdf"):
        hint = "a table (CSV, Excel, JSON lines, Parquet), GeoJSON, a gazetteer or a GeoNames dump"
        raise BadInput("this is no layer of places that we read", file.name, hint)
    if file.suffix == ".txt" and content.split(b"\n", 1)[0].count(b"\t") >= 17:
        return _dump(content, file.name)
    opened = open_cells(file, ListsFile())
    return opened.cells, opened.numbers.tolist()


def _parquet(content: bytes, name: str) -> tuple[pa.Table, list[int]]:
    try:
        return _columns(pq.read_table(pa.BufferReader(content)), name)
    except (pa.ArrowException, OSError):
        raise BadInput("the Parquet file is damaged or cut off", name, "write it again") from None
    except (ValueError, TypeError, AttributeError, shapely.errors.GEOSException):
        raise BadInput("its geometry is not as GeoParquet 1.1 says", name, "write it again") from None


def _columns(table: pa.Table, name: str) -> tuple[pa.Table, list[int]]:
    numbers = np.arange(1, table.num_rows + 1)
    if {"keys", "bones", "level"} <= set(table.column_names):  # a gazetteer of ours
        places = np.array([level in PLACES for level in table["level"].to_pylist()], bool)
        table, numbers = table.filter(pa.array(places)), numbers[places]
    columns: dict[str, Any] = {}
    for column in table.column_names:
        values = table[column]
        if pa.types.is_binary(values.type) or pa.types.is_large_binary(values.type):
            if column == _primary(table, name):
                columns |= _points(shapely.from_wkb(values.to_pylist()), name)
        elif not pa.types.is_nested(values.type):
            columns.setdefault(column, values.cast(pa.string()))
    return pa.table(columns), numbers.tolist()


def _primary(table: pa.Table, name: str) -> str:
    """Return the column of the geometry (GeoParquet 1.1), whose coordinates are longitude and latitude."""
    said = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    primary = str(said.get("primary_column", GEOMETRY))
    crs = (said.get("columns", {}).get(primary) or {}).get("crs", {}) or {}
    code = crs.get("id", {}).get("code") if isinstance(crs, dict) else None
    if code not in (None, "CRS84", 4326, "4326"):
        raise BadInput(f"positions are in {code}, not in degrees", name, "write it out in WGS 84 (EPSG:4326)")
    return primary


def _geojson(content: bytes, name: str) -> tuple[pa.Table, list[int]]:
    try:
        features = json.loads(content)["features"]
        rows = [dict(each.get("properties") or {}) for each in features]
        shapes = [shapely.from_geojson(json.dumps(each["geometry"])) if each.get("geometry") else None
                  for each in features]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.GEOSException):
        raise BadInput("this is no GeoJSON feature collection", name, "RFC 7946") from None
    heads = list(dict.fromkeys(head for row in rows for head in row))
    columns = {head: [_plain(row.get(head)) for row in rows] for head in heads}
    made = {head: pa.array(cells, pa.string()) for head, cells in columns.items()}
    return pa.table({**made, **_points(shapes, name)}), list(range(1, len(rows) + 1))


def _plain(value: object) -> str | None:
    return None if value is None or isinstance(value, list | dict) else str(value)


def _points(shapes: Any, name: str) -> dict[str, pa.Array]:
    """Return the points of geometries, of any other shape the middle of its area."""
    held = np.array(shapes, dtype=object)
    middle = shapely.centroid(held)
    if not len(held):
        raise BadInput("the layer has no feature", name, "was all of it saved?")
    return {
        f"{GEOMETRY}.lon": _text(shapely.get_x(middle)),
        f"{GEOMETRY}.lat": _text(shapely.get_y(middle)),
    }


def _text(numbers: Reals) -> pa.Array:
    return pa.array([None if np.isnan(each) else repr(float(each)) for each in numbers], pa.string())


def _dump(content: bytes, name: str) -> tuple[pa.Table, list[int]]:
    """Return the populated places of a GeoNames dump."""
    given = geonames.dump(content.decode("utf-8"), name)
    rows = [each for each in given if each.level in PLACES]
    columns = {
        "name": [each.names[0][0] for each in rows],
        "lon": [repr(each.lon) for each in rows],
        "lat": [repr(each.lat) for each in rows],
        "population": [str(each.population) if each.population else None for each in rows],
        "country": [each.country for each in rows],
    }
    table = pa.table({head: pa.array(cells, pa.string()) for head, cells in columns.items()})
    return table, list(range(1, len(rows) + 1))


def _kept(table: pa.Table, only: Mapping[str, tuple[str, ...]]) -> list[int]:
    """Return the rows that are asked for."""
    rows = list(range(table.num_rows))
    for column, values in only.items():
        if column in table.column_names:
            cells = table[column].to_pylist()
            rows = [n for n in rows if (cells[n] or "") in values]
    return rows


@dataclass(frozen=True)
class _Sheet:
    """A layer's cells, of which some rows are read; what is wrong with them is noted."""

    table: pa.Table
    kept: list[int]
    rows: list[int]
    problems: Problems

    def found(self, said: str, known: Sequence[str]) -> str:
        """Return a column as a person said, else by its usual names, else of the geometry; or nothing."""
        heads = {name.lower(): name for name in reversed(self.table.column_names)}
        if said and said not in self.table.column_names:
            self.problems.add(
                f'there is no column "{said[:40]}"', hint=nearest(said, self.table.column_names)
            )
            return ""
        axis = {LON: f"{GEOMETRY}.lon", LAT: f"{GEOMETRY}.lat"}.get(tuple(known), "")
        return said or next((heads[name] for name in (*known, axis) if name in heads), "")

    def names(self, column: str) -> list[str]:
        cells = self.table[column].to_pylist() if column else []
        return [key(cells[n]) if cells and cells[n] else "" for n in self.kept]

    def numbers_in(self, column: str) -> Reals:
        cells = self.table[column].to_pylist()
        found = np.full(len(self.kept), np.nan)
        for at, n in enumerate(self.kept):
            try:
                found[at] = float(cells[n])
            except (TypeError, ValueError):
                self.problems.add(
                    f'"{column}" is no number', f"row {self.rows[n]}", "degrees, such as 36.2021"
                )
        return found

    def weights(self, prior: str, column: str, stands: float | None) -> Reals:
        there = column in self.table.column_names
        hint = f"say what a place without one weighs: --fill {prior}=NUMBER"
        if not there and stands is None:
            self.problems.add(f'there is no column "{column[:40]}" of the weight "{prior}"', hint=hint)
            return np.zeros(len(self.kept))
        cells = self.table[column].to_pylist() if there else [None] * self.table.num_rows
        found = np.full(len(self.kept), stands or 0.0)
        for at, n in enumerate(self.kept):
            said = (cells[n] or "").strip()
            try:
                if said:
                    found[at] = float(said)
                elif stands is None:
                    self.problems.add(f'the weight "{column}" is missing', f"row {self.rows[n]}", hint)
            except ValueError:
                self.problems.add(f'the weight "{column}" is no number', f"row {self.rows[n]}")
        return found

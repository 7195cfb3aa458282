"""The files a gazetteer is built from, each known by its columns.

    OCHA COD admin units      ADM1_EN, ADM1_PCODE ...           GeoJSON or (Geo)Parquet
    OCHA COD populated places PP_NAME_EN, PP_PCODE or ADM4_EN   GeoJSON, Parquet, CSV
    geoBoundaries             shapeName, in a file named like irq_adm1.geojson
    Natural Earth             NAME with ISO_A2 (countries), NAMEASCII with POP_MAX (populated places)
    GeoNames                  a dump (19 columns, no header), alternateNames, or a table with geonameid
    a table                   name_en with lat and lon; also name_ar, alt, level, pcode, adm1, population

Any may come packed with gzip. Bytes come in; what is no such file is refused with what was looked for.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from holdfire.errors import BadInput
from holdfire.reading.gazetteer import geonames
from holdfire.reading.gazetteer.countries import alpha2
from holdfire.reading.gazetteer.rows import Given, disc, first, named, number

Row = dict[str, Any]

_COD = {1: "governorate", 2: "district", 3: "subdistrict", 0: "country"}
_LEVELS = {
    "adm0_centroid": "country", "adm1_centroid": "governorate", "adm2_centroid": "district",
    "adm3_centroid": "subdistrict", "neighbourhood": "neighbourhood", "neighborhood": "neighbourhood",
    "country": "country", "governorate": "governorate", "district": "district", "subdistrict": "subdistrict",
    "region": "region",
}  # fmt: skip
KNOWN = "OCHA COD, geoBoundaries, Natural Earth, GeoNames, or a table with name_en, lat and lon"


def places_of(content: bytes, name: str) -> list[Given]:
    """Return the places of a file.

    Args:
        content: Its bytes.
        name: Its file name, which says the kind of file, and for geoBoundaries the country.

    Raises:
        BadInput: It is no file of a kind we know.
    """
    bare = name.removesuffix(".gz")
    if name.endswith(".gz") or content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    rows: Iterable[Row]
    if content[:4] == b"PAR1":
        rows = _of_parquet(content, name)
    elif bare.endswith((".geojson", ".json")):
        rows = _of_geojson(content, name)
    elif bare.endswith((".csv", ".tsv")):
        rows = _of_csv(content, name)
    else:
        return geonames.dump(_text(content, name), name)
    return _read(list(rows), name)


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"byte {error.start} is not UTF-8", name, "save the file as UTF-8") from None


def _of_parquet(content: bytes, name: str) -> Iterator[Row]:
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowInvalid, OSError) as error:
        raise BadInput("the Parquet file cannot be read", name) from error
    for row in table.to_pylist():
        held = row.pop("geometry", None)
        yield {**row, "_shape": shapely.from_wkb(held) if isinstance(held, bytes) else None}


def _of_geojson(content: bytes, name: str) -> Iterator[Row]:
    try:
        features = json.loads(content)["features"]
    except (ValueError, KeyError, TypeError):
        raise BadInput("this is no GeoJSON feature collection", name) from None
    for feature in features:
        held = feature.get("geometry")
        yield {**(feature.get("properties") or {}), "_shape": shape_of(held) if held else None}


def _of_csv(content: bytes, name: str) -> Iterator[Row]:
    text = _text(content, name)
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    for row in csv.DictReader(io.StringIO(text), delimiter=delimiter):
        yield {**row, "_shape": None}


def _read(rows: list[Row], name: str) -> list[Given]:  # noqa: PLR0911 - a kind of file each
    if not rows:
        return []
    columns = set(rows[0])
    if {"geonameid", "name"} <= columns:
        return geonames.table(rows)
    if {"PP_NAME_EN"} & columns or ("ADM4_EN" in columns and "ADM4_PCODE" in columns):
        return _sure(_cod_places(rows), rows, name)
    deepest = max((k for k in range(4) if f"ADM{k}_EN" in columns), default=-1)
    if deepest >= 0:
        return _sure(_cod_units(rows, deepest), rows, name)
    if "shapeName" in columns:
        return _sure(_boundaries(rows, name), rows, name)
    if {"NAMEASCII", "POP_MAX"} <= columns:
        return _sure(_earth_places(rows), rows, name)
    if {"NAME", "ADMIN"} <= columns:
        return _sure(_earth_countries(rows), rows, name)
    if {"name_en", "lat", "lon"} <= columns:
        return _sure(_plain(rows, name), rows, name)
    raise BadInput(
        f"columns {', '.join(sorted(columns - {'_shape'})[:8])} are of no source of places we know",
        name,
        KNOWN,
    )


def _sure(found: Iterable[Given], rows: list[Row], name: str) -> list[Given]:
    """Return the places; of a file with rows and no place, say so."""
    out = [each for each in found if each.names]
    if not out and rows:
        raise BadInput(f"none of its {len(rows)} rows has a name and a position", name, KNOWN)
    return out


def _cod_units(rows: list[Row], level: int) -> Iterator[Given]:
    for row in rows:
        shape = row["_shape"]
        if shape is None:
            continue
        lat, lon, radius = disc(shape)
        names = named(
            *((row.get(f"ADM{level}_{tag.upper()}"), tag) for tag in ("en", "ar", "fr", "ru", "uk", "ku"))
        )
        country = alpha2(first(row, "ADM0_PCODE") or first(row, f"ADM{level}_PCODE")[:2])
        yield Given(
            first(row, f"ADM{level}_PCODE") or f"{country}-{names[0][0] if names else ''}",
            names, _COD[level], lat, lon, "OCHA COD-AB", radius, country,
            first(row, "ADM1_EN") if level > 1 else "", first(row, "ADM2_EN") if level > 2 else "",
            licence="CC BY-IGO", shape=shape,
        )  # fmt: skip


def _cod_places(rows: list[Row]) -> Iterator[Given]:
    for row in rows:
        at = _point(row)
        names = named((row.get("PP_NAME_EN") or row.get("ADM4_EN"), "en"), (row.get("PP_NAME_AR"), "ar"))
        if at is None or not names:
            continue
        pcode = first(row, "PP_PCODE", "ADM4_PCODE")
        yield Given(
            pcode or f"pp-{at[0]:.5f}-{at[1]:.5f}", names, "settlement", *at, "OCHA COD populated places",
            country=alpha2(first(row, "ADM0_PCODE") or first(row, "ADM1_PCODE", "ADM3_PCODE")[:2]),
            admin1=first(row, "ADM1_EN"), admin2=first(row, "ADM2_EN"), licence="CC BY-IGO",
        )  # fmt: skip


def _boundaries(rows: list[Row], name: str) -> Iterator[Given]:
    told = re.search(r"([a-z]{3})[_-]adm([0-3])", name.lower())
    for row in rows:
        shape = row["_shape"]
        code = first(row, "shapeGroup") or (told[1] if told else "")
        kind = first(row, "shapeType").removeprefix("ADM") or (told[2] if told else "")
        if shape is None or not kind.isdigit() or int(kind) not in _COD:
            continue
        lat, lon, radius = disc(shape)
        bare = re.sub(r" (?:Oblast|Governorate|Province|Raion|District)$", "", first(row, "shapeName"))
        names = named((bare, "en"), (row.get("shapeName"), "en"))
        yield Given(
            first(row, "shapeID") or f"{code}-{kind}-{first(row, 'shapeName')}-{lat:.3f}",
            names, _COD[int(kind)], lat, lon, "geoBoundaries", radius, alpha2(code),
            licence="CC BY 4.0", shape=shape,
        )  # fmt: skip


def _earth_places(rows: list[Row]) -> Iterator[Given]:
    for row in rows:
        names = named(
            (row.get("NAME"), ""), (row.get("NAMEASCII"), ""), (row.get("NAME_EN"), "en"),
            *((row.get(f"NAME_{tag.upper()}"), tag) for tag in ("ar", "fr", "ru", "uk")),
        )  # fmt: skip
        lat, lon = float(row["LATITUDE"]), float(row["LONGITUDE"])
        yield Given(
            f"ne-{lat:.4f}-{lon:.4f}", names, "settlement", lat, lon, "Natural Earth",
            country=alpha2(first(row, "ADM0_A3")), admin1=first(row, "ADM1NAME"),
            population=number(row.get("POP_MAX")), licence="public domain",
        )  # fmt: skip


def _earth_countries(rows: list[Row]) -> Iterator[Given]:
    for row in rows:
        shape = row["_shape"]
        if shape is None:
            continue
        code = alpha2(first(row, "ISO_A2")) or alpha2(first(row, "ADM0_A3", "ISO_A3"))
        # The centre and reach of its largest part: Alaska, French Guiana are not what the name stands for.
        lat, lon, radius = disc(max(shapely.get_parts(shape), key=lambda part: part.area))
        yield Given(
            code or f"ne-{first(row, 'ADM0_A3')}", named((row.get("ADMIN"), "en"), (row.get("NAME"), "en")),
            "country", lat, lon, "Natural Earth", radius, code, population=number(row.get("POP_EST")),
            licence="public domain", shape=shape,
        )  # fmt: skip


def _plain(rows: list[Row], name: str) -> Iterator[Given]:
    for n, row in enumerate(rows):
        at = _point(row)
        if at is None:
            continue
        kind = first(row, "level")
        placed = kind == "ged_place_prec1"  # there `alt` is the district, and the name ends in its kind
        text = first(row, "name_en")
        if placed or _LEVELS.get(kind) is None:
            text = re.sub(r"\s+(?:town|village|city)$", "", text)
        if placed and re.search(r"neighbou?rhood$", text):
            kind, text = "neighbourhood", re.sub(r"\s+neighbou?rhood$", "", text)
        alt = [] if placed else first(row, "alt").split("|")
        listed = named((text, "en"), (row.get("name_ar"), "ar"), *((each, "") for each in alt))
        yield Given(
            f"{kind or 'place'}-{first(row, 'pcode') or n}", listed, _LEVELS.get(kind, "settlement"), *at,
            first(row, "src", "source") or name,
            country=alpha2(first(row, "country") or _coded(first(row, "pcode"))),
            admin1=re.sub(r" (?:[Gg]overnorate|[Pp]rovince)$|^\d+$", "", first(row, "adm1", "admin1")),
            admin2=re.sub(r" district$", "", first(row, "alt")) if placed else "",
            population=number(row.get("population")), licence=first(row, "licence"),
        )  # fmt: skip


def _coded(pcode: str) -> str:
    """Return the country that an OCHA pcode such as SY0203 begins with; empty: it is no such code."""
    return pcode[:2] if re.fullmatch(r"[A-Z]{2}\d*", pcode) else ""


def _point(row: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return where a row lies; None: it does not say, or not on Earth."""
    try:
        lat, lon = float(str(first(row, "lat", "LATITUDE"))), float(str(first(row, "lon", "LONGITUDE")))
    except ValueError:
        shape: BaseGeometry | None = row.get("_shape")
        if shape is None or shape.is_empty:
            return None
        lat, lon = float(shape.centroid.y), float(shape.centroid.x)
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None

"""GeoNames: a dump of the geonames.org export, its alternate names, or a table with the same columns.

Columns of a dump, apart by tabs, without header: geonameid, name, asciiname, alternatenames (apart by
commas), latitude, longitude, feature class, feature code, country, cc2, admin1 ... admin4, population,
elevation, dem, timezone, modification date. Populated places, administrative units, countries, regions,
islands and lakes are kept; of alternate names the language is known only from alternateNames.
Source: geonames.org export readme; data CC BY 4.0, credit GeoNames.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from holdfire.errors import BadInput
from holdfire.reading.gazetteer.countries import alpha2
from holdfire.reading.gazetteer.rows import Given, named, number

SOURCE, LICENCE = "GeoNames", "CC BY 4.0"

_CODES = {
    **dict.fromkeys(("PCL", "PCLI", "PCLD", "PCLF", "PCLS", "PCLIX"), "country"),
    "ADM1": "governorate", "ADM2": "district", "ADM3": "subdistrict", "PPLX": "neighbourhood",
    "CONT": "region", "RGN": "region", "SEA": "region", "OCN": "region", "GULF": "region", "ISLS": "region",
    "ISL": "region", "PEN": "region", "DSRT": "region", "VAL": "region", "MTS": "region", "LK": "district",
}  # fmt: skip
_LESS = {"region": 150_000.0}
_UNNAMED = ("link", "post", "iata", "icao", "faac", "wkdt", "unlc", "tcid", "phon", "piny", "abbr")


def dump(text: str, name: str) -> list[Given]:
    """Return the places of a dump.

    Raises:
        BadInput: Its first line has not 19 columns.
    """
    lines = text.splitlines()
    if lines and len(lines[0].split("\t")) < 18:
        found = len(lines[0].split("\t"))
        raise BadInput(f"its first line has {found} columns; a GeoNames dump has 19", name, "unpack it first")
    return [made for made in (_of_line(line.split("\t")) for line in lines) if made is not None]


def _of_line(cells: list[str]) -> Given | None:
    if len(cells) < 18:
        return None
    return _given(
        cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8], cells[14]
    )


def table(rows: Iterable[Mapping[str, Any]]) -> list[Given]:
    """Return the places of a table with a column `geonameid`."""

    def one(row: Mapping[str, Any]) -> Given | None:
        code = str(row.get("fcode") or row.get("feature_code") or "PPL")
        lat, lon = row.get("lat", row.get("latitude")), row.get("lon", row.get("longitude"))
        country = row.get("country", row.get("countrycode", ""))
        return _given(
            row["geonameid"], row["name"], row.get("asciiname"), row.get("alternatenames"), lat, lon,
            str(row.get("fclass") or "P"), code, country, row.get("population"),
        )  # fmt: skip

    return [made for row in rows if (made := one(row)) is not None]


def _given(  # noqa: PLR0913, PLR0917 - the columns of the export, in its order
    place: object, name: object, ascii_name: object, alternates: object, lat: object, lon: object,
    kind: str, code: str, country: object, people: object,
) -> Given | None:  # fmt: skip
    level = "settlement" if kind == "P" and code != "PPLX" else _CODES.get(code)
    if level is None or code in ("PPLH", "PPLQ", "PPLW"):
        return None
    others = alternates if isinstance(alternates, (list, tuple)) else str(alternates or "").split(",")
    others = [each for each in others if not str(each).startswith("http") and len(str(each)) > 2]
    names = named((name, ""), (ascii_name, ""), *((each, "") for each in others))
    try:
        at = float(str(lat)), float(str(lon))
    except ValueError:
        return None
    if not names:
        return None
    return Given(
        f"gn{place}", names, level, *at, SOURCE, _LESS.get(level, 0.0), alpha2(str(country or "")),
        population=number(people), licence=LICENCE,
    )  # fmt: skip


def alternate_names(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield id, name and language of each line of alternateNames.txt or alternateNamesV2.txt."""
    for line in text.splitlines():
        cells = line.split("\t")
        if len(cells) >= 4 and cells[2] not in _UNNAMED and not (len(cells) > 7 and cells[7] == "1"):
            yield f"gn{cells[1]}", cells[3], cells[2]


def is_alternates(text: str) -> bool:
    """Return whether a text is alternateNames: numbers in its first two columns, and few columns."""
    cells = text.split("\n", 1)[0].split("\t")
    return 4 <= len(cells) <= 10 and cells[0].isdigit() and cells[1].isdigit()

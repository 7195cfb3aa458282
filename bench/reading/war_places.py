"""Place strings of a casualty recorder, in press spellings and in Arabic, against the coordinates it gives.

The gazetteer is built from the shared geo folder, none of it from these strings. Spelling variants may be
learned from half of the pairs (by a digest of the Arabic string); figures are on the other half. The region
column of a row is given, as it is in a dataset's row. "Wrong and sure" is the error that matters: a disc
that does not hold the place.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from bench.figures import Figure, share
from bench.reading.gazetteers import NEIGHBOURS, SYRIA, WORLD, built
from holdfire.places import distance
from holdfire.reading.gazetteer.atlas import Atlas
from holdfire.reading.gazetteer.choosing import Setting
from holdfire.reading.gazetteer.learning import Pair
from holdfire.reading.gazetteer.spelling import bones, key, sounds, unlikeness
from holdfire.reading.gazetteer.strings import Located, locate, parts_of

WITHIN = 10_000.0
"""How far off still counts as found [m]."""
LIKE = 0.8
"""Farthest off in sound a name of the gazetteer is still the string's own."""
WIDEST = 30_000.0
"""Greatest radius of a disc that still counts as found [m]."""


@dataclass(frozen=True)
class String:
    """One place string with its coordinates."""

    text: str
    region: str
    lat: float
    lon: float
    train: bool


def strings(shared: Path, column: str = "loc_en") -> list[String]:
    """Return the strings of a column that have coordinates."""
    file = shared / "data" / "events" / "airwars_syria" / "places_en_ar.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return [
        String(row[column], row["region"], float(row["lat"]), float(row["lon"]), _train(row))
        for row in rows
        if row[column].strip()
        and row["lat"]
        and (column == "loc_en" or key(row[column]) != key(row["loc_en"]))
    ]


def _train(row: dict[str, str]) -> bool:
    """Return whether a pair is of the half that variants may be learned from, as all of one place are."""
    return sha256(key(row["loc_ar"] or row["loc_en"]).encode()).digest()[0] % 2 == 0


def pairs(shared: Path) -> tuple[Pair, ...]:
    """Return the pairs of the training half."""
    file = shared / "data" / "events" / "airwars_syria" / "places_en_ar.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["loc_ar"].strip() and _train(row)]
    return tuple(Pair(row["loc_en"], row["loc_ar"]) for row in rows)


def found(string: String, atlas: Atlas) -> tuple[Located | None, float]:
    """Return what a string resolves to, and how far off that is [m]."""
    region = frozenset({key(string.region)} - {""})
    place = locate(string.text, atlas, Setting({"SY": 1.0}, region, home="SY", within=region))
    if place is None:
        return None, float("inf")
    return place, float(distance(place.lat, place.lon, string.lat, string.lon))


def right(place: Located | None, off: float) -> bool:
    """Return whether a string was found: its place within 10 km, and no wider than "near"."""
    return place is not None and off <= WITHIN and place.radius <= WIDEST


def known(strings_: list[String], atlas: Atlas) -> list[bool]:
    """Return, of each string, whether a place within 10 km of it is called something like a part of it.

    This looks at the coordinates, so it says what could be found at all; it finds nothing.
    """
    lat, lon = (atlas.table.column(c).to_numpy() for c in ("lat", "lon"))
    names = atlas.table.column("names").combine_chunks()
    out = []
    for string in strings_:
        near = np.flatnonzero(distance(string.lat, string.lon, lat, lon) <= WITHIN)
        called = [n["text"] for row in near.tolist() for n in names[row].as_py()]
        parts = [p for p in parts_of(string.text) if sounds(p)]
        out.append(any(unlikeness(p, c) <= LIKE for p in parts for c in called if bones(c) == bones(p)))
    return out


def measure(shared: Path) -> Iterator[Figure]:
    """Yield shares within 10 km, not found, wrong and wide, wrong and sure; in English and in Arabic."""
    atlas = built(shared, SYRIA + NEIGHBOURS + WORLD)
    learned = built(shared, SYRIA + NEIGHBOURS + WORLD, pairs(shared))
    for column, called in (("loc_en", "press spellings"), ("loc_ar", "Arabic strings")):
        listed = strings(shared, column)
        for name, with_atlas, some in (
            ("all", atlas, listed),
            ("test half, general rules", atlas, [s for s in listed if not s.train]),
            ("test half, learned from the other", learned, [s for s in listed if not s.train]),
        ):
            placed = [found(s, with_atlas) for s in some]
            yield from _figures(f"war places, {called}, {name}", placed)
            if name == "all":
                could = known(some, with_atlas)
                yield share(f"war places, {called}: its name is in the gazetteer, within 10 km", could)
                yield share(
                    f"war places, {called}, of those in the gazetteer: within 10 km",
                    [right(*p) for p, c in zip(placed, could, strict=True) if c],
                )


def _figures(name: str, placed: list[tuple[Located | None, float]]) -> Iterator[Figure]:
    yield share(f"{name}: within 10 km, of all", [right(p, off) for p, off in placed], "0.90")
    yield share(f"{name}: left a string", [p is None for p, _ in placed])
    yield share(
        f"{name}: only a wide disc",
        [p is not None and not right(p, off) and off <= p.radius for p, off in placed],
        note="the disc holds the place",
    )
    yield share(
        f"{name}: wrong and sure",
        [p is not None and off > max(WITHIN, p.radius) for p, off in placed],
        note="the disc does not hold the place",
    )

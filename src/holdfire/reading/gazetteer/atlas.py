"""A built gazetteer: any number of places, found by any of their names, loaded when first asked.

The file is one Parquet table (`PLACE`): a row a place, with its names, their language, their folded keys
and their bones. Keys are folded again on loading only if the folding has changed since. A name that is
not found is never guessed: `called` gives the places of exactly this name, `like` those that sound like it,
with how far off they lie, and the caller decides.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from holdfire.errors import BadInput
from holdfire.places import RADIUS, GeoPrecision, distance
from holdfire.reading.gazetteer.spelling import (
    FOLDING,
    NOTHING,
    Learned,
    bones,
    distance_of_sounds,
    key,
    sounds,
)
from holdfire.tables import INTEGER, NUMBER, TEXT, TEXTS, Column, Schema

NAME = pa.struct([pa.field("text", TEXT), pa.field("language", TEXT)])

PLACE = Schema(
    "place",
    (
        Column("id", TEXT, "GeoNames id, pcode, ISO code, or the source's own, with its prefix"),
        Column("name", TEXT, "the name to show"),
        Column("names", pa.list_(NAME), "every name, with its language (BCP 47; empty: not said)"),
        Column("keys", TEXTS, "each name folded, in the order of `names`"),
        Column("bones", TEXTS, "the consonants of each name, in the order of `names`"),
        Column(
            "level", TEXT, "neighbourhood, settlement, subdistrict, district, governorate, country, region"
        ),
        Column("lat", NUMBER, "centre [degrees, WGS 84]"),
        Column("lon", NUMBER, "centre [degrees]"),
        Column("radius", NUMBER, "of the disc the name stands for [m]"),
        Column("country", TEXT, "ISO 3166-1 alpha-2", "not known, or none"),
        Column("admin1", TEXT, "name of its first-level unit", "not known, or none"),
        Column("admin2", TEXT, "name of its second-level unit", "not known, or none"),
        Column("population", INTEGER, "people, as the source says", "not said"),
        Column("source", TEXT, "where it was taken from"),
        Column("licence", TEXT, "what its source allows", "not said"),
    ),
    key=("id",),
)
"""The columns of a gazetteer file."""

SIZES = {
    "neighbourhood": 2_000.0,
    "settlement": RADIUS[GeoPrecision.SETTLEMENT],
    "subdistrict": 15_000.0,
    "district": RADIUS[GeoPrecision.DISTRICT],
    "governorate": RADIUS[GeoPrecision.GOVERNORATE],
    "country": 500_000.0,
    "region": 1_500_000.0,
}
"""Radius a level stands for where a source gives none [m]."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of an atlas.

    Attributes:
        id: As in the file.
        name: To show.
        level: How large a thing it is.
        lat: Centre [degrees].
        lon: Centre [degrees].
        radius: Of its disc [m].
        country: ISO 3166-1 alpha-2; empty: not known.
        admin1: Name of its first-level unit; empty: not known.
        admin2: Name of its second-level unit; empty: not known.
        population: People; 0: not said.
        source: Where it was taken from.
    """

    id: str
    name: str
    level: str
    lat: float
    lon: float
    radius: float
    country: str
    admin1: str
    admin2: str
    population: int
    source: str


class Atlas:
    """The places of a gazetteer file."""

    def __init__(
        self, content: bytes = b"", name: str = "gazetteer.parquet", above: Atlas | None = None
    ) -> None:
        """Keep the bytes; nothing is read before something is asked.

        Args:
            content: Of a file that `holdfire gazetteer build` wrote; empty: it holds no place.
            name: Of the file, for messages.
            above: Another, looked into as well.
        """
        self._content = content
        self._name = name
        self._above = above
        self._spots: dict[int, Spot] = {}
        self._groups: dict[str, list[tuple[int, str, str]]] = {}

    def __bool__(self) -> bool:
        """Return whether there is anything to look into."""
        return bool(self._content) or bool(self._above)

    @cached_property
    def table(self) -> pa.Table:
        """Return the table.

        Raises:
            BadInput: The bytes are no gazetteer.
        """
        if not self._content:
            return PLACE.empty()
        try:
            table = pq.read_table(io.BytesIO(self._content), memory_map=False)
        except (pa.ArrowInvalid, OSError) as error:
            raise BadInput(
                "this is no gazetteer", self._name, "`holdfire gazetteer build` makes one"
            ) from error
        lacking = [c for c in PLACE.names if c not in table.column_names]
        if lacking:
            raise BadInput(
                f"a gazetteer lacks the columns {', '.join(lacking)}", self._name, "build it again"
            )
        if (table.schema.metadata or {}).get(b"folding", b"").decode() != FOLDING:
            table = refolded(table)
        return table

    @cached_property
    def learned(self) -> Learned:
        """Return what was learned from pairs of names when the file was built."""
        said = (self.table.schema.metadata or {}).get(b"learned")
        return learned_of(json.loads(said)) if said else NOTHING

    @cached_property
    def _by_key(self) -> dict[str, tuple[int, ...] | int]:
        return _index(self.table.column("keys"))

    @cached_property
    def _by_bones(self) -> dict[str, tuple[int, ...] | int]:
        return _index(self.table.column("bones"))

    @cached_property
    def _columns(self) -> Mapping[str, Any]:
        numbers = {c: self.table.column(c).to_numpy() for c in ("lat", "lon", "radius")}
        texts = ("id", "name", "names", "level", "country", "admin1", "admin2", "population", "source")
        return {**numbers, **{c: self.table.column(c).combine_chunks() for c in texts}}

    @cached_property
    def longest(self) -> int:
        """Return the most words a name has."""
        most = max((k.count(" ") + 1 for k in self._by_key), default=1)
        return min(8, max(most, self._above.longest if self._above else 1))

    @cached_property
    def _firsts(self) -> frozenset[str]:
        return frozenset(name.partition(" ")[0] for name in self._by_key)

    def begins(self, folded: str) -> bool:
        """Return whether a name may begin with these words, folded by `key`: whether one has their first."""
        first = folded.partition(" ")[0]
        return first in self._firsts or (self._above is not None and self._above.begins(first))

    def has(self, folded: str) -> bool:
        """Return whether some place bears a name, folded by `key`."""
        return folded in self._by_key or (self._above is not None and self._above.has(folded))

    def called(self, folded: str) -> list[Spot]:
        """Return the places of a name, folded by `key`; largest first."""
        found = [self.spot(row) for row in _rows(self._by_key.get(folded))]
        if self._above is not None:
            found += [s for s in self._above.called(folded) if not any(_same(s, own) for own in found)]
        return sorted(found, key=lambda spot: (-spot.population, spot.id))

    def like(
        self, name: str, most: float = 1.0, countries: frozenset[str] = frozenset()
    ) -> list[tuple[float, Spot]]:
        """Return the places with a name that sounds like this one, nearest first, with how far off each is.

        Args:
            name: As written, Latin or Arabic letters.
            most: Farthest that is still like it; 1 is about one consonant.
            countries: ISO codes of the countries looked into; empty: all.
        """
        name = " ".join(self.learned.words.get(word, word) for word in key(name).split()) or name
        said = sounds(name)
        found: dict[int, float] = {}
        if said and self._content:
            for row, country, sound in self._group(bones(name)):
                if (not countries or country in countries) and found.get(row, most) > 0:
                    off = distance_of_sounds(said, sound, self.learned)
                    if off <= min(most, found.get(row, most)):
                        found[row] = off
        out = [(off, self.spot(row)) for row, off in found.items()]
        if self._above is not None:
            more = self._above.like(name, most, countries)
            out += [(off, s) for off, s in more if not any(_same(s, own) for _, own in out)]
        return sorted(out, key=lambda pair: (round(pair[0], 6), -pair[1].population, pair[1].id))

    def _group(self, of: str) -> list[tuple[int, str, str]]:
        """Return the row, the country and the sounds of each name with these bones."""
        held = self._groups.get(of)
        if held is None:
            rows = _rows(self._by_bones.get(of)) if of else ()
            held = []
            for row in rows:
                names = self._columns["names"][row].as_py()
                country = self._columns["country"][row].as_py() or ""
                same = {sounds(n["text"]) for n in names if bones(n["text"]) == of}
                held += [(row, country, sound) for sound in sorted(same)]
            self._groups[of] = held
        return held

    def spots(self, level: str) -> list[Spot]:
        """Return every place of a level."""
        levels = self._columns["level"].to_pylist()
        found = [self.spot(row) for row, each in enumerate(levels) if each == level]
        return found + (self._above.spots(level) if self._above else [])

    def names_of(self, place: str) -> list[tuple[str, str]]:
        """Return the names of a place by its id, each with its language."""
        ids = self._columns["id"].to_pylist()
        rows = [row for row, each in enumerate(ids) if each == place]
        found = [(n["text"], n["language"]) for row in rows for n in self._columns["names"][row].as_py()]
        return found or (self._above.names_of(place) if self._above else [])

    def __len__(self) -> int:
        """Return how many places there are."""
        return int(self.table.num_rows) + (len(self._above) if self._above is not None else 0)

    def spot(self, row: int) -> Spot:
        """Return the place of a row of the file."""
        made = self._spots.get(row)
        if made is None:
            c = self._columns
            text = {
                k: c[k][row].as_py() or ""
                for k in ("id", "name", "level", "country", "admin1", "admin2", "source")
            }
            made = self._spots[row] = Spot(
                lat=float(c["lat"][row]), lon=float(c["lon"][row]), radius=float(c["radius"][row]),
                population=int(c["population"][row].as_py() or 0), **text,
            )  # fmt: skip
        return made


def _same(one: Spot, other: Spot) -> bool:
    """Return whether two places of two gazetteers are the same: of one level, each in the other's disc."""
    if one.level != other.level or one.country != other.country:
        return False
    far = float(distance(one.lat, one.lon, other.lat, other.lon))
    return one.level == "country" or far <= max(one.radius, other.radius)


def _rows(held: tuple[int, ...] | int | None) -> tuple[int, ...]:
    if held is None:
        return ()
    return (held,) if isinstance(held, int) else held


def _index(column: pa.ChunkedArray) -> dict[str, tuple[int, ...] | int]:
    """Return, for each string of a column of lists, the rows that hold it."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    rows = np.repeat(np.arange(len(array)), np.diff(array.offsets.to_numpy()))
    flat = array.flatten()
    if not len(flat):
        return {}
    coded = flat.dictionary_encode()
    codes = coded.indices.to_numpy(zero_copy_only=False)
    order = np.lexsort((rows, codes))
    codes, rows = codes[order], rows[order]
    keep = np.ones(len(codes), dtype=bool)
    keep[1:] = (codes[1:] != codes[:-1]) | (rows[1:] != rows[:-1])
    codes, rows = codes[keep], rows[keep]
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    ends = np.r_[starts[1:], len(codes)]
    texts = coded.dictionary.to_pylist()
    listed = rows.tolist()
    found: dict[str, tuple[int, ...] | int] = {}
    for code, i, j in zip(codes[starts].tolist(), starts.tolist(), ends.tolist(), strict=True):
        if texts[code]:
            found[texts[code]] = listed[i] if j - i == 1 else tuple(listed[i:j])
    return found


def refolded(table: pa.Table) -> pa.Table:
    """Return a gazetteer with its keys and bones made anew."""
    names = [[each["text"] for each in row] for row in table.column("names").to_pylist()]
    for column, make in (("keys", key), ("bones", bones)):
        made = pa.array([[make(text) for text in row] for row in names], TEXTS)
        table = table.set_column(table.column_names.index(column), column, made)
    return table


def learned_of(given: Mapping[str, Any]) -> Learned:
    """Return what a file of `holdfire gazetteer learn` says."""
    likes = {
        (pair[0], pair[1]): float(cost) for pair, cost in given.get("likes", {}).items() if len(pair) == 2
    }
    likes |= {(b, a): cost for (a, b), cost in likes.items()}
    return Learned(likes, dict(given.get("words", {})))


def written(rows: Iterable[Mapping[str, Any]], learned: Mapping[str, Any] | None = None) -> bytes:
    """Return the bytes of a gazetteer file with these rows; keys and bones are made here.

    Args:
        rows: Rows of PLACE, but for `keys` and `bones`.
        learned: What a file of `holdfire gazetteer learn` says, kept with the places.
    """
    listed = [
        {
            **row,
            "keys": [key(n["text"]) for n in row["names"]],
            "bones": [bones(n["text"]) for n in row["names"]],
        }
        for row in rows
    ]
    table = PLACE.sorted(PLACE.table(listed))
    metadata = {b"folding": FOLDING.encode(), b"noun": b"place"}
    if learned:
        metadata[b"learned"] = json.dumps(dict(learned), sort_keys=True, ensure_ascii=False).encode()
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), sink, compression="zstd")
    return sink.getvalue()

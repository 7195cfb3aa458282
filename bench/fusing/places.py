"""Place names of Airwars, in Latin and Arabic letters, against 8,007 populated places in Latin letters.

First choice is the place of the greatest weight, ties by the order of the places, weighed with the shipped
parameters; right is within 3 km. By names alone, and with the governorate. In the control the names of the
places are dealt anew among them, so that a choice can be right by chance only. Names are not printed.

`python -m bench.fusing.places --train` trains the shipped parameters: on these names, unsupervised.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.figures import Figure, share
from bench.measures import SHARED
from holdfire.engine import Engine
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.parameters import parameters
from holdfire.fusing.places.features import features
from holdfire.fusing.profile import profile
from holdfire.fusing.training.learning import train

NAMES = Path("data/events/airwars_syria/places_en_ar.csv.gz")
PLACES = Path("data/geo/syr_places.parquet")
GOVERNORATES = Path("data/geo/syr_adm1.parquet")
FILE = Path(__file__).resolve().parents[2] / "src/holdfire/fusing/parameters/place.json"
NEAR = 3.0
"""Within how much a choice is right [km]."""
RADIUS = {"village": 1000, "town": 1500, "city": 3000, "neighbourhood_area": 1500}
"""How far a name's coordinates may be off [m]; used in training only."""


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the share of names whose first choice is near, in three ways, and the control."""
    asked, places = _asked(shared), _places(shared)
    ways = {"both scripts": ["name", "name_other"], "Latin": ["name"], "Arabic": ["name_other"]}
    for way, columns in ways.items():
        for admin1 in (False, True):
            right = _right(asked, places, [*columns, *(["admin1"] if admin1 else [])])
            by = f"place names, {way}{', with governorate' if admin1 else ''}: first choice within 3 km"
            yield share(by, right, note="not all of them name a populated place")
    dealt = np.random.default_rng(1).permutation(len(places))
    mixed = places.set_column(0, "name", places["name"].take(pa.array(dealt)))
    yield share("control: names of places dealt anew", _right(asked, mixed, ["name", "name_other"]))


def _asked(shared: Path) -> pa.Table:
    """Return the names of Airwars."""
    with gzip.open(shared / NAMES, "rt", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    return pa.table(
        {
            "name": [row["loc_en"] or None for row in rows],
            "name_other": [row["loc_ar"] or None for row in rows],
            "admin1": [row["region"] or None for row in rows],
            "lat": [float(row["lat"]) for row in rows],
            "lon": [float(row["lon"]) for row in rows],
            "radius": [float(RADIUS.get(row["geo_precision"], 3000)) for row in rows],
        }
    )


def _places(shared: Path) -> pa.Table:
    """Return the populated places."""
    table = pq.read_table(shared / PLACES)
    regions = pq.read_table(shared / GOVERNORATES)
    column = next(each for each in regions.column_names if each.upper().endswith("_EN"))
    code = next(each for each in regions.column_names if each.upper().endswith("PCODE"))
    known = dict(zip(regions[code].to_pylist(), regions[column].to_pylist(), strict=True))
    return pa.table(
        {
            "name": table["PP_NAME_EN"].cast(pa.string()),
            "admin1": [known.get(each) for each in table["ADM1_PCODE"].to_pylist()],
            "lat": table["lat"],
            "lon": table["lon"],
            "radius": np.full(len(table), 500.0),
        }
    )


def _right(asked: pa.Table, places: pa.Table, columns: list[str]) -> list[bool]:
    """Return whether the first choice for each name is near, comparing these columns only."""
    known = [each for each in columns if each in places.column_names] or ["name"]
    both = features(_stack(asked, places, columns, {*known, "name"}), *_sides(asked, places))
    with Engine(threads=2, memory=1500).session() as session:
        session.give("features", both)
        found = pairs(session, profile("place"), parameters("place"), -40_000).pairs
    a, b, weight = (found[name].to_numpy() for name in ("a", "b", "weight"))
    order = np.lexsort((b, -weight, a))
    a, b = a[order], b[order] - len(asked)
    firsts = np.flatnonzero(np.diff(a, prepend=-1))
    chosen = dict(zip(a[firsts].tolist(), b[firsts].tolist(), strict=True))
    where = [np.column_stack([table[c].to_numpy() for c in ("lat", "lon")]) for table in (asked, places)]
    written = [
        any(row) for row in zip(*(asked[c].to_pylist() for c in columns if c != "admin1"), strict=True)
    ]
    return [
        k in chosen and _apart(where[0][k], where[1][chosen[k]]) <= NEAR
        for k in range(len(asked))
        if written[k]
    ]


def _stack(asked: pa.Table, places: pa.Table, columns: list[str], known: set[str]) -> pa.Table:
    """Return names and places as one table of these columns."""
    parts = []
    for table, kept in ((asked, columns), (places, known)):
        silent = pa.nulls(len(table), pa.string())
        parts.append(
            pa.table(
                {
                    name: table[name].cast(pa.string())
                    if name in kept and name in table.column_names
                    else silent
                    for name in ("name", "name_other", "admin1")
                }
            )
        )
    return pa.concat_tables(parts)


def _sides(asked: pa.Table, places: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """Return the source of each, and that names meet places only."""
    source = np.repeat([0, 1], [len(asked), len(places)])
    return source, np.ones(len(source), bool)


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    """Return the distance of two points on a sphere of 6,371 km [km]."""
    lat, lon = np.radians(one - other)
    across = np.cos(np.radians(one[0])) * np.cos(np.radians(other[0])) * np.sin(lon / 2) ** 2
    return float(2 * 6371 * np.arcsin(np.sqrt(np.sin(lat / 2) ** 2 + across)))


def main(given: list[str]) -> int:
    """Train the shipped parameters where that is asked."""
    if "--train" not in given:
        print("say --train; `python -m bench.fusing places` measures", file=sys.stderr)
        return 2
    asked, places = _asked(SHARED), _places(SHARED)
    together = pa.concat_tables([asked, places], promote_options="default")
    table = features(together, *_sides(asked, places))
    on = "3,287 place names of Airwars against 8,007 populated places of Syria (OCHA), without labels"
    found = train(table, profile("place"), on, 1, Engine(threads=2, memory=1500))
    FILE.write_text(found.text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

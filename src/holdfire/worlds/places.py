"""The places of a world as tables: where they truly lie, and where a gazetteer holds them to lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from holdfire.tables import TEXT
from holdfire.worlds.rows import whole
from holdfire.worlds.streams import Floats

if TYPE_CHECKING:
    from holdfire.worlds.making import World


def write(world: World, folder: Path) -> None:
    """Write `places.parquet`, the truth, and `gazetteer.parquet`, what people hold for it."""
    country, marks = world.country, world.writer.metadata()
    error = world.preset.country.gazetteer
    pq.write_table(
        table(world, country.east, country.north).replace_schema_metadata(marks), folder / "places.parquet"
    )
    held = table(world, *country.gazetteer(error, world.seed, "gazetteer"))
    radius = pa.array(np.full(country.towns, max(500.0, 2000 * error)))
    pq.write_table(
        held.append_column("radius", radius).replace_schema_metadata(marks), folder / "gazetteer.parquet"
    )


def table(world: World, east: Floats, north: Floats) -> pa.Table:
    """Return every town with its names, its place [degrees], its people and what it lies in."""
    country = world.country
    lat, lon = country.degrees(east, north)
    english = pa.array(country.names.english, TEXT)
    over = country.governorate[country.district]
    columns = {
        "town": whole(np.arange(country.towns)),
        "name": english,
        "name_ar": pa.array(country.names.arabic, TEXT),
        "spelling_1": pa.array(country.names.written[1], TEXT),
        "spelling_2": pa.array(country.names.written[2], TEXT),
        "lat": pa.array(np.round(lat, 5)),
        "lon": pa.array(np.round(lon, 5)),
        "people": whole(country.people),
        "district": english.take(whole(country.seat[country.district])),
        "admin1": world.writer.areas.take(whole(over)),
    }
    return pa.table(columns)

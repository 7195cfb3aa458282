"""Gazetteers for the measures, built from the shared folder once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from holdfire.reading.gazetteer.atlas import Atlas
from holdfire.reading.gazetteer.building import gazetteer
from holdfire.reading.gazetteer.countries import world
from holdfire.reading.gazetteer.learning import Pair, learn
from holdfire.reading.gazetteer.sources import places_of

SYRIA = (*(f"syr_{part}.parquet" for part in ("adm1", "adm2", "adm3", "places")), "gazetteer_syria.csv.gz")
NEIGHBOURS = tuple(f"neighbours/{c}_adm{n}.geojson.gz" for c in ("irq", "yem", "ukr") for n in (1, 2))
WORLD = ("ne_50m_admin0.geojson", "ne_10m_populated_places.parquet", "geonames_cities15000_2012.parquet")


@cache
def built(shared: Path, files: tuple[str, ...], pairs: tuple[Pair, ...] = ()) -> Atlas:
    """Return an atlas of some files of the shared geo folder, over our own list of countries."""
    folder = shared / "data" / "geo"
    sources = [places_of((folder / file).read_bytes(), file.split("/")[-1]) for file in files]
    return Atlas(gazetteer(sources, learned=learn(pairs) if pairs else None), above=world())

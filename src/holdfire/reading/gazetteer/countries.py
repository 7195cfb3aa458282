"""What reading knows of the world without any file: countries, parts of the world, units of four theatres.

The list is ours (`world.tsv`, with its sources); it places a country or a governorate, never a village.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from holdfire.reading.gazetteer.atlas import Atlas, written
from holdfire.reading.gazetteer.rows import Given, named
from holdfire.reading.gazetteer.spelling import key

LANGUAGES = ("en", "ar", "fr", "ru")


@lru_cache(maxsize=1)
def _lines() -> tuple[tuple[str, ...], ...]:
    text = files("holdfire.reading.gazetteer").joinpath("world.tsv").read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    found = {}
    for line in _lines():
        if line[0] == "country":
            found[line[1]] = found[line[2]] = line[1]
    return found


def alpha2(code: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country, from that or alpha-3; empty: no country of ours.

    >>> alpha2("SYR"), alpha2("sy"), alpha2("-99")
    ('SY', 'SY', '')
    """
    bare = code.strip().upper()
    return _codes().get(bare, bare if len(bare) == 2 and bare.isalpha() else "")


def given() -> Iterator[Given]:
    """Yield the places of our own list; a capital stands beside its country."""
    for line in _lines():
        if line[0] == "also":
            continue
        level, code, more, *names = line[:7]
        lat, lon, reach = (float(cell) for cell in line[7:10])
        country = code if level == "country" else more
        pairs = [(n, tag) for cell, tag in zip(names, LANGUAGES, strict=True) for n in cell.split(";")]
        yield Given(code, named(*pairs), level, lat, lon, "Holdfire", reach * 1000, country)
        if len(line) > 12 and line[10]:
            listed = [(n, "") for n in line[10].split(";")]
            yield Given(
                f"{code}-capital", named(*listed), "settlement", float(line[11]), float(line[12]), "Holdfire",
                12_000.0, country, population=1_000_000,
            )  # fmt: skip


@lru_cache(maxsize=1)
def world() -> Atlas:
    """Return our own list as an atlas."""
    return Atlas(written(each.row() for each in given()), "world.tsv")


def also() -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield country, names in use, and other names of the same place: towns renamed, or of two languages."""
    for line in _lines():
        if line[0] == "also":
            yield line[1], line[2].split(";"), line[3].split(";")


@lru_cache(maxsize=1)
def capitals() -> dict[str, str]:
    """Return the folded names of capitals, each with its country's code."""
    found: dict[str, str] = {}
    for line in _lines():
        if line[0] == "country" and len(line) > 12:
            found |= {key(n): line[1] for n in line[10].split(";") if n}
    return found

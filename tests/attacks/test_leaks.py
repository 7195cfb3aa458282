"""Leaks planted in copies of a release, its exports and a log are all found, and none in clean ones."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import cache

import numpy as np
import pytest

from holdfire.digests import canonical
from holdfire.errors import BadInput
from holdfire.protecting.cells import Settings
from holdfire.protecting.exports import exports
from holdfire.protecting.partition import build
from holdfire.protecting.release import Published, Release, epoch
from holdfire.testing.attackers.leaks import KINDS, find
from protecting import places

LOG = (
    "2026-11-23T08:14:55Z INFO release 1 of MADE drawn up, epoch 2026-11-30\n"
    "2026-11-23T08:15:02Z INFO signed by ada and ben; precaution areas do not assert that a site is present\n"
)


@cache
def released(middle: tuple[float, float] = (38.0, 35.0)) -> Published:
    partition = build(places(3, 2000, middle), Settings(block_share=20), "MADE")
    starts, ends = epoch(partition.settings, "2026-12-01")
    said = Release(
        partition=partition.digest, name="MADE", number=1, starts=starts, ends=ends,
        cells=tuple(cell.code for cell in partition.cells[3:9]), before="", keyset="ab" * 32,
    )  # fmt: skip
    return Published(said, partition)


@cache
def clean() -> dict[str, bytes]:
    """Return what goes out, and a log, with nothing in it that no release says."""
    published = released()
    zone = published.cells[0].zone
    corner = f"{zone.west / 60:.5f},{zone.south / 60:.5f}"
    notes = (
        f"Area {published.cells[0].code} has a corner at {corner} from {published.release.starts}.\n"
        f"Digest {published.release.digest}, from {published.release.starts[:10]}.\n"
    )
    return {
        "release.json": published.release.text + b"\n",
        "partition.json": published.partition.text(),
        **exports(published),
        "radio.csv": exports(published)["corners.csv"],
        "notes.txt": notes.encode(),
        "case.log": LOG.encode(),
    }


def kinds(files: dict[str, bytes], **given: object) -> set[tuple[str, str]]:
    return {(leak.file, leak.kind) for leak in find(files, [released()], **given)}  # type: ignore[arg-type]


def site() -> tuple[float, float]:
    """Return a place in an area that is on, as its protected site."""
    box = released().cells[0].box
    return (box.west + 3) / 60 + 0.00721, (box.south + 2) / 60 + 0.00313


def test_nothing_is_found_in_what_is_clean() -> None:
    assert find(clean(), [released()]) == []
    same = {name: 1.8e9 + n for n, name in enumerate(clean())}
    assert find(clean(), [released()], written=same) == []


@pytest.mark.parametrize("middle", [(179.9, -17.0), (25.0, 66.0), (-70.0, -33.0)])
def test_nothing_is_found_anywhere_on_earth(middle: tuple[float, float]) -> None:
    published = released(middle)
    spaced = {f"copy-{name}": content.replace(b"\n", b"\r\n") for name, content in exports(published).items()
              if not name.endswith((".gpkg", ".parquet"))}  # fmt: skip
    assert find({**exports(published), "release.json": published.release.text}, [published]) == []
    assert find(spaced, [published]) == [], "a copy that differs in line ends alone is read, and says no more"


def _json(name: str, change: Callable[[dict], object]) -> dict[str, bytes]:
    said = json.loads(clean()[name])
    change(said)
    return {name: json.dumps(said, ensure_ascii=False).encode()}


def _says(**fields: object) -> dict[str, bytes]:
    """Return the map with fields added to its first area."""
    return _json("zones.geojson", lambda said: _first(said)["properties"].update(fields))


def _first(said: dict) -> dict:
    return said["features"][0]


def _line(text: str) -> dict[str, bytes]:
    return {"case.log": (LOG + text + "\n").encode()}


def _release(change: dict[str, object]) -> dict[str, bytes]:
    return {"release.json": canonical({**json.loads(clean()["release.json"]), **change}) + b"\n"}


def _with_a_point(said: dict) -> None:
    point = {"type": "Point", "coordinates": [LON, LAT]}
    said["features"].append({"type": "Feature", "properties": {}, "geometry": point})


def _move(said: dict) -> None:
    ring = _first(said)["geometry"]["coordinates"][0]
    for corner in ring:
        corner[0], corner[1] = round(corner[0] + 0.0041, 7), round(corner[1] - 0.0023, 7)


def _sixth(said: dict) -> None:
    ring = _first(said)["geometry"]["coordinates"][0]
    ring[1][1] = round(ring[1][1] + 0.000004, 7)


def _in_order_of_sites(said: dict) -> None:
    said["features"] = [said["features"][n] for n in (2, 0, 1, 5, 4, 3)]


def _twice(said: dict) -> None:
    said["features"].insert(0, _first(said))


def _swapped(name: str, old: str, new: str) -> dict[str, bytes]:
    content = clean()[name].decode()
    assert old in content
    return {name: content.replace(old, new, 1).encode()}


def _packed(change: tuple[int, ...]) -> dict[str, bytes]:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, content in clean().items():
            when = change if name == "zones.kml" else (2026, 11, 25, 9, 0, 0)
            packed.writestr(zipfile.ZipInfo(name, when), content)
    return {"release.zip": made.getvalue()}


def _column(sql: str) -> dict[str, bytes]:
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(clean()["zones.gpkg"])
        table = base.execute("SELECT table_name FROM gpkg_contents").fetchone()[0]
        base.executescript(sql.format(table=table))
        return {"zones.gpkg": base.serialize()}


LON, LAT = site()
NAME = "MADE-0004"
PLANTED: list[tuple[str, Callable[[], dict[str, bytes]], str]] = [
    ("a centroid", lambda: _says(centroid=[LON, LAT]), "position"),
    ("a centroid as a point", lambda: _json("zones.geojson", _with_a_point), "point"),
    ("a point in KML", lambda: _swapped("zones.kml", "<Polygon>",
        f"<Point><coordinates>{LON:.5f},{LAT:.5f}</coordinates></Point><Polygon>"), "point"),
    ("a circle in CAP", lambda: _swapped("zones.cap.xml", "<polygon>",
        f"<circle>{LAT:.3f},{LON:.3f} 5</circle><polygon>"), "point"),
    ("a jitter", lambda: _json("zones.geojson", _move), "position"),
    ("a jitter in FG", lambda: _json("zones.fg.json", _move), "position"),
    ("a sixth decimal", lambda: _json("zones.geojson", _sixth), "digits"),
    ("a tenth decimal", lambda: {"notes.txt": b"corner 36.86666666671\n".replace(
        b"36.8666666667", f"{released().cells[0].zone.west / 60:.10f}".encode())}, "digits"),
    ("a count", lambda: _says(sites=3), "count"),
    ("a count in a release", lambda: _release({"sites": 3}), "field"),
    ("a count in words", lambda: {"notes.txt": b"The area holds 2 hospitals.\n"}, "count"),
    ("a count in a table", lambda: {"table.csv": f"area,count\n{NAME},2\n".encode()}, "field"),
    ("a category", lambda: _says(says="field hospital"), "category"),
    ("a category in Arabic", lambda: {"notes.txt": "المنطقة فيها مستشفى\n".encode()}, "category"),
    ("a category field", lambda: _says(category="A"), "category"),
    ("a category in a package", lambda: _column(
        "ALTER TABLE \"{table}\" ADD COLUMN kind TEXT DEFAULT 'clinic'"), "category"),
    ("a log line with a coordinate", lambda: _line(
        f"2026-11-23T09:00:00Z DEBUG opened {LON:.6f} {LAT:.6f}"), "position"),
    ("a coordinate of two decimals", lambda: _line(f"DEBUG opened ({LAT:.2f}, {LON:.2f})"), "position"),
    ("one coordinate alone", lambda: _line(f"DEBUG lat={LAT:.5f}"), "position"),
    ("degrees and minutes", lambda: _line("DEBUG at 35°12.345'N 038°01.222'E"), "position"),
    ("degrees, minutes, seconds", lambda: _line("DEBUG at 35° 12' 20.5\" N"), "position"),
    ("a grid reference", lambda: _line("DEBUG at 37S BS 28106 77250"), "position"),
    ("half and decimals", lambda: _line(f"DEBUG N{LAT:.4f} E{LON:.4f}"), "position"),
    ("decimals and half", lambda: _line(f"DEBUG {LAT:.3f}° N, {LON:.3f}° E"), "position"),
    ("a name and few decimals", lambda: _line(f"DEBUG lat={LAT:.3f} lon={LON:.3f}"), "position"),
    ("decimal commas", lambda: _line(f"DEBUG {LAT:.4f}; {LON:.4f}".replace(".", ",")), "position"),
    ("Arabic digits", lambda: _line(
        f"DEBUG {LAT:.4f} {LON:.4f}".translate(str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫"))), "position"),
    ("minutes with spaces", lambda: _line("DEBUG 35 12.345N 038 01.222E"), "position"),
    ("digits run together", lambda: _line("DEBUG 351230N 0380122E"), "position"),
    ("metres of a grid", lambda: _line("DEBUG zone 37 281066 3677250"), "position"),
    ("a plus code", lambda: _line("DEBUG at 8G7XJ2CF+3R"), "position"),
    ("a per-site id", lambda: _says(site_id="S-17"), "identity"),
    ("an id in letters", lambda: _says(place_id="seventeen"), "identity"),
    ("an id of a site in a log", lambda: _line("INFO site 17 switched on"), "identity"),
    ("a random id", lambda: _line("INFO opened 6f1c3a52-8f0e-4f0b-9a3c-2d9f5a7f1e10"), "identity"),
    ("a commitment to a site", lambda: _says(says="cd" * 32), "identity"),
    ("an area for each site", lambda: _json("zones.geojson", _twice), "identity"),
    ("a change time", lambda: _says(starts="2026-12-03T14:20Z"), "time"),
    ("a change day", lambda: _swapped("zones.kml", "2026-11-30T00:00Z", "2026-12-02"), "time"),
    ("a change time in a log", lambda: _line(f"2026-12-03T14:20:07Z INFO {NAME} switched on"), "time"),
    ("a clock beside an area", lambda: _line(f"INFO 14:20 {NAME} switched on"), "time"),
    ("a day in words", lambda: {"notes.txt": b"changed on 3 December 2026\n"}, "time"),
    ("a Unix time", lambda: {"notes.txt": b"changed 1796307607\n"}, "time"),
    ("a time in another zone", lambda: {"notes.txt": b"changed 2026-11-30T01:00+02:00\n"}, "time"),
    ("a time in a package", lambda: _column(
        "UPDATE gpkg_contents SET last_change = '2026-12-03T14:20:07.123Z'"), "time"),
    ("a time in an archive", lambda: _packed((2026, 12, 3, 14, 20, 6)), "written"),
    ("an order by site", lambda: _json("zones.geojson", _in_order_of_sites), "order"),
    ("an order by site in a release", lambda: _release({"cells": ["MADE-0006", "MADE-0004"]}), "order"),
    ("an area twice in a release", lambda: _release({"cells": ["MADE-0004", "MADE-0004"]}), "identity"),
    ("an order in KML", lambda: {"zones.kml": b"".join(
        f'<Placemark id="{code}"/>\n'.encode() for code in ("MADE-0007", "MADE-0004"))}, "order"),
    ("a wording of its own", lambda: _release({"wording": "a site is present"}), "differs"),
    ("blanks that say something", lambda: {
        "release.json": clean()["release.json"].replace(b":", b": ", 1)}, "differs"),
    ("blanks in an export", lambda: _swapped("zones.geojson", ",", ", "), "differs"),
    ("a field nobody knows", lambda: _says(weight="b"), "field"),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "kind"), [each[1:] for each in PLANTED], ids=[each[0] for each in PLANTED])
def test_every_planted_leak_is_found(plant: Callable[[], dict[str, bytes]], kind: str) -> None:
    planted = plant()
    found = kinds({**clean(), **planted})
    assert kind in {what for _, what in found}
    assert {file.split("/")[0] for file, _ in found} == set(planted), "and nothing in the files left alone"


def test_every_kind_is_planted() -> None:
    assert {kind for _, _, kind in PLANTED} == set(KINDS)


def test_times_of_files_that_were_written_again_are_found() -> None:
    written = dict.fromkeys(clean(), 1.8e9) | {"zones.kml": 1.8e9 + 86_400}
    assert kinds(clean(), written=written) == {("zones.kml", "written")}


@pytest.mark.parametrize("middle", [(38.0, 35.0), (-70.0, -33.0), (179.9, -17.0)])
def test_a_position_anywhere_in_the_country_is_found(middle: tuple[float, float]) -> None:
    draw = np.random.default_rng(1)
    published = released(middle)
    box = published.partition.extent
    lines = []
    for _ in range(200):
        lon = (draw.uniform(box.west, box.east) / 60 + 180) % 360 - 180
        lat = draw.uniform(box.south, box.north) / 60
        halves = "NS"[lat < 0], "EW"[lon < 0]
        lines += [f"{lon:.4f},{lat:.4f}", f"{lat:.6f} {lon:.6f}", f'"lon":{lon:.5f},"lat":{lat:.5f}']
        lines += [f"{abs(lat):.4f}{halves[0]} {abs(lon):.4f}{halves[1]}"]
        lines += [f"{halves[0]} {abs(lat):.3f} {halves[1]} {abs(lon):.3f}"]
    found = find({"case.log": "\n".join(lines).encode()}, [published])
    assert {leak.line for leak in found} == set(range(1, len(lines) + 1))


def test_a_leak_is_told_without_being_one() -> None:
    for _, plant, _ in PLANTED:
        said = " ".join(map(str, find(plant(), [released()])))
        assert f"{LON:.2f}" not in said
        assert f"{LAT:.2f}" not in said
        assert "hospital" not in said


def test_without_a_release_nothing_can_be_compared() -> None:
    with pytest.raises(BadInput, match="beside a release"):
        find(clean(), [])

"""Exports are read by others' programs, hold to their schemas, and say nothing that the release does not."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import time
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from holdfire.protecting.areas import files
from holdfire.protecting.exports import exports
from holdfire.zonepage import zone_page
from releasing import MIDDLES, published

ALLOWED = {"code", "says", "says_ar", "starts", "ends", "partition", "release", "digest"}


@cache
def made(name: str, on: int = 6) -> dict[str, bytes]:
    return exports(published(name, on))


@pytest.mark.parametrize("name", MIDDLES)
@pytest.mark.parametrize("file", ["zones.geojson", "zones.fg.json", "zones.kml", "zones.gpkg"])
def test_gdal_reads_each_area_as_it_is(name: str, file: str, tmp_path: Path) -> None:
    (tmp_path / file).write_bytes(made(name)[file])
    meta, _, shapes, columns = pyogrio.raw.read(tmp_path / file)
    fields = {str(f).lower(): c for f, c in zip(meta["fields"], columns, strict=True)}
    codes = fields.get("code", fields.get("name"))
    expected = {cell.code: cell.zone.shape() for cell in published(name).cells}
    found = dict(zip(codes, shapely.from_wkb(shapes), strict=True))  # type: ignore[arg-type]
    assert set(found) == set(expected)
    for code, shape in expected.items():
        assert shapely.normalize(found[code]).symmetric_difference(shapely.normalize(shape)).area < 1e-6
        assert found[code].bounds[0] >= -180
        assert found[code].bounds[2] <= 180


@pytest.mark.parametrize("name", MIDDLES)
def test_our_own_check_reads_what_is_exported(name: str) -> None:
    for file in ("zones.geojson", "zones.kml", "corners.csv"):
        found = {each.name: each.shape for each in files.read(made(name)[file], file)}
        for cell in published(name).cells:
            other = cell.zone.shape()
            got = found.get(cell.code) or next(iter(found.values()))
            assert len(found) == len(published(name).cells)
            assert got.symmetric_difference(other).area < 1e-6


def test_the_same_release_gives_the_same_bytes_at_another_time() -> None:
    first = made("FJI")
    time.sleep(1.1)  # a file's own clock has whole seconds
    assert exports(published("FJI")) == first


def test_no_export_says_when_it_was_made_or_anything_of_places() -> None:
    said = json.loads(made("SYR")["zones.geojson"])
    assert {key for feature in said["features"] for key in feature["properties"]} == ALLOWED
    days = {published("SYR").release.starts[:10], published("SYR").release.ends[:10]}
    for name, content in made("SYR").items():
        text = content.decode("utf-8", "replace")
        assert set(re.findall(r"20\d\d-\d\d-\d\d", text)) <= days, name
    stored = sqlite3.connect(":memory:")
    stored.deserialize(made("SYR")["zones.gpkg"])
    (changed,) = stored.execute("SELECT last_change FROM gpkg_contents").fetchone()
    assert changed == published("SYR").release.starts.replace("Z", ":00.000Z")


CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


@pytest.mark.parametrize("name", MIDDLES)
def test_the_alert_keeps_the_rules_of_cap(name: str) -> None:
    """Rules of CAP 1.2, section 3.2 and its schema: order, enumerations, times, polygons."""
    root = ElementTree.fromstring(made(name)["zones.cap.xml"])  # noqa: S314 - our own
    assert [e.tag.removeprefix(CAP) for e in root] == [
        "identifier", "sender", "sent", "status", "msgType", "scope", "info", "info",
    ]  # fmt: skip
    order = [
        "language",
        "category",
        "event",
        "responseType",
        "urgency",
        "severity",
        "certainty",
        "audience",
        "eventCode",
        "effective",
        "onset",
        "expires",
        "senderName",
        "headline",
        "description",
        "instruction",
        "web",
        "contact",
        "parameter",
        "resource",
        "area",
    ]
    for field in ("identifier", "sender"):
        assert not re.search(r"[\s,<&]", root.findtext(CAP + field) or " ")
    for info in root.findall(f"{CAP}info"):
        tags = [e.tag.removeprefix(CAP) for e in info]
        assert tags == sorted(tags, key=order.index)
        assert info.findtext(CAP + "category") in [
            "Geo",
            "Met",
            "Safety",
            "Security",
            "Rescue",
            "Fire",
            "Health",
            "Env",
            "Transport",
            "Infra",
            "CBRNE",
            "Other",
        ]
        for field in ("urgency", "severity", "certainty"):
            assert info.findtext(CAP + field) == "Unknown"
    for moment in (
        e.text or ""
        for e in root.iter()
        if e.tag.removeprefix(CAP) in ("sent", "effective", "onset", "expires")
    ):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", moment)
    polygons = [e.text or "" for e in root.iter(f"{CAP}polygon")]
    assert polygons
    for polygon in polygons:
        points = [tuple(map(float, pair.split(","))) for pair in polygon.split(" ")]
        assert len(points) >= 4
        assert points[0] == points[-1]
        assert all(-90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon in points)


def test_geoparquet_carries_its_metadata() -> None:
    found = pq.read_table(io.BytesIO(made("FJI")["zones.parquet"]))
    geo = json.loads(found.schema.metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert set(found.column_names) == {*ALLOWED, "bbox", "geometry"}
    shapes = shapely.from_wkb(found["geometry"].to_pylist())
    assert {s.geom_type for s in shapes} <= set(geo["columns"]["geometry"]["geometry_types"])


def test_a_release_with_nothing_on_is_exported_too(tmp_path: Path) -> None:
    nothing = made("SYR", 0)
    assert json.loads(nothing["zones.geojson"])["features"] == []
    assert len(pq.read_table(io.BytesIO(nothing["zones.parquet"]))) == 0
    assert nothing["corners.csv"].count(b"\n") == 1
    (tmp_path / "zones.gpkg").write_bytes(nothing["zones.gpkg"])
    assert len(pyogrio.raw.read(tmp_path / "zones.gpkg")[2]) == 0


@pytest.mark.parametrize("name", MIDDLES)
def test_the_page_holds_both_languages_the_limits_and_nothing_from_elsewhere(name: str) -> None:
    page = zone_page(
        published(name), fingerprint="ab" * 32, signers=("Ada", "Ben"), others=("zones.kml",)
    ).decode()
    assert (
        page
        == zone_page(
            published(name), fingerprint="ab" * 32, signers=("Ada", "Ben"), others=("zones.kml",)
        ).decode()
    )
    for words in (
        "does not assert that a site is present",
        "not whole lists of hospitals",
        "imagery",
        "منطقة احتراز",
        'dir="rtl"',
    ):
        assert words in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "<script" not in page
    for cell in published(name).cells:
        assert page.count(f'id="en-{cell.code}"') == page.count(f'id="ar-{cell.code}"') == 1
        assert page.count(f'href="#en-{cell.code}"') == 1
    assert 'class="hatch zone"' in page

"""Layers of every kind give the same partition, and making it again finds what was changed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from typer.testing import CliRunner

from holdfire.cli import app
from holdfire.errors import BadInput
from holdfire.protecting.partition import Partition, Settings
from holdfire.sheltering import partitioning
from holdfire.sheltering.layers import Columns
from protecting import scattered

SMALL = Settings(k=6, block_k=24, block_share=6)
PEOPLE = Columns(weights={"people": "population"})


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    return _csv(tmp_path / "places.csv", 300)


def _rows(many: int) -> list[tuple[str, float, float, int]]:
    lon, lat, weights = scattered(11, many)
    return [
        (f"Place {n}", float(x), float(y), int(w))
        for n, (x, y, w) in enumerate(zip(lon, lat, weights, strict=True))
    ]


def _csv(path: Path, many: int) -> Path:
    lines = [f"{name},{x},{y},{w}" for name, x, y, w in _rows(many)]
    path.write_text("\n".join(["name,lon,lat,population", *lines]) + "\n")
    return path


def _geojson(path: Path, many: int) -> Path:
    features = [
        {"type": "Feature", "properties": {"name": name, "population": w},
         "geometry": {"type": "Point", "coordinates": [x, y]}}
        for name, x, y, w in _rows(many)
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def _geoparquet(path: Path, many: int) -> Path:
    rows = _rows(many)
    points = [shapely.to_wkb(shapely.Point(x, y)) for _, x, y, _ in rows]
    table = pa.table({"name": [r[0] for r in rows], "population": [r[3] for r in rows], "geometry": points})
    pq.write_table(table, path)
    return path


def _workbook(path: Path, many: int) -> Path:
    book = openpyxl.Workbook()
    for row in [("name", "lon", "lat", "population"), *_rows(many)]:
        book.active.append(row)
    book.save(path)
    return path


def _packed(path: Path) -> Path:
    packed = path.with_name(f"{path.name}.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return packed


def _lines(path: Path, many: int) -> Path:
    rows = [{"name": n, "lon": x, "lat": y, "population": w} for n, x, y, w in _rows(many)]
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    return path


def made(files: list[Path]) -> Partition:
    return partitioning.make("MADE", files, SMALL, columns=PEOPLE)


def test_every_kind_of_file_gives_the_same_places(layer: Path, tmp_path: Path) -> None:
    kinds = [
        _geojson(tmp_path / "places.geojson", 300), _geoparquet(tmp_path / "places.parquet", 300),
        _workbook(tmp_path / "places.xlsx", 300), _lines(tmp_path / "places.jsonl", 300),
        _packed(_geojson(tmp_path / "packed.geojson", 300)),
    ]  # fmt: skip
    first = made([layer])
    for each in kinds:
        other = made([each])
        assert (other.candidates, other.cells) == (first.candidates, first.cells), each.name
    together = made([layer, *kinds])  # each place five times
    assert (together.candidates, together.cells) == (first.candidates, first.cells)
    assert [each.file for each in together.layers] == sorted(each.name for each in [layer, *kinds])


def test_it_is_made_again_from_the_same_files_and_from_no_others(layer: Path, tmp_path: Path) -> None:
    partition = made([layer])
    partitioning.save(partition, tmp_path / "made.json")
    said = partitioning.opened(tmp_path / "made.json")
    assert partitioning.again(said, [layer]) == []
    with pytest.raises(BadInput, match="not given"):
        partitioning.again(said, [])
    other = _csv(tmp_path / "others.csv", 300)
    with pytest.raises(BadInput, match="does not name"):
        partitioning.again(said, [layer, other])
    layer.write_text(layer.read_text().replace("Place 7,", "Place seven,"))
    with pytest.raises(BadInput, match="bytes differ"):
        partitioning.again(said, [layer])


def test_a_partition_whose_cells_are_not_those_of_its_places_is_found_out(layer: Path) -> None:
    """The control: every promise that a reader can check alone holds, and the cells are another setting's."""
    from dataclasses import replace

    partition = made([layer])
    coarse = partitioning.make("MADE", [layer], Settings(k=8, block_k=24, block_share=8), columns=PEOPLE)
    forged = replace(coarse, settings=partition.settings)
    assert partitioning.opened  # a reader alone takes it
    from holdfire.protecting.partition import read

    assert read(forged.text()) == forged
    assert partitioning.again(forged, [layer])


def test_missing_weights_are_refused_unless_a_person_says_what_stands_for_them(
    layer: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_text("lon,lat\n36.1234,34.2345\n")
    with pytest.raises(BadInput, match="no column") as raised:
        made([layer, bare])
    assert "--fill people=NUMBER" in str(raised.value)
    filled = Columns(weights={"people": "population"}, fill={"people": 50.0})
    partition = partitioning.make("MADE", [layer, bare], SMALL, columns=filled)
    assert partition.layers[0].taken["fill people"] == "50"
    assert partitioning.again(partition, [bare, layer]) == []


WRONG = [
    ("lon,lat\n36.1,x\n37,35\n", "is no number"),
    ("a,b\n1,2\n", "no column of longitudes"),
    ("", "empty"),
    ("lon,lat\n36.1234,34.1234\n36.2345,34.2345\n", "needs 24"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_layers_that_cannot_be_read_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(text)
    with pytest.raises(BadInput) as raised:
        partitioning.make("MADE", [path], SMALL)
    assert said in str(raised.value)


def test_damaged_geometry_is_refused_in_our_words(tmp_path: Path) -> None:
    table = pa.table({"name": ["a"], "geometry": [b"\x01\x02"]})
    pq.write_table(table, tmp_path / "wkb.parquet")
    pq.write_table(table.replace_schema_metadata({"geo": "{"}), tmp_path / "geo.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "wkb.parquet").read_bytes()[:-9])
    (tmp_path / "bad.geojson").write_text(
        '{"features": [{"geometry": {"type": "Point", "coordinates": "x"}}]}'
    )
    (tmp_path / "five.geojson").write_text('{"features": 5}')
    none = {"type": "Feature", "properties": {}, "geometry": None}
    (tmp_path / "none.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [none]}))
    crs = {"primary_column": "geometry", "columns": {"geometry": {"crs": {"id": {"code": 32637}}}}}
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(crs)}), tmp_path / "utm.parquet")
    for path in sorted(tmp_path.glob("*.*")):
        with pytest.raises(BadInput) as raised:
            partitioning.make("MADE", [path], SMALL)
        assert path.name in str(raised.value), path.name


def test_the_door_shows_first_and_writes_when_asked(layer: Path, tmp_path: Path) -> None:
    words = [
        "protect",
        "partition",
        str(layer),
        "--name",
        "MADE",
        "--k",
        "6",
        "--block-k",
        "24",
        "--block-share",
        "6",
    ]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.output
    assert "no partition is written" in shown.output
    assert "median" in shown.output
    assert "how many people live where is missing" in shown.output
    out, picture = tmp_path / "made.json", tmp_path / "made.svg"
    asked = [*words, "--weight", "people=population", "--out", str(out), "--preview", str(picture), "--json"]
    told = json.loads(CliRunner().invoke(app, asked).stdout)
    assert told["digest"] == partitioning.opened(out).digest
    assert told["priors"] == ["count", "people"]
    assert picture.read_text().count(" km²</tspan>") == told["cells"]["many"]
    assert picture.read_text().count("<rect") == told["cells"]["many"] + told["blocks"]["many"]
    again = CliRunner().invoke(app, ["protect", "partition", str(layer), "--recompute", str(out)])
    assert again.exit_code == 0
    assert "byte for byte" in again.output


def test_an_extent_is_snapped_outward_and_may_cross_the_180th_meridian() -> None:
    box = partitioning.extent_of("176.99,-19.2,-178.01,-15")
    assert box is not None
    assert (box.west, box.south, box.east, box.north) == (10619, -1152, 10920, -900)
    for wrong in ("1,2,3", "a,b,c,d", "35,91,36,95", "nan,1,2,3"):
        with pytest.raises(BadInput):
            partitioning.extent_of(wrong)


def test_a_preview_of_cells_is_geojson_in_longitude_and_latitude(layer: Path, tmp_path: Path) -> None:
    partition = made([layer])
    partitioning.draw(partition, tmp_path / "cells.geojson")
    said = json.loads((tmp_path / "cells.geojson").read_text())
    covered = shapely.union_all([shapely.from_geojson(json.dumps(f["geometry"])) for f in said["features"]])
    assert covered.equals(partition.extent.shape())
    assert np.isfinite(covered.area)
    with pytest.raises(BadInput, match="svg"):
        partitioning.draw(partition, tmp_path / "cells.png")


def test_a_file_that_is_no_layer_is_told_from_a_table_with_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "window.yaml"
    file.write_text("from: 2031-05-12\nwords: two storeys, a tower\n")
    with pytest.raises(BadInput, match="no layer of places that we read"):
        partitioning.make("MADE", [file], Settings())

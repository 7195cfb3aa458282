"""A small world as a case folder: a run accepts it, and the truth of its inbox is where it says."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from holdfire import worlds
from holdfire.case import Case
from holdfire.worlds.casefolder import beside, of_folder
from holdfire.worlds.lists_plan import FOUR
from holdfire.worlds.preset import Preset
from holdfire.worlds.verdicts import law


def press() -> Preset:
    """Return a preset in which newspapers, a ministry and observers tell too."""
    said = worlds.read("hard").model_dump(mode="json")
    coarse = {
        "point": 0,
        "town": 0.9,
        "district": 0.05,
        "governorate": 0.05,
        "hour": 0.1,
        "day": 0.8,
        "week": 0.1,
    }
    told: list[dict[str, Any]] = [
        {"id": "wire", "name": {"en": "North Wire", "ar": "برقية الشمال"}, "kind": "media", "reach": 0.3},
        {"id": "sahl", "name": {"en": "al-Sahl", "ar": "السهل"}, "kind": "media", "reach": 0.2, "spelling": 3}
        | {"copies": {"wire": 0.4}},
        {"id": "ministry", "name": {"en": "Ministry", "ar": "الوزارة"}, "kind": "party", "actor": "ardal"}
        | {"reach": 0.1, "denies": 0.3, "affiliation": "party"},
        {"id": "patrol", "name": {"en": "Patrol", "ar": "الدورية"}, "kind": "monitor", "reach": 0.2},
    ]
    media = {"affiliation": "media"}
    said["sources"] += [(media if each["kind"] == "media" else {}) | each | {"fine": coarse} for each in told]
    return Preset.model_validate(said | {"name": "press"})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case") / "world"
    worlds.make(press(), 3, 260, folder)
    beside(folder)
    return folder


def told(world: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(world / "truth" / "case_told.parquet").to_pylist()
    return rows


def test_a_run_accepts_it_and_makes_a_bulletin(world: Path, tmp_path: Path) -> None:
    copy = tmp_path / "case"
    shutil.copytree(world / "case", copy)  # a run writes into its folder
    ran = Case.open(copy).run("2031-07-01/2031-07-31")
    assert ran.summary.reports == len([*copy.glob("inbox/*.md"), *copy.glob("inbox/*.csv")])
    assert (copy / "bulletins/2031-07-01_2031-07-31/index.html").is_file()


def test_every_record_stands_in_the_case_once_and_where_the_truth_says(world: Path) -> None:
    rows = told(world)
    records = pq.read_table(str(world / "records" / "atlas")).num_rows
    atlas = {row["claim_id"] for row in rows if row["source"] == "atlas"}
    assert len(atlas) == records
    everything = pq.read_table(world / "truth" / "told.parquet")["claim_id"].to_pylist()
    assert {row["claim_id"] for row in rows} == set(everything)


def test_a_row_of_a_table_is_that_of_its_record(world: Path) -> None:
    by_file: dict[str, list[list[str]]] = {}
    for row in told(world):
        if row["row"] is None:
            continue
        if row["file"] not in by_file:
            with (world / row["file"]).open(encoding="utf-8", newline="") as held:
                separator = ";" if "tally" in row["file"] else ","
                by_file[row["file"]] = [*csv.reader(held, delimiter=separator)]
        assert by_file[row["file"]][row["row"]][0] == row["claim_id"]
    assert len(by_file) > 5


def test_a_span_holds_a_sentence_of_the_text(world: Path) -> None:
    spans = [row for row in told(world) if row["span_start"] is not None]
    assert {row["source"] for row in spans} == {"wire", "sahl", "ministry"}
    for row in spans:
        text = (world / row["file"]).read_text(encoding="utf-8")
        words = text[row["span_start"] : row["span_end"]]
        assert words == words.strip()
        assert words.endswith((".", ".)", "»."))
        assert "---" not in words
    assert any(row["act"] == "denied" for row in spans)


def test_every_file_says_that_it_is_simulated(world: Path) -> None:
    files = [file for file in (world / "case").rglob("*") if file.is_file() and file.suffix != ".csv"]
    assert len(files) > 60
    assert not [file for file in files if "imulated" not in file.read_text(encoding="utf-8")]
    for table in (world / "case" / "inbox").glob("*.csv"):
        assert table.with_name(table.name + ".about.yaml").is_file()


def test_the_agreement_is_the_one_of_the_truth(world: Path) -> None:
    made = of_folder(world)
    zones = json.loads((world / "case/agreement/zones/area.geojson").read_text(encoding="utf-8"))
    assert zones["geometry"]["type"] == "Polygon"
    bound = {
        party.id
        for number, party in enumerate(made.preset.parties)
        if law(made.preset, made.country).bound[0, number]
    }
    agreement = Case.open(world / "case").agreement
    assert {
        p.actor for p in agreement.parties if p.role.value in ("adherent", "sponsor", "signatory")
    } == bound


def test_lists_of_the_dead_stand_in_the_inbox_and_are_about_the_world_s_dead(world: Path) -> None:
    said = json.loads((world / "world.json").read_text(encoding="utf-8"))
    people = pq.read_table(world / "truth" / "people.parquet")
    assert people.num_rows == said["tolls"]["killed"]
    assert sum(people["civilian"].to_pylist()) == said["tolls"]["civilians"]
    for plan in FOUR:
        with (world / f"case/inbox/list-{plan.name}.csv").open(encoding="utf-8", newline="") as held:
            rows = [*csv.reader(held)]
        assert len(rows) - 1 == said["lists"][plan.name]


def test_the_same_world_gives_the_same_case(world: Path, tmp_path: Path) -> None:
    worlds.make(press(), 3, 260, tmp_path / "again")
    beside(tmp_path / "again")
    for file in (world / "case").rglob("*"):
        if file.is_file():
            assert file.read_bytes() == (tmp_path / "again" / file.relative_to(world)).read_bytes()

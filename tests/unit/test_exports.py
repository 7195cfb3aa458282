"""The annexes: rows that read back, nothing invented, coordinates coarse, manifests that verify."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

from builders import a_claim, a_determination, a_material, a_member, an_incident
from holdfire.publishing.exports import CLAIM_COLUMNS, INCIDENT_COLUMNS, manifest, table
from holdfire.publishing.site import publish


def files(**given: Any) -> dict[str, bytes]:
    return dict(publish(a_material(**given)))


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_the_incident_table_reads_back_as_the_same_rows_in_csv_and_json() -> None:
    made = files()
    listed = json.loads(made["annex/incidents.json"])["incidents"]
    rows = read(made["annex/incidents.csv"])
    assert tuple(rows[0]) == INCIDENT_COLUMNS
    assert len(rows) == len(listed) == 1
    assert rows[0]["verdict"] == listed[0]["verdict"] == "breach"
    assert rows[0]["clause"] == "Art. 1 | Art. 4(1) | Art. 2 | Art. 3"
    assert listed[0]["clause"] == ["Art. 1", "Art. 4(1)", "Art. 2", "Art. 3"]
    assert (rows[0]["killed_low"], listed[0]["killed_low"]) == ("3", 3)
    assert rows[0]["start"] == "2031-05-01T21:00Z"


def test_what_is_not_known_is_an_empty_cell_and_null_never_zero() -> None:
    silent = {"killed_low": None, "killed_best": None, "killed_high": None, "admin1": None}
    made = files(claims=[a_claim(**silent)], incidents=[an_incident(**silent)])
    assert read(made["annex/incidents.csv"])[0]["killed_low"] == ""
    assert json.loads(made["annex/incidents.json"])["incidents"][0]["killed_low"] is None
    assert read(made["annex/incidents.csv"])[0]["area"] == ""


def test_an_answer_that_is_unclear_is_written_so() -> None:
    made = files(determinations=[a_determination(window=None, target=False)])
    row = read(made["annex/incidents.csv"])[0]
    assert (row["asked_window"], row["asked_area"], row["asked_target"]) == ("unclear", "yes", "no")


def test_claims_go_without_their_words_and_without_coordinates() -> None:
    rows = read(files()["annex/claims.csv"])
    assert tuple(rows[0]) == CLAIM_COLUMNS
    assert not {"text", "quote", "lat", "lon", "actors_text", "targets_text"} & set(CLAIM_COLUMNS)


def test_features_are_coarse_and_one_that_is_not_located_has_no_geometry() -> None:
    nowhere = {"lat": None, "lon": None, "radius": None}
    made = files(
        claims=[a_claim(1), a_claim(2, **nowhere)],
        incidents=[an_incident(1), an_incident(2, **nowhere)],
        determinations=[a_determination(1), a_determination(2)],
        members=[a_member(1), a_member(2)],
    )
    features = {f["id"]: f for f in json.loads(made["annex/incidents.geojson"])["features"]}
    located = next(f for f in features.values() if f["geometry"])
    assert located["geometry"]["coordinates"] == [36.3, 33.5]
    assert located["properties"]["radius_m"] > 2500
    assert sum(f["geometry"] is None for f in features.values()) == 1


def test_a_place_wider_than_the_grid_is_rounded_to_its_own_width() -> None:
    made = files(incidents=[an_incident(radius=120_000.0, geo_precision="governorate")])
    feature = json.loads(made["annex/incidents.geojson"])["features"][0]
    assert feature["geometry"]["coordinates"] == [36.3, 33.0]
    assert feature["properties"]["radius_m"] > 120_000


def test_the_grid_of_the_case_is_kept() -> None:
    feature = json.loads(files(grid=100)["annex/incidents.geojson"])["features"][0]
    assert feature["geometry"]["coordinates"] == [36.0, 34.0]


def test_a_formula_in_a_name_does_not_reach_a_spreadsheet() -> None:
    made = files(incidents=[an_incident(place="=HYPERLINK(1)", admin1="@alpha")])
    row = read(made["annex/incidents.csv"])[0]
    assert row["place_public"].startswith("'=")
    assert row["area"].startswith("'@")


def test_a_cell_with_commas_quotes_and_lines_reads_back() -> None:
    text = 'a, "b"\nc'
    assert read(table(["x"], [{"x": text}])) == [{"x": text}]


def test_both_manifests_name_every_file_with_its_digest() -> None:
    made = files()
    annex = dict(reversed(line.split("  ")) for line in made["annex/manifest.txt"].decode().splitlines())
    assert set(annex) == {"claims.csv", "incidents.csv", "incidents.geojson", "incidents.json"}
    whole = dict(reversed(line.split("  ")) for line in made["manifest.txt"].decode().splitlines())
    assert set(whole) == set(made) - {"manifest.txt"}
    for path, name in whole.items():
        assert hashlib.sha256(made[path]).hexdigest() == name
    for path, name in annex.items():
        assert whole[f"annex/{path}"] == name


def test_the_manifest_hash_on_the_front_is_that_of_the_annex() -> None:
    made = files()
    assert hashlib.sha256(made["annex/manifest.txt"]).hexdigest() in made["index.html"].decode()


def test_a_manifest_is_in_the_form_of_sha256sum() -> None:
    assert manifest([("b", "2" * 64), ("a/x", "1" * 64)]) == f"{'1' * 64}  a/x\n{'2' * 64}  b\n".encode()


def test_a_period_without_incidents_has_annexes_of_no_rows() -> None:
    made = files(claims=[], incidents=[], determinations=[], members=[])
    assert read(made["annex/incidents.csv"]) == []
    assert json.loads(made["annex/incidents.geojson"])["features"] == []

"""The metadata of a bundle keeps the rules of RO-Crate 1.2, and the same values give the same bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from holdfire.errors import BadInput
from holdfire.publishing.courtesies.rocrate import About, Listed, crate

ABOUT = About(
    title="Record of the Strip",
    description="What happened, whether the agreement forbids it, and how strong the evidence is.",
    first="2031-05-02",
    last="2031-05-03",
    number=2,
    version=1,
    published="2031-05-03T12:00Z",
    licence="https://creativecommons.org/licenses/by/4.0/",
    licence_name="Creative Commons Attribution 4.0",
    publisher="Joint record of the Strip",
    fingerprint=f"{9:064x}",
    software="0.1.0",
)
CONTENT = {
    "README.txt": b"read me",
    "bulletin/index.html": b"<html></html>",
    "bulletin/data/incidents.csv": b"a,b",
    "exports/prov/d-1.json": b"{}",
    "exhibits/نص 1%.txt": b"words",
}


def listed() -> list[Listed]:
    return [
        Listed(path=path, digest=hashlib.sha256(content).hexdigest(), size=len(content))
        for path, content in CONTENT.items()
    ]


def by_id(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    names = [entity["@id"] for entity in found["@graph"]]
    assert len(set(names)) == len(names), "one entity a name"
    return {entity["@id"]: entity for entity in found["@graph"]}


def test_the_descriptor_and_the_root_have_what_the_specification_demands() -> None:
    found = by_id(crate(listed(), ABOUT))
    descriptor = found["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    root = found["./"]
    assert root["@type"] == "Dataset"
    assert root["datePublished"] == "2031-05-03T12:00:00Z"
    assert root["temporalCoverage"] == "2031-05-02/2031-05-03"
    assert {"name", "description", "license"} <= set(root)
    licence = found[root["license"]["@id"]]
    assert licence["@type"] == "CreativeWork"
    assert {"name", "description"} <= set(licence)


def test_every_reference_leads_somewhere_and_every_data_entity_is_reached_from_the_root() -> None:
    found = by_id(crate(listed(), ABOUT))
    for entity in found.values():
        for key, value in entity.items():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict) and key != "conformsTo":
                    assert each["@id"] in found
    reached, fresh = set(), {"./"}
    while fresh:
        reached |= fresh
        fresh = {p["@id"] for name in fresh for p in found[name].get("hasPart", [])} - reached
    assert reached == {name for name, e in found.items() if e["@type"] in ("File", "Dataset")}


def test_each_file_has_its_digest_size_and_type() -> None:
    found = by_id(crate(listed(), ABOUT))
    page = found["bulletin/index.html"]
    assert page["sha256"] == hashlib.sha256(CONTENT["bulletin/index.html"]).hexdigest()
    assert page["contentSize"] == "13"
    assert page["encodingFormat"] == "text/html"
    assert "exhibits/نص%201%25.txt" in found
    assert "sha256" not in found["MANIFEST"], "what is sealed after the metadata has no digest in it"


def test_order_changes_nothing() -> None:
    assert json.dumps(crate(listed(), ABOUT)) == json.dumps(crate(listed()[::-1], ABOUT))


@pytest.mark.parametrize("path", ["MANIFEST", "ro-crate-metadata.json", "log/tile/0/000", "README.txt"])
def test_a_path_given_twice_or_made_later_is_refused(path: str) -> None:
    extra = Listed(path=path, digest="0" * 64, size=0)
    with pytest.raises(BadInput, match=path):
        crate([*listed(), extra], ABOUT)


def test_a_record_without_a_licence_says_so_in_words() -> None:
    about = {name: getattr(ABOUT, name) for name in ABOUT.__slots__}
    found = by_id(crate(listed(), About(**{**about, "licence": "", "licence_name": "All rights reserved"})))
    assert found[found["./"]["license"]["@id"]]["name"] == "All rights reserved"


def test_the_rocrate_package_reads_it_whole(tmp_path: Path) -> None:
    package = pytest.importorskip("rocrate.rocrate", reason="the rocrate package is not installed")
    found = crate(listed(), ABOUT)
    for path, content in {**CONTENT, "MANIFEST": b"", "RELEASE.tlog-proof": b"", "checkpoint": b""}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    for folder in ("keys", "log", "proofs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    read = package.ROCrate(tmp_path)
    assert read.root_dataset["temporalCoverage"] == "2031-05-02/2031-05-03"
    entities = {entity.id for entity in read.get_entities()}
    assert entities == set(by_id(found))
    assert read.dereference("bulletin/index.html").type == "File"

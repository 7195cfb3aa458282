"""The page on the case folder names every field, and each of its examples is read as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from holdfire import documents, times
from holdfire.agreement.document import Head
from holdfire.agreement.instruments import Instrument
from holdfire.agreement.parties import Exclusions, OutsideList, Parties
from holdfire.agreement.terms import Acts, Findings, Term
from holdfire.agreement.zones import PROPERTIES, read_zones
from holdfire.reading.listmapping import ListFile
from holdfire.reading.mapping import MappingFile
from holdfire.records import casefile, decided
from holdfire.records.correction import FIELDS as CORRECTED
from holdfire.records.correction import Act, Correction
from holdfire.records.link import Judgement, Linked, Said

MODELS: dict[str, type[BaseModel]] = {
    "case.yaml": casefile.CaseHead,
    "actors.yaml": casefile.ActorsFile,
    "places.yaml": casefile.PlacesFile,
    "agreement/agreement.yaml": Head,
    "agreement/instruments/": Instrument,
    "agreement/parties.yaml": Parties,
    "agreement/exclusions.yaml": Exclusions,
    "agreement/lists/": OutsideList,
    "agreement/conditions.yaml": Findings,
    "agreement/acts.yaml": Acts,
    "agreement/terms/": Term,
    "inbox/": casefile.About,
    "mappings/": MappingFile,
    "mappings/LIST.yaml": ListFile,
    "hand/restrictions.yaml": decided.Restrictions,
    "hand/obligations.yaml": decided.Obligations,
    "hand/tolls.yaml": decided.Tolls,
    "hand/counting.yaml": decided.Counting,
    "hand/counts.yaml": decided.Counts,
    "hand/grades.yaml": decided.Grades,
    "hand/replies.yaml": decided.Replies,
    "hand/rulings.yaml": decided.Rulings,
}


@pytest.fixture(scope="module")
def page(root: Any) -> dict[str, str]:
    """Return each section of the page by its heading."""
    text = (root / "docs/look-up/case-folder.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", text, re.S | re.M))


def _example(section: str, language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", section, re.S)[1]  # type: ignore[index]


@pytest.mark.parametrize("name", MODELS)
def test_example_is_read(page: dict[str, str], name: str) -> None:
    read = documents.read(MODELS[name], _example(page[name], "yaml"), name)
    if isinstance(read, casefile.ActorsFile):
        assert read.read(times.zone("Europe/Chisinau"))


@pytest.mark.parametrize("name", MODELS)
def test_every_field_is_named(page: dict[str, str], name: str) -> None:
    missing = [f for f in _fields(MODELS[name]) if not re.search(rf"\b{re.escape(f)}\b", page[name])]
    assert not missing, f"{name} lacks {missing}"


def test_zone_is_read_and_every_property_is_named(page: dict[str, str]) -> None:
    text = _example(page["agreement/zones/"], "json")
    assert [zone.id for zone in read_zones(text, "zone")] == ["strip"]
    assert set(json.loads(text)["properties"]) == PROPERTIES


def test_every_section_is_tried(page: dict[str, str]) -> None:
    assert set(page) == {*MODELS, "agreement/zones/", "hand/claims.jsonl", "hand/links.jsonl"}


def test_every_field_and_act_of_a_correction_is_named(page: dict[str, str]) -> None:
    named = set(re.findall(r"`([a-z_ ]+)`", page["hand/claims.jsonl"]))
    words = {word for each in named for word in each.split()}
    assert {*Correction.model_fields, *Act, *CORRECTED} <= words


def _fields(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name
        for inner in _models(field.annotation):
            yield from _fields(inner)


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for each in get_args(kind):
        yield from _models(each)


def test_every_field_and_value_of_a_judgement_is_named(page: dict[str, str]) -> None:
    named = set(re.findall(r"`([a-z_ ]+)`", page["hand/links.jsonl"]))
    assert {*Judgement.model_fields, *Said, *Linked} <= named

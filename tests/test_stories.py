"""Every story of tests/stories comes out as the lawyer who wrote it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from storytelling import Told, tell

STORIES = Path(__file__).parent / "stories"
EXPECTABLE = {
    "verdict", "coverage", "occurrence", "occurrence_strength", "strength", "attribution",
    "attribution_strength", "contested", "because", "rule", "term", "change", "incidents",
    "claims_not_incident", "denials", "admissions",
}  # fmt: skip


def _stories() -> Iterator[Any]:
    yaml = YAML(typ="safe")
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
    for file in sorted(STORIES.glob("*.yaml")):
        for story in yaml.load(file.read_text(encoding="utf-8")):
            yield pytest.param(story, id=f"{file.stem}: {story['name']}")


@pytest.mark.parametrize("story", list(_stories()))
def test_story(story: Mapping[str, Any]) -> None:
    expect = dict(story["expect"])
    assert set(expect) <= EXPECTABLE, "the story expects something the runner does not know"
    told = tell(story)
    found = _found(told, expect)
    assert {key: _plain(found[key]) for key in expect} == {key: _plain(expect[key]) for key in expect}


def _found(told: Told, expect: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "incidents": told.fused.incidents.num_rows,
        "claims_not_incident": told.claims.num_rows - told.fused.members.num_rows,
    }
    if set(expect) <= set(found):
        return found
    assert len(told.determinations) == 1, f"{len(told.determinations)} incidents; the story speaks of one"
    row = told.determinations[0]
    found |= {
        **row,
        "strength": row["occurrence_strength"],
        "contested": row["attribution_contested"],
        "because": {asked: row[asked] for asked in expect.get("because", {})},
    }
    return found


def _plain(value: Any) -> Any:
    """Return yes, no and unclear alike, however YAML or a table writes them."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted(str(v) for v in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return {True: "yes", False: "no", None: "unclear"}.get(value, value)


def test_there_are_enough_stories() -> None:
    assert len(list(_stories())) >= 40

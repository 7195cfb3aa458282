"""The worked example of docs/do/add-a-language.md: a small page of Spanish, read by the engine as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire.documents import load
from holdfire.errors import BadInput
from holdfire.reading.prose.page.zones import read_page
from holdfire.reading.prose.tongues import read_claims, trying
from holdfire.tables import rows
from prosing import Row, context, report

PAGE = Path(__file__).parents[1] / "tongues" / "example_es.yaml"


@pytest.fixture(autouse=True)
def spanish() -> Iterator[None]:
    with trying(load(PAGE.read_text(encoding="utf-8"), PAGE.name)):
        yield


def only(text: str) -> Row:
    found = list(rows(read_claims("es", read_page(text, 0, "x.txt"), report(text), context())))
    assert len(found) == 1, found
    return found[0]


def test_the_page_of_the_manual_is_the_page_that_is_tested(root: Path) -> None:
    manual = (root / "docs" / "do" / "add-a-language.md").read_text(encoding="utf-8")
    shown = manual.split("```yaml\n")[1].split("```")[0].splitlines()
    written = PAGE.read_text(encoding="utf-8")
    assert len(shown) > 10
    assert [line for line in shown if line.rstrip('"}').rstrip() not in written] == []


def test_a_told_act_has_its_voice_its_doer_and_its_place() -> None:
    row = only("El ejército bombardeó Marrow, dijo el portavoz.")
    assert (row["event_type"], row["modality"], row["kind"]) == ("attack.bombardment", "actual", "reported")
    assert (row["actors_text"], row["place"]) == ("El ejército", "Marrow")
    assert row["chain"][-1]["text"] == "el portavoz"


def test_a_denied_count_keeps_its_bound() -> None:
    row = only("El gobierno negó que los rebeldes mataron al menos cinco civiles.")
    assert (row["stance"], row["killed_low"], row["killed_high"]) == ("denies", 5, None)


def test_a_plan_did_not_happen() -> None:
    assert only("El ejército planea bombardear Marrow.")["modality"] == "intended"


def test_a_negation_is_kept() -> None:
    assert only("El ejército no bombardeó Marrow.")["negated"]


def test_a_page_on_trial_cannot_take_the_place_of_ours() -> None:
    with pytest.raises(BadInput, match="'fr'"), trying({"language": "fr"}):
        pass

"""A probability that moves by next to nothing makes no version; one that moved, and an interval, make one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from holdfire.digests import short
from holdfire.ledger.log import Ledger
from holdfire.recording import standing, state
from holdfire.versions.history import history
from holdfire.versions.written import Version, versions
from versioning import ENGINE, came, ran

FOUND: dict[str, Any] = {
    "occurrence_probability": 900,
    "attribution_probability": 800,
    "killed_least": 1,
    "killed_most": 3,
}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    opened = Ledger.open(tmp_path / "l.sqlite", write=True)
    opened.append([came(1)])
    ran(opened, [[1]], 1, found=FOUND)
    return opened


def again(ledger: Ledger, number: int, **changed: Any) -> list[Version]:
    """Return all versions after one more run that found this."""
    ledger.append([came(number)])
    ran(ledger, [[1]], number, found={**FOUND, **changed})
    return versions(ledger, ENGINE)


def told(ledger: Ledger) -> str:
    return history(ledger, ENGINE, short("d", "1"))[-1].text


@pytest.mark.parametrize("name", ["occurrence_probability", "attribution_probability"])
def test_a_small_move_leaves_the_entry_that_stands(ledger: Ledger, name: str) -> None:
    stood = standing(ledger, "determination", ENGINE)["leaf"].to_pylist()
    assert again(ledger, 2, **{name: FOUND[name] + 19}) == []
    assert again(ledger, 3, **{name: FOUND[name] - 19}) == []
    assert standing(ledger, "determination", ENGINE)["leaf"].to_pylist() == stood
    assert state(ledger, ENGINE).determinations[name].to_pylist() == [FOUND[name]]


def test_a_move_of_the_step_is_a_version_and_says_so(ledger: Ledger) -> None:
    (made,) = again(ledger, 2, occurrence_probability=880)
    assert (made.number, made.why) == (2, ("report_came",))
    assert "Changed: probability that it happened, in 1,000 was 900, is 880." in told(ledger)


def test_small_steps_in_one_direction_add_up(ledger: Ledger) -> None:
    assert again(ledger, 2, occurrence_probability=912) == []
    assert len(again(ledger, 3, occurrence_probability=924)) == 1
    assert again(ledger, 4, occurrence_probability=936)[1:] == [], "it is counted from what stands now"


def test_a_word_that_changes_is_a_version_however_little_moved(ledger: Ledger) -> None:
    word = {"occurrence_strength": "highly_probable", "occurrence_probability": 901}
    assert len(again(ledger, 2, **word)) == 1
    assert state(ledger, ENGINE).determinations["occurrence_probability"].to_pylist() == [901]
    assert "how surely it happened was probable, is highly probable" in told(ledger)
    assert "in 1,000" not in told(ledger)


def test_a_probability_that_comes_or_goes_is_a_version(ledger: Ledger) -> None:
    assert len(again(ledger, 2, attribution_probability=None)) == 1
    assert "probability of who did it, in 1,000 was 800, is not said" in told(ledger)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"killed_least": 2}, "killed, low end of the 90 % interval was 1, is 2"),
        ({"killed_most": None}, "killed, high end of the 90 % interval was 3, is no bound"),
    ],
)
def test_an_interval_of_deaths_has_no_step(ledger: Ledger, changed: dict[str, Any], said: str) -> None:
    assert len(again(ledger, 2, **changed)) == 1
    assert said in told(ledger)
    assert "are as they were" not in told(ledger)

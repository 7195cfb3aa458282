"""Whether a trend is fooled where access doubles, and whether it still sees fighting that doubles.

`python -m bench.judging truce` has the same over more seeds and scenes. Each scene is the other's control.
"""

from __future__ import annotations

from collections import Counter

import pytest
from bench.judging.eyes import SCENES, said

SEEDS = range(8)


@pytest.mark.parametrize(
    "name",
    [
        "access doubles, two sources",
        "access doubles, one source",
        "fighting doubles, two sources",
        "fighting doubles, one source",
    ],
)
def test_a_doubling_of_access_and_one_of_fighting_are_told_apart(name: str) -> None:
    scene, effort = SCENES[name]
    found = said(scene, SEEDS)
    changes = sum(found.values()) - found["no change"]
    assert changes >= 5
    assert found[effort.value] >= 0.65 * changes, found
    wrong = {"explains": "steady", "steady": "explains"}[effort.value]
    assert found[wrong] <= 0.15 * changes, found


def test_sources_that_hear_the_same_are_not_called_steady() -> None:
    """Where all sources hear of the loud incidents alike, their overlap says less than the truth."""
    scene, _ = SCENES["access doubles, two sources that hear the same loud ones"]
    found: Counter[str] = said(scene, SEEDS)
    assert found["steady"] <= 0.25 * (sum(found.values()) - found["no change"])

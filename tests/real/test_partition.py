"""A partition of 8,007 public places of Syria, and of places of Ukraine, holds what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.protecting.partition import held, syria, ukraine

from holdfire.protecting.partition import Settings, build
from holdfire.protecting.summary import summary


@pytest.mark.shared
@pytest.mark.parametrize(("name", "places"), [("SYR", syria), ("UKR", ukraine)])
def test_no_cell_below_k_and_every_disc_in_its_zone(name: str, places: object, shared_data: Path) -> None:
    candidates = places(shared_data / "geo")  # type: ignore[operator]
    made = build(candidates, Settings(), name)
    assert len(made.cells) > 100
    assert [figure.value for figure in held(name, candidates, made)] == [0.0, 0.0]
    found = summary(made)
    assert min(each.effective for each in found.cells.priors.values()) >= 10
    assert max(each.ball for each in found.cells.priors.values()) <= 0.2 + 1e-9
    assert min(each.effective for each in found.blocks.priors.values()) >= 80

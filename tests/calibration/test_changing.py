"""Whether chances of change come true, on drawn series and on made worlds, and how often none is one.

`HOLDFIRE_SIMULATIONS` sets how many series are drawn (100; a fifth of them are used here). The control is
the same reckoning with days taken as independent: in worlds without any truce it must raise more alarms.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from bench.judging.made import Said, drawn, of_worlds, said

from holdfire.judging import changing

RUNS = int(os.environ.get("HOLDFIRE_SIMULATIONS", "100"))


def told(capsys: pytest.CaptureFixture[str], name: str, found: list[Said]) -> None:
    with capsys.disabled():
        for low, high in ((0, 0.5), (0.5, 0.9), (0.9, 1.01)):
            inside = [each for each in found if low <= each.chance < high]
            if inside:
                said_, true = (np.mean([getattr(e, a) for e in inside]) for a in ("chance", "true"))
                print(f"\n{name}: {len(inside)} said at {said_:.0%} are true in {true:.0%}", end="")


def test_chances_come_true_where_the_model_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    found = [each for known in drawn(5, max(RUNS // 5, 20)) for each in said(known)]
    told(capsys, "drawn", found)
    gap = np.mean([each.chance - each.true for each in found])
    assert abs(gap) < 0.1
    sure = [each.true for each in found if each.chance >= 0.9]
    assert np.mean(sure) >= 0.93
    spans = [each.held for each in found if each.held is not None and each.chance >= 0.5]
    assert np.mean(spans) >= 0.85


def test_chances_come_nearly_true_in_worlds_where_acts_call_forth_acts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = [known for seed in range(100, 100 + max(RUNS // 100, 1)) for known in of_worlds(seed)]
    found = [each for known in worlds for each in said(known)]
    told(capsys, "worlds", found)
    assert np.mean([each.chance - each.true for each in found]) < 0.15
    assert np.mean([each.true for each in found if each.chance >= 0.9]) >= 0.75
    monkeypatch.setattr(changing, "clumping", lambda days, k: 1.0)
    bare = [each for known in worlds for each in said(known)]
    gaps = [np.mean([e.chance - e.true for e in each if e.chance >= 0.5]) for each in (bare, found)]
    assert gaps[0] > gaps[1] + 0.05, "days taken as independent are too sure of themselves"


def test_worlds_without_a_truce_raise_few_alarms(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = list(of_worlds(7, calm=True))
    years = sum(len(known.counts) for known in worlds) / 365.25

    def alarms() -> float:
        return sum(e.chance >= 0.5 and not e.true for known in worlds for e in said(known)) / years

    ours = alarms()
    monkeypatch.setattr(changing, "clumping", lambda days, k: 1.0)
    control = alarms()
    with capsys.disabled():
        print(f"\nno truce: {ours:.2f} alarms a year; days taken as independent: {control:.2f}", end="")
    assert ours <= 0.8
    assert control > 2 * ours

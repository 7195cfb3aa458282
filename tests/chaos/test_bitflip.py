"""A flipped bit is noticed or has no effect. The long form: make chaos."""

from __future__ import annotations

import pytest

from holdfire.chaos.bitflip import NOTICED, bitflip

FLIPS = 180
SEED = 2016


def test_no_flipped_bit_is_silently_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    told = bitflip(FLIPS, SEED)
    with capsys.disabled():
        print(f"\n{told}")
    assert not told.details
    assert told.passed, "nothing silently wrong, and the control found out"
    assert told.seen[NOTICED] > FLIPS // 4, "the bits must have lain where something is"
    assert told.controls[0].found > told.controls[0].tried // 3

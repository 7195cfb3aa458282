"""A flipped bit is noticed or has no effect. The long form: make chaos."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from attacks.honest import NOON, Making
from holdfire.chaos.bitflip import NOTICED, Bundle, bitflip

FLIPS = int(os.environ.get("HOLDFIRE_CHAOS_N", "60"))
SEED = 2016


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    made = Making().bundle()
    for name, content in made.files.items():
        path = tmp_path / "bundle" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert made.at == NOON + 3600
    return Bundle(tmp_path / "bundle", made.fingerprint, "2031-05-07T13:00:00Z")


def test_no_flipped_bit_is_silently_wrong(bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    told = bitflip(FLIPS, SEED, bundle)
    with capsys.disabled():
        print(f"\n{told}")
    assert not told.details
    assert told.passed, "nothing silently wrong, and the control found out"
    assert told.seen[NOTICED] > FLIPS // 4, "the bits must have lain where something is"
    assert told.seen["of bundle"] == FLIPS // 4
    assert told.controls[0].found > told.controls[0].tried // 3

"""System calls of an append and of a bulletin fail; nothing that was said is lost. All: make chaos."""

from __future__ import annotations

import pytest

from holdfire.chaos.syscalls import OUTCOMES, syscalls
from straced import needs_strace

FAULTS = 50
SEED = 2016


def test_nothing_acknowledged_is_lost_whichever_call_fails(capsys: pytest.CaptureFixture[str]) -> None:
    needs_strace()
    told = syscalls(SEED, FAULTS)
    with capsys.disabled():
        print(f"\n{told}")
    assert not told.details
    assert told.passed, "nothing lost, and the control found out"
    assert told.trials == FAULTS, "each fault met its call"
    assert sum(told.seen[each] for each in OUTCOMES) == FAULTS
    for outcome in ("tolerated", "refused", "killed before"):
        assert told.seen[outcome], f"no fault was {outcome}, so the faults are not where they should be"

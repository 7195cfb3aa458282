"""The clock says what it is set to, and a clock set for an exercise is said by every command."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from holdfire.clock import clock
from holdfire.errors import BadInput


def test_an_exercise_sets_it_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert clock() == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    monkeypatch.setenv("HOLDFIRE_NOW", "2031-05-05T09:00Z")
    assert clock() == datetime(2031, 5, 5, 9, tzinfo=UTC)
    monkeypatch.setenv("HOLDFIRE_NOW", "next Monday")
    with pytest.raises(BadInput, match="is not an instant"):
        clock()


def test_else_it_is_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.delenv("HOLDFIRE_NOW", raising=False)
    assert abs(clock() - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize(("now", "said"), [("2031-05-05T09:00Z", True), ("", False)])
def test_a_command_says_that_its_clock_was_set(now: str, said: bool) -> None:
    found = subprocess.run(
        [sys.executable, "-c", "from holdfire.cli import main; main()", "--version"],
        env={**os.environ, "HOLDFIRE_NOW": now},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ("exercise: the clock stands at 2031-05-05T09:00Z" in found.stderr) is said
    assert "exercise" not in found.stdout

"""Whether strace can be used here."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from holdfire.chaos.forks import Forks
from holdfire.chaos.tracing import traced
from holdfire.chaos.writer import Said
from holdfire.errors import HoldfireError


def needs_strace() -> None:
    """Skip where strace is missing or may not attach; fail where CI says that it is there."""
    job = {"said": Said(), "seed": 0, "mix": (1, 0, 0), "rounds": 1, "close": True}
    with tempfile.TemporaryDirectory() as name, Forks() as forks:
        try:
            traced(forks, {**job, "folder": name + "/work"}, Path(name) / "strace")
        except HoldfireError as error:
            if os.environ.get("HOLDFIRE_STRACE"):
                pytest.fail(f"CI says that strace is there: {error}")
            pytest.skip(f"no strace: {error.problems[0].problem}")

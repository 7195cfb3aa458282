"""What every test may ask for."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from typer import testing
from typer.main import get_command

settings.register_profile("untimed", deadline=None)  # a busy machine breaks no promise
settings.load_profile("untimed")

# Typer's runner makes every command of an app anew for each that a test gives: a fifth of a second.
vars(testing)["_get_command"] = cache(get_command)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of shared data beside the project; skip where it is absent, fail in CI."""
    data = ROOT.parent / "shared" / "data"
    if not data.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the shared data folder is missing beside the project, and CI must not skip")
        pytest.skip("needs ../shared/data beside the project")
    return data

"""The pictures in the docs are those that the presets make."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from holdfire import worlds


@pytest.mark.parametrize("name", worlds.presets())
def test_each_picture_is_what_its_preset_makes(root: Path, name: str) -> None:
    spec = importlib.util.spec_from_file_location("worlds_script", root / "scripts" / "worlds.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    drawn = (root / "docs" / "understand" / "worlds" / f"{name}.svg").read_text(encoding="utf-8")
    made = script.picture(name)
    # Words and counts to the letter; places may differ in the last bit from one processor to another.
    assert re.findall(r"<text[^>]*>([^<]*)", drawn) == re.findall(r"<text[^>]*>([^<]*)", made)
    assert abs(len(drawn) - len(made)) < 200
    assert "simulated" in drawn
    assert len(drawn) < 60_000
    page = (root / "docs" / "understand" / "worlds.md").read_text(encoding="utf-8")
    assert f"worlds/{name}.svg" in page

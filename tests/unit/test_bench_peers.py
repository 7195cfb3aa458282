"""R's packages beside ours: what they print is read as it is, and where R has none it says so."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from bench.counting import peers


def test_what_a_package_prints_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stub = tmp_path / "Rscript"
    stub.write_text('#!/bin/sh\necho "Loading required package"\necho \'{"cpu": 0.5, "middle": 7}\'\n')
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert peers.has("dga")
    assert peers.told("dga", tmp_path / "t.csv") == [{"cpu": 0.5, "middle": 7}]


def test_without_r_there_is_no_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not peers.has("dga")


@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R, to read its script")
def test_the_script_is_r() -> None:
    asked = ["Rscript", "-e", f'invisible(parse("{peers.SCRIPT}"))']
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 0

"""Reports in, annexes out, byte for byte: the shipped case.

`make golden` writes the files anew; then read the diff before you commit it. Pages are not kept here,
since they carry a digest of the code; the tables are what they are drawn from.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfire.case import Case
from holdfire.folder import Folder

GOLDEN = Path(__file__).parent / "golden" / "syria-2016"
PERIODS = ("2016-02-27/2016-03-05", "2016-09-12/2016-09-23")
TABLES = ("incidents.csv", "claims.csv", "incidents.geojson")


@pytest.fixture(scope="module")
def case(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("golden") / "case"
    made = shutil.ignore_patterns(".holdfire", "bulletins")
    shutil.copytree(root / "examples" / "syria-2016", folder, ignore=made)
    return Case(Folder(folder), now=lambda: datetime(2026, 1, 1, tzinfo=UTC), by="golden")


@pytest.mark.parametrize("period", PERIODS)
def test_the_shipped_case_gives_these_tables(case: Case, period: str) -> None:
    annex = case.run(period).bulletins[0] / "annex"
    kept = GOLDEN / period.replace("/", "_")
    if os.environ.get("HOLDFIRE_GOLDEN"):
        kept.mkdir(parents=True, exist_ok=True)
        for name in TABLES:
            shutil.copyfile(annex / name, kept / name)
    for name in TABLES:
        assert (annex / name).read_text(encoding="utf-8") == (kept / name).read_text(encoding="utf-8"), name

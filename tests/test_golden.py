"""Reports in, annexes out, byte for byte: an invented dataset into the invented agreement.

`make golden` writes the files anew; then read the diff before you commit it. Pages are not kept here,
since they carry a digest of the code; the tables are what they are drawn from.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import tabling
from casemaking import a_case
from holdfire.case import Case

GOLDEN = Path(__file__).parent / "golden" / "strip-2031"
TABLES = ("incidents.csv", "claims.csv", "incidents.geojson")
ROWS = (
    {"side_a": "North", "side_b": "South", "date_start": "2031-05-02", "date_end": "2031-05-02"},
    {"side_a": "South", "side_b": "Free Band", "date_start": "2031-05-03", "date_end": "2031-05-03"},
    {"side_a": "North", "side_b": "Hill Guard", "date_start": "2031-05-04", "date_end": "2031-05-06"},
    {"side_a": "North", "side_b": "Civilians", "type_of_violence": "3", "deaths_civilians": "3"},
    {"side_a": "North", "side_b": "South", "where_prec": "4", "date_prec": "3", "low": "0", "high": "9"},
    {"side_a": "Someone Else", "side_b": "South", "where_prec": "6", "date_prec": "5"},
)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    made = a_case(tmp_path_factory.mktemp("golden") / "case", {})
    file = made.folder.path.parent / "events.csv"
    file.write_bytes(tabling.ged(*ROWS))
    made.add([file], {"source": "observers", "published": "2031-05-09"})
    return made


def test_the_same_rows_give_the_same_tables(case: Case) -> None:
    annex = case.run("2031-05-01/2031-05-31").bulletins[0] / "annex"
    if os.environ.get("HOLDFIRE_GOLDEN"):
        GOLDEN.mkdir(parents=True, exist_ok=True)
        for name in TABLES:
            shutil.copyfile(annex / name, GOLDEN / name)
    for name in TABLES:
        assert (annex / name).read_text(encoding="utf-8") == (GOLDEN / name).read_text(encoding="utf-8"), name

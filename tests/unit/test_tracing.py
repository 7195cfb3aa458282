"""Every number of a bulletin leads to entries, and every report that was not destroyed to its bytes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from holdfire.case import Case
from holdfire.recomputing import bulletins
from holdfire.tracing import standing, trace
from recordmaking import NAME, a_record


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return a_record(tmp_path_factory.mktemp("trace") / "case")


def test_all_numbers_are_reached(case: Case) -> None:
    ((name, traced),) = standing(case.folder.path)
    assert name == NAME
    assert traced.figures > 100
    assert traced.reached == traced.figures
    assert traced.reports == traced.opened == 4
    assert traced.whole


def test_bytes_that_are_gone_are_named(case: Case, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(case.folder.path, copy)
    blob = next(p for p in sorted((copy / ".holdfire/vault/blobs").rglob("*")) if p.is_file())
    content = bytearray(blob.read_bytes())
    content[-1] ^= 1
    blob.write_bytes(content)
    ((_, traced),) = standing(copy)
    assert traced.opened == 3
    assert len(traced.lost) == 1
    assert not traced.whole


def test_a_number_that_rests_on_nothing_in_the_log_is_named(case: Case) -> None:
    """The control: a bulletin that names a determination which is no entry is not whole."""
    bulletin = json.loads((case.bulletins / NAME / "bulletin.json").read_bytes())
    basis = next(b for b, items in bulletin["bases"].items() if any(i.startswith("d-") for i in items))
    bulletin["bases"][basis].append("d-0000000000000000")
    with case.ledger() as ledger:
        traced = trace(ledger, bulletins(ledger)[-1], bulletin, None, case.engine)
    assert traced.reached < traced.figures
    assert "d-0000000000000000" in traced.lost[0]


def test_each_report_that_a_number_rests_on_matters_to_it(case: Case, tmp_path: Path) -> None:
    """Take any one of the reports away, and the deaths or the incidents are no longer what they were."""
    with case.ledger() as ledger:
        before = json.loads((case.bulletins / NAME / "bulletin.json").read_bytes())["figures"].values()
        reports = [entry.value["report"] for entry in ledger.entries("report")]
    numbers = {figure["key"]: figure["value"] for figure in before if figure["key"].startswith("summary.")}
    for number, report in enumerate(reports):
        copy = tmp_path / str(number)
        shutil.copytree(case.folder.path, copy)
        Case.open(copy).retract(report, "to see whether it mattered")
        Case.open(copy).run("2031-05-01/2031-05-09")
        after = json.loads((copy / "bulletins" / NAME / "bulletin.json").read_bytes())["figures"].values()
        assert {f["key"]: f["value"] for f in after if f["key"].startswith("summary.")} != numbers

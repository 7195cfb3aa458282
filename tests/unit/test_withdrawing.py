"""A source that is withdrawn marks everything that leaned on it, and nothing vanishes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casemaking import a_run, a_text
from holdfire.case import Case
from holdfire.cli import app
from holdfire.errors import BadInput
from holdfire.versions.history import history

PERIOD = "2031-05-01/2031-05-09"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """One incident that two sources tell of, and one that only the first does."""
    beside = a_text(1).replace("source: news", "source: observers").replace("2031-05-03", "2031-05-04")
    beside = beside.replace("The mission said", "Residents said")
    return a_run(tmp_path / "case", {"0.md": a_text(1), "1.md": beside, "2.md": a_text(5)}, PERIOD)


def test_all_its_reports_go_and_what_leaned_on_them_says_so(case: Case) -> None:
    asked = ["retract", "news", "--source", "--reason", "it says that it made them up", "--case"]
    told = CliRunner().invoke(app, [*asked, str(case.folder.path), "--json"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.output)
    assert len(found["retracted"]) == 2
    assert len(found["leaning"]) == 2
    ran = Case.open(case.folder.path).run(PERIOD)
    assert ran.summary.incidents == 1, "what another source tells stands, judged anew"
    with case.ledger() as ledger:
        ends = [history(ledger, case.engine, name)[-1] for name in found["leaning"]]
    assert {each.kind for each in ends} == {"version", "ended"}
    for each in ends:
        assert "It leaned on 1 claim of a report of news" in each.text
        assert "it says that it made them up" in each.text
        assert each.facts["supersedes"][0]["said"]["verdict"]


def test_a_source_without_a_report_is_refused(case: Case) -> None:
    with pytest.raises(BadInput, match='no report of the case is of "nws"'):
        case.retract("nws", "a slip", source=True)
    with pytest.raises(BadInput, match="needs a reason"):
        case.retract("news", " ", source=True)

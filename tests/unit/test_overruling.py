"""What a person overrules in hand/grades.yaml is weighed, kept in the log, and shown with the grade."""

from __future__ import annotations

from pathlib import Path

import pytest

from casemaking import a_case, a_run
from holdfire.case import Case
from holdfire.errors import BadInput
from holdfire.explaining import explain
from holdfire.folder import Folder
from holdfire.tables import rows

WRITTEN = """grades:
  - source: mission
    topic: occurrence
    grade: E
    by: editor-2
    at: 2031-05-09
    reason: {en: "Heard it on the radio."}
  - incident: INCIDENT
    question: attribution
    grade: plausible
    by: editor-1
    at: 2031-05-09
    reason: {en: "Seen from one side alone."}
"""


def again(case: Case) -> Case:
    """Return the case opened anew, as a later command would."""
    return Case(Folder(case.folder.path), now=case.now, by=case.by, random=case.random)


def test_an_overrule_is_weighed_and_shown_with_who_when_and_why(tmp_path: Path) -> None:
    case = a_run(tmp_path / "case", period="2031-05-01/2031-05-07")
    [before] = rows(case.found().determinations)
    assert before["overruled"] is None
    assert before["occurrence_strength"] == "probable"
    hand = case.folder.path / "hand"
    hand.mkdir(exist_ok=True)
    (hand / "grades.yaml").write_text(WRITTEN.replace("INCIDENT", before["incident_id"]), encoding="utf-8")
    case = again(case)
    ran = case.run("2031-05-01/2031-05-07")
    [after] = rows(case.found().determinations)
    assert after["occurrence_strength"] == "plausible"
    assert after["occurrence_probability"] < before["occurrence_probability"]
    assert after["attribution_strength"] == "plausible"
    assert after["overruled"] == ["attribution", "source mission"]
    told = str(explain(case, after["determination_id"]))
    assert "plausible, by editor-1, 2031-05-09: Seen from one side alone." in told
    assert "evidence, root by root" in told
    assert "source:mission" in told
    page = (ran.bulletins[-1] / "determinations" / f"{after['determination_id']}.html").read_text()
    assert "Overruled by a person" in page
    assert "source mission" in page


def test_a_grade_of_a_source_that_is_not_there_is_refused(tmp_path: Path) -> None:
    case = a_case(tmp_path / "case")
    hand = case.folder.path / "hand"
    hand.mkdir(exist_ok=True)
    text = "grades:\n  - {source: misson, grade: B, by: editor, at: 2031-05-09, reason: {en: seen}}\n"
    (hand / "grades.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="no source is called so"):
        again(case).run()

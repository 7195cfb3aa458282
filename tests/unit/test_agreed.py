"""The command and section 8 of the bulletin say the same of a duty: there is one rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casemaking import a_case
from holdfire.case import Case
from holdfire.cli import app
from holdfire.publishing.pages.lexicon import lexicon

TERMS = {
    "released": (
        "acts: [detention.release_refused]\nmet_by: [detention.release]",
        'due: {days: 14, cite: "Art. 6"}',
    ),
    "kept-open": ("acts: [aid.blocked]", ""),
    "withdrawn": (
        "acts: [withdrawal.refused]\nmet_by: [withdrawal.completed]",
        'due: {days: 7, cite: "Art. 8"}',
    ),
}
TERM = """
id: {id}
kind: obligation
type: positive_obligation
instrument: agreement-2031-03-20
cite: "Art. 6"
text: {{en: "The duty {id}.", ar: "الالتزام."}}
binds: {{roles: [signatory]}}
{acts}
{due}
"""
REPORTS = {
    "a.md": ("mission", "The Northern army released 20 detainees on 12 April 2031."),
    "b.md": ("mission", "The Northern army blocked an aid convoy on 3 May 2031."),
    "c.md": ("south-mod", "The Southern army released 20 detainees on 12 April 2031."),
}
DAY = "2031-05-08"
EXPECTED = {
    ("released", "north"): "met",
    ("kept-open", "north"): "not_met",
    ("kept-open", "south"): "unknown",
    ("released", "south"): "unknown",  # only its own word
    ("withdrawn", "north"): "unknown",  # its deadline is past, and no one says
    ("withdrawn", "south"): "unknown",
}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Return a case of three duties of two parties."""
    texts = {
        name: f"---\nsource: {source}\npublished: 2031-05-05\n---\n{text}\n"
        for name, (source, text) in REPORTS.items()
    }
    made = a_case(tmp_path / "case", texts)
    folder = made.folder.path / "agreement" / "terms"
    for name in ("relief", "detainees"):
        (folder / f"{name}.yaml").unlink()
    for name, (acts, due) in TERMS.items():
        (folder / f"{name}.yaml").write_text(TERM.format(id=name, acts=acts, due=due), encoding="utf-8")
    with (made.folder.path / "agreement" / "acts.yaml").open("a", encoding="utf-8") as acts_file:
        acts_file.write('  - {act: withdrawal.completed, means: {en: Withdrawn}, cite: "Art. 8"}\n')
    return Case.open(made.folder.path)


def said(case: Case, day: str) -> dict[tuple[str, str], dict[str, Any]]:
    words = ["agreement", "duties", "--on", day, "--case", str(case.folder.path), "--json"]
    told = json.loads(CliRunner().invoke(app, words).output)
    return {(each["term"], each["actor"]): each for each in told}


def printed(case: Case, period: str) -> dict[tuple[str, str], list[Any]]:
    """Return the rows of section 8 by the id of the term and of the actor, cells as codes or counts."""
    folder = case.run(period).bulletins[0]
    bulletin = json.loads((folder / "bulletin.json").read_text(encoding="utf-8"))
    section = next(s for s in bulletin["sections"] if s["key"] == "obligations")
    rows = {}
    for block in section["blocks"]:
        if block["is"] == "table" and block["key"] == "obligations":
            term = block["values"]["obligation"]["words"]["en"].split()[-1].rstrip(".")
            for owes, *cells in block["rows"]:
                rows[term, owes["id"]] = [cell["value"] for cell in cells]
    return rows


def test_the_command_and_section_8_say_the_same(case: Case) -> None:
    command, section = said(case, DAY), printed(case, f"2031-05-02/{DAY}")
    assert {key: each["finding"] for key, each in command.items()} == EXPECTED
    assert set(section) == set(command)
    earlier = said(case, "2031-05-01")
    for key, (bound, finding, before, why, *counts) in section.items():
        told = command[key]
        assert (bound, finding, why) == (told["bound"], told["finding"], told["why"])
        assert before == earlier[key]["finding"]
        assert counts == [len(told[f"claims_{side}"]) for side in ("for", "against", "interested")]
    assert section["kept-open", "north"][1:3] == ["not_met", "unknown"], "a control: a day makes a difference"
    assert section["released", "south"][-1] == 1, "a party's own word is shown"
    assert (
        lexicon("en").code("duty_why", section["withdrawn", "north"][3]) != section["withdrawn", "north"][3]
    )


def test_what_people_decided_is_said_by_both(case: Case) -> None:
    note = (
        "obligations:\n  - {term: withdrawn, answer: not_met, from: 2031-05-01, until: 2031-05-31,"
        " reason: {en: Seen}, by: us}\n"
    )
    hand = case.folder.path / "hand"
    hand.mkdir(exist_ok=True)
    (hand / "obligations.yaml").write_text(note, encoding="utf-8")
    opened = Case.open(case.folder.path)
    told, row = (
        said(opened, DAY)["withdrawn", "north"],
        printed(opened, f"2031-05-02/{DAY}")["withdrawn", "north"],
    )
    assert (told["finding"], told["why"]) == (row[1], row[3]) == ("not_met", "decided_by_people")

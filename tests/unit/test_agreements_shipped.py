"""Each shipped agreement is whole: it passes its own check, is told in two languages, and can be shown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from holdfire.cli import app
from storytelling import case

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SHIPPED = {
    "hudaydah-2018": ("2019-01-02", "ansar-allah", "leave-ports"),
    "minsk-2015": ("2015-03-10", "ukraine", "artillery-ukraine"),
    "south-sudan-2017": ("2018-03-01", "nas", "cease-hostilities"),
    "syria-2016": ("2016-03-01", "syria-gov", "cease-attacks"),
}
ARABIC = re.compile("[\u0621-\u064a]")


def said(*words: str) -> str:
    result = CliRunner().invoke(app, ["agreement", *words])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("name", SHIPPED)
def test_it_passes_its_own_check(name: str) -> None:
    found = json.loads(said("check", "--case", str(EXAMPLES / name), "--json"))
    assert found["problems"] == []
    assert found["terms"] >= 7


@pytest.mark.parametrize("name", SHIPPED)
def test_every_instrument_lists_its_clauses_and_every_text_is_in_two_languages(name: str) -> None:
    _, inquiry = case(name)
    agreement = inquiry.agreement
    assert [text.id for text in agreement.instruments if not text.clauses] == []
    spoken = [term.text for term in agreement.terms] + [text.title for text in agreement.instruments]
    spoken += [each.means for each in agreement.acts] + [c.ask for t in agreement.terms for c in t.conditions]
    assert [words for words in spoken if not ARABIC.search(words.get("ar", "")) or not words.get("en")] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_show_answers_of_a_day(name: str) -> None:
    day, actor, term = SHIPPED[name]
    text = said("show", "--on", day, "--actor", actor, "--case", str(EXAMPLES / name))
    assert f"    {term}: " in text.partition("bound by:")[2]


def test_duties_of_a_day_are_met_not_met_or_unknown() -> None:
    folder = str(EXAMPLES / "syria-2016")
    text = said("duties", "--on", "2016-09-15", "--actor", "syria-gov", "--case", folder)
    assert "castello-road: unknown (decided by people)" in text
    text = said("duties", "--on", "2019-01-05", "--case", str(EXAMPLES / "hudaydah-2018"))
    assert "leave-ports, due by 2019-01-01 00:00: unknown (no one without an interest says)" in text


def test_a_replaced_distance_is_told_on_its_day() -> None:
    text = said(
        "diff", "2015-02-14", "2015-02-16", "--actor", "ukraine", "--case", str(EXAMPLES / "minsk-2015")
    )
    assert "from 2015-02-15 00:00: Ukraine (ukraine): bound by heavy-weapons-2014: no; before: yes" in text
    assert "from 2015-02-15 00:00: Ukraine (ukraine): bound by artillery-ukraine: yes; before: no" in text
    assert "Package of Measures, point 2" in text


def test_a_text_of_the_stack_is_told_by_what_it_changed() -> None:
    folder = str(EXAMPLES / "minsk-2015")
    text = said(
        "diff", "memorandum-2014-09-19", "package-2015-02-12", "--actor", "formations", "--case", folder
    )
    assert "the term artillery-formations is new: Package of Measures, point 2" in text
    assert "bound by heavy-weapons-2014: no; before: yes" in text


def test_one_who_left_and_came_back_is_unclear_in_between() -> None:
    folder = str(EXAMPLES / "south-sudan-2017")
    text = said("diff", "2018-09-01", "2020-02-01", "--actor", "nas", "--case", folder)
    assert (
        "from 2018-09-12 00:00: National Salvation Front (nas): bound by cease-hostilities: unclear" in text
    )
    assert "from 2020-01-15 00:00: National Salvation Front (nas): bound by cease-hostilities: yes" in text
    assert "Rome Declaration" in text


def test_a_deadline_and_a_condition_are_told() -> None:
    folder = str(EXAMPLES / "hudaydah-2018")
    text = said("show", "--on", "2019-01-01", "--actor", "Houthis", "--case", folder)
    assert "due by 2019-01-01 00:00; passed: yes" in text
    text = said("show", "--on", "2019-03-20", "--actor", "yemen-gov", "--case", folder)
    assert "condition locations-agreed: unclear (Reuters, 18 February 2019" in text

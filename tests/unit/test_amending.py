"""A bulletin corrects earlier ones by itself, and shows where each of its determinations came from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from casemaking import a_case, a_text
from holdfire.case import Case
from holdfire.recomputing import again

PERIOD = "2031-05-01/2031-05-09"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A bulletin of two reports of one incident and one of another; then one of each is withdrawn."""
    folder = tmp_path_factory.mktemp("amending") / "case"
    beside = (
        a_text(1).replace("source: news", "source: observers").replace("The mission said", "Residents said")
    )
    made = a_case(folder, {"0.md": a_text(1), "1.md": beside, "2.md": a_text(5)})
    made.run(PERIOD)
    with made.vault() as vault:
        taken = [n for n in vault.all() if vault.label(n)["file"] in ("inbox/0.md", "inbox/2.md")]
    for name in taken:
        Case.open(folder).retract(name, "its source withdrew it")
    Case.open(folder).run("2031-05-10")
    Case.open(folder).run(PERIOD)
    return Case.open(folder)


def section(case: Case, period: str) -> list[dict[str, object]]:
    value = json.loads((case.bulletins / period.replace("/", "_") / "bulletin.json").read_bytes())
    return list(value["sections"][11]["blocks"])


def said(case: Case, period: str, language: str = "") -> str:
    site = case.bulletins / period.replace("/", "_")
    return (site / language / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("period", ["2031-05-10", PERIOD])
def test_what_changed_is_corrected_in_the_next_bulletin_and_issue(case: Case, period: str) -> None:
    table = next(block for block in section(case, period) if "rows" in str(block.keys()))
    text = json.dumps(table)
    assert text.count("report_withdrawn") == 2
    assert "no_longer" in text, "what lost its only report is named, and not dropped in silence"
    assert "field_occurrence_strength" in text


def test_the_same_in_both_languages(case: Case) -> None:
    english, arabic = said(case, PERIOD), said(case, PERIOD, "ar")
    assert "a report was withdrawn" in english
    assert "سُحب تقرير" in arabic
    assert "stands no more" in english
    table = re.sub(r"<[^>]+>|\s+", " ", english[english.index('id="corrections"') :])
    assert "May 2031" in table[: table.index("stands no more")], "a reader knows which incident it was"
    assert "لم يعد قائمًا" in arabic


def test_a_page_says_what_it_leaned_on_and_what_it_is_without(case: Case) -> None:
    pages = (case.bulletins / PERIOD.replace("/", "_") / "determinations").glob("*.html")
    texts = [re.sub("<[^>]+>", "", page.read_text(encoding="utf-8")) for page in pages]
    assert len(texts) == 1
    assert "It had leaned on 1 claim of a report of" in texts[0]
    assert "Without it:" in texts[0]
    assert "version 1 of" in texts[0]


def test_every_issue_is_made_again_byte_for_byte(case: Case) -> None:
    made = list(again(case.folder.path, None, "", None))
    assert [each.same for each in made] == [True, True, True], [each.why for each in made]


def test_nothing_changed_corrects_nothing(case: Case, tmp_path: Path) -> None:
    quiet = a_case(tmp_path / "case", {"0.md": a_text(1)})
    quiet.run(PERIOD)
    Case.open(tmp_path / "case").run(PERIOD, again=True)
    assert [block["key"] for block in section(quiet, PERIOD)] == ["no_correction"]

"""Others may rule otherwise on one incident: side by side, with the questions on which they part."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import FIRST, a_determination, a_material, at
from casemaking import a_case, a_text
from holdfire.case import Case
from holdfire.digests import short
from holdfire.errors import BadInput
from holdfire.explaining import explain
from holdfire.publishing.bulletin import compose, content
from holdfire.publishing.material import Ruling, RulingCount
from holdfire.publishing.partings import ours, partings, theirs
from holdfire.publishing.values import Table
from holdfire.recomputing import again
from recordmaking import reopened

PERIOD = "2031-05-01/2031-05-09"


def ruling(by: str, **given: Any) -> Ruling:
    made = {"incident_id": short("i", "1"), "by": by, "at": at(FIRST, 12), "words": {"en": "As they put it."}}
    return Ruling(**{**made, "cite": "Their statement", **given})


NORTH = ruling("north", verdict="not_covered", answers={"excluded": "yes"}, clauses={"excluded": "Art. 3"})
SOUTH = ruling(
    "south", verdict="breach", occurrence="yes", attribution=("north",), answers={"excluded": "no"}
)


def tables(material: Any) -> dict[str, Table]:
    blocks = content(material).sections[5].blocks
    return {block.key: block for block in blocks if isinstance(block, Table)}


def test_they_part_where_answers_differ_and_nowhere_else() -> None:
    found = {each.question: each for each in partings(ours(a_determination()), [NORTH, SOUTH])}
    assert set(found) == {"excluded", "verdict"}
    assert [(g.by, g.value, g.clause) for g in found["excluded"].given] == [
        ("", "no", "Art. 3"),
        ("north", "yes", "Art. 3"),
        ("south", "no", ""),
    ]


def test_two_may_part_from_each_other_alone() -> None:
    mine = ours(a_determination(excluded=None))
    assert "excluded" in {p.question for p in partings(mine, [NORTH, SOUTH])}
    assert not list(partings(ours(a_determination()), [SOUTH])), "who answers as we do parts on nothing"


def test_silence_parts_nobody() -> None:
    assert set(theirs(ruling("north"))) == set()
    assert not list(partings(ours(a_determination(occurrence=None)), [ruling("north")]))


def test_nobody_named_is_an_answer() -> None:
    found = list(partings(ours(a_determination()), [ruling("east", attribution=())]))
    assert [p.question for p in found] == ["attribution"]


def test_both_stand_in_the_bulletin_beside_ours_and_change_nothing() -> None:
    alone, beside = a_material(), a_material(rulings=(NORTH, SOUTH))
    rows = tables(beside)["rulings"].rows
    assert [(row[4].value, row[5].value) for row in rows] == [  # type: ignore[union-attr]
        ("not_covered", "breach"),
        ("breach", "breach"),
    ]
    assert len(rows[0][6].items) == 2  # type: ignore[union-attr]
    assert "rulings" not in tables(alone)
    assert content(beside).sections[1] == content(alone).sections[1], "the summary counts ours alone"


def test_numbers_of_rulings_are_quoted_and_never_added() -> None:
    """On 5 March 2016 Russia registered 2, Turkey 12, of which Russia confirmed 3."""
    days = {"start": FIRST, "end": FIRST}
    before = {"start": FIRST - timedelta(days=9), "end": FIRST - timedelta(days=8)}
    counts = (
        RulingCount(by="north", what="registered", of="", number=2, cite="Its bulletin", **days),
        RulingCount(by="south", what="registered", of="", number=12, cite="Its note", **days),
        RulingCount(by="north", what="confirmed", of="south", number=3, cite="Its bulletin", **days),
        RulingCount(by="north", what="rejected", of="south", number=7, cite="x", **before),
    )
    made = content(a_material(ruling_counts=counts))
    shown = next(b for b in made.sections[5].blocks if isinstance(b, Table) and b.key == "ruling_counts")
    assert [row[3].value for row in shown.rows] == [2, 12, 3]  # type: ignore[union-attr]
    assert not shown.total
    assert not {14, 15, 17} & {figure.value for figure in made.figures.values()}


def test_the_export_has_every_answer_with_ours() -> None:
    files = compose(a_material(rulings=(NORTH, SOUTH))).files
    rows = list(csv.DictReader(io.StringIO(files["annex/rulings.csv"].decode())))
    told = {(r["by"], r["question"]): (r["answer"], r["parts"]) for r in rows}
    assert told["", "excluded"] == ("no", "yes")
    assert told["north", "excluded"] == ("yes", "yes")
    assert told["south", "occurrence"] == ("yes", "no")
    assert "annex/rulings.csv" not in compose(a_material()).files


WRITTEN = """
rulings:
  - incident: {incident}
    by: east
    at: 2031-05-06
    words: {{en: "A violation by the North.", ar: "انتهاك من الشمال."}}
    verdict: breach
    attribution: [north]
    questions: {{area: "no"}}
    clauses: {{area: "Art. 2"}}
    cite: "Its statement of 6 May 2031"
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A ruling and a request of an incident whose first report is then withdrawn, so that its id changes."""
    folder = tmp_path_factory.mktemp("rulings") / "case"
    beside = a_text(1).replace("source: news", "source: observers").replace("2031-05-03", "2031-05-04")
    made = a_case(folder, {"0.md": a_text(1), "1.md": beside.replace("The mission said", "Residents said")})
    made.run(PERIOD)
    with made.ledger() as ledger:
        (body,) = (entry.value for entry in ledger.entries("determination"))
    (folder / "hand").mkdir(exist_ok=True)
    (folder / "hand" / "rulings.yaml").write_text(WRITTEN.format(incident=body["incident_id"]), "utf-8")
    (folder / "hand" / "replies.yaml").write_text(
        f"replies:\n  - {{incident: {body['incident_id']}, actor: north, asked: 2031-05-03T10:00,"
        " deadline: 2031-05-05T10:00, answered: 2031-05-06T10:00, says: denies}\n",
        "utf-8",
    )
    found = made.found(stale=True)
    first = next(
        c["report"] for c in found.claims.to_pylist() if short("i", c["claim_id"]) == body["incident_id"]
    )
    Case.open(folder).retract(first, "its source withdrew it")
    Case.open(folder).run(PERIOD)
    return reopened(folder)


def test_a_ruling_follows_its_incident_into_its_next_version(case: Case) -> None:
    pages = list((case.bulletins / PERIOD.replace("/", "_") / "determinations").glob("*.html"))
    (text,) = (re.sub("<[^>]+>", "", page.read_text(encoding="utf-8")) for page in pages)
    assert "A violation by the North." in text
    assert "ruled on" in text
    assert ", 00:00: “" not in text, "a day that was written is not an hour"
    assert "They part on “Was it in the area?”:" in text
    assert "after the deadline: denies it" in text
    arabic = case.bulletins / PERIOD.replace("/", "_") / "ar"
    assert "انتهاك من الشمال." in next((arabic / "determinations").glob("*.html")).read_text(encoding="utf-8")


def test_explain_says_it_too(case: Case) -> None:
    (name,) = case.found().determinations["determination_id"].to_pylist()
    told = str(explain(case, name))
    assert "ruling of east" in told
    assert re.search(r"they part on area +this record: .*; east: no \(Art\. 2\)", told)
    assert "denies it, after the deadline" in told


def test_the_bulletins_are_made_again_byte_for_byte(case: Case) -> None:
    assert [each.same for each in again(case.folder.path, None, "", None)] == [True, True]
    site = json.loads((case.bulletins / PERIOD.replace("/", "_") / "bulletin.json").read_bytes())
    assert "rulings" in json.dumps(site["sections"][5])


def test_one_who_is_not_described_is_refused(tmp_path: Path) -> None:
    made = a_case(tmp_path / "case", {"0.md": a_text(1)})
    (made.folder.path / "hand").mkdir(exist_ok=True)
    written = WRITTEN.format(incident="i-0").replace("by: east", "by: eats")
    (made.folder.path / "hand" / "rulings.yaml").write_text(written, "utf-8")
    with pytest.raises(BadInput, match='no actor or source is called "eats"'):
        made.run(PERIOD)

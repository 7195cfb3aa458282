"""Why two claims are one: parts sum to the weight, words and pictures agree, a judgement has a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from casemaking import a_case
from holdfire.case import Case
from holdfire.cli import app
from holdfire.errors import HoldfireError
from holdfire.explaining import explain, explain_pair
from holdfire.links.claims import ClaimPairs
from holdfire.links.review import Card, Effect, LinkReview
from holdfire.links.why import surest
from holdfire.links.whyclaims import whys
from holdfire.records.link import SAME_AS, Said
from weighing import again

TEXT = """---
source: news
published: 2031-05-0{day}
---
The mission said on 3 May 2031 that shelling killed {killed} people in Mill on 2 May 2031.
"""
DENIED = """---
source: news
published: 2031-05-03
---
The army said on 3 May 2031 that it did not shell Mill on 2 May 2031.
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    told = {
        f"{day}.md": TEXT.format(day=day, killed=killed)
        for day, killed in ((3, "two"), (4, "four"), (5, "two"))
    }
    made = a_case(tmp_path_factory.mktemp("why") / "case", {**told, "denied.md": DENIED})
    made.run()
    return made


def pair(case: Case) -> tuple[str, str]:
    links = case.found().fused.links
    return links["one"][0].as_py(), links["other"][0].as_py()


def test_the_parts_sum_to_the_weight_that_the_run_gave(case: Case) -> None:
    found = case.found()
    links = found.fused.links.to_pylist()
    why = whys(case, found.claims, [(row["one"], row["other"]) for row in links])
    assert {pair: each.weight for pair, each in why.items()} == {
        (row["one"], row["other"]): row["weight"] for row in links
    }
    assert len(links) == 2  # two claims are equal: one of them is compared with the other alone


def test_an_incident_says_of_each_claim_how_surely_it_is_in_it_and_on_what(case: Case) -> None:
    found = case.found()
    members = found.fused.members.to_pylist()
    incident = next(row["incident_id"] for row in members if row["claim_id"] == pair(case)[0])
    mine = [
        row["claim_id"] for row in members if row["incident_id"] == incident and row["part"] == "supports"
    ]
    claims = {each.title.removeprefix("claim "): each.facts for each in explain(case, incident).below}
    assert len(mine) == 3
    for name in mine:
        assert "that it is of one event with c-" in claims[name]["joined"]
        assert "times likelier" in claims[name]["  on"]
        assert claims[name]["  decided"].startswith("weighed by parameters ")


def test_two_claims_are_explained_in_words_and_bits(case: Case) -> None:
    one, other = pair(case)
    told = explain_pair(case, one, other[:10])
    assert told.facts["held to be"].startswith("one, in incident i-")
    assert "bits" in told.facts["any two claims"]
    assert "odds" in told.facts["all together"]
    assert len(told.below) == 2
    with pytest.raises(HoldfireError, match="no claim"):
        explain_pair(case, one, "c-nothing")
    with pytest.raises(HoldfireError, match="two claims"):
        explain_pair(case, one, one)


def test_a_pair_is_drawn_and_explain_says_where(case: Case) -> None:
    one, other = pair(case)
    assert explain_pair(case, one, other).facts["picture"].startswith("holdfire chart link")
    for words, heads in ((["link", one, other], "any two records"), (["weights"], "what each answer weighs")):
        made = CliRunner().invoke(app, ["chart", *words, "--case", str(case.folder.path)])
        assert made.exit_code == 0, made.exception
        assert heads in Path(made.output.strip()).read_text(encoding="utf-8")
    assert Path(explain_pair(case, one, other).facts["picture"]).is_file()


def test_what_a_person_decided_is_said_to_be_theirs_and_parts_what_was_joined(tmp_path: Path) -> None:
    told = {f"{day}.md": TEXT.format(day=day, killed="two") for day in (3, 4)}
    made = a_case(tmp_path / "case", told)
    before = made.run().summary.incidents
    opened = again(made)
    review = LinkReview(opened, ClaimPairs(opened))
    apart = pair(made)
    review.judge(Card(apart, Effect(), audit=False), Said.DIFFERENT)
    after = again(made)
    assert after.run().summary.incidents == before + 1
    told_apart = explain_pair(again(made), *apart)
    assert told_apart.facts["held to be"].startswith("two: in i-")
    assert told_apart.facts["decided"].startswith("A, 2031-")
    third = again(made)
    LinkReview(third, ClaimPairs(third)).judge(Card(apart, Effect(), audit=False), Said.SAME)
    last = again(made)
    assert last.run().summary.incidents == before, "a later word joins them again"


def test_the_surest_link_of_each_claim_is_one_inside_its_incident() -> None:
    links = SAME_AS.table(
        {"one": a, "other": b, "confidence": sure, "weight": 0, "by": "x"}
        for a, b, sure in (("a", "b", 900), ("a", "c", 950), ("b", "d", 990))
    )
    found = surest(links, ["a", "b", "c"])
    assert {claim: link["confidence"] for claim, link in found.items()} == {"a": 950, "b": 900, "c": 950}

"""Doors of link review: a list that asks nothing, one key a judgement, and how far two reviewers agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casemaking import a_run, a_text, copied
from holdfire.case import Case
from holdfire.cli import app
from holdfire.doors import linkcards
from holdfire.doors.linkcards import look
from holdfire.doors.review import _moved
from holdfire.links.claims import ClaimPairs
from holdfire.links.review import Effect, LinkReview, Wanted, compared
from holdfire.records.link import Judgement, Linked, Said, row_side
from weighing import again, weigh

R = "ab" * 32


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Case:
    made = a_run(tmp_path_factory.mktemp("ran") / "case", {f"{n}.md": a_text(n) for n in range(4)})
    weigh(made, [(0, 1, 4321, 567), (0, 2, 900, 650), (1, 3, -300, 450)])
    return made


@pytest.fixture
def case(tmp_path: Path, ran: Case) -> Case:
    return copied(ran, tmp_path / "case")


def run(case: Case, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--case", str(case.folder.path)])


def test_the_list_asks_nothing_and_tells_no_score(case: Case) -> None:
    found = run(case, "review", "links", "--list")
    assert found.exit_code == 0
    assert len(found.output.splitlines()) == 3
    lines = [json.loads(line) for line in run(case, "review", "links", "--json").output.splitlines()]
    assert {tuple(line) for line in lines} == {("one", "other", "incidents", "deaths", "breaches")}
    assert not (case.folder.path / "hand" / "links.jsonl").exists()


def test_it_needs_a_terminal_and_two_ids(case: Case) -> None:
    assert "terminal" in str(run(case, "review", "links").exception)
    assert "two ids" in str(run(case, "review", "links", "c-1").exception)


def keys(review: LinkReview, typed: str) -> int:
    waiting = iter(typed)
    return look(review, review.cards(Wanted()), lambda: next(waiting))


def test_one_key_a_judgement(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linkcards.typer, "prompt", lambda *_, **__: "one strike, two days")
    opened = again(case)
    done = keys(LinkReview(opened, ClaimPairs(opened)), "s?.bz ndu")
    assert done == 3
    said = [(each.said, each.why) for each in again(case).folder.judgements]
    assert said == [(Said.SAME, ""), (Said.DIFFERENT, "one strike, two days"), (Said.UNSURE, "")]


def test_leaving_keeps_what_was_said_and_says_nothing_more(case: Case) -> None:
    opened = again(case)
    assert keys(LinkReview(opened, ClaimPairs(opened)), "dq") == 1
    assert len(again(case).folder.judgements) == 1


def test_the_screen_says_what_counts_and_never_how_likely(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = again(case)
    keys(LinkReview(opened, ClaimPairs(opened)), "?.q")
    shown = capsys.readouterr().out
    assert "one incident, or two?" in shown
    assert "happened once" in shown
    assert "shelling" in shown
    assert not [score for score in ("4321", "4.3", "567", "0.567", "56.7") if score in shown]


def said(one: int, what: str, by: str, kind: Linked = Linked.INCIDENT) -> Judgement:
    sides = {"one": row_side(R, one), "other": row_side("cd" * 32, one)}
    return Judgement(at="2031-05-03T10:00Z", by=by, kind=kind, said=Said(what), **sides)


def test_two_reviewers_are_compared_by_what_each_said_last() -> None:
    listed = [said(n, "same" if n % 2 else "different", by) for n in range(10, 30) for by in ("A", "B")]
    listed += [said(11, "different", "B"), said(12, "unsure", "A"), said(40, "same", "A")]
    listed += [said(1, "same", "A", Linked.PERSON), said(1, "same", "B", Linked.PERSON)]
    incidents, people = compared(listed)
    assert (incidents.agreement.both, incidents.agreement.alike, incidents.unsure) == (19, 18, 1)
    assert incidents.agreement.kappa is not None
    assert 0.85 < incidents.agreement.kappa[0] < 0.95
    assert (people.kind, people.agreement.kappa) == (Linked.PERSON, None)


def test_agreement_is_said_and_what_differs_is_named(case: Case) -> None:
    assert "no pair was judged by two" in run(case, "review", "agreement").output
    file = case.folder.path / "hand" / "links.jsonl"
    file.parent.mkdir(exist_ok=True)
    lines = [said(11, "same", "A"), said(11, "different", "B"), said(12, "same", "A"), said(12, "same", "B")]
    file.write_text("".join(each.line for each in lines), encoding="utf-8")
    told = run(case, "review", "agreement").output
    assert "A and B agree on 1 of 2 (50 %" in told
    assert "reviewers differ on incident abababab#11 and cdcdcdcd#11" in told
    assert json.loads(run(case, "review", "agreement", "--json").output)[0]["both"] == 2


def test_those_who_differ_can_settle_it(case: Case) -> None:
    for by, what in (("A", Said.SAME), ("B", Said.DIFFERENT)):
        opened = again(case, by)
        review = LinkReview(opened, ClaimPairs(opened))
        review.judge(review.cards(Wanted())[0], what)
    opened = again(case, "B")
    review = LinkReview(opened, ClaimPairs(opened))
    (card,) = review.cards(Wanted(disputed=True))
    review.judge(card, Said.SAME)
    assert ClaimPairs(again(case)).settled.pairs(Said.SAME) == (card.pair,)


def test_what_a_verdict_would_move_is_said_of_people_as_people() -> None:
    assert _moved(Effect(), people=True) == "1 person"
    assert _moved(Effect(2, 1, 0), people=False) == "2 incidents, 1 death, 0 breaches"

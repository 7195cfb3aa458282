"""Review of links: what is worth a look comes first, nothing tells a score, and a judgement is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from casemaking import a_case, a_text, copied
from holdfire.case import Case
from holdfire.errors import HoldfireError
from holdfire.links.claims import ClaimPairs
from holdfire.links.review import AUDITED, Card, LinkReview, Wanted
from holdfire.records.link import Said
from weighing import again, weigh


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Case:
    made = a_case(tmp_path_factory.mktemp("ran") / "case", {f"{n}.md": a_text(n) for n in range(6)})
    made.run()
    return made


@pytest.fixture
def case(tmp_path: Path, ran: Case) -> Case:
    return copied(ran, tmp_path / "case")


def review(case: Case, by: str = "A") -> LinkReview:
    opened = again(case, by)
    return LinkReview(opened, ClaimPairs(opened))


def test_the_band_comes_in_order_of_what_it_moves_and_the_audit_lies_among_it(case: Case) -> None:
    ids = weigh(
        case, [(0, 1, 0, 500), (0, 2, 900, 650), (1, 2, -9000, 3), (2, 3, 9000, 998), (3, 4, 100, 240)]
    )
    cards = review(case).cards(Wanted())
    band = [card for card in cards if not card.audit]
    assert {card.pair for card in band} == {(ids[0], ids[1]), (ids[0], ids[2]), (ids[3], ids[4])}
    worth = {(ids[0], ids[1]): 250, (ids[0], ids[2]): 227, (ids[3], ids[4]): 182}
    sizes = [card.effect.size * worth[card.pair] for card in band]
    assert sizes == sorted(sizes, reverse=True)
    assert {card.pair for card in cards if card.audit} == {(ids[1], ids[2]), (ids[2], ids[3])}
    assert len({card.pair for card in cards}) == len(cards)


def test_the_audit_covers_every_stratum_and_is_the_same_for_everyone(case: Case) -> None:
    listed = [
        (a, b, 1000 * (a * 6 + b) - 15000, 1 if a < 3 else 999) for a in range(6) for b in range(a + 1, 6)
    ]
    weigh(case, listed)
    mine, theirs = (review(case, by).cards(Wanted(audit=True)) for by in ("A", "B"))
    assert mine == theirs
    assert [card.pair for card in mine] != [
        card.pair for card in review(case).cards(Wanted(audit=True, seed=1))
    ]
    ids = sorted(case.found().fused.members["claim_id"].to_pylist())
    strata: dict[int, int] = {}
    weights = {(ids[a], ids[b]): weight for a, b, weight, _ in listed}
    for card in mine:
        stratum = max(-10, min(10, weights[card.pair] // 2000))
        strata[stratum] = strata.get(stratum, 0) + 1
    assert max(strata.values()) <= AUDITED
    assert set(strata) == {max(-10, min(10, weight // 2000)) for weight in weights.values()}


def test_a_review_is_taken_up_where_it_was_left_and_others_are_not_told(case: Case) -> None:
    weigh(case, [(0, 1, 0, 500), (0, 2, 900, 650)])
    first = review(case).cards(Wanted())
    made = review(case).judge(first[0], Said.SAME, "one strike, told twice")
    assert made.line in (case.folder.path / "hand" / "links.jsonl").read_text(encoding="utf-8")
    assert [card.pair for card in review(case).cards(Wanted())] == [card.pair for card in first[1:]]
    assert [card.pair for card in review(case, "B").cards(Wanted())] == [card.pair for card in first]
    assert len(review(case, "B").cards(Wanted(fresh=True))) == 1
    assert len(review(case).cards(Wanted(again=True))) == 2


def test_a_judgement_is_kept_over_a_run(case: Case) -> None:
    ids = weigh(case, [(0, 1, 0, 500)])
    card = review(case).cards(Wanted())[0]
    review(case).judge(card, Said.DIFFERENT)
    again(case).run()
    opened = again(case)
    assert ClaimPairs(opened).settled.pairs(Said.DIFFERENT) == ((ids[0], ids[1]),)


def test_one_pair_can_be_asked_for_and_must_have_been_weighed(case: Case) -> None:
    ids = weigh(case, [(0, 1, 9000, 999)])
    assert review(case).cards(Wanted(only=(ids[0], ids[1])))[0].pair == (ids[0], ids[1])
    with pytest.raises(HoldfireError, match="never weighed"):
        review(case).cards(Wanted(only=(ids[0], ids[2])))


def test_the_screen_has_words_and_no_score(case: Case) -> None:
    weigh(case, [(0, 1, 4321, 567)])
    card = review(case).cards(Wanted())[0]
    for side in review(case).shown(card):
        assert side.words is not None
        assert "shelling" in side.words[1]
        told = str(side)
        assert "4321" not in told
        assert "567" not in told


def test_a_wrong_line_stops_a_run_and_says_where(case: Case) -> None:
    file = case.folder.path / "hand" / "links.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_text('{"at": 3}\n', encoding="utf-8")
    with pytest.raises(HoldfireError, match=r"links\.jsonl, line 1"):
        again(case).run()


def test_a_case_without_links_has_nothing_to_look_at(case: Case) -> None:
    weigh(case, [])
    assert review(case).cards(Wanted()) == []
    assert Card(("a", "b"), ClaimPairs(again(case)).effects([("a", "b")])[0], audit=False).effect.size == 0

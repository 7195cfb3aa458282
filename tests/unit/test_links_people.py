"""Review of entries of lists: names are on the screen and nowhere else, and a judgement joins or parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casemaking import copied
from holdfire import peopling
from holdfire.case import Case
from holdfire.cli import app
from holdfire.doors.linkcards import look
from holdfire.errors import HoldfireError
from holdfire.explaining import explain_pair
from holdfire.ledger.codedlinks import links
from holdfire.links.people import PeoplePairs
from holdfire.links.review import LinkReview, Wanted
from holdfire.recording import current
from holdfire.records.link import SAME_AS, Linked, Said
from holdfire.tables import rows
from listing import a_list, by_word, list_case, ran_lists
from weighing import again

NAME = "Vakeni"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    lists = {
        "one.csv": ("mission", a_list({}, {"Name": "Sorabi Vakeni Solmadi", "Arabic": ""})),
        "two.csv": ("observers", a_list({"Age": "35"}, {"Name": "Kolpen Darvu Itesh", "Arabic": ""})),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peopling, "link", by_word)
        made = list_case(tmp_path_factory.mktemp("ran") / "case", lists)
        made.run()
        yield made


@pytest.fixture
def case(tmp_path: Path, ran: Case) -> Case:
    return copied(ran, tmp_path / "case")


def everything(case: Case) -> bytes:
    """Return every file of the case outside the inbox and the vault, one after the other."""
    kept = [file for file in sorted(case.folder.path.rglob("*")) if file.is_file()]
    apart = ("inbox", "vault")
    return b"".join(file.read_bytes() for file in kept if not set(apart) & set(file.parts))


def test_pairs_of_entries_are_shown_with_names_and_kept_without(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = again(case)
    pairs = PeoplePairs(opened)
    assert pairs.weighed.num_rows >= 1
    review = LinkReview(opened, pairs)
    cards = review.cards(Wanted())
    typed = iter("s" * len(cards))
    assert look(review, cards, lambda: next(typed)) == len(cards)
    shown = capsys.readouterr().out
    assert NAME in shown
    assert "one person, or two?" in shown
    assert NAME.encode() not in everything(case)
    assert NAME in str(pairs.shown(list(cards[0].pair))), "the check can fail"
    judged = again(case).folder.judgements
    assert {each.kind for each in judged} == {Linked.PERSON}
    assert PeoplePairs(again(case)).settled.decided


def test_a_list_of_pairs_prints_ids_alone(case: Case) -> None:
    where = ["--case", str(case.folder.path)]
    for option in ("--list", "--json"):
        told = CliRunner().invoke(app, ["review", "links", "--people", option, *where])
        assert told.exit_code == 0, told.exception
        assert "e-" in told.output
        assert NAME not in told.output


def test_one_pair_is_found_by_the_beginning_of_its_ids(case: Case) -> None:
    pairs = PeoplePairs(again(case))
    one, other = pairs.weighed["one"][0].as_py(), pairs.weighed["other"][0].as_py()
    assert pairs.pair(other, one) == (one, other)
    with pytest.raises(HoldfireError, match="no entry"):
        pairs.pair(one, "e-nothing")
    with pytest.raises(HoldfireError, match="two entries"):
        pairs.pair(one, one)


def test_links_of_entries_enter_the_log_by_ids_and_can_be_undone(case: Case) -> None:
    def entered() -> list[tuple[int, str]]:
        with again(case).ledger() as ledger:
            found = links(current(ledger, "link", case.engine).select(["content"]), case.engine).to_pylist()
        return [(row["confidence"], row["by"]) for row in found if row["one"].startswith("e-")]

    assert entered() == [(670, "rule")]
    opened = again(case)
    review = LinkReview(opened, PeoplePairs(opened))
    review.judge(review.cards(Wanted())[0], Said.SAME)
    again(case).run()
    assert entered() == [(1000, "A")]
    (linked,) = (p for p in again(case).found().people.persons["entries"].to_pylist() if len(p) > 1)
    review.judge(review.cards(Wanted(again=True))[0], Said.DIFFERENT)
    again(case).run()
    assert entered() == [(0, "A")]
    assert len(linked) == 2
    assert NAME.encode() not in everything(case)
    with again(case).ledger() as ledger:
        assert not ledger.check()


def test_two_entries_are_drawn_in_levels_and_without_a_name(case: Case) -> None:
    links_of = PeoplePairs(again(case)).weighed
    one, other = links_of["one"][0].as_py(), links_of["other"][0].as_py()
    for words, says in ((["link", other, one], "one year apart"), (["weights", "--people"], "another name")):
        made = CliRunner().invoke(app, ["chart", *words, "--case", str(case.folder.path)])
        assert made.exit_code == 0, made.exception
        drawn = Path(made.output.strip()).read_text(encoding="utf-8")
        assert says in drawn
        assert NAME not in drawn
    assert Path(explain_pair(again(case), one, other).facts["picture"]).is_file()


def test_weights_of_people_are_refused_where_there_are_none(tmp_path: Path) -> None:
    made = ran_lists(tmp_path / "case", {})
    told = CliRunner().invoke(app, ["chart", "weights", "--people", "--case", str(made.folder.path)])
    assert "no lists of the dead" in str(told.exception)


def test_pairs_on_which_record_and_draws_do_not_agree_are_looked_at(case: Case) -> None:
    opened = again(case)
    pairs = PeoplePairs(opened)
    persons = sorted((row["entries"] for row in rows(pairs.found.people.persons)), key=len)
    joined, alone = tuple(persons[-1][:2]), tuple(sorted(entries[0] for entries in persons[:2]))

    def weighed(sure: int, apart: int, at: str | None = None) -> list[tuple[str, ...]]:
        kept = [
            {"one": one, "other": other, "weight": 0, "confidence": confidence, "by": "0" * 16, "at": at}
            for (one, other), confidence in ((joined, sure), (alone, apart))
        ]
        pairs.__dict__.pop("contested", None)
        pairs.__dict__["weighed"] = SAME_AS.sorted(SAME_AS.table(kept))
        return sorted(pairs.contested)

    assert len(joined) == 2
    assert weighed(10, 990) == sorted([joined, alone])
    assert weighed(990, 10) == []
    assert weighed(10, 990, "2031-06-01T00:00:00Z") == []  # a person said so
    weighed(10, 10)
    cards = LinkReview(opened, pairs).cards(Wanted())
    assert [card.pair for card in cards if not card.audit] == [joined]

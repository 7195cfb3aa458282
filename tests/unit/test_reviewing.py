"""Review of claims: one line a judgement, added and never edited, kept over a run and over a re-read."""

from __future__ import annotations

import json
import os
import pty
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemaking import a_run
from holdfire.case import Case, quiet
from holdfire.errors import HoldfireError
from holdfire.reading.correcting import correct
from holdfire.records.claim import CLAIM
from holdfire.records.correction import Act, Correction, corrections, standing
from holdfire.reviewing import Card, Review
from holdfire.tables import rows

TEXT = """---
source: news
published: 2031-05-03
---
Shells on the market

The army shelled the market on Saturday, killing five people.

The army plans to shell the bridge on Monday.

A bombardment of the senses, the festival was called.
"""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return a_run(tmp_path / "case", {"one.md": TEXT})


def again(case: Case) -> Case:
    """Return the case as another process would open it."""
    return Case(type(case.folder)(case.folder.path), now=case.now, by=case.by, random=case.random)


def claims(case: Case) -> list[dict[str, object]]:
    opened = again(case)
    return list(rows(opened.readings.claims(opened.held(), quiet)))


def shelled(review: Review) -> Card:
    return next(c for c in review.cards() if c.claim and c.claim["killed_best"] == 5)


def test_cards_come_with_their_text_incidents_first(case: Case) -> None:
    cards = Review(case).cards()
    first = cards[0]
    assert first.claim is not None
    assert first.claim["modality"] == "actual"
    assert first.text[slice(*first.trigger)] == "shelled"
    assert {card.worth[0] for card in cards} <= {0, 1, 2, 3}
    assert [card.worth for card in cards] == sorted(card.worth for card in cards)


def test_a_sentence_with_a_word_of_an_event_and_no_claim_is_shown(tmp_path: Path) -> None:
    words = "Shell companies were discussed. The bombardment was recalled by a plaque that nobody read."
    made = a_run(tmp_path / "case", {"one.md": TEXT.split("Shells", maxsplit=1)[0] + words + "\n"})
    review = Review(made)
    listed = review.cards()
    claimed = [card.trigger for card in listed if card.claim]
    missed = [card for card in listed if card.missed]
    assert claimed or missed
    assert all(card.missed.sentence[0] <= card.trigger[0] for card in missed if card.missed)


def test_a_judgement_is_a_line_that_the_next_run_takes_in(case: Case) -> None:
    review = Review(case)
    card = shelled(review)
    review.judge(card, Act.SET, field="killed", after="7")
    review.judge(card, Act.SET, field="modality", after="conditional", why="the headline says may")
    lines = review.file.read_text().splitlines()
    assert [json.loads(line)["before"] for line in lines] == ["5", "actual"]
    (changed,) = [row for row in claims(case) if row["claim_id"] == card.claim["claim_id"]]  # type: ignore[index]
    assert (changed["killed_best"], changed["modality"]) == (7, "conditional")
    assert "by-hand" in changed["rules"]  # type: ignore[operator]
    assert card not in Review(again(case)).cards()
    before, after = case, again(case)
    assert after.run().summary.incidents < before.run().summary.incidents + 1


def test_what_is_rejected_is_no_claim_and_undo_brings_it_back(case: Case) -> None:
    review, many = Review(case), len(claims(case))
    card = shelled(review)
    review.judge(card, Act.REJECT)
    assert len(claims(case)) == many - 1
    review.judge(card, Act.UNDO)
    assert len(claims(case)) == many
    assert len(review.file.read_text().splitlines()) == 2  # nothing is ever taken out


def test_a_claim_that_was_missed_can_be_added(case: Case) -> None:
    review = Review(case)
    card = replace(shelled(review), claim=None, missed=_missed(review))
    review.judge(card, Act.ADD, type_="ceasefire.violation")
    (added,) = [row for row in claims(case) if row["event_type"] == "ceasefire.violation"]
    assert (added["source"], added["rules"], added["kind"]) == ("news", ["by-hand"], "narrated")


def _missed(review: Review) -> object:
    from holdfire.reading.prose.acts.overlooked import Overlooked

    card = shelled(review)
    return Overlooked(card.trigger, card.trigger, "ceasefire.violation")


@pytest.mark.parametrize(
    ("field", "after"),
    [("modality", "maybe"), ("event_type", "attack.magic"), ("place", "Nowhere"), ("killed", "some"),
     ("time", "last week"), ("colour", "red"), ("negated", "perhaps")],
)  # fmt: skip
def test_a_wrong_value_is_refused_before_it_is_written(case: Case, field: str, after: str) -> None:
    review = Review(case)
    with pytest.raises((HoldfireError, KeyError)):
        review.judge(shelled(review), Act.SET, field=field, after=after)
    assert not review.file.exists()


def test_a_correction_survives_a_better_reader(case: Case) -> None:
    review = Review(case)
    card = shelled(review)
    review.judge(card, Act.SET, field="stance", after="accuses")
    (judged,) = again(case).folder.corrections
    table = case.readings.as_read(case.held(), quiet)
    renamed = [row | {"claim_id": f"c-{n:016}"} for n, row in enumerate(rows(table))]
    found = correct(CLAIM.table(renamed), [judged], {}, case.folder.zone, case.folder.gazetteer)
    assert [row["stance"] for row in rows(found.claims) if row["killed_best"] == 5] == ["accuses"]
    assert found.lost == ()
    gone = [row for row in renamed if row["killed_best"] != 5]
    lost = correct(CLAIM.table(gone), [judged], {}, case.folder.zone, case.folder.gazetteer).lost
    assert lost == (judged,)  # told, not dropped


def test_every_wrong_line_is_named(case: Case) -> None:
    file = case.folder.path / "hand" / "claims.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_text('{"at": 3}\nnonsense\n', encoding="utf-8")
    with pytest.raises(HoldfireError) as error:
        _ = again(case).folder.corrections
    assert [p.where for p in error.value.problems] == [
        "hand/claims.jsonl, line 1",
        "hand/claims.jsonl, line 2",
    ]


def test_a_line_cut_short_was_never_a_judgement(case: Case) -> None:
    review = Review(case)
    review.judge(shelled(review), Act.ACCEPT)
    whole = review.file.read_bytes()
    for cut in range(len(whole)):
        review.file.write_bytes(whole[:cut])
        assert again(case).folder.corrections == ()
    review.file.write_bytes(whole + whole[:20])
    second = Review(again(case))
    second.judge(second.cards(again=True)[0], Act.ACCEPT)
    assert len(again(case).folder.corrections) == 2


def test_a_proposal_holds_words_and_lies_where_nothing_is_published(case: Case) -> None:
    review = Review(case)
    made = review.propose_name(shelled(review), "the Grey Guard", "guard")
    review.propose_rule(shelled(review), {"type": "attack.shelling"})
    assert made.parent.name == "proposals"
    published = {path for _, path in again(case).folder.files()}
    assert not published & set(made.parent.iterdir())


def test_one_key_a_judgement_on_a_terminal(case: Case) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        command = "import sys; from holdfire.cli import main; sys.argv = ['holdfire', *sys.argv[1:]]; main()"
        where = str(case.folder.path)
        os.execv(sys.executable, [sys.executable, "-c", command, "review", "claims", "--case", where])  # noqa: S606
    seen, keys = b"", iter([b"a", b"s", b"\x15accuses\r", b" ", b"x"])
    until = time.monotonic() + 60
    marks = [b"accept", b"of", b"stance", b"of", b"of"]
    while time.monotonic() < until:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
        if marks and marks[0] in seen:
            marks.pop(0)
            seen = b""
            time.sleep(0.3)
            os.write(terminal, next(keys))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    acts = [each.act for each in again(case).folder.corrections]
    assert acts[0] is Act.ACCEPT


LINES = st.builds(
    Correction,
    at=st.just("2031-05-03T10:00Z"), by=st.just("x"), report=st.sampled_from(["r1", "r2"]),
    trigger=st.sampled_from([(0, 4), (8, 12)]), type=st.just("attack.shelling"), act=st.sampled_from(Act),
)  # fmt: skip


@given(st.lists(LINES, max_size=12))
def test_undo_takes_back_one_judgement_and_the_file_reads_back(listed: list[Correction]) -> None:
    assert corrections("".join(each.line for each in listed), "f") == tuple(listed)
    kept = standing(listed)
    undone = sum(each.act is Act.UNDO for each in listed)
    assert len(listed) - 2 * undone <= len(kept) <= len(listed) - undone
    assert Act.UNDO not in {each.act for each in kept}


def test_what_a_second_reader_differs_in_comes_first(case: Case) -> None:
    held = case.held()[0]
    name = f"{held.report.id[:24]}-{'0' * 16}.json"
    shown = case.readings.shown(held)
    assert shown is not None
    claim = {
        "content": "The army plans to shell the bridge on Monday", "trigger": "shell", "negated": False,
        "type": "attack.shelling", "stance": "asserts", "modality": "actual", "kind": "narrated",
    }  # fmt: skip
    shelf = case.folder.made / "second"
    shelf.mkdir()
    answer = json.dumps({"claims": [claim]})
    (shelf / name).write_text(json.dumps({"answer": answer, "model": "m", "prompt": "p"}), encoding="utf-8")
    cards = Review(case).cards()
    differing = [card for card in cards if card.differs]
    assert cards[: len(differing)] == differing
    assert ("modality",) in [card.differs for card in differing]
    assert ("all of it",) in [card.differs for card in differing]


def test_claims_of_a_case_have_the_ids_of_the_record(case: Case) -> None:
    printed = {row["claim_id"] for _, table in again(case).claims() for row in rows(table)}
    assert printed == {row["claim_id"] for row in claims(case)}

"""A determination is verified when two editors signed the entry that stands, and only then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from holdfire import signing
from holdfire.case import Case
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger.keys import PrivateKey
from holdfire.recomputing import again
from holdfire.reviews import one, reviews
from recordmaking import AT, NAME, PERIOD, a_record, reopened
from signatures import ADA, BEN, CLEO, DANA, signed


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return a_record(tmp_path / "case", 2)


def first(case: Case) -> str:
    with case.ledger() as ledger:
        return str(next(iter(ledger.entries("determination"))).value["determination_id"])


def say(case: Case, name: str, status: str, *editors: PrivateKey) -> None:
    with case.ledger(write=True) as ledger:
        found = one(ledger, name)
        for editor in editors:
            draft = signing.draft_review(of=name, entry=found.leaf, status=status, at=AT, by=editor.name)
            signing.enter(ledger, signed(draft, editor))


def status(case: Case, name: str) -> str:
    with case.ledger() as ledger:
        return reviews(ledger)[name].status if name in reviews(ledger) else ""


def test_one_editor_is_not_two(case: Case) -> None:
    name = first(case)
    say(case, name, "verified", ADA)
    assert status(case, name) == "under_review"
    say(case, name, "verified", ADA)
    assert status(case, name) == "under_review"
    say(case, name, "verified", BEN)
    assert status(case, name) == "verified"


def test_one_editor_takes_the_word_back(case: Case) -> None:
    name = first(case)
    say(case, name, "verified", ADA, BEN)
    say(case, name, "suspended", CLEO)
    assert status(case, name) == "suspended"


def test_someone_else_cannot_review(case: Case) -> None:
    with pytest.raises((BadInput, CheckFailed)):
        say(case, first(case), "verified", DANA)


def test_the_bulletin_says_so_and_can_be_made_again(case: Case) -> None:
    name = first(case)
    say(case, name, "verified", ADA, BEN)
    ran = reopened(case.folder.path).run(PERIOD)
    assert ran.fresh, "a review is news"
    rows = json.loads((ran.bulletins[0] / "annex" / "incidents.json").read_bytes())["incidents"]
    stands = {row["determination_id"]: row["status"] for row in rows}
    assert stands[name] == "verified"
    assert sorted(stands.values()) == ["under_review", "verified"]
    page = (case.bulletins / NAME / "determinations" / f"{name}.html").read_text(encoding="utf-8")
    assert "Ada, Ben" in page
    assert [each.same for each in again(case.folder.path, None, "", None)] == [True, True]


def test_a_changed_determination_begins_anew(case: Case) -> None:
    name = first(case)
    say(case, name, "verified", ADA, BEN)
    with case.ledger(write=True) as ledger:
        ledger.append([{**one(ledger, name).value, "denials": 7}])
        assert name not in reviews(ledger)


def test_no_such_determination(case: Case) -> None:
    with case.ledger() as ledger, pytest.raises(BadInput, match="are named"):
        one(ledger, "d-nothing")

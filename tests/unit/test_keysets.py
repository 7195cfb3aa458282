"""Each rule of a keyset, broken in turn: docs/format.md, after TUF's root rotation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import keysets
from holdfire.ledger.drafts import Draft
from holdfire.ledger.entry import encode
from holdfire.ledger.keys import PrivateKey, key_id, written
from holdfire.ledger.log import Ledger
from holdfire.ledger.verifying.entries import keyset_breaks, keyset_of
from signatures import ADA, AT, BEN, CLEO, DANA, LOG, NORTH, RIVER, SOUTH, begun, keyset, public, signed


def first(**changes: Any) -> Draft:
    """Return the draft of keyset 1."""
    return keyset(Ledger.open(Path("none-such.sqlite")), **changes)


def after(old: Draft, **changes: Any) -> Draft:
    """Return the draft of the keyset after another."""
    standing = keysets.parse(old)
    return {**first(**changes), "number": standing.number + 1, "before": standing.leaf}


FIRST = signed(first(), ADA, BEN)
ONE = keysets.follow(FIRST, None)


def test_the_first_is_signed_by_its_own_threshold() -> None:
    assert ONE.number == 1
    assert ONE.editors == public(ADA, BEN, CLEO)
    assert ONE.before == ""
    with pytest.raises(CheckFailed, match="signed by Ada; 1 more of Ben, Cleo must sign"):
        keysets.follow(signed(first(), ADA), None)
    with pytest.raises(CheckFailed, match="signed by no one; 2 more of Ada, Ben, Cleo"):
        keysets.follow(first(), None)


def test_one_editor_who_signs_twice_counts_once() -> None:
    with pytest.raises(CheckFailed):
        keysets.follow(signed(first(), ADA, ADA), None)


def test_a_signature_of_a_stranger_is_refused_not_ignored() -> None:
    with pytest.raises(BadInput, match="no editor's"):
        keysets.follow(signed(first(), ADA, BEN, DANA), None)
    with pytest.raises(BadInput, match="no editor's"):
        keysets.follow(signed(first(), ADA, BEN, NORTH), None)


def test_a_wrong_signature_is_refused_even_beside_enough_right_ones() -> None:
    right = signed(first(), ADA, BEN)
    wrong = {**right, "signatures": {**right["signatures"], CLEO.id: right["signatures"][ADA.id]}}
    with pytest.raises(BadInput, match="does not fit"):
        keysets.follow(wrong, None)


def test_a_signature_does_not_hold_for_another_draft() -> None:
    with pytest.raises(BadInput, match="does not fit"):
        keysets.follow({**FIRST, "quorum": 0}, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"threshold": 1},
        {"threshold": 0},
        {"threshold": 4},
        {"editors": {}},
        {"editors": public(ADA), "threshold": 2},
        {"quorum": 3},
        {"witnesses": {}, "quorum": 1},
        {"witnesses": {"north": ADA.public}},
        {"witnesses": {"north": LOG.public}},
        {"editors": {"Ada": ADA.public, "Ada again": ADA.public}},
        {"editors": {"Ada": ADA.public, "Log": LOG.public}},
        {"witnesses": {"a b": NORTH.public}},
        {"editors": {"Ada": ADA.public, "": BEN.public}},
        {"editors": {"Ada": ADA.public, "Zero": bytes(32)}},
        {"log": (1).to_bytes(32, "little")},
        {"fresh_hours": -1},
        {"quorum": -1},
        {"at": "yesterday"},
        {"at": "2016-02-30T00:00Z"},
        {"editors": {"Ada": ADA.public, "Zo\u00eb": BEN.public}},
    ],
)
def test_a_keyset_that_breaks_a_rule_is_not_drawn_up(changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        first(**changes)


def test_every_problem_is_said_at_once() -> None:
    with pytest.raises(BadInput) as raised:
        first(threshold=9, quorum=9, witnesses={"north": ADA.public})
    assert len(raised.value.problems) == 3


def test_a_change_needs_both_thresholds() -> None:
    new = after(FIRST, editors=public(CLEO, DANA, RIVER))
    for enough, who in (
        (True, (ADA, BEN, CLEO, DANA)),
        (True, (ADA, CLEO, DANA)),  # Cleo stands in both and counts for both
        (True, (ADA, BEN, CLEO, DANA, RIVER)),
        (False, (ADA, BEN)),
        (False, (CLEO, DANA)),
        (False, (DANA, RIVER)),
        (False, (ADA, DANA, RIVER)),
        (False, (ADA, BEN, DANA)),
    ):
        draft = signed(new, *who)
        if enough:
            assert keysets.follow(draft, ONE).editors == public(CLEO, DANA, RIVER)
        else:
            with pytest.raises(CheckFailed):
                keysets.follow(draft, ONE)


def test_who_is_missing_is_said_for_each_side() -> None:
    with pytest.raises(CheckFailed) as raised:
        keysets.follow(signed(after(FIRST, editors=public(DANA, RIVER)), ADA), ONE)
    said = str(raised.value)
    assert "keyset 1: signed by Ada; 1 more of Ben, Cleo must sign (2 are needed)" in said
    assert "keyset 2: signed by no one; 2 more of Dana, river-university must sign (2 are needed)" in said


@pytest.mark.parametrize(
    "changes",
    [{"number": 3}, {"number": 1}, {"before": ""}, {"before": "a" * 64}, {"number": 1, "before": ""}],
)
def test_a_keyset_follows_on_the_one_before(changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        keysets.follow(signed({**after(FIRST), **changes}, ADA, BEN), ONE)


def test_the_first_follows_on_nothing() -> None:
    for changes in ({"number": 2}, {"before": "a" * 64}):
        with pytest.raises(BadInput):
            keysets.follow(signed({**first(), **changes}, ADA, BEN), None)


def test_the_last_keyset_is_in_force_and_a_bad_one_stops_everything(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        two = signed(after(FIRST, threshold=3), ADA, BEN, CLEO)
        ledger.append([two])
        found = keysets.last(ledger.entries("keyset"))
        assert found is not None
        assert (found.number, found.threshold) == (2, 3)
        ledger.append([signed(after(two, threshold=2), ADA, BEN)])  # three had to sign
        with pytest.raises(BadInput):
            keysets.last(ledger.entries("keyset"))
    assert keysets.last([]) is None


@settings(deadline=None, max_examples=60)  # a signature takes 3 ms to check, more on a busy machine
@given(st.sets(st.sampled_from([ADA, BEN, CLEO, DANA, RIVER, SOUTH])), st.integers(2, 3), st.integers(2, 3))
def test_a_change_is_taken_exactly_if_both_sides_have_enough(
    who: set[PrivateKey], old_threshold: int, new_threshold: int
) -> None:
    """The reference: count each side by itself."""
    old_side, new_side = {ADA, BEN, CLEO}, {CLEO, DANA, RIVER}
    start = signed(first(threshold=old_threshold), ADA, BEN, CLEO)
    new = after(start, editors=public(*new_side), threshold=new_threshold)
    draft = signed(new, *sorted(who, key=lambda key: key.name))
    expected = (
        who <= old_side | new_side
        and len(who & old_side) >= old_threshold
        and len(who & new_side) >= new_threshold
    )
    try:
        keysets.follow(draft, keysets.parse(start))
        taken = True
    except (BadInput, CheckFailed):
        taken = False
    assert taken == expected
    breaks = keyset_breaks(encode(draft), keyset_of(encode(start)))
    assert taken == (breaks == ""), "a reader's verifier says the same"


def test_what_is_signed_is_the_entry_without_its_signatures() -> None:
    said = keysets.message({"kind": "review", "signatures": {"a": "b"}, "at": AT})
    assert said == b'holdfire-entry/v1\n{"at":"2016-03-01T12:00Z","kind":"review"}'
    assert ADA.id == key_id(ADA.public)
    assert FIRST["signatures"][ADA.id] == written(ADA.sign(keysets.message(FIRST)))


def test_a_short_code_is_sixty_bits_in_nineteen_digits() -> None:
    assert keysets.short_code("f" * 64) == f"{2**60 - 1:019d}"[:5] + "-" + "-".join(
        ("21504", "60684", "6975")
    )
    assert keysets.short_code("0" * 64) == "00000-00000-00000-0000"

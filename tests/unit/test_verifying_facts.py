"""What a yes may say of witnesses: last, since when, and whether that is long ago."""

from __future__ import annotations

import pytest

from holdfire.ledger.verifying.entries import Keyset
from holdfire.ledger.verifying.facts import Facts, Seen, short_code_of

HOUR = 3600


def _keyset(hours: int) -> Keyset:
    return Keyset("", "", 1, b"", {}, 2, {}, 0, hours)


def _facts(*seen: Seen, hours: int = 2, now: int | None = None) -> Facts:
    facts = Facts()
    facts.witnesses_seen(list(seen), _keyset(hours), now)
    return facts


def test_a_witness_is_known_since_the_first_checkpoint_under_its_key() -> None:
    seen = [
        Seen("north", b"n", 90, [1900, 1000, 1950], True),
        Seen("north", b"n", 40, [800, 700, 900], False),
        Seen("north", b"n", 60, [850], False),
        Seen("north", b"old", 20, [100], False),
        Seen("south", b"n", 10, [50], False),
        Seen("mission", b"m", 90, [1200], True),
    ]
    assert _facts(*seen).witnesses == {
        "north": {"last": 1950, "since": 700, "since_size": 40},
        "mission": {"last": 1200, "since": 1200, "since_size": 90},
    }


@pytest.mark.parametrize(("late", "stale"), [(0, False), (2 * HOUR, False), (2 * HOUR + 1, True)])
def test_a_record_is_stale_where_its_newest_cosignature_is_old(late: int, stale: bool) -> None:
    seen = [Seen("north", b"n", 9, [1000], True), Seen("south", b"s", 9, [500], True)]
    assert _facts(*seen, now=1000 + late).stale is stale
    assert _facts(*seen, now=1000 + late, hours=0).stale is False
    assert _facts(*seen, now=None).stale is False


def test_a_record_that_nobody_cosigned_is_stale() -> None:
    assert _facts(now=0).stale is True
    assert _facts(now=0, hours=0).stale is False
    assert _facts().stale is False
    assert _facts(now=0, hours=1).stale is True
    assert _facts(Seen("north", b"n", 9, [0], True), now=HOUR, hours=1).stale is False


def test_facts_are_empty_and_then_what_a_release_says() -> None:
    facts = Facts()
    empty = {
        "bulletin": {},
        "code": "",
        "editors": [],
        "root": "",
        "size": 0,
        "stale": False,
        "witnesses": {},
    }
    assert facts.as_json() == empty
    assert list(facts.as_json()) == sorted(empty)
    said = {"number": 2, "period": "p", "version": 1, "at": "a", "expires": "e"}
    facts.released({**said, "size": 9, "kind": "release"})
    assert facts.as_json() == {**empty, "bulletin": said}


def test_the_short_code_has_the_first_60_bits() -> None:
    assert short_code_of("0123456789abcde" + "f" * 49) == _plain("0123456789abcde")
    assert short_code_of("0" * 15 + "f" * 49) == "00000-00000-00000-0000"
    assert short_code_of("0" * 14 + "1" + "f" * 49) == "00000-00000-00000-0001"


def _plain(digits: str) -> str:
    text = str(int(digits, 16)).rjust(19, "0")
    return f"{text[0:5]}-{text[5:10]}-{text[10:15]}-{text[15:19]}"

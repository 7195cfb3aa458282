"""Leaf hashes are found by their place, also those that begin alike."""

from __future__ import annotations

import hashlib
import random

import pytest

from holdfire.ledger import kinded, names
from holdfire.ledger.entry import Entry, encode
from holdfire.ledger.names import Names


def leaf(number: int) -> bytes:
    """Return a leaf hash; every third begins as the two before it."""
    return hashlib.sha256(b"%d" % (number // 3)).digest()[:8] + hashlib.sha256(b"%d" % number).digest()[8:]


@pytest.mark.parametrize("steps", [[1] * 50, [names.FEW - 1, 1, 1, 1], [20_000, 1, 5_000, 3, 9_000]])
def test_each_is_found_at_its_place_however_many_come_at_once(steps: list[int]) -> None:
    leaves: list[bytes] = []
    found = Names(lambda place: leaves[place])
    assert found.find([leaf(0)]) == [None]
    for step in steps:
        fresh = [leaf(len(leaves) + number) for number in range(step)]
        leaves += fresh
        found.extend(fresh)
        assert found.size == len(leaves)
        asked = random.Random(step).sample(range(len(leaves) + 50), min(300, len(leaves)))
        assert found.find([leaf(n) for n in asked]) == [n if n < len(leaves) else None for n in asked]
    assert found.find([]) == []


def test_kinds_in_runs_read_as_they_were_written_and_others_are_refused() -> None:
    chance = random.Random(2016)
    for _ in range(50):
        kinds = chance.choices(["claim", "run", "keyset"], k=256)
        assert kinded.out_of_runs(kinded.in_runs(kinds)) == kinds
    for wrong in ("", "claim", "claim 0", "claim 2,", "claim -1", "claim 2 ", "claim 9999"):
        with pytest.raises(ValueError, match="not written in runs"):
            kinded.out_of_runs(wrong)
    assert kinded.mark_of(1, "run 2") != kinded.mark_of(2, "run 2")


@pytest.mark.parametrize("hidden", ["kind", '"kind":"claim"', '{"kind":"claim"}'])
def test_the_kind_is_read_from_the_entry_not_from_what_it_says(hidden: str) -> None:
    values = [
        {"kind": "retraction", "of": "0" * 64, "at": "2016-03-01T00:00Z", "reason": hidden},
        {"kind": "case", "files": [[hidden, "0" * 64], ["kind", "1" * 64]], "at": "2016-03-01T00:00Z"},
    ]
    for value in values:
        content = encode(value)
        assert kinded.kind_of(content) == Entry(seq=0, leaf="", content=content).kind == value["kind"]
        assert kinded.names(content, str(value["kind"]))
    assert kinded.kind_of(b'{"files":{"kind":"aa"},"kind":"case"}') == "case"

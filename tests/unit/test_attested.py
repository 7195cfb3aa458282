"""A signed entry by itself: each link of its chain is broken in turn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from holdfire import signing
from holdfire.digests import canonical
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import attested
from holdfire.ledger.log import Ledger
from signatures import ADA, AT, BEN, CLEO, DANA, RIVER, keyset, public, signed

D = "ab" * 32


@pytest.fixture
def made(tmp_path: Path) -> tuple[bytes, str]:
    """Return a partition's entry signed under the second keyset of a record, and the fingerprint."""
    with Ledger.open(tmp_path / "ledger.sqlite", write=True) as ledger:
        first = signing.enter(ledger, signed(keyset(ledger), ADA, BEN))
        second = keyset(ledger, editors=public(CLEO, DANA, RIVER), threshold=2, quorum=0, witnesses={})
        signing.enter(ledger, signed(second, ADA, BEN, CLEO, DANA))
        draft = signing.draft_partition(
            ledger, name="SYR", partition=D, candidates=D, places=800, cells=40, at=AT
        )
        with pytest.raises(CheckFailed, match="more of"):
            signing.enter(ledger, signed(draft, CLEO))
        entry = signing.enter(ledger, signed(draft, CLEO, DANA))
        with pytest.raises(BadInput, match="in force already"):
            signing.draft_partition(ledger, name="SYR", partition=D, candidates=D, places=8, cells=1, at=AT)
        later = signing.draft_partition(
            ledger, name="SYR", partition="cd" * 32, candidates=D, places=800, cells=41, at=AT
        )
        assert later["before"] == entry.leaf
        return attested.attested(ledger, entry), first.leaf


def test_it_says_who_signed(made: tuple[bytes, str]) -> None:
    found = attested.check(*made)
    assert (found.signers, found.keyset) == (("Cleo", "Dana"), 2)
    assert found.value["partition"] == D


def changed(text: bytes, path: list[Any], value: Any) -> bytes:
    said = json.loads(text)
    inner = said
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return canonical(said) + b"\n"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["entry", "partition"], "ef" * 32),
        (["entry", "signatures"], {}),
        (["entry", "keyset"], D),
        (["keysets", 0], None),
        (["keysets", 1], None),
        (["keysets", 1, "threshold"], 3),
        (["keysets", 1, "signatures"], {}),
        (["keysets"], []),
    ],
)
def test_what_was_changed_on_the_way_does_not_pass(
    made: tuple[bytes, str], path: list[Any], value: Any
) -> None:
    with pytest.raises(CheckFailed):
        attested.check(changed(made[0], path, value), made[1])


def test_one_signature_of_two_is_too_few(made: tuple[bytes, str]) -> None:
    said = json.loads(made[0])["entry"]["signatures"]
    one = dict(list(said.items())[:1])
    with pytest.raises(CheckFailed, match="more of"):
        attested.check(changed(made[0], ["entry", "signatures"], one), made[1])


def test_another_record_does_not_pass(made: tuple[bytes, str]) -> None:
    with pytest.raises(CheckFailed, match="another record"):
        attested.check(made[0], D)


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff", b'{"form":"x"}', b"[" * 4000])
def test_what_is_no_such_file_is_refused(text: bytes) -> None:
    with pytest.raises(BadInput):
        attested.check(text, D)

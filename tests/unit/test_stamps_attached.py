"""A token lies in the vault beside its report, and the log has a closed word of it and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiving import pending_proof as proof
from holdfire import stamps
from holdfire.answers import Answer
from holdfire.errors import BadInput
from holdfire.ledger.log import Ledger
from holdfire.ledger.stamping import Standing
from holdfire.ledger.stamping.opentimestamps import MAGIC
from holdfire.ledger.vault import Vault

REPORT = b"Two shells fell near the bridge."
AT = "2031-05-03T10:00Z"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[tuple[Ledger, Vault]]:
    with (
        Ledger.open(tmp_path / "log.sqlite", write=True) as ledger,
        Vault.open(tmp_path / "vault", write=True) as vault,
    ):
        yield ledger, vault


def test_a_token_is_kept_whole_and_the_log_says_what_came_of_it(case: tuple[Ledger, Vault]) -> None:
    ledger, vault = case
    of = vault.put(REPORT, {})
    stamp = stamps.attach(ledger, vault, of, proof(REPORT), at=AT, by="ana", file="a.ots")
    assert (stamp.matches, stamp.standing) == (Answer.YES, Standing.PENDING)
    (entry,) = stamps.attached(ledger, of)
    assert vault.read(entry["blob"]) == proof(REPORT)
    assert vault.label(entry["blob"]) == {"file": "a.ots"}
    assert {k: entry[k] for k in ("kind", "type", "at", "by", "says")} == {
        "kind": "attachment",
        "type": "opentimestamps",
        "at": AT,
        "by": "ana",
        "says": "matches; pending",
    }


def test_the_same_token_twice_is_one_entry(case: tuple[Ledger, Vault]) -> None:
    ledger, vault = case
    of = vault.put(REPORT, {})
    for _ in range(2):
        stamps.attach(ledger, vault, of, proof(REPORT), at=AT)
    assert ledger.size == 1


def test_a_token_that_does_not_match_is_kept_and_is_no_gate(case: tuple[Ledger, Vault]) -> None:
    ledger, vault = case
    of = vault.put(REPORT, {})
    assert stamps.attach(ledger, vault, of, proof(b"other"), at=AT).matches is Answer.NO
    assert [entry["says"] for entry in stamps.attached(ledger, of)] == ["does not match"]


def test_a_list_that_was_stamped_is_kept_beside_its_token(case: tuple[Ledger, Vault]) -> None:
    ledger, vault = case
    of = vault.put(REPORT, {})
    listed = "\n".join(hashlib.sha256(c).hexdigest() for c in (b"other", REPORT)).encode()
    assert stamps.attach(ledger, vault, of, proof(listed), at=AT, over=listed).matches is Answer.YES
    (token,) = stamps.attached(ledger, of)
    (kept,) = stamps.attached(ledger, token["blob"])
    assert (kept["type"], vault.read(kept["blob"])) == ("list", listed)
    assert stamps.beside(ledger, of) == [token["blob"], kept["blob"]]
    found = stamps.again(ledger, vault, token)
    assert found is not None
    assert found.standing is Standing.PENDING
    vault.destroy(kept["blob"])
    assert stamps.again(ledger, vault, token) is None
    with pytest.raises(BadInput, match="does not name the report's digest"):
        stamps.attach(ledger, vault, of, proof(b"00"), at=AT, over=b"00")


def test_what_is_no_token_is_not_kept(case: tuple[Ledger, Vault]) -> None:
    ledger, vault = case
    of = vault.put(REPORT, {})
    for content in (b"", b"x", MAGIC + b"x" * (1 << 20)):
        with pytest.raises(BadInput, match="no time-stamp token"):
            stamps.attach(ledger, vault, of, content, at=AT)
    assert (ledger.size, len(vault.all())) == (0, 1)

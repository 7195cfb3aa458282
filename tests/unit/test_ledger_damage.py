"""Damage to the ledger is noticed: none of it is read as if it were the record."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger.entry import encode, leaf_hash
from holdfire.ledger.log import Ledger

COUNT = 40


def retraction(number: int) -> dict[str, object]:
    return {"kind": "retraction", "of": f"{number:064x}", "at": "2016-03-01T00:00Z", "reason": "r" * 300}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        for start in range(0, COUNT, 10):
            ledger.append([retraction(number) for number in range(start, start + 10)])
    return path


CHANGES = {
    "a changed byte": (
        "UPDATE entry SET content = CAST(replace(content, 'rrr', 'rrx') AS BLOB) WHERE seq = 5",
        "entry 5 does not match its hash",
    ),
    "an entry taken out": ("DELETE FROM entry WHERE seq = 5", "entries 5 to 5 are missing"),
    "the first taken out": ("DELETE FROM entry WHERE seq = 0", "entries 0 to 0 are missing"),
    "the last taken out": ("DELETE FROM entry WHERE seq = 39", "a head speaks of 40 entries; there are 39"),
    "the heads taken out": ("DELETE FROM head", "the last head speaks of 0 entries; there are 40"),
    "the last head taken out": (
        "DELETE FROM head WHERE size = 40",
        "the last head speaks of 30 entries; there are 40",
    ),
    "a changed head": (
        "UPDATE head SET root = zeroblob(32) WHERE size = 20",
        "the head of 20 entries is not their Merkle root",
    ),
    "two changed places": (
        "UPDATE entry SET seq = 99 WHERE seq = 3; UPDATE entry SET seq = 3 WHERE seq = 4;"
        "UPDATE entry SET seq = 4 WHERE seq = 99",
        "the head of 10 entries is not their Merkle root",
    ),
}


def changed(whole: Path, folder: Path, statements: str) -> Path:
    """Copy the ledger and change it as someone would who knows how to take the triggers away."""
    path = folder / "l.sqlite"
    shutil.copy(whole, path)
    database = sqlite3.connect(path)
    triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name}")
    database.executescript(statements)
    for _, sql in triggers:
        database.execute(sql)
    database.close()
    return path


@pytest.mark.parametrize("change", CHANGES)
def test_check_says_what_is_wrong_and_no_writer_goes_on(whole: Path, tmp_path: Path, change: str) -> None:
    statements, problem = CHANGES[change]
    path = changed(whole, tmp_path, statements)
    with Ledger.open(path) as ledger:
        assert problem in [each.problem for each in ledger.check()]
    if change != "a changed head":  # an old head alone changes no entry; only `check` reads it
        with pytest.raises(BadInput):
            Ledger.open(path, write=True)


def test_a_rewritten_entry_with_its_hash_is_found_by_the_heads(whole: Path, tmp_path: Path) -> None:
    content = encode({**retraction(5), "reason": "something else"})
    path = changed(
        whole,
        tmp_path,
        f"UPDATE entry SET content = x'{content.hex()}', leaf = x'{leaf_hash(content).hex()}' WHERE seq = 5",
    )
    with Ledger.open(path) as ledger:
        assert [each.problem for each in ledger.check()] == [
            f"the head of {size} entries is not their Merkle root" for size in (10, 20, 30, 40)
        ]
    with pytest.raises(BadInput, match="do not lead to the stored head"):
        Ledger.open(path, write=True)


def test_an_entry_that_is_not_canonical_is_found(whole: Path, tmp_path: Path) -> None:
    content = encode(retraction(40)) + b" "
    path = changed(
        whole, tmp_path, f"INSERT INTO entry VALUES (40, x'{leaf_hash(content).hex()}', x'{content.hex()}')"
    )
    with Ledger.open(path) as ledger:
        assert "entry 40: an entry is not written in canonical form" in [p.problem for p in ledger.check()]


def test_a_trigger_taken_away_is_found(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    shutil.copy(whole, path)
    database = sqlite3.connect(path)
    database.execute("DROP TRIGGER entry_no_delete")
    database.close()
    with Ledger.open(path) as ledger:
        assert [p.problem for p in ledger.check()] == ["the tables or triggers are not those of a ledger"]


def test_reading_stops_at_a_changed_entry_of_any_kind(whole: Path, tmp_path: Path) -> None:
    path = changed(whole, tmp_path, CHANGES["a changed byte"][0])
    with Ledger.open(path) as ledger, pytest.raises(BadInput, match="entry 5 does not match its hash"):
        list(ledger.entries("report"))


@pytest.mark.parametrize("length", [0.1, 0.5, 0.9])
def test_a_cut_off_file_is_damaged_not_shorter(whole: Path, tmp_path: Path, length: float) -> None:
    path = tmp_path / "l.sqlite"
    content = whole.read_bytes()
    path.write_bytes(content[: int(len(content) * length)])
    assert outcome(path) == "noticed"


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(BadInput, match="the ledger is damaged"):
        Ledger.open(path)


def outcome(path: Path) -> str:
    """Return what comes of reading: `noticed`, `same`, or `silent` for a record that is another."""
    try:
        with Ledger.open(path) as ledger:
            read = [entry.value for entry in ledger.entries()]
            if ledger.check():
                return "noticed"
    except HoldfireError:
        return "noticed"
    return "same" if read == [retraction(number) for number in range(COUNT)] else "silent"


def test_no_flipped_bit_changes_the_record_unnoticed(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    content = whole.read_bytes()
    chance = random.Random(2016)
    found = {"noticed": 0, "same": 0, "silent": 0}
    for _ in range(300):
        place = chance.randrange(len(content) * 8)
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        path.write_bytes(flipped)
        found[outcome(path)] += 1
    print(f"300 flipped bits, seed 2016: {found}; 0 silent is at most 1 % at 95 %")
    assert found["silent"] == 0
    assert found["noticed"] > 100  # the rest fell on bytes that hold nothing

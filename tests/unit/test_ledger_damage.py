"""Damage to the ledger is noticed: none of it is read as if it were the record."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger import kinded, tree
from holdfire.ledger.entry import encode, leaf_hash
from holdfire.ledger.log import Ledger
from holdfire.ledger.tiles import pack, unpack

COUNT = 600  # two bundles, and 88 entries that fill none


def value(number: int) -> dict[str, Any]:
    if number % 100 == 50:
        return {"kind": "bulletin", "number": number, "period": "p", "manifest": f"{number:064x}"}
    return {"kind": "retraction", "of": f"{number:064x}", "at": "2016-03-01T00:00Z", "reason": "r" * 300}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        for start in range(0, COUNT, 50):
            ledger.append([value(number) for number in range(start, start + 50)])
    return path


R5 = "CAST(replace(content, 'rrr', 'rrx') AS BLOB)"
FLIPPED = "substr(hashes, 1, 31) || x'00' || substr(hashes, 33)"
CHANGES = {
    "a changed byte": (
        f"UPDATE entry SET content = {R5} WHERE seq = 515",
        "entry 515 does not match its hash",
    ),
    "a changed leaf": (
        "UPDATE entry SET leaf = zeroblob(32) WHERE seq = 515",
        "entry 515 does not match its hash",
    ),
    "an entry taken out": ("DELETE FROM entry WHERE seq = 515", "entries 515 to 515 are missing"),
    "the first taken out": ("DELETE FROM entry WHERE seq = 512", "entries 512 to 512 are missing"),
    "the last taken out": (
        "DELETE FROM entry WHERE seq = 599",
        "a head speaks of 600 entries; there are 599",
    ),
    "all in no bundle taken out": (
        "DELETE FROM entry",
        "a head speaks of 600 entries; there are 512",
    ),
    "a bundle taken out": ("DELETE FROM bundle WHERE number = 0", "entries 0 to 255 are missing"),
    "a changed bundle": (
        f"UPDATE bundle SET content = {R5} WHERE number = 1",
        "entry 256 does not match its hash",
    ),
    "a cut bundle": (
        "UPDATE bundle SET content = substr(content, 1, 5000) WHERE number = 1",
        "bundle 1 does not hold 256 entries",
    ),
    "changed kinds": (
        "UPDATE bundle SET kinds = replace(kinds, 'bulletin', 'retraction') WHERE number = 1",
        "the kinds of bundle 1 do not match their mark",
    ),
    "bundles that change places": (
        "UPDATE bundle SET number = 9 WHERE number = 0; UPDATE bundle SET number = 0 WHERE number = 1;"
        "UPDATE bundle SET number = 1 WHERE number = 9",
        "entry 0 does not match its hash",
    ),
    "a tile taken out": ("DELETE FROM tile WHERE number = 1", "tile 1 of level 0 is missing"),
    "a changed tile": (
        f"UPDATE tile SET hashes = CAST({FLIPPED} AS BLOB) WHERE number = 0",
        "tile 0 of level 0 is not that of its entries",
    ),
    "a changed root of a tile": (
        "UPDATE tile SET root = zeroblob(32) WHERE number = 0",
        "tile 0 of level 0 is not that of its entries",
    ),
    "a tile too many": (
        "INSERT INTO tile SELECT 1, 0, root, hashes FROM tile WHERE number = 0",
        "there are not just the bundles and tiles that 600 entries fill",
    ),
    "the heads taken out": ("DELETE FROM head", "the last head speaks of 0 entries; there are 600"),
    "the last head taken out": (
        "DELETE FROM head WHERE size = 600",
        "the last head speaks of 550 entries; there are 600",
    ),
    "a changed head": (
        "UPDATE head SET root = zeroblob(32) WHERE size = 200",
        "the head of 200 entries is not their Merkle root",
    ),
    "a head of no group": (
        "INSERT INTO head VALUES (-5, zeroblob(32))",
        "the head of -5 entries is not their Merkle root",
    ),
    "two changed places": (
        "UPDATE entry SET seq = 999 WHERE seq = 513; UPDATE entry SET seq = 513 WHERE seq = 514;"
        "UPDATE entry SET seq = 514 WHERE seq = 999",
        "the head of 550 entries is not their Merkle root",
    ),
}
OLD_HEADS = ("a changed head", "a head of no group")
"""An old head alone changes no entry; only `check` reads it."""


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
    if change not in OLD_HEADS:
        with pytest.raises(BadInput):
            Ledger.open(path, write=True)


def test_several_problems_are_said_at_once(whole: Path, tmp_path: Path) -> None:
    names = ("a changed byte", "changed kinds", "a changed root of a tile", "a changed head")
    path = changed(whole, tmp_path, ";".join(CHANGES[name][0] for name in names))
    with Ledger.open(path) as ledger:
        said = {each.problem for each in ledger.check()}
    assert {CHANGES[name][1] for name in names} <= said


def rewritten(seq: int) -> tuple[str, bytes]:
    """Return the statements that rewrite an entry and its hash, and its new bytes."""
    content = encode({**value(seq), "reason": "something else"})
    leaf = leaf_hash(content).hex()
    return f"UPDATE entry SET content = x'{content.hex()}', leaf = x'{leaf}' WHERE seq = {seq}", content


def test_a_rewritten_entry_with_its_hash_is_found_by_the_heads(whole: Path, tmp_path: Path) -> None:
    path = changed(whole, tmp_path, rewritten(555)[0])
    with Ledger.open(path) as ledger:
        assert [each.problem for each in ledger.check()] == [
            "the head of 600 entries is not their Merkle root"
        ]
        for ask in (
            lambda: ledger.root(600),
            lambda: ledger.inclusion(3, 600),
            lambda: ledger.consistency(1, 9),
        ):
            with pytest.raises(BadInput, match="do not lead to the stored head"):
                ask()
    with pytest.raises(BadInput, match="do not lead to the stored head"):
        Ledger.open(path, write=True)


def test_a_bundle_rewritten_with_its_tile_is_found_by_the_heads(whole: Path, tmp_path: Path) -> None:
    database = sqlite3.connect(whole)
    contents = unpack(database.execute("SELECT content FROM bundle WHERE number = 0").fetchone()[0])
    database.close()
    contents[7] = rewritten(7)[1]
    hashes = tree.leaves(contents)
    root = tree.Growing(hashes).root()
    path = changed(
        whole,
        tmp_path,
        f"UPDATE bundle SET content = x'{pack(contents).hex()}' WHERE number = 0;"
        f"UPDATE tile SET hashes = x'{b''.join(hashes).hex()}', root = x'{root.hex()}' WHERE number = 0",
    )
    with Ledger.open(path) as ledger:
        assert [each.problem for each in ledger.check()] == [
            f"the head of {size} entries is not their Merkle root" for size in range(50, 601, 50)
        ]
        with pytest.raises(BadInput, match="do not lead to the stored head"):
            ledger.root(100)
    with pytest.raises(BadInput, match="do not lead to the stored head"):
        Ledger.open(path, write=True)


def test_an_entry_that_is_not_canonical_or_is_there_twice_is_found(whole: Path, tmp_path: Path) -> None:
    spaced, again = encode(value(COUNT)) + b" ", encode(value(3))
    rows = "".join(
        f"INSERT INTO entry VALUES ({COUNT + place}, x'{leaf_hash(each).hex()}', x'{each.hex()}');"
        for place, each in enumerate((spaced, again))
    )
    path = changed(whole, tmp_path, rows)
    with Ledger.open(path) as ledger:
        said = [p.problem for p in ledger.check()]
    assert "entry 600: an entry is not written in canonical form" in said
    assert "entry 601 is there twice" in said


def test_kinds_that_are_wrong_under_a_right_mark_are_found(whole: Path, tmp_path: Path) -> None:
    database = sqlite3.connect(whole)
    (runs,) = database.execute("SELECT kinds FROM bundle WHERE number = 1").fetchone()
    database.close()
    names = kinded.out_of_runs(runs)
    assert names[350 - 256] == "bulletin"
    names[350 - 256] = "retraction"
    wrong = kinded.in_runs(names)
    mark = kinded.mark_of(1, wrong).hex()
    path = changed(whole, tmp_path, f"UPDATE bundle SET kinds = '{wrong}', mark = x'{mark}' WHERE number = 1")
    with Ledger.open(path) as ledger:
        assert [p.problem for p in ledger.check()] == ["entry 350 is of another kind than stands beside it"]
        with pytest.raises(BadInput, match="entry 350 is of another kind than stands beside it"):
            list(ledger.entries("retraction"))


def test_a_trigger_taken_away_is_found(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    shutil.copy(whole, path)
    database = sqlite3.connect(path)
    database.execute("DROP TRIGGER entry_no_delete")
    database.close()
    with Ledger.open(path) as ledger:
        assert [p.problem for p in ledger.check()] == ["the tables or triggers are not those of a ledger"]


def test_reading_stops_at_a_changed_entry(whole: Path, tmp_path: Path) -> None:
    path = changed(whole, tmp_path, CHANGES["a changed bundle"][0])
    with Ledger.open(path) as ledger:
        for ask in (
            lambda: list(ledger.entries()),
            lambda: list(ledger.entries("retraction")),
            lambda: list(ledger.batches()),
            lambda: list(ledger.tiles(300)),
            lambda: ledger.entry(256),
            lambda: ledger.find(leaf_hash(encode(value(256))).hex()),
        ):
            with pytest.raises(BadInput, match="entry 256 does not match its hash"):
                ask()
        assert [e.value for e in ledger.entries("bulletin")] == [value(n) for n in range(50, COUNT, 100)]


def test_no_damage_to_kinds_hides_an_entry(whole: Path, tmp_path: Path) -> None:
    path = changed(whole, tmp_path, CHANGES["changed kinds"][0])
    with Ledger.open(path) as ledger, pytest.raises(BadInput, match="the kinds of bundle 1 do not match"):
        list(ledger.entries("bulletin"))


def test_no_damage_to_a_tile_hides_a_name_or_makes_a_proof(whole: Path, tmp_path: Path) -> None:
    path = changed(whole, tmp_path, CHANGES["a changed tile"][0])
    with Ledger.open(path) as ledger:
        for ask in (
            lambda: ledger.find(leaf_hash(encode(value(0))).hex()),
            lambda: ledger.inclusion(1, 600),
            lambda: ledger.root(7),
        ):
            with pytest.raises(BadInput, match="tile 0 of level 0 does not lead to the head"):
                ask()


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
            few = [entry.value for entry in ledger.entries("bulletin")]
            found = ledger.find(LEAF)
            roots = [ledger.root(size) for size in SIZES]
            if ledger.check():
                return "noticed"
    except HoldfireError:
        return "noticed"
    same = read == VALUES and few == VALUES[50::100] and roots == ROOTS and found is not None
    return "same" if same else "silent"


VALUES = [value(number) for number in range(COUNT)]
LEAVES = tree.leaves(encode(each) for each in VALUES)
LEAF = LEAVES[300].hex()
SIZES = (1, 255, 300, 513, 600)
ROOTS = [tree.Growing(LEAVES[:size]).root().hex() for size in SIZES]


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
    assert found["noticed"] > 200  # the rest fell on bytes that hold nothing

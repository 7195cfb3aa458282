"""Tiles are those of C2SP tlog-tiles, and the ledger's are the same."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from holdfire.errors import BadInput
from holdfire.ledger import tiles, tree
from holdfire.ledger.entry import encode
from holdfire.ledger.log import Ledger


def naive(contents: list[bytes]) -> dict[str, bytes]:
    """Return every tile of these entries, as the specification says it, without any thought of speed."""

    def mth(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        k = 1
        while k * 2 < len(leaves):
            k *= 2
        return hashlib.sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()

    def name(level: str, number: int, width: int) -> str:
        digits = str(number).zfill((len(str(number)) + 2) // 3 * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        where = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
        return f"tile/{level}/{where}" + ("" if width == 256 else f".p/{width}")

    found = {}
    for start in range(0, len(contents), 256):
        some = contents[start : start + 256]
        bundle = b"".join(len(each).to_bytes(2, "big") + each for each in some)
        found[name("entries", start // 256, len(some))] = bundle
    leaves = [hashlib.sha256(b"\0" + each).digest() for each in contents]
    level = 0
    while len(leaves) >= 256**level:
        span = 256**level
        hashes = [mth(leaves[at * span : (at + 1) * span]) for at in range(len(leaves) // span)]
        for start in range(0, len(hashes), 256):
            some = hashes[start : start + 256]
            found[name(str(level), start // 256, len(some))] = b"".join(some)
        level += 1
    return found


def value(number: int) -> dict[str, Any]:
    return {
        "kind": "retraction",
        "of": f"{number:064x}",
        "at": "2016-03-01T00:00Z",
        "reason": "é" * (number % 9),
    }


@pytest.mark.parametrize(
    ("level", "number", "width", "expected"),
    [
        (0, 0, 256, "tile/0/000"),
        (1, 999, 255, "tile/1/999.p/255"),
        (63, 1000, 1, "tile/63/x001/000.p/1"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        ("entries", 1234067, 5, "tile/entries/x001/x234/067.p/5"),
    ],
)
def test_the_paths_are_those_of_the_specification(
    level: int | str, number: int, width: int, expected: str
) -> None:
    assert tiles.path(level, number, width) == expected


def test_a_tree_of_70000_has_the_tiles_that_the_specification_says() -> None:
    full = {0: 273, 1: 1, 2: 0}
    partial = {0: 112, 1: 17, 2: 1}
    for level in (0, 1, 2):
        widths = [width for _, width in tiles.widths(70_000 // 256**level)]
        assert widths == [256] * full[level] + [partial[level]]
    assert tiles.widths(0) == []


def test_a_growing_tree_gives_each_tile_once() -> None:
    leaves = [hashlib.sha256(b"%d" % number).digest() for number in range(66_000)]
    growth, given = tiles.Growth(), []
    at = 0
    for step in (1, 254, 1, 256, 70, 700, 64_000, 718):
        given += growth.extend(leaves[at : at + step])
        at += step
    assert growth.size == at == 66_000
    assert sorted((tile.level, tile.number) for tile in given) == [(0, n) for n in range(257)] + [(1, 0)]
    roots = [tree.Growing(leaves[start : start + 256]).root() for start in range(0, 65_792, 256)]
    for tile in given:
        if tile.level == 0:
            start = tile.number * 256
            assert (tile.hashes, tile.root) == (b"".join(leaves[start : start + 256]), roots[tile.number])
        else:
            assert (tile.hashes, tile.root) == (b"".join(roots[:256]), tree.Growing(leaves[:65_536]).root())
    assert growth.root() == tree.Growing(leaves).root()


def test_a_bundle_is_read_as_it_was_packed_and_a_torn_one_is_refused() -> None:
    contents = [b"", b"a" * 65_535, b"\0\1", "é".encode()]
    bundle = tiles.pack(contents)
    assert tiles.unpack(bundle) == contents
    assert tiles.unpack(b"") == []
    for torn in (bundle[:-1], bundle[:1], bundle + b"\0", bundle + b"\0\1"):
        with pytest.raises(ValueError, match="do not add up"):
            tiles.unpack(torn)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    path = tmp_path_factory.mktemp("tiles") / "l.sqlite"
    with Ledger.open(path, write=True) as writer:
        for start in range(0, 1100, 100):
            writer.append([value(number) for number in range(start, start + 100)])
    return Ledger.open(path)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 700, 1024, 1099, 1100])
def test_the_tiles_of_a_ledger_are_those_of_a_naive_reading(ledger: Ledger, size: int) -> None:
    contents = [encode(value(number)) for number in range(size)]
    found = list(ledger.tiles(size))
    assert dict(found) == naive(contents)
    assert len(found) == len(dict(found))


def test_no_tiles_are_given_of_a_tree_that_is_not_there_yet(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="has 1100 entries, not 1101"):
        list(ledger.tiles(1101))


def test_proofs_of_a_ledger_are_those_of_its_leaves(ledger: Ledger) -> None:
    leaves = tree.leaves(encode(value(number)) for number in range(1100))

    def run(height: int, index: int) -> bytes:
        return tree.Growing(leaves[index << height : index + 1 << height]).root()

    sizes = [1, 2, 3, 255, 256, 257, 511, 512, 513, 1023, 1024, 1100]
    for size in sizes:
        assert ledger.root(size) == tree.Growing(leaves[:size]).root().hex()
        for seq in {0, 1, 254, 255, 256, 511, 700, 1023, size // 2, size - 1}:
            if seq < size:
                assert ledger.inclusion(seq, size) == [each.hex() for each in tree.inclusion(run, seq, size)]
            else:
                with pytest.raises(IndexError):
                    ledger.inclusion(seq, size)
        for old in (0, *sizes):
            if old <= size:
                assert ledger.consistency(old, size) == [
                    each.hex() for each in tree.consistency(run, old, size)
                ]
            else:
                with pytest.raises(IndexError):
                    ledger.consistency(old, size)
    for ask in (
        ledger.root,
        lambda size: ledger.inclusion(0, size),
        lambda size: ledger.consistency(0, size),
    ):
        for size in (-1, 1101):
            with pytest.raises(BadInput, match="has 1100 entries"):
                ask(size)


def test_a_ledger_of_three_levels_proves_and_publishes_as_its_leaves_do(tmp_path: Path) -> None:
    contents = [encode(value(number)) for number in range(66_000)]
    leaves = tree.leaves(contents)
    with Ledger.open(tmp_path / "l.sqlite", write=True) as writer:
        for start in range(0, len(contents), 22_000):
            assert writer.append_encoded(contents[start : start + 22_000]) == 22_000
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        assert ledger.append_encoded(contents) == 0
        assert ledger.check() == []
        found = dict(ledger.tiles(66_000))
        assert len(found) == 2 * 258 + 1 + 1 + 1
        roots = [tree.Growing(leaves[start : start + 256]).root() for start in range(0, 65_792, 256)]
        assert found["tile/1/000"] == b"".join(roots[:256])
        assert found["tile/1/001.p/1"] == roots[256]
        assert found["tile/2/000.p/1"] == tree.Growing(leaves[:65_536]).root()
        assert found["tile/0/256"] == b"".join(leaves[65_536:65_792])
        assert found["tile/0/257.p/208"] == b"".join(leaves[65_792:])
        for size in (65_535, 65_536, 65_537, 65_792, 66_000):
            root = bytes.fromhex(ledger.root(size))
            assert root == tree.Growing(leaves[:size]).root()
            for seq in (0, 12_345, 65_534):
                proof = [bytes.fromhex(each) for each in ledger.inclusion(seq, size)]
                assert tree.included(leaves[seq], seq, size, proof, root)
                proof = [bytes.fromhex(each) for each in ledger.consistency(seq + 1, size)]
                assert tree.consistent(seq + 1, size, proof, tree.Growing(leaves[: seq + 1]).root(), root)

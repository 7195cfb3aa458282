"""Every small tree, every leaf and every pair of sizes: true proofs hold, and nothing near them does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import pytest

from holdfire.ledger.verifying.trees import (
    EMPTY_ROOT,
    Peaks,
    consistent,
    included,
    leaf_of,
    node_of,
    root_of_leaves,
)

LEAVES = [leaf_of(bytes([n])) for n in range(70)]


def _root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 section 2.1, as it is defined."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_of(_root(leaves[:k]), _root(leaves[k:]))


def _path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1, as it is defined."""
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m < k:
        return [*_path(m, leaves[:k]), _root(leaves[k:])]
    return [*_path(m - k, leaves[k:]), _root(leaves[:k])]


def _sub(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """RFC 6962 section 2.1.2, as it is defined."""
    if m == len(leaves):
        return [] if whole else [_root(leaves)]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m <= k:
        return [*_sub(m, leaves[:k], whole), _root(leaves[k:])]
    return [*_sub(m - k, leaves[k:], False), _root(leaves[:k])]


def _wrong(proof: list[bytes]) -> Iterator[list[bytes]]:
    """Yield proofs near a true one."""
    for at in range(len(proof)):
        yield [*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :]]
        yield proof[:at] + proof[at + 1 :]
        yield [*proof[:at], proof[at][:31], *proof[at + 1 :]]
        yield [*proof[:at], proof[at] + b"\x00", *proof[at + 1 :]]
        if at and proof[at] != proof[at - 1]:
            yield [*proof[: at - 1], proof[at], proof[at - 1], *proof[at + 1 :]]
    yield [*proof, bytes(32)]
    yield [bytes(32), *proof]
    if proof:
        yield [*proof, proof[-1]]


def test_the_test_vectors_of_rfc_6962_implementations_hold() -> None:
    # The roots of the eight inputs that certificate-transparency's own tests use.
    inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    leaves = [leaf_of(bytes.fromhex(each)) for each in inputs]
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaves[0].hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of_leaves(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_roots_are_those_of_the_definition() -> None:
    peaks = Peaks()
    assert peaks.root() == EMPTY_ROOT == root_of_leaves([])
    for size, leaf in enumerate(LEAVES, 1):
        peaks.add(leaf)
        assert peaks.size == size
        assert peaks.root() == _root(LEAVES[:size])


@pytest.mark.parametrize("size", range(1, 65))
def test_inclusion_holds_for_the_true_place_alone(size: int) -> None:
    leaves = LEAVES[:size]
    root = _root(leaves)
    for index in range(size):
        proof = _path(index, leaves)
        assert included(leaves[index], index, size, proof, root)
        assert not included(leaves[index], index, size, proof, LEAVES[-1])
        assert not included(LEAVES[-1], index, size, proof, root)
        for other in range(-1, size + 2):
            if other != index:
                assert not included(leaves[index], other, size, proof, root)
        for other in (0, 1, size - 1, size + 1, 2 * size, 2 * size + 1, -size):
            # The path to a leaf can be that of another size too; a proof claims the path and the root.
            if other != size and included(leaves[index], index, other, proof, root):
                assert 0 <= index < other
                assert len(_path(index, [b""] * other)) == len(proof)
        if size <= 24:
            for wrong in _wrong(proof):
                assert not included(leaves[index], index, size, wrong, root)


@pytest.mark.parametrize("new", range(65))
def test_consistency_holds_for_true_growth_alone(new: int) -> None:
    after = _root(LEAVES[:new])
    for old in range(new + 1):
        before = _root(LEAVES[:old])
        proof = _sub(old, LEAVES[:new], True) if old else []
        assert consistent(old, new, proof, before, after)
        assert not consistent(old, new, proof, LEAVES[-1], after)
        if old or not new:
            assert not consistent(old, new, proof, before, LEAVES[-1])
        if old != new:
            assert not consistent(new, old, proof, after, before)
            assert not consistent(-1, new, proof, before, after)
        if new <= 24:
            for wrong in _wrong(proof):
                assert not consistent(old, new, wrong, before, after)


def test_two_histories_of_one_size_are_never_consistent() -> None:
    other = [*LEAVES[:3], LEAVES[60], *LEAVES[4:20]]
    for old in range(4, 20):
        for new in range(old, 20):
            proof = _sub(old, other[:new], True)
            assert not consistent(old, new, proof, _root(LEAVES[:old]), _root(other[:new]))


def test_an_empty_proof_shows_growth_of_nothing() -> None:
    assert not consistent(3, 7, [], _root(LEAVES[:3]), _root(LEAVES[:7]))
    assert not consistent(4, 7, [], _root(LEAVES[:4]), _root(LEAVES[:4]))


def test_a_byte_moved_from_one_hash_to_the_next_is_refused() -> None:
    # What is hashed is the same bytes; only the lengths tell that one hash is short and the other long.
    left, right = LEAVES[0], LEAVES[1]
    assert included(left, 0, 2, [right], node_of(left, right))
    assert not included(left[:31], 0, 2, [left[31:] + right], node_of(left, right))


def test_hashes_of_other_lengths_are_refused_where_the_walk_would_come_out_right() -> None:
    # The new tree is a path of the proof alone: what the old root's side needs, the new one's shares.
    proof = _sub(3, LEAVES[:5], True)
    assert consistent(3, 5, proof, _root(LEAVES[:3]), _root(LEAVES[:5]))
    for at in range(len(proof)):
        for wrong in (proof[at][:31], proof[at] + bytes(1), b""):
            assert not consistent(
                3, 5, [*proof[:at], wrong, *proof[at + 1 :]], _root(LEAVES[:3]), _root(LEAVES[:5])
            )
    # Here the first hash is both trees' own, and the last stands left of both: a byte may wander.
    first, middle, last = LEAVES[2], LEAVES[3], node_of(LEAVES[0], LEAVES[1])
    short, long = first[1:], last + first[:1]
    assert node_of(long, short) == node_of(last, first) == _root(LEAVES[:3])
    new_root = node_of(long, node_of(short, middle))
    assert not consistent(3, 4, [short, middle, long], _root(LEAVES[:3]), new_root)

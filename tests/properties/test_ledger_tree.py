"""The Merkle tree is that of RFC 6962, and no proof holds for anything but what it proves."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.ledger import tree

LARGEST = 64


def leaf(number: int) -> bytes:
    return hashlib.sha256(b"\0%d" % number).digest()


LEAVES = [leaf(number) for number in range(256)]


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def root(leaves: list[bytes]) -> bytes:
    """Section 2.1, read aloud."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """Section 2.1.1, read aloud."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), root(leaves[k:])]
    return [*path(index - k, leaves[k:]), root(leaves[:k])]


def subproof(old: int, leaves: list[bytes], complete: bool) -> list[bytes]:
    """Section 2.1.2, read aloud."""
    if old == len(leaves):
        return [] if complete else [root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*subproof(old, leaves[:k], complete), root(leaves[k:])]
    return [*subproof(old - k, leaves[k:], False), root(leaves[:k])]


def run(height: int, index: int) -> bytes:
    """A run of the trees over `LEAVES`, and an error for one that no tree of theirs holds."""
    leaves = LEAVES[index << height : index + 1 << height]
    assert len(leaves) == 1 << height
    return root(leaves)


ROOTS = [root(LEAVES[:size]) for size in range(131)]


def test_every_root_up_to_130_leaves_is_the_rfcs() -> None:
    growing = tree.Growing()
    for size in range(131):
        assert tree.root(run, size) == growing.root() == ROOTS[size]
        assert growing.size == size
        growing.extend([LEAVES[size]])


def test_the_roots_of_the_certificate_transparency_test_tree() -> None:
    # Leaves and roots as the reference tests of RFC 6962 give them: facts, not code.
    contents = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    leaves = tree.leaves(bytes.fromhex(each) for each in contents)
    for size, expected in roots.items():
        assert tree.Growing(leaves[:size]).root().hex() == expected


@given(st.lists(st.integers(0, 40), max_size=8))
def test_in_whatever_groups_a_tree_grows_its_runs_are_the_rfcs(groups: list[int]) -> None:
    growing, at = tree.Growing(), 0
    rows: list[list[bytes]] = []
    for group in groups:
        count = min(group, len(LEAVES) - at)
        for height, made in enumerate(growing.extend(LEAVES[at : at + count])):
            rows += [[]] * (height == len(rows))
            rows[height] = [*rows[height], *made]
        at += count
        assert growing.root() == root(LEAVES[:at])
    for height, row in enumerate(rows):
        assert row == [run(height, index) for index in range(at >> height)]
    assert len(rows) == at.bit_length()


def spoiled(proof: list[bytes]) -> list[list[bytes]]:
    """Return a proof in which something is wrong, one thing at a time."""
    other = leaf(999)
    found = [[*proof, other], [other, *proof], [*proof, b""]]
    for at, each in enumerate(proof):
        flipped = bytes([each[0] ^ 1]) + each[1:]
        found += [[*proof[:at], flipped, *proof[at + 1 :]], [*proof[:at], *proof[at + 1 :]]]
        found += [[*proof[:at], each[:-1], *proof[at + 1 :]]]
    for at, (one, two) in enumerate(pairwise(proof)):
        if one != two:
            found.append([*proof[:at], two, one, *proof[at + 2 :]])
    return found


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_each_leaf_of_each_tree_is_proved_and_only_in_its_place(size: int) -> None:
    for index in range(size):
        proof = tree.inclusion(run, index, size)
        assert proof == path(index, LEAVES[:size])
        assert tree.included(LEAVES[index], index, size, proof, ROOTS[size])
        for other in range(size):
            assert tree.included(LEAVES[index], other, size, proof, ROOTS[size]) == (other == index)
        assert not tree.included(leaf(999), index, size, proof, ROOTS[size])
        assert not tree.included(LEAVES[index], index, size, proof, leaf(999))
        for wrong in spoiled(proof):
            assert not tree.included(LEAVES[index], index, size, wrong, ROOTS[size])
    for outside in (-1, size):
        with pytest.raises(IndexError):
            tree.inclusion(run, outside, size)


@pytest.mark.parametrize("new", range(LARGEST + 1))
def test_each_tree_begins_with_each_smaller_one_and_with_no_other(new: int) -> None:
    for old in range(new + 1):
        proof = tree.consistency(run, old, new)
        assert proof == (subproof(old, LEAVES[:new], True) if old else [])
        assert tree.consistent(old, new, proof, ROOTS[old], ROOTS[new])
        assert not tree.consistent(old, new, proof, leaf(999), ROOTS[new])
        for other in range(new + 1):
            if other != old:
                assert not tree.consistent(old, new, proof, ROOTS[other], ROOTS[new])
        if old:
            assert not tree.consistent(old, new, proof, ROOTS[old], leaf(999))
        for wrong in spoiled(proof):
            assert not tree.consistent(old, new, wrong, ROOTS[old], ROOTS[new])
    for outside in (-1, new + 1):
        with pytest.raises(IndexError):
            tree.consistency(run, outside, new)


@given(st.integers(1, 200), st.data())
def test_no_changed_byte_of_a_proof_passes(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion(run, index, size)
    top = tree.root(run, size)
    assert tree.included(LEAVES[index], index, size, proof, top)
    for place in range(len(proof)):
        changed = bytearray(proof[place])
        changed[data.draw(st.integers(0, 31))] ^= data.draw(st.integers(1, 255))
        wrong = [*proof[:place], bytes(changed), *proof[place + 1 :]]
        assert not tree.included(LEAVES[index], index, size, wrong, top)


@given(st.integers(1, 60), st.integers(-3, 63))
def test_a_place_outside_the_tree_is_proved_by_nothing(size: int, index: int) -> None:
    if not 0 <= index < size:
        assert not tree.included(leaf(0), index, size, [], tree.root(run, size))

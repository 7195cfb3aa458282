"""The Merkle tree is that of RFC 6962, and no proof holds for anything but what it proves."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from holdfire.ledger import tree


def leaf(number: int) -> bytes:
    return hashlib.sha256(b"\0%d" % number).digest()


def by_the_rfc(leaves: list[bytes]) -> bytes:
    """Section 2.1, read aloud."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + by_the_rfc(leaves[:split]) + by_the_rfc(leaves[split:])).digest()


def test_every_root_up_to_130_leaves_is_the_rfcs() -> None:
    growing = tree.Root()
    for size in range(130):
        leaves = [leaf(number) for number in range(size)]
        assert tree.root(leaves) == growing.hash() == by_the_rfc(leaves)
        growing.add(leaf(size))


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
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(each)).digest() for each in contents]
    for size, expected in roots.items():
        assert tree.root(leaves[:size]).hex() == expected


def test_each_leaf_of_each_tree_up_to_33_is_proved_and_only_in_its_place() -> None:
    for size in range(1, 34):
        leaves = [leaf(number) for number in range(size)]
        root = tree.root(leaves)
        for index in range(size):
            proof = tree.inclusion(leaves, index)
            assert tree.included(leaves[index], index, size, proof, root)
            for other in range(size):
                assert tree.included(leaves[index], other, size, proof, root) == (other == index)
            assert not tree.included(leaf(99), index, size, proof, root)
            assert not tree.included(leaves[index], index, size, proof, leaf(99))
            assert not tree.included(leaves[index], index, size, [*proof, leaf(99)], root)
            assert not tree.included(leaves[index], index, size, [*proof, b""], root)
            if proof:
                assert not tree.included(leaves[index], index, size, proof[:-1], root)
                assert not tree.included(leaves[index], index, size, proof[1:], root)


@given(st.integers(1, 200), st.data())
def test_no_changed_byte_of_a_proof_passes(size: int, data: st.DataObject) -> None:
    leaves = [leaf(number) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion(leaves, index)
    root = tree.root(leaves)
    assert tree.included(leaves[index], index, size, proof, root)
    for place in range(len(proof)):
        changed = bytearray(proof[place])
        changed[data.draw(st.integers(0, 31))] ^= data.draw(st.integers(1, 255))
        assert not tree.included(
            leaves[index], index, size, [*proof[:place], bytes(changed), *proof[place + 1 :]], root
        )


@given(st.integers(1, 60), st.integers(-3, 63))
def test_a_place_outside_the_tree_is_proved_by_nothing(size: int, index: int) -> None:
    leaves = [leaf(number) for number in range(size)]
    if not 0 <= index < size:
        assert not tree.included(leaf(0), index, size, [], tree.root(leaves))

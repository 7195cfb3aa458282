"""Proofs over a Merkle tree: whether a leaf is in it, whether one tree grew from another.

The tree is that of RFC 6962 section 2.1; the walks are those of RFC 9162 sections 2.1.3.2 and 2.1.4.2. All
hashes are 32 bytes. Every tree of up to 64 leaves, every leaf, every pair of sizes, and each proof with a
byte changed, a hash dropped, added or moved is tried in tests/unit/test_verifying_trees.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256().digest()
"""Root of a tree of no leaves."""


def leaf_of(content: bytes) -> bytes:
    """Return the leaf hash of an entry's bytes."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Peaks:
    """The root of a growing tree, kept in as many hashes as its size has binary ones."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        size, top = self.size, leaf
        while size & 1:  # each trailing one is a full subtree that the new leaf completes
            top = node_of(self._peaks.pop(), top)
            size >>= 1
        self._peaks.append(top)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over the leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        top = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            top = node_of(peak, top)
        return top


def root_of_leaves(leaves: Iterable[bytes]) -> bytes:
    """Return the root over these leaf hashes."""
    peaks = Peaks()
    for leaf in leaves:
        peaks.add(leaf)
    return peaks.root()


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether a proof leads from this leaf, at this place of a tree of this size, to this root."""
    if not 0 <= index < size or any(len(each) != len(EMPTY_ROOT) for each in proof):
        return False
    place, last, top = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            top = node_of(other, top)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            top = node_of(top, other)
        place, last = place >> 1, last >> 1
    return last == 0 and top == root


def consistent(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Return whether a proof shows that the tree of `new` leaves begins with that of `old` leaves.

    Every tree grew from the empty one, and a tree from itself: both by the empty proof alone.
    """
    if not 0 <= old <= new or any(len(each) != len(EMPTY_ROOT) for each in proof):
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT and (new > 0 or new_root == EMPTY_ROOT)
    if old == new:
        return not proof and old_root == new_root
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    steps = list(proof) if place else [old_root, *proof]  # a full old tree stands for itself
    if not steps:
        return False
    return _grown(place, last, steps, old_root, new_root)


def _grown(place: int, last: int, steps: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Walk both trees up from the last full subtree of the old one."""
    was = now = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            was, now = node_of(other, was), node_of(other, now)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            now = node_of(now, other)
        place, last = place >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root

"""The Merkle tree over the ledger's entries: one hash that stands for all of them, in their order.

The tree is that of RFC 6962 section 2.1: a node is SHA-256(0x01 || left || right), the left side of a
tree of n leaves holds the largest power of two below n, and the root of no leaves is SHA-256 of nothing.
tests/properties/test_ledger_tree.py holds it against the RFC's own recursive definition, and changes
each byte of a proof in turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256().digest()
"""Root of a tree of no leaves."""


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Root:
    """The root of a growing tree, kept in as many hashes as its size has binary ones."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes] = []
        for leaf in leaves:
            self.add(leaf)

    def copy(self) -> Root:
        """Return one that grows apart from this one."""
        twin = Root()
        twin.size, twin._peaks = self.size, list(self._peaks)
        return twin

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        size, top = self.size, leaf
        while size & 1:  # each trailing one is a full subtree that the new leaf completes
            top = node(self._peaks.pop(), top)
            size >>= 1
        self._peaks.append(top)
        self.size += 1

    def hash(self) -> bytes:
        """Return the root (32 bytes)."""
        if not self._peaks:
            return EMPTY
        top = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            top = node(peak, top)
        return top


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root of these leaf hashes (32 bytes)."""
    return Root(leaves).hash()


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from one leaf to the root, nearest first (RFC 6962 section 2.1.1).

    Raises:
        IndexError: There is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return [*inclusion(left, index), root(right)]
    return [*inclusion(right, index - split), root(left)]


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Return whether a proof leads from this leaf, at this place of a tree of this size, to this root.

    The walk is that of RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    place, last, top = index, size - 1, leaf
    for other in proof:
        if len(other) != len(EMPTY) or last == 0:
            return False
        if place & 1 or place == last:
            top = node(other, top)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            top = node(top, other)
        place, last = place >> 1, last >> 1
    return last == 0 and top == expected

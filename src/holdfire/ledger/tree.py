"""The Merkle tree over the ledger's entries: one hash that stands for all of them, in their order.

The tree is that of RFC 6962 section 2.1: a node is SHA-256(0x01 || left || right), the left side of a
tree of n leaves holds the largest power of two below n, and the root of no leaves is SHA-256 of nothing.
Proofs are made here and checked by `included` and `consistent`, which are those of the verifier.
tests/properties/test_ledger_tree.py holds all of it against the RFC's own recursive definition, for every
tree of up to 64 leaves.

A *run* is what a full subtree hangs from: the hash over 2^height leaves in a row, the n-th of that height.
Whoever can give runs can prove: `root`, `inclusion` and `consistency` ask for about log2(size)^2 / 2 of
them at most, whatever the size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from holdfire.ledger.verifying.trees import EMPTY_ROOT, consistent, included, node_of

__all__ = [
    "EMPTY_ROOT",
    "Growing",
    "Run",
    "consistency",
    "consistent",
    "included",
    "inclusion",
    "pairs",
    "root",
]

Run = Callable[[int, int], bytes]
"""Gives the hash of the full subtree of 2^height leaves that is the n-th of its height: (height, n)."""


def leaves(contents: Iterable[bytes]) -> list[bytes]:
    """Return the leaf hashes of many entries' bytes."""
    sha = hashlib.sha256
    return [sha(b"\x00" + content).digest() for content in contents]


def pairs(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the nodes above these hashes, two by two; an odd one at the end has none."""
    sha = hashlib.sha256
    return [
        sha(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=False)
    ]


class Growing:
    """A growing tree, kept in as many hashes as its size has binary ones."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes | None] = []  # by height: the full subtree that waits for its right side
        self.extend(list(leaves))

    def extend(self, leaves: Sequence[bytes]) -> list[Sequence[bytes]]:
        """Append leaf hashes and return the runs they completed, by height and in order."""
        self.size += len(leaves)
        made: list[Sequence[bytes]] = []
        fresh = leaves
        while fresh:
            height = len(made)
            made.append(fresh)
            if height == len(self._peaks):
                self._peaks.append(None)
            waiting = self._peaks[height]
            row = fresh if waiting is None else [waiting, *fresh]
            self._peaks[height] = row[-1] if len(row) % 2 else None
            fresh = pairs(row)
        return made

    def root(self) -> bytes:
        """Return the root (32 bytes)."""
        return _folded([peak for peak in reversed(self._peaks) if peak is not None])


def root(run: Run, size: int) -> bytes:
    """Return the root of the tree of the first `size` leaves (32 bytes)."""
    return _over(run, 0, size)


def inclusion(run: Run, index: int, size: int) -> list[bytes]:
    """Return the hashes that lead from one leaf to the root, nearest first (RFC 6962 section 2.1.1).

    Raises:
        IndexError: There is no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} among {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            path.append(_over(run, middle, end))
            end = middle
        else:
            path.append(_over(run, start, middle))
            start = middle
    return path[::-1]


def consistency(run: Run, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of `new` leaves begins with that of `old` (RFC 6962 section 2.1.2).

    It is empty where `old` is 0 or `new`: every tree begins with nothing and with itself.

    Raises:
        IndexError: `old` is above `new`, or below 0.
    """
    if not 0 <= old <= new:
        raise IndexError(f"a tree of {new} leaves does not begin with one of {old}")
    if old == 0:
        return []
    start, end, path = 0, new, []
    while old < end:
        middle = _split(start, end)
        if old <= middle:
            path.append(_over(run, middle, end))
            end = middle
        else:
            path.append(_over(run, start, middle))
            start = middle
    if start:  # where it is 0, what is left is the old tree itself, whose root the reader has
        path.append(_over(run, start, end))
    return path[::-1]


def _split(start: int, end: int) -> int:
    """Return where the right side of a tree over these leaves begins."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _over(run: Run, start: int, end: int) -> bytes:
    """Return the root over some leaves; `start` is where a subtree of at least their number begins."""
    peaks, at = [], start
    for height in reversed(range((end - start).bit_length())):
        if (end - start) >> height & 1:
            peaks.append(run(height, at >> height))
            at += 1 << height
    return _folded(peaks)


def _folded(peaks: Sequence[bytes]) -> bytes:
    """Return the root over full subtrees, the largest first."""
    if not peaks:
        return EMPTY_ROOT
    top = peaks[-1]
    for peak in reversed(peaks[:-1]):
        top = node_of(peak, top)
    return top

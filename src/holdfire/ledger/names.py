"""Which leaf hash stands where, in 16 bytes an entry.

The database keeps no index of leaf hashes: they come in no order, so an index would rewrite a page for
nearly every entry that is added. A million of them fit into 16 MB here, as the first 8 bytes of each and its
place, sorted; what is found by those 8 bytes is then looked at whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from holdfire.ledger.tiles import HASH

FEW = 4096
"""Names that are not sorted in yet are at most this many, or a quarter of those that are."""


class Names:
    """Finds the place of leaf hashes; places follow one another from 0.

    Args:
        leaf: Gives the leaf hash at a place.
    """

    def __init__(self, leaf: Callable[[int], bytes]) -> None:
        self._leaf = leaf
        self._keys: npt.NDArray[np.uint64] = np.empty(0, np.uint64)  # sorted
        self._places: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._recent: dict[bytes, int] = {}
        self.size = 0
        """How many leaf hashes were taken in."""

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Take in the next leaf hashes; none of them is there yet."""
        first, self.size = self.size, self.size + len(leaves)
        self._recent.update(zip(leaves, range(first, self.size), strict=True))
        if len(self._recent) > max(FEW, len(self._keys) // 4):
            self._sort_in()

    def find(self, leaves: Sequence[bytes]) -> list[int | None]:
        """Return the place of each leaf hash; None: it is not there."""
        found = [self._recent.get(leaf) for leaf in leaves]
        if len(self._keys) and leaves:
            keys = _keys(leaves)
            order = np.argsort(keys)  # what lies together is looked for together
            first = np.empty(len(keys), np.int64)
            first[order] = np.searchsorted(self._keys, keys[order])
            hit = self._keys[np.minimum(first, len(self._keys) - 1)] == keys
            for place in np.flatnonzero(hit).tolist():
                if found[place] is None:
                    found[place] = self._whole(leaves[place], int(first[place]))
        return found

    def _whole(self, leaf: bytes, first: int) -> int | None:
        """Return the place of a leaf hash among those that begin as it does."""
        key = self._keys[first]
        while first < len(self._keys) and self._keys[first] == key:
            place = int(self._places[first])
            if self._leaf(place) == leaf:
                return place
            first += 1
        return None

    def _sort_in(self) -> None:
        keys = np.concatenate([self._keys, _keys(list(self._recent))])
        recent = np.fromiter(self._recent.values(), np.int64, len(self._recent))
        order = np.argsort(keys, kind="stable")
        self._keys, self._places = keys[order], np.concatenate([self._places, recent])[order]
        self._recent = {}


def _keys(leaves: Sequence[bytes]) -> npt.NDArray[np.uint64]:
    joined = np.frombuffer(b"".join(leaves), ">u8").reshape(-1, HASH // 8)
    return joined[:, 0].astype(np.uint64)

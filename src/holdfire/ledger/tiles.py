"""The tree and the entries cut into tiles, as C2SP tlog-tiles has them.

A tile of level L holds up to 256 hashes, each over 256^L entries; a bundle holds the bytes of up to 256
entries, each behind its length in 16 bits. Full ones never change, so the ledger keeps them as they are
published. tests/unit/test_ledger_tiles.py holds both against a naive reading of the specification
(c2sp.org/tlog-tiles).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from holdfire.ledger import tree

HEIGHT = 8
"""Levels of the tree that one tile spans."""

WIDTH = 1 << HEIGHT
"""Hashes of a full tile, and entries of a full bundle."""

HASH = 32
"""Bytes of a hash."""

ENTRIES = "entries"
"""What stands in the place of a level in the path of a bundle."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A full tile: its level, its number within the level, the root over it, and its 256 hashes."""

    level: int
    number: int
    root: bytes
    hashes: bytes


def path(level: int | str, number: int, width: int = WIDTH) -> str:
    """Return where a tile is published.

    Args:
        level: 0 to 63, or `ENTRIES`.
        number: Its place within the level.
        width: How many hashes or entries it holds; below 256 it is a partial one.

    >>> path(0, 1234067, 5)
    'tile/0/x001/x234/067.p/5'
    """
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < WIDTH else "")


def widths(count: int) -> list[tuple[int, int]]:
    """Return number and width of each tile that `count` hashes fill, the last perhaps in part.

    >>> widths(513)
    [(0, 256), (1, 256), (2, 1)]
    """
    full = [(number, WIDTH) for number in range(count // WIDTH)]
    return [*full, (count // WIDTH, count % WIDTH)] if count % WIDTH else full


def pack(contents: Sequence[bytes]) -> bytes:
    """Return a bundle of these entries (each of at most 65,535 bytes)."""
    return b"".join([part for content in contents for part in (len(content).to_bytes(2, "big"), content)])


def unpack(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        ValueError: Its lengths do not add up.
    """
    contents, at, end = [], 0, len(bundle)
    while at + 1 < end:
        start = at + 2
        at = start + (bundle[at] << 8 | bundle[at + 1])
        contents.append(bundle[start:at])
    if at != end:
        raise ValueError("the lengths in a bundle do not add up")
    return contents


def cut(joined: bytes) -> list[bytes]:
    """Return the hashes of a tile, one by one."""
    return [joined[at : at + HASH] for at in range(0, len(joined), HASH)]


def rows(hashes: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Return the hashes of a tile and every full node above them, by height; the ninth row is its root."""
    found = [hashes]
    while len(found[-1]) > 1:
        found.append(tree.pairs(found[-1]))
    return found


class Growth:
    """A growing tree that gives each tile when it is full, and holds what is not yet in one."""

    def __init__(self) -> None:
        self._tree = tree.Growing()
        self._waiting: list[list[bytes]] = []  # by level: the hashes of the partial tile
        self._full: list[int] = []  # by level: how many tiles were given

    @property
    def size(self) -> int:
        """Return how many leaves there are."""
        return self._tree.size

    def root(self) -> bytes:
        """Return the root over them."""
        return self._tree.root()

    def extend(self, leaves: Sequence[bytes]) -> list[Tile]:
        """Append leaf hashes and return the tiles they filled, those of a level in order."""
        made = self._tree.extend(leaves)
        filled: list[Tile] = []
        for level, fresh in enumerate(made[::HEIGHT]):
            if level == len(self._waiting):
                self._waiting.append([])
                self._full.append(0)
            hashes = [*self._waiting[level], *fresh]
            above = made[(level + 1) * HEIGHT] if (level + 1) * HEIGHT < len(made) else []
            for place, root in enumerate(above):
                one = b"".join(islice(hashes, place * WIDTH, (place + 1) * WIDTH))
                filled.append(Tile(level, self._full[level] + place, root, one))
            self._full[level] += len(above)
            self._waiting[level] = hashes[len(above) * WIDTH :]
        return filled

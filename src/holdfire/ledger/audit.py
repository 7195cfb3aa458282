"""The whole ledger, read before anything is added to it.

Every entry is read against its hash, every tile against the entries below it, and the last head against
all of them. This stops at the first thing that is wrong; `checking` says everything, and looks at more.
"""

from __future__ import annotations

from holdfire.ledger.hashes import Hashes
from holdfire.ledger.stored import Stored, told
from holdfire.ledger.tiles import WIDTH, Tile
from holdfire.ledger.writing import Writer


def audited(stored: Stored, hashes: Hashes) -> Writer:
    """Return what a writer needs, having read every entry and every tile.

    Raises:
        BadInput: An entry, a tile or the last head is not what it should be.
    """
    size, root = stored.last()
    writer = Writer(hashes.leaf)
    for span in stored.spans(size):
        for tile in writer.take_in(span):
            if not same(stored, tile):
                raise stored.damaged(f"tile {tile.number} of level {tile.level} is not that of its entries")
    if writer.growth.root() != root or rows(stored) != due(size):
        raise stored.damaged("the entries do not lead to the stored head")
    return writer


def same(stored: Stored, tile: Tile) -> bool:
    """Return whether a tile made of the entries is the one that is stored."""
    return stored.hashes(tile.level, tile.number) == tile.hashes and stored.roots(
        tile.level, tile.number, 1
    ) == [tile.root]


def rows(stored: Stored) -> tuple[int, int, dict[int, int]]:
    """Return how many bundles there are, how many entries that fill none, and how many tiles by level."""
    with told(stored.path):
        ask = stored.database.execute
        bundles = ask("SELECT count(*) FROM bundle").fetchone()[0]
        entries = ask("SELECT count(*) FROM entry").fetchone()[0]
        tiles = dict(ask("SELECT level, count(*) FROM tile GROUP BY level"))
    return bundles, entries, tiles


def due(size: int) -> tuple[int, int, dict[int, int]]:
    """Return what `rows` says of a whole ledger of a size."""
    tiles, level = {}, 0
    while full := size // WIDTH ** (level + 1):
        tiles[level] = full
        level += 1
    return size // WIDTH, size % WIDTH, tiles

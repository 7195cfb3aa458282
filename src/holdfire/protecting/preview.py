"""A partition as a picture and as GeoJSON, for whoever decides about it.

Cells are drawn by their outlines, blocks by thicker ones: nothing is on or off in a partition, and no shade
says that one place is better than another. Boxes that cross the 180th meridian stay whole in the picture and
are cut in the GeoJSON, as RFC 7946 asks.
"""

from __future__ import annotations

import json
import math

import shapely

from holdfire.protecting.cells import Block, Cell, Partition
from holdfire.protecting.grid import ROUND, Box

WIDE = 800
"""Width of the picture [pixels]."""


def svg(partition: Partition) -> str:
    """Return a picture of the cells and blocks: each cell with its number, its zone's area and its places."""
    extent = partition.extent
    middle = math.radians((extent.south + extent.north) / 120)
    shrunk = max(math.cos(middle), 0.05)  # a degree of longitude is shorter there
    scale = WIDE / ((extent.east - extent.west) * shrunk)
    high = (extent.north - extent.south) * scale

    def placed(box: Box) -> tuple[float, float, float, float]:
        x = ((box.west - extent.west) % ROUND) * shrunk * scale
        y = (extent.north - box.north) * scale
        return x, y, (box.east - box.west) * shrunk * scale, (box.north - box.south) * scale

    def rectangle(box: Box) -> str:
        x, y, wide, tall = placed(box)
        return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"/>'

    def words(cell: Cell) -> str:
        x, y, wide, tall = placed(cell.box)
        lines = (cell.code.partition("-")[2], f"{cell.zone.area:,.0f} km²", f"{cell.candidates:,} places")
        size = min(wide / 8, tall / 5, 13)  # all three lines fit; small cells are read by zooming in
        middle, first = x + wide / 2, y + tall / 2 - 0.8 * size
        put = (f'<tspan x="{middle:.1f}" y="{first + n * 1.2 * size:.1f}">{line}</tspan>'
               for n, line in enumerate(lines))  # fmt: skip
        return f'<text font-size="{size:.1f}">{"".join(put)}</text>'

    said = f"{len(partition.cells)} cells in {len(partition.blocks)} blocks; nothing is switched on"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high:.0f}" role="img"'
            ' aria-labelledby="title said" style="background:#fff">',
            f'<title id="title">Partition {partition.name}</title><desc id="said">{said}</desc>',
            '<g fill="none" stroke="#6b7280" stroke-width="0.6">',
            *(rectangle(cell.box) for cell in partition.cells),
            '</g>\n<g fill="none" stroke="#111827" stroke-width="1.6">',
            *(rectangle(block.box) for block in partition.blocks),
            '</g>\n<g fill="#111827" font-family="sans-serif" text-anchor="middle">',
            *(words(cell) for cell in partition.cells),
            "</g>\n</svg>\n",
        ]
    )


def geojson(partition: Partition) -> str:
    """Return the cells as features (RFC 7946), each with its code, block and own numbers."""
    features = [_feature(cell) for cell in partition.cells]
    told = {"type": "FeatureCollection", "partition": partition.name, "digest": partition.digest}
    return json.dumps({**told, "features": features}, indent=None, separators=(",", ":")) + "\n"


def _feature(cell: Cell | Block) -> dict[str, object]:
    numbers = {name: round(held.effective, 1) for name, held in cell.numbers.items()}
    return {
        "type": "Feature",
        "id": cell.code,
        "properties": {
            "code": cell.code,
            **({"block": cell.block} if isinstance(cell, Cell) else {}),
            "candidates": cell.candidates,
            "effective": numbers,
            "zone_km2": round(cell.zone.area),
        },
        "geometry": json.loads(shapely.to_geojson(cell.box.shape())),
    }

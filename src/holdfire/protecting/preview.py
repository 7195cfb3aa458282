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
    """Return a small picture of the cells and blocks, with a title and a description."""
    extent = partition.extent
    middle = math.radians((extent.south + extent.north) / 120)
    shrunk = max(math.cos(middle), 0.05)  # a degree of longitude is shorter there
    scale = WIDE / ((extent.east - extent.west) * shrunk)
    high = (extent.north - extent.south) * scale

    def rectangle(box: Box) -> str:
        x = ((box.west - extent.west) % ROUND) * shrunk * scale
        y = (extent.north - box.north) * scale
        wide, tall = (box.east - box.west) * shrunk * scale, (box.north - box.south) * scale
        return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"/>'

    said = f"{len(partition.cells)} cells in {len(partition.blocks)} blocks; nothing is switched on"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high:.0f}" role="img"'
            ' aria-labelledby="title said">',
            f'<title id="title">Partition {partition.name}</title><desc id="said">{said}</desc>',
            '<g fill="none" stroke="#6b7280" stroke-width="0.6">',
            *(rectangle(cell.box) for cell in partition.cells),
            '</g>\n<g fill="none" stroke="#111827" stroke-width="1.6">',
            *(rectangle(block.box) for block in partition.blocks),
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

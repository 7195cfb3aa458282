"""What the package ships for pages: the style sheet, the map's script, and what npm gave, with licences."""

from __future__ import annotations

from importlib.resources import files

SITE = {
    "site.css": "site.css",
    "map.js": "map.js",
    "maplibre-gl.js": "vendor/maplibre-gl/maplibre-gl.js",
    "maplibre-gl.css": "vendor/maplibre-gl/maplibre-gl.css",
    "maplibre-gl.LICENSE.txt": "vendor/maplibre-gl/LICENSE.txt",
}
"""Names under which a site holds the files, and where the package keeps them."""


def site_files() -> dict[str, bytes]:
    """Return the files every site needs beside its pages, by name, in a folder the pages are told of."""
    folder = files("holdfire.publishing") / "assets"
    return {name: folder.joinpath(*kept.split("/")).read_bytes() for name, kept in SITE.items()}

"""Which form a file of areas has; read it, write it."""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.errors import BadInput, nearest
from holdfire.protecting.areas import corners, geojson, kml
from holdfire.protecting.areas.positions import STYLES
from holdfire.protecting.areas.rings import Area

LARGEST = 64 << 20
"""Most bytes of a file of areas."""

FORMS = ("geojson", "kml", *(f"csv-{style}" for style in STYLES))
"""Forms that areas are written in; a table of corners in one of four ways of writing a position."""


def read(content: bytes, file: str, exact: bool = False) -> list[Area]:
    """Return the areas in a file: GeoJSON, KML, or a table of corners.

    Args:
        content: Its bytes.
        file: Its name, for errors; what is in it decides, not its ending.
        exact: Whether coordinates with few decimals are meant as they stand.

    Raises:
        BadInput: All problems of the file.
    """
    if len(content) > LARGEST:
        raise BadInput(f"the file has {len(content):,} bytes; at most {LARGEST:,} are read", file)
    if content[:2] == b"PK":
        raise BadInput("this is a zip, as KMZ is", file, "unpack it and give the KML inside")
    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if begins == b"<":
        return kml.read(content, file, exact)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("the file is not UTF-8", file, "GeoJSON, KML, or a table of corners (CSV)") from None
    if begins in (b"{", b"["):
        return geojson.read(text, file, exact)
    return corners.read(text, file, exact)


def write(areas: Sequence[Area], form: str) -> bytes:
    """Return areas in a form of `FORMS`, the same bytes for the same areas.

    Raises:
        BadInput: There is no such form.
    """
    if form not in FORMS:
        raise BadInput(f'no form is called "{form[:20]}"', "--as", nearest(form, FORMS))
    if form.startswith("csv-"):
        return corners.write(areas, form.removeprefix("csv-"))
    return geojson.write(areas) if form == "geojson" else kml.write(areas)

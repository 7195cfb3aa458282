"""What is written in one form is read back from it, all over the Earth."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from holdfire.protecting.areas import files
from holdfire.protecting.areas.positions import STYLES, coordinate, grid_reference, position, written
from holdfire.protecting.areas.rings import Area


@given(st.floats(-179.99, 179.99), st.floats(-89.99, 89.99), st.sampled_from(STYLES))
def test_a_position_is_read_back(lon: float, lat: float, style: str) -> None:
    said = written(lon, lat, style)
    found = grid_reference(*said) if style == "mgrs" else position(*said)
    across, up = (found.lon - lon) * np.cos(np.radians(lat)), found.lat - lat
    assert 111_320 * float(np.hypot(across, up)) < (1.6 if style == "mgrs" else 0.4)


@given(st.floats(-179, 178), st.floats(-80, 79), st.floats(0.01, 0.9), st.sampled_from(files.FORMS))
def test_an_area_is_read_back(lon: float, lat: float, size: float, form: str) -> None:
    whole = shapely.box(lon, lat, lon + size, lat + size)
    hole = shapely.box(lon + size / 4, lat + size / 4, lon + size / 2, lat + size / 2)
    for shape in (whole, whole.difference(hole)):
        content = files.write([Area("A & <b>", shape)], form)
        assert content == files.write([Area("A & <b>", shape)], form)
        (found,) = files.read(content, "file", exact=True)
        assert found.name == "A & <b>"
        assert found.shape.symmetric_difference(shape).area < 2e-4 * size + 1e-9
        assert len(getattr(found.shape, "interiors", ())) == len(shape.interiors)


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader(text: str) -> None:
    from holdfire.errors import BadInput

    for read in (coordinate, grid_reference):
        try:
            read(text)
        except BadInput:
            continue


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    from holdfire.errors import BadInput

    for begins in (b"", b"{", b"<kml>", b'{"type":"Polygon","coordinates":', b"lat,lon\n"):
        try:
            files.read(begins + content, "file")
        except BadInput:
            continue


def test_gdal_reads_what_is_written(tmp_path: object) -> None:
    pyogrio = pytest.importorskip("pyogrio")
    shape = shapely.box(37.1234, 36.2345, 37.1834, 36.2945)
    for form in ("geojson", "kml"):
        found = pyogrio.raw.read(files.write([Area("Field", shape)], form))[2]
        assert shapely.equals(shapely.normalize(shapely.from_wkb(found[0])), shapely.normalize(shape))

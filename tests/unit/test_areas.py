"""Areas as people send them: each mistake in each form, and what is right read as it stands."""

from __future__ import annotations

import json

import pytest

from holdfire.errors import BadInput
from holdfire.protecting.areas import files
from holdfire.protecting.areas.positions import coordinate, grid_reference, position

SQUARE = [(37.1234, 36.2345), (37.1834, 36.2345), (37.1834, 36.2945), (37.1234, 36.2945)]


def geojson(ring: list[tuple[float, float]], close: bool = True) -> bytes:
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]] if close else ring]}).encode()


def kml(ring: list[tuple[float, float]], close: bool = True) -> bytes:
    points = " ".join(f"{x},{y}" for x, y in ([*ring, ring[0]] if close else ring))
    return (
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Field</name>'
        f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{points}</coordinates></LinearRing></outerBoundaryIs>"
        "</Polygon></Placemark></Document></kml>"
    ).encode()


def corners(ring: list[tuple[float, float]], close: bool = False) -> bytes:
    rows = [*ring, ring[0]] if close else ring
    return ("area,lat,lon\n" + "".join(f"Field,{y},{x}\n" for x, y in rows)).encode()


def refused(content: bytes, exact: bool = False) -> str:
    with pytest.raises(BadInput) as caught:
        files.read(content, "file", exact)
    return str(caught.value)


@pytest.mark.parametrize("form", [geojson, kml, corners])
def test_a_square_is_read_as_it_stands(form: object) -> None:
    (found,) = files.read(form(SQUARE), "file")  # type: ignore[operator]
    assert found.shape.equals_exact(files.read(geojson(SQUARE), "file")[0].shape, 0)
    assert found.shape.bounds == (37.1234, 36.2345, 37.1834, 36.2945)


@pytest.mark.parametrize("form", [geojson, kml, corners])
def test_each_mistake_is_said_in_each_form(form: object) -> None:
    crossed = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]
    assert "crosses or touches itself near longitude 37.15" in refused(form(crossed))  # type: ignore[operator]
    swapped = [(y, x + 60) for x, y in SQUARE]
    assert "are the two swapped?" in refused(form(swapped))  # type: ignore[operator]
    rough = [(37.1, 36.2), (37.2, 36.2), (37.2, 36.3)]
    assert "no coordinate has three decimals" in refused(form(rough))  # type: ignore[operator]
    assert len(files.read(form(rough), "file", exact=True)) == 1  # type: ignore[operator]
    assert len(files.read(form([(37.1, 36.2), (37.2, 36.2), (37.2, 36.3123)]), "f")) == 1  # type: ignore[operator]
    over = [(179.1234, 1.0), (-179.1234, 1.0), (-179.1234, 2.0)]
    assert "runs over longitude 180" in refused(form(over))  # type: ignore[operator]
    assert "fewer than three corners" in refused(form(SQUARE[:2]))  # type: ignore[operator]


@pytest.mark.parametrize("form", [geojson, kml])
def test_an_open_outline_is_refused_and_in_a_table_it_is_understood(form: object) -> None:
    assert "not closed" in refused(form(SQUARE, close=False))  # type: ignore[operator]
    assert files.read(corners(SQUARE), "f")[0].shape == files.read(corners(SQUARE, close=True), "f")[0].shape


def test_all_mistakes_of_a_file_come_at_once() -> None:
    rows = "area,lat,lon\nA,91.1234,37.1234\nA,36.1234,181.1234\nA,36°61'N,37.1234\nA,here,there\n"
    said = refused(rows.encode())
    assert "line 4" in said
    assert "line 5" in said
    said = refused(b"area,lat,lon\nA,91.1234,37.1234\nA,36.1234,181.1234\nA,36.2234,37.1234\nB,36.1,37.2\n")
    assert said.startswith("error: 4 problems")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"PK\x03\x04", "zip"),
        (b"\xff\xfe", "UTF-8"),
        (b"{", "not JSON"),
        (b"{}", "not a Polygon"),
        (b'{"type":"FeatureCollection","features":[]}', "no feature"),
        (b"<kml", "not XML"),
        (b"<kml/>", "no placemark"),
        (b'<!DOCTYPE kml [<!ENTITY a "b">]><kml/>', "document type"),
        (b"<kml><Placemark><name>P</name><Point/></Placemark></kml>", "holds Point"),
        (kml([(37.1234, 36.2345)]).replace(b"36.2345", b"abc"), "cannot be read"),
        (b"", "no table of corners"),
        (b"a,b\n1,2\n", "no table of corners"),
        (b'{"type":"Point","coordinates":[1,2]}', "not a Polygon"),
        (b'{"type":"Polygon","coordinates":[[[NaN,1],[1,1],[1,2],[NaN,1]]]}', "cannot be read"),
        (b'{"type":"Polygon","coordinates":[[1,2]]}', "cannot be read"),
        (b'{"type":"Polygon","coordinates":[[[1e999,1],[1,1],[1,2],[1e999,1]]]}', "no finite number"),
        (
            b'{"type":"Polygon","coordinates":[[[1' + b"0" * 400 + b",1],[1,1],[1,2],[1,1]]]}",
            "no finite number",
        ),
        (b'{"type":"Polygon","coordinates":[[["a",1],[1,1],[1,2],["a",1]]]}', "cannot be read"),
    ],
)
def test_what_is_no_file_of_areas_is_said_so(text: bytes, said: str) -> None:
    assert said in refused(text)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("36.2012", 36.2012),
        ("-36.2012", -36.2012),
        ("S36.2012", -36.2012),
        ("36.2012 s", -36.2012),
        ("36°12.30'N", 36.205),
        ("36 12.30 N", 36.205),
        ("36º12′18″N", 36.205),
        ("36 12 18 S", -36.205),
        ("361218N", 36.205),
        ("0371218W", -37.205),
        ("03712.30E", 37.205),
        ("-36 12 18", -36.205),
    ],
)
def test_a_coordinate_is_read_in_every_way_it_is_written(text: str, degrees: float) -> None:
    assert coordinate(text).degrees == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["", "N", "36.2.1", "36°60'N", "36°12'60\"N", "-36.2S", "36N12E", "1e5", "36°12.5'18\"N", "nan"]
)
def test_what_is_no_coordinate_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        coordinate(text)


def test_letters_say_which_is_which() -> None:
    assert position("E37.1234", "N36.1234") == position("36.1234", "37.1234")
    with pytest.raises(BadInput, match="both latitudes"):
        position("N36.1234", "S36.1234")


def test_low_precision_is_told_of_each_corner_where_it_was_written_out() -> None:
    said = refused("lat,lon\n36°12'N,037°12'E\n36°12.5'N,037°12.5'E\n36°13.5'N,037°12.5'E\n".encode())
    assert "corner 1" in said
    assert "corner 2" not in said
    said = refused(b"mgrs\n37SCA29180780\n37SCA2907\n37SCA30180780\n")
    assert "steps of 1,000 m" in said
    assert "corner 2" in said


@pytest.mark.parametrize(
    "text", ["", "37S", "99SCA2918107804", "37SIA2918107804", "37SCA291810780", "37SCA29181078041234"]
)
def test_what_is_no_grid_reference_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        grid_reference(text)


def test_a_grid_reference_is_the_middle_of_its_square() -> None:
    fine, rough = grid_reference("37SCA2915007850"), grid_reference("37SCA291078")
    assert (rough.lon, rough.lat) == pytest.approx((fine.lon, fine.lat), abs=1e-9)

"""Boxes of whole minutes: what lies in them, how they are widened, how large they are, by another library."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from holdfire.errors import BadInput
from holdfire.protecting.grid import HALF, POLE, ROUND, Box, minutes

EARTH = Geod(ellps="WGS84")


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    west, south = draw(st.integers(-HALF, HALF - 1)), draw(st.integers(-POLE, POLE - 1))
    return Box(west, south, west + draw(st.integers(1, 900)), min(POLE, south + draw(st.integers(1, 600))))


@settings(max_examples=150)
@given(boxes(), st.integers(1, 5000), st.integers(0, 2**32 - 1))
def test_no_place_of_a_box_is_nearer_than_the_margin_to_the_outside(box: Box, margin: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    lon = (box.west + draw.choice([0, 1, draw.uniform()], 60) * (box.east - box.west)) / 60
    lat = np.clip(
        (box.south + draw.choice([0, 1, draw.uniform()], 60) * (box.north - box.south)) / 60, -90, 90
    )
    lon = (lon + 180) % 360 - 180
    x, y, _ = EARTH.fwd(lon, lat, draw.uniform(0, 360, 60), np.full(60, margin * 0.999999))
    assert box.widened(margin).holds(x, y).all()


def test_a_margin_that_is_not_snapped_outward_lets_places_out() -> None:
    """The control: as many minutes as fit in the margin, and a length that holds at the equator."""
    box = Box(1200, 4700, 1300, 4800)
    unsnapped = Box(box.west - 1, box.south, box.east + 1, box.north)
    x, y, _ = EARTH.fwd(np.full(36, 20.0), np.full(36, 79.0), np.arange(0, 360, 10.0), np.full(36, 1000.0))
    assert box.widened(1000).holds(x, y).all()
    assert not unsnapped.holds(x, y).all()


@settings(max_examples=100)
@given(boxes())
def test_areas_are_those_of_another_library(box: Box) -> None:
    flat = shapely.box(0, box.south / 60, (box.east - box.west) / 60, box.north / 60)
    theirs = abs(EARTH.geometry_area_perimeter(shapely.segmentize(flat, 0.02))[0]) / 1e6
    assert box.area == pytest.approx(theirs, rel=2e-4, abs=1e-3)


@settings(max_examples=100)
@given(boxes(), boxes())
def test_boxes_meet_if_their_outlines_do(one: Box, other: Box) -> None:
    shared = shapely.intersection(one.shape(), other.shape())
    assert one.meets(other) == (shared.area > 1e-9)
    assert one.meets(one)


@settings(max_examples=100)
@given(boxes(), st.floats(-180, 180), st.floats(-90, 90))
def test_a_place_lies_in_one_of_two_boxes_side_by_side(box: Box, lon: float, lat: float) -> None:
    middle = box.west + max(1, (box.east - box.west) // 2)
    if middle >= box.east:
        return
    west = (middle + HALF) % ROUND - HALF
    halves = (
        Box(box.west, box.south, middle, box.north),
        Box(west, box.south, west + box.east - middle, box.north),
    )
    assert sum(bool(each.holds(lon, lat)[0]) for each in halves) == bool(box.holds(lon, lat)[0])


def test_whole_minutes_are_whole_on_every_machine() -> None:
    lon = np.arange(-10_800, 10_801) / 60
    x, _ = minutes(np.round(lon, 7), np.zeros(len(lon)))
    assert set(x[:-1] - np.arange(-10_800, 10_800)) <= {0, -1}  # 0.0166667 lies west of 1/60 or east of it
    assert minutes(np.array([36.05]), np.array([34.1]))[0].tolist() == [2163]
    assert minutes(np.array([180.0]), np.array([90.0]))[0].tolist() == [-10_800]


def test_a_box_over_the_180th_meridian_is_cut_in_two_and_not_normalised() -> None:
    box = Box(10_700, -1_100, 10_900, -1_000)
    assert box.shape().geom_type == "MultiPolygon"
    assert box.shape().is_valid
    assert box.holds(np.array([179.9, -179.9, 170.0]), np.array([-17.5] * 3)).tolist() == [True, True, False]
    assert box.widened(1000).east > HALF


@pytest.mark.parametrize(
    "sides", [(10_800, 0, 10_900, 1), (0, 0, 0, 1), (0, 5, 1, 5), (0, -5401, 1, 0), (0, 0, 21_601, 1)]
)
def test_what_is_no_box_is_refused(sides: tuple[int, int, int, int]) -> None:
    with pytest.raises(BadInput):
        Box(*sides)

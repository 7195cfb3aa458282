"""Points and uncertain places lie where outlines say, whatever grid is laid over them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.areas import Blur, Cover
from holdfire.areas.blur import LEAST, exact
from holdfire.errors import HoldfireError
from holdfire.places import KILOMETRES_A_DEGREE

HERE = (36.0, 34.0)


def star(seed: int, corners: int = 24, size: float = 0.3) -> shapely.Polygon:
    """Return an outline with bays and spurs, and a hole."""
    draw = np.random.default_rng(seed)
    turn = np.sort(draw.uniform(0, 2 * np.pi, corners))
    far = size * draw.uniform(0.4, 1.0, corners)
    middle = np.array(HERE) + draw.uniform(-0.5, 0.5, 2)
    outline = middle + np.column_stack([far * np.cos(turn), far * np.sin(turn)])
    hole = middle + 0.2 * (outline - middle)
    return shapely.make_valid(shapely.Polygon(outline)).difference(shapely.make_valid(shapely.Polygon(hole)))


def several(seed: int, many: int = 12) -> list[shapely.Geometry]:
    found = [star(seed * 100 + n) for n in range(3 * many)]
    return [each for each in found if each.geom_type in {"Polygon", "MultiPolygon"}][:many]


@settings(deadline=None)  # the first call compiles
@given(st.integers(0, 10_000))
def test_points_lie_where_another_library_says(seed: int) -> None:
    areas = several(seed, 6)
    lon, lat = np.random.default_rng(seed).uniform(-1, 1, (2, 400)) + np.array(HERE)[:, None]
    point, area = Cover(areas).locate(lon, lat)
    told = set(zip(point.tolist(), area.tolist(), strict=True))
    for n, each in enumerate(areas):
        assert {p for p, a in told if a == n} == set(np.flatnonzero(shapely.contains_xy(each, lon, lat)))


def test_each_point_of_a_border_is_in_one_of_the_two_areas() -> None:
    left, right = shapely.box(36, 34, 37, 35), shapely.box(37, 34, 38, 35)
    lat = np.linspace(34.01, 34.99, 50)
    point, _ = Cover([left, right]).locate(np.full(50, 37.0), lat)
    assert point.tolist() == list(range(50))


def test_any_number_of_threads_gives_the_same_and_what_is_nowhere_is_in_nothing() -> None:
    areas = several(7)
    lon, lat = np.random.default_rng(1).uniform(-1, 1, (2, 600_000)) + np.array(HERE)[:, None]
    lon[::7], lat[::11] = np.nan, 1e9
    one, two = (Cover(areas).locate(lon, lat, threads) for threads in (1, 2))
    assert all((a == b).all() for a, b in zip(one, two, strict=True))
    assert not np.isin(one[0], np.flatnonzero(np.isnan(lon) | (lat > 90))).any()


@pytest.mark.parametrize("deviation", [0.5, 5.0, 15.0])
def test_probabilities_are_those_of_an_exact_sum_over_edges(deviation: float) -> None:
    areas = several(3)
    draw = np.random.default_rng(5)
    lon, lat = draw.uniform(-0.8, 0.8, (2, 4_000)) + np.array(HERE)[:, None]
    point, area, p = Blur(areas, deviation).shares(lon, lat)
    some = draw.choice(np.flatnonzero((p > 0.02) & (p < 0.98)), 150)
    off = np.array([abs(exact(areas[area[k]], lon[point[k]], lat[point[k]], deviation) - p[k]) for k in some])
    assert off.max() < 0.01
    assert off.mean() < 0.0025
    told = set(zip(point.tolist(), area.tolist(), strict=True))
    for _ in range(200):  # of what is not told there is next to nothing
        k, n = int(draw.integers(len(lon))), int(draw.integers(len(areas)))
        if (k, n) not in told:
            assert exact(areas[n], lon[k], lat[k], deviation) < LEAST + 0.01


def test_the_exact_sum_is_what_throwing_points_gives() -> None:
    area, (lon, lat), deviation = star(4), HERE, 20.0
    draw = np.random.default_rng(9).normal(0, deviation / KILOMETRES_A_DEGREE, (2, 400_000))
    thrown = shapely.contains_xy(area, lon + draw[0] / np.cos(np.radians(lat)), lat + draw[1]).mean()
    assert 0.02 < thrown < 0.98
    assert abs(exact(area, lon, lat, deviation) - thrown) < 0.004
    assert (
        abs(exact(area, lon, lat, 2 * deviation) - thrown) > 0.01
    )  # control: another error is another answer


def test_areas_that_share_a_land_share_out_each_place() -> None:
    areas = [shapely.box(35 + i, 33 + j, 36 + i, 34 + j) for i in range(3) for j in range(3)]
    lon, lat = np.random.default_rng(2).uniform(0.5, 2.5, (2, 5_000)) + np.array([[35.0], [33.0]])
    point, _, p = Blur(areas, 10.0).shares(lon, lat)
    assert np.abs(np.bincount(point, p) - 1).max() < 0.02


def test_what_is_no_area_is_refused_by_number() -> None:
    crossing = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(HoldfireError, match="1, 2"):
        Cover([shapely.box(0, 0, 1, 1), crossing, shapely.Point(0, 0)])
    with pytest.raises(ValueError, match="deviation"):
        Blur([shapely.box(0, 0, 1, 1)], 0.0)

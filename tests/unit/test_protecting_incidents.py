"""A million incidents against a release: none that touches is missed, as another library measures it."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from holdfire.errors import BadInput
from holdfire.protecting.incidents import touching
from releasing import MIDDLES, published

GEOD = Geod(ellps="WGS84")


def nearest(lon: float, lat: float, sides: tuple[float, float, float, float]) -> float:
    """Return how far a box is, by points along its sides on the ellipsoid [m]."""
    west, south, east, north = sides
    x = np.concatenate(
        [np.linspace(west, east, 60), np.linspace(west, east, 60), np.full(60, west), np.full(60, east)]
    )
    y = np.concatenate(
        [np.full(60, south), np.full(60, north), np.linspace(south, north, 60), np.linspace(south, north, 60)]
    )
    return float(np.min(GEOD.inv(np.full(240, lon), np.full(240, lat), x, y)[2]))


@pytest.mark.parametrize("name", MIDDLES)
def test_every_disc_that_reaches_an_area_touches_it_and_hardly_any_other(name: str) -> None:
    release, draw = published(name), np.random.default_rng(3)
    middle = MIDDLES[name]
    lon = (middle[0] + draw.normal(0, 1.2, 250) + 180) % 360 - 180
    lat, radius = middle[1] + draw.normal(0, 1.2, 250), draw.choice([0.0, 800.0, 5000.0, 30_000.0], 250)
    found = set(zip(*(each.tolist() for each in touching(release, lon, lat, radius)), strict=True))
    assert found
    for i in range(len(lon)):
        for n, cell in enumerate(release.cells):
            sides = (cell.zone.west / 60, cell.zone.south / 60, cell.zone.east / 60, cell.zone.north / 60)
            x = lon[i] if sides[0] <= lon[i] else lon[i] + 360
            inside = sides[0] <= x <= sides[2] and sides[1] <= lat[i] <= sides[3]
            away = 0.0 if inside else nearest(x, lat[i], sides)
            if away <= radius[i]:
                assert (i, n) in found
            elif away > radius[i] * 1.02 + 30:
                assert (i, n) not in found


def test_points_are_in_the_areas_that_hold_them() -> None:
    release = published("SYR")
    box = release.cells[0].zone
    lon, lat = (box.west + box.east) / 120, (box.south + box.north) / 120
    incident, area = touching(release, np.array([lon, 0.0]), np.array([lat, 0.0]))
    assert 0 in area[incident == 0]
    assert not (incident == 1).any()
    edge = touching(release, np.array([box.west / 60]), np.array([lat]))
    assert 0 in edge[1], "a side belongs to its area"


def test_one_vague_incident_touches_all_and_the_order_is_that_of_the_arguments() -> None:
    release = published("SYR")
    incident, area = touching(
        release, np.array([10.0, 38.0]), np.array([0.0, 35.0]), np.array([2e7, 600_000.0])
    )
    assert incident.tolist() == sorted(incident.tolist())
    assert set(area[incident == 1]) == set(range(len(release.cells)))


@pytest.mark.parametrize(
    "wrong", [(200.0, 0.0, 0.0), (0.0, 91.0, 0.0), (np.nan, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 0.0, np.nan)]
)
def test_what_is_not_placed_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(BadInput, match="1 incidents have no position"):
        touching(published("SYR"), *(np.array([each]) for each in wrong))

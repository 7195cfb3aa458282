"""Incidents are brought to whole cells: moved about in one, they leave the same, and nothing says where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.places import distance
from holdfire.precaution.atcells import AtCells, at_cells
from holdfire.precaution.held import Areas
from holdfire.precaution.striking import box_of, holds
from holdfire.protecting.release import Published
from holdfire.records.sheltered import LEAST
from releasing import published as a_release

PUBLISHED = a_release("SYR", 20)
CELL = next(c for c in PUBLISHED.cells if min(c.box.east - c.box.west, c.box.north - c.box.south) >= 8)
START = PUBLISHED.release.when.start or datetime.max.replace(tzinfo=UTC)
NOTHING = Areas(())


def placed_of(incidents: pa.Table, areas: Areas) -> AtCells:
    """Return what is published at the cell of incidents that no claim is read from."""
    members = pa.table({"incident_id": pa.array([], pa.string()), "claim_id": pa.array([], pa.string())})
    claims = incidents.append_column("claim_id", incidents["incident_id"]).slice(0, 0)
    claims = claims.append_column("report", pa.array([], pa.string()))
    claims = claims.append_column("row", pa.array([], pa.int64()))
    return at_cells(incidents, members, claims, areas)


def rows(spots: list[tuple[float, float, float]], day: int = 1) -> pa.Table:
    """Return incidents at latitude, longitude and radius, one day into the epoch."""
    at = START + timedelta(days=day)
    return pa.table(
        {
            "incident_id": [f"i-{n:016}" for n in range(len(spots))],
            "lat": [s[0] for s in spots],
            "lon": [s[1] for s in spots],
            "radius": [s[2] for s in spots],
            "start": pa.array([at] * len(spots), pa.timestamp("us", tz="UTC")),
            "end": pa.array([at + timedelta(hours=5)] * len(spots), pa.timestamp("us", tz="UTC")),
        }
    )


def within(share: tuple[float, float]) -> tuple[float, float, float]:
    """Return a spot of half a kilometre well inside the cell, at shares of its sides."""
    box = CELL.box
    lat = (box.south + 3 + share[0] * (box.north - box.south - 6)) / 60
    lon = (box.west + 3 + share[1] * (box.east - box.west - 6)) / 60
    return lat, lon, 500.0


SHARES = st.tuples(st.floats(0, 1), st.floats(0, 1))


@settings(max_examples=200, deadline=None)
@given(one=st.lists(SHARES, min_size=LEAST, max_size=6), other=st.lists(SHARES, min_size=6, max_size=6))
def test_moving_incidents_about_in_a_cell_changes_nothing(
    one: list[tuple[float, float]], other: list[tuple[float, float]]
) -> None:
    areas = Areas([PUBLISHED])
    first = placed_of(rows([within(each) for each in one]), areas)
    second = placed_of(rows([within(each) for each in other[: len(one)]]), areas)
    assert (first.sheltered, first.spots) == (second.sheltered, second.spots)
    assert len(first.sheltered) == len(one)
    placed = [first.placed(rows([within(each) for each in one]))[name].to_pylist() for name in ("lat", "lon")]
    assert all(len(set(column)) == 1 for column in placed)
    # the control: without a release nothing is brought to a cell, and the places tell them apart
    assert placed_of(rows([within(each) for each in one]), NOTHING) == AtCells(NOTHING)


@settings(max_examples=200, deadline=None)
@given(
    lat=st.floats(CELL.box.south / 60 - 1, CELL.box.north / 60 + 1),
    lon=st.floats(CELL.box.west / 60 - 1, CELL.box.east / 60 + 1),
    radius=st.floats(0, 60_000),
)
def test_the_disc_that_is_printed_holds_the_incident(lat: float, lon: float, radius: float) -> None:
    made = placed_of(rows([(lat, lon, radius)] * LEAST), Areas([PUBLISHED]))
    for spot in made.spots.values():
        assert spot is not None
        away = float(distance(lat, lon, spot[0], spot[1]))
        assert away + radius <= spot[2] or not holds(PUBLISHED.partition.extent, box_of(lat, lon, radius))


def test_one_known_no_finer_than_an_area_is_left_as_it_is() -> None:
    lat, lon, _ = within((0.5, 0.5))
    made = placed_of(rows([(lat, lon, 400_000.0)] * 5), Areas([PUBLISHED]))
    assert made.spots == {}


@pytest.mark.parametrize("many", range(1, LEAST + 2))
def test_too_few_of_an_area_are_placed_nowhere(many: int) -> None:
    made = placed_of(rows([within((0.5, 0.5))] * many), Areas([PUBLISHED]))
    assert [each.few for each in made.sheltered] == [many < LEAST] * many
    assert all((spot is None) == (many < LEAST) for spot in made.spots.values())


@pytest.mark.parametrize(("day", "found"), [(-3, 0), (1, 4), (27, 4), (29, 0)])
def test_only_the_epoch_counts(day: int, found: int) -> None:
    made = placed_of(rows([within((0.5, 0.5))] * 4, day), Areas([PUBLISHED]))
    assert len(made.sheltered) == found


def test_an_incident_without_a_time_may_have_been_inside() -> None:
    table = rows([within((0.5, 0.5))] * 4)
    unsaid = pa.nulls(4, pa.timestamp("us", tz="UTC"))
    for name in ("start", "end"):
        table = table.set_column(table.schema.get_field_index(name), name, unsaid)
    made = placed_of(table, Areas([PUBLISHED]))
    assert [each.inside.value for each in made.sheltered] == ["unclear"] * 4


def test_areas_over_longitude_180_have_a_disc_there() -> None:
    over: Published = a_release("FJI", 40)
    cell = next(c for c in over.cells if c.zone.east > 10_800)
    lat = (cell.box.south + cell.box.north) / 120
    table = rows([(lat, 180.0, 300.0)] * 4, 0)
    made = placed_of(table, Areas([over]))
    assert len(made.spots) == 4
    for spot in made.spots.values():
        assert spot is not None
        assert float(distance(lat, 180.0, spot[0], spot[1])) <= spot[2] < 2_000_000

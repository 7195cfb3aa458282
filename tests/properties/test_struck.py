"""Findings of incidents inside areas: silence is unclear, cells are all that counts, nothing leaks out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.answers import Answer
from holdfire.precaution.striking import box_of, holds, incident
from holdfire.protecting.notices import State, Told
from holdfire.protecting.partition import Partition, Settings, build
from holdfire.protecting.struck import Area, Reported, findings, publishable
from protecting import places

ZERO = datetime(2031, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
CODES = [f"MADE-{n:04d}" for n in range(1, 7)]
sets = st.frozensets(st.sampled_from(CODES))
moments = st.none() | st.integers(0, 60).map(lambda n: ZERO + n * HOUR)


def area(cells: frozenset[str], start: int = 0, end: int = 24, public: bool = True, told: tuple = ()) -> Area:
    return Area(
        id="n", cells=cells, starts=ZERO + start * HOUR, ends=ZERO + end * HOUR, public=public, told=told
    )


@settings(max_examples=200)
@given(st.none() | sets, sets, sets, st.booleans(), moments, moments, sets.filter(bool))
def test_only_what_is_surely_elsewhere_or_at_another_time_is_left_out(
    cells: frozenset[str] | None,
    touches: frozenset[str],
    within: frozenset[str],
    outside: bool,
    one: datetime | None,
    other: datetime | None,
    on: frozenset[str],
) -> None:
    start, end = (one, other) if one is None or other is None or one <= other else (other, one)
    given_ = Reported(
        id="i", cells=cells, touches=touches, within=within, outside=outside, start=start, end=end
    )
    found = list(findings([given_], [area(on)]))
    away = cells is not None and not (given_.near & on)
    past = (end is not None and end < ZERO) or (start is not None and start >= ZERO + 24 * HOUR)
    assert bool(found) == (not away and not past)
    for each in found:
        assert each.inside in (Answer.YES, Answer.UNCLEAR)
        if cells is None or start is None or end is None:
            assert each.inside is Answer.UNCLEAR
        assert set(each.cells) <= on


def test_no_place_and_no_time_are_unclear_and_never_no() -> None:
    nothing = Reported(id="i", cells=None)
    (found,) = findings([nothing], [area(frozenset(CODES[:1]))])
    assert found.inside is Answer.UNCLEAR
    with pytest.raises(ValueError, match="without cells"):
        list(findings([nothing], [area(frozenset())]))


def told(to: str, sent: int | None = None, delivered: int | None = None) -> Told:
    when = [None if each is None else ZERO + each * HOUR for each in (sent, delivered)]
    return Told(to=to, state=State.SENT, sent=when[0], delivered=when[1])


def test_who_had_been_told_follows_from_their_receipts() -> None:
    what = Reported(id="i", cells=frozenset(CODES[:1]), start=ZERO + 10 * HOUR, end=ZERO + 12 * HOUR)
    known = (
        told("a", 1, 2),
        told("b", 1),
        told("c"),
        told("d", 1, 11),
        told("e", 13, 14),
        told("f", 13),
        told("g", 1, 14),
    )
    (found,) = findings([what], [area(frozenset(CODES[:2]), told=known)])
    assert found.inside is Answer.YES
    yes, no, unclear = Answer.YES, Answer.NO, Answer.UNCLEAR
    assert found.told == {"a": yes, "b": unclear, "c": no, "d": unclear, "e": no, "f": no, "g": unclear}
    assert found.wording.startswith("reported inside a precaution area")


@settings(max_examples=200)
@given(st.lists(st.tuples(sets.filter(bool), st.booleans()), max_size=6), sets.filter(bool))
def test_what_is_published_names_no_unpublished_area_and_does_not_count(
    given_: list[tuple[frozenset[str], bool]], cells: frozenset[str]
) -> None:
    what = Reported(id="i", cells=cells, start=ZERO, end=ZERO + HOUR)
    areas = [area(on, public=public, told=(told("a", 1),)) for on, public in given_]
    shown = list(publishable(findings([what], areas)))
    open_ = frozenset(code for on, public in given_ if public for code in on)
    assert len(shown) == (1 if open_ & cells else 0)
    assert all(set(each.cells) == open_ & cells and not each.area for each in shown)
    assert not any(each.told or each.when for each in shown), "it would date a notice"
    again = [each for each in areas if each.public] * 3 + areas
    assert list(publishable(findings([what], again))) == shown, "three notices look like one"


@pytest.fixture(scope="module")
def made() -> Partition:
    return build(places(5, 200), Settings(k=6, block_k=24, block_share=6), "MADE")


def row(lat: float | None, lon: float | None, radius: float | None) -> dict:
    return {"incident_id": "i", "lat": lat, "lon": lon, "radius": radius, "start": None, "end": None}


def test_an_incident_is_brought_to_every_cell_that_its_disc_may_reach(made: Partition) -> None:
    draw = np.random.default_rng(7)
    assert incident(row(None, 38.0, 5.0), made).cells is None
    assert incident(row(35.0, 38.0, None), made).cells is None
    for _ in range(100):
        lat, lon, radius = draw.uniform(34, 36), draw.uniform(37, 39), draw.uniform(0, 30_000)
        found = incident(row(lat, lon, radius), made)
        turn, far = draw.uniform(0, 2 * np.pi, 50), np.sqrt(draw.uniform(0, 1, 50)) * radius
        lats = lat + far * np.sin(turn) / 111_320
        lons = lon + far * np.cos(turn) / (111_320 * np.cos(np.radians(lat)))
        codes = {code for code in made.cells_of(lons, lats) if code}
        assert codes <= (found.cells or frozenset())
        if (made.cells_of(lons, lats) == "").any():
            assert found.outside
        for code in found.within:
            assert made.by_code[code].zone.holds(lons, lats).all()


def test_a_notice_of_any_place_in_a_cell_makes_the_same_findings(made: Partition) -> None:
    """Moving the protected place within its cell moves nothing: only the cell goes in."""
    cell = made.cells[3]
    what = [incident(row(34 + n / 20, 37 + n / 20, 2_000.0), made) for n in range(40)]
    box, draw = cell.box, np.random.default_rng(1)
    seen = set()
    for _ in range(20):
        lon, lat = draw.uniform(box.west, box.east) / 60, draw.uniform(box.south, box.north) / 60
        codes = frozenset([made.cell_of(lon, lat).code])
        seen.add(repr(list(findings(what, [area(codes)]))))
    assert len(seen) == 1


def test_boxes_of_discs_near_the_edges_of_the_map_are_boxes() -> None:
    assert box_of(10.0, 179.999, 5_000.0).east > 10_800
    assert box_of(89.99, 0.0, 5_000.0).north == 5_400
    assert holds(box_of(10.0, 179.999, 50_000.0), box_of(10.0, -179.999, 1_000.0))

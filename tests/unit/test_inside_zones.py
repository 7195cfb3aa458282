"""Where the area is unclear, `explain` says how probably the place lies in each zone, and decides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from casemaking import a_case
from holdfire.agreement.zones import Zone, ZoneKind
from holdfire.evidenceshown import DECIDES, STANDARD, within
from holdfire.explaining import explain
from holdfire.places import KILOMETRES_A_DEGREE
from holdfire.tables import rows

WIDE = shapely.box(0, 0, 4, 4)
TEXT = """---
source: mission
published: 2031-05-03
---
The mission said on 3 May 2031 that northern forces shelled {} on 2 May 2031.
"""


def zone(accuracy: float = 0.0) -> Zone:
    return Zone(id="wide", kind=ZoneKind.PROTECTED_ZONE, name={}, polygon=WIDE, cite="", accuracy=accuracy)


def at(lat: float, lon: float, radius: float = 5_000.0) -> dict[str, float]:
    return {"lat": lat, "lon": lon, "radius": radius}


def test_known_answers() -> None:
    assert within(zone(), at(0.0, 2.0)) == pytest.approx(0.5, abs=1e-6)  # on a long straight edge
    assert within(zone(), at(0.0, 0.0)) == pytest.approx(0.25, abs=1e-4)  # on a corner
    assert within(zone(), at(2.0, 2.0)) == pytest.approx(1.0, abs=1e-9)
    assert within(zone(), at(-2.0, 2.0)) == pytest.approx(0.0, abs=1e-9)


def test_one_standard_deviation_inside_a_straight_edge_is_84_in_100() -> None:
    deviation = (5_000.0 + 1_000.0) / STANDARD / 1000 / KILOMETRES_A_DEGREE  # with the outline's own accuracy
    assert within(zone(1_000.0), at(deviation, 2.0)) == pytest.approx(0.841345, abs=1e-5)
    assert within(zone(), at(deviation, 2.0)) > 0.88  # a better outline leaves less doubt


def test_a_circle_of_the_stated_radius_holds_95_in_100() -> None:
    reach = 5.0 / KILOMETRES_A_DEGREE
    disc = shapely.Point(2.0, 0.0).buffer(reach, quad_segs=256)
    round_zone = Zone(id="disc", kind=ZoneKind.PROTECTED_ZONE, name={}, polygon=disc, cite="")
    assert within(round_zone, at(0.0, 2.0)) == pytest.approx(0.95, abs=0.001)


def told(folder: Path, place: str) -> tuple[str, dict[str, object]]:
    case = a_case(folder, {"one.md": TEXT.format(place)})
    case.run("2031-05-01/2031-05-07")
    [row] = rows(case.found().determinations)
    return str(explain(case, row["determination_id"])), row


def test_explain_says_the_probability_and_that_it_decides_nothing(tmp_path: Path) -> None:
    shown, row = told(tmp_path / "border", "Border District")
    assert row["area"] is None
    assert row["verdict"] != "breach"
    lines = [line.split() for line in shown.splitlines() if "in zone" in line]
    assert lines == [["in", "zone", "agreed-area", "50", "in", "100,", *DECIDES.split()]]
    assert "the answer stays unclear" in DECIDES
    assert "31.0" not in shown.partition("incident i-")[0]


def test_a_place_that_is_clearly_inside_is_told_without_a_probability(tmp_path: Path) -> None:
    shown, row = told(tmp_path / "inside", "Ashford")
    assert row["area"] is True
    assert "in zone" not in shown

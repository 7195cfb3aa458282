"""What a map shows: never more than the record, never a position, never a promise."""

from __future__ import annotations

import json
import random
import re
from dataclasses import fields
from xml.etree import ElementTree as ET

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.places import distance
from holdfire.publishing.drawing.captions import captions
from holdfire.publishing.drawing.dots import LEAST, MOST, circles, drawable
from holdfire.publishing.drawing.map import Dot, Shape, Town, countries_of, outline, page, polygons, svg
from holdfire.publishing.drawing.mappage import LISTED
from holdfire.publishing.drawing.outlines import country_name
from holdfire.publishing.drawing.paper import Paper
from holdfire.records.determination import Verdict

EN, AR = captions("en"), captions("ar")
SYRIA = outline(["Syria"])
STRIP = shapely.box(36.9, 36.1, 37.3, 36.3)


def a_dot(n: int = 0, **given: object) -> Dot:
    known = {
        "id": f"d-{n}",
        "lat": 36.2,
        "lon": 37.1,
        "radius": 2_500.0,
        "verdict": "breach",
        "label": f"Aleppo: shelling {n}",
        "where": "Aleppo",
        "when": "1 Mar 2016",
        "href": f"determinations/d-{n}.html",
    }
    return Dot(**{**known, **given})  # type: ignore[arg-type]


a_place = st.builds(
    a_dot,
    st.integers(0, 10**6),
    lat=st.one_of(st.none(), st.integers(320, 375).map(lambda v: v / 10)),
    lon=st.one_of(st.none(), st.integers(355, 425).map(lambda v: v / 10)),
    radius=st.one_of(st.none(), st.sampled_from([500.0, 2_500.0, 25_000.0, 35_000.0, 120_000.0])),
    verdict=st.sampled_from([v.value for v in Verdict]),
)
places = st.lists(a_place, max_size=150, unique_by=lambda dot: dot.id)


def tree(markup: str) -> ET.Element:
    return ET.fromstring(f"<page>{markup}</page>")  # noqa: S314 - our own markup


def drawing(markup: str) -> ET.Element:
    return next(s for s in tree(markup).iter("svg") if s.get("aria-labelledby"))


def having(element: ET.Element, kind: str) -> list[ET.Element]:
    return [e for e in element.iter() if kind in e.get("class", "").split()]


@given(places)
def test_every_incident_is_in_one_circle_that_holds_the_whole_of_its_disc(dots: list[Dot]) -> None:
    drawn = circles(dots)
    held = [dot.id for circle in drawn for dot in circle.dots]
    assert sorted(held) == sorted(dot.id for dot in dots if drawable(dot))
    for circle in drawn:
        assert circle.radius >= LEAST
        for dot in circle.dots:
            away = float(distance(circle.lat, circle.lon, dot.lat, dot.lon))
            assert circle.radius >= away + (dot.radius or 0) - 60


@given(places, st.integers(0, 99))
def test_the_order_of_incidents_changes_nothing(dots: list[Dot], seed: int) -> None:
    shuffled = dots[:]
    random.Random(seed).shuffle(shuffled)
    assert circles(shuffled) == circles(dots)


def test_an_exact_record_is_drawn_no_finer_than_eight_kilometres() -> None:
    paper = Paper(SYRIA.frame)
    [ring] = having(drawing(svg(SYRIA, [a_dot(radius=1.0)], [], EN)), "circle")
    assert float(ring.get("r", "")) == pytest.approx(paper.long(8_000), abs=0.05)


def test_a_circle_on_the_drawing_is_as_wide_as_the_ground_says() -> None:
    paper = Paper(SYRIA.frame)
    x1, y1 = paper.at(37.0, 35.0)
    x2, y2 = paper.at(37.0, 36.0)
    assert x1 == x2
    assert y1 - y2 == pytest.approx(paper.long(float(distance(35.0, 37.0, 36.0, 37.0))), rel=1e-3)
    x3, _ = paper.at(38.0, 35.0)
    assert x3 - x1 == pytest.approx(paper.long(float(distance(35.0, 37.0, 35.0, 38.0))), rel=0.02)


def test_many_incidents_are_gathered_until_they_can_be_told_apart() -> None:
    grid = [a_dot(n, lat=32.5 + (n % 40) / 10, lon=36 + (n // 40) / 10) for n in range(1600)]
    drawn = circles(grid)
    assert len(drawn) <= MOST["fine"]
    assert sum(len(circle.dots) for circle in drawn) == 1600
    assert len(circles(grid[:50])) == 50
    wide = [a_dot(n, lat=32.5 + (n % 40) / 10, lon=36 + n // 40, radius=120_000.0) for n in range(400)]
    assert len(circles(wide)) <= MOST["wide"]
    assert {circle.wide for circle in circles([*grid, *wide])} == {True, False}


def test_what_is_placed_only_to_the_country_is_counted_and_not_drawn() -> None:
    dots = [a_dot(1), a_dot(2, lat=None, lon=None, radius=None), a_dot(3, radius=None)]
    markup = svg(SYRIA, dots, [], EN)
    assert len(having(drawing(markup), "circle")) == 1
    assert "Incidents placed no more finely than the country, and not drawn: 2." in markup


def test_a_district_is_an_outline_only_and_a_mixed_circle_shows_each_share() -> None:
    dots = [a_dot(1, radius=35_000.0), a_dot(2), a_dot(3, verdict="refuted"), a_dot(4, verdict="disputed")]
    svg_ = drawing(svg(SYRIA, dots, [], EN))
    assert len(having(svg_, "wide")) >= 1
    assert [s.get("class") for s in having(svg_, "slice")] == [
        "slice breach",
        "slice disputed",
        "slice other",
    ]
    assert "3" in [t.text for t in having(svg_, "count")]


def test_the_count_of_an_outline_stands_on_its_rim_where_it_is_seen() -> None:
    dots = [a_dot(n, lat=36.9, lon=38.0, radius=120_000.0) for n in range(3)]
    svg_ = drawing(svg(SYRIA, dots, [], EN))
    [ring] = having(svg_, "circle")
    x, y, r = (float(ring.get(k, "")) for k in ("cx", "cy", "r"))
    assert y < r  # its northernmost point lies off the sheet
    for count in (t for t in having(svg_, "count") if t.text == "3"):
        away = (float(count.get("x", "")) - x) ** 2 + (float(count.get("y", "")) - y) ** 2
        assert away**0.5 == pytest.approx(r, abs=8)
        assert float(count.get("y", "")) > 10


def test_there_is_no_field_for_a_force_a_launch_point_or_a_bearing() -> None:
    assert {f.name for f in fields(Dot)} == {
        *("id", "lat", "lon", "radius", "verdict", "label", "where", "when", "href")
    }
    assert {f.name for f in fields(Shape)} == {"kind", "label", "area", "href"}


def test_a_zone_is_hatched_and_promises_nothing() -> None:
    zone = Shape(kind="disengagement_area", label="The Strip", area=polygons(STRIP), href="#zones")
    markup = svg(SYRIA, [a_dot()], [zone], EN)
    [drawn] = [e for e in having(drawing(markup), "zone") if "hatch" not in e.get("class", "")]
    paper = Paper(SYRIA.frame)
    corners = {tuple(round(v, 1) for v in paper.at(x, y)) for x, y in STRIP.exterior.coords}
    assert {
        (float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", drawn.get("d", ""))
    } == corners
    assert [e for e in having(drawing(markup), "hatch") if "zone" in e.get("class", "")]
    assert "it does not assert that a site is present, nor that anyone is safe there" in markup
    assert next(a.get("href") for a in drawing(markup).iter("a")) == "#zones"


def test_lines_over_a_shape_stay_within_it() -> None:
    dots = [a_dot(1, verdict="disputed", radius=11_000.0)]
    svg_ = drawing(svg(SYRIA, dots, [], EN))
    [ring] = having(svg_, "circle")
    x, y, r = (float(ring.get(k, "")) for k in ("cx", "cy", "r"))
    [lines] = having(svg_, "hatch")
    points = re.findall(r"(-?[\d.]+) (-?[\d.]+)", lines.get("d", ""))
    assert len(points) >= 4
    assert all((float(a) - x) ** 2 + (float(b) - y) ** 2 <= (r + 0.2) ** 2 for a, b in points)


def test_the_ground_is_the_country_or_the_territory_given() -> None:
    west, south, east, north = SYRIA.frame
    assert (round(west), round(south), round(east), round(north)) == (35, 32, 43, 38)
    assert {n.name for n in SYRIA.around if n.area} >= {"Turkey", "Iraq", "Jordan", "Lebanon"}
    assert "Syria" not in {n.name for n in SYRIA.around}
    own = outline(territory=STRIP)
    assert own.home == polygons(STRIP)
    assert [n.name for n in own.around if n.area] == ["Syria"]
    assert own.under == ()
    coarser = shapely.union_all([shapely.Polygon(p[0], p[1:]) for p in SYRIA.home]).simplify(0.05)
    covered = outline(territory=coarser)
    assert "Syria" not in {n.name for n in covered.around}
    assert covered.under
    assert len(having(drawing(svg(covered, [], [], EN)), "under")) == 1


def test_a_border_in_dispute_is_dashed_and_said() -> None:
    markup = svg(SYRIA, [], [], EN)
    assert len(having(drawing(markup), "in-dispute")) == 1
    assert EN["disputed_line"] in markup
    assert EN["disputed_line"] not in svg(outline(["Portugal"]), [], [], EN)


def test_a_country_that_is_not_known_is_said_with_the_nearest() -> None:
    with pytest.raises(BadInput, match='"Syria"'):
        outline(["Siria"])
    with pytest.raises(BadInput, match="a country or a territory"):
        outline()


def test_countries_are_found_from_where_incidents_lie() -> None:
    assert countries_of([(37.1, 36.2), (36.3, 33.5), (44.4, 33.3)]) == ["Iraq", "Syria"]
    assert countries_of([(37.1, 36.2)] * 20 + [(44.4, 33.3)]) == ["Syria"]
    assert countries_of([]) == []


def test_names_of_countries_are_those_of_the_page_or_none() -> None:
    assert country_name("ar", "792", "Turkey") == "تركيا"
    assert country_name("en", "792", "Turkey") == "Turkey"
    assert country_name("ar", "", "N. Cyprus") == ""


def test_of_two_towns_that_overlap_the_first_is_named() -> None:
    towns = [Town(label="First", lat=34.5, lon=38.0)]
    towns += [Town(label=f"Other {n}", lat=34.5, lon=38.0) for n in range(8)]
    svg_ = drawing(svg(SYRIA, [], [], EN, towns=towns))
    [wide] = [e for e in having(svg_, "names") if "wide" in e.get("class", "").split()]
    named = [t.text for t in having(wide, "town-name")]
    assert named[0] == "First"
    assert 1 < len(named) < 9


def test_several_lead_to_the_interactive_map_and_one_to_its_page() -> None:
    dots = [a_dot(1), a_dot(2), a_dot(3, lat=34.0, lon=38.0)]
    hrefs = {a.get("href") for a in drawing(svg(SYRIA, dots, [], EN, more="map.html")).iter("a")}
    assert hrefs == {"map.html#c1", "determinations/d-3.html"}
    assert drawing(svg(SYRIA, [a_dot(1, href=None)], [], EN)).get("role") == "img"


def test_the_still_map_is_the_same_each_time_and_asks_for_nothing() -> None:
    zone = Shape(kind="route", label="<b>", area=polygons(STRIP))
    dots = [a_dot(n, lat=33 + n / 10, verdict=v.value) for n, v in enumerate(Verdict)]
    once = svg(SYRIA, dots, [zone], AR, rtl=True, more="map.html")
    assert once == svg(SYRIA, dots[::-1], [zone], AR, rtl=True, more="map.html")
    assert not re.search(r"https?:|<script|<b>|style=|url\(", once)


def test_the_ground_is_not_mirrored() -> None:
    def spots(rtl: bool) -> list[str | None]:
        return [c.get("cx") for c in having(drawing(svg(SYRIA, [a_dot()], [], AR, rtl)), "circle")]

    assert spots(True) == spots(False)


def test_the_page_holds_every_incident_twice_and_reaches_nothing() -> None:
    nasty = a_dot(9, lat=34.0, label='</script><script>alert("x")', where="</script>")
    dots = [a_dot(1), a_dot(2, verdict="disputed"), nasty]
    written = page(SYRIA, dots, [], EN, title="Map <1>", back="index.html")
    assert written == page(SYRIA, dots[::-1], [], EN, title="Map <1>", back="index.html")
    assert not re.search(r"https?:", written)
    assert re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]*)"', written) == [
        *("assets/maplibre-gl.css", "assets/site.css", "assets/maplibre-gl.js", "assets/map.js")
    ]
    assert "connect-src blob: data:" in written
    assert "Map &lt;1&gt;" in written
    content = json.loads(re.findall(r'type="application/json"[^>]*>(.*?)</script>', written, re.S)[0])
    assert sorted(d[0] for c in content["circles"] for d in c["dots"]) == sorted(d.label for d in dots)
    for circle in content["circles"]:
        assert f'<tbody id="{circle["id"]}">' in written
    assert written.count("<td") == 4 * len(dots)


def test_a_circle_of_very_many_lists_some_and_counts_the_rest() -> None:
    written = page(SYRIA, [a_dot(n) for n in range(LISTED + 7)], [], EN, title="Map", back="index.html#map")
    assert '<a href="index.html#map">and 7 more, which are in the bulletin</a>' in written
    assert written.count('class="verdict breach"') == LISTED
    content = json.loads(re.findall(r'type="application/json"[^>]*>(.*?)</script>', written, re.S)[0])
    assert content["circles"][0]["count"] == LISTED + 7


def test_the_page_is_arabic_from_right_to_left() -> None:
    written = page(SYRIA, [a_dot()], [], AR, rtl=True, title="خريطة")
    assert '<html lang="ar" dir="rtl">' in written
    assert AR["map_back"] in written

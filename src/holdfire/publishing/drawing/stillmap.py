"""The still map: one inline SVG with its legend and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

import shapely

from holdfire.publishing.drawing.captions import Words, figure, say
from holdfire.publishing.drawing.days import GROUPS
from holdfire.publishing.drawing.dots import LEAST, SOFT, Circle, Dot, circles, drawable
from holdfire.publishing.drawing.outlines import Outline, Polygon
from holdfire.publishing.drawing.paper import (
    SIZES,
    Names,
    Paper,
    Town,
    chords,
    countries_named,
    ground_of,
    scale_of,
    sector,
    slice_of,
    towns_of,
)
from holdfire.publishing.drawing.svg import clean, hatch, legend, number, swatch, tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A zone on a map, as it was published.

    Attributes:
        kind: A value of `ZoneKind`.
        label: Its name in the language of the page.
        area: Its polygons, each as rings of longitude and latitude (`polygons` makes them).
        href: Where the zone is described.
    """

    kind: str
    label: str
    area: tuple[Polygon, ...]
    href: str | None = None


def svg(
    ground: Outline,
    incidents: Sequence[Dot],
    zones: Sequence[Shape],
    words: Words,
    rtl: bool = False,
    *,
    towns: Sequence[Town] = (),
    more: str | None = None,
    name: str = "map",
) -> str:
    """Return a map as markup to put into a page: the drawing, its legend and its notes.

    Args:
        ground: What it is drawn on (`outline`).
        incidents: Those of the period; one that is not located is counted below the map.
        zones: Zones in force, as published.
        words: The words of the page (`captions.captions`).
        rtl: Whether the page runs from right to left; the ground itself is never mirrored.
        towns: Towns to find one's way by.
        more: The interactive map's page; a circle of several incidents links to its place there.
        name: Begins every id, so that two maps may share a page.
    """
    paper = Paper(ground.frame)
    drawn = circles(incidents)
    linked = any(zone.href for zone in zones) or any(_href(circle, more) for circle in drawn)
    picture = tag(
        "g",
        ground_of(ground, paper),
        *(_zone(zone, paper) for zone in zones),
        *(_circle(circle, paper) for circle in drawn),
        *(_names(form, ground, drawn, zones, towns, paper, words, rtl) for form in SIZES),
        aria_hidden="true",
    )
    # Widest first, so that a pointer finds the finest circle under it.
    links = [_link(circle, paper, words, more) for circle in drawn]
    drawing = tag(
        "svg",
        tag("title", clean(say(words, "map_title")), id=f"{name}-title"),
        tag("desc", clean(_description(incidents, drawn, words)), id=f"{name}-desc"),
        picture,
        tag("g", *(_way(zone, paper) for zone in zones), *links, class_="links"),
        viewBox=f"0 0 {number(paper.width)} {number(paper.height)}",
        direction="rtl" if rtl else "ltr",
        role="group" if linked else "img",
        aria_labelledby=f"{name}-title {name}-desc",
    )
    seen = {dot.group for circle in drawn for dot in circle.dots}
    kinds = [group for group in GROUPS if group in seen]
    notes = _notes(incidents, words)
    return tag(
        "div",
        drawing,
        _legend(kinds, drawn, zones, ground, words),
        notes,
        class_="map",
    )


def _zone(zone: Shape, paper: Paper) -> str:
    area = shapely.MultiPolygon(
        [
            ([paper.at(*p) for p in rings[0]], [[paper.at(*p) for p in r] for r in rings[1:]])
            for rings in zone.area
        ]
    )
    shape = tag("path", class_=f"zone {zone.kind}", d=paper.path(zone.area), fill_rule="evenodd")
    return shape + hatch("zone", chords("zone", area))


def _way(zone: Shape, paper: Paper) -> str:
    if not zone.href:
        return ""
    shape = tag("path", class_="hit", d=paper.path(zone.area), fill_rule="evenodd")
    return tag("a", tag("title", clean(zone.label)), shape, href=zone.href)


def _names(
    form: str,
    ground: Outline,
    drawn: Sequence[Circle],
    zones: Sequence[Shape],
    towns: Sequence[Town],
    paper: Paper,
    words: Words,
    rtl: bool,
) -> str:
    names = Names(paper, SIZES[form])
    # Those that cannot move come first.
    several = sorted((c for c in drawn if len(c.dots) > 1), key=lambda c: c.wide)
    counts = [_count(circle, names) for circle in several]
    named = [_zone_name(zone, names) for zone in zones]
    found = towns_of(towns, names) + countries_named(ground, words, names)
    return tag("g", found, *named, *counts, scale_of(names, words, rtl), class_=f"names {form}")


def _zone_name(zone: Shape, names: Names) -> str:
    places = [names.paper.at(*position) for polygon in zone.area for position in polygon[0]]
    left, right = min(x for x, _ in places), max(x for x, _ in places)
    top, bottom = min(y for _, y in places), max(y for _, y in places)
    x, away = (left + right) / 2, names.size * 0.85
    spots = ((x, top - away), (x, bottom + away), (x, (top + bottom) / 2))
    return names.put(zone.label, "zone-name", (*spots, (x, top - 2 * away), (x, bottom + 2 * away)))


def _circle(circle: Circle, paper: Paper) -> str:
    x, y = paper.at(circle.lon, circle.lat)
    r = paper.long(circle.radius)
    shares = circle.shares()
    kind = shares[0][0] if len(shares) == 1 else "mixed"
    if circle.wide:
        return tag("circle", class_=f"circle wide {kind}", cx=x, cy=y, r=r)
    soft = " soft" if circle.radius > SOFT else ""
    slices, start = [], 0.0
    for group, count in shares:
        end = start + count / len(circle.dots)
        if kind == "mixed":
            slices.append(tag("path", class_=f"slice {group}{soft}", d=slice_of(x, y, r, start, end)))
        else:
            slices.append(tag("circle", class_=f"slice {group}{soft}", cx=x, cy=y, r=r))
        slices.append(hatch(f"{group}{soft}", chords(group, sector(x, y, r, start, end))))
        start = end
    return "".join(slices) + tag("circle", class_=f"circle {kind}", cx=x, cy=y, r=r)


def _count(circle: Circle, names: Names) -> str:
    paper, rise, text = names.paper, names.size, f"{len(circle.dots):,}"
    x, y = paper.at(circle.lon, circle.lat)
    if not circle.wide:
        x, y = min(max(x, rise), paper.width - rise), min(max(y, rise), paper.height - rise)
        names.keep(x, y, rise * 1.3)
        return names.write(text, "count", x, y)
    # An outline's count stands on its rim, where it cannot be read as the count of a circle within it.
    r = paper.long(circle.radius)
    turns = (0, 0.1, -0.1, 0.25, -0.25, 0.4, -0.4, 0.5)
    rim = ((x + r * sin(2 * pi * t), y - r * cos(2 * pi * t)) for t in turns)
    return names.put(text, "count wide", rim)


def _link(circle: Circle, paper: Paper, words: Words, more: str | None) -> str:
    x, y = paper.at(circle.lon, circle.lat)
    shape = tag(
        "circle",
        class_="hit wide" if circle.wide else "hit",
        cx=x,
        cy=y,
        r=max(paper.long(circle.radius), 9),
    )
    said = said_of(circle, words)
    href = _href(circle, more)
    inner = tag("title", clean(said)) + shape
    return tag("a", inner, href=href) if href else tag("g", inner)


def said_of(circle: Circle, words: Words) -> str:
    """Return what a circle is, in words."""
    km = figure(words, round(circle.radius / 1000))
    if len(circle.dots) == 1:
        dot = circle.dots[0]
        return f"{say(words, 'within', label=dot.label, km=km)}. {say(words, dot.verdict)}"
    parts = say(words, "comma").join(f"{say(words, g)} {figure(words, n)}" for g, n in circle.shares())
    several = say(words, "several", count=figure(words, len(circle.dots)), parts=parts)
    return say(words, "within", label=several, km=km)


def _href(circle: Circle, more: str | None) -> str | None:
    if len(circle.dots) == 1:
        return circle.dots[0].href
    return None if more is None else f"{more}#{circle.id}"


def _legend(
    kinds: Sequence[str],
    drawn: Sequence[Circle],
    zones: Sequence[Shape],
    ground: Outline,
    words: Words,
) -> str:
    entries = [(swatch(kind), say(words, kind)) for kind in kinds]
    if any(circle.wide for circle in drawn):
        ring = tag("circle", class_="circle wide mixed", cx=7, cy=7, r=6)
        entries.append((_key(ring), say(words, "wide_circle")))
    if zones:
        entries.append((swatch("zone"), say(words, "zone")))
    if any(Paper(ground.frame).shows(line) for line in ground.lines):
        entries.append((_key(tag("path", class_="in-dispute", d="M0 7H14")), say(words, "disputed_line")))
    return legend(entries)


def _key(drawing: str) -> str:
    return tag("svg", drawing, width=14, height=14, viewBox="0 0 14 14", aria_hidden="true")


def _notes(incidents: Sequence[Dot], words: Words) -> str:
    absent = sum(not drawable(dot) for dot in incidents)
    said = [] if absent < len(incidents) else [say(words, "map_none")]
    if absent < len(incidents):
        said.append(say(words, "circle_key", least=figure(words, LEAST / 1000)))
    if absent:
        said.append(say(words, "not_drawn", count=figure(words, absent)))
    said.append(say(words, "boundaries"))
    return "".join(tag("p", clean(text), class_="caption") for text in said)


def _description(incidents: Sequence[Dot], drawn: Sequence[Circle], words: Words) -> str:
    absent = sum(not drawable(dot) for dot in incidents)
    return say(
        words,
        "map_desc",
        drawn=figure(words, len(incidents) - absent),
        circles=figure(words, len(drawn)),
        least=figure(words, LEAST / 1000),
        not_drawn=figure(words, absent),
    )

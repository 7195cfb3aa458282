"""Maps of the bulletin: where incidents are recorded, as vaguely as they are.

Five rules hold, and tests/unit/test_map.py tries to break each:

* no circle is narrower than 8 km, and none is narrower than the incidents it holds are uncertain;
* every incident handed in is either in exactly one circle or counted among those not drawn;
* no position of a force, no launch point and no bearing can be drawn: there is no field for one;
* a zone is drawn as it was published, with the words that it asserts no site and promises nothing;
* the same values give the same bytes, and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfire.publishing.captions import Words, figure, say
from holdfire.publishing.days import GROUPS
from holdfire.publishing.dots import LEAST, Circle, Dot, circles, drawable
from holdfire.publishing.outlines import Outline, Polygon, countries_of, outline, polygons
from holdfire.publishing.paper import Paper, Town, ground_of, names_of, scale_of, slice_of, towns_of
from holdfire.publishing.svg import clean, label, legend, number, patterns, swatch, tag

__all__ = ["Dot", "Outline", "Shape", "Town", "countries_of", "outline", "polygons", "svg"]


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
    linked = any(_href(circle, more) for circle in drawn)
    picture = tag(
        "g",
        ground_of(ground, paper),
        *(_zone(zone, paper, name) for zone in zones),
        *(_circle(circle, paper, name) for circle in drawn),
        towns_of(towns, paper),
        names_of(ground, paper, words),
        *(_count(circle, paper) for circle in drawn if len(circle.dots) > 1),
        scale_of(paper, words, rtl),
        aria_hidden="true",
    )
    drawing = tag(
        "svg",
        tag("title", clean(say(words, "map_title")), id=f"{name}-title"),
        tag("desc", clean(_description(incidents, drawn, words)), id=f"{name}-desc"),
        picture,
        tag("g", *(_link(circle, paper, words, more) for circle in reversed(drawn)), class_="links"),
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
        patterns(name, [*kinds, *(["zone"] if zones else [])]),
        drawing,
        _legend(kinds, drawn, zones, ground, words, name),
        notes,
        class_="map",
    )


def _zone(zone: Shape, paper: Paper, name: str) -> str:
    shape = tag(
        "path",
        class_=f"zone {zone.kind}",
        d=paper.path(zone.area),
        fill=f"url(#{name}-zone)",
        fill_rule="evenodd",
    )
    outer = [position for polygon in zone.area for position in polygon[0]]
    x, y = paper.at(
        (min(p[0] for p in outer) + max(p[0] for p in outer)) / 2,
        (min(p[1] for p in outer) + max(p[1] for p in outer)) / 2,
    )
    return shape + label(zone.label, class_="zone-name", x=x, y=y + 4, text_anchor="middle")


def _circle(circle: Circle, paper: Paper, name: str) -> str:
    x, y = paper.at(circle.lon, circle.lat)
    r = paper.long(circle.radius)
    shares = circle.shares()
    kind = shares[0][0] if len(shares) == 1 else "mixed"
    if circle.wide:
        return tag("circle", class_=f"circle wide {kind}", cx=x, cy=y, r=r)
    if kind != "mixed":
        return tag("circle", class_=f"circle {kind}", cx=x, cy=y, r=r, fill=f"url(#{name}-{kind})")
    slices, start = [], 0.0
    for group, count in shares:
        end = start + count / len(circle.dots)
        slices.append(
            tag(
                "path", class_=f"slice {group}", d=slice_of(x, y, r, start, end), fill=f"url(#{name}-{group})"
            )
        )
        start = end
    return "".join(slices) + tag("circle", class_="circle mixed", cx=x, cy=y, r=r)


def _count(circle: Circle, paper: Paper) -> str:
    x, y = paper.at(circle.lon, circle.lat)
    # An outline's count stands on its rim, where it cannot be read as the count of a circle within it.
    y = y - paper.long(circle.radius) if circle.wide else y
    return label(
        f"{len(circle.dots):,}",
        class_="count wide" if circle.wide else "count",
        x=min(max(x, 12), paper.width - 12),
        y=min(max(y + 4, 14), paper.height - 6),
        text_anchor="middle",
    )


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
    return tag("a", inner, href=href, aria_label=said) if href else tag("g", inner)


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
    return f"{more}#{circle.id}" if more else None


def _legend(
    kinds: Sequence[str],
    drawn: Sequence[Circle],
    zones: Sequence[Shape],
    ground: Outline,
    words: Words,
    name: str,
) -> str:
    entries = [(swatch(name, kind), say(words, kind)) for kind in kinds]
    if any(circle.wide for circle in drawn):
        ring = tag("circle", class_="circle wide mixed", cx=7, cy=7, r=6)
        entries.append((_key(ring), say(words, "wide_circle")))
    if zones:
        entries.append((swatch(name, "zone"), say(words, "zone")))
    if ground.lines:
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

"""The interactive map: one page that opens from disk and asks no other host for anything.

It holds the still map, the list of incidents, and the same data once more for the script. Where scripts
or WebGL are missing, the still map and the list are what a reader sees, and they say the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from holdfire.publishing.drawing import stillmap as still
from holdfire.publishing.drawing.captions import Words, figure, say
from holdfire.publishing.drawing.dots import Circle, Dot, circles
from holdfire.publishing.drawing.outlines import Outline, Polygon, country_name
from holdfire.publishing.drawing.paper import Town
from holdfire.publishing.drawing.svg import clean, tag

POLICY = "connect-src blob: data:; img-src 'self' data: blob:; font-src 'none'; form-action 'none'"
"""What the page may reach: nothing but itself. The worker's text is fetched from a blob of the page."""

LISTED = 25
"""Incidents of one circle that the page lists; the rest are counted, and the bulletin has them all."""

SAID = ("map_reset", "map_closer", "map_wider", "map_keys", "map_title", "map_show")


def page(
    ground: Outline,
    incidents: Sequence[Dot],
    zones: Sequence[still.Shape],
    words: Words,
    rtl: bool = False,
    *,
    title: str,
    towns: Sequence[Town] = (),
    back: str = "index.html",
    assets: str = "assets/",
) -> str:
    """Return the whole page of the interactive map.

    Args:
        ground: What it is drawn on (`outline`).
        incidents: Those of the period; one that is not located is counted below the map.
        zones: Zones in force, as published.
        words: The words of the page (`captions.captions`); its `language` is the page's.
        rtl: Whether the page runs from right to left.
        title: What the page is headed with, plain text.
        towns: Towns to find one's way by.
        back: Where the bulletin is.
        assets: The folder of `shipped.site_files`, as seen from the page; it ends with a slash.
    """
    drawn = circles(incidents)
    content = _content(ground, drawn, zones, words, towns)
    plain = [replace(zone, href=None) for zone in zones]
    picture = still.svg(ground, incidents, plain, words, rtl, towns=towns, more="", name="still")
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{clean(POLICY)}">'
        f"<title>{clean(title)}</title>"
        f'<link rel="stylesheet" href="{clean(assets)}maplibre-gl.css">'
        f'<link rel="stylesheet" href="{clean(assets)}site.css">'
    )
    body = (
        tag("header", _crumbs(back, words), tag("h1", clean(title)), class_="front")
        + tag(
            "main",
            tag("p", clean(say(words, "map_no_gl")), class_="note", id="no-gl", hidden="hidden"),
            tag("noscript", tag("p", clean(say(words, "map_no_script")), class_="note")),
            tag("div", "<!-- map.js draws here -->", id="live", hidden="hidden"),
            tag("p", clean(say(words, "map_keys")), class_="caption", id="keys", hidden="hidden"),
            tag("div", picture, id="still"),
            _list(drawn, words, back),
            id="main",
        )
        + tag("script", _safe(content), type="application/json", id="content")
        + "".join(f'<script src="{clean(assets)}{name}"></script>' for name in ("maplibre-gl.js", "map.js"))
    )
    language = clean(words.get("language", "en"))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{"rtl" if rtl else "ltr"}">'
        f'<head>{head}</head>\n<body class="map-page">{body}</body></html>\n'
    )


def _crumbs(back: str, words: Words) -> str:
    return tag("nav", tag("a", clean(say(words, "map_back")), href=back), class_="crumbs")


def _list(drawn: Sequence[Circle], words: Words, back: str) -> str:
    heads = ("map_where", "map_when", "map_verdict", "map_within")
    head = tag("tr", *(tag("th", clean(say(words, key)), scope="col") for key in heads))
    parts = []
    for circle in drawn:
        rows = [_row(dot, circle, words, heads) for dot in circle.dots[:LISTED]]
        if rest := _rest(circle, words):
            rows.append(tag("tr", tag("td", tag("a", clean(rest), href=back), colspan=len(heads))))
        parts.append(tag("tbody", *rows, id=circle.id))
    if not parts:
        return ""
    table = tag("table", tag("thead", head), *parts, class_="data cards")
    box = tag("div", table, class_="scroll", tabindex="0", role="region", aria_labelledby="list")
    return tag("section", tag("h2", clean(say(words, "map_list")), id="list"), box)


def _rest(circle: Circle, words: Words) -> str:
    more = len(circle.dots) - LISTED
    return say(words, "map_rest", count=figure(words, more)) if more > 0 else ""


def _row(dot: Dot, circle: Circle, words: Words, heads: Sequence[str]) -> str:
    where = clean(dot.where or dot.label)
    cells = (
        tag("a", where, href=dot.href) if dot.href else where,
        clean(dot.when),
        tag("span", clean(say(words, dot.verdict)), class_=f"verdict {dot.verdict}"),
        clean(say(words, "km", count=figure(words, round(max(dot.radius or 0, circle.radius) / 1000)))),
    )
    return tag("tr", *(tag("td", c, data_label=say(words, h)) for c, h in zip(cells, heads, strict=True)))


def _content(
    ground: Outline,
    drawn: Sequence[Circle],
    zones: Sequence[still.Shape],
    words: Words,
    towns: Sequence[Town],
) -> dict[str, Any]:
    language = words.get("language", "en")
    return {
        "frame": ground.frame,
        "home": _rounded(ground.home),
        "under": _rounded(ground.under),
        "around": [_rounded(neighbour.beyond) for neighbour in ground.around],
        "countries": [
            [country_name(language, n.code, n.name), round(n.middle[0], 3), round(n.middle[1], 3)]
            for n in ground.around
        ],
        "lines": [[[round(x, 3), round(y, 3)] for x, y in line] for line in ground.lines],
        "zones": [{"label": z.label, "kind": z.kind, "area": _rounded(z.area)} for z in zones],
        "towns": [[town.label, round(town.lon, 3), round(town.lat, 3)] for town in towns],
        "circles": [
            {
                "id": circle.id,
                "at": [circle.lon, circle.lat],
                "radius": circle.radius,
                "wide": circle.wide,
                "shares": circle.shares(),
                "said": still.said_of(circle, words),
                "count": len(circle.dots),
                "rest": _rest(circle, words),
                "dots": [
                    [dot.label, dot.verdict, say(words, dot.verdict), dot.href]
                    for dot in circle.dots[:LISTED]
                ],
            }
            for circle in drawn
        ],
        "words": {key: say(words, key) for key in SAID},
    }


def _rounded(area: Sequence[Polygon]) -> list[list[list[list[float]]]]:
    return [[[[round(x, 3), round(y, 3)] for x, y in ring] for ring in polygon] for polygon in area]


def _safe(content: dict[str, Any]) -> str:
    """Return JSON that cannot end the element it stands in."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

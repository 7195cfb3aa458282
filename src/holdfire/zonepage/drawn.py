"""The map of a release: whole cells that are on, hatched, on the ground they lie on, with their codes."""

from __future__ import annotations

from dataclasses import replace

import shapely

from holdfire.protecting.cells import Cell
from holdfire.protecting.grid import HALF, ROUND, Box
from holdfire.protecting.release import Published
from holdfire.publishing.drawing.captions import captions, say
from holdfire.publishing.drawing.outlines import Outline, countries_of, outline, polygons
from holdfire.publishing.drawing.paper import (
    SIZES,
    Names,
    Paper,
    countries_named,
    ground_of,
    scale_of,
)
from holdfire.publishing.drawing.svg import box, clean, frame, hatch, legend, strokes, swatch, tag
from holdfire.zonepage.words import WORDS


def drawing(published: Published, language: str) -> str:
    """Return the map with its legend, as markup to put into a page.

    Where the partition crosses longitude 180 the ground is left out: its outlines end there.
    """
    words, rtl = captions(language), language == "ar"
    ground = ground_under(published)
    paper = Paper(ground.frame)
    west = published.partition.extent.west
    boxes = {cell.code: _placed(cell.zone, west) for cell in published.cells}
    grid = "".join(_rectangle(paper, _placed(cell.box, west)) for cell in published.partition.cells)
    on = "".join(_rectangle(paper, sides) for sides in boxes.values())
    held = f"{language}-on"
    lines = tag("clipPath", tag("path", d=on), id=held)
    lines += hatch("zone", strokes("zone", 0, 0, paper.width, paper.height), held)
    links = "".join(
        tag(
            "a",
            tag("title", clean(cell.code)),
            tag("path", class_="zone on", d=_rectangle(paper, boxes[cell.code])),
            href=f"#{language}-{cell.code}",
        )
        for cell in published.cells
    )
    names = "".join(_names(form, published, boxes, ground, paper, language) for form in SIZES)
    said = WORDS[language]["map_says"].format(name=published.release.name)
    picture = frame(
        ground_of(ground, paper),
        tag("path", class_="cells", d=grid),
        lines,
        links,
        tag("g", names, aria_hidden="true"),
        name=f"{language}-map", title=WORDS[language]["map"], said=said, class_="zones",
        width=paper.width, height=paper.height, rtl=rtl,
    ).replace('role="img"', 'role="group"', 1)  # fmt: skip
    keys = legend([(swatch("zone"), WORDS[language]["on"])])
    note = tag("p", clean(say(words, "boundaries")), class_="caption")
    return tag("div", picture, keys, note, class_="map")


def ground_under(published: Published) -> Outline:
    """Return what the map is drawn on: the countries that most cells lie in, cut to the partition."""
    extent = published.partition.extent
    sides = (extent.west / 60, extent.south / 60, extent.east / 60, extent.north / 60)
    if extent.east > HALF:
        return Outline(frame=sides, home=())
    land = [cell.box for cell in published.partition.cells]
    middles = [((each.west + each.east) / 120, (each.south + each.north) / 120) for each in land]
    countries = countries_of(middles)
    if not countries:
        return Outline(frame=sides, home=())
    whole = outline(countries)
    home = shapely.MultiPolygon([(p[0], p[1:]) for p in whole.home])
    cut = shapely.clip_by_rect(home, *sides)
    around = outline(territory=cut if not cut.is_empty else shapely.box(*sides))
    beside = tuple(each for each in around.around if each.name not in countries)
    return replace(around, frame=sides, home=polygons(cut), around=beside)


def _placed(sides: Box, west: int) -> tuple[float, float, float, float]:
    """Return a box's sides [degrees], east of the partition's western side."""
    turn = ROUND if sides.west < west - HALF else 0
    return (sides.west + turn) / 60, sides.south / 60, (sides.east + turn) / 60, sides.north / 60


def _corners(paper: Paper, sides: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, bottom = paper.at(sides[0], sides[1])
    right, top = paper.at(sides[2], sides[3])
    return max(0.0, left), max(0.0, top), min(paper.width, right), min(paper.height, bottom)


def _rectangle(paper: Paper, sides: tuple[float, float, float, float]) -> str:
    left, top, right, bottom = _corners(paper, sides)
    return box(left, top, right - left, bottom - top)


def _names(
    form: str,
    published: Published,
    boxes: dict[str, tuple[float, float, float, float]],
    ground: Outline,
    paper: Paper,
    language: str,
) -> str:
    names = Names(paper, SIZES[form])
    drawn = [_code(cell, boxes[cell.code], names) for cell in published.cells]
    words = captions(language)
    drawn += [countries_named(ground, words, names), scale_of(names, words, language == "ar")]
    return tag("g", *drawn, class_=f"names {form}")


def _code(cell: Cell, sides: tuple[float, float, float, float], names: Names) -> str:
    """Return the end of a code in the middle of its area; beside it, it might be read as another's."""
    left, top, right, bottom = _corners(names.paper, sides)
    number = cell.code.partition("-")[2]  # all codes begin alike, and the head of the page says how
    return names.put(number, "zone-name", [((left + right) / 2, (top + bottom) / 2)])

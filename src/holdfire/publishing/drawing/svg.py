"""Write SVG as text: the same values give the same bytes.

Lengths are in user units, one to a CSS pixel at full size, rounded to a tenth. Colours are never written
here: an element carries a class and the style sheet of the page gives it a colour for light, dark and
paper. Where a colour tells things apart, lines over it tell them apart too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from math import ceil, floor

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

WIDTHS = {"narrow": 0.31, "wide": 0.62}
"""Width of a letter in ems: measured broadly, as of DejaVu Sans."""


def number(value: float) -> str:
    """Return a length, rounded to a tenth of a unit.

    >>> number(12.0), number(3.14159), number(-0.01)
    ('12', '3.1', '0')
    """
    rounded = f"{value:.1f}".removesuffix(".0")
    return "0" if rounded == "-0" else rounded


def clean(text: str) -> str:
    """Return text that may stand in an element or an attribute: escaped, without control characters."""
    return escape(CONTROL.sub("", text), quote=True)


def tag(name: str, *inner: str, **attributes: str | float | None) -> str:
    """Return one element; `inner` is markup, attribute values are escaped here.

    `class_` and `viewBox` are written as SVG spells them, an underscore becomes a hyphen, None is left out.

    >>> tag("rect", class_="a", x=1.25, fill_rule="evenodd", y=None)
    '<rect class="a" x="1.2" fill-rule="evenodd"/>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{clean(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    body = "".join(inner)
    return f"<{name}{written}>{body}</{name}>" if body else f"<{name}{written}/>"


def frame(
    *inner: str, name: str, title: str, said: str = "", class_: str, width: float, height: float, rtl: bool
) -> str:
    """Return a whole drawing, with what a screen reader says of it.

    Args:
        inner: Markup of what is drawn.
        name: What it is called in the page; its title and words have ids made of it.
        title: Its title.
        said: What it shows, in words; empty: the title says it.
        class_: Class that the style sheet colours it by.
        width: Width [units].
        height: Height [units].
        rtl: Whether its language is written from right to left.
    """
    words = [tag("desc", clean(said), id=f"{name}-desc")] if said else []
    return tag(
        "svg",
        tag("title", clean(title), id=f"{name}-title"),
        *words,
        *inner,
        class_=class_,
        viewBox=f"0 0 {number(width)} {number(height)}",
        direction="rtl" if rtl else "ltr",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc" if said else f"{name}-title",
    )


def label(content: str, **attributes: str | float | None) -> str:
    """Return a `<text>`; unlike in `tag`, the content is escaped here."""
    return tag("text", clean(content), **attributes)


def length(text: str, size: float) -> float:
    """Return how wide a text is at most, at a font size [units]; used to keep labels apart.

    The reader's font is not known, so it is measured as a broad one.
    """
    ems = sum(WIDTHS["narrow" if c in " .,:;'|iljt()[]-–·" else "wide"] for c in text)
    return ems * size


def shorten(text: str, size: float, room: float) -> str:
    """Return the text, or its beginning with an ellipsis, so that it fits in `room` [units]."""
    if length(text, size) <= room:
        return text
    while text and length(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def box(x: float, y: float, width: float, height: float) -> str:
    """Return one rectangle as a piece of path data, so that many share one element."""
    return f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h{number(-width)}z"


def line(points: Iterable[tuple[float, float]]) -> str:
    """Return a broken line as path data."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


LINES: dict[str, tuple[tuple[int, int], ...]] = {
    "breach": (),
    "disputed": ((1, 8),),
    "insufficient_evidence": (),
    "not_covered": ((0, 4),),
    "other": ((2, 4),),
    "silent": ((-1, 8),),
    "zone": ((1, 8), (-1, 8)),
}
"""Lines over each colour, as (direction, units apart): 1 rising, -1 falling, 0 level, 2 upright.

Breach is dark and insufficient evidence light, both without lines; the style sheet breaks level lines
into dashes. They are drawn as lines, not as patterns: a printed pattern weighs thirty kilobytes a use.
"""

Stroke = tuple[tuple[float, float], tuple[float, float]]


def strokes(kind: str, left: float, top: float, right: float, bottom: float) -> list[Stroke]:
    """Return the lines of a kind within a box; they stand where those of any other box do.

    >>> strokes("not_covered", 0, 0, 8, 9)
    [((0, 4), (8, 4)), ((0, 8), (8, 8))]
    """
    found: list[Stroke] = []
    for direction, apart in LINES[kind]:
        # Each line is where x * across + y * along is a multiple of `apart`, shifted off the box's edge.
        if direction == 0:
            found += [((left, y), (right, y)) for y in _multiples(top, bottom, apart)]
        elif direction == 2:
            found += [((x, top), (x, bottom)) for x in _multiples(left, right, apart)]
        elif direction == 1:
            for s in _multiples(left + top, right + bottom, apart):
                start, end = max(left, s - bottom), min(right, s - top)
                found.append(((start, s - start), (end, s - end)))
        else:
            for s in _multiples(top - right, bottom - left, apart):
                start, end = max(left, top - s), min(right, bottom - s)
                found.append(((start, start + s), (end, end + s)))
    return found


def _multiples(low: float, high: float, apart: int) -> list[int]:
    return list(range((floor(low / apart) + 1) * apart, ceil(high), apart))


def hatch(kind: str, lines: Iterable[Stroke], clip: str | None = None) -> str:
    """Return lines over a shape, held to it by the id of a clip path; nothing where there are none."""
    drawn = "".join(line(each) for each in lines)
    held = f"url(#{clip})" if clip else None
    return tag("path", class_=f"hatch {kind}", d=drawn, clip_path=held) if drawn else ""


def hatched(kind: str, shape: str, around: tuple[float, float, float, float], name: str, look: str) -> str:
    """Return a path in its colour with the lines of its kind over it.

    Args:
        kind: One of LINES.
        shape: Path data.
        around: Left, top, right and bottom of a box that holds the shape.
        name: An id that is free on the page; another, ending in "-clip", is made of it.
        look: Class of the path beside its kind.
    """
    path = tag("path", class_=f"{look} {kind}", d=shape, id=name if LINES[kind] else None)
    if not LINES[kind]:
        return path
    clip = tag("clipPath", tag("use", href=f"#{name}"), id=f"{name}-clip")
    return path + clip + hatch(kind, strokes(kind, *around), f"{name}-clip")


def swatch(kind: str) -> str:
    """Return the little square that stands for a kind in a legend."""
    square = tag("rect", class_=f"swatch {kind}", x=0.5, y=0.5, width=15, height=15)
    lines = hatch(kind, strokes(kind, 0.5, 0.5, 15.5, 15.5))
    return tag("svg", square, lines, width=16, height=16, viewBox="0 0 16 16", aria_hidden="true")


def legend(entries: Iterable[tuple[str, str]]) -> str:
    """Return a legend as an HTML list: pairs of a drawn key (markup) and its words."""
    items = "".join(tag("li", key, tag("span", clean(words))) for key, words in entries)
    return tag("ul", items, class_="legend")

"""Write SVG as text: the same values give the same bytes.

Lengths are in user units, one to a CSS pixel at full size, rounded to a tenth. Colours are never written
here: an element carries a class and the style sheet of the page gives it a colour for light, dark and
paper. Where a colour tells things apart, a pattern tells them apart too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

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


PATTERNS = {
    "breach": "",
    "disputed": "M-2 2l4 -4M0 8l8 -8M6 10l4 -4",
    "insufficient_evidence": "",
    "not_covered": "M0 2h3M4 6h3",
    "other": "M2 0v8M6 0v8",
    "silent": "M-2 6l4 4M0 0l8 8M6 -2l4 4",
    "zone": "M-2 2l4 -4M0 8l8 -8M6 10l4 -4M-2 6l4 4M0 0l8 8M6 -2l4 4",
}
"""The lines drawn over each colour: dark, slanting, light, dashed, upright, back-slanting, crossed."""


def patterns(name: str, kinds: Iterable[str]) -> str:
    """Return a hidden SVG that holds the patterns of one chart, as `url(#name-kind)`.

    It stands apart so that it is drawn even where one of the chart's sizes is not displayed.
    """
    drawn = [
        tag(
            "pattern",
            tag("rect", class_="ground", width=8, height=8),
            tag("path", class_="lines", d=PATTERNS[kind]) if PATTERNS[kind] else "",
            id=f"{name}-{kind}",
            class_=f"pattern {kind}",
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        )
        for kind in kinds
    ]
    return tag("svg", tag("defs", *drawn), class_="patterns", width=0, height=0, aria_hidden="true")


def swatch(name: str, kind: str) -> str:
    """Return the little square that stands for a pattern in a legend."""
    square = tag("rect", class_="swatch", x=0.5, y=0.5, width=13, height=13, fill=f"url(#{name}-{kind})")
    return tag("svg", square, width=14, height=14, viewBox="0 0 14 14", aria_hidden="true")


def legend(entries: Iterable[tuple[str, str]]) -> str:
    """Return a legend as an HTML list: pairs of a drawn key (markup) and its words."""
    items = "".join(tag("li", key, tag("span", clean(words))) for key, words in entries)
    return tag("ul", items, class_="legend")

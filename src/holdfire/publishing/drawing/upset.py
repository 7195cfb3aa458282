"""Who is on which lists, as circles and bars: a row for each pattern of lists, the largest first.

After UpSet (Lex, A. et al. 2014, IEEE TVCG 20(12):1983-1992), turned on its side so that it reads on a
telephone. The last row is of those on no list, whose number nobody knows: it has no bar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holdfire.publishing.drawing.svg import frame, label, length, number, shorten, tag

ROW = 22.0
"""Height of a row [units]."""
MOST = 18
"""Patterns that are drawn; the others are told in a line."""
STEP = {"wide": 26.0, "narrow": 17.0}
WIDTH = {"wide": 720.0, "narrow": 340.0}
SIZE = 12.0
LONGEST = 110.0
"""Most room that the name of a list takes above its column [units]."""


def upset(
    lists: Sequence[str],
    patterns: Mapping[tuple[bool, ...], int],
    words: Mapping[str, str],
    rtl: bool,
    name: str,
    form: str = "wide",
) -> str:
    """Return the drawing.

    Args:
        lists: Names of the lists.
        patterns: People of each pattern: whether it is on each list.
        words: `title`, `empty_cell` and `more`, the last with what is left out.
        rtl: Whether a line begins on the right.
        name: An id that is free on the page.
        form: `wide`, or `narrow` for a telephone.
    """
    step = min(STEP[form], (WIDTH[form] * 0.72) / max(len(lists), 1))
    width = WIDTH[form]
    shown = sorted(patterns.items(), key=lambda each: (-each[1], each[0]))[:MOST]
    head = min(LONGEST, max(length(each, SIZE) for each in lists)) + 12
    across = len(lists) * step
    room = width - across - 18 - length(f"{max(patterns.values(), default=0):,}", SIZE) - 10
    largest = max((count for _, count in shown), default=1)

    def turn(along: float) -> float:
        return width - along if rtl else along

    drawn = [_head(each, turn((j + 0.5) * step), head) for j, each in enumerate(lists)]
    rows = [*shown, (tuple(False for _ in lists), -1)]
    for at, (pattern, count) in enumerate(rows):
        y = head + (at + 0.5) * ROW
        drawn += _circles(
            pattern, [turn((j + 0.5) * step) for j in range(len(lists))], y, min(step, 18) * 0.3
        )
        start = across + 12
        if count < 0:
            drawn.append(label(words["empty_cell"], class_="quiet", x=turn(start), y=y + 4, font_size=SIZE))
            continue
        long = max(room * count / largest, 1.0)
        left = turn(start + long) if rtl else start
        drawn.append(tag("rect", class_="bar", x=left, y=y - 6, width=long, height=12))
        drawn.append(label(f"{count:,}", class_="figures", x=turn(start + long + 6), y=y + 4, font_size=SIZE))
    tall = head + len(rows) * ROW
    if words.get("more"):
        drawn.append(label(words["more"], class_="quiet", x=turn(0), y=tall + 14, font_size=SIZE))
        tall += 20
    said = "; ".join(
        f"{' · '.join(n for n, on in zip(lists, pattern, strict=True) if on)}: {count:,}"
        for pattern, count in shown
    )
    return frame(
        *drawn,
        name=name,
        title=words["title"],
        said=said,
        class_=f"{form} upset",
        width=width,
        height=tall + 4,
        rtl=rtl,
    )


def _head(text: str, x: float, y: float) -> str:
    """Return the name of a list, upright, above its column."""
    shown = shorten(text, SIZE, LONGEST)
    turned = f"rotate(-90 {number(x)} {number(y - 8)})"
    return label(
        shown, class_="label", x=x, y=y - 8 + SIZE * 0.35, font_size=SIZE, transform=turned, direction="ltr"
    )


def _circles(pattern: tuple[bool, ...], xs: Sequence[float], y: float, radius: float) -> list[str]:
    on = [x for x, held in zip(xs, pattern, strict=True) if held]
    drawn = []
    if len(on) > 1:
        drawn.append(tag("path", class_="tie", d=f"M{number(min(on))} {number(y)}H{number(max(on))}"))
    for x, held in zip(xs, pattern, strict=True):
        drawn.append(tag("circle", class_="on" if held else "off", cx=x, cy=y, r=radius))
    return drawn

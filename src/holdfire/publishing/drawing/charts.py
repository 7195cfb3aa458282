"""Charts of the bulletin: plain values in, markup out, no script and no colour written in.

Five rules hold, and tests/unit/test_charts.py tries to break each:

* the same values give the same bytes;
* words are text, and every drawing has a title and a description that says its figures;
* what is told by colour is told by a pattern too;
* a day without a report is hatched; a figure no one gave is a gap, never a zero;
* nothing is fetched, and no id is used twice when two charts with different names share a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfire.publishing.drawing.captions import Words, figure, say
from holdfire.publishing.drawing.daily import daily
from holdfire.publishing.drawing.days import Band, Day, Mark
from holdfire.publishing.drawing.scales import ticks
from holdfire.publishing.drawing.svg import clean, label, number, tag

__all__ = ["Band", "Bar", "Day", "Mark", "bars", "daily", "spark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row of a comparison.

    Attributes:
        label: What the figure is of, as "27 Feb to 31 Mar".
        value: The figure; None: not known, and said so.
        low, high: Its range, drawn as a whisker; None: none was given.
        kind: `before`, `during` or `after`; only the look follows from it.
        note: Said after the figure, as "deaths a day".
        href: Where the figure leads.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    kind: str = "during"
    note: str = ""
    href: str | None = None


def spark(values: Sequence[float | None], text: str, rtl: bool = False) -> str:
    """Return a chart the size of a word, the last value marked.

    Args:
        values: One a day; None is drawn as a dot on the axis: not known, not zero.
        text: What it says in words, for a reader who does not see it.
        rtl: Whether time runs from right to left.
    """
    step, height = 9, 18
    width = step * max(len(values), 1)
    top = max((v for v in values if v is not None), default=0) or 1
    drawn = []
    for i, value in enumerate(values):
        x = width - (i + 1) * step if rtl else i * step
        last = " last" if i == len(values) - 1 else ""
        if value is None:
            drawn.append(tag("rect", class_="silent", x=x + 2.5, y=height - 3, width=3, height=2, rx=1))
        else:
            tall = max(value / top * (height - 2), 1)
            drawn.append(tag("rect", class_=f"bar{last}", x=x, y=height - tall, width=step - 2, height=tall))
    title = tag("title", clean(text))
    box = f"0 0 {number(width)} {height}"
    return tag("svg", title, *drawn, class_="spark", viewBox=box, width=width, height=height, role="img")


def bars(rows: Sequence[Bar], words: Words, title: str, rtl: bool = False, name: str = "bars") -> str:
    """Return a comparison of figures, one row each, its label above its bar.

    Raises:
        ValueError: There is no row.
    """
    if not rows:
        raise ValueError("a comparison needs at least one row")
    width, row, size = 480.0, 44, 13
    top = ticks(max((v for r in rows for v in (r.value, r.high) if v is not None), default=0), 4, whole=False)
    room = width - 150
    drawn = [_row(r, i * row, room, top[-1], words, width, rtl) for i, r in enumerate(rows)]
    said = "; ".join(f"{r.label}: {_said(r, words)}" for r in rows)
    return tag(
        "svg",
        tag("title", clean(title), id=f"{name}-title"),
        tag("desc", clean(said), id=f"{name}-desc"),
        *drawn,
        class_="bars",
        viewBox=f"0 0 {number(width)} {number(len(rows) * row + 4)}",
        direction="rtl" if rtl else "ltr",
        font_size=size,
        role="group" if any(r.href for r in rows) else "img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def _row(row: Bar, y: float, room: float, top: float, words: Words, width: float, rtl: bool) -> str:
    def turn(along: float, wide: float = 0) -> float:
        return width - along - wide if rtl else along

    drawn = [label(row.label, class_="label", x=turn(0), y=y + 14)]
    long = (row.value or 0) / top * room
    if row.value is not None:
        drawn.append(tag("rect", class_=f"bar {row.kind}", x=turn(0, long), y=y + 20, width=long, height=14))
    end = long
    if row.low is not None and row.high is not None:
        low, end = row.low / top * room, max(row.high / top * room, long)
        across = f"M{number(turn(low))} {number(y + 27)}H{number(turn(row.high / top * room))}"
        ends = "".join(f"M{number(turn(v))} {number(y + 23)}v8" for v in (low, row.high / top * room))
        drawn.append(tag("path", class_="whisker", d=across + ends))
    drawn.append(label(_said(row, words), class_="value", x=turn(end + 8), y=y + 32))
    if row.href:
        return tag("a", *drawn, href=row.href, aria_label=f"{row.label}: {_said(row, words)}")
    return tag("g", *drawn)


def _said(row: Bar, words: Words) -> str:
    if row.value is None:
        return say(words, "unknown")
    best = figure(words, row.value)
    if row.low is not None and row.high is not None:
        best = say(words, "range", best=best, low=figure(words, row.low), high=figure(words, row.high))
    return f"{best} {row.note}".strip()

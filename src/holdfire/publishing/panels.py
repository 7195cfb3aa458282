"""The three panels of the daily chart, one under the other on one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from holdfire.publishing.captions import Words, figure, say
from holdfire.publishing.days import GROUPS, Bin, Mark
from holdfire.publishing.scales import Frame, rows, ticks
from holdfire.publishing.svg import label, length, line, number, shorten, tag

TITLE, GAP, ROW = 20, 18, 18
"""Room for a panel's title, between two panels, and for a row of named changes [units]."""

KEYS = ("killed_best", "killed_range", "killed_apart", "reports", "sources")
"""What the lower panels draw, in the order of the legend."""


def key(kind: str) -> str:
    """Return the little drawing that stands for one of KEYS in a legend."""
    if kind in ("killed_range", "reports"):
        inner = tag("rect", class_=kind, x=0, y=3, width=22, height=9)
    else:
        inner = tag("path", class_=kind, d="M0 7.5H22")
    return tag("svg", inner, width=22, height=14, viewBox="0 0 22 14", aria_hidden="true")


def draw(
    columns: Sequence[Bin],
    marks: Sequence[Mark],
    frame: Frame,
    tall: tuple[float, float, float],
    top: float,
    words: Words,
    name: str,
    size: float,
) -> tuple[str, float]:
    """Return the panels, and where the last of them ends [units]."""
    drawn = []
    panels = (("incidents", _incidents), ("killed", _killed), ("effort", _effort))
    for (kind, inside), height in zip(panels, tall, strict=True):
        title = say(words, f"{kind}_panel")
        at = frame.turn(4)
        drawn.append(label(title, class_="panel", x=at, y=top + 15))
        own = [m for m in marks if m.of == kind]
        names, room, kept = _names(own, frame, top + TITLE, size)
        base = top + TITLE + room + height
        scale = _Scale(base, height, _steps(columns, kind, kept))
        drawn += [scale.grid(frame, words), inside(columns, frame, scale, name)]
        drawn += [names, *(_level(mark, frame, scale, top + TITLE) for mark in kept)]
        top = base + GAP
    return "".join(drawn), top - GAP


class _Scale:
    """Figures of one panel, from its base up."""

    def __init__(self, base: float, height: float, steps: Sequence[float]) -> None:
        self.base, self.height, self.steps = base, height, steps

    def y(self, value: float) -> float:
        return self.base - self.height * value / self.steps[-1]

    def grid(self, frame: Frame, words: Words) -> str:
        drawn = []
        for step in self.steps:
            y = self.y(step)
            left, right = sorted((frame.x(0), frame.x(frame.days)))
            drawn.append(
                tag(
                    "path",
                    class_="grid" if step else "base",
                    d=f"M{number(left)} {number(y)}H{number(right)}",
                )
            )
            at = frame.turn(frame.lead - 6)
            drawn.append(label(figure(words, step), class_="figures", x=at, y=y + 4, text_anchor="end"))
        return "".join(drawn)


def _steps(columns: Sequence[Bin], kind: str, marks: Sequence[Mark]) -> list[float]:
    tops: list[float] = [mark.level for mark in marks]
    if kind == "incidents":
        tops += [sum(c.groups) for c in columns]
    elif kind == "killed":
        tops += [v for c in columns for v in (c.low, c.best, c.high, c.apart) if v is not None]
    else:
        tops += [v for c in columns for v in (c.reports, c.sources)]
    return ticks(max(tops, default=0), 2 if kind == "effort" else 4, whole=True)


def _incidents(columns: Sequence[Bin], frame: Frame, scale: _Scale, name: str) -> str:
    paths: dict[str, list[str]] = {group: [] for group in GROUPS}
    at = 0
    for column in columns:
        under = 0.0
        for group, count in zip(GROUPS, column.groups, strict=True):
            if count:
                y = scale.y(under + count)
                high = scale.y(under) - y
                paths[group].append(frame.box(at, at + column.days, y, high, _gap(column, frame)))
                under += count
        at += column.days
    return "".join(
        tag("path", class_=f"stack {group}", d="".join(boxes), fill=f"url(#{name}-{group})")
        for group, boxes in paths.items()
        if boxes
    )


def _killed(columns: Sequence[Bin], frame: Frame, scale: _Scale, name: str) -> str:
    spread = []
    at = 0
    for column in columns:
        if column.low is not None and column.high is not None and column.high > column.low:
            y = scale.y(column.high)
            spread.append(frame.box(at, at + column.days, y, scale.y(column.low) - y))
        at += column.days
    drawn = [tag("path", class_="killed_range", d="".join(spread))] if spread else []
    drawn.append(_steps_line("killed_apart", columns, [c.apart for c in columns], frame, scale))
    drawn.append(_steps_line("killed_best", columns, [c.best for c in columns], frame, scale))
    return "".join(drawn)


def _effort(columns: Sequence[Bin], frame: Frame, scale: _Scale, name: str) -> str:
    boxes = []
    at = 0
    for column in columns:
        if column.reports:
            y = scale.y(column.reports)
            boxes.append(frame.box(at, at + column.days, y, scale.base - y, _gap(column, frame)))
        at += column.days
    drawn = tag("path", class_="reports", d="".join(boxes)) if boxes else ""
    sources = [c.sources if c.reports else None for c in columns]
    return drawn + _steps_line("sources", columns, sources, frame, scale)


def _gap(column: Bin, frame: Frame) -> float:
    each = frame.inner * column.days / frame.days
    return min(each * 0.16, 3) if each >= 4 else 0


def _steps_line(
    kind: str, columns: Sequence[Bin], values: Sequence[float | None], frame: Frame, scale: _Scale
) -> str:
    """Return a line of steps, broken where no value is known: silence is not zero."""
    pieces: list[list[tuple[float, float]]] = [[]]
    at = 0
    for column, value in zip(columns, values, strict=True):
        if value is None:
            pieces.append([])
        else:
            y = scale.y(value)
            pieces[-1] += [(frame.x(at), y), (frame.x(at + column.days), y)]
        at += column.days
    drawn = "".join(line(piece) for piece in pieces if piece)
    return tag("path", class_=f"{kind} stepped", d=drawn) if drawn else ""


def _names(marks: Sequence[Mark], frame: Frame, top: float, size: float) -> tuple[str, float, list[Mark]]:
    last = frame.first + timedelta(days=frame.days - 1)
    kept = sorted((m for m in marks if m.end >= frame.first and m.start <= last), key=lambda m: m.start)
    places = []
    for mark in kept:
        text = shorten(mark.label, size, frame.width - 8)
        start = frame.flow(frame.since(mark.start))
        overrun = max(start + length(text, size) + 10 - frame.width, 0)
        places.append((max(start - overrun, 4), start - overrun + length(text, size) + 10, text))
    chosen = rows([(start, end) for start, end, _ in places])
    drawn = [
        label(text, class_=f"change {mark.kind}", x=frame.turn(start + 3), y=top + 13 + row * ROW)
        for mark, (start, _, text), row in zip(kept, places, chosen, strict=True)
    ]
    return "".join(drawn), (max(chosen, default=-1) + 1) * ROW + (4 if kept else 0), kept


def _level(mark: Mark, frame: Frame, scale: _Scale, top: float) -> str:
    start, end = frame.since(mark.start), frame.since(mark.end + timedelta(days=1))
    y = number(scale.y(mark.level))
    left, right = number(frame.x(start)), number(frame.x(end))
    edges = "".join(f"M{x} {number(top + 4)}V{number(scale.base)}" for x in (left, right))
    return tag("path", class_=f"edge {mark.kind}", d=edges) + tag(
        "path", class_=f"level {mark.kind}", d=f"M{left} {y}H{right}"
    )

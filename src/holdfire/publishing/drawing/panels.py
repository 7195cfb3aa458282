"""The three panels of the daily chart, one under the other on one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from holdfire.publishing.drawing.captions import Words, figure, say
from holdfire.publishing.drawing.days import GROUPS, Bin, Day, Mark
from holdfire.publishing.drawing.scales import Frame, ceiling, rows, ticks
from holdfire.publishing.drawing.svg import hatched, label, length, line, number, shorten, tag

TITLE, GAP, ROW = 32, 16, 17
"""Room for a panel's title, between two panels, and for a row of named changes [units]."""

ROOMY = 46
"""Width from which a column bears its figures [units]."""

KEYS = ("killed_best", "killed_range", "killed_apart", "reports", "sources")
"""What the lower panels draw, in the order of the legend."""


def key(kind: str) -> str:
    """Return the little drawing that stands for one of KEYS in a legend."""
    if kind in ("killed_range", "reports"):
        inner = tag("rect", class_=kind, x=0, y=3, width=22, height=9)
    else:
        inner = tag("path", class_=kind, d="M0 7.5H22")
    return tag("svg", inner, width=22, height=14, viewBox="0 0 22 14", aria_hidden="true")


def drawn(kind: str, days: Sequence[Day]) -> bool:
    """Return whether any day gives what one of KEYS draws."""
    if kind == "killed_range":
        return any(None not in (d.killed_low, d.killed_high) and d.killed_low != d.killed_high for d in days)
    if kind in ("killed_best", "killed_apart"):
        return any((d.killed_best if kind == "killed_best" else d.not_covered_best) for d in days)
    return any(d.reports for d in days)


def kept(marks: Sequence[Mark], frame: Frame) -> list[Mark]:
    """Return the changes that lie within the drawing, in order."""
    last = frame.first + timedelta(days=frame.days - 1)
    return sorted(
        (m for m in marks if m.end >= frame.first and m.start <= last), key=lambda m: (m.start, m.of)
    )


def draw(
    columns: Sequence[Bin],
    marks: Sequence[tuple[Mark, str]],
    frame: Frame,
    tall: tuple[float, float, float],
    top: float,
    words: Words,
    ids: str,
    size: float,
) -> tuple[str, float]:
    """Return the panels, and where the last of them ends [units]; a mark comes with what is written at it."""
    parts = []
    panels = (("incidents", _incidents), ("killed", _killed), ("effort", _effort))
    for (kind, inside), height in zip(panels, tall, strict=True):
        title = say(words, f"{kind}_panel")
        parts.append(label(title, class_="panel", x=frame.x(0), y=top + 15))
        own = [(mark, text) for mark, text in marks if mark.of == kind]
        names, room = _names(own, frame, top + TITLE - 8, size)
        base = top + TITLE + room + height
        scale = _Scale(base, height, _steps(columns, kind, own))
        parts += [scale.grid(frame, words), inside(columns, frame, scale, ids, words)]
        parts += [_cut(columns, kind, frame, scale, words), names]
        parts += [_level(mark, frame, scale) for mark, _ in own]
        top = base + GAP
    return "".join(parts), top - GAP


class _Scale:
    """Figures of one panel, from its base up."""

    def __init__(self, base: float, height: float, steps: Sequence[float]) -> None:
        self.base, self.height, self.steps = base, height, steps

    @property
    def top(self) -> float:
        return self.steps[-1]

    def y(self, value: float) -> float:
        return self.base - self.height * min(value, self.top) / self.top

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


def _steps(columns: Sequence[Bin], kind: str, marks: Sequence[tuple[Mark, str]]) -> list[float]:
    highest = max([ceiling(_highest(c, kind) for c in columns), *(mark.level for mark, _ in marks)])
    return ticks(highest, 2 if kind == "effort" else 4, whole=True)


def _highest(column: Bin, kind: str) -> float:
    if kind == "incidents":
        return sum(column.groups)
    if kind == "killed":
        return max((v for v in (column.low, column.best, column.high, column.apart) if v), default=0)
    return max(column.reports, column.sources)


def _cut(columns: Sequence[Bin], kind: str, frame: Frame, scale: _Scale, words: Words) -> str:
    """Return the figures that stand above the axis, written where they are cut."""
    drawn = []
    at = 0
    for column in columns:
        highest = _highest(column, kind)
        if highest > scale.top:
            along = frame.flow(at + column.days / 2)
            text = f"▲ {figure(words, highest)}"
            along = min(max(along, 4), frame.width - length(text, 11) - 4)
            drawn.append(label(text, class_="cut", x=frame.turn(along), y=scale.y(scale.top) + 11))
        at += column.days
    return "".join(drawn)


def _incidents(columns: Sequence[Bin], frame: Frame, scale: _Scale, ids: str, words: Words) -> str:
    paths: dict[str, list[str]] = {group: [] for group in GROUPS}
    said = []
    at = 0
    for column in columns:
        under = 0.0
        for group, count in zip(GROUPS, column.groups, strict=True):
            if count:
                y = scale.y(under + count)
                high = scale.y(under) - y
                paths[group].append(frame.bar(at, at + column.days, y, high))
                under += count
        if under and roomy(columns, frame):
            said.append(_said(under, frame.x(at + column.days / 2), scale.y(under), words))
        at += column.days
    stacks = [
        hatched(
            group, "".join(boxes), (0, scale.y(scale.top), frame.width, scale.base), f"{ids}-{group}", "stack"
        )
        for group, boxes in paths.items()
        if boxes
    ]
    return "".join((*stacks, *said))


def _killed(columns: Sequence[Bin], frame: Frame, scale: _Scale, ids: str, words: Words) -> str:
    if roomy(columns, frame):
        return _killed_bars(columns, frame, scale, words)
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


def _killed_bars(columns: Sequence[Bin], frame: Frame, scale: _Scale, words: Words) -> str:
    """Return deaths as pairs of bars with their figures, where there is room for them."""
    drawn = []
    at = 0
    for column in columns:
        left, right = frame.slot(at, at + column.days)
        half = (right - left) / 2 - 1
        first, second = (right - half, left) if frame.rtl else (left, right - half)
        for kind, x, value in (("killed_best", first, column.best), ("killed_apart", second, column.apart)):
            if value is not None:
                y = scale.y(value)
                drawn.append(tag("rect", class_=f"{kind} solid", x=x, y=y, width=half, height=scale.base - y))
                drawn.append(_said(value, x + half / 2, y, words))
        if column.low is not None and column.high is not None and column.high > column.low:
            y, x = scale.y(column.high), first + half / 2 - 3
            drawn.append(
                tag("rect", class_="killed_range", x=x, y=y, width=6, height=scale.y(column.low) - y)
            )
        at += column.days
    return "".join(drawn)


def roomy(columns: Sequence[Bin], frame: Frame) -> bool:
    """Return whether a column has room for its figures beside each other."""
    return frame.inner / len(columns) >= ROOMY


def _said(value: float, x: float, y: float, words: Words) -> str:
    return label(figure(words, value), class_="amount", x=x, y=y - 4, text_anchor="middle")


def _effort(columns: Sequence[Bin], frame: Frame, scale: _Scale, ids: str, words: Words) -> str:
    boxes = []
    at = 0
    for column in columns:
        if column.reports:
            y = scale.y(column.reports)
            boxes.append(frame.bar(at, at + column.days, y, scale.base - y))
        at += column.days
    drawn = tag("path", class_="reports", d="".join(boxes)) if boxes else ""
    sources = [c.sources if c.reports else None for c in columns]
    return drawn + _steps_line("sources", columns, sources, frame, scale)


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
            start, end = frame.slot(at, at + column.days)
            if frame.rtl:
                start, end = end, start
            if start != frame.x(at):  # a bar that does not fill its column does not touch the next
                pieces.append([])
            pieces[-1] += [(start, y), (end, y)]
        at += column.days
    drawn = "".join(line(piece) for piece in pieces if piece)
    return tag("path", class_=f"{kind} stepped", d=drawn) if drawn else ""


def _names(marks: Sequence[tuple[Mark, str]], frame: Frame, top: float, size: float) -> tuple[str, float]:
    places = []
    for mark, said in marks:
        text = shorten(said, size, frame.width - 12)
        start = frame.flow(frame.since(mark.start))
        overrun = max(start + length(text, size) + 10 - frame.width, 0)
        places.append((start - overrun, start - overrun + length(text, size) + 10, text))
    chosen = rows([(start, end) for start, end, _ in places])
    room = (max(chosen, default=-1) + 1) * ROW
    edges, drawn = [], []
    for (mark, _), (start, _, text), row in zip(marks, places, chosen, strict=True):
        y = top + room - row * ROW
        x = number(frame.x(frame.since(mark.start)))
        edge = f"M{x} {number(y - 10)}V{number(top + room + 8)}"
        edges.append(tag("path", class_=f"edge {mark.kind}", d=edge))
        drawn.append(label(text, class_=f"change {mark.kind}", x=frame.turn(start + 4), y=y))
    return "".join(edges + drawn), room


def _level(mark: Mark, frame: Frame, scale: _Scale) -> str:
    start, end = frame.since(mark.start), frame.since(mark.end + timedelta(days=1))
    y = number(scale.y(mark.level))
    left, right = number(frame.x(start)), number(frame.x(end))
    edges = "".join(f"M{x} {number(scale.y(scale.top))}V{number(scale.base)}" for x in (left, right))
    return tag("path", class_=f"edge {mark.kind}", d=edges) + tag(
        "path", class_=f"level {mark.kind}", d=f"M{left} {y}H{right}"
    )

"""The agreement's windows, drawn behind the panels and named above them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from holdfire.publishing.drawing.days import Band
from holdfire.publishing.drawing.scales import Frame, rows
from holdfire.publishing.drawing.svg import label, length, number, shorten, tag

LINES = ("recommitment", "breakdown")
"""Kinds of band that are a moment."""

ROW = 20
"""Height of one row of names [units]."""


def heads(bands: Sequence[Band], frame: Frame, size: float, keys: Sequence[str] | None) -> tuple[float, str]:
    """Return where the panels may begin [units], and the names of the windows above that.

    Args:
        bands: Those of `shown`.
        frame: Where time lies.
        size: Font size [units].
        keys: What is written in place of each name, where there is no room for names.
    """
    if not bands:
        return 8, ""
    texts = [band.label for band in bands] if keys is None else keys
    places = [_head(band, text, frame, size) for band, text in zip(bands, texts, strict=True)]
    chosen = rows([(start, end) for start, end, _ in places])
    top = 14 + (max(chosen) + 1) * ROW - 6
    stems, drawn = [], []
    for band, (start, _, text), row in zip(bands, places, chosen, strict=True):
        y = top - 14 - row * ROW
        stems.append(_stem(band, frame, y + 5, top))
        drawn.append(label(text, class_=f"head {band.kind}", x=frame.turn(start), y=y))
    return top, tag("g", *stems, *drawn, class_="heads")


def tints(bands: Sequence[Band], frame: Frame, top: float, bottom: float) -> str:
    """Return the windows' colour behind the panels, stretches first, then lines."""
    drawn = []
    for band in (b for b in bands if b.kind not in LINES):
        start, end = _ends(band, frame)
        drawn.append(tag("path", class_=f"band {band.kind}", d=frame.box(start, end, top, bottom - top)))
        drawn.append(tag("path", class_=f"roof {band.kind}", d=frame.box(start, end, top - 3, 3)))
    for band in (b for b in bands if b.kind in LINES):
        x = number(frame.x(frame.since(band.start)))
        drawn.append(tag("path", class_=f"moment {band.kind}", d=f"M{x} {number(top - 3)}V{number(bottom)}"))
    return "".join(drawn)


def shown(bands: Sequence[Band], frame: Frame) -> list[Band]:
    """Return the windows and moments that lie within the drawing, in order."""
    last = frame.first + timedelta(days=frame.days - 1)
    inside = [b for b in bands if b.start <= last and (b.kind not in LINES or b.start >= frame.first)]
    kept = [b for b in inside if b.kind in LINES or b.end is None or b.end >= frame.first]
    return sorted(kept, key=lambda b: (b.start, b.kind, b.label))


def _ends(band: Band, frame: Frame) -> tuple[int, int]:
    end = frame.days if band.end is None else frame.since(band.end + timedelta(days=1))
    return frame.since(band.start), end


def _head(band: Band, text: str, frame: Frame, size: float) -> tuple[float, float, str]:
    text = shorten(text, size, frame.width - 8)
    start = frame.flow(frame.since(band.start))
    end = start + length(text, size) + 10
    overrun = max(end - frame.width, 0)
    return max(start - overrun, 4), max(end - overrun, 4), text


def _stem(band: Band, frame: Frame, top: float, bottom: float) -> str:
    x = number(frame.x(frame.since(band.start)))
    return tag("path", class_=f"stem {band.kind}", d=f"M{x} {number(top)}V{number(bottom)}")

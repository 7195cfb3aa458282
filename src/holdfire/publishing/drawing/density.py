"""What several methods say of one number, each on a band of its own over one axis of ratios.

Only methods that were asked about the same people stand on one axis. A curve is a density by a kernel on the
logarithm; its bandwidth is by the middle half, so that two hills far apart stay two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from holdfire.publishing.drawing.svg import frame, label, length, line, number, tag

WIDTH = {"wide": 720.0, "narrow": 340.0}
BAND, TOP, SIZE = 92.0, 8.0, 12.0
GRID = 200
CUT = 0.002
"""Share of draws at either end that is not drawn."""

Draws = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """What one method says.

    Attributes:
        label: Its name, and whether it stands.
        draws: Draws of the number (draws,).
        low: Lower end of its interval.
        middle: Its middle; None: it is a range, which has none.
        high: Upper end.
        stands: Whether nothing speaks against it.
    """

    label: str
    draws: Draws
    low: float
    middle: float | None
    high: float
    stands: bool


def densities(
    curves: Sequence[Curve],
    documented: int,
    words: Mapping[str, str],
    rtl: bool,
    name: str,
    form: str = "wide",
) -> str:
    """Return the drawing.

    Args:
        curves: What each method says of the same people.
        documented: How many are documented: no curve begins below it.
        words: `title` and `documented`.
        rtl: Whether a line begins on the right.
        name: An id that is free on the page.
        form: `wide`, or `narrow` for a telephone.

    Raises:
        ValueError: There is no curve.
    """
    if not curves:
        raise ValueError("there is nothing to draw")
    width, base = WIDTH[form], TOP + 18 + BAND * len(curves)
    low = float(documented) * 0.97
    high = max(max(float(np.quantile(each.draws, 1 - CUT)), each.high) for each in curves) * 1.03
    high = max(high, low * 1.2)

    def x(value: float) -> float:
        along = 8 + (width - 16) * float(np.log(max(value, low) / low) / np.log(high / low))
        return width - along if rtl else along

    drawn = [_axis(x, low, high, base, width)]
    at = x(documented)
    drawn.append(tag("path", class_="documented", d=f"M{number(at)} {number(TOP + 14)}V{number(base)}"))
    drawn.append(label(words["documented"], class_="quiet", x=at, y=TOP + 8, font_size=SIZE))
    for at_band, each in enumerate(curves):
        drawn.append(_band(each, TOP + 18 + at_band * BAND, x, (low, high), rtl, width))
    said = "; ".join(_said(each) for each in curves)
    return frame(
        *drawn,
        name=name,
        title=words["title"],
        said=said,
        class_=f"{form} density",
        width=width,
        height=base + 22,
        rtl=rtl,
    )


def _band(
    each: Curve, top: float, x: Callable[[float], float], ends: tuple[float, float], rtl: bool, width: float
) -> str:
    grid, height = curve(each.draws, *ends)
    bottom = top + BAND - 24
    tall = BAND - 46
    points = [(x(v), bottom - tall * h) for v, h in zip(grid, height, strict=True)]
    look = "stands" if each.stands else "refused"
    filled = (
        f"{line(points)}L{number(points[-1][0])} {number(bottom)}L{number(points[0][0])} {number(bottom)}z"
    )
    along = f"M{number(x(each.low))} {number(bottom + 7)}H{number(x(each.high))}"
    ticks = "".join(f"M{number(x(v))} {number(bottom + 3)}v8" for v in (each.low, each.high))
    return tag(
        "g",
        _named(each.label, top + 13, rtl, width),
        tag("path", class_=f"hill {look}", d=filled),
        tag("path", class_="whisker", d=along + ticks),
        ""
        if each.middle is None
        else tag("circle", class_="middle", cx=x(each.middle), cy=bottom + 7, r=3.5),
    )


def _said(each: Curve) -> str:
    """Return a curve in words; a range has no middle."""
    ends = f"{each.low:,.0f} – {each.high:,.0f}"
    return f"{each.label}: {ends}" if each.middle is None else f"{each.label}: {each.middle:,.0f} ({ends})"


def _named(text: str, y: float, rtl: bool, width: float) -> str:
    """Return the name of a band at the end of its line, where hills of large numbers are low."""
    return label(text, class_="label", x=0 if rtl else width, y=y, font_size=SIZE, text_anchor="end")


def curve(draws: Draws, low: float, high: float) -> tuple[Draws, Draws]:
    """Return places from `low` to `high` and the density there, 1 at its highest; the same draws, the same.

    >>> places, heights = curve(np.array([100.0, 200.0, 200.0, 400.0]), 50, 800)
    >>> round(float(places[heights.argmax()]))
    201
    """
    logs = np.log(draws)
    cut = np.quantile(logs, [CUT, 0.25, 0.75, 1 - CUT])
    spread = min(float(np.std(logs)), float(cut[2] - cut[1]) / 1.34) or float(np.std(logs)) or 1e-3
    width = max(0.9 * spread * min(len(logs), 4000) ** -0.2, float(np.log(high / low)) / GRID)
    edges = np.linspace(np.log(low), np.log(high), 4 * GRID + 1)
    counts = np.histogram(logs, edges)[0].astype(np.float64)
    middles = (edges[:-1] + edges[1:]) / 2
    grid = np.linspace(np.log(low), np.log(high), GRID)
    weights = np.exp(-0.5 * ((grid[:, None] - middles[None, :]) / width) ** 2)
    heights = (weights * counts).sum(axis=1)
    most = float(heights.max())
    return np.exp(grid), heights / most if most > 0 else heights


def _axis(x: Callable[[float], float], low: float, high: float, base: float, width: float) -> str:
    drawn = [tag("path", class_="base", d=f"M0 {number(base)}H{number(width)}")]
    last = None
    for value in round_numbers(low, high):
        at, text = x(value), f"{value:,.0f}"
        half = length(text, SIZE) / 2
        if (
            at - half < 0
            or at + half > width
            or (last is not None and abs(at - last[0]) < half + last[1] + 8)
        ):
            continue
        last = (at, half)
        drawn.append(tag("path", class_="grid", d=f"M{number(at)} {number(TOP + 18)}V{number(base)}"))
        drawn.append(label(text, class_="figures", x=at, y=base + 16, text_anchor="middle", font_size=SIZE))
    return "".join(drawn)


def round_numbers(low: float, high: float) -> list[float]:
    """Return round numbers between two, close enough for an axis.

    >>> round_numbers(4300, 21000)
    [5000.0, 10000.0, 20000.0]
    >>> round_numbers(700, 830)
    [700.0, 720.0, 740.0, 760.0, 780.0, 800.0, 820.0]
    """
    tens = [10.0**power for power in range(10)]
    found = [unit * ten for ten in tens for unit in (1, 2, 5) if low <= unit * ten <= high]
    if len(found) >= 3:
        return found
    for step in sorted((unit * ten for ten in tens for unit in (1, 2, 5)), reverse=True):
        several = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
        if len(several) >= 4:
            return [float(each) for each in several]
    return found

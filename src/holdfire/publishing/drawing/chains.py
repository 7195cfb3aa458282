"""Whether chains that began at different places agree: each chain's course, and the ranks of its draws.

Ranks are those of Vehtari, A. et al. 2021, Bayesian Analysis 16(2): of chains that agree, every chain has
its share of low, middle and high draws, so its bars are level.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from holdfire.publishing.drawing.svg import box, frame, label, line, number, tag

WIDTH = {"wide": 720.0, "narrow": 340.0}
TALL, STEPS, BINS, SIZE = 130.0, 120, 16, 12.0


def agreement(
    draws: npt.NDArray[np.float64], words: Mapping[str, str], rtl: bool, name: str, form: str = "wide"
) -> str:
    """Return the course of every chain over one another, and under it the ranks of each.

    Args:
        draws: Draws of one number (chains, draws).
        words: `title`, `trace` and `ranks`.
        rtl: Whether a line begins on the right.
        name: An id that is free on the page.
        form: `wide`, or `narrow` for a telephone.
    """
    width = WIDTH[form]
    chains, size = draws.shape
    logs = np.log(draws)
    low, high = np.quantile(logs, [0.002, 0.998])
    high = max(high, low + 1e-9)
    steps = min(STEPS, size)
    taken = logs[:, np.linspace(0, size - 1, steps).astype(int)]

    def x(share: float) -> float:
        return width * (1 - share) if rtl else width * share

    drawn = [label(words["trace"], class_="panel", x=x(0), y=14, font_size=SIZE)]
    for number_, chain in enumerate(taken):
        points = [
            (x(i / max(steps - 1, 1)), 24 + TALL * (1 - float(np.clip((v - low) / (high - low), 0, 1))))
            for i, v in enumerate(chain)
        ]
        drawn.append(tag("path", class_=f"chain c{number_ % 8}", d=line(points)))
    top = 24 + TALL + 16
    drawn.append(label(words["ranks"], class_="panel", x=x(0), y=top + 12, font_size=SIZE))
    columns = 4 if form == "wide" else 2
    ranks = logs.ravel().argsort(kind="stable").argsort(kind="stable").reshape(logs.shape)
    cell, tall = width / columns, 46.0
    for at, each in enumerate(ranks):
        left, y = (at % columns) * cell, top + 20 + (at // columns) * (tall + 10)
        left = width - left - cell if rtl else left
        counts = np.histogram(each, BINS, (0, logs.size))[0]
        drawn.append(_bars(counts / (size / BINS), left + 3, y, cell - 6, tall, at))
    rows = -(-chains // columns)
    return frame(
        *drawn,
        name=name,
        title=words["title"],
        class_=f"{form} chains",
        width=width,
        height=top + 24 + rows * (tall + 10),
        rtl=rtl,
    )


def _bars(
    shares: npt.NDArray[np.float64], left: float, top: float, width: float, tall: float, chain: int
) -> str:
    """Return the ranks of a chain; a level line is what all would have that agree."""
    step = width / len(shares)
    most = 2.5
    path = "".join(
        box(left + i * step, top + tall * (1 - min(v, most) / most), step - 1, tall * min(v, most) / most)
        for i, v in enumerate(shares)
    )
    level = top + tall * (1 - 1 / most)
    return tag(
        "g",
        tag("path", class_=f"rank c{chain % 8}", d=path),
        tag("path", class_="level", d=f"M{number(left)} {number(level)}H{number(left + width)}"),
    )

"""Draw how often findings are right, by the probability said of them: docs/understand/strengths.svg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from holdfire.counting.agreeing import wilson

OUT = Path(__file__).resolve().parents[2] / "docs/understand/strengths.svg"
EDGES = (0, 300, 500, 600, 700, 800, 850, 900, 925, 950, 975, 1001)
"""Of the bins [thousandths]; a bin of fewer than `FEW` findings is not drawn."""

FEW = 30
SIDE, LEFT, TOP = 300, 60, 40
STYLE = (
    "text{font:12px sans-serif;fill:#222}.axis{stroke:#888;fill:none}.even{stroke:#888;stroke-dasharray:4 4}"
    ".bar{stroke:#1f5a8a;stroke-width:1.5}.dot{fill:#1f5a8a}"
    "@media (prefers-color-scheme:dark){text{fill:#ddd}.bar{stroke:#8fc1e8}.dot{fill:#8fc1e8}}"
)
TITLES = {"occurrence": "Did it happen", "attribution": "Who did it, of what happened"}


def draw(points: Mapping[str, Sequence[tuple[int, bool]]]) -> None:
    """Write the picture.

    Args:
        points: For each question, the probability said [thousandths] and whether the finding is right.
    """
    panels = "".join(_panel(n, name, points[name]) for n, name in enumerate(TITLES))
    wide, high = LEFT + 2 * (SIDE + LEFT) + 20, SIDE + TOP + 60
    OUT.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" aria-label="Share of'
        f' findings that are right, by the probability said of them, in made worlds"><style>{STYLE}</style>'
        f"{panels}</svg>\n",
        encoding="utf-8",
    )


def _panel(number: int, name: str, points: Sequence[tuple[int, bool]]) -> str:
    left = LEFT + number * (SIDE + LEFT)

    def x(said: float) -> float:
        return round(left + said * SIDE, 1)

    def y(right: float) -> float:
        return round(TOP + (1 - right) * SIDE, 1)

    parts = [
        f'<text x="{left}" y="{TOP - 14}">{TITLES[name]}</text>',
        f'<rect class="axis" x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}"/>',
        f'<line class="even" x1="{left}" y1="{TOP + SIDE}" x2="{left + SIDE}" y2="{TOP}"/>',
        f'<text x="{left + SIDE / 2}" y="{TOP + SIDE + 36}" text-anchor="middle">probability said</text>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 0.95):
        parts.append(f'<text x="{x(tick)}" y="{TOP + SIDE + 16}" text-anchor="middle">{tick:g}</text>')
        if not number:
            parts.append(f'<text x="{left - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    for low, high in pairwise(EDGES):
        inside = [(said, right) for said, right in points if low <= said < high]
        if len(inside) < FEW:
            continue
        hits, said = sum(r for _, r in inside), sum(s for s, _ in inside) / len(inside) / 1000
        least, most = wilson(hits, len(inside))
        parts.append(f'<line class="bar" x1="{x(said)}" x2="{x(said)}" y1="{y(least)}" y2="{y(most)}"/>')
        told = f"said {said:.2f}, right {hits / len(inside):.3f} of {len(inside):,}"
        parts.append(
            f'<circle class="dot" cx="{x(said)}" cy="{y(hits / len(inside))}" r="3.5">'
            f"<title>{told}</title></circle>"
        )
    return "".join(parts)

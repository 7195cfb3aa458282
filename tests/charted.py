"""Charts of links to look at: one of each kind, of no case."""

from __future__ import annotations

from collections.abc import Iterable

from holdfire.fusing.telling import charts
from holdfire.fusing.telling.charts import Chart, Edge, Labelled, Node, Step, Way

WEIGHTS = charts.weights("incident", -9000, {"place": [Way("near", 6000, rare=True), Way("far", -7000)]})


def pair(*steps: Step) -> Chart:
    return charts.waterfall("a pair", -9000, steps)


def marked(pairs: Iterable[tuple[int, bool]]) -> list[Labelled]:
    return [Labelled(weight, same) for weight, same in pairs]


def nodes(count: int, outside: int = 0) -> list[Node]:
    return [Node(f"c{n}", f"source {n}", inside=n < count - outside) for n in range(count)]


def edges(count: int, reach: int) -> list[Edge]:
    """Return a link from each record to so many of those after it."""
    return [
        Edge(f"c{a}", f"c{b}", 1000 - 40 * (b - a))
        for a in range(count)
        for b in range(a + 1, min(count, a + 1 + reach))
    ]


CHARTS: list[tuple[Chart, str]] = [
    (pair(Step("place", "same name", 6200, 2000), Step("time", "apart", -900)), "path"),
    (WEIGHTS, "path"),
    (charts.threshold("links", marked((w, w > 0) for w in range(-5000, 5000, 500))), "path"),
    (charts.cluster("few", nodes(6, 2), edges(6, 5)), "line"),
    (charts.cluster("many", nodes(20, 2), edges(20, 19)), "path"),
]
"""A chart of each kind, and what its picture is drawn with."""

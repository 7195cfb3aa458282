"""Pictures of linkage that a person can read: each with how to read it, and a table that says the same.

They are Splink's charts (match weights waterfall, match weights, threshold selection, clusters), drawn by the
Vega-Lite that Splink ships, with its transforms, and laid out anew in `pictures/`: sideways, so that each
line says in words how two records agree; odds instead of bits; nothing hidden behind a pointer; told apart by
sign and word and not by red and green. Colours are names that the page gives a value, so a page can be dark.
No number here is published, so floats may be drawn.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate
from math import cos, pi, sin
from typing import Any

from holdfire.fusing.telling.words import chance, odds, percent, sure, times

Values = list[dict[str, Any]]

ROUND = 14
"""Most records that are drawn round a circle; more are drawn as a table of squares."""

SQUARES = 60
"""Most records that are drawn at all."""

WEAKEST, STRONGEST = -20, 40
"""Ends of the line of thresholds [bits]: further out nothing is decided."""


@dataclass(frozen=True)
class Chart:
    """A picture, and what says the same without it.

    Attributes:
        title: What it shows.
        reads: How to read it, for someone who never saw one.
        spec: Vega-Lite; None: there is nothing to draw.
        columns: Heads of the table.
        table: Its rows.
        notes: What a reader must know besides.
    """

    title: str
    reads: str
    spec: Mapping[str, Any] | None
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """What one comparison says of a pair.

    Attributes:
        name: What is compared.
        level: How the two stand to each other, in words.
        weight: What that adds [millibits].
        rare: What is added, or taken off, since the shared value is rare, or common [millibits].
        silent: One of them says nothing.
    """

    name: str
    level: str
    weight: int
    rare: int = 0
    silent: bool = False


def waterfall(title: str, prior: int, steps: Sequence[Step], notes: Sequence[str] = ()) -> Chart:
    """Return how the evidence of a pair adds up, comparison by comparison.

    Args:
        title: What pair it is; it names no person.
        prior: log2 odds that two records drawn at random are one [millibits].
        steps: What each comparison says, in order.
        notes: What a reader must know besides.
    """
    listed = [("any two records", prior)]
    for step in steps:
        if not step.silent:
            listed.append((f"{step.name}: {step.level}", step.weight))
        if step.rare:
            word = "rare" if step.rare > 0 else "common"
            listed.append((f"{step.name}: what they share is {word}", step.rare))
    ends = list(accumulate(weight for _, weight in listed))
    bars = [_bar(label, weight, end) for (label, weight), end in zip(listed, ends, strict=True)]
    bars[0] |= {"side": "total", "text": odds(prior)}
    total = ends[-1]
    told = f"{odds(total)}: {sure(chance(total))}"
    bars.append(_bar("all together", total, total) | {"side": "total", "text": told})
    table = [
        (s.name, s.level, "says nothing" if s.silent else times(s.weight + s.rare), _bits(s.weight + s.rare))
        for s in steps
    ]
    start = ("any two records", "before anything is compared", f"odds {odds(prior)}", _bits(prior))
    end = ("all together", "", f"odds {told}", _bits(total))
    quiet = [step.name for step in steps if step.silent]
    besides = [f"Nothing can be said of: {', '.join(quiet)}."] if quiet else []
    reads, spec = _picture("waterfall", bars=[bar | {"order": n} for n, bar in enumerate(bars)])
    heads = ("compared by", "they stand so", "that they are one is", "bits")
    return Chart(title, reads, spec, heads, (start, *table, end), (*besides, *notes))


def _bar(label: str, weight: int, end: int) -> dict[str, Any]:
    begin = end - weight
    side = "for" if weight >= 0 else "against"
    return {
        "label": label,
        "from": begin / 1000,
        "to": end / 1000,
        "at": max(end, begin) / 1000,
        "side": side,
        "text": _sign(weight),
    }


def _sign(weight: int) -> str:
    said = times(weight)
    return "=" if " times" not in said else f"{'+' if weight > 0 else '−'} {said.split(' times')[0]}×"


def _bits(weight: int) -> str:
    return f"{weight / 1000:+z.1f}"


@dataclass(frozen=True)
class Way:
    """One level of a comparison: what it is, what it weighs [millibits], whether rarity counts besides."""

    level: str
    weight: int
    rare: bool = False


def weights(title: str, prior: int, comparisons: Mapping[str, Sequence[Way]]) -> Chart:
    """Return what each level of each comparison weighs.

    Args:
        title: What profile it is.
        prior: log2 odds that two records drawn at random are one [millibits].
        comparisons: For each, its levels from best to worst.
    """
    listed = [
        (row, name, number, way, way.level + (" *" if way.rare else ""))
        for row, (name, ways) in enumerate(comparisons.items())
        for number, way in enumerate(ways)
    ]
    bars = [
        _bar(label, way.weight, way.weight) | {"comparison": name, "row": row, "order": number}
        for row, name, number, way, label in listed
    ]
    table = tuple((name, label, times(way.weight), _bits(way.weight)) for _, name, _, way, label in listed)
    notes = [f"Before anything is compared, the odds that two records are one are {odds(prior)}."]
    if any(way.rare for _, _, _, way, _ in listed):
        notes.append(
            "* It counts for more where the value they share is rare, and for less where it is common."
        )
    reads, spec = _picture("weights", levels=bars)
    heads = ("compared by", "they stand so", "that they are one is", "bits")
    return Chart(title, reads, spec, heads, table, tuple(notes))


@dataclass(frozen=True)
class Labelled:
    """A pair of which people, or a made-up world, know whether it is one.

    Attributes:
        weight: log2 odds that it is [millibits].
        same: Whether it is.
        stands_for: How many weighed pairs it stands for, since some weights were looked at more than others.
    """

    weight: int
    same: bool
    stands_for: float = 1.0


def threshold(title: str, labelled: Sequence[Labelled], notes: Sequence[str] = ()) -> Chart:
    """Return how right and how complete links are if all pairs from some weight up were joined.

    Precision and recall as in Splink's accuracy chart, over the pairs that were weighed at all.

    Args:
        title: What pairs they are.
        labelled: The pairs.
        notes: What a reader must know besides.
    """
    points = _points(labelled)
    curves = [
        {"bits": weight / 1000, "share": share, "metric": metric}
        for weight, precision, recall, _ in points
        for metric, share in (("right", precision), ("found", recall))
        if share is not None
    ]
    words = [
        {"bits": weight / 1000, "share": share, "word": word, "metric": metric}
        for metric, number, word, sixths in (
            ("right", 1, "right of those joined", 5),
            ("found", 2, "joined of those to join", 1),
        )
        for weight, share in _one([(each[0], each[number]) for each in points], sixths)
    ]
    table = tuple(
        (odds(weight), percent(precision), percent(recall), f"{judged:,}")
        for weight, precision, recall, judged in points
    )
    reads, spec = _picture("threshold", curves=curves, words=words)
    heads = (
        "joined from these odds up",
        "right of those joined",
        "joined of those to join",
        "pairs judged there",
    )
    return Chart(title, reads, spec if curves else None, heads, table, tuple(notes))


def _points(labelled: Sequence[Labelled]) -> list[tuple[int, float | None, float | None, int]]:
    """Return, a bit apart, a weight, precision and recall from it up, and how many pairs lie there."""
    if not labelled:
        return []
    low, high = (end(each.weight for each in labelled) // 1000 for end in (min, max))
    # Sorted, so that the same pairs in another order are summed alike.
    ordered = sorted(labelled, key=lambda each: (each.weight, each.same, each.stands_for))
    alike = sum(each.stands_for for each in ordered if each.same)
    found = []
    for bits in range(max(low, WEAKEST), min(high, STRONGEST) + 1):
        above = [each for each in ordered if each.weight >= bits * 1000]
        joined = sum(each.stands_for for each in above)
        right = sum(each.stands_for for each in above if each.same)
        shares = (right / joined if joined else None, right / alike if alike else None)
        found.append((bits * 1000, *shares, len(above)))
    return found


def _one(points: Sequence[tuple[int, float | None]], sixths: int) -> list[tuple[int, float]]:
    """Return the one point, so many sixths along a line, where its word stands: the lines cross between."""
    known = [(weight, share) for weight, share in points if share is not None]
    return known[len(known) * sixths // 6 :][:1]


@dataclass(frozen=True)
class Node:
    """A record of a cluster.

    Attributes:
        id: Its id.
        label: What it is called in the picture; it names no person.
        inside: Whether it is in the cluster, or only near it.
    """

    id: str
    label: str
    inside: bool = True


@dataclass(frozen=True)
class Edge:
    """Two records of a cluster, how surely they are one [thousandths], and who judged it; empty: no one."""

    one: str
    other: str
    confidence: int
    by: str = ""


def cluster(title: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> Chart:
    """Return the records of one cluster, those near it, and how surely each two are one.

    Up to ROUND records stand round a circle; more are drawn as squares, one for each two.

    Args:
        title: What cluster it is.
        nodes: Its records, those inside first.
        edges: Pairs that were weighed, or judged.
    """
    shown = nodes[:SQUARES]
    numbers = {node.id: number for number, node in enumerate(shown, 1)}
    kept = [
        (min(ends), max(ends), each)
        for each in edges
        if each.one in numbers and each.other in numbers
        for ends in [(numbers[each.one], numbers[each.other])]
    ]
    kept.sort(key=lambda each: each[:2])
    table = tuple(
        (f"{a} and {b}", sure(each.confidence), f"{each.by} judged so" if each.by else "weighed")
        for a, b, each in kept
    )
    key = [f"{numbers[node.id]}: {node.label}" + ("" if node.inside else " (not in it)") for node in shown]
    if len(nodes) > SQUARES:
        key.append(f"{len(nodes) - SQUARES:,} more are not drawn.")
    reads, spec = _circle(shown, kept) if len(shown) <= ROUND else _squares(shown, kept)
    heads = ("records", "that they are one", "by whom")
    return Chart(title, reads, spec if len(shown) > 1 else None, heads, table, tuple(key))


Kept = Sequence[tuple[int, int, Edge]]
"""Numbers of two records, the smaller first, and what joins them."""


def _circle(nodes: Sequence[Node], edges: Kept) -> tuple[str, dict[str, Any]]:
    turn = 2 * pi / max(1, len(nodes))
    # Rounded: the last bits of a sine are the machine's, and two runs give the same page.
    place = {
        n: (round(sin(turn * (n - 1)), 6), round(cos(turn * (n - 1)), 6)) for n in range(1, len(nodes) + 1)
    }
    near = 0.62  # a label stands off the middle, where lines cross
    lines = [
        {"x": place[a][0], "y": place[a][1], "x2": place[b][0], "y2": place[b][1],
         "mx": round(near * place[a][0] + (1 - near) * place[b][0], 6),
         "my": round(near * place[a][1] + (1 - near) * place[b][1], 6),
         "sure": each.confidence / 1000, "text": sure(each.confidence), "likely": each.confidence >= 500}
        for a, b, each in edges
    ]  # fmt: skip
    dots = [
        {"x": place[n][0], "y": place[n][1], "name": str(n), "inside": node.inside}
        for n, node in enumerate(nodes, 1)
    ]
    return _picture("circle", lines=lines, dots=dots)


def _squares(nodes: Sequence[Node], edges: Kept) -> tuple[str, dict[str, Any]]:
    both = [(a, b, each) for one, other, each in edges for a, b in ((one, other), (other, one))]
    squares: Values = [{"one": a, "other": b, "sure": each.confidence / 1000} for a, b, each in both]
    squares += [{"one": n, "other": n, "sure": None} for n in range(1, len(nodes) + 1)]
    inside = sum(node.inside for node in nodes)
    edge = [{"at": inside}] if 0 < inside < len(nodes) else []
    return _picture("squares", squares=squares, edge=edge)


def _picture(name: str, **datasets: Values) -> tuple[str, dict[str, Any]]:
    """Return how to read a picture, and its Vega-Lite with these data."""
    kept = files("holdfire.fusing").joinpath("pictures")
    given = json.loads(kept.joinpath(f"{name}.json").read_text(encoding="utf-8"))
    config = json.loads(kept.joinpath("config.json").read_text(encoding="utf-8"))
    return given["reads"], {**given["spec"], "config": config | given.get("config", {}), "datasets": datasets}

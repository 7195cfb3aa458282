"""The nouns of the latent-class loops: a table, a point, and room to work in."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

FAR = 30.0
"""Chances lie in 1e-13 to 1 - 1e-13: a step past it is refused."""
TINY = 1e-290


class Cells(NamedTuple):
    """A table of overlaps, as a tree: a node is a pattern, and its parent the same pattern less one list.

    Attributes:
        parent: Node that each is made from; a parent comes before its children, and node 0 is on no list
            (nodes,).
        joins: List that the node adds to its parent's (nodes,).
        people: People of each node's pattern (nodes,), as floats; 0 where the node only leads to others.
        whole: The same, whole numbers.
        total: Their sum.
        pairs: People that two lists share, on the diagonal the size of a list, and in the last row, first,
            those on one list only (lists + 1, lists).
    """

    parent: Array
    joins: Array
    people: Array
    whole: Array
    total: float
    pairs: Array


class Point(NamedTuple):
    """A point of the parameter space.

    Attributes:
        y: Log share of the documented of each class, up to a constant (classes,).
        x: Log odds of being on each list, by class (lists, classes).
        a: Strength of the stick-breaking (1,).
    """

    y: Array
    x: Array
    a: Array


class Work(NamedTuple):
    """What loops find on their way; it is written anew by each.

    Attributes:
        gy: Slope by y (classes,).
        gx: Slope by x (lists, classes).
        chance: Chance of being on each list (lists, classes).
        missed: One less that (lists, classes).
        odds: One over the other (lists, classes).
        none: Chance of being on no list (classes,).
        some: Chance of being on any (classes,), exact where it is small.
        z: Log share of all people, up to a constant (classes,).
        rest: Log share of a class and those after it, up to the same (classes,).
        taken: Share of the rest that the class takes (classes,).
        kept: Share of the rest that it leaves (classes,).
        seen: Share of the documented, or what is proportional to it (classes,).
        spare: Room for sums (classes,).
        f: What a class adds to the weight of a node's pattern (nodes, classes).
        g: Room for sums up the tree, zero between calls but for the root's (nodes, classes).
        h: Weight of a node's pattern (nodes,).
        still: What the classes that do not move add to it (nodes,).
        fixed: Log weight that all weights are relative to, sum of the weights that do not move, and log share
            of all people of the last class (3,).
        order: Classes, about the largest first (classes,).
        got: People of a node's pattern by class (nodes, classes), whole numbers.
        caught: People on each list (lists, classes), whole numbers.
        dealt: People of each class, documented or not (classes,), whole numbers.
        prior: Shapes of the beta prior of each chance to be on a list, on and off (2,); it is only read.
    """

    gy: Array
    gx: Array
    chance: Array
    missed: Array
    odds: Array
    none: Array
    some: Array
    z: Array
    rest: Array
    taken: Array
    kept: Array
    seen: Array
    spare: Array
    f: Array
    g: Array
    h: Array
    still: Array
    fixed: Array
    order: Array
    got: Array
    caught: Array
    dealt: Array
    prior: Array


def work(classes: int, lists: int, nodes: int, prior: tuple[float, float] = (1.0, 1.0)) -> Work:
    """Return room for one chain, and what it believes of chances beforehand."""

    def row() -> Array:
        return np.zeros(classes)

    def block() -> Array:
        return np.zeros((lists, classes))

    return Work(
        gy=row(),
        gx=block(),
        chance=block(),
        missed=block(),
        odds=block(),
        none=row(),
        some=row(),
        z=row(),
        rest=row(),
        taken=row(),
        kept=row(),
        seen=row(),
        spare=row(),
        f=np.zeros((nodes, classes)),
        g=np.zeros((nodes, classes)),
        h=np.zeros(nodes),
        still=np.zeros(nodes),
        fixed=np.zeros(3),
        order=np.arange(classes),
        got=np.zeros((nodes, classes), np.int64),
        caught=np.zeros((lists, classes), np.int64),
        dealt=np.zeros(classes, np.int64),
        prior=np.array(prior),
    )

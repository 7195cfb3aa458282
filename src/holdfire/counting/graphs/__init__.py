"""How many, averaged exactly over every way in which lists may depend on one another as a decomposable graph.

Lists are the vertices of a graph, and an edge says that two lists depend on each other whatever the rest
say. Decomposable (chordal) graphs are those whose probabilities can be summed in closed form, so nothing is
sampled and there is nothing to converge: `chordal` writes them down, `marginal` gives the terms they share,
`posterior` adds them up, `law` says how likely each number is, `estimator` what it comes to.
"""

from holdfire.counting.graphs.estimator import DecomposableGraphs

__all__ = ["DecomposableGraphs"]

"""Work out once what several levels ask for: a distance that fourteen levels compare with fourteen bounds.

DuckDB works a condition out anew in each branch of a CASE. Arithmetic that occurs in two conditions or more
is therefore lifted out of them into a column of its own. It is the same arithmetic, so it changes no answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

import sqlglot
from sqlglot import exp

_SUMS = (exp.Add, exp.Sub, exp.Mul, exp.Abs, exp.Greatest, exp.Least)
_LEAVES = (exp.Column, exp.Identifier, exp.Literal, exp.Paren, exp.Neg)


def share(conditions: Sequence[str], name: str = "shared") -> tuple[dict[str, str], list[str]]:
    """Return the arithmetic that several conditions share, by the name of its column, and the conditions.

    Args:
        conditions: SQL in the dialect of DuckDB; an empty one stays empty.
        name: With what the names of the columns begin.

    >>> share(["(a - b) * (a - b) <= 1", "(a - b) * (a - b) <= 4", ""])
    ({'shared_0': '(a - b) * (a - b)'}, ['shared_0 <= 1', 'shared_0 <= 4', ''])
    """
    columns, changed = _shared(tuple(conditions), name)
    return dict(columns), list(changed)


@lru_cache(maxsize=64)  # the same few profiles are asked for again and again, and parsing is slow
def _shared(conditions: tuple[str, ...], name: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    trees = [sqlglot.parse_one(each, read="duckdb") if each else None for each in conditions]
    counts = Counter(_sql(node) for tree in trees if tree for node in _largest(tree))
    names = {sql: f"{name}_{k}" for k, sql in enumerate(sql for sql, n in counts.items() if n > 1)}
    changed = []
    for tree, said in zip(trees, conditions, strict=True):
        found = [node for node in (_largest(tree) if tree else ()) if _sql(node) in names]
        for node in found:
            node.replace(exp.column(names[_sql(node)]))
        changed.append(_sql(tree) if tree and found else said)
    return tuple((column, sql) for sql, column in names.items()), tuple(changed)


def _largest(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Yield each sum of columns and numbers that is no part of a larger one."""
    if isinstance(tree, _SUMS) and all(isinstance(node, (*_SUMS, *_LEAVES)) for node in tree.walk()):
        yield tree
        return
    for child in tree.iter_expressions():
        yield from _largest(child)


def _sql(tree: exp.Expr) -> str:
    return tree.sql(dialect="duckdb")

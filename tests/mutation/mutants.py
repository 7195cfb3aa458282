"""Small mistakes put into a module, one at a time: comparisons turned, conditions negated, off by one.

The same text gives the same mutants in the same order. Words of messages and docstrings are left alone: no
test should hang on them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}

Change = Callable[[ast.AST], None]


@dataclass(frozen=True)
class Mutant:
    """One mistake: where, what, and the module's text with it."""

    line: int
    what: str
    text: str


def mutants_of(text: str) -> Iterator[Mutant]:
    """Yield every mutant of a module."""
    whole = ast.parse(text)
    nodes = list(ast.walk(whole))
    silent = {id(each) for node in nodes for note in _annotations(node) for each in ast.walk(note)}
    for place, node in enumerate(nodes):
        if id(node) in silent:
            continue  # never evaluated
        for what, change in _changes(node):
            copy = deepcopy(whole)
            change(list(ast.walk(copy))[place])
            yield Mutant(getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(copy)))


def _annotations(node: ast.AST) -> list[ast.expr]:
    found = [getattr(node, name, None) for name in ("annotation", "returns")]
    return [each for each in found if isinstance(each, ast.expr)]


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            for other in COMPARED[type(op)]:
                yield f"{type(op).__name__} to {other.__name__}", _setting("ops", at, other())
    elif isinstance(node, ast.BoolOp):
        other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{type(node.op).__name__} to {type(other_op).__name__}", _setting("op", None, other_op)
        for at in range(len(node.values)):
            yield f"condition {at + 1} dropped", _dropping("values", at)
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        yield "negated", _negating
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in COUNTED:
        yield f"{type(node.op).__name__} to other", _setting("op", None, COUNTED[type(node.op)]())
    yield from _statements(node)


def _constants(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    if isinstance(node.value, bool):
        yield f"{node.value} turned", _setting("value", None, not node.value)
    elif isinstance(node.value, int):
        for more in (1, -1):
            yield f"{node.value} to {node.value + more}", _setting("value", None, node.value + more)
    elif isinstance(node.value, bytes):
        yield f"{node.value!r} longer", _setting("value", None, node.value + b"x")


def _statements(node: ast.AST) -> Iterator[tuple[str, Change]]:
    for name in ("body", "orelse", "finalbody"):
        inside = getattr(node, name, None)
        for at, each in enumerate(inside if isinstance(inside, list) else []):
            words = isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
            if (
                not words
                and not _last_word(node, each)
                and isinstance(
                    each, ast.Expr | ast.Raise | ast.AugAssign | ast.Continue | ast.Break | ast.Return
                )
            ):
                yield f"{type(each).__name__} at line {each.lineno} dropped", _setting(name, at, ast.Pass())


def _last_word(node: ast.AST, each: ast.AST) -> bool:
    """Return whether a statement returns nothing, or an empty text, where a function ends anyway."""
    ends = isinstance(node, ast.FunctionDef) and isinstance(each, ast.Return) and node.body[-1] is each
    return ends and isinstance(each.value, ast.Constant) and each.value.value in ("", None)


def _setting(name: str, at: int | None, value: object) -> Change:
    def change(node: ast.AST) -> None:
        if at is None:
            setattr(node, name, value)
        else:
            getattr(node, name)[at] = value

    return change


def _dropping(name: str, at: int) -> Change:
    def change(node: ast.AST) -> None:
        del getattr(node, name)[at]

    return change


def _negating(node: ast.AST) -> None:
    node.test = ast.UnaryOp(ast.Not(), node.test)  # type: ignore[attr-defined]

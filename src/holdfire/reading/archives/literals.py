"""A value that Python printed becomes that value again, and nothing is run.

auto-archiver's CSV holds dictionaries and lists as Python prints them, times as `datetime.datetime(...)`.
"""

from __future__ import annotations

import ast
import warnings
from datetime import datetime
from typing import Any

LONGEST = 8 << 20
"""Most characters of a cell."""
DEEPEST = 40
"""Most brackets open at once: the parser of Python itself goes no deeper than about 100."""


def parse(text: str) -> Any:
    """Return the value of a Python literal; a time becomes its ISO 8601 text, one without a zone as it is.

    Raises:
        ValueError: It is no literal, too long, or nested too deep.

    >>> parse("{'a': [1, None, datetime.datetime(2024, 1, 2, 3, 4, tzinfo=datetime.timezone.utc)]}")
    {'a': [1, None, '2024-01-02T03:04:00+00:00']}
    """
    if len(text) > LONGEST or _depth(text) > DEEPEST:
        raise ValueError("too long, or nested too deep")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the text holds, which nobody should see
            return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError, OverflowError, TypeError) as error:
        raise ValueError("no literal") from error


def _depth(text: str) -> int:
    """Return how many brackets are open at once at most; brackets within quotes count, and do no harm."""
    deepest = depth = 0
    for character in text:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth = max(0, depth - 1)
    return deepest


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=str() | int() | float() | bool() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return [_value(part) for part in parts]
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {str(_value(k)): _value(v) for k, v in zip(keys, values, strict=True) if k}
        case ast.Call(func=func, args=args, keywords=keywords) if ast.unparse(func) == "datetime.datetime":
            return _time(args, keywords)
    raise ValueError("no literal")


def _time(args: list[ast.expr], keywords: list[ast.keyword]) -> str:
    numbers = [_value(arg) for arg in args]
    zone = {k.arg: ast.unparse(k.value) for k in keywords}
    known = all(isinstance(n, int) for n in numbers) and 3 <= len(numbers) <= 7
    if not known or set(zone) - {"tzinfo", "fold"} or zone.get("tzinfo", _UTC) not in (_UTC, "tzutc()"):
        raise ValueError("no time that can be read with certainty")
    return datetime(*numbers).isoformat() + ("+00:00" if "tzinfo" in zone else "")


_UTC = "datetime.timezone.utc"

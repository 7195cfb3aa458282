"""Say in words what was found wrong with a hand-written file: what, where, and what to try.

The validator finds the mistakes; here each becomes one Problem in our own words, with the nearest known
field or value. Only values of closed lists, numbers and dates are quoted: other words may name someone.
tests/wrong/case holds a bad file for each, beside its whole message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from holdfire.errors import Problem, nearest

HINTS = {
    "cite": "name the clause, or where it was read",
    "basis": "say why",
    "acts": 'name an event type, such as "attack.shelling", or a family, "attack.*"',
    "by": "say who decided it",
}
"""What to try where a field is missing or empty."""

EXPECTED = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
"""What a field holds, by the kind of mistake."""

BOUNDS = {
    "greater_than_equal": "at least",
    "greater_than": "more than",
    "less_than_equal": "at most",
    "less_than": "less than",
}

FORMS = {"^[a-z0-9][a-z0-9-]*$": "small letters, digits and hyphens"}
"""Patterns in words."""


def problem(detail: ErrorDetails, where: str, model: type[BaseModel]) -> Problem:
    """Return one mistake of a file.

    Args:
        detail: What the validator found.
        where: File and line. The line says which entry of a list is meant, so its number stays out.
        model: What the whole file is read as, for the names of its fields.
    """
    path = detail["loc"]
    name = ".".join(step for step in path if isinstance(step, str) and "[" not in step)
    last = str(path[-1]) if path else ""
    context = detail.get("ctx") or {}
    text, hint = _said(detail["type"], name, last, detail.get("input"), context)
    if detail["type"] == "extra_forbidden":
        hint = nearest(last, _fields(model, path))
    return Problem(text or f"{name}: {detail['msg'][:1].lower()}{detail['msg'][1:]}", where, hint)


def _said(kind: str, name: str, last: str, given: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is wrong and what to try; nothing for a mistake of which we have no words."""
    bound = next((value for value in context.values() if isinstance(value, int | float)), 0)
    known = [word.strip(" '") for word in re.split(r",| or ", str(context.get("expected", "")))]
    cause = context.get("error")
    empty = (f'"{name}" is empty', HINTS.get(last, ""))
    listed = (f'"{name}" is "{given}"', nearest(str(given), known))
    said = {
        "extra_forbidden": (f'"{name}" is not a field here', ""),
        "missing": (f'"{name}" is missing', HINTS.get(last, "")),
        "enum": listed,
        "literal_error": listed,
        "string_too_short": empty,
        "too_short": empty,
        "value_error": (f"{name}: {cause}" if name else str(cause), getattr(cause, "hint", "")),
        "string_pattern_mismatch": (
            f'"{name}" is not of the form expected',
            FORMS.get(str(context.get("pattern")), f"the form is {context.get('pattern')}"),
        ),
    }
    if kind in EXPECTED:
        return f'"{name}" is {_shown(given)}; {EXPECTED[kind]} is expected', _instead(kind, given)
    if kind in BOUNDS:
        swapped = "are latitude and longitude swapped?" if last in ("lat", "lon") else ""
        return f'"{name}" is {given}; {BOUNDS[kind]} {float(bound):g} is expected', swapped
    return said.get(kind, ("", ""))


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _shown(given: Any) -> str:
    """Return what was given without its words, which may name someone."""
    if _is_number(given):
        return f"the number {given}"
    if isinstance(given, bool):
        return str(given).lower()
    kinds = ((str, "text"), (list, "a list"), (dict, "a mapping"))
    return next((word for kind, word in kinds if isinstance(given, kind)), "empty")


def _instead(kind: str, given: Any) -> str:
    """Return how the field would be written with what was given."""
    if kind == "string_type" and _is_number(given):
        return f'put it in quotes: "{given}"'
    if kind == "dict_type" and isinstance(given, str):
        return "write one for each language: {en: ..., ar: ...}"
    return "put it in brackets: [...]" if kind == "list_type" and isinstance(given, str) else ""


def _fields(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the names of the fields beside the one the path ends in."""
    here: type[BaseModel] | None = model
    for step in path[:-1]:
        fields: Mapping[str, Any] = here.model_fields if here else {}
        field = next((f for name, f in fields.items() if step in (name, f.alias)), None)
        here = _inner(field.annotation) if field else here
    return [field.alias or name for name, field in here.model_fields.items()] if here else []


def _inner(kind: Any) -> type[BaseModel] | None:
    """Return the model inside an annotation: of a list's items, a mapping's values, or itself."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for each in get_args(kind) if (found := _inner(each))), None)

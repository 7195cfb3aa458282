"""The fields of a claim that count, as a mapping file makes them of a table's cells.

A cell may hold `3`, `3-5` (at least, at most) or `3+` (at least, and no one said how many at most). Bounds
that fall are refused with their row; an empty cell says nothing and is never a zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from holdfire.reading.cells import CellError, Cells, whole
from holdfire.reading.fields import DIGITS, Rules, closed, joint, name_of, plain
from holdfire.reading.mapping import Rule
from holdfire.reading.rows import Meaning

Row = tuple[Any, ...]

COUNTS = ("killed", "civilians", "injured")
_RANGE = re.compile(r"(\d+)\s*[-–—]\s*(\d+)")


def numbers(rules: Rules) -> list[Meaning]:
    """Return the meanings of the fields that count."""
    found = []
    for field in COUNTS:
        ends = [end for end in ("low", "best", "high") if end != "best" or field == "killed"]
        gives = [f"{field}_{end}" for end in ends]
        if rule := rules.get(field):
            found.append(joint((rule,), _ranged(field, rule, ends), *gives))
        elif any(name in rules for name in gives):
            found.append(joint([rules.get(name) for name in gives], _apart(gives, rules), *gives))
    if rule := rules.get("quantity"):
        counted = (rule, rules.get("quantity_bound"), rules["counting_rule"])
        gives = ["quantity", "quantity_bound", "counting_rule"]
        found.append(joint(counted, _quantity(rules), *gives))
    return found


def count(cell: str) -> int:
    """Return a whole number in the digits of any of our languages."""
    return whole(plain(cell).translate(DIGITS))


def bounds(cell: str) -> tuple[int, int | None, int | None]:
    """Return low, best and high of `3`, `3-5` or `3+`.

    >>> bounds("3"), bounds("3-5"), bounds("3+")
    ((3, 3, 3), (3, None, 5), (3, None, None))
    """
    text = plain(cell).translate(DIGITS).strip()
    if found := _RANGE.fullmatch(text):
        low, high = whole(found[1]), whole(found[2])
        if low > high:
            raise CellError(f'is "{text}", which falls')
        return low, low if low == high else None, high
    if text.endswith("+"):
        return whole(text[:-1].strip()), None, None
    number = whole(text)
    return number, number, number


def _ranged(field: str, rule: Rule, ends: Sequence[str]) -> Callable[[str | None], Row]:
    def read(cell: str | None) -> Row:
        cells = Cells()
        found = cells.optional(name_of(field, rule), bounds, cell) or (None, None, None)
        cells.done()
        return tuple(found[("low", "best", "high").index(end)] for end in ends)

    return read


def _apart(gives: Sequence[str], rules: Rules) -> Callable[..., Row]:
    called = [name_of(name, rules.get(name)) for name in gives]

    def read(*given: str | None) -> Row:
        cells = Cells()
        found = [cells.optional(name, count, cell) for name, cell in zip(called, given, strict=True)]
        known = [(name, number) for name, number in zip(called, found, strict=True) if number is not None]
        for (name, less), (other, more) in pairwise(known):
            if less > more:
                cells.note(f"{name} is {less}, more than {other} {more}", "are the columns swapped?")
        cells.done()
        return tuple(found)

    return read


def _quantity(rules: Rules) -> Callable[..., Row]:
    bound = closed("quantity_bound", rules["quantity_bound"]) if "quantity_bound" in rules else str

    def read(number: str | None, limit: str | None, rule: str | None) -> Row:
        cells = Cells()
        found = cells.optional(name_of("quantity", rules["quantity"]), count, number)
        held = cells.optional(name_of("quantity_bound", rules.get("quantity_bound")), bound, limit)
        if found is not None and rule is None:
            cells.note(f"{name_of('counting_rule', rules['counting_rule'])} is empty", "what is counted?")
        cells.done()
        return (None, None, None) if found is None else (found, held or "exact", plain(rule or ""))

    return read

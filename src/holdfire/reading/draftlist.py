"""Draft the mapping of a list of the dead, where a table is one; any other is drafted as a table of claims.

A table is taken for a list where a column names people and others say what is said of a person. A draft goes
into a file that is published with the case, so it repeats no cell: of the words for sex and status only those
that everyone uses are written out, and what else stands there is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from holdfire.reading import drafting, layout
from holdfire.reading.cells import CellError
from holdfire.reading.deaths import age, days
from holdfire.reading.drafting import FORMS, LOOKED_AT, Column, columns, quoted, worded
from holdfire.reading.format import Content
from holdfire.reading.listmapping import CLOSED, DATED, ENOUGH
from holdfire.reading.mapping import Rule

ORDER = (
    "id", "name", "name_other", "given", "father", "grandfather", "family", "sex", "age", "born", "died",
    "died_until", "place", "admin1", "status",
)  # fmt: skip
PERSONAL = ("sex", "age", "born", "father", "grandfather", "died")
"""What is said of a person and seldom of an incident."""
INCIDENTS = ("event_type", "killed")
"""What is said of an incident."""


def draft(content: Content) -> str:
    """Return a draft of a mapping file for a table, as YAML, from its header and first 500 rows.

    Raises:
        BadInput: The table cannot be read.
    """
    found, separator = columns(content)
    chosen = _chosen(found)
    if not _is_list(chosen, found):
        return drafting.draft(content)
    lines = [line for name in ORDER if name in chosen for line in _field(name, chosen[name])]
    # Of a column that no field takes only its place is said: what stands above it may be anything.
    left = [str(n) for n, column in enumerate(found, 1) if column not in chosen.values()]
    return "\n".join(
        [
            f"# A draft from the first {LOOKED_AT} rows of a list of the dead. Read every line. What is",
            "# marked UNSURE is yours to decide: it is not in force, and a list that needs it is refused.",
            *([f"separator: {quoted(separator)}"] if separator not in ("", ",") else []),
            "# UNSURE: who is on the list, in the words of those who keep it?",
            '# scope: {who: "", where: "", when: ""}',
            "deaths:",
            *(f"  {line}" for line in lines),
            *([f"  # left out: columns {', '.join(left)}"] if left else []),
            "",
        ]
    )


def _chosen(found: list[Column]) -> dict[str, Column]:
    """Return the column of each field: the first that a word for the field names, each column once."""
    known = layout.raw("lists")["fields"]
    chosen: dict[str, Column] = {}
    for name in ORDER:
        heads = {worded(word) for word in known.get(name, known["name"] if name == "name_other" else ())}
        free = (column for column in found if column not in chosen.values() and column.cells)
        if column := next((each for each in free if worded(each.name) in heads), None):
            chosen[name] = column
    return chosen


def _is_list(chosen: dict[str, Column], found: list[Column]) -> bool:
    heads = {worded(word) for name in INCIDENTS for word in layout.raw("headers")["fields"][name]}
    named = any(all(part in chosen for part in whole) for whole in ENOUGH)
    of_incidents = any(worded(column.name) in heads for column in found)
    return named and any(name in chosen for name in PERSONAL) and not of_incidents


def _field(name: str, column: Column) -> Iterator[str]:
    if name in CLOSED:
        yield from _coded(name, column)
    elif name in DATED:
        yield from _dated(name, column)
    elif name == "age" and (wrong := _unread(column.cells, age)):
        yield f"# UNSURE: {wrong} of {len(column.cells)} values of {quoted(column.name)} are read as no age"
        yield f"# age: {quoted(column.name)}"
    else:
        yield f"{name}: {quoted(column.name)}"


def _unread(cells: Iterable[str], read: Callable[[str], object]) -> int:
    return sum(not _reads(cell, read) for cell in cells)


def _reads(cell: str, read: Callable[[str], object]) -> bool:
    try:
        read(cell)
    except CellError:
        return False
    return True


def _coded(name: str, column: Column) -> Iterator[str]:
    common = {
        word.casefold(): value
        for value, listed in layout.raw("lists")[name].items()
        for word in (value, *listed)
    }
    known = [cell for cell in column.distinct if cell.casefold() in common]
    other = sum(cell.casefold() not in common for cell in column.cells)
    values = ", ".join(f"{quoted(cell)}: {common[cell.casefold()]}" for cell in known)
    if other:
        yield f"# UNSURE: {other} of {len(column.cells)} cells hold words that are not told here: add them"
    yield f"{'' if known else '# '}{name}: {{column: {quoted(column.name)}, values: {{{values}}}}}"


def _dated(name: str, column: Column) -> Iterator[str]:
    head, zone = f"column: {quoted(column.name)}", ZoneInfo("UTC")
    plain = [form for form in FORMS if "%H" not in form]
    wrong = {form: _unread(column.cells, days(Rule(column="x", format=form), zone)) for form in plain}
    fits = [form for form in plain if column.cells and not wrong[form]]
    if column.typed or "%Y-%m-%d" in fits or not _unread(column.cells, days(Rule(column="x"), zone)):
        yield f"{name}: {{{head}}}  # ISO 8601"
    elif len(fits) == 1:
        yield f"{name}: {{{head}, format: {quoted(fits[0])}}}"
    elif fits:
        yield f"# UNSURE: every value of {quoted(column.name)} reads in {len(fits)} ways."
        yield "# Ask who made the list, and keep one of these lines:"
        yield from (f"# {name}: {{{head}, format: {quoted(form)}}}" for form in fits)
    else:
        likely = min(plain, key=lambda form: wrong[form])
        share = f"{len(column.cells) - wrong[likely]} of {len(column.cells)}"
        yield f"# UNSURE: {share} values of {quoted(column.name)} are written like this:"
        yield f"# {name}: {{{head}, format: {quoted(likely)}}}"

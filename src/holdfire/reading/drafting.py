"""Draft a mapping file from a table's header and first rows.

The draft is for a person: it says why each line was chosen and where it is unsure, and what is unsure is
commented out, so that nothing doubtful is read by mistake. A date that can be read day first and month
first is never decided here. Columns that may name people are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from holdfire.reading import layout
from holdfire.reading.fields import DIGITS
from holdfire.reading.format import Content
from holdfire.reading.formats.mapped import KNOWN, open_table
from holdfire.reading.mapping import date_of
from holdfire.reading.tabular import TYPED, Faults
from holdfire.records.actor import fold

LOOKED_AT = 500
"""Rows that a draft is made from."""
FEW = 25
"""Distinct values up to which a column is taken for a closed list."""
FORMS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d",
    "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%d/%m/%y", "%m/%d/%y", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M",
)  # fmt: skip
COUNTS = ("killed", "civilians", "injured")
ORDER = (
    "event_type", "start", "end", "place", "admin1", "lat", "lon", "actors", "targets",
    "killed", "civilians", "injured", "office",
)  # fmt: skip


@dataclass
class Column:
    """A column of the table, and what its first rows hold."""

    name: str
    cells: list[str]
    typed: bool = False
    forms: list[str] = field(default_factory=list)
    """Date formats that every cell fits."""

    @property
    def distinct(self) -> list[str]:
        """Return its distinct values, in order."""
        return sorted(set(self.cells))


@dataclass
class Draft:
    """The lines of a draft, and the column that fills each field."""

    columns: list[Column]
    chosen: dict[str, Column] = field(default_factory=dict)
    head: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def draft(content: Content) -> str:
    """Return a draft of a mapping file for a table, as YAML, from its header and first 500 rows.

    What is unsure is said in it and left out of force, so that it is not read by mistake.

    Raises:
        BadInput: The table cannot be read.
    """
    found, separator = columns(content)
    made = Draft(found)
    header = [column.name.lower() for column in made.columns]
    known = [layout.load(k).name for k in KNOWN if layout.load(k).recognises(header)]
    _choose(made)
    if separator not in ("", ","):
        made.head.append(f"separator: {json.dumps(separator)}")
    if any(_comma(column) for column in (made.chosen.get("lat"), made.chosen.get("lon")) if column):
        made.head.append("decimal: comma")
    for name in ORDER:
        _field(name, made)
    _unused(made)
    return "\n".join(
        [
            f"# A draft from the first {LOOKED_AT} rows of {quoted(content.name)}. Read every line. What is",
            "# marked UNSURE is yours to decide: it is not in force, and a table that needs it is refused.",
            *(f"# These are columns of {name}, which is read without a mapping." for name in known),
            *made.head,
            "claims:",
            *(f"  {line}" if line else "" for line in made.lines),
            "",
        ]
    )


def columns(content: Content) -> tuple[list[Column], str]:
    """Return the columns of a table, and what separates its cells; empty: nothing does.

    Raises:
        BadInput: The table cannot be read.
    """
    with open_table(content, None) as table:
        return _columns(table), getattr(table, "separator", "")


def _columns(table: Any) -> list[Column]:
    columns = {name: Column(name, []) for name in table.header if name}
    for batch in table.batches(list(columns), Faults(table.name)):
        for name, column in columns.items():
            cells = [cell for cell in batch.cells.column(name).slice(0, LOOKED_AT).to_pylist() if cell]
            column.typed = bool(cells) and all(cell.startswith(TYPED) for cell in cells)
            column.cells = [cell.removeprefix(TYPED).strip().translate(DIGITS) for cell in cells]
            column.forms = _forms(column.cells)
        break
    return list(columns.values())


def _forms(cells: Sequence[str]) -> list[str]:
    return [form for form in FORMS if cells and all(_fits(cell, form) for cell in cells)]


def _fits(cell: str, form: str) -> bool:
    try:
        return 1900 <= date_of(cell, form).year <= 2400
    except ValueError:
        return False


def worded(name: str) -> str:
    """Return the name of a column in the form in which names of columns are compared."""
    plain = name.casefold().translate(str.maketrans("éèêëàâîïôûùç", "eeeeaaiiouuc"))
    return " ".join(re.sub(r"[_./()\[\]:#]", " ", fold(plain)).split())


def _choose(made: Draft) -> None:
    """Give each field the column whose name and values suggest it most, each column once."""
    known = layout.raw("headers")
    people = {worded(word) for word in known["people"]}
    scores: list[tuple[int, int, str, Column]] = []
    for at, column in enumerate(made.columns):
        words = worded(column.name)
        if words in people:
            continue
        for name, listed in known["fields"].items():
            if score := _score(words, [worded(word) for word in listed], name, column):
                scores.append((-score, at, name, column))
    for _, _, name, column in sorted(scores, key=lambda s: s[:3]):
        if name not in made.chosen and column not in made.chosen.values():
            made.chosen[name] = column


def _score(words: str, listed: Iterable[str], name: str, column: Column) -> int:
    counted = all(re.fullmatch(r"\d+(\.0+)?(\s*[-–+]\s*\d*)?", cell) for cell in column.cells)
    fits = {
        **dict.fromkeys(("start", "end"), bool(column.forms)),
        **dict.fromkeys(("lat", "lon"), _numeric(column)),
        **dict.fromkeys(COUNTS, counted),
    }.get(name, True)
    best = 0
    for word in listed:
        if words == word:
            best = max(best, 100)
        elif re.search(rf"\b{re.escape(word)}\b", words) and len(word) > 1:
            best = max(best, 40 + len(word))
    if not best:
        return 60 if name == "start" and column.forms and not column.name.strip().isdigit() else 0
    # A date column may hold dates in several formats; it is chosen all the same, and said to be unsure.
    return best if fits else (best // 2 if name in ("start", "end") else 0)


def _numeric(column: Column) -> bool:
    return bool(column.cells) and all(re.fullmatch(r"-?\d+([.,]\d+)?", cell) for cell in column.cells)


def _comma(column: Column) -> bool:
    return any("," in cell for cell in column.cells)


def quoted(text: str) -> str:
    """Return a text as YAML holds it, in quotes, with escapes for what cannot be printed."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)


def _field(name: str, made: Draft) -> None:
    column = made.chosen.get(name)
    if name == "event_type":
        _event(column, made)
    elif column is None:
        return
    elif name in ("start", "end"):
        _date(name, column, made)
    elif name in ("actors", "targets"):
        split = next((mark for mark in (";", ",", "/") if any(mark in cell for cell in column.cells)), "")
        inside = f", split: {quoted(split)}" if split else ""
        made.lines.append(f"{name}: {{column: {quoted(column.name)}{inside}}}")
        if split:
            made.lines.append(
                f"# Check: {quoted(split)} stands in some cells; take `split` out if it is part of names."
            )
    else:
        made.lines.append(f"{name}: {quoted(column.name)}")
        if name == "lon":
            _place(made)


def _event(column: Column | None, made: Draft) -> None:
    if column is None or len(column.distinct) > FEW or not column.cells:
        made.lines += [
            "# UNSURE: no column says what happened. One type for every row is written so:",
            "# event_type: {value: attack.unspecified}",
        ]
        return
    made.lines += [
        "# Guessed from the words; check each. family.kind, such as attack.shelling.",
        f"event_type: {{column: {quoted(column.name)}, values: {{",
    ]
    for value in column.distinct:
        kind = _event_of(value)
        made.lines.append(f"  {'' if kind else '# UNSURE: '}{quoted(value)}: {kind or 'attack.unspecified'},")
    made.lines.append("}}")


def _event_of(value: str) -> str:
    words = worded(value)
    for kind, listed in layout.raw("headers")["events"].items():
        if any(re.search(rf"\b{re.escape(worded(word))}", words) for word in listed):
            return str(kind)
    return ""


def _date(name: str, column: Column, made: Draft) -> None:
    head = f"column: {quoted(column.name)}"
    if column.typed or "%Y-%m-%d" in column.forms:
        made.lines.append(f"{name}: {{{head}}}  # ISO 8601")
    elif len(column.forms) == 1:
        made.lines.append(f"{name}: {{{head}, format: {quoted(column.forms[0])}}}")
    elif column.forms:
        made.lines.append(
            f"# UNSURE: every value of {quoted(column.name)} reads in {len(column.forms)} ways, such as"
        )
        made.lines.append(
            f"# {quoted(column.cells[0])}. Ask who made the table, and keep one of these lines:"
        )
        made.lines += [f"# {name}: {{{head}, format: {quoted(form)}}}" for form in column.forms]
    else:
        counts = {form: sum(_fits(cell, form) for cell in column.cells) for form in FORMS}
        likely = max(counts, key=lambda form: counts[form])
        share = f"{counts[likely]} of {len(column.cells)}"
        made.lines.append(f"# UNSURE: {share} values of {quoted(column.name)} are written like this:")
        made.lines.append(f"# {name}: {{{head}, format: {quoted(likely)}}}")


def _place(made: Draft) -> None:
    """Say how exact the points are, and whether the two columns may be in each other's place."""
    lat, lon = made.chosen.get("lat"), made.chosen.get("lon")
    if lat and any(abs(float(cell.replace(",", "."))) > 90 for cell in lat.cells):
        made.lines.append("# UNSURE: latitudes beyond 90: latitude and longitude may be swapped.")
    if lat and lon and lat.cells and lon.cells:
        spans = [sorted(float(c.replace(",", ".")) for c in column.cells) for column in (lat, lon)]
        made.lines.append(
            f"# Latitudes run from {spans[0][0]:g} to {spans[0][-1]:g}, longitudes from {spans[1][0]:g} to "
            f"{spans[1][-1]:g}: is that your area, and not swapped?"
        )
        made.lines.append(
            "# UNSURE: how far off may a point be? point, settlement, near, district, governorate"
        )
        made.lines.append("# geo_precision: {value: settlement}")


def _unused(made: Draft) -> None:
    people = {worded(word) for word in layout.raw("headers")["people"]}
    for column in made.columns:
        if column in made.chosen.values():
            continue
        why = ": it may name people" if worded(column.name) in people else ""
        made.lines.append(f"# left out: {quoted(column.name)}{why}")

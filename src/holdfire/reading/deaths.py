"""The entries of a list of the dead, as a mapping makes them of its cells.

Four rules hold, and tests/unit/test_deaths.py tries to break each:

* every row is one entry, or the list is refused with all that is wrong, each with its row and column;
* no message repeats a cell that has a letter in it: it may be a name;
* a date or an age is as wide as the list leaves it, and an empty cell says nothing;
* words that stand where a name should and name nobody ("unknown", "مجهول") are read as no name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from holdfire.reading import layout
from holdfire.reading.cells import CellError, Cells
from holdfire.reading.fields import DIGITS, joint, moment, name_of, plain
from holdfire.reading.format import Context
from holdfire.reading.listmapping import NAMING, ListFile
from holdfire.reading.mapping import Rule
from holdfire.reading.rows import Meaning, Said
from holdfire.reading.tabular import TYPED, Faults, Rows
from holdfire.records.actor import fold
from holdfire.records.death import DEATH, entry_id
from holdfire.records.report import Report

LONGEST = 300
"""Most characters of a name; more is a note in the wrong column, or a row that swallowed others."""
OLDEST = 130
"""Greatest age that is read [years]; the oldest person known reached 122."""
MONTHS = r"months?|mois|mos?|m|أشهر|اشهر|شهر|شهور|мес|месяц\w*"
DAYS = (
    r"days?|jours?|weeks?|semaines?|hours?|d|j|w|يوم|أيام|ايام|أسبوع|اسبوع|أسابيع|اسابيع|дн\w*|день|недел\w*"
)
YEARS = r"years?(?: old)?|yrs?|y|ans?|سنة|سنوات|عام|أعوام|года?|лет"

Ages = tuple[int, int | None]
Days = tuple[date, date]


def hidden(cell: str) -> str:
    """Return a cell as a message about a list may show it: never a letter of it.

    >>> hidden("31/02/2031"), hidden("a name 3")
    ('"31/02/2031"', 'text of 8 characters')
    """
    bare = plain(cell)
    fit = len(bare) <= 30 and not any(c.isalpha() or c == '"' for c in bare)
    return f'"{bare}"' if fit else f"text of {len(bare)} characters"


def read(
    report: Report, context: Context, batches: Callable[..., Any], mapping: ListFile
) -> Iterator[pa.Table]:
    """Yield tables of DEATH rows, one a row of the list, in its order.

    Args:
        report: The report the list stands in.
        context: What may be known besides.
        batches: Gives the rows, noting what is wrong with them.
        mapping: What its columns mean.

    Raises:
        BadInput: All problems of the list. They are known when it has been read to its end, so tables that
            came before belong to no list.
    """
    faults = Faults(context.file or report.name)
    meanings = _meanings(mapping, Said(report, context), context.zone)
    for batch in batches(faults=faults, progress=context.progress):
        meant: dict[str, pa.Array] = {}
        for part, gives in meanings:
            meant.update(zip(gives, batch.read(part), strict=True))
        if not faults:
            yield _entries(report, batch.numbers, meant)
    faults.raise_any()


def _entries(report: Report, numbers: Rows, meant: dict[str, pa.Array]) -> pa.Table:
    count = len(numbers)
    columns: dict[str, Any] = {
        "entry_id": pa.array([entry_id(report.id, row) for row in numbers.tolist()], pa.string()),
        "report": pa.repeat(pa.scalar(report.id), count),
        "source": pa.repeat(pa.scalar(report.source), count),
        "row": pa.array(numbers, pa.int64()),
        **meant,
    }
    arrays = [columns.get(c.name, pa.nulls(count, c.type)) for c in DEATH.columns]
    return DEATH.check(pa.table(arrays, names=list(DEATH.names)))


def _meanings(mapping: ListFile, said: Said, zone: ZoneInfo) -> list[Meaning]:
    rules = mapping.deaths.rules()
    alone: dict[str, Callable[[str], Any]] = {
        **dict.fromkeys(NAMING, _name),
        "id": _words,
        "place": _words,
        "admin1": lambda cell: said.area(_words(cell)),
        **{name: _coded(name, rules[name]) for name in ("sex", "status") if name in rules},
    }
    found = [_one(name, rules[name], read_) for name, read_ in alone.items() if name in rules]
    if rule := rules.get("age"):
        found.append(_two((rule,), partial(_age, name_of("age", rule)), "age_low", "age_high"))
    elif any(ends := [rules.get(end) for end in ("age_low", "age_high")]):
        found.append(_two(ends, partial(_ages, ends), "age_low", "age_high"))
    for field, until in (("born", None), ("died", rules.get("died_until"))):
        if rule := rules.get(field):
            read_days = partial(_days, field, rule, until, zone)
            found.append(_two((rule, until), read_days, f"{field}_first", f"{field}_last"))
    return found


def _one(field: str, rule: Rule, read_: Callable[[str], Any]) -> Meaning:
    def call(cell: str | None) -> tuple[Any, ...]:
        cells = Cells()
        value = cells.optional(name_of(field, rule), read_, cell)
        cells.done()
        return (value,)

    return joint((rule,), call, "own_id" if field == "id" else field, of=DEATH)


def _two(rules: Any, read_: Callable[..., tuple[Any, ...]], *gives: str) -> Meaning:
    return joint(rules, read_, *gives, of=DEATH)


def _words(cell: str) -> str | None:
    return " ".join(unicodedata.normalize("NFC", plain(cell)).split()) or None


def _name(cell: str) -> str | None:
    words = _words(cell)
    if words is None or fold(words) in _nameless():
        return None
    if not any(c.isalpha() for c in words):
        # A mark such as "-" or "???" says that the list has no name; a number is of another column.
        if any(c.isdigit() for c in words):
            raise CellError(f"is {hidden(cell)}; a name is expected", "is the row shifted by a cell?")
        return None
    if len(words) > LONGEST:
        raise CellError(f"has {len(words)} characters; a name of at most {LONGEST} is expected")
    return words


@cache
def _nameless() -> frozenset[str]:
    return frozenset(fold(word) for word in layout.raw("lists")["nameless"])


def _coded(field: str, rule: Rule) -> Callable[[str], str | None]:
    """Return a reader of a closed list: the mapping's own words, or the common ones."""
    common = layout.raw("lists")[field]
    words = rule.values or {word: value for value, listed in common.items() for word in (value, *listed)}
    known = {str(word).casefold(): str(value) for word, value in words.items()}

    def read_(cell: str) -> str | None:
        word = re.sub(r"\.0+$", "", " ".join(plain(cell).split())).casefold()
        if word not in known:
            raise CellError(
                f"is {hidden(cell)}, which the mapping does not translate",
                f"`values:` says what each word means: {', '.join(sorted(set(known.values())))}",
            )
        value = known[word]
        return None if field == "sex" and value == "unknown" else value

    return read_


def _age(column: str, cell: str | None) -> tuple[int | None, int | None]:
    cells = Cells()
    found = cells.optional(column, age, cell)
    cells.done()
    return found or (None, None)


def _ages(rules: list[Rule | None], *given: str | None) -> tuple[int | None, int | None]:
    cells = Cells()
    names = [name_of(end, rule) for end, rule in zip(("age_low", "age_high"), rules, strict=True)]
    low, high = (cells.optional(name, age, cell) for name, cell in zip(names, given, strict=True))
    if low and high and high[1] is not None and high[1] < low[0]:
        cells.note(f"{names[1]} is below {names[0]}", "are they swapped?")
    cells.done()
    if low is None and high is None:
        return None, None
    return low[0] if low else 0, high[1] if high else None


def age(cell: str) -> Ages:
    """Return the least and greatest age [completed years] that a cell allows for; None: no greatest.

    Raises:
        CellError: It is no age, or a greater one than anyone reaches.

    >>> age("34"), age("30-40"), age("60+"), age("8 months"), age("<1")
    ((34, 34), (30, 40), (60, None), (0, 0), (0, 0))
    """
    text = " ".join(plain(cell).translate(DIGITS).casefold().replace("–", "-").split())
    number = r"(\d{1,3})(?:[.,]\d+)?"
    if found := re.fullmatch(rf"{number} ?(?:{YEARS})?", text):
        return _sane(int(found[1]), int(found[1]))
    if found := re.fullmatch(rf"(\d{{1,3}})(?:[.,]\d+)? ?(?:{MONTHS})", text):
        return _sane(int(found[1]) // 12, int(found[1]) // 12)
    if found := re.fullmatch(rf"(\d{{1,4}}) ?(?:{DAYS})", text):
        return 0, 0 if int(found[1]) < 52 else 1
    if found := re.fullmatch(rf"{number} ?(?:-|to|/) ?{number} ?(?:{YEARS})?", text):
        if int(found[2]) < int(found[1]):
            raise CellError(f"is {hidden(cell)}, which ends below its start")
        return _sane(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(?:> ?=? ?|≥ ?)(\d{1,3})|(\d{1,3}) ?\+", text):
        least = int(found[1] or found[2]) + (1 if re.match(r"> ?\d", text) else 0)
        return _sane(least, None)
    if found := re.fullmatch(r"(< ?=?|≤) ?(\d{1,3})", text):
        return _sane(0, max(0, int(found[2]) - (1 if found[1].strip() == "<" else 0)))
    raise CellError(f"is {hidden(cell)}; an age is expected", '34, 30-40, 60+, or "8 months"')


def _sane(low: int, high: int | None) -> Ages:
    most = low if high is None else high
    if most > OLDEST:
        raise CellError(f'is "{most}"; an age of at most {OLDEST} is read', "is it a year of birth?")
    return low, high


def _days(
    field: str, rule: Rule, until: Rule | None, zone: ZoneInfo, cell: str | None, last: str | None
) -> tuple[date | None, date | None]:
    cells = Cells()
    one = cells.optional(name_of(field, rule), days(rule, zone), cell)
    other = cells.optional(name_of(f"{field}_until", until), days(until or rule, zone), last)
    if one and other and other[1] < one[0]:
        cells.note(
            f"{name_of(f'{field}_until', until)} is before {name_of(field, rule)}", "are they swapped?"
        )
    cells.done()
    spans = [span for span in (one, other) if span]
    if not spans or one is None:  # that it ended by some day leaves its start open; a list says no such thing
        return None, None
    return min(span[0] for span in spans), max(span[1] for span in spans)


def days(rule: Rule, zone: ZoneInfo) -> Callable[[str], Days]:
    """Return a reader of a date as the first and last local day it may mean.

    The format is the rule's, or ISO 8601. A part may be missing: `00`, `??` or `xx` in its place, or only
    the month and year, or only the year, in the same order and with the same marks.
    """

    def read_(cell: str) -> Days:
        for form, text in _shapes(cell, rule.format):
            try:
                span = moment(Rule(column=rule.column or "date", format=form), zone)(text)[0]
            except CellError:
                continue
            if span.start is None or span.end is None:
                continue
            last = max(span.start, span.end - timedelta(microseconds=1))
            return span.start.astimezone(zone).date(), last.astimezone(zone).date()
        like = date(2016, 2, 27).strftime(rule.format or "%Y-%m-%d")
        hint = f"the mapping says {rule.format}: one column has one format" if rule.format else ""
        raise CellError(f'is {hidden(cell)}; a date such as "{like}" is expected', hint)

    return read_


def _shapes(cell: str, form: str) -> Iterator[tuple[str, str]]:
    """Yield the ways in which a date may be written, with a part of it missing: format and text."""
    if cell.startswith(TYPED):
        yield "", cell
        return
    text = plain(cell).translate(DIGITS).strip()
    yield form, text
    whole = form or "%Y-%m-%d"
    marks = re.findall(r"%[dmY]", whole)
    if sorted(marks) != ["%Y", "%d", "%m"] or re.search(r"%[^dmY]", whole):
        return
    between = re.split(r"%[dmY]", whole)[1]
    parts = [part.strip() for part in text.split(between)] if between else [text]
    absent = [not part or re.fullmatch(r"0+|[?xX_-]+", part) is not None for part in parts]
    if len(parts) == len(marks) - 1:
        marks = [mark for mark in marks if mark != "%d"]
    elif len(parts) == 1:
        marks = ["%Y"]
    kept = [(mark, part) for mark, part, gone in zip(marks, parts, absent, strict=False) if not gone]
    said = {mark for mark, _ in kept}
    if said in ({"%Y"}, {"%Y", "%m"}) and re.fullmatch(r"\d{4}", dict(kept)["%Y"]):
        yield between.join(mark for mark, _ in kept), between.join(part for _, part in kept)

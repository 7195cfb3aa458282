"""The fields of a claim, as a mapping file makes them of a table's cells.

Each reader here takes the cells of one field, or of fields that are told together, and gives columns of
CLAIM. A cell that the file itself types (a number or a date of a workbook) is read as what it is; text is
read in the marks and the order that the mapping states, and anything else is refused with its row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from holdfire import times
from holdfire.errors import BadInput
from holdfire.places import RADIUS, GeoPrecision
from holdfire.reading.cells import CellError, Cells, code, latitude, longitude, sane, shown
from holdfire.reading.mapping import CLOSED, Rule, date_of
from holdfire.reading.rows import Meaning, Said, disc, meaning, widened
from holdfire.reading.tabular import TYPED
from holdfire.records.claim import CLAIM
from holdfire.tables import Schema
from holdfire.times import Interval, Precision

Row = tuple[Any, ...]
Rules = dict[str, Rule]

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
STATED = ("event_type", "directed", "stance", "modality", "negated", "cumulative")
TRUTH = ("directed", "negated", "cumulative")
FINEST_FIRST = list(Precision)
HOURS = (Precision.MINUTE, Precision.HOUR)


def joint(rules: Sequence[Rule | None], read: Callable[..., Row], *gives: str, of: Schema = CLAIM) -> Meaning:
    """Return the meaning of several fields together; one that is not mapped is None for every row."""

    def call(*cells: str | None) -> Row:
        left = iter(cells)
        return read(*[_constant(rule) if rule is None or not rule.column else next(left) for rule in rules])

    return meaning([rule.column for rule in rules if rule and rule.column], call, *gives, of=of)


def _constant(rule: Rule | None) -> str | None:
    if rule is None or rule.value is None:
        return None
    return TYPED + (str(rule.value).lower() if isinstance(rule.value, bool) else str(rule.value))


def plain(cell: str) -> str:
    """Return a cell's text, without the mark of its type."""
    return cell.removeprefix(TYPED)


def name_of(field: str, rule: Rule | None) -> str:
    """Return what a message calls a field: its column, if it has one."""
    return rule.column if rule and rule.column else field


def closed(field: str, rule: Rule) -> Callable[[str], Any]:
    """Return a reader of a field with a closed list, translated if the mapping translates it."""
    known = {str(k): str(v).lower() if isinstance(v, bool) else v for k, v in rule.values.items()}
    read = code(known or {word: word for word in CLOSED.get(field, ())}) if known or field in CLOSED else str
    return lambda cell: read(plain(cell)) == "true" if field in TRUTH else read(plain(cell))


def alone(rules: Rules) -> list[Meaning]:
    """Return the meanings of the fields that stand alone: of closed lists, and plain words."""
    found = [joint((rules[f],), _needed(f, rules[f]), f) for f in STATED if f in rules]
    if "directed" not in rules:
        # A table that names an actor says who acted, unless the mapping says that two sides fought.
        found.append(joint((Rule(value=True),), lambda _: (True,), "directed"))
    if rule := rules.get("place"):
        found.append(joint((rule,), lambda cell: (cell and plain(cell).strip(),), "place"))
    return found


def _needed(field: str, rule: Rule) -> Callable[[str | None], Row]:
    read = closed(field, rule)

    def needed(cell: str | None) -> Row:
        cells = Cells()
        value = cells.read(name_of(field, rule), read, cell)
        cells.done()
        return (value,)

    return needed


def names(rules: Rules, said: Said) -> list[Meaning]:
    """Return the meanings of the fields that name someone, or a governorate."""
    sides = [field for field in ("actors", "targets") if field in rules]
    found = [joint((rules[f],), _who(f, rules[f], said), f, f"{f}_text") for f in sides]
    if rule := rules.get("admin1"):
        found.append(joint((rule,), lambda cell: (said.area(cell and plain(cell)),), "admin1"))
    if rule := rules.get("office"):
        split = rule.split or ";"
        found.append(joint((rule,), lambda cell: said.root(plain(cell or "").split(split)), "root", "voice"))
    return found


def _who(field: str, rule: Rule, said: Said) -> Callable[[str | None], Row]:
    known = code({k: str(v) for k, v in rule.values.items()}) if rule.values else None

    def who(cell: str | None) -> Row:
        if cell is None:
            return None, None
        text = plain(cell)
        parts = [part.strip() for part in (text.split(rule.split) if rule.split else [text]) if part.strip()]
        if known is None:
            return said.actors(parts), text
        cells = Cells()
        ids = [cells.read(name_of(field, rule), known, part) for part in parts]
        cells.done()
        return list(dict.fromkeys(ids)), text

    return who


def when(rules: Rules, zone: ZoneInfo) -> list[Meaning]:
    """Return the meaning of the fields that say when."""
    start, end, finest = (rules.get(field) for field in ("start", "end", "time_precision"))
    if start is None:
        return [joint((), lambda: (Precision.UNKNOWN.value,), "time_precision")]
    stated_by = closed("time_precision", finest) if finest else str

    def read(first: str | None, last: str | None, precision: str | None) -> Row:
        cells = Cells()
        one = cells.optional(name_of("start", start), moment(start, zone), first)
        other = cells.optional(name_of("end", end), moment(end or start, zone), last)
        stated = cells.optional(name_of("time_precision", finest), stated_by, precision)
        if one and other and other[0] != one[0] and other[0] < one[0]:
            cells.note(f"{name_of('end', end)} is before {name_of('start', start)}", "are they swapped?")
        cells.done()
        native = plain(precision or first or last or "") or None
        if stated == Precision.UNKNOWN.value or (one is None and other is None):
            return None, None, Precision.UNKNOWN.value, native
        if one is None:  # only its end is said
            return None, other and other[0].end, Precision.RANGE.value, native
        span, read_as = one[0].hull(other[0]) if other else one[0], one[1]
        if other and other[0] != one[0]:
            # Two times of day within a day say all; two dates may leave out the days beside them.
            of_day = one[1] in HOURS and other[1] in HOURS and _within_a_day(one[0], other[0])
            read_as = Precision.HOUR if of_day else max(Precision.RANGE, one[1], key=FINEST_FIRST.index)
        precise = max(Precision(stated or read_as), read_as, key=FINEST_FIRST.index)
        span = _widened(span, precise, zone)
        return span.start, span.end, precise.value, native

    gives = ("start", "end", "time_precision", "time_native")
    return [joint((start, end, finest), read, *gives)]


def _within_a_day(first: Interval, last: Interval) -> bool:
    return bool(first.start and last.end and last.end - first.start <= timedelta(days=1))


def _widened(span: Interval, precise: Precision, zone: ZoneInfo) -> Interval:
    if precise in (Precision.MINUTE, Precision.HOUR) or span.start is None or span.end is None:
        return span
    last = max(span.start, span.end - timedelta(microseconds=1))
    return times.days(
        *widened(span.start.astimezone(zone).date(), last.astimezone(zone).date(), precise), zone
    )


def moment(rule: Rule, zone: ZoneInfo) -> Callable[[str], tuple[Interval, Precision]]:
    """Return a reader of a date or time in the format a rule states, or in ISO 8601."""

    def read(cell: str) -> tuple[Interval, Precision]:
        text = plain(cell).translate(DIGITS)
        try:
            if cell.startswith(TYPED) or not rule.format:
                return _sane(times.parse(text, zone), zone)
            return _sane(_moment(date_of(text, rule.format), rule.format, zone), zone)
        except CellError:
            raise
        except (BadInput, ValueError, OverflowError):
            form = rule.format or "%Y-%m-%d"
            expected = date(2016, 2, 27).strftime(form) if form else ""
            hint = f"the mapping says {form}: one column has one format"
            raise CellError(
                f'is {shown(plain(cell))}; a date such as "{expected}" is expected', hint
            ) from None

    return read


def _sane(found: tuple[Interval, Precision], zone: ZoneInfo) -> tuple[Interval, Precision]:
    if found[0].start is not None:
        sane(found[0].start.astimezone(zone).date())
    return found


def _moment(when_: datetime, form: str, zone: ZoneInfo) -> tuple[Interval, Precision]:
    """Return the whole of what a format names: the minute, the day, the month or the year."""
    if "%H" in form or "%I" in form:
        instant = when_.replace(tzinfo=zone).astimezone(UTC)
        if "%M" in form:
            return Interval(instant, instant), Precision.MINUTE
        return Interval(instant, instant + timedelta(hours=1)), Precision.HOUR
    iso = when_.date().isoformat()
    if "%d" not in form:
        iso = iso[:7] if re.search("%[mbB]", form) else iso[:4]
    return times.parse(iso, zone)


def where(rules: Rules, decimal: str) -> list[Meaning]:
    """Return the meaning of the fields that say where."""
    fields = [rules.get(field) for field in ("lat", "lon", "radius", "geo_precision")]
    lat, lon, _, precision = fields
    classes = closed("geo_precision", precision) if precision else str

    def number(read: Callable[[str], Any]) -> Callable[[str], Any]:
        def mark(cell: str) -> Any:
            text = plain(cell).translate(DIGITS)
            if decimal == "comma" and not cell.startswith(TYPED):
                if "." in text:
                    raise CellError(f"is {shown(text)}; the mapping says that decimals have a comma")
                text = text.replace(",", ".")
            return read(text)

        return mark

    def read(north: str | None, east: str | None, across: str | None, finest: str | None) -> Row:
        cells = Cells()
        at = (
            cells.optional(name_of("lat", lat), number(latitude), north),
            cells.optional(name_of("lon", lon), number(longitude), east),
        )
        metres = cells.optional(name_of("radius", fields[2]), number(_metres), across)
        stated = cells.optional(name_of("geo_precision", precision), classes, finest)
        if (north is None) != (east is None):
            cells.note(
                f"one of {name_of('lat', lat)} and {name_of('lon', lon)} is empty", "give both or neither"
            )
        cells.done()
        native = finest and plain(finest)
        if at[0] is None:
            return None, None, None, stated or GeoPrecision.UNKNOWN.value, native
        if metres is None:
            return *disc(*at, GeoPrecision(stated or GeoPrecision.UNKNOWN)), native
        return *at, metres, stated or _class_of(metres), native

    return [joint(fields, read, "lat", "lon", "radius", "geo_precision", "geo_native")]


def _metres(cell: str) -> float:
    if not re.fullmatch(r"\d{1,7}(\.\d+)?", cell) or float(cell) <= 0:
        raise CellError(f"is {shown(cell)}; a radius in metres above 0 is expected")
    return float(cell)


def _class_of(metres: float) -> str:
    """Return the finest class of place that is at least this wide."""
    wide = [kind for kind, radius in RADIUS.items() if radius >= metres]
    return (wide[0] if wide else GeoPrecision.GOVERNORATE).value

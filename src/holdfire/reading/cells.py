"""One cell as written becomes a value, or says what is wrong with it.

Nothing is guessed: a number with a thousands mark, a date in another order, a code that is not on the
list is refused. What a refusal quotes is a number, a date or a value of a closed list, never free text:
a row that is shifted by a cell may hold a name where a number should stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from holdfire.errors import nearest

Value = TypeVar("Value")

MOST_PEOPLE = 100_000_000
"""Largest count of people that is read; more is a slip of the keyboard."""
FIRST_YEAR, LAST_YEAR = 1900, 2400

_WHOLE = re.compile(r"\d{1,18}(\.0+)?")
_DECIMAL = re.compile(r"-?\d{1,9}(\.\d{1,20})?")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]00:00(?::00(?:\.0+)?)?)?")


class CellError(ValueError):
    """One or more things wrong with the cells of one row, each with what to try."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.faults: list[tuple[str, str]] = [(problem, hint)]


class Cells:
    """Reads several cells of one row, so that all that is wrong is said at once.

    >>> cells = Cells()
    >>> cells.read("low", whole, "4")
    4
    >>> cells.read("best", whole, "four"), cells.read("high", whole, "-1")
    (None, None)
    >>> cells.done()
    Traceback (most recent call last):
    ...
    holdfire.reading.cells.CellError: best is text of 4 characters; a whole number is expected
    """

    def __init__(self) -> None:
        self._faults: list[tuple[str, str]] = []

    def read(self, column: str, reader: Callable[[str], Any], cell: str | None) -> Any:
        """Return the value of a cell that may not be empty; where it has none, `done` raises."""
        if cell is None:
            self._faults.append((f"{column} is empty", ""))
            return None
        return self.optional(column, reader, cell)

    def optional(self, column: str, reader: Callable[[str], Value], cell: str | None) -> Value | None:
        """Return the value of a cell that may be empty; where it cannot be read, `done` raises."""
        if cell is None:
            return None
        try:
            return reader(cell)
        except CellError as error:
            self._faults += [(f"{column} {problem}", hint) for problem, hint in error.faults]
            return None

    def note(self, problem: str, hint: str = "") -> None:
        """Say what else is wrong with the row."""
        self._faults.append((problem, hint))

    def done(self) -> None:
        """Raise CellError with all faults, or return if there are none."""
        if self._faults:
            error = CellError(*self._faults[0])
            error.faults = self._faults
            raise error


def shown(cell: str) -> str:
    """Return a cell as a message may show it: numbers and dates quoted, other text only measured.

    >>> shown("12,5"), shown("a name")
    ('"12,5"', 'text of 6 characters')
    """
    if len(cell) <= 30 and re.search(r"\d", cell):
        return f'"{cell}"'
    if not re.search(r"\w", cell) or cell.casefold() in ("na", "nan", "inf", "-inf", "null", "none", "n/a"):
        return f'"{cell[:30]}"'
    return f"text of {len(cell)} characters"


def whole(cell: str) -> int:
    """Return a count, written `3` or `3.0`.

    Raises:
        CellError: It is no whole number of 0 or more, or more than there are people to count.
    """
    if not _WHOLE.fullmatch(cell):
        hint = "write 1234, without a mark or a unit" if re.search(r"\d[ ,.']\d{3}", cell) else ""
        raise CellError(f"is {shown(cell)}; a whole number is expected", hint)
    number = int(cell.partition(".")[0])
    if number > MOST_PEOPLE:
        raise CellError(f'is "{cell}"; at most {MOST_PEOPLE} is read')
    return number


def latitude(cell: str) -> float:
    """Return a latitude [degrees], -90 to 90."""
    return _degrees(cell, 90)


def longitude(cell: str) -> float:
    """Return a longitude [degrees], -180 to 180."""
    return _degrees(cell, 180)


def degrees(cell: str) -> float:
    """Return a number of degrees, in range or not."""
    if not _DECIMAL.fullmatch(cell):
        raise CellError(
            f"is {shown(cell)}; decimal degrees are expected", "36.2012, with a point and no sign ° or N"
        )
    return float(cell)


def _degrees(cell: str, most: int) -> float:
    number = degrees(cell)
    if abs(number) > most:
        raise CellError(f'is "{cell}"; {-most} to {most} is expected')
    return number


def iso_day(cell: str) -> date:
    """Return a day written `2016-02-27`, midnight after it allowed.

    Raises:
        CellError: It is no such day, or lies outside the years that are read.
    """
    found = _DAY.fullmatch(cell)
    if not found:
        raise CellError(f"is {shown(cell)}; a date is expected", "2016-02-27")
    year, month, day = (int(part) for part in found[1].split("-"))
    return _day(year, month, day, cell)


def slashed_day(cell: str) -> date:
    """Return a day written day first, with slashes: `27/02/2016`."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", cell)
    if not found:
        raise CellError(f"is {shown(cell)}; a date is expected", "27/02/2016, day first")
    return _day(int(found[3]), int(found[2]), int(found[1]), cell)


def spoken_day(cell: str) -> date:
    """Return a day written with the English name of its month: `27 February 2016`."""
    found = re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})", cell)
    month = next((n for n, name in enumerate(MONTHS, 1) if found and _names(found[2], name)), None)
    if not found or not month:
        raise CellError(f"is {shown(cell)}; a date is expected", "27 February 2016")
    return _day(int(found[3]), month, int(found[1]), cell)


MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
"""Written out, since the month names of the standard library follow the machine's language."""


def _names(word: str, month: str) -> bool:
    return word.lower() in (month, month[:3])


def _day(year: int, month: int, day: int, cell: str) -> date:
    try:
        return sane(date(year, month, day))
    except ValueError as error:
        if isinstance(error, CellError):
            raise
        raise CellError(f'is "{cell}", a day that does not exist') from None


def sane(day: date) -> date:
    """Return the day, or raise CellError if its year cannot be meant."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError(f'is "{day.isoformat()}"; years {FIRST_YEAR} to {LAST_YEAR} are read')
    return day


def code(known: Mapping[str, Value]) -> Callable[[str], Value]:
    """Return a reader of one closed list, which gives what each of its values means.

    A number may be written `3` or `3.0`; letters may be of either case.
    """
    folded: dict[str, Any] = {key.casefold(): meant for key, meant in known.items()}

    def read(cell: str) -> Value:
        plain = re.sub(r"\.0+$", "", cell) if _WHOLE.fullmatch(cell) else cell
        try:
            return folded[plain.casefold()]  # type: ignore[no-any-return]
        except KeyError:
            raise CellError(f'is "{cell[:40]}"', nearest(cell, known)) from None

    return read


def bare(cell: str | None) -> str | None:
    """Return a code as the dataset writes it, without a needless `.0`."""
    return None if cell is None else re.sub(r"\.0+$", "", cell)

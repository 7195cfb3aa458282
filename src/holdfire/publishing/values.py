"""What a sentence or a cell of the bulletin can hold, in no language yet.

The content of a bulletin is made of these, so that each language's pages and the JSON say the same: a page
asks `words.Lexicon` how a value reads, the JSON takes `plain`. Blocks are what sections are made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from holdfire.publishing.figures import Figure
from holdfire.publishing.material import Words
from holdfire.publishing.redaction import spelled
from holdfire.times import utc


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure with the noun it counts, in the plural the language asks for."""

    figure: Figure
    noun: str


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a closed list, such as a verdict."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """An actor or a source, by id.

    `label` is what the agreement calls it if it is excluded; `also` its usual name, where `name` is
    another that it bore on the day.
    """

    kind: str
    id: str
    name: Words
    label: Words = field(default_factory=dict)
    also: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """Words given by language."""

    words: Words


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words as a source wrote them, already redacted, in the source's own language."""

    text: str


@dataclass(frozen=True, slots=True)
class Hash:
    """A digest or identifier, set so that it may break anywhere."""

    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A link to the page of a determination."""

    id: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class Between:
    """A time as vague as its source: UTC, `start <= t < end`; None is open."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Rate:
    """A number a day, in hundredths, with the figure it is made from; None: given from outside."""

    hundredths: int
    of: Figure | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """At least, best and at most; None is not known. `silent` counts what no one gave a figure for.

    Where nothing is recorded, `low` rests on nothing, and the range reads "none recorded" and not zero.
    """

    low: Figure
    best: Figure | None
    high: Figure | None
    silent: Figure | None = None
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A number of one incident, with the noun it counts; it leads to that incident's determination."""

    value: int
    noun: str
    id: str


@dataclass(frozen=True, slots=True)
class OwnRange:
    """Deaths or injuries of one incident; None: no claim says. It leads to that incident's determination."""

    low: int | None
    best: int | None
    high: int | None
    id: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link to a place or file of the site, with its words."""

    href: str
    words: Value


@dataclass(frozen=True, slots=True)
class Several:
    """Several values in a row; none reads as a dash."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A fixed sentence inside a cell."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


Value = (
    Figure
    | Counted
    | Code
    | Name
    | Text
    | Verbatim
    | Hash
    | Ref
    | Span
    | Month
    | Between
    | Rate
    | Range
    | Own
    | OwnRange
    | Anchor
    | Several
    | Said
    | date
    | datetime
    | str
    | None
)


@dataclass(frozen=True, slots=True)
class Line:
    """One fixed sentence; `tone` is `plain`, `lead`, `note` or `warning`."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values."""

    rows: tuple[tuple[str, Value], ...]
    title: Value = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `key` names its caption, `columns` its heads; the first cell of a row is its head.

    `total` says that the last row adds up the others; `anchors` names each row, for links to it.
    """

    key: str
    columns: tuple[Value, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: bool = False
    values: Mapping[str, Value] = field(default_factory=dict)
    anchors: tuple[str, ...] = ()

    @property
    def body(self) -> tuple[tuple[Value, ...], ...]:
        """Return the rows without the total."""
        return self.rows[:-1] if self.total else self.rows

    def numeric(self, column: int) -> bool:
        """Return whether a column holds numbers."""
        return any(isinstance(row[column], Figure | Rate) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Headlines:
    """The few figures that stand large: what each is, this period's and the one before."""

    items: tuple[tuple[Value, Value, Value], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section; `anchor` lets other pages point at it."""

    words: Value
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Incidents as rows, by area: determination ids in order; `key` names the caption."""

    key: str
    area: str
    ids: tuple[str, ...]
    page: str = ""
    """Page that lists them; empty: the bulletin itself does."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Listings that have pages of their own."""

    listings: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A case told in a few fixed sentences."""

    id: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart or map, by name; what is drawn comes with it as plain data."""

    name: str
    key: str
    data: Any


def label(key: str) -> Code:
    """Return a short fixed text, such as the head of a column."""
    return Code("label", key)


Block = Line | Facts | Table | Headlines | Heading | Listing | Elsewhere | Paragraph | Drawing


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered section."""

    number: int
    key: str
    blocks: tuple[Block, ...]


def plain(value: Any) -> Any:  # noqa: PLR0911 - one line for each kind of value
    """Return a value as JSON can hold it, with nothing left out and no float."""
    if isinstance(value, datetime):
        return {"time": utc(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Figure):
        found: dict[str, Any] = {"figure": value.id, "value": value.value}
        return {**found, "at_least": True} if value.at_least else found
    if isinstance(value, Between):
        return {"from": value.start and utc(value.start), "to": value.end and utc(value.end)}
    if isinstance(value, Verbatim):
        return {"verbatim": spelled(value.text)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return f"{value:.2f}"
    return {
        "is": type(value).__name__.lower(),
        **{name: plain(getattr(value, name)) for name in value.__dataclass_fields__},
    }

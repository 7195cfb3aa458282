"""A mapping file: which columns of a table say what, in YAML that a person writes and reads.

    # mappings/mission.yaml
    decimal: comma
    claims:
      start: {column: Date, format: "%d/%m/%Y"}
      place: Lieu                                   # a word alone is the name of a column
      lat: Latitude
      lon: Longitude
      geo_precision: {value: settlement}            # the same for every row
      event_type: {column: Type, values: {Frappe: attack.airstrike, Tir: attack.shelling}}
      actors: {column: Auteur, split: ";"}
      killed: Morts                                 # 3, or 3-5, or 3+

An empty cell says nothing: it never becomes a zero. A value of a closed list that is not translated
stops the file, with its row.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from holdfire import documents
from holdfire.documents import Document
from holdfire.errors import BadInput, Problem, nearest
from holdfire.places import GeoPrecision
from holdfire.reading.format import Content
from holdfire.records.claim import Modality, Stance
from holdfire.times import Precision

EVENT = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
BOUNDS = ("exact", "lower", "upper", "vague")
CLOSED: dict[str, tuple[str, ...]] = {
    "stance": tuple(s.value for s in Stance),
    "modality": tuple(m.value for m in Modality),
    "time_precision": tuple(p.value for p in Precision),
    "geo_precision": tuple(p.value for p in GeoPrecision),
    "quantity_bound": BOUNDS,
    "directed": ("true", "false"),
    "negated": ("true", "false"),
    "cumulative": ("true", "false"),
}
"""What each field of a closed list may hold."""


class Rule(Document):
    """How one field is made.

    Attributes:
        column: Name of a column.
        value: The same for every row, in place of a column.
        values: What each value of the column means to us; given, it is a closed list.
        format: Of a date, in the signs of strftime; empty: ISO 8601.
        split: What stands between several names of one cell.
    """

    column: str = ""
    value: str | int | float | bool | None = None
    values: dict[str, str | bool] = {}
    format: str = ""
    split: str = ""

    @model_validator(mode="before")
    @classmethod
    def _word(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one(self) -> Rule:
        if bool(self.column) == (self.value is not None):
            raise ValueError('give "column" or "value", one of the two')
        return self

    @field_validator("format")
    @classmethod
    def _signs(cls, form: str) -> str:
        if form:
            for sign in re.findall(r"%(.?)", form):
                if sign not in "YymdBbHMSI p%".replace(" ", ""):
                    raise ValueError(f'"%{sign}" is no sign of a date that is read; %Y %m %d %H %M and so on')
            if "%Y" not in form and "%y" not in form:
                raise ValueError("a date needs its year: %Y")
        return form


class Fields(Document):
    """The fields of a claim that a table may fill."""

    event_type: Rule
    start: Rule | None = None
    end: Rule | None = None
    time_precision: Rule | None = None
    place: Rule | None = None
    admin1: Rule | None = None
    lat: Rule | None = None
    lon: Rule | None = None
    radius: Rule | None = None
    geo_precision: Rule | None = None
    actors: Rule | None = None
    targets: Rule | None = None
    directed: Rule | None = None
    stance: Rule | None = None
    modality: Rule | None = None
    negated: Rule | None = None
    killed: Rule | None = None
    killed_low: Rule | None = None
    killed_best: Rule | None = None
    killed_high: Rule | None = None
    civilians: Rule | None = None
    civilians_low: Rule | None = None
    civilians_high: Rule | None = None
    injured: Rule | None = None
    injured_low: Rule | None = None
    injured_high: Rule | None = None
    quantity: Rule | None = None
    quantity_bound: Rule | None = None
    counting_rule: Rule | None = None
    cumulative: Rule | None = None
    office: Rule | None = None

    @model_validator(mode="after")
    def _fit(self) -> Fields:
        for one, other in (
            ("lat", "lon"),
            ("end", "start"),
            ("radius", "lat"),
            ("quantity", "counting_rule"),
        ):
            if getattr(self, one) and not getattr(self, other):
                raise ValueError(f'"{one}" needs "{other}"')
        if self.lon and not self.lat:
            raise ValueError('"lon" needs "lat"')
        for whole in ("killed", "civilians", "injured"):
            parts = [f"{whole}_{end}" for end in ("low", "best", "high") if hasattr(self, f"{whole}_{end}")]
            if getattr(self, whole) and any(getattr(self, part) for part in parts):
                raise ValueError(f'give "{whole}", or its parts {", ".join(parts)}, not both')
        if self.lat and not (self.radius or self.geo_precision):
            raise ValueError('"lat" needs "radius" or "geo_precision": how far off may the point be?')
        self._check_values()
        return self

    def _check_values(self) -> None:
        for name, rule in self.rules().items():
            given = [*rule.values.values()] if rule.values else [rule.value] if rule.value is not None else []
            for value in given:
                word = str(value).lower() if isinstance(value, bool) else str(value)
                if name in CLOSED and word not in CLOSED[name]:
                    raise ValueError(f'{name} is "{word}"; {nearest(word, CLOSED[name])}')
                if name == "event_type" and not EVENT.fullmatch(word):
                    raise ValueError(
                        f'event_type is "{word}"; family.kind is expected, such as attack.shelling'
                    )
        if not self.event_type.values and self.event_type.value is None:
            raise ValueError('event_type needs "values", which translate each value of its column')

    def rules(self) -> dict[str, Rule]:
        """Return the fields that are given, by name."""
        return {name: rule for name in type(self).model_fields if (rule := getattr(self, name)) is not None}


class MappingFile(Document):
    """How a table is read.

    Attributes:
        about: A note for the next reader.
        separator: Between cells; empty: told from the header.
        header: Line of the header, from 1.
        sheet: Of a workbook; empty: the first.
        decimal: Mark of decimals in text.
        missing: What is written for an empty cell, besides nothing.
        show: Columns that may be shown beside a claim; empty: those that are mapped, without coordinates.
        claims: How each field is made.
    """

    about: str = ""
    separator: Literal["", ",", ";", "\t", "|"] = ""
    header: int = Field(1, ge=1, le=1000)
    sheet: str = ""
    decimal: Literal["point", "comma"] = "point"
    missing: list[str] = []
    show: list[str] = []
    claims: Fields

    def columns(self) -> list[str]:
        """Return the columns that claims are made of."""
        return sorted({rule.column for rule in self.claims.rules().values() if rule.column})

    def shown(self) -> list[str]:
        """Return the columns that may be shown: never coordinates."""
        rules = self.claims.rules()
        exact = {rules[name].column for name in ("lat", "lon") if name in rules}
        return [name for name in (self.show or self.columns()) if name not in exact]


def read_mapping(text: str, file: str = "mapping") -> MappingFile:
    """Return what a mapping file says.

    Raises:
        BadInput: All its problems, each with its line and, for a field, the nearest known one.
    """
    try:
        return documents.read(MappingFile, text, file)
    except BadInput as error:
        raise BadInput.of(_hinted(problem) for problem in error.problems) from None


def _hinted(problem: Problem) -> Problem:
    found = re.fullmatch(r'"((?:\w+\.)*)(\w+)" is not a field here', problem.problem)
    if not found:
        return Problem(problem.problem.removeprefix("claims: "), problem.where, problem.hint)
    models: dict[str, type[Document]] = {"": MappingFile, "claims.": Fields}
    model = models.get(found[1], Rule)
    return Problem(problem.problem, problem.where, nearest(found[2], model.model_fields))


def check_columns(mapping: MappingFile, header: list[str], file: str) -> None:
    """Raise BadInput for each column that the mapping names and the table lacks."""
    found = [
        Problem(f'the mapping names a column "{name}" that the table lacks', file, nearest(name, header))
        for name in sorted({*mapping.columns(), *mapping.show} - set(header))
    ]
    if found:
        raise BadInput.of(found)


def date_of(cell: str, form: str) -> datetime:
    """Return the moment a cell names in a format of strftime.

    Raises:
        ValueError: It names none.
    """
    return datetime.strptime(cell, form)


def suggest(content: Content) -> str:
    """Return a draft of a mapping file for a table, from its header and first 500 rows.

    What is unsure is said in it and left out of force, so that it is not read by mistake.

    Raises:
        BadInput: The table cannot be read.
    """
    from holdfire.reading.drafting import draft

    return draft(content)

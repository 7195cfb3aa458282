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
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, model_validator

from holdfire import documents
from holdfire.documents import Document
from holdfire.errors import BadInput, Problem, nearest
from holdfire.places import GeoPrecision
from holdfire.records.claim import Modality, Stance
from holdfire.times import Precision

EVENT = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
BOUNDS = ("exact", "lower", "upper", "vague")
NEEDS = (("lat", "lon"), ("lon", "lat"), ("end", "start"), ("radius", "lat"), ("quantity", "counting_rule"))
"""Fields that mean nothing without another."""
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

    def rules(self) -> dict[str, Rule]:
        """Return the fields that are given, by name."""
        return {name: rule for name in type(self).model_fields if (rule := getattr(self, name)) is not None}


class TableFile(Document):
    """How a table is opened, whatever its rows say.

    Attributes:
        about: A note for the next reader.
        separator: Between cells; empty: told from the header.
        header: Line of the header, from 1.
        sheet: Of a workbook; empty: the first.
        decimal: Mark of decimals in text.
        missing: What is written for an empty cell, besides nothing.
    """

    about: str = ""
    separator: Literal["", ",", ";", "\t", "|"] = ""
    header: int = Field(1, ge=1, le=1000)
    sheet: str = ""
    decimal: Literal["point", "comma"] = "point"
    missing: list[str] = []


class MappingFile(TableFile):
    """How a table is read.

    Attributes:
        show: Columns that may be shown beside a claim; empty: those that are mapped, without coordinates.
        claims: How each field is made.
    """

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
    written = documents.load(text, file)
    try:
        mapping = documents.check(MappingFile, written, file)
    except BadInput as error:
        raise BadInput.of(_hinted(problem) for problem in error.problems) from None
    claims = mapping.claims
    found = [
        Problem(problem, f"{file}, line {documents.line_of(written, ('claims', field))}", hint)
        for field, problem, hint in (*_misruled(claims), *_unfit(claims), *_unknown(claims))
    ]
    if found:
        raise BadInput.of(found)
    return mapping


def _misruled(fields: Fields) -> Iterator[tuple[str, str, str]]:
    """Yield each field whose rule cannot stand as it is."""
    for name, rule in fields.rules().items():
        if bool(rule.column) == (rule.value is not None):
            yield name, f'"{name}" needs "column" or "value", one of the two', ""
        if rule.format and name not in ("start", "end"):
            yield name, f'"{name}" is no date, so it has no format', ""
        elif problem := misformed(rule.format):
            yield name, f"{name}.format: {problem}", '"%d/%m/%Y", or "%Y-%m-%d %H:%M"'


def _unfit(fields: Fields) -> Iterator[tuple[str, str, str]]:
    """Yield each field that cannot stand without another, or beside it."""
    given = fields.rules()
    for one, other in NEEDS:
        if one in given and other not in given:
            yield one, f'"{one}" needs "{other}"', ""
    if "lat" in given and not {"radius", "geo_precision"} & set(given):
        yield "lat", '"lat" needs "radius" or "geo_precision"', "how far off may the point be?"
    for whole in ("killed", "civilians", "injured"):
        if parts := [name for name in given if whole in given and name.startswith(f"{whole}_")]:
            yield whole, f'"{whole}" is given beside {", ".join(parts)}', "give the one or the others"
    if "event_type" in given and given["event_type"].column and not given["event_type"].values:
        yield "event_type", 'event_type needs "values", which translate each value of its column', ""


def misformed(form: str) -> str:
    """Return what is wrong with the format of a date; empty: nothing."""
    for sign in re.findall(r"%(.?)", form):
        if sign not in set("YymdBbHMSIp%"):
            return f'"%{sign}" is no sign of a date that is read'
    return "a date needs its year, %Y" if form and not {"%Y", "%y"} & set(re.findall("%.", form)) else ""


def _unknown(fields: Fields) -> Iterator[tuple[str, str, str]]:
    """Yield each value of a closed list that is not on it."""
    for name, rule in fields.rules().items():
        for value in rule.values.values() if rule.values else () if rule.value is None else (rule.value,):
            word = str(value).lower() if isinstance(value, bool) else str(value)
            if name in CLOSED and word not in CLOSED[name]:
                yield name, f'{name} is "{word[:40]}"', nearest(word, CLOSED[name])
            if name == "event_type" and not EVENT.fullmatch(word):
                yield name, f'event_type is "{word[:40]}"; family.kind is expected', "such as attack.shelling"


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

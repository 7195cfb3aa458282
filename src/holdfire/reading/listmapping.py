"""A mapping of a list of the dead: which columns name someone, and what else is said of them.

    # mappings/list.yaml
    scope:                                   # who is on the list, in the words of those who keep it
      who: "people killed by violence, civilian or not"
      where: "the Strip"
      when: "1 May to 31 July 2031"
    deaths:
      id: No
      name: الاسم                            # a full name; or its parts: given, father, grandfather, family
      name_other: Name                       # the same name in a second script
      sex: {column: الجنس, values: {ذكر: male, أنثى: female}}
      age: العمر                             # 34, 30-40, 30+, "8 months"
      died: {column: التاريخ, format: "%d/%m/%Y"}
      admin1: المحافظة
      status: {column: الصفة, values: {مدني: civilian, مقاتل: combatant, "-": unknown}}

A list without a column that names someone is refused. An empty cell says nothing. What is wrong is said with
its row and its column; the words of a list are never repeated, since they are names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pydantic import Field

from holdfire import documents
from holdfire.documents import Document
from holdfire.errors import BadInput, Problem, nearest
from holdfire.reading import layout
from holdfire.reading.mapping import MappingFile, Rule, TableFile, misformed, read_mapping
from holdfire.records.actor import fold
from holdfire.records.death import Sex, Status

NAMING = ("name", "name_other", "given", "father", "grandfather", "family")
"""Fields that hold names, or parts of one."""
ENOUGH = (("name",), ("name_other",), ("given", "family"), ("given", "father"))
"""Fields that name someone: the first that is given whole."""
DATED = ("born", "died", "died_until")
SHARED = ("sex", "died", "died_until", "place", "admin1", "status")
"""Fields that may be the same for every row."""
CLOSED = {
    "sex": (*(s.value for s in Sex), "unknown"),
    "status": tuple(s.value for s in Status),
}
"""What the fields of closed lists may hold; of sex, `unknown` is the same as silence."""


class DeathFields(Document):
    """The fields of an entry that a list may fill."""

    id: Rule | None = None
    name: Rule | None = None
    name_other: Rule | None = None
    given: Rule | None = None
    father: Rule | None = None
    grandfather: Rule | None = None
    family: Rule | None = None
    sex: Rule | None = None
    age: Rule | None = None
    age_low: Rule | None = None
    age_high: Rule | None = None
    born: Rule | None = None
    died: Rule | None = None
    died_until: Rule | None = None
    place: Rule | None = None
    admin1: Rule | None = None
    status: Rule | None = None

    def rules(self) -> dict[str, Rule]:
        """Return the fields that are given, by name."""
        return {name: rule for name in type(self).model_fields if (rule := getattr(self, name)) is not None}


class ListScope(Document):
    """Who is on a list, in the words of those who keep it. Lists of different people are never added.

    Attributes:
        who: Whom it counts.
        where: Of what area.
        when: Of what time.
        cite: Where the keepers say so.
    """

    who: str = Field(min_length=1)
    where: str = ""
    when: str = ""
    cite: str = ""

    def __str__(self) -> str:
        """Return it as one line."""
        return "; ".join(part for part in (self.who, self.where, self.when) if part)


class ListFile(TableFile):
    """How a list of the dead is read.

    Attributes:
        scope: Who is on the list; None: no one has written it down.
        deaths: How each field is made.
    """

    scope: ListScope | None = None
    deaths: DeathFields

    def columns(self) -> list[str]:
        """Return the columns that entries are made of."""
        return sorted({rule.column for rule in self.deaths.rules().values() if rule.column})


def read_table(text: str, file: str = "mapping") -> MappingFile | ListFile:
    """Return what a mapping file says: of a table of claims, or of a list of the dead.

    Raises:
        BadInput: All its problems, each with its line.
    """
    written = documents.load(text, file)
    if "deaths" not in written:
        return read_mapping(text, file)
    if "claims" in written:
        raise BadInput(
            'a table has "claims" or "deaths", not both',
            f"{file}, line {documents.line_of(written, ('claims',))}",
            "a row of a list of the dead is one death; what happened is told by other reports",
        )
    try:
        mapping = documents.check(ListFile, written, file)
    except BadInput as error:
        raise BadInput.of(_hinted(problem) for problem in error.problems) from None
    found = [
        Problem(problem, f"{file}, line {documents.line_of(written, ('deaths', field))}", hint)
        for field, problem, hint in (*_nameless(mapping.deaths), *_misruled(mapping.deaths))
    ]
    if found:
        raise BadInput.of(found)
    return mapping


def _hinted(problem: Problem) -> Problem:
    found = re.fullmatch(r'"((?:\w+\.)*)(\w+)" is not a field here', problem.problem)
    if not found:
        return Problem(problem.problem.removeprefix("deaths: "), problem.where, problem.hint)
    models: dict[str, type[Document]] = {"": ListFile, "deaths.": DeathFields, "scope.": ListScope}
    return Problem(problem.problem, problem.where, nearest(found[2], models.get(found[1], Rule).model_fields))


def _nameless(fields: DeathFields) -> Iterator[tuple[str, str, str]]:
    given = fields.rules()
    if not any(all(name in given for name in whole) for whole in ENOUGH):
        yield (
            "",
            "no column names anyone",
            'give "name", or its parts "given" and "family": without names no two entries can be told to be'
            " of one person",
        )


def _misruled(fields: DeathFields) -> Iterator[tuple[str, str, str]]:
    given = fields.rules()
    for name, rule in given.items():
        for problem, hint in (*_unfit(name, rule), *_unknown(name, rule)):
            yield name, problem, hint
    for one in ("age_low", "age_high"):
        if one in given and "age" in given:
            yield one, f'"{one}" is given beside "age"', "give the one or the other"
    if "died_until" in given and "died" not in given:
        yield "died_until", '"died_until" needs "died"', ""


def _unfit(name: str, rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield what a rule says that its field has no use for."""
    if bool(rule.column) == (rule.value is not None):
        yield f'"{name}" needs "column" or "value", one of the two', ""
    elif rule.value is not None and name not in SHARED:
        yield f'"{name}" is not the same for every row', "name its column"
    if rule.split:
        yield f'"{name}" is one thing, so nothing splits it', ""
    if rule.format and name not in DATED:
        yield f'"{name}" is no date, so it has no format', ""
    elif problem := misformed(rule.format):
        yield f"{name}.format: {problem}", '"%d/%m/%Y", or "%Y-%m-%d"'


def _unknown(name: str, rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield each value that a closed list does not have."""
    if rule.values and name not in CLOSED:
        yield f'"{name}" is no closed list, so it has no values', ""
    for value in rule.values.values() if rule.values else () if rule.value is None else (rule.value,):
        if name in CLOSED and str(value) not in CLOSED[name]:
            yield f'{name} is "{str(value)[:40]}"', nearest(str(value), CLOSED[name])


def check_list(mapping: ListFile, header: list[str], file: str) -> None:
    """Raise BadInput for each column that the mapping names and the list lacks.

    What the list has instead is not repeated, unless it is a common word for a column: where the header is
    not where the mapping says, the cells of its line are those of a person.
    """
    known = {fold(word) for words in layout.raw("lists")["fields"].values() for word in words}
    common = [name for name in header if fold(name) in known]
    found = [
        Problem(
            f'the mapping names a column "{name}" that the list lacks',
            file,
            nearest(name, common) if common else f"is line {mapping.header} its header? `header:` says which",
        )
        for name in sorted(set(mapping.columns()) - set(header))
    ]
    if found:
        raise BadInput.of(found)


def unquoted(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield problems of opening a list without the words they quote, which may be names."""
    for each in problems:
        said = re.sub(r' ?".*"', "", each.problem, flags=re.DOTALL)
        yield Problem(said, each.where, "" if '"' in each.hint else each.hint)

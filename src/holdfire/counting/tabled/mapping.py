"""What a table's columns mean, said by a person where they cannot be told by themselves.

# lists.yaml
lists: [hospital, survey, obituaries]   # columns of 0 and 1
count: n                                # people of a row; `rows: people` if each row is one person
by: [governorate, sex]                  # strata: different people, added draw by draw
apart: [threshold]                      # accounts of the same people: shown side by side, never added
missing: ["-", unknown]                 # written for a label that is not known
offices: {Ministry of Health: [hospital, survey]}   # lists that one office keeps
within: {column: died, first: 2023-10-07, last: 2024-06-30}
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from holdfire import documents
from holdfire.documents import Document


class Within(Document):
    """The days that people must have died in.

    Attributes:
        column: Column of days, ISO 8601.
        first: First day.
        last: Last day, included.
    """

    column: str
    first: documents.When
    last: documents.When


class ListsFile(Document):
    """How a table of lists is read; what is not said is found by itself.

    Attributes:
        lists: Columns of 0 and 1, one a list.
        pattern: Column that holds all lists at once, such as 0110.
        names: Names of the lists of a pattern, from the left.
        count: Column of people.
        rows: Whether a row is one pattern with its count, or one person.
        by: Columns that tell different people apart.
        apart: Columns that tell accounts of the same people apart.
        missing: What is written for a label that is not known, besides nothing.
        offices: Lists by the office that keeps them, where one keeps several.
        join: Whether lists of one office are taken as one list.
        pool: Whether rows that the named columns do not tell apart are different people, to be added.
        within: The days that people must have died in.
        sheet: Sheet of a workbook; empty: the first.
        header: Line of the header, from 1.
        separator: What stands between cells; empty: what the header has most of.
    """

    lists: tuple[str, ...] = ()
    pattern: str = ""
    names: tuple[str, ...] = ()
    count: str = ""
    rows: Literal["", "patterns", "people"] = ""
    by: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    offices: dict[str, tuple[str, ...]] = {}
    join: bool = False
    pool: bool = False
    within: Within | None = None
    sheet: str = ""
    header: int = Field(default=1, ge=1)
    separator: str = ""


def read_mapping(text: str, file: str) -> ListsFile:
    """Return what a mapping file says.

    Raises:
        BadInput: All its problems, each with its line.
    """
    return documents.read(ListsFile, text, file)

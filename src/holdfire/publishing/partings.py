"""On which questions determinations of one incident part: ours, and those of others, side by side.

Two who rule on one incident seldom answer the same questions. A question on which only one of them spoke
parts nobody; where two gave answers and these differ, it is named, with each answer and its clause. Nobody's
answer is changed for another's, and no verdict here follows from how many others ruled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from holdfire.answers import Answer
from holdfire.publishing.entries import QUESTIONS as ASKED
from holdfire.publishing.entries import Entry
from holdfire.publishing.material import Ruling
from holdfire.records.determination import Asked

QUESTIONS = ("occurrence", "attribution", *(asked.value for asked in Asked), "verdict")
"""What may be answered, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to a question.

    Attributes:
        by: Who gave it; empty: this record.
        value: `yes`, `no` or `unclear`; a verdict; or actors apart by spaces, empty for nobody named.
        clause: The clause it rests on; empty: none was named.
    """

    by: str
    value: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Parting:
    """One question on which determinations differ, with every answer given to it, ours first."""

    question: str
    given: tuple[Given, ...]


def ours(row: Mapping[str, Any]) -> dict[str, Given]:
    """Return our answers by question, from a DETERMINATION row."""
    found = {"occurrence": Given("", str(Answer.of(row["occurrence"])))}
    found["attribution"] = Given("", " ".join(sorted(row["attribution"] or ())))
    for asked, clause in zip_longest(Asked, row["clauses"], fillvalue=""):
        found[str(asked)] = Given("", str(Answer.of(row[str(asked)])), clause)
    return {**found, "verdict": Given("", str(row["verdict"]))}


def own(entry: Entry) -> dict[str, Any]:
    """Return the answers of a determination as `ours` takes them."""
    answers = dict(zip(ASKED, entry.questions, strict=True))
    found = {"occurrence": entry.occurrence, "attribution": entry.attribution, "verdict": entry.verdict}
    return {**answers, **found, "clauses": entry.clauses}


def theirs(ruling: Ruling) -> dict[str, Given]:
    """Return the answers of a ruling by question; one it leaves open is not there."""
    said = {**ruling.answers, "occurrence": ruling.occurrence, "verdict": ruling.verdict}
    found = {
        name: Given(ruling.by, value, ruling.clauses.get(name, "")) for name, value in said.items() if value
    }
    if ruling.attribution is not None:
        found["attribution"] = Given(ruling.by, " ".join(sorted(ruling.attribution)))
    return found


def partings(own: Mapping[str, Given], rulings: Iterable[Ruling]) -> Iterator[Parting]:
    """Yield each question on which two answers differ, in the order of `QUESTIONS`."""
    said = [own, *(theirs(ruling) for ruling in sorted(rulings, key=lambda each: (each.at, each.by)))]
    for question in QUESTIONS:
        given = tuple(each[question] for each in said if question in each)
        if len({each.value for each in given}) > 1:
            yield Parting(question, given)

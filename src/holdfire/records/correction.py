"""What a person said of a claim on looking again: a line of JSON each, in `hand/claims.jsonl`, never changed.

A correction says who, when, of which claim, what stood before, what should stand, and why. It names the claim
by its id and by where its trigger stands, so that it holds when the text is read again and the id is another.
It holds no word of any text: values are of closed lists, ids, dates and numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from holdfire.documents import Document, lines


class Act(StrEnum):
    """What a person does with a claim, or with words that no claim was read from."""

    ACCEPT = "accept"
    REJECT = "reject"
    SET = "set"
    ADD = "add"
    IGNORE = "ignore"
    UNDO = "undo"


FIELDS = (
    "event_type", "stance", "modality", "negated", "kind", "actors", "targets", "time", "place", "killed",
    "quantity",
)  # fmt: skip
"""Fields of a claim that a person may set."""

Value = Annotated[str, Field(max_length=200)]


class Correction(Document):
    """One judgement.

    Attributes:
        at: When, ISO 8601 in UTC.
        by: Who.
        report: Id of the report.
        claim: Id of the claim; empty: words that no claim was read from.
        trigger: [start, end) code points of the words that tell of the event.
        type: Event type of the claim as it was read; of an added one, as it should be.
        act: What is done.
        field: Of `set`, one of FIELDS.
        before: Of `set`, what was read.
        after: Of `set`, what should stand; ids apart by spaces, `none` for nothing.
        why: In words that name no person; empty: not said.
    """

    at: str
    by: str
    report: str
    claim: str = ""
    trigger: tuple[int, int]
    type: str
    act: Act
    field: str = ""
    before: Value = ""
    after: Value = ""
    why: Value = ""

    @property
    def line(self) -> str:
        """Return the line of the file."""
        given = {k: v for k, v in self.model_dump(mode="json").items() if v != ""}
        return json.dumps(given, ensure_ascii=False) + "\n"


def corrections(text: str, file: str) -> tuple[Correction, ...]:
    """Return the corrections of a file, in order.

    Raises:
        HoldfireError: Every line that is none, with its number.
    """
    hint = "undo it with `holdfire review claims`; lines are added, never edited"
    return lines(Correction, text, file, "correction", hint)


def standing(listed: Iterable[Correction]) -> tuple[Correction, ...]:
    """Return what stands after every `undo`, which takes back the last judgement of its claim."""
    kept: list[Correction] = []
    for each in listed:
        if each.act is not Act.UNDO:
            kept.append(each)
            continue
        about = [n for n, old in enumerate(kept) if (old.report, old.trigger) == (each.report, each.trigger)]
        if about:
            kept.pop(about[-1])
    return tuple(kept)

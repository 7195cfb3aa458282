"""A question has three answers: yes, no, unclear.

Silence is UNCLEAR. `None` and `False` never stand for "the evidence is silent". In tables an answer
is a nullable boolean (true, false, null), so that SQL's own three-valued logic agrees with `all_of`
and `any_of`; tests/properties/test_answers.py holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Answer(StrEnum):
    """What the evidence answers."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"

    @classmethod
    def of(cls, value: bool | None) -> Answer:
        """Return the answer a table's nullable boolean stands for."""
        return cls.UNCLEAR if value is None else cls.YES if value else cls.NO

    @property
    def cell(self) -> bool | None:
        """Return the nullable boolean that stands for this answer in a table."""
        return {Answer.YES: True, Answer.NO: False, Answer.UNCLEAR: None}[self]


def all_of(answers: Iterable[Answer]) -> Answer:
    """Return NO if any is no, else UNCLEAR if any is unclear, else YES."""
    given = set(answers)
    return next((a for a in (Answer.NO, Answer.UNCLEAR) if a in given), Answer.YES)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Return YES if any is yes, else UNCLEAR if any is unclear, else NO."""
    given = set(answers)
    return next((a for a in (Answer.YES, Answer.UNCLEAR) if a in given), Answer.NO)


def agreed(answers: Iterable[Answer]) -> Answer:
    """Return the answer that all give, else UNCLEAR; nothing given is UNCLEAR.

    For a set of candidates: "is the perpetrator bound?" is yes only if every candidate is.
    """
    given = set(answers)
    return given.pop() if len(given) == 1 else Answer.UNCLEAR

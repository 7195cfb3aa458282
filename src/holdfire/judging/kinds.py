"""Kinds of term: each asks its questions aloud, once, for one row or ten million.

A kind is a function from a Term and the parties' Standing to Questions; ours are found through the
`holdfire.terms` entry points, as a plugin's are, and held to `holdfire.testing.check_kind`. The questions
are the verdict's only source and the bulletin's only words, so they cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from holdfire.agreement.terms import Term
from holdfire.judging.expressions import act_is, all_true
from holdfire.judging.standing import Standing
from holdfire.records.determination import Asked


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one term: what is asked, the answer as an expression, and its clause."""

    asked: Asked
    answer: str
    cite: str


Kind = Callable[[Term, Standing], Iterator[Question]]


def _ask(term: Term, asked: Asked, answer: str) -> Question:
    return Question(asked, answer, term.cites.get(asked.value, term.cite))


def cease_attacks(term: Term, standing: Standing) -> Iterator[Question]:
    """Ask the five questions that make an attack by one bound side on another a breach."""
    yield _ask(term, Asked.WINDOW, standing.in_window(term))
    yield _ask(term, Asked.AREA, standing.in_area(term))
    yield _ask(term, Asked.ACT, act_is(term.acts))
    yield _ask(term, Asked.PERPETRATOR, standing.perpetrator_bound(term))
    yield _ask(term, Asked.TARGET, standing.target_bound(term))


def no_fire(term: Term, standing: Standing) -> Iterator[Question]:
    """Ask the questions that make fire in a zone a breach, whoever it is aimed at."""
    yield from cease_attacks(term, standing)


def no_territory(term: Term, standing: Standing) -> Iterator[Question]:
    """Ask the questions that make taking ground from another party a breach."""
    yield from cease_attacks(term, standing)


def obligation(term: Term, standing: Standing) -> Iterator[Question]:
    """Ask the questions that make an act against a duty to do something a breach.

    Where the duty has a deadline, what goes against it before is no breach yet: weapons that were to be gone
    by a day stand there lawfully until then, so the duty's window opens when the deadline has passed. Whether
    the duty was met is another matter: section 8 of the bulletin says met, not met or unknown.
    """
    for question in cease_attacks(term, standing):
        if question.asked is Asked.WINDOW and term.due:
            opened = all_true([question.answer, standing.overdue(term)])
            yield Question(Asked.WINDOW, opened, term.cites.get(Asked.WINDOW.value, term.due.cite))
        else:
            yield question


def permitted(term: Term, standing: Standing) -> Iterator[Question]:
    """Ask the one question that makes an act permitted: does the clause speak of it, here, now, to them?"""
    answer = all_true(
        [
            act_is(term.acts),
            standing.in_window(term),
            standing.in_area(term),
            standing.perpetrator_bound(term),
            standing.target_bound(term),
        ]
    )
    yield _ask(term, Asked.EXCEPTION, answer)

"""What a lawyer asks of a stack before anyone leans on it: gaps in time, undefined words, bare clauses.

Every reference between files leads somewhere when this is asked (references.py). Here the text itself is held
to account: a stretch in which nothing binds and no suspension says so, an act or a role that nothing defines,
a clause that no term covers. Nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from holdfire.agreement.force import Stretch
from holdfire.errors import Problem, nearest
from holdfire.times import utc

if TYPE_CHECKING:
    from holdfire.agreement.document import Agreement


def gaps(agreement: Agreement) -> Iterator[Problem]:
    """Yield each text whose terms never bind, and each stretch between two windows that nothing explains."""
    for text in agreement.instruments:
        where = f"instrument {text.id}"
        said: set[str] = set()
        for term in (t for t in agreement.terms if t.instrument == text.id):
            when = agreement.force(term)
            if not when.binding:
                said.add("its terms never bind: it has no window of kind in_force, and no text extends it")
            ordered = sorted(when.binding, key=lambda span: str(span.start.start))
            for one, other in pairwise(ordered):
                gap = _between(one, other)
                if gap and not any(_covers(span, gap) for span in when.suspended):
                    said.add(f"nothing binds from {gap[0]} to {gap[1]}, between two windows")
        for sentence in sorted(said):
            hint = "add the window, or a suspension with its clause if the text means the gap"
            yield Problem(sentence, where, hint)


def _between(one: Stretch, other: Stretch) -> tuple[str, str] | None:
    if one.end is None or one.end.end is None or other.start.start is None:
        return None
    return (utc(one.end.end), utc(other.start.start)) if one.end.end < other.start.start else None


def _covers(span: Stretch, gap: tuple[str, str]) -> bool:
    starts = span.start.start is None or utc(span.start.start) <= gap[0]
    return starts and (span.end is None or span.end.end is None or utc(span.end.end) >= gap[1])


def undefined(agreement: Agreement, known: Collection[str]) -> Iterator[Problem]:
    """Yield each act that nothing defines, each role that no one holds, each zone that no term speaks of.

    Args:
        agreement: The whole.
        known: Event types that Holdfire has words for.
    """
    acts = {*known, *(each.act for each in agreement.acts)}
    families = {act.partition(".")[0] for act in acts}
    held = {h.role for h in agreement.holdings()}
    for term in agreement.terms:
        where = f"term {term.id}"
        for act in (*term.acts, *term.met_by):
            family, _, kind = act.partition(".")
            if act not in acts and not (family in families and kind in ("*", "unspecified")):
                close, _, _ = nearest(act, acts).partition("known:")
                yield Problem(
                    f'nothing defines the act "{act}"', where, f"{close}define it in agreement/acts.yaml"
                )
        for whom, roles in (("binds", term.binds.roles), ("protects", term.protects.roles)):
            for role in roles:
                if role not in held:
                    yield Problem(
                        f'it {whom} whoever is "{role}", and no one ever is', where,
                        "give someone the role in agreement/parties.yaml, or name the actors",
                    )  # fmt: skip
        if not term.binds.roles and not term.binds.actors:
            yield Problem("it binds no one", where, "write `binds` with roles or actors")


def clauses(agreement: Agreement) -> Iterator[Problem]:
    """Yield each clause that no term covers, and each term that no clause of its text names."""
    for text in agreement.instruments:
        where = f"instrument {text.id}"
        for clause in text.clauses:
            if not clause.terms and not clause.no_duty:
                yield Problem(
                    f'no term covers the clause "{clause.cite}"', where,
                    "name its terms, or say in `no_duty` why it makes none",
                )  # fmt: skip
        if text.clauses:
            named = {name for clause in text.clauses for name in clause.terms}
            for term in agreement.terms:
                if term.instrument == text.id and term.id not in named:
                    yield Problem(f'no clause names the term "{term.id}"', where, "add it under its clause")


def notes(agreement: Agreement) -> Iterator[str]:
    """Yield what a reader should know and no check can decide."""
    for text in agreement.instruments:
        if not text.clauses:
            yield f"instrument {text.id} lists no clauses, so whether its terms cover it cannot be checked"
        unread = [clause.cite for clause in text.clauses if clause.certainty == "unclear"]
        if unread:
            yield f"instrument {text.id}: wording not read in the source: {'; '.join(unread)}"
    answered = {each.condition for each in agreement.found}
    for term in agreement.terms:
        for condition in term.conditions:
            if condition.id not in answered:
                yield f"term {term.id}: no one has answered the condition {condition.id}, so it is unclear"
    for descent in agreement.lineage:
        if descent.takes_over == "unclear":
            yield f"whether {descent.actor} takes over the roles of {', '.join(descent.of)} is unclear"

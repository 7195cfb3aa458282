"""Section 8: what the agreement obliges its parties to do, who owed it, and whether it was met.

Findings come with the material and are not made here: `holdfire agreement duties --on DAY` prints the same.
They are as of the last day of the period, each beside that of the last day of the period before.
"""

from __future__ import annotations

from collections.abc import Iterable

from holdfire.agreement.terms import Term, TermType
from holdfire.publishing.issue import Issue
from holdfire.publishing.material import Duty
from holdfire.publishing.values import (
    Between,
    Block,
    Code,
    Heading,
    Line,
    Section,
    Span,
    Table,
    Text,
    Value,
    label,
)

FINDINGS = ("met", "not_met", "unknown")
"""The order in which findings stand in the summary."""

Key = tuple[str, str]
"""A term and an actor."""


def obligations(issue: Issue) -> Section:
    """Return section 8: a table for each positive obligation, a row for each actor that owes it."""
    terms = _terms(issue)
    if not terms:
        return Section(8, "obligations", (Line("no_obligation"),))
    now, before = _by_key(issue.material.duties), _by_key(issue.material.duties_before)
    blocks: list[Block] = [Line("obligations_lead", {"day": issue.material.last}, "note")]
    free: list[Term] = []
    for term in terms:
        keys = sorted(key for key in {*now, *before} if key[0] == term.id)
        if keys:
            blocks.append(_owed(issue, term, keys, now, before))
        else:
            free.append(term)
    blocks += [Line("obligation_free", {"obligation": Text(t.text), "clause": t.cite}) for t in free]
    return Section(8, "obligations", (*blocks, *_decided(issue)))


def summed(issue: Issue) -> list[tuple[Value, ...]]:
    """Return the summary's rows: how many obligations, each of one actor, were met, were not, are unknown."""
    if not _terms(issue):
        return []
    rows: list[tuple[Value, ...]] = []
    periods = (("now", issue.material.duties), ("before", issue.material.duties_before))
    for finding in FINDINGS:
        figures = [
            issue.figures.count(
                f"summary.obligations.{finding}.{name}",
                [f"duty:{each.term} {each.actor}" for each in duties if each.finding == finding],
            )
            for name, duties in periods
        ]
        rows.append((label(f"obligations_{finding}"), *figures))
    return rows


def _terms(issue: Issue) -> list[Term]:
    terms = issue.material.agreement.terms
    return sorted((t for t in terms if t.type is TermType.POSITIVE_OBLIGATION), key=lambda t: t.id)


def _by_key(duties: Iterable[Duty]) -> dict[Key, Duty]:
    return {(each.term, each.actor): each for each in duties}


def _owed(issue: Issue, term: Term, keys: list[Key], now: dict[Key, Duty], before: dict[Key, Duty]) -> Table:
    """Return what each actor owed by one obligation; its deadline is the same for all."""
    first = (now.get(keys[0]) or before[keys[0]]).due
    rows = tuple(_row(issue, key, now.get(key), before.get(key)) for key in keys)
    heads = ("who_owes", "bound_by_it", "finding", "finding_before", "why")
    counts = ("says_met", "says_not_met", "says_interested")
    due = Between(*first) if first else label("no_deadline")
    return Table(
        "obligations",
        tuple(label(h) for h in (*heads, *counts)),
        rows,
        values={"obligation": Text(term.text), "clause": term.cite, "due": due},
    )


def _row(issue: Issue, key: Key, duty: Duty | None, earlier: Duty | None) -> tuple[Value, ...]:
    was: Value = Code("finding", earlier.finding) if earlier else label("not_bound")
    if duty is None:
        return (issue.actor(key[1]), Code("answer", "no"), label("not_bound"), was, None, None, None, None)
    name = ".".join(("obligations", *key))
    return (
        issue.actor(duty.actor),
        Code("answer", duty.bound),
        Code("finding", duty.finding),
        was,
        Code("duty_why", duty.why),
        issue.figures.count(f"{name}.for", duty.claims_for),
        issue.figures.count(f"{name}.against", duty.claims_against),
        issue.figures.count(f"{name}.interested", duty.claims_interested),
    )


def _decided(issue: Issue) -> list[Block]:
    """Return what people decided of days of the period, whether or not it holds on its last day."""
    material = issue.material
    terms = {term.id: term for term in _terms(issue)}
    kept = [
        each
        for each in material.obligations
        if each.term in terms and each.start <= material.last and each.end >= material.first
    ]
    if not kept:
        return []
    rows: list[tuple[Value, ...]] = [
        (
            Text(terms[each.term].text),
            Span(each.start, each.end),
            Code("finding", each.finding),
            Text(each.note) if each.note else None,
            each.added_by or None,
        )
        for each in sorted(kept, key=lambda each: (each.start, each.end, each.term, each.finding))
    ]
    heads = ("obligation", "when", "finding", "reason", "decided_by")
    return [
        Heading(label("decided_by_people"), "decided"),
        Table("obligations_decided", tuple(label(h) for h in heads), tuple(rows)),
    ]

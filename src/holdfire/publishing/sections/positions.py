"""Section 5, further: what parties replied when asked, and what others determined, beside ours.

A ruling of somebody else is shown with the questions on which it parts from ours. Numbers of rulings are
quoted from whoever gives them, with their source, and are added to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holdfire.publishing.issue import Issue
from holdfire.publishing.material import Ruling
from holdfire.publishing.partings import Given, Parting, ours, own, partings
from holdfire.publishing.values import (
    Block,
    Code,
    Heading,
    Line,
    Ref,
    Said,
    Several,
    Table,
    Text,
    Value,
    label,
)


def asked(issue: Issue) -> list[Block]:
    """Return each reply that was asked for about an incident of the period, and what became of it."""
    by_incident = {entry.incident_id: entry for entry in issue.listed}
    found = sorted(
        (r for r in issue.material.replies if r.incident_id in by_incident),
        key=lambda r: (r.asked, r.incident_id, r.actor),
    )
    if not found:
        return []
    cutoff = issue.material.cutoff
    rows: list[tuple[Value, ...]] = []
    for reply in found:
        position: Value = Code("position", reply.position(cutoff))
        came = reply.answered if reply.answered and reply.answered <= cutoff else None
        if came and reply.late:
            position = Said("replied_late", {"position": position})
        entry = by_incident[reply.incident_id]
        who = issue.actor(reply.actor, entry.start)
        rows.append((Ref(entry.id), who, reply.asked, reply.deadline, came, position, reply.cite or None))
    heads = ("determination", "who_asked", "asked_on", "deadline", "answered_on", "position", "read_in")
    return [Table("asked", tuple(label(h) for h in heads), tuple(rows))]


def ruled(issue: Issue) -> list[Block]:
    """Return what others determined of incidents of the period, and how many rulings they say they made."""
    blocks: list[Block] = []
    by_incident = rulings_of(issue)
    rows: list[tuple[Value, ...]] = []
    for entry in issue.listed:
        found = by_incident.get(entry.incident_id, [])
        for ruling in found:
            apart = partings(ours(own(entry)), [ruling])
            rows.append(
                (
                    Ref(entry.id),
                    issue.source(ruling.by),
                    ruling.at.astimezone(issue.material.zone).date(),
                    Text(ruling.words),
                    Code("verdict", ruling.verdict) if ruling.verdict else None,
                    Code("verdict", entry.verdict),
                    Several(tuple(question(p.question) for p in apart)),
                    ruling.cite,
                )
            )
    if rows:
        heads = ("determination", "who_ruled", "ruled_on", "their_words", "in_our_terms", "our_verdict")
        columns = (*heads, "questions_apart", "read_in")
        blocks.append(Table("rulings", tuple(label(h) for h in columns), tuple(rows)))
    if counted := _counted(issue):
        blocks += [Line("rulings_never_added", tone="note"), counted]
    return (
        [Heading(label("rulings"), "rulings"), Line("rulings_lead", tone="note"), *blocks] if blocks else []
    )


def rulings_of(issue: Issue) -> Mapping[str, list[Ruling]]:
    """Return what others determined, by incident, in order of time."""
    found: dict[str, list[Ruling]] = {}
    for ruling in sorted(issue.material.rulings, key=lambda each: (each.at, each.by)):
        found.setdefault(ruling.incident_id, []).append(ruling)
    return found


def question(name: str) -> Value:
    """Return a question by name."""
    known = ("occurrence", "attribution", "verdict")
    return label(f"field_{name}") if name in known else Said(f"question_{name}")


def answers(issue: Issue, parting: Parting) -> Value:
    """Return every answer to a question, each with who gave it and its clause."""
    return Several(tuple(_answer(issue, parting.question, given) for given in parting.given))


def _answer(issue: Issue, name: str, given: Given) -> Value:
    value: Value
    if name == "attribution":
        named: Sequence[str] = given.value.split()
        value = Several(tuple(issue.actor(each) for each in named)) if named else label("nobody_named")
    else:
        value = Code("verdict" if name == "verdict" else "answer", given.value)
    who: Value = issue.source(given.by) if given.by else label("this_record")
    key = "answer_with_clause" if given.clause else "answer_given"
    return Said(key, {"who": who, "answer": value, "clause": given.clause})


def _counted(issue: Issue) -> Table | None:
    """Return how many rulings others say they made in days that touch the period."""
    first, last = issue.material.first, issue.material.last
    rows: list[tuple[Value, ...]] = []
    for number, each in enumerate(issue.material.ruling_counts):
        if each.start <= last and each.end >= first:
            key = f"rulings.{number}.{each.what}"
            figure = issue.figures.of(key, each.number, [f"ruling:{number}"], measure="quoted")
            of = issue.source(each.of) if each.of else None
            days = Said("days_from_to", {"first": each.start, "last": each.end})
            rows.append((issue.source(each.by), Code("ruled", each.what), of, figure, days, each.cite))
    heads = ("who_ruled", "what", "whose", "number", "when", "read_in")
    return Table("ruling_counts", tuple(label(h) for h in heads), tuple(rows)) if rows else None

"""Section 5: allegations and replies, numbers in other units, and contradictions side by side.

A number that counts violations or arrests is quoted with the rule it follows, and never added to another,
whether of the same source or not. Contradictions are shown, not settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from holdfire.publishing.issue import Issue, distinct
from holdfire.publishing.sayings import Saying, ids
from holdfire.publishing.values import (
    Between,
    Block,
    Code,
    Heading,
    Line,
    Said,
    Section,
    Several,
    Table,
    Value,
    label,
)


def allegations(issue: Issue) -> Section:
    """Return section 5."""
    said = [s for group in issue.sayings.inside.values() for s in group]
    blocks: list[Block] = [Line("allegations_lead", tone="note")]
    accusing = [s for s in said if s.directed and s.actors and s.part != "denies"]
    if accusing:
        blocks += [_accusations(issue, accusing), _replies(issue, said)]
    else:
        blocks.append(Line("no_allegation"))
    blocks += _counted(issue)
    blocks += _contradictions(issue)
    return Section(5, "allegations", tuple(blocks))


def _accusations(issue: Issue, accusing: Sequence[Saying]) -> Table:
    """Return who says that whom acted, how often, and in what voice."""
    found: dict[tuple[str, str], list[Saying]] = {}
    for saying in accusing:
        for actor in saying.actors:
            found.setdefault((saying.voice or saying.source, issue.printable(actor)), []).append(saying)
    rows: list[tuple[Value, ...]] = []
    for (voice, actor), group in sorted(found.items()):
        key = f"allegations.{voice}.{actor}"
        accuses = [s for s in group if s.stance in ("accuses", "warns")]
        asserts = [s for s in group if s.stance not in ("accuses", "warns", "admits")]
        admits = [s for s in group if s.stance == "admits"]
        rows.append(
            (
                issue.voice(group[0]),
                issue.actor(group[0].actors[[issue.printable(a) for a in group[0].actors].index(actor)]),
                issue.figures.count(f"{key}.accuses", ids(accuses)),
                issue.figures.count(f"{key}.asserts", ids(asserts)),
                issue.figures.count(f"{key}.admits", ids(admits)),
                issue.figures.count(f"{key}.incidents", [s.determination for s in group]),
            )
        )
    heads = ("who_says", "who_acted", "accuses", "asserts", "admits", "incidents")
    return Table("accusations", tuple(label(h) for h in heads), tuple(rows))


def _replies(issue: Issue, said: Sequence[Saying]) -> Table:
    """Return, for each actor said to have acted: its own denials, admissions, and cases without a reply."""
    sources = issue.material.sources

    def speaks(saying: Saying) -> str:
        source = sources.get(saying.voice)
        return source.actor if source else saying.voice

    named: dict[str, list[str]] = {}
    for saying in said:
        if saying.directed and saying.part != "denies":
            for actor in saying.actors:
                named.setdefault(actor, []).append(saying.determination)
    rows: list[tuple[Value, ...]] = []
    for actor in sorted(named):
        cases = distinct(named[actor])
        denied = [s for s in said if s.part == "denies" and speaks(s) == actor]
        admitted = [s for s in said if s.part == "admits" and speaks(s) == actor]
        asked = [r for r in issue.material.replies if r.actor == actor and r.incident_id in _incidents(issue)]
        silent = set(cases) - {s.determination for s in (*denied, *admitted)}
        silent -= {_incidents(issue)[r.incident_id] for r in asked if r.answered}
        key = f"replies.{issue.printable(actor)}"
        rows.append(
            (
                issue.actor(actor),
                issue.figures.count(f"{key}.named", cases),
                issue.figures.count(f"{key}.denied", ids(denied)),
                issue.figures.count(f"{key}.admitted", ids(admitted)),
                issue.figures.count(f"{key}.asked", [_incidents(issue)[r.incident_id] for r in asked]),
                issue.figures.count(f"{key}.silent", silent),
            )
        )
    heads = ("who_acted", "incidents", "its_denials", "its_admissions", "replies_asked", "no_reply")
    return Table("replies", tuple(label(h) for h in heads), tuple(rows))


def _incidents(issue: Issue) -> dict[str, str]:
    return {entry.incident_id: entry.id for entry in issue.listed}


def quoted(issue: Issue, saying: Saying) -> Value:
    """Return the number a claim gives, as it gives it: exact, at least, at most, or about."""
    figure = issue.figures.of(f"quoted.{saying.id}", saying.quantity or 0, [saying.id], measure="quoted")
    return Said(f"bound_{saying.bound or 'exact'}", {"number": figure})


def _counted(issue: Issue) -> list[Block]:
    """Return the numbers in other units that belong to the period, a table for each counting rule."""
    first = issue.material.first
    given = [s for s in issue.sayings.counts if s.day and s.day >= first and not s.of_a_toll]
    found: list[Block] = [Heading(label("other_units"), "units"), Line("never_summed", tone="note")]
    if not given:
        return [*found, Line("no_other_unit")]
    for rule, group in groupby(sorted(given, key=lambda s: s.rule), key=lambda s: s.rule):
        found.append(table_of(issue, "units", list(group), unit(issue, rule)))
    return found


def unit(issue: Issue, rule: str) -> Value:
    """Return the unit that a counting rule counts, and who counts it where the rule says so."""
    what, _, who = rule.partition(" as counted by ")
    named = Code("unit", what or "not_said")
    return Said("rule_counted_by", {"unit": named, "who": issue.source(who)}) if who else named


def table_of(issue: Issue, key: str, group: Iterable[Saying], rule: Value) -> Table:
    """Return numbers of one rule, a row each, as their claims give them; nothing is added."""
    rows = tuple(_count_row(issue, saying) for saying in group)
    heads = ("who_says", "published_by", "number", "of_whom", "when", "cumulative")
    return Table(key, tuple(label(h) for h in heads), rows, values={"rule": rule})


def _count_row(issue: Issue, saying: Saying) -> tuple[Value, ...]:
    actors: Value = None
    if saying.actors:
        actors = Several(tuple(issue.actor(a, saying.start) for a in saying.actors))
    when: Value = Between(saying.start, saying.end) if saying.start or saying.end else saying.day
    return (
        issue.voice(saying),
        issue.source(saying.source),
        quoted(issue, saying),
        actors,
        when,
        Code("yes_no", "yes" if saying.cumulative else "no"),
    )


def _contradictions(issue: Issue) -> list[Block]:
    """Return numbers that cannot all be right, side by side, where one of them belongs to the period."""
    found: list[Block] = []
    first = issue.material.first
    for kind, groups in (
        ("falls", _falling(issue.sayings.counts)),
        ("parts", _parts(issue.sayings.counts)),
        ("differ", _differing(issue.sayings.counts)),
    ):
        for group in groups:
            if any(s.day and s.day >= first for s in group):
                rule = unit(issue, group[0].rule)
                found.append(Line(f"contradiction_{kind}", {"rule": rule}, "warning"))
                found.append(table_of(issue, f"contradiction_{kind}", group, rule))
    return [Heading(label("contradictions"), "contradictions"), *(found or [Line("no_contradiction")])]


def _falling(counts: Sequence[Saying]) -> list[list[Saying]]:
    """Return pairs of cumulative totals of one voice under one rule, where the later is lower."""
    found = []
    running = [s for s in counts if s.cumulative and s.bound in ("exact", "") and _ends(s)]

    def series(saying: Saying) -> tuple[str, str, tuple[str, ...]]:
        return (saying.voice, saying.rule, saying.actors)

    for _, group in groupby(sorted(running, key=lambda s: (series(s), _ends(s), s.id)), key=series):
        ordered = list(group)
        for earlier, later in pairwise(ordered):
            if (later.quantity or 0) < (earlier.quantity or 0) and _ends(earlier) != _ends(later):
                found.append([earlier, later])
    return found


def _ends(saying: Saying) -> str:
    """Return when a running total stood: the end of its time, else the day it was published."""
    if saying.end:
        return saying.end.isoformat()
    return saying.day.isoformat() if saying.day else ""


def _parts(counts: Sequence[Saying]) -> list[list[Saying]]:
    """Return a report's totals with the parts it gives by actor, where they do not add up.

    Only within one report, one voice, one rule and one time: nothing else is ever added.
    """
    found = []
    exact = [s for s in counts if s.bound in ("exact", "") and not s.negated]

    def together(s: Saying) -> tuple[str, str, str, str, str]:
        return (s.report, s.voice, s.rule, str(s.start), str(s.end))

    for _, group in groupby(sorted(exact, key=lambda s: (together(s), s.seq)), key=together):
        members = list(group)
        totals = [s for s in members if not s.actors]
        parts = [s for s in members if len(s.actors) == 1]
        apart = len({s.actors for s in parts}) == len(parts)
        comparable = len(totals) == 1 and len(parts) >= 2 and apart
        if comparable and sum(s.quantity or 0 for s in parts) != totals[0].quantity:
            found.append([*totals, *parts])
    return found


def _differing(counts: Sequence[Saying]) -> list[list[Saying]]:
    """Return numbers that different voices give of one rule, one time and one actor, where they differ."""
    found = []
    exact = [s for s in counts if s.bound in ("exact", "") and (s.start or s.end) and not s.negated]

    def same(s: Saying) -> tuple[str, str, str, tuple[str, ...], str]:
        return (s.rule, str(s.start), str(s.end), s.actors, s.area)

    for _, group in groupby(sorted(exact, key=lambda s: (same(s), s.voice, s.id)), key=same):
        members = list(group)
        if len({s.voice for s in members}) > 1 and len({s.quantity for s in members}) > 1:
            found.append(members)
    return found

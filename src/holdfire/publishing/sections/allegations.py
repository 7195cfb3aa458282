"""Section 5: allegations and replies, numbers in other units, and contradictions side by side.

A number that counts violations or arrests is quoted with the rule it follows, and never added to another,
whether of the same source or not. Contradictions are shown, not settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from holdfire.publishing.figures import Figure
from holdfire.publishing.issue import Issue, distinct
from holdfire.publishing.sayings import Saying, ids
from holdfire.publishing.sections.contradictions import found
from holdfire.publishing.sections.positions import asked, ruled
from holdfire.publishing.values import (
    Between,
    Block,
    Code,
    Counted,
    Heading,
    Line,
    Said,
    Section,
    Several,
    Table,
    Value,
    label,
)
from holdfire.records.counting import BY


def allegations(issue: Issue) -> Section:
    """Return section 5."""
    said = [s for group in issue.sayings.inside.values() for s in group]
    blocks: list[Block] = [Line("allegations_lead", tone="note")]
    accusing = [s for s in said if s.directed and s.actors and s.part != "denies"]
    if accusing:
        blocks += [_accusations(issue, accusing), _replies(issue, said)]
    else:
        blocks.append(Line("no_allegation"))
    blocks += asked(issue)
    blocks += ruled(issue)
    blocks += _counted(issue)
    blocks += _converted(issue)
    blocks += contradictions(issue)
    return Section(5, "allegations", tuple(blocks))


def _accusations(issue: Issue, accusing: Sequence[Saying]) -> Table:
    """Return who says that whom acted, how often, and in what voice."""
    grouped: dict[tuple[str, str], list[Saying]] = {}
    for saying in accusing:
        for actor in saying.actors:
            grouped.setdefault((issue.speaker(saying), issue.printable(actor)), []).append(saying)
    rows: list[tuple[Value, ...]] = []
    for (voice, actor), group in sorted(grouped.items()):
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
    known = _incidents(issue)
    for actor in sorted(named):
        cases = distinct(named[actor])
        denied = [s for s in said if s.part == "denies" and speaks(s) == actor]
        admitted = [s for s in said if s.part == "admits" and speaks(s) == actor]
        requests = [r for r in issue.material.replies if r.actor == actor and r.incident_id in known]
        silent = set(cases) - {s.determination for s in (*denied, *admitted)}
        silent -= {
            known[r.incident_id] for r in requests if r.answered and r.answered <= issue.material.cutoff
        }
        key = f"replies.{issue.printable(actor)}"
        rows.append(
            (
                issue.actor(actor),
                issue.figures.count(f"{key}.named", cases),
                issue.figures.count(f"{key}.denied", ids(denied)),
                issue.figures.count(f"{key}.admitted", ids(admitted)),
                issue.figures.count(f"{key}.asked", [known[r.incident_id] for r in requests]),
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


def numbers(issue: Issue) -> tuple[Figure, Figure]:
    """Return how many numbers of others are quoted of this period, and were of the one before."""
    first, last = issue.material.previous
    earlier = {s.id for s in issue.sayings.counts if s.day and first <= s.day <= last and not s.of_a_toll}
    return (
        issue.figures.count("allegations.numbers.now", ids(_given(issue))),
        issue.figures.count("allegations.numbers.before", earlier | issue.counted_before),
    )


def by_voice(issue: Issue) -> Value:
    """Return each voice and what it counts, with its number, or how many it gives and the highest."""
    groups: dict[tuple[str, str], list[Saying]] = {}
    for saying in _given(issue):
        groups.setdefault((issue.speaker(saying), saying.rule), []).append(saying)
    return Several(tuple(_told(issue, name, rule, groups[name, rule]) for name, rule in sorted(groups)))


def _told(issue: Issue, name: str, rule: str, group: Sequence[Saying]) -> Said:
    highest = max(group, key=lambda s: s.quantity or 0)
    unit_of = Code("unit", rule.partition(" as counted by ")[0] or "not_said")
    values: dict[str, Value] = {
        "who": issue.voice(highest),
        "unit": unit_of,
        "number": quoted(issue, highest),
    }
    if len(group) == 1:
        return Said("number_by", values)
    figure = issue.figures.count(f"allegations.numbers.{name}.{rule}", ids(group))
    return Said("numbers_by", {**values, "numbers": Counted(figure, "number")})


def _given(issue: Issue) -> list[Saying]:
    first = issue.material.first
    return [s for s in issue.sayings.counts if s.day and s.day >= first and not s.of_a_toll]


def _counted(issue: Issue) -> list[Block]:
    """Return the numbers in other units that belong to the period, a table for each counting rule."""
    given = _given(issue)
    blocks: list[Block] = [Heading(label("other_units"), "units"), Line("never_summed", tone="note")]
    if not given:
        return [*blocks, Line("no_other_unit")]
    for rule, group in groupby(sorted(given, key=lambda s: s.rule), key=lambda s: s.rule):
        blocks.append(table_of(issue, "units", list(group), unit(issue, rule)))
    return blocks


def _converted(issue: Issue) -> list[Block]:
    """Return what observations come to in another unit, a table for each rule that the case states.

    Places are as coarse as the log has them. Two places may be one there, and one is never two, so these are
    lower numbers.
    """
    blocks: list[Block] = []
    for rule, group in groupby(issue.material.converted, key=lambda each: each.number.rule):
        what, _, by = rule.partition(BY)
        rows = tuple(
            (issue.source(each.source), str(each.number.low), str(each.of), str(each.unplaced))
            for each in group
        )
        heads = ("source", "at_least", "claims", "unplaced")
        blocks.append(Line(f"conversion_{by.replace('-', '_')}", tone="note"))
        table = Table("converted", tuple(label(h) for h in heads), rows, values={"rule": Code("unit", what)})
        blocks.append(table)
    return blocks


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


def contradictions(issue: Issue) -> list[Block]:
    """Return numbers that cannot all be right, side by side, where one of them belongs to the period."""
    blocks: list[Block] = []
    agreement, first = issue.material.agreement, issue.material.first
    for kind, group in found(issue.sayings.counts, agreement, first):
        rules = distinct(said.rule for said in group)
        rule = Several(tuple(unit(issue, name) for name in rules))
        blocks.append(Line(f"contradiction_{kind}", {"rule": rule}, "warning"))
        blocks.append(table_of(issue, f"contradiction_{kind}", group, rule))
    return [Heading(label("contradictions"), "contradictions"), *(blocks or [Line("no_contradiction")])]

"""Section 6, of lists of the dead: reported of incidents, documented on lists, estimated in all, each apart.

Three rules hold, and tests/unit/test_bulletin_lists.py tries to break each:

* the three are never one number, and none stands in a row or on an axis with another;
* each says whom it counts, and what it leaves out;
* a toll of others stands in one table with ours only where both are of the same people, place and time.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.publishing.figures import Figure
from holdfire.publishing.issue import Issue
from holdfire.publishing.sections.status import as_written
from holdfire.publishing.tolls import Attested, Kept, ListCount, Words
from holdfire.publishing.values import (
    Block,
    Code,
    Facts,
    Heading,
    Line,
    Said,
    Several,
    Span,
    Table,
    Text,
    Value,
    Verbatim,
    label,
)


def on_lists(issue: Issue) -> list[Block]:
    """Return what the lists of the dead say; of a case in which nobody counted them, nothing."""
    counts = issue.material.list_counts
    if not counts:
        return []
    found: list[Block] = [
        Heading(label("lists_of_the_dead"), "lists-of-the-dead"),
        Line("lists_apart", tone="note"),
        _reported(issue),
    ]
    for number, count in enumerate(counts, 1):
        found += [_documented(issue, count, number), _estimated(issue, count, number)]
        found += _same_scope(issue, count, number)
    return found


def _reported(issue: Issue) -> Facts:
    """Return deaths of incidents of the period, as wide as reports: of other people than lists are."""
    rows: tuple[tuple[str, Value], ...] = (
        ("toll_kind", Code("toll", "reported_range")),
        ("whose_deaths", Said("scope_of_incidents")),
        ("when", Span(issue.material.first, issue.material.last)),
        ("killed", issue.harm("harm.now", issue.now, "killed")),
        ("leaves_out", Said("incidents_leave_out")),
    )
    return Facts(rows, Said("of_incidents"), "count-incidents")


def _documented(issue: Issue, count: ListCount, number: int) -> Facts:
    low, middle, high = count.documented
    unnamed = _figure(issue, number, "unnamed", count.unnamed)
    rows: list[tuple[str, Value]] = [
        ("toll_kind", Code("toll", "documented")),
        *whose(issue, count),
        ("on_these_lists", Several(tuple(_kept(issue, each, number) for each in count.lists))),
        ("at_least", _figure(issue, number, "documented.low", low)),
        ("its_figure", _figure(issue, number, "documented.middle", middle)),
        ("at_most", _figure(issue, number, "documented.high", high)),
        ("leaves_out", _left_out(issue, count, number, Said("lists_leave_out", {"entries": unnamed}))),
        ("rests_on", Said("drawn_linkages", {"draws": _figure(issue, number, "draws", count.draws)})),
    ]
    if count.imputed:
        ends = {
            name: _figure(issue, number, f"imputed.{name}", value)
            for name, value in zip(("low", "middle", "high"), count.imputed, strict=True)
        }
        rows.append(("labels_drawn", Said("labels_drawn_to", ends)))
    return Facts(tuple(rows), _signed(issue, count), f"count-{number}")


def _estimated(issue: Issue, count: ListCount, number: int) -> Facts:
    rows: list[tuple[str, Value]] = [("toll_kind", Code("toll", "modelled"))]
    if count.estimated is None:
        rows.append(("no_number", _texts(count.refused) or Said("no_reason_given")))
    else:
        low, middle, high = count.estimated
        rows += [
            *(
                whose(issue, count, Said("scope_of_some_and_none"))
                or [("whose_deaths", Said("scope_of_lists_and_none"))]
            ),
            ("at_least", _figure(issue, number, "estimated.low", low)),
            ("its_figure", _figure(issue, number, "estimated.middle", middle)),
            ("at_most", _figure(issue, number, "estimated.high", high)),
        ]
        if count.models:
            ends = {
                name: _figure(issue, number, f"models.{name}", value)
                for name, value in zip(("low", "high"), count.models, strict=True)
            }
            rows.append(("over_methods", Said("methods_from_to", ends)))
        if count.ranged:
            rows.append(("rests_on", Said("range_of_models")))
        outside = _figure(issue, number, "outside", count.outside)
        rows.append(("leaves_out", Said("estimate_leaves_out", {"people": outside})))
    rows += [("only_if", _texts(count.conditions))] if count.conditions else []
    rows += [("attested", Several(tuple(_attested(issue, each) for each in count.attested)))] * bool(
        count.attested
    )
    return Facts(tuple(rows), _signed(issue, count), f"count-{number}-in-all")


def whose(issue: Issue, count: ListCount, *of: Value) -> list[tuple[str, Value]]:
    """Return whom of the people of the lists it counts, with whose part they are; of everyone, nothing."""
    said: list[Value] = [Said(f"called_{each}") for each in count.called]
    days = {
        name: as_written(day, issue.material)
        for name, day in (("first", count.first), ("last", count.last))
        if day
    }
    if days:
        said.append(Said("died_" + "_".join(days), days))
    return [("whose_deaths", Several((*said, *of)))] if said else []


def _left_out(issue: Issue, count: ListCount, number: int, first: Value) -> Value:
    said = [
        Said(f"left_out_{asked}_{why}", {"people": _figure(issue, number, f"out.{asked}.{why}", people)})
        for asked, why, people in count.left_out
    ]
    return Several((first, *said)) if said else first


def _same_scope(issue: Issue, count: ListCount, number: int) -> list[Block]:
    """Return one table of ours and of what others count of the same people; of none, nothing."""
    alike = [(at, toll) for at, toll in enumerate(issue.material.tolls, 1) if count.alike(toll)]
    if not alike:
        return []
    ours: list[tuple[str, Sequence[int]]] = [("documented", count.documented)]
    ours += [("modelled", count.estimated)] if count.estimated else []
    rows: list[tuple[Value, ...]] = [
        (
            Code("toll", kind),
            Said("this_case"),
            *(
                _figure(issue, number, f"{'estimated' if kind == 'modelled' else kind}.{end}", value)
                for end, value in zip(("low", "middle", "high"), ends, strict=True)
            ),
        )
        for kind, ends in ours
    ]
    for at, toll in alike:
        basis = toll.claims or (f"toll:{at}",)
        cells = tuple(
            None if value is None else issue.figures.of(f"toll.{at}.{end}", value, basis, measure="quoted")
            for end, value in (("low", toll.low), ("best", toll.best), ("high", toll.high))
        )
        rows.append((Code("toll", toll.kind), Text(toll.who), *cells))
    heads = ("toll_kind", "counted_by_whom", "at_least", "its_figure", "at_most")
    return [Table("same_scope", tuple(label(head) for head in heads), tuple(rows))]


def _figure(issue: Issue, number: int, name: str, value: int) -> Figure:
    return issue.figures.of(f"lists.{number}.{name}", value, (f"count:{number}",), measure="quoted")


def _kept(issue: Issue, kept: Kept, number: int) -> Value:
    scope = "; ".join(part for part in (kept.who, kept.where, kept.when) if part)
    values: dict[str, Value] = {
        "source": issue.source(kept.source),
        "people": _figure(issue, number, f"on.{kept.source}", kept.people),
    }
    if not scope:
        return Said("kept_by_unsaid", values)
    return Said("kept_by", {**values, "scope": Verbatim(scope)})


def _signed(issue: Issue, count: ListCount) -> Said:
    return Said("signed_by", {"who": Verbatim(count.by), "when": as_written(count.made, issue.material)})


def _attested(issue: Issue, each: Attested) -> Value:
    when = as_written(each.at, issue.material)
    return Said(f"attested_{each.what}", {"who": Verbatim(each.by), "when": when, "why": Text(each.reason)})


def _texts(texts: Sequence[Words]) -> Value:
    return Several(tuple(Text(each) for each in texts)) if texts else None

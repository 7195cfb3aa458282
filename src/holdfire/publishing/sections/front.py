"""Sections 0 and 1: what this bulletin is, and its summary."""

from __future__ import annotations

import re
from datetime import date

from holdfire import times
from holdfire.agreement.instruments import WindowKind
from holdfire.publishing.figures import Figure
from holdfire.publishing.issue import VERDICTS, Issue, standing
from holdfire.publishing.material import Material
from holdfire.publishing.sections.allegations import by_voice, numbers
from holdfire.publishing.values import (
    Anchor,
    Block,
    Code,
    Counted,
    Facts,
    Hash,
    Headlines,
    Line,
    Said,
    Section,
    Several,
    Span,
    Table,
    Text,
    Value,
    label,
)

FEW = 12
"""Most numbers of others that the summary names."""

_ARABIC = re.compile("[\u0600-\u06ff]")


def front(issue: Issue, annexes: str) -> Section:
    """Return section 0; `annexes` is the digest of the manifest of the annex files."""
    material = issue.material
    first, last = material.previous
    return Section(
        0,
        "front",
        (
            Facts(
                (
                    ("number", f"{material.number}/{material.last.year}"),
                    ("version", str(material.version)),
                    ("period", Span(material.first, material.last)),
                    ("previous_period", Span(first, last)),
                    ("cutoff", _cutoff(material)),
                    ("instruments", Several(tuple(_in_force(material)))),
                    ("since_start", _since(issue, WindowKind.IN_FORCE)),
                    ("since_recommitment", _since(issue, WindowKind.RECOMMITMENT)),
                    ("method", material.method or Said("method_not_named")),
                    ("software", f"Holdfire {material.software}"),
                    (
                        "log",
                        Said("log", {"size": str(material.ledger.size), "head": Hash(material.ledger.head)}),
                    ),
                    ("manifest", Hash(annexes)),
                    ("languages", Several(tuple(Code("language", name) for name in material.languages))),
                    ("signatures", Said("not_signed")),
                )
            ),
        ),
    )


def _log(material: Material) -> Said:
    return Said("log", {"size": str(material.ledger.size), "head": Hash(material.ledger.head)})


def _cutoff(material: Material) -> Said:
    shown: dict[str, Value] = {
        "time": material.cutoff,
        "zone": material.zone_name,
        "utc": times.utc(material.cutoff),
    }
    return Said("cutoff", shown)


def _in_force(material: Material) -> list[Value]:
    found: list[Value] = []
    for instrument in material.agreement.instruments:
        state = standing(instrument, material)
        if state in ("in_force", "breakdown", "suspended", "unclear"):
            found.append(
                Said(
                    "instrument_stands",
                    {"title": Text(instrument.title), "standing": Code("standing", state)},
                )
            )
    return found or [Said("no_instrument")]


def _since(issue: Issue, kind: WindowKind) -> Value:
    """Return the number of the period's last day, counted from the day a kind of window began."""
    material = issue.material
    begun: list[tuple[date, str]] = []
    for instrument in material.agreement.instruments:
        for window in instrument.windows:
            start = window.start(material.agreement.zone).start
            if window.kind is kind and start:
                begun.append((start.astimezone(material.zone).date(), instrument.id))
    past = sorted(each for each in begun if each[0] <= material.last)
    if not past:
        return Said("none_before")
    day, name = past[0] if kind is WindowKind.IN_FORCE else past[-1]
    number = (material.last - day).days + 1
    figure = issue.figures.of(f"front.{kind.value}", number, [f"instrument:{name}"], measure="days")
    return Said("day_number", {"number": figure, "day": day})


def summary(issue: Issue, extra: tuple[tuple[Value, ...], ...], silent: Figure, sources: Figure) -> Section:
    """Return section 1: always the same lines, each figure beside the previous period's.

    Lines of verdicts and of harm are left out where neither period has an incident, and a sentence says so.

    Args:
        issue: The bulletin.
        extra: Rows that other sections counted: obligations, then sources, then corrections.
        silent: Sources without a claim in the period.
        sources: All sources of the case.
    """
    total, before = issue.pair("summary.total")
    counted = numbers(issue)
    blocks: list[Block] = [*_lead(issue, total, before), *_counted(issue, counted)]
    blocks.append(Line("summary_effort", {"silent": silent, "sources": Counted(sources, "source")}, "note"))
    all_of: tuple[Value, ...] = (label("incidents_all"), total, before)
    others: tuple[Value, ...] = (label("numbers_of_others"), *counted)
    rows: list[tuple[Value, ...]] = [all_of]
    if issue.nothing:
        heads = [all_of, others, extra[-2]]
    else:
        rows += [(Code("verdict", v), *issue.pair(f"summary.{v}", [v])) for v in VERDICTS]
        rows += [
            (
                label(f"{what}_all"),
                issue.harm("summary.now", issue.now, what),
                issue.harm("summary.before", issue.before, what),
            )
            for what in ("killed", "civilians", "injured")
        ]
        heads = [rows[n] for n in (0, 1, 2, 6, 7)]
    blocks.append(Headlines(tuple((head[0], head[1], head[2]) for head in heads)))
    blocks.append(Table("summary", (label("line"), label("now"), label("before")), (*rows, others, *extra)))
    return Section(1, "summary", tuple(blocks))


def _lead(issue: Issue, total: Figure, before: Figure) -> list[Block]:
    if issue.nothing:
        return [Line("summary_none_twice", tone="lead"), Line("summary_no_verdict")]
    if not total.value:
        return [Line("summary_none", {"before": Counted(before, "incident")}, "lead")]
    values: dict[str, Value] = {
        "incidents": Counted(total, "incident"),
        "before": Counted(before, "incident"),
        "breaches": issue.number("summary.breach.now", issue.chosen(issue.now, ["breach"])),
    }
    return [
        Line("summary_lead", values, "lead"),
        *([] if before.value else [Line("summary_before_silent", tone="note")]),
    ]


def _counted(issue: Issue, counted: tuple[Figure, Figure]) -> list[Block]:
    """Return how many numbers of others are quoted, and where: they are no incidents, and not nothing."""
    now, before = counted
    if not now.value:
        return []
    where = Anchor("#units", label("in_section_5"))
    values: dict[str, Value] = {
        "numbers": Counted(now, "number"),
        "before": Counted(before, "number"),
        "where": where,
    }
    if now.value > FEW:
        return [Line("summary_counted_many", values)]
    return [Line("summary_counted", {**values, "which": by_voice(issue)})]

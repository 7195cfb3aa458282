"""Sections 0 to 2: what this bulletin is, its summary, and the status of the agreement."""

from __future__ import annotations

import re
from datetime import date, datetime

from holdfire import times
from holdfire.agreement.instruments import Window, WindowKind
from holdfire.agreement.parties import Exclusion
from holdfire.errors import HoldfireError
from holdfire.publishing.figures import Figure
from holdfire.publishing.issue import VERDICTS, Issue, standing
from holdfire.publishing.material import Material
from holdfire.publishing.values import (
    Between,
    Block,
    Code,
    Counted,
    Facts,
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
from holdfire.records.actor import Actor
from holdfire.times import Precision

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
                    ("log", Said("log", {"size": str(material.ledger.size), "head": material.ledger.head})),
                    ("manifest", annexes),
                    ("languages", Several(tuple(Code("language", name) for name in material.languages))),
                    ("signatures", Said("not_signed")),
                )
            ),
        ),
    )


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

    Args:
        issue: The bulletin.
        extra: Rows that other sections counted, such as obligations and corrections.
        silent: Sources without a claim in the period.
        sources: All sources of the case.
    """
    total, before = issue.pair("summary.total")
    covered = issue.chosen(issue.now, ["breach"])
    blocks: list[Block] = []
    if total.value:
        values: dict[str, Value] = {
            "incidents": Counted(total, "incident"),
            "before": Counted(before, "incident"),
            "breaches": issue.number("summary.breach.now", covered),
        }
        blocks.append(Line("summary_lead", values, "lead"))
    else:
        blocks.append(Line("summary_none", {"before": Counted(before, "incident")}, "lead"))
    if not before.value:
        blocks.append(Line("summary_before_silent", tone="note"))
    blocks.append(
        Line(
            "summary_effort",
            {"silent": silent, "sources": Counted(sources, "source")},
            "note",
        )
    )
    rows: list[tuple[Value, ...]] = [(label("incidents_all"), total, before)]
    rows += [(Code("verdict", v), *issue.pair(f"summary.{v}", [v])) for v in VERDICTS]
    rows += [
        (
            label(f"{what}_all"),
            issue.harm("summary.now", issue.now, what),
            issue.harm("summary.before", issue.before, what),
        )
        for what in ("killed", "civilians", "injured")
    ]
    chosen = (0, 1, 2, 6, 7)
    blocks.append(Headlines(tuple((rows[n][0], rows[n][1], rows[n][2]) for n in chosen)))
    blocks.append(Table("summary", (label("line"), label("now"), label("before")), (*rows, *extra)))
    return Section(1, "summary", tuple(blocks))


def status(issue: Issue) -> Section:
    """Return section 2: windows, roles, exclusions with the names each group bore, failures reported."""
    material = issue.material
    agreement = material.agreement
    blocks: list[Block] = []
    for instrument in agreement.instruments:
        for window in instrument.windows:
            if window.kind is WindowKind.BREAKDOWN and _begun(window, material):
                values: dict[str, Value] = {
                    "title": Text(instrument.title),
                    "when": as_written(window.starts, material),
                    "cite": window.cite,
                }
                blocks.append(Line("breakdown", values, "warning"))
    blocks.append(
        Table(
            "instruments",
            (label("instrument"), label("dated"), label("form"), label("standing"), label("source")),
            tuple(
                (
                    Text(i.title),
                    as_written(i.dated, material),
                    Several(
                        (
                            Code("form", i.form.value),
                            Code("laterality", i.laterality.value),
                            *((Code("label", "confidential"),) if i.confidential else ()),
                        )
                    ),
                    Code("standing", standing(i, material)),
                    i.source,
                )
                for i in agreement.instruments
            ),
        )
    )
    blocks.append(
        Table(
            "windows",
            (label("instrument"), label("window_kind"), label("from"), label("until"), label("clause")),
            tuple(
                (
                    Text(i.title),
                    Code("window_kind", w.kind.value),
                    as_written(w.starts, material),
                    as_written(w.until, material),
                    w.cite,
                )
                for i in agreement.instruments
                for w in i.windows
            ),
        )
    )
    blocks += _roles(issue)
    blocks += _exclusions(issue)
    return Section(2, "status", tuple(blocks))


def _begun(window: Window, material: Material) -> bool:
    start = window.start(material.agreement.zone).start
    return start is not None and start.astimezone(material.zone).date() <= material.last


def _roles(issue: Issue) -> list[Block]:
    material = issue.material
    rows: list[tuple[Value, ...]] = [
        (
            issue.actor(p.actor),
            Code("role", p.role.value),
            as_written(p.starts, material),
            as_written(p.until, material),
            Code("certainty", p.certainty),
            p.cite,
        )
        for p in sorted(material.agreement.parties, key=lambda p: (p.role.value, p.actor, p.starts))
    ]
    columns = ("actor", "role", "from", "until", "certain", "clause")
    return [Table("roles", tuple(label(c) for c in columns), tuple(rows))]


def _exclusions(issue: Issue) -> list[Block]:
    """Return who is excluded: by which clause or list, and under which names at which dates."""
    material = issue.material
    agreement = material.agreement
    lists = {each.id: each for each in agreement.lists}
    rows: list[tuple[Value, ...]] = []

    def row(actor: str, basis: Value, start: str, until: str | None, clause: str) -> None:
        rows.append(
            (
                issue.actor(actor),
                Several(tuple(_dated_names(material.names.actors.get(actor)))),
                basis,
                as_written(start, material),
                as_written(until, material),
                clause,
            )
        )

    def ordered(exclusion: Exclusion) -> tuple[str, str]:
        return (exclusion.by, exclusion.actor or exclusion.list or "")

    for exclusion in sorted(agreement.exclusions.exclusions, key=ordered):
        if exclusion.actor:
            row(exclusion.actor, label("by_name"), exclusion.starts, exclusion.until, exclusion.cite)
            continue
        outside = lists[exclusion.list or ""]
        basis = Said("by_list", {"list": Text(outside.title), "as_of": as_written(outside.as_of, material)})
        for entry in outside.entries:
            named = Said("listed_as", {"basis": basis, "name": entry.name})
            row(entry.actor, named, entry.starts, entry.until, f"{exclusion.cite}; {entry.cite}")
    if not rows:
        return [Line("no_exclusion")]
    columns = ("actor", "names_borne", "basis", "from", "until", "clause")
    return [
        Line("excluded_label", {"label": Text(agreement.head.excluded_label)})
        if agreement.head.excluded_label
        else Line("excluded_no_label"),
        Table("exclusions", tuple(label(c) for c in columns), tuple(rows)),
    ]


def _dated_names(actor: Actor | None) -> list[Value]:
    """Return the names a group bore, one for each stretch of time, in each language that has one."""
    stretches: dict[tuple[datetime | None, datetime | None], dict[str, str]] = {}
    for alias in actor.aliases if actor else ():
        if not alias.label:
            words = stretches.setdefault((alias.valid.start, alias.valid.end), {})
            words.setdefault("ar" if _ARABIC.search(alias.text) else "en", alias.text)
    dated = sorted((k for k in stretches if k != (None, None)), key=lambda k: str(k[0] or ""))
    found: list[Value] = [
        Said("name_borne", {"name": Text(stretches[k]), "when": Between(*k)}) for k in dated
    ]
    if not found:
        return [Said("one_name")]
    always = stretches.get((None, None))
    return [*([Said("name_always", {"name": Text(always)})] if always else []), *found]


def as_written(text: str | None, material: Material) -> Value:
    """Return a date or time of the agreement as fine as it was written; nothing written is None."""
    if not text:
        return None
    try:
        interval, precision = times.parse(text, material.agreement.zone)
    except HoldfireError:
        return text
    if interval.start is None:
        return text
    if precision is Precision.MINUTE:
        return interval.start
    return interval.start.astimezone(material.agreement.zone).date() if precision is Precision.DAY else text

"""Section 2: the status of the agreement: its instruments, windows, parties, and whom it leaves out."""

from __future__ import annotations

from datetime import datetime

from holdfire import times
from holdfire.agreement.instruments import Window, WindowKind
from holdfire.agreement.parties import Exclusion
from holdfire.errors import HoldfireError
from holdfire.publishing.issue import ARABIC, Issue, standing
from holdfire.publishing.material import Material
from holdfire.publishing.sections.changes import state_lines
from holdfire.publishing.values import (
    Between,
    Block,
    Code,
    Line,
    Month,
    Said,
    Section,
    Several,
    Table,
    Text,
    Value,
    label,
)
from holdfire.records.actor import Actor
from holdfire.times import Precision


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
    blocks += state_lines(issue)[:1]
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
            language = "ar" if ARABIC.search(alias.text) else "en"
            if not alias.text.isupper():
                words.setdefault(language, alias.text)
    dated = sorted(
        (k for k in stretches if k != (None, None) and stretches[k]), key=lambda k: str(k[0] or "")
    )
    found: list[Value] = [
        Said("name_borne", {"name": Text(stretches[k]), "when": Between(*k)}) for k in dated
    ]
    if not found:
        return [Said("one_name")]
    always = [Said("name_always", {"name": Text(actor.name)})] if actor and (None, None) in stretches else []
    return [*always, *found]


def as_written(text: str | None, material: Material) -> Value:
    """Return a date or time of the agreement as fine as it was written; nothing written is None."""
    if not text:
        return None
    zone = material.agreement.zone
    try:
        interval, precision = times.parse(text, zone)
    except HoldfireError:
        return text
    if interval.start is None or precision is Precision.YEAR:
        return text
    day = interval.start.astimezone(zone).date()
    if precision is Precision.RANGE:
        ends = [as_written(part.strip(), material) for part in text.split("/", 1)]
        return Said("from_to", {"first": ends[0], "last": ends[1]})
    finer: dict[Precision, Value] = {
        Precision.MINUTE: interval.start,
        Precision.MONTH: Month(day.year, day.month),
    }
    return finer.get(precision, day)

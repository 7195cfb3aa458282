"""Section 2: the status of the agreement: its instruments, windows, parties, and whom it leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from holdfire import times
from holdfire.agreement.instruments import Instrument, Window, WindowKind
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
    blocks += _stack(material)
    blocks += _roles(issue)
    blocks += _exclusions(issue)
    return Section(2, "status", tuple(blocks))


Phase = Literal["now", "later", "past"]
"""Whether something holds or changes in the period, begins after it, or ended before it."""


def _phase(starts: str, until: str | None, material: Material) -> Phase:
    days = times.days(material.first, material.last, material.zone)
    begins = _first(starts, material)
    if begins and days.end and begins >= days.end:
        return "later"
    ends = times.parse(until, material.agreement.zone)[0].end if until else None
    return "past" if ends and days.start and ends <= days.start else "now"


def _first(starts: str, material: Material) -> datetime | None:
    return times.parse(starts, material.agreement.zone)[0].start


def _stack(material: Material) -> list[Block]:
    """Return the instruments and windows of the period, and those next to begin; the others in one line."""
    windows = [(i, w) for i in material.agreement.instruments for w in i.windows]
    later = [w for _, w in windows if _phase(w.starts, w.until, material) == "later"]
    coming = min((start for w in later if (start := _first(w.starts, material))), default=None)

    def shown(window: Window) -> bool:
        phase = _phase(window.starts, window.until, material)
        return phase == "now" or (phase == "later" and _first(window.starts, material) == coming)

    rows = [
        _instrument(i, material)
        for i in material.agreement.instruments
        if not i.windows or any(map(shown, i.windows))
    ]
    heads = ("instrument", "dated", "form", "standing", "source")
    blocks: list[Block] = [Table("instruments", tuple(label(h) for h in heads), tuple(rows))]
    told = tuple(
        (
            Text(i.title),
            Code("window_kind", w.kind.value),
            as_written(w.starts, material),
            as_written(w.until, material),
            w.cite,
        )
        for i, w in windows
        if shown(w)
    )
    heads = ("instrument", "window_kind", "from", "until", "clause")
    blocks.append(Table("windows", tuple(label(h) for h in heads), told))
    rest: dict[str, Said] = {}
    for i, w in windows:
        if not shown(w):
            rest.setdefault(
                i.id, _outside(Said("titled", {"title": Text(i.title)}), w.starts, w.until, material)
            )
    return [*blocks, *_rest(rest.values())]


def _instrument(instrument: Instrument, material: Material) -> tuple[Value, ...]:
    form = (Code("form", instrument.form.value), Code("laterality", instrument.laterality.value))
    return (
        Text(instrument.title),
        as_written(instrument.dated, material),
        Several((*form, *((label("confidential"),) if instrument.confidential else ()))),
        Code("standing", standing(instrument, material)),
        instrument.source,
    )


def _outside(what: Value, starts: str, until: str | None, material: Material) -> Said:
    """Return what begins after the period, or ended before it, with when."""
    later = _phase(starts, until, material) == "later"
    when = as_written(starts if later else until, material)
    return Said("begins_later" if later else "ended_before", {"what": what, "when": when})


def _rest(items: Iterable[Said]) -> list[Block]:
    """Return one line of what is not of the period."""
    told = tuple(items)
    return [Line("status_rest", {"items": Several(told)})] if told else []


def _begun(window: Window, material: Material) -> bool:
    start = window.start(material.agreement.zone).start
    return start is not None and start.astimezone(material.zone).date() <= material.last


def _roles(issue: Issue) -> list[Block]:
    material = issue.material
    parties = sorted(material.agreement.parties, key=lambda p: (p.role.value, p.actor, p.starts))
    rows: list[tuple[Value, ...]] = [
        (
            issue.actor(p.actor),
            Code("role", p.role.value),
            as_written(p.starts, material),
            as_written(p.until, material),
            Code("certainty", p.certainty),
            p.cite,
        )
        for p in parties
        if _phase(p.starts, p.until, material) == "now"
    ]
    rest = [
        _outside(
            Said("in_role", {"actor": issue.actor(p.actor), "role": Code("role", p.role.value)}),
            p.starts,
            p.until,
            material,
        )
        for p in parties
        if _phase(p.starts, p.until, material) != "now"
    ]
    columns = ("actor", "role", "from", "until", "certain", "clause")
    return [Table("roles", tuple(label(c) for c in columns), tuple(rows)), *_rest(rest)]


def _exclusions(issue: Issue) -> list[Block]:
    """Return who is excluded: by which clause or list, and under which names at which dates."""
    material = issue.material
    agreement = material.agreement
    lists = {each.id: each for each in agreement.lists}
    rows: list[tuple[Value, ...]] = []
    rest: list[Said] = []

    def row(actor: str, basis: Value, start: str, until: str | None, clause: str, listed: str = "") -> None:
        if _phase(start, until, material) != "now":
            who: Value = replace(issue.actor(actor), label={})
            if listed:
                who = Said("listed_as", {"basis": who, "name": listed})
            rest.append(_outside(who, start, until, material))
            return
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
            row(entry.actor, named, entry.starts, entry.until, f"{exclusion.cite}; {entry.cite}", entry.name)
    if not rows and not rest:
        return [Line("no_exclusion")]
    columns = ("actor", "names_borne", "basis", "from", "until", "clause")
    return [
        Line("excluded_label", {"label": Text(agreement.head.excluded_label)})
        if agreement.head.excluded_label
        else Line("excluded_no_label"),
        Table("exclusions", tuple(label(c) for c in columns), tuple(rows)),
        *_rest(rest),
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

"""What `holdfire agreement` says of what `agreed` finds: lines to read, and the same for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from holdfire.agreed import Changed, Checked
from holdfire.agreement.document import Agreement
from holdfire.judging.duties import Owed
from holdfire.judging.onday import Duty, OnDay, Parts
from holdfire.judging.shifts import Edited, Shift
from holdfire.records.actor import Names

VERBS = {"binds": "bound by", "protects": "protected by"}
PERMITS = {"binds": "permitted by", "protects": "the other side of the permission"}


def checked(found: Checked, read: Agreement) -> Iterator[str]:
    """Yield what is wrong with an agreement, a summary first."""
    summed = ", ".join(f"{n} {what}" for what, n in found.counts.items())
    several = len(found.problems) > 1
    said = (
        f"{len(found.problems)} problems"
        if several
        else "1 problem"
        if found.problems
        else "no problem found"
    )
    yield f"{read.head.id}: {summed}; {said}"
    yield from (str(each).replace("error: ", "no: ", 1) for each in found.problems)
    yield from (f"note: {note}" for note in found.notes)


def checked_json(found: Checked, read: Agreement) -> dict[str, Any]:
    """Return the same for machines."""
    listed = [asdict(each) for each in found.problems]
    return {"agreement": read.head.id, **found.counts, "problems": listed, "notes": list(found.notes)}


def on_day(found: Sequence[OnDay], read: Agreement, names: Names, day: str, *, brief: bool) -> Iterator[str]:
    """Yield who is bound on a day, to what, and by which clause; `brief` leaves the clauses' words out."""
    yield f"{_word(read.head.title)}, on {day} ({read.head.timezone})"
    for each in found:
        yield from _told(each, read, names, brief=brief)


def on_day_json(found: Sequence[OnDay], read: Agreement, day: str) -> dict[str, Any]:
    """Return the same for machines."""
    return {"agreement": read.head.id, "on": day, "actors": [_json(each) for each in found]}


def owed(found: Sequence[Owed], read: Agreement, names: Names) -> Iterator[str]:
    """Yield of each duty whether it was met, and why."""
    for each in found:
        due = f", due by {_when(each.due.start, each.due.end, read)}" if each.due else ""
        doubt = "" if each.bound == "yes" else "; whether it binds is unclear"
        finding = each.finding.replace("_", " ")
        why = each.why.replace("_", " ")
        yield f"{_named(each.actor, names)}: {each.term}{due}: {finding} ({why}){doubt}"
    if not found:
        yield "no one owed anything on that day"


def owed_json(found: Sequence[Owed], read: Agreement) -> list[dict[str, Any]]:
    """Return the same for machines."""
    return [{**asdict(each), "due": each.due and _when(each.due.start, each.due.end, read)} for each in found]


def changed(found: Changed, *, everyone: bool) -> Iterator[str]:
    """Yield what changed for whom on which day; of everyone, it is said whom it leaves out."""
    lines = [*_edits(found.edits), *_shifts(found.shifts, found.agreement, found.names)]
    yield from lines or ["nothing changed for anyone with a role"]
    if found.left and everyone:
        yield f"left out: {len(found.left)} actors to whom the case gives no role, so that they stay unclear"


def changed_json(found: Changed) -> dict[str, Any]:
    """Return the same for machines."""
    return {"shifts": [_shift_json(s) for s in found.shifts], "edits": [asdict(e) for e in found.edits]}


def _shifts(shifts: Sequence[Shift], read: Agreement, names: Names) -> list[str]:
    """Return sentences, alike ones together: one line a change, naming everyone it is for."""
    permits = {term.id for term in read.terms if term.type == "permitted_act"}
    together: dict[tuple[object, ...], list[str]] = {}
    for each in shifts:
        key = (each.when, each.until, each.term, each.side, each.was, each.now, each.clauses)
        together.setdefault(key, []).append(each.actor)
    lines = []
    for (when, until, term, side, was, now, clauses), actors in together.items():
        who = ", ".join(_named(actor, names) for actor in actors)
        span = f"from {_at(when, read)}" + (f" until {_at(until, read)}" if until else "")
        verb = (PERMITS if term in permits else VERBS)[str(side)]
        lines.append(f"{span}: {who}: {verb} {term}: {now}; before: {was}")
        lines += [f"    {clause}" for clause in clauses]  # type: ignore[attr-defined]
    return lines


def _edits(edits: Sequence[Edited]) -> list[str]:
    lines = []
    for each in edits:
        if each.field == "term":
            lines.append(f"the term {each.term} is {'new' if each.now else 'gone'}: {each.now or each.was}")
        else:
            lines.append(
                f"the term {each.term}: {each.field}: was {each.was or 'none'}; is {each.now or 'none'}"
            )
    return lines


def _told(found: OnDay, read: Agreement, names: Names, *, brief: bool) -> list[str]:
    lines = ["", f"{_named(found.actor, names)}"]
    for role in found.roles:
        doubt = "" if role.answer == "yes" else ", unclear"
        lines.append(f"  {role.role.replace('_', ' ')}{doubt}: {role.cite}")
    if not found.roles:
        lines.append("  the case records no role for it on this day: its standing is unclear")
    for heading, answer, permits in (
        ("bound by", "yes", False),
        ("unclear whether bound by", "unclear", False),
        ("permitted by", "yes", True),
        ("unclear whether permitted by", "unclear", True),
    ):
        duties = [
            d
            for d in found.duties
            if _best(d.binds) == answer and (d.term.type == "permitted_act") is permits
        ]
        lines += [f"  {heading}:"] if duties else []
        for duty in duties:
            lines += _duty(duty, read, brief=brief)
    for permits, heading in ((False, VERBS["protects"]), (True, PERMITS["protects"])):
        shields = [d for d in found.duties if d.shields and (d.term.type == "permitted_act") is permits]
        for answer, doubt in (("yes", ""), ("unclear", "unclear whether ")):
            listed = [d.term.id for d in shields if _best(d.shields) == answer]
            lines += [f"  {doubt}{heading}: {', '.join(listed)}"] if listed else []
    free = [d.term.id for d in found.duties if _best(d.binds) == "no"]
    lines += [f"  neither bound nor permitted by: {', '.join(free)}"] if free else []
    return lines


def _duty(duty: Duty, read: Agreement, *, brief: bool) -> list[str]:
    term = duty.term
    parts = "" if len(duty.binds) == 1 else f" [{_spoken(duty.binds, read)}]"
    lines = [f"    {term.id}{parts}: {term.cite}"]
    if brief:
        return lines
    lines.append(f"      {_word(term.text)}")
    if term.zone:
        lines.append(f"      where: {_zone(term.zone, read)}")
    lines += [f"      {name}: {value} ({cite})" for name, value, cite in duty.values]
    for at in duty.due:
        passed = _spoken(duty.overdue, read)
        lines.append(f"      due by {_when(at.start, at.end, read)}; passed: {passed}")
    lines += [f"      condition {name}: {answer}" for name, answer in duty.conditions]
    lines += [f"      changed by: {cite}" for cite in duty.clauses]
    lines += [f"      on this day: {cite}" for cite in duty.turns]
    return lines


def _best(parts: Parts) -> str:
    """Return yes if any part of the day says so, else unclear if any does, else no."""
    given = {str(answer) for _, answer in parts}
    return next((answer for answer in ("yes", "unclear") if answer in given), "no")


def _spoken(parts: Parts, read: Agreement) -> str:
    if len(parts) == 1:
        return str(parts[0][1])
    later = (f"from {at.astimezone(read.zone):%H:%M} {answer}" for at, answer in parts[1:])
    return "; ".join([str(parts[0][1]), *later])


def _json(found: OnDay) -> dict[str, Any]:
    def parts(answers: Parts) -> list[dict[str, str]]:
        return [{"from": at.isoformat(), "answer": str(answer)} for at, answer in answers]

    return {
        "actor": found.actor,
        "roles": [asdict(role) for role in found.roles],
        "excluded": parts(found.excluded),
        "terms": [
            {
                "term": d.term.id,
                "cite": d.term.cite,
                "text": d.term.text,
                "binds": parts(d.binds),
                "protects": parts(d.shields),
                "due": [[at.start and at.start.isoformat(), at.end and at.end.isoformat()] for at in d.due],
                "overdue": parts(d.overdue),
                "parameters": [{"name": n, "value": v, "cite": c} for n, v, c in d.values],
                "conditions": dict(d.conditions),
                "changed_by": list(d.clauses),
            }
            for d in found.duties
        ],
    }


def _shift_json(shift: Shift) -> dict[str, Any]:
    given = asdict(shift)
    return {**given, "when": shift.when.isoformat(), "until": shift.until and shift.until.isoformat()}


def _named(actor: str, names: Names) -> str:
    described = names.actors.get(actor)
    return f"{described.name.get('en', actor)} ({actor})" if described else actor


def _zone(name: str, read: Agreement) -> str:
    zone = next(z for z in (*read.zones, *read.lines) if z.id == name)
    return _word(zone.name)


def _word(words: Any) -> str:
    return str(words.get("en") or next(iter(words.values()), ""))


def _at(when: Any, read: Agreement) -> str:
    return f"{when.astimezone(read.zone):%Y-%m-%d %H:%M}"


def _when(start: datetime | None, end: datetime | None, read: Agreement) -> str:
    if start is None or end is None:
        return "a day that no text gives"
    return _at(start, read) if start == end else f"a moment between {_at(start, read)} and {_at(end, read)}"

"""`holdfire agreement`: hold a stack to account, say who is bound on a day, say what changed for whom."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors.options import HERE, Json, Where

if TYPE_CHECKING:
    from holdfire.agreement.document import Agreement
    from holdfire.case import Case
    from holdfire.judging.onday import Duty, OnDay, Parts
    from holdfire.judging.shifts import Edited, Shift
    from holdfire.records.actor import Names

VERBS = {"binds": "bound by", "protects": "protected by"}
PERMITS = {"binds": "permitted by", "protects": "the other side of the permission"}

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at the agreement of a case.")


@app.command("check")
def check(case: Where = HERE, as_json: Json = False) -> None:
    """Check what people wrote, and the stack: contradictions, gaps in time, undefined words, bare clauses."""
    from holdfire.agreement import checking
    from holdfire.judging import contradictions
    from holdfire.judging.bound import bound, stretches, whole
    from holdfire.judging.standing import Standing
    from holdfire.reading.types import event_types

    opened = _open(case)
    read, names = opened.agreement, opened.folder.names
    standing = Standing(read, names)
    told = bound(read, names, stretches(standing.instants(), *whole(standing)), opened.engine)
    found = [
        *contradictions.permitted_and_forbidden(read, told, event_types()),
        *contradictions.bound_and_excluded(read),
        *contradictions.never_bound(read, told),
        *checking.gaps(read),
        *checking.undefined(read, event_types()),
        *checking.clauses(read),
    ]
    notes = list(checking.notes(read))
    counts = {
        "instruments": len(read.instruments),
        "parties": len(read.parties),
        "exclusions": len(read.exclusions.exclusions),
        "terms": len(read.terms),
        "zones": len(read.zones),
    }
    if as_json:
        listed = [asdict(each) for each in found]
        _print({"agreement": read.head.id, **counts, "problems": listed, "notes": notes})
    else:
        summed = ", ".join(f"{n} {what}" for what, n in counts.items())
        said = f"{len(found)} problems" if len(found) > 1 else "1 problem" if found else "no problem found"
        typer.echo(f"{read.head.id}: {summed}; {said}")
        for each in found:
            typer.echo(str(each).replace("error: ", "no: ", 1))
        for note in notes:
            typer.echo(f"note: {note}")
    if found:
        raise typer.Exit(1)


@app.command("show")
def show(
    on: Annotated[str, typer.Option("--on", help="The local day asked about: 2016-08-01.")],
    actor: Annotated[
        str,
        typer.Option("--actor", help="Whose standing: an id, or a name borne on that day; left out: all."),
    ] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Say who is bound on a day, to what, and by which clause; what no text settles reads unclear."""
    from holdfire.judging.onday import find_actor, on_day

    opened = _open(case)
    read, names = opened.agreement, opened.folder.names
    day = _day(on, read)
    noon = day.start + (day.end - day.start) / 2
    asked = [find_actor(names, actor, noon)] if actor else _with_roles(read)
    found = on_day(read, names, day, opened.engine, asked)
    if as_json:
        _print({"agreement": read.head.id, "on": on, "actors": [_json(each, read) for each in found]})
        return
    typer.echo(f"{_word(read.head.title)}, on {on} ({read.head.timezone})")
    for each in found:
        for line in _told(each, read, names, brief=not actor):
            typer.echo(line)


@app.command("duties")
def duties(
    on: Annotated[str, typer.Option("--on", help="The local day asked about: 2016-08-01.")],
    actor: Annotated[str, typer.Option("--actor", help="Whose duties; left out: everyone bound.")] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Say of each duty to do something whether it was met by that day: met, not met or unknown, and why."""
    from holdfire import agreed
    from holdfire.judging.onday import find_actor

    opened = _open(case)
    read, names = opened.agreement, opened.folder.names
    day = _day(on, read)
    asked = [find_actor(names, actor, day.start)] if actor else []
    claims = (table for _, table in opened.claims())
    on_day = day.start.astimezone(read.zone).date()
    found = agreed.duties(opened.folder, read, opened.engine, claims, on_day, asked)
    if as_json:
        _print(
            [
                {**asdict(each), "due": each.due and _when(each.due.start, each.due.end, read)}
                for each in found
            ]
        )
        return
    for each in found:
        due = f", due by {_when(each.due.start, each.due.end, read)}" if each.due else ""
        doubt = "" if each.bound == "yes" else "; whether it binds is unclear"
        finding = each.finding.replace("_", " ")
        why = each.why.replace("_", " ")
        typer.echo(f"{_named(each.actor, names)}: {each.term}{due}: {finding} ({why}){doubt}")
    if not found:
        typer.echo("no one owed anything on that day")


@app.command("diff")
def diff(
    first: Annotated[str, typer.Argument(help="A day, an instrument of the case, or another case folder.")],
    second: Annotated[str, typer.Argument(help="Another of the same sort.")],
    actor: Annotated[str, typer.Option("--actor", help="Only what changed for this actor.")] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Say what changed for whom on which day: between two days, two texts of the stack, or two agreements."""
    from holdfire.judging.onday import find_actor
    from holdfire.judging.shifts import between, edited, over_time

    edits: list[Edited] = []
    if Path(first).is_dir() and Path(second).is_dir():
        one, other = _open(Path(first)), _open(Path(second))
        pair, engine = (one.folder.names, other.folder.names), one.engine
        shifts = between(one.agreement, other.agreement, pair, engine)
        edits = list(edited(one.agreement, other.agreement))
        read, names = other.agreement, other.folder.names
    else:
        opened = _open(case)
        read, names = opened.agreement, opened.folder.names
        texts = {text.id for text in read.instruments}
        if first in texts or second in texts:
            stacks = [_as_of(read, name) for name in (first, second)]
            shifts = between(stacks[0], stacks[1], (names, names), opened.engine)
            edits = list(edited(*stacks))
        else:
            start, end = _day(first, read).start, _day(second, read).end
            shifts = over_time(read, names, start, end, opened.engine)
    whom = {find_actor(names, actor, None)} if actor else _told_of(read, names)
    kept = [each for each in shifts if each.actor in whom]
    left = {each.actor for each in shifts} - whom
    if as_json:
        _print({"shifts": [_shift_json(s) for s in kept], "edits": [asdict(e) for e in edits]})
        return
    for line in [*_edits(edits), *_shifts(kept, read, names)] or ["nothing changed for anyone with a role"]:
        typer.echo(line)
    if left and not actor:
        typer.echo(f"left out: {len(left)} actors to whom the case gives no role, so that they stay unclear")


def _shifts(shifts: list[Shift], read: Agreement, names: Names) -> list[str]:
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


def _edits(edits: list[Edited]) -> list[str]:
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


def _json(found: OnDay, read: Agreement) -> dict[str, Any]:
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


def _as_of(read: Agreement, name: str) -> Agreement:
    """Return the stack as it stood with one text as its last."""
    from dataclasses import replace

    from holdfire.errors import BadInput, nearest

    ids = [text.id for text in read.instruments]
    if name not in ids:
        raise BadInput(f'no instrument is called "{name}"', hint=nearest(name, ids))
    kept = read.instruments[: ids.index(name) + 1]
    terms = tuple(term for term in read.terms if term.instrument in {text.id for text in kept})
    return replace(read, instruments=kept, terms=terms)


def _told_of(read: Agreement, names: Names) -> set[str]:
    """Return the actors whose standing the agreement settles: by a role, by name, or as part of another."""
    roles = set(_with_roles(read))
    named = {name for term in read.terms for name in (*term.binds.actors, *term.protects.actors)}
    parts = {actor.id for actor in names.actors.values() if set(actor.part_of) & roles}
    return roles | named | parts


def _with_roles(read: Agreement) -> list[str]:
    return sorted({holding.actor for holding in read.holdings()})


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


def _day(text: str, read: Agreement) -> Any:
    from datetime import date

    from holdfire import times
    from holdfire.errors import BadInput

    try:
        return times.day(date.fromisoformat(text), read.zone)
    except ValueError:
        raise BadInput(
            f'"{text[:60]}" is not a day',
            hint="a day of the calendar, 2016-07-01; or two texts of one case; or two case folders",
        ) from None


def _open(path: Path) -> Case:
    from holdfire.case import Case

    return Case.open(path)


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))

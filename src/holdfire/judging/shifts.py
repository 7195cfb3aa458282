"""What changed for whom on which day: between two days of one stack, or between two stacks.

Both are read off the same answers as a verdict (`bound`). A change that a text dates only to the day comes in
two steps: unclear from that day's start, certain from its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from holdfire.agreement.document import Agreement
from holdfire.agreement.force import amenders, changing
from holdfire.agreement.terms import Term
from holdfire.answers import Answer
from holdfire.engine import Engine
from holdfire.judging.bound import Bound, bound, stretches, whole
from holdfire.judging.standing import Standing
from holdfire.records.actor import Names
from holdfire.times import parse


@dataclass(frozen=True, slots=True)
class Shift:
    """Someone's standing under one term changes.

    Attributes:
        when: From which instant.
        until: Until which; None: to the end of the time compared.
        actor: Whose.
        term: Under which term.
        side: `binds` or `protects`.
        was: The answer before, or in the first stack.
        now: The answer since, or in the second.
        clauses: Clauses that make the change; none: its date is no date of a text.
    """

    when: datetime
    until: datetime | None
    actor: str
    term: str
    side: str
    was: Answer
    now: Answer
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """A term whose words or values differ between two stacks."""

    term: str
    field: str
    was: str
    now: str


def over_time(
    agreement: Agreement, names: Names, first: datetime, last: datetime, engine: Engine
) -> list[Shift]:
    """Return every change between two instants of one stack, in order of time."""
    standing = Standing(agreement, names)
    told = bound(agreement, names, stretches(standing.instants(), first, last), engine)
    found = []
    for side in ("binds", "protects"):
        before: dict[tuple[str, str], Answer] = {}
        for each in (b for b in told if side == "binds" or b.term in shielding(agreement)):
            answer = _side(each, side)
            key = (each.term, each.actor)
            if key in before and before[key] is not answer:
                cites = clauses_at(agreement, each.term, each.actor, each.start)
                was = before[key]
                found.append(Shift(each.start, None, each.actor, each.term, side, was, answer, cites))
            before[key] = answer
    return sorted(found, key=_order)


def between(old: Agreement, new: Agreement, names: tuple[Names, Names], engine: Engine) -> list[Shift]:
    """Return every stretch in which someone stands otherwise in the second stack than in the first.

    A term that a stack lacks binds no one in it. Of an actor that one stack does not describe it says
    nothing, so the answer there is unclear if the term is there.
    """
    pair = [(old, names[0]), (new, names[1])]
    spans = [Standing(each, known) for each, known in pair]
    first = min(whole(each)[0] for each in spans)
    last = max(whole(each)[1] for each in spans)
    cuts = stretches([i for each in spans for i in each.instants()], first, last)
    was, now = (
        {(b.term, b.actor, b.start): b for b in bound(each, known, cuts, engine)} for each, known in pair
    )
    have = [{term.id for term in each.terms} for each, _ in pair]
    found: list[Shift] = []
    for key in sorted({*was, *now}):
        one, other = was.get(key), now.get(key)
        any_ = one or other
        assert any_ is not None  # noqa: S101 - the key came from one of them
        shields = key[0] in shielding(old) | shielding(new)
        for side in ("binds", "protects") if shields else ("binds",):
            answers = (
                _side(one, side) if one else Answer.UNCLEAR if key[0] in have[0] else Answer.NO,
                _side(other, side) if other else Answer.UNCLEAR if key[0] in have[1] else Answer.NO,
            )
            if answers[0] is not answers[1]:
                found.append(Shift(any_.start, any_.end, key[1], key[0], side, *answers))
    merged = _merged(sorted(found, key=lambda s: (s.term, s.actor, s.side, s.when)))
    cited = [
        replace(s, clauses=_cites(old, new, s), until=None if s.until == last else s.until) for s in merged
    ]
    return sorted(cited, key=_order)


def shielding(agreement: Agreement) -> set[str]:
    """Return the terms that protect someone, and not whoever it may be."""
    return {term.id for term in agreement.terms if term.protects.roles or term.protects.actors}


def edited(old: Agreement, new: Agreement) -> Iterator[Edited]:
    """Yield each term that is new or gone, and each value of one that differs."""
    mine, theirs = ({t.id: t for t in each.terms} for each in (old, new))
    for name in sorted({*mine, *theirs}):
        one, other = mine.get(name), theirs.get(name)
        if one is None or other is None:
            yield Edited(name, "term", one.cite if one else "", other.cite if other else "")
            continue
        for field in ("cite", "type", "acts", "zone", "parameters", "due", "conditions", "certainty"):
            values = (_plain(getattr(one, field)), _plain(getattr(other, field)))
            if values[0] != values[1]:
                yield Edited(name, field, *values)


def clauses_at(agreement: Agreement, term: str, actor: str, when: datetime) -> tuple[str, ...]:
    """Return the clauses whose date is that instant: of the term's texts, or of the actor's roles."""
    listed: list[tuple[object, str]] = []
    duty = next((t for t in agreement.terms if t.id == term), None)
    if duty is not None:
        listed += _of_term(agreement, duty)
    for role in agreement.holdings():
        if role.actor == actor:
            listed += [(role.start.start, role.cite), (role.start.end, role.cite)]
            listed += [(role.end.start, role.cite), (role.end.end, role.cite)] if role.end else []
    return tuple(dict.fromkeys(cite for at, cite in listed if at == when))


def _of_term(agreement: Agreement, term: Term) -> Iterator[tuple[datetime | None, str]]:
    zone = agreement.zone
    own = agreement.instrument(term.instrument)
    for text in (own, *amenders(own.id, agreement.instruments)):
        for window in text.windows:
            for span in (window.start(zone), window.end(zone)):
                if span and (text is own or window.kind in ("breakdown", "recommitment")):
                    yield span.start, window.cite
                    yield span.end, window.cite
    dated = [(c.starts, c.until, c.cite) for c in changing(term, agreement.instruments, zone)]
    asked = {condition.id for condition in term.conditions}
    dated += [(f.starts, f.until, f.cite) for f in agreement.found if f.condition in asked]
    for start, until, cite in dated:
        for written in (start, until):
            if written:
                yield parse(written, zone)[0].start, cite
                yield parse(written, zone)[0].end, cite


def _side(each: Bound, side: str) -> Answer:
    return each.binds if side == "binds" else each.shields


def _merged(found: Sequence[Shift]) -> list[Shift]:
    """Return neighbouring stretches of one change as one."""
    merged: list[Shift] = []
    for each in found:
        last = merged[-1] if merged else None
        if last and last.until == each.when and replace(last, when=each.when, until=each.until) == each:
            merged[-1] = replace(last, until=each.until)
        else:
            merged.append(each)
    return merged


def _cites(old: Agreement, new: Agreement, shift: Shift) -> tuple[str, ...]:
    found = [clauses_at(each, shift.term, shift.actor, shift.when) for each in (new, old)]
    listed = [term.cite for each in (new, old) for term in each.terms if term.id == shift.term]
    return tuple(dict.fromkeys([*found[0], *found[1]])) or tuple(listed[:1])


def _order(shift: Shift) -> tuple[datetime, str, str, str]:
    return shift.when, shift.term, shift.actor, shift.side


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{key} {_plain(inner)}" for key, inner in value.items())
    if hasattr(value, "model_dump"):
        kept = value.model_dump(exclude_none=True, exclude_defaults=True)
        return str(kept.get("value", "")) or ", ".join(f"{k} {v}" for k, v in kept.items() if k != "cite")
    return "" if value is None else str(value)

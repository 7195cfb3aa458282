"""Where a stack contradicts itself: an act both permitted and forbidden, a party both bound and outside.

A permission that is narrower than the duty it meets is an exception, as lawyers read it (lex specialis):
fewer acts, a smaller area or a shorter time. One that is as wide or wider, or cuts across,
contradicts it, unless its text says that it is an exception (`excepts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import shapely
from shapely.geometry.base import BaseGeometry

from holdfire.agreement.document import Agreement
from holdfire.agreement.lineage import Holding
from holdfire.agreement.parties import Role
from holdfire.agreement.terms import Term, TermType
from holdfire.answers import Answer
from holdfire.errors import Problem
from holdfire.judging.bound import Bound

INSIDE = (Role.SIGNATORY, Role.ADHERENT, Role.GUARANTOR)


@dataclass(frozen=True)
class _Reach:
    """How far one term reaches: its acts, area, and whom it binds and protects in which stretch."""

    acts: frozenset[str]
    area: BaseGeometry | None
    binds: frozenset[tuple[datetime, str]]
    shields: frozenset[tuple[datetime, str]]


def permitted_and_forbidden(
    agreement: Agreement, told: Sequence[Bound], known: Iterable[str]
) -> Iterator[Problem]:
    """Yield each permission and duty that contradict each other for some pair, place and day.

    Args:
        agreement: The whole.
        told: Who is bound by what in each stretch, of `bound`.
        known: Event types, so that a family of acts can be written out.
    """
    acts = {*known, *(each.act for each in agreement.acts)}
    reach = {term.id: _reach(agreement, term, told, acts) for term in agreement.terms}
    for permit in agreement.terms:
        if permit.type is not TermType.PERMITTED_ACT or permit.settings.get("plea"):
            continue
        for duty in agreement.terms:
            if duty.type is TermType.PERMITTED_ACT or duty.id in permit.excepts:
                continue
            met = _meet(reach[permit.id], reach[duty.id])
            if met and not _narrower(reach[permit.id], reach[duty.id]):
                when, actor, other = met
                yield Problem(
                    f'"{permit.id}" permits what "{duty.id}" forbids: {actor} against {other}, first on'
                    f" {when.astimezone(agreement.zone).date()}",
                    f"terms {permit.id} ({permit.cite}) and {duty.id} ({duty.cite})",
                    "narrow one of them, or say in `excepts` that the permission is an exception",
                )


def _reach(agreement: Agreement, term: Term, told: Sequence[Bound], known: Iterable[str]) -> _Reach:
    mine = [each for each in told if each.term == term.id]
    families = {act.removesuffix(".*") for act in term.acts if act.endswith(".*")}
    listed = {act for act in known if act.partition(".")[0] in families}
    listed |= {act for act in term.acts if not act.endswith(".*")} | {f"{f}.unspecified" for f in families}
    polygons = [agreement.zones[number].polygon for number in agreement.places(term)]
    return _Reach(
        frozenset(listed),
        shapely.union_all(polygons) if polygons else None,
        frozenset((b.start, b.actor) for b in mine if b.binds is Answer.YES),
        frozenset((b.start, b.actor) for b in mine if b.shields is Answer.YES),
    )


def _meet(one: _Reach, other: _Reach) -> tuple[datetime, str, str] | None:
    """Return the first stretch and pair in which both speak of one act at one place."""
    if not one.acts & other.acts:
        return None
    if one.area is not None and other.area is not None and not one.area.intersects(other.area):
        return None
    shielded = one.shields & other.shields
    pairs = (
        (when, actor, whom)
        for when, actor in one.binds & other.binds
        for then, whom in shielded
        if then == when and whom != actor
    )
    return min(pairs, default=None)


def _narrower(permit: _Reach, duty: _Reach) -> bool:
    """Return whether a permission is within a duty, and smaller in its acts, its area or its time.

    To bind fewer people is not enough: for those it does bind it would undo the whole duty.
    """
    if not permit.acts <= duty.acts:
        return False
    if duty.area is not None and (permit.area is None or not duty.area.covers(permit.area)):
        return False
    smaller = permit.area is not None and (duty.area is None or not permit.area.covers(duty.area))
    both = {actor for _, actor in permit.binds} & {actor for _, actor in duty.binds}
    mine, theirs = ({when for when, actor in each.binds if actor in both} for each in (permit, duty))
    return permit.acts < duty.acts or smaller or mine < theirs


def bound_and_excluded(agreement: Agreement) -> Iterator[Problem]:
    """Yield each actor that is certainly a party and certainly excluded at one moment."""
    held = [h for h in agreement.holdings() if h.certain]
    for inside in (h for h in held if h.role in INSIDE):
        for outside in (h for h in held if h.role is Role.EXCLUDED and h.actor == inside.actor):
            if _overlap(inside, outside):
                yield Problem(
                    f"{inside.actor} is {inside.role.value} and excluded at once",
                    f"{inside.cite}; {outside.cite}",
                    "give one an end, or mark the one in doubt `certainty: unclear`",
                )


def never_bound(agreement: Agreement, told: Sequence[Bound]) -> Iterator[Problem]:
    """Yield each actor that a term names and no window ever covers."""
    may = {(each.term, each.actor) for each in told if each.binds is not Answer.NO}
    for term in agreement.terms:
        for actor in term.binds.actors:
            if (term.id, actor) not in may:
                yield Problem(
                    f"it binds {actor}, and no window covers them", f"term {term.id}",
                    "give its text a window, or take the actor out",
                )  # fmt: skip


def _overlap(one: Holding, other: Holding) -> bool:
    """Return whether two roles are certainly held at one moment: from latest start to first end."""
    starts = [h.start.end for h in (one, other) if h.start.end]
    ends = [h.end.start for h in (one, other) if h.end and h.end.start]
    return not starts or not ends or max(starts) < min(ends)

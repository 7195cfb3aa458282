"""What people decided by hand, as publishing takes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from pydantic import BaseModel

from holdfire import documents, times
from holdfire.folder import Folder
from holdfire.publishing import material as stuff
from holdfire.records import decided

Model = TypeVar("Model", bound=BaseModel)


def _read(folder: Folder, model: type[Model], name: str) -> Model:
    text = folder.hand(name)
    return documents.read(model, text, f"hand/{name}") if text.strip() else model()


def _day(text: str, folder: Folder, *, last: bool = False) -> date:
    interval = times.parse(text, folder.zone)[0]
    instant = (interval.end if last and interval.end != interval.start else interval.start) or datetime.min
    if last and interval.end != interval.start:
        return (instant.astimezone(folder.zone) - datetime.resolution).date()
    return instant.astimezone(folder.zone).date()


def restrictions(folder: Folder) -> tuple[stuff.Restriction, ...]:
    """Return what kept monitors from seeing."""
    return tuple(
        stuff.Restriction(
            kind=note.kind,
            start=_day(note.starts, folder),
            end=_day(note.until, folder, last=True),
            area=note.area,
            source=note.source,
            note=note.note,
            cite=note.cite,
            added_by=note.by,
        )
        for note in _read(folder, decided.Restrictions, "restrictions.yaml").restrictions
    )


def obligations(folder: Folder) -> tuple[stuff.ObligationFinding, ...]:
    """Return what was decided of positive obligations."""
    return tuple(
        stuff.ObligationFinding(
            term=note.term,
            finding=note.answer,
            start=_day(note.starts, folder),
            end=_day(note.until, folder, last=True),
            claims_for=tuple(note.claims_for),
            claims_against=tuple(note.claims_against),
            note=note.reason,
            added_by=note.by,
        )
        for note in _read(folder, decided.Obligations, "obligations.yaml").obligations
    )


def tolls(folder: Folder) -> tuple[stuff.Toll, ...]:
    """Return the tolls quoted from elsewhere."""
    return tuple(
        stuff.Toll(
            kind=note.kind,
            low=note.low,
            best=note.best,
            high=note.high,
            who=note.who,
            population=note.population,
            place=note.place,
            start=note.starts,
            end=note.until,
            cite=note.cite,
        )
        for note in _read(folder, decided.Tolls, "tolls.yaml").tolls
    )


def replies(folder: Folder) -> tuple[stuff.Reply, ...]:
    """Return the replies asked of parties."""

    def at(text: str | None) -> datetime | None:
        return times.instant(text, folder.zone) if text else None

    return tuple(
        stuff.Reply(
            incident_id=note.incident,
            actor=note.actor,
            asked=times.instant(note.asked, folder.zone),
            deadline=at(note.deadline),
            answered=at(note.answered),
        )
        for note in _read(folder, decided.Replies, "replies.yaml").replies
    )

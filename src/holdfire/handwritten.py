"""What people decided by hand, as publishing takes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

from pydantic import BaseModel

from holdfire import documents, times
from holdfire.errors import BadInput, Problem, nearest
from holdfire.folder import Folder
from holdfire.publishing import material as stuff
from holdfire.publishing.pages.lexicon import LANGUAGES
from holdfire.publishing.pages.tollwords import tollwords
from holdfire.publishing.tolls import Attested, Kept, ListCount, Toll
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


def duties(folder: Folder) -> list[decided.ObligationNote]:
    """Return what was decided of positive obligations, as it is written."""
    return _read(folder, decided.Obligations, "obligations.yaml").obligations


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
        for note in duties(folder)
    )


def tolls(folder: Folder) -> tuple[Toll, ...]:
    """Return the tolls quoted from elsewhere."""
    return tuple(
        Toll(
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


def list_counts(folder: Folder) -> tuple[ListCount, ...]:
    """Return what the lists of the dead were found to say, as people signed it."""
    return tuple(
        ListCount(
            by=note.by,
            made=note.made,
            lists=tuple(Kept(**each.model_dump()) for each in note.lists),
            documented=_ends(note.documented),
            called=tuple(note.among.status),
            first=note.among.starts or "",
            last=note.among.until or "",
            left_out=tuple((each.asked, each.why, each.people) for each in note.left_out),
            imputed=_ends(note.imputed) if note.imputed else None,
            unnamed=note.unnamed,
            estimated=_ends(note.estimated) if note.estimated else None,
            level=note.level,
            outside=note.outside,
            models=(note.models.low, note.models.high) if note.models else None,
            ranged=note.ranged,
            refused=tuple(_reason(each) for each in note.refused),
            conditions=tuple(_reason(each) for each in note.conditions),
            attested=tuple(Attested(**each.model_dump()) for each in note.attested),
            draws=note.draws,
        )
        for note in _read(folder, decided.Counts, "counts.yaml").counts
    )


def _ends(note: decided.EndsNote) -> tuple[int, int, int]:
    return note.low, note.middle, note.high


def _reason(note: decided.ReasonNote) -> dict[str, str]:
    return {name: tollwords(name).reason(note.code, note.facts).says for name in LANGUAGES}


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
            says=note.says,
            cite=note.cite,
        )
        for note in _read(folder, decided.Replies, "replies.yaml").replies
    )


def rulings(folder: Folder) -> tuple[stuff.Ruling, ...]:
    """Return what others determined.

    Raises:
        BadInput: One is by someone whom neither the actors nor the sources of the case describe, or names
            such a one as the author of an act.
    """
    found = _read(folder, decided.Rulings, "rulings.yaml")
    named = [(note.by, *(note.attribution or ())) for note in found.rulings]
    _known(folder, [*named, *((note.by, note.of or note.by) for note in found.counts)])
    return tuple(
        stuff.Ruling(
            incident_id=note.incident,
            by=note.by,
            at=times.instant(note.at, folder.zone),
            words=note.words,
            verdict=note.verdict.value if note.verdict else "",
            occurrence=note.occurrence or "",
            attribution=None if note.attribution is None else tuple(sorted(note.attribution)),
            answers={asked.value: answer for asked, answer in sorted(note.questions.items())},
            clauses={asked.value: clause for asked, clause in sorted(note.clauses.items())},
            cite=note.cite,
        )
        for note in found.rulings
    )


def ruling_counts(folder: Folder) -> tuple[stuff.RulingCount, ...]:
    """Return how many rulings others say they made."""
    return tuple(
        stuff.RulingCount(
            by=note.by,
            what=note.what,
            of=note.of,
            number=note.number,
            start=_day(note.starts, folder),
            end=_day(note.until, folder, last=True),
            cite=note.cite,
        )
        for note in _read(folder, decided.Rulings, "rulings.yaml").counts
    )


def _known(folder: Folder, named: Iterable[Iterable[str]]) -> None:
    known = {*folder.names.actors, *folder.sources}
    wrong = sorted({name for each in named for name in each} - known)
    if wrong:
        raise BadInput.of(
            Problem(f'no actor or source is called "{name}"', "hand/rulings.yaml", nearest(name, known))
            for name in wrong
        )

"""The evidence of a finding as a terminal tells it: each root, its letters, and what is found without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holdfire.case import Case
from holdfire.issuing import Found
from holdfire.judging.harm import LEVEL
from holdfire.judging.leaning import Borne, Finding, leaning
from holdfire.records.decided import GradeNote
from holdfire.records.incident import Part

_AGAINST = (Part.DENIES.value,)


def strength(word: str, probability: int | None) -> str:
    """Return a strength with the probability behind it, as it is printed.

    >>> strength("highly_probable", 972)
    'highly probable (972 in 1,000)'
    """
    shown = word.replace("_", " ")
    return shown if probability is None else f"{shown} ({probability:,} in 1,000)"


def facts(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what a determination says of its strengths, beyond its words, and of what people overruled."""
    found = {}
    if row["killed_least"] is not None:
        most = "no bound" if row["killed_most"] is None else f"{row['killed_most']:,}"
        found[f"killed, {LEVEL} % interval"] = f"{row['killed_least']:,} to {most}"
    if row["overruled"]:
        found["overruled by people"] = ", ".join(row["overruled"])
    return found


def roots(case: Case, found: Found, incident: str) -> dict[str, str]:
    """Return each root of an incident: for or against, its letters, and what would be found without it."""
    folder = case.folder
    known = (folder.sources, folder.names.actors, folder.grades)
    whole, borne = leaning(incident, found.fused.members, found.claims, *known, case.engine)
    return {each.root: _borne(whole, each) for each in borne}


def _borne(whole: Finding, each: Borne) -> str:
    side = "against" if each.part in _AGAINST else "for"
    letters = "/".join(each.letters)
    told = f"{side}: {each.part}, reliability {letters} (whether/who/how many)"
    if each.interested:
        told += ", interested"
    if each.who:
        told += f", names {', '.join(each.who)}"
    return f"{told}; {_without(whole, each.without)}"


def _without(whole: Finding, left: Finding | None) -> str:
    if left is None:
        return "without it there is no evidence"
    changes = []
    if left.occurrence != whole.occurrence:
        changes.append(f"happened: {strength(*whole.occurrence)} -> {strength(*left.occurrence)}")
    if (left.attribution, left.who) != (whole.attribution, whole.who):
        changes.append(f"who: {_who(whole)} -> {_who(left)}")
    return "without it nothing changes" if not changes else "without it " + "; ".join(changes)


def _who(found: Finding) -> str:
    return f"{', '.join(found.who) or 'no one named'}, {strength(*found.attribution)}"


def overruled(
    notes: Iterable[GradeNote], *, source: str = "", claim: str = "", incident: str = ""
) -> dict[str, str]:
    """Return what people overruled of a source, a claim or an incident: their grade, who, when and why."""
    found = {}
    for note in notes:
        if (note.source, note.claim, note.incident) != (source, claim, incident):
            continue
        what = note.topic or note.question
        key = f"overruled{f' ({what})' if what else ''}"
        reason = note.reason.get("en") or next(iter(note.reason.values()))
        found[key] = f"{note.grade.replace('_', ' ')}, by {note.by}, {note.at}: {reason}"
    return found

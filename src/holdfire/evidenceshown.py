"""The evidence of a finding as a terminal tells it: each root, its letters, and what is found without it.

Also how probably an uncertain place lies in the zones asked about. That is told beside the answer and never
becomes one: an unclear area stays unclear, however near to certain the probability is. No position is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holdfire.agreement.zones import Zone
from holdfire.answers import Answer
from holdfire.areas.blur import exact
from holdfire.case import Case
from holdfire.issuing import Found
from holdfire.judging.harm import LEVEL
from holdfire.judging.leaning import Borne, Finding, leaning
from holdfire.records.decided import GradeNote
from holdfire.records.determination import Asked
from holdfire.records.incident import Part

_AGAINST = (Part.DENIES.value,)

STANDARD = 2.448
"""Radius of the circle that holds 95 % of a normal error in two directions [standard deviations]:
sqrt(-2 ln 0.05), of the distribution of Rayleigh (1880), Phil. Mag. 10, 73."""

DECIDES = "if its error is normal; the answer stays unclear, for no probability makes it a yes or a no"


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


def inside(case: Case, row: Mapping[str, Any], incident: Mapping[str, Any]) -> dict[str, str]:
    """Return how probably a place lies in each zone that was asked about, where that question is unclear.

    Args:
        case: The case.
        row: DETERMINATION row.
        incident: Its INCIDENT row.
    """
    if Answer.of(row[Asked.AREA.value]) is not Answer.UNCLEAR or None in (
        incident["lat"],
        incident["radius"],
    ):
        return {}
    terms = [each for each in case.agreement.terms if each.id == row["term"]]
    zones = [case.agreement.zones[number] for term in terms for number in case.agreement.places(term)]
    return {f"  in zone {zone.id}": f"{_share(within(zone, incident))}, {DECIDES}" for zone in zones}


def within(zone: Zone, incident: Mapping[str, Any]) -> float:
    """Return the probability that an incident lies in a zone.

    Args:
        zone: An area.
        incident: INCIDENT row with a place.

    Assumes:
        The error is normal and the same in every direction, and the circle that holds it 95 times in 100 has
        the place's stated radius and the outline's stated accuracy together as its radius.
    """
    reach = float(incident["radius"]) + zone.accuracy
    return exact(zone.polygon, incident["lon"], incident["lat"], reach / STANDARD / 1000)


def _share(probability: float) -> str:
    """Return a probability as it is printed: nothing that is in doubt is called certain.

    >>> _share(0.5), _share(0.9999), _share(0.0)
    ('50 in 100', 'more than 99 in 100', 'less than 1 in 100')
    """
    if probability < 0.01:
        return "less than 1 in 100"
    return "more than 99 in 100" if probability > 0.99 else f"{round(100 * probability)} in 100"


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
    if each.joint:
        told += f", alike in every detail and one vote on who: {each.joint}"
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

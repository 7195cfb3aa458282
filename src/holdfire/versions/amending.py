"""What a bulletin says of earlier ones: corrections with old verdicts, and versions of its determinations.

A correction is the difference of two prefixes of the log, told by the versions in between; nobody writes one.
An issue of a period is held against the issue of the period before it. The first issue of a period is held
against the last bulletin issued, and corrects whatever lay in any period issued until then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from holdfire import times
from holdfire.digests import Digest
from holdfire.publishing import material as stuff
from holdfire.recording import State, standing
from holdfire.versions.succession import Body, Step, Succession, fields
from holdfire.versions.why import Why
from holdfire.versions.written import Version

_ZONE = ZoneInfo("UTC")


def changed_since(succession: Succession, size: int) -> bool:
    """Return whether any version was closed after the first `size` entries."""
    return any(each.run >= size for each in succession.versions)


def corrections(succession: Succession, size: int, listed: Collection[str]) -> tuple[stuff.Correction, ...]:
    """Return what became of determinations since a prefix of the log.

    Args:
        succession: The versions as of now.
        size: Length of the earlier prefix.
        listed: Ids of determinations that stood then and lay in a period that was issued.

    Returns:
        A correction for each that stands otherwise, sorted by id; `same`: only claims came or went.
    """
    table = standing(succession.ledger, "determination", succession.engine, size)
    then = dict(zip(table["id"].to_pylist(), table["leaf"].to_pylist(), strict=True))
    later = {
        name: found
        for name in sorted(listed)
        if name in then and (found := succession.later(name, then[name], size))
    }
    ends = {name: _ends(succession, found) for name, found in later.items()}
    said = succession.said({then[name] for name in later} | {v.entry for each in ends.values() for v in each})
    return tuple(
        correction
        for name, found in later.items()
        for correction in _corrected(name, said[then[name]], found, ends[name], said)
    )


def _ends(succession: Succession, later: Iterable[Version]) -> list[Version]:
    """Return those of some versions that stand, one for each id."""
    return list({v.of: v for v in later if v.entry and succession.standing.get(v.of) == v.entry}.values())


def _corrected(
    name: str, old: Body, later: Sequence[Version], ends: Sequence[Version], said: Mapping[Digest, Body]
) -> Iterator[stuff.Correction]:
    reasons = {why for version in later for why in version.why}
    why = tuple(each.value for each in Why if each in reasons)
    if not ends:
        yield stuff.Correction(id=name, old=str(old["verdict"]), new="", why=why, **_about(old))
    for end in ends:
        new = said[end.entry]
        differs = fields(old, new)
        yield stuff.Correction(
            id=end.of,
            old=str(old["verdict"]),
            new=str(new["verdict"]),
            why=why,
            was="" if end.of == name else name,
            changed={field: pair for field, pair in differs.items() if field != "verdict"},
            same=not differs and end.of == name and len(ends) == 1,
            **_about(new),
        )


def _about(said: Body) -> dict[str, Any]:
    """Return by what a reader knows an incident: what, in which area, when."""
    start, end = (_instant(said[name]) if name in said else None for name in ("start", "end"))
    return {"act": said["event_type"], "area": said.get("admin1", ""), "start": start, "end": end}


def versions(succession: Succession, listed: Collection[str]) -> dict[str, tuple[stuff.Version, ...]]:
    """Return what led to each of some determinations; one that stands as it first did has no versions."""
    wanted = set(listed)
    leading = {
        name: succession.earlier(succession.of(name))
        for name in sorted({each.of for each in succession.versions} & wanted)
    }
    chosen = {(v.of, v.number): v for found in leading.values() for v in found}
    steps = {(step.version.of, step.version.number): step for step in succession.steps(chosen.values())}
    return {
        name: tuple(_told(steps[v.of, v.number]) for v in found) for name, found in leading.items() if found
    }


def _told(step: Step) -> stuff.Version:
    before = tuple((name, number, str(said["verdict"])) for name, number, said in step.before)
    return stuff.Version(
        of=step.version.of,
        number=step.version.number,
        at=_instant(step.version.at),
        why=step.version.why,
        supersedes=before,
        verdict=str(step.said["verdict"]) if step.said else "",
        strength=str(step.said["occurrence_strength"]) if step.said else "",
        old_strength=str(step.before[0][2]["occurrence_strength"]) if step.before else "",
        withdrawn=tuple((each.source, _instant(each.at), each.claims) for each in step.withdrawn),
    )


def _instant(text: str) -> datetime:
    return times.instant(text, _ZONE) if text else datetime.min.replace(tzinfo=UTC)


def homes(succession: Succession, then: State, incidents: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return where each of some incidents is now: itself, or those that hold its claims; empty: nowhere.

    What a person wrote of an incident is kept under the id it had then.
    """
    there = set(then.incidents["incident_id"].to_pylist())
    lost = set(incidents) - there
    found: dict[str, tuple[str, ...]] = {name: (name,) for name in incidents if name in there}
    ever = succession.incidents(lost) if lost else {}
    of = dict(
        zip(*(then.determinations[c].to_pylist() for c in ("determination_id", "incident_id")), strict=True)
    )
    for name in sorted(lost):
        now = {
            of[end.of]
            for determination, leaf in ever.get(name, ())
            for end in _ends(succession, succession.later(determination, leaf))
            if end.of in of
        }
        found[name] = tuple(sorted(now))
    return found

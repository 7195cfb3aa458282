"""What each independent root bears: an incident weighed again without it, root by root.

Sources keep the letters that the whole case gives them; only what is said of this incident is left out. So
what is shown is what would be found had that root been silent on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from holdfire.engine import Engine, Session, literal
from holdfire.judging.evidence import conclude, grade
from holdfire.judging.heard import actor_table, source_table
from holdfire.judging.overruling import give_overruled
from holdfire.judging.weights import weights
from holdfire.records.actor import Actor
from holdfire.records.decided import GradeNote
from holdfire.records.determination import Strength
from holdfire.records.source import Source


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found of an incident.

    Attributes:
        occurrence: Strength that it happened, and probability [thousandths].
        attribution: Strength of who did it, and probability; None: no one is named.
        who: Those named.
    """

    occurrence: tuple[str, int]
    attribution: tuple[str, int | None]
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Borne:
    """One root of an incident, and what is left without it.

    Attributes:
        root: Its name. `part`: what it does: supports, admits, denies or pleads.
        interested: It is, or speaks for, a party or a sponsor.
        who: Whom it names.
        letters: Its reliability on whether, who and how many.
        joint: The roots that count once with it on who did it (copying.py); empty: it counts by itself.
        without: What is found without it; None: no evidence is left.
    """

    root: str
    part: str
    interested: bool
    who: tuple[str, ...]
    letters: tuple[str, str, str]
    joint: str
    without: Finding | None


def leaning(
    incident: str,
    members: pa.Table,
    claims: pa.Table,
    sources: Mapping[str, Source],
    actors: Mapping[str, Actor],
    grades: tuple[GradeNote, ...],
    engine: Engine,
) -> tuple[Finding, list[Borne]]:
    """Return what is found of an incident, and each of its roots with what is found without it.

    Args:
        incident: Its id.
        members: MEMBER rows of the whole case.
        claims: CLAIM rows of those members, at least.
        sources: Sources by id.
        actors: Actors by id.
        grades: What people overruled of sources and claims; of strengths nothing is used here.
        engine: How to run SQL.
    """
    with engine.session() as session:
        session.give("members", members)
        session.give("claims", claims)
        session.give("sources", source_table(sources))
        session.give("actor_ids", actor_table(actors))
        give_overruled(session, grades)
        grade(session)
        mine = session.sql(f"SELECT * FROM graded WHERE incident_id = {literal(incident)} ORDER BY root")
        for name in ("graded", "voices"):
            session.make(name, _variants(name, incident))
        conclude(session, weights())
        found = _findings(session)
    borne = [
        Borne(
            row["root"], row["part"], row["interested"], tuple(row["who"]),
            (row["on_occurrence"], row["on_attribution"], row["on_casualties"]),
            row["joint"] or "",
            found.get(f"{incident} - {row['root']}"),
        )
        for row in mine.to_pylist()
    ]  # fmt: skip
    return found[incident], borne


def _variants(name: str, incident: str) -> str:
    """Return SQL: the rows of an incident, and for each root those of the others as one of their own."""
    return f"""
        WITH mine AS (SELECT * FROM {name} WHERE incident_id = {literal(incident)})
        SELECT * FROM mine UNION ALL
        SELECT m.* REPLACE (m.incident_id || ' - ' || o.root AS incident_id)
        FROM mine m JOIN (SELECT DISTINCT root FROM mine) o ON m.root <> o.root"""


def _findings(session: Session) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    row: dict[str, Any]
    for row in session.sql("SELECT * FROM happened LEFT JOIN authors USING (incident_id)").to_pylist():
        found[row["incident_id"]] = Finding(
            (row["occurrence_strength"], row["occurrence_probability"]),
            (row["attribution_strength"] or Strength.UNKNOWN.value, row["attribution_probability"]),
            tuple(row["attribution"] or ()),
        )
    return found

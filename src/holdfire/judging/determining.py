"""Incidents and an agreement in, determinations out: three axes, eight questions, one verdict each.

The verdict follows by the first rule that applies:

    R1  occurrence not established: insufficient_evidence; evidence that it did not happen: refuted
    R2  a decisive coverage question answered no: not_covered
    R3  inside a permitted-conduct clause: permitted_conduct
    R4  covered, and attribution contested by evidence of comparable strength, or self-defence pleaded by
        someone without an interest: disputed
    R5  all established: breach; an unknown perpetrator is allowed only if every candidate is bound
    R6  otherwise: insufficient_evidence

Incidents that differ in nothing the questions see are asked once, together (coverage.py), so ten million
incidents cost little more than one of each kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.agreement.document import Agreement
from holdfire.agreement.terms import TermType
from holdfire.agreement.zones import ZoneKind
from holdfire.engine import Engine, Session, literal
from holdfire.judging.coverage import DECISIVE, OUTSIDE, Asking, cases, coverage
from holdfire.judging.evidence import weigh
from holdfire.judging.heard import actor_table, source_table
from holdfire.judging.kinds import Kind
from holdfire.judging.overruling import give_overruled, numbered
from holdfire.judging.standing import Standing
from holdfire.judging.weights import weights
from holdfire.places import Area
from holdfire.records.actor import Names
from holdfire.records.decided import GradeNote
from holdfire.records.determination import DETERMINATION, Asked, Coverage, Strength, Verdict
from holdfire.records.source import Source


@dataclass(frozen=True)
class Inquiry:
    """Everything the questions need besides the incidents.

    Attributes:
        agreement: Whose terms are asked.
        names: Actors of the case.
        sources: Sources by id.
        kinds: Kind of term by name.
        territory: Governorates that lie wholly in every zone of kind `territory`: a report that names
            one places the incident in the territory, however wide its disc.
        grades: What people overruled.
    """

    agreement: Agreement
    names: Names
    sources: Mapping[str, Source]
    kinds: Mapping[str, Kind]
    territory: frozenset[str] = frozenset()
    grades: tuple[GradeNote, ...] = ()

    def questions(self) -> Asking:
        """Return the questions of each term that forbids something, in the order of the stack."""
        standing = Standing(self.agreement, self.names)
        dated = {i.id: n for n, i in enumerate(self.agreement.instruments)}
        found = []
        for term in sorted(self.agreement.terms, key=lambda t: (dated[t.instrument], t.id)):
            asked = {q.asked: q for q in self.kinds[term.kind](term, standing)}
            found.append((term, asked))
        return found


def judge(
    incidents: pa.Table, members: pa.Table, claims: pa.Table, inquiry: Inquiry, engine: Engine
) -> pa.Table:
    """Return one DETERMINATION row an incident.

    Args:
        incidents: INCIDENT rows.
        members: MEMBER rows.
        claims: CLAIM rows of those members, at least.
        inquiry: The agreement, actors, sources and kinds of term.
        engine: How to run SQL.
    """
    # Ids are long texts, and joined over and over: inside they are numbers.
    named = incidents["incident_id"].combine_chunks()
    with engine.session() as session:
        numbers = pa.array(range(len(named)), pa.int64())
        session.give("incident_names", pa.table({"incident_id": numbers, "name": named}))
        session.give("members", numbered(members, named))
        session.give("claims", claims)
        session.give("sources", source_table(inquiry.sources))
        session.give("actor_ids", actor_table(inquiry.names.actors))
        give_overruled(session, inquiry.grades, named)
        weigh(session, weights())
        ask(session, numbered(incidents, named), inquiry)
        # Sorted while it is narrow: the clauses, the same few texts over and over, are put in after.
        session.make("ruled", _verdicts(inquiry) + " ORDER BY determination_id")
        clauses = _clauses(inquiry.questions(), inquiry.agreement)
        return DETERMINATION.check(session.sql(f"SELECT *, {clauses} AS clauses FROM ruled"))


def ask(session: Session, incidents: pa.Table, inquiry: Inquiry) -> None:
    """Make `keyed` (incident to case) and `covered` (the answers of each case): see coverage.py.

    Args:
        session: Where they are made; it is left with the table `incidents`.
        incidents: INCIDENT rows; of the columns, those that coverage reads are enough.
        inquiry: The agreement, actors, sources and kinds of term.
    """
    session.give("incidents", incidents)
    spots = session.sql("SELECT DISTINCT lat, lon, radius, admin1 FROM incidents ORDER BY ALL")
    session.give("spots", _zones(spots, inquiry))
    standing, asking = Standing(inquiry.agreement, inquiry.names), inquiry.questions()
    cases(session, standing, len(inquiry.agreement.zones), asking)
    coverage(session, standing, asking)


def _zones(spots: pa.Table, inquiry: Inquiry) -> pa.Table:
    """Return, for each place where incidents are, numbered from 0, whether its disc lies in each zone."""
    columns: dict[str, pa.Array] = {"place": pa.array(range(len(spots)), pa.int64())}
    columns |= {name: spots[name] for name in ("lat", "lon", "radius", "admin1")}
    places = [
        spots[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in ("lat", "lon", "radius")
    ]
    named = pc.is_in(spots["admin1"], value_set=pa.array(sorted(inquiry.territory), pa.string()))
    for number, zone in enumerate(inquiry.agreement.zones):
        lat, lon, radius = places
        # A rough outline is unclear about what lies nearer to its edge than it may be off.
        inside = pa.array(Area(zone.polygon).contains(lat, lon, radius + zone.accuracy), pa.bool_())
        if zone.kind is ZoneKind.TERRITORY:
            # Only what the disc leaves unclear is settled by the governorate's name.
            inside = pc.if_else(pc.and_(pc.is_null(inside), named), True, inside)
        columns[f"zone_{number}"] = inside
    return pa.table(columns)


def _clauses(listed: Asking, agreement: Agreement) -> str:
    """Return the clauses of the deciding term's questions, in the order asked."""
    permits = [(t, a) for t, a in listed if t.type is TermType.PERMITTED_ACT]
    plea = next(
        (t.cites.get(Asked.SELF_DEFENCE.value, t.cite) for t, _ in permits if t.settings.get("plea")), ""
    )
    excluded = "; ".join(sorted({e.cite for e in agreement.exclusions.exclusions}))
    permit = "; ".join(sorted({a[Asked.EXCEPTION].cite for _, a in permits}))
    whens = []
    for term, asked in listed:
        if term.type is TermType.PERMITTED_ACT:
            continue
        cites = [asked[q].cite for q in DECISIVE]
        cites.append(term.cites.get(Asked.EXCLUDED.value, excluded))
        cites.append(term.cites.get(Asked.SELF_DEFENCE.value, plea))
        cites.append(term.cites.get(Asked.EXCEPTION.value, permit))
        whens.append(f"WHEN {literal(term.id)} THEN [{', '.join(literal(c) for c in cites)}]")
    empty = "[" + ", ".join(["''"] * len(Asked)) + "]"
    return f"CASE term {' '.join(whens)} ELSE {empty} END" if whens else empty


def _verdicts(inquiry: Inquiry) -> str:
    agreement = literal(inquiry.agreement.head.id)
    outside = ", ".join(f"'{c}'" for c in OUTSIDE)
    return f"""
    WITH axes AS (
        SELECT i.incident_id, h.occurrence, coalesce(s.value, h.occurrence_strength) AS occurrence_strength,
            h.denials, h.admissions, h.occurrence_probability,
            CASE WHEN i.directed THEN a.attribution_probability END AS attribution_probability,
            d.killed_least, d.killed_most, g.grades, o.overruled,
            CASE WHEN NOT i.directed THEN list_sort(list_distinct(list_concat(coalesce(i.actors, []),
                coalesce(i.targets, [])))) ELSE coalesce(a.attribution, i.actors) END AS attribution,
            CASE WHEN b.value IS NOT NULL THEN b.value WHEN NOT i.directed THEN '{Strength.UNKNOWN}'
                ELSE coalesce(a.attribution_strength, '{Strength.UNKNOWN}') END AS attribution_strength,
            coalesce(a.contested, false) AS attribution_contested,
            v."window", v.area, v.act, v.perpetrator, v.target, v.excluded, h.pleas > 0 AS self_defence,
            h.neutral_pleas > 0 AS neutral_plea, v.exception, v.failed, v.hangs, v.coverage, v.speaks, v.term,
            i.directed
        FROM incidents i JOIN keyed k USING (incident_id) JOIN covered v USING (case_key)
            JOIN happened h USING (incident_id) LEFT JOIN authors a USING (incident_id)
            LEFT JOIN dead d USING (incident_id) LEFT JOIN claim_grades g USING (incident_id)
            LEFT JOIN overrules o USING (incident_id)
            LEFT JOIN overruled_strengths s ON s.incident_id = i.incident_id AND s.question = 'occurrence'
            LEFT JOIN overruled_strengths b ON b.incident_id = i.incident_id AND b.question = 'attribution'),
    ruled AS (SELECT *,
        CASE WHEN occurrence IS DISTINCT FROM TRUE THEN 'R1'
            WHEN coverage IN ({outside}) OR act IS FALSE THEN 'R2'
            WHEN coverage = '{Coverage.PERMITTED_ACT}' THEN 'R3'
            WHEN coverage = '{Coverage.COVERED}' AND (attribution_contested OR neutral_plea) THEN 'R4'
            WHEN coverage = '{Coverage.COVERED}'
                AND (attribution_strength <> '{Strength.UNKNOWN}' OR NOT directed) THEN 'R5'
            ELSE 'R6' END AS rule FROM axes)
    SELECT 'd-' || substr(sha256(name || {agreement}), 1, 16) AS determination_id, name AS incident_id,
        occurrence, occurrence_strength, CASE WHEN len(attribution) > 0 THEN attribution END AS attribution,
        attribution_strength, attribution_contested,
        "window", area, act, perpetrator, target, excluded, self_defence, exception, coverage,
        CASE rule WHEN 'R1' THEN CASE WHEN occurrence IS FALSE THEN '{Verdict.REFUTED}'
                ELSE '{Verdict.INSUFFICIENT_EVIDENCE}' END
            WHEN 'R2' THEN '{Verdict.NOT_COVERED}' WHEN 'R3' THEN '{Verdict.PERMITTED_CONDUCT}'
            WHEN 'R4' THEN '{Verdict.DISPUTED}' WHEN 'R5' THEN '{Verdict.BREACH}'
            ELSE '{Verdict.INSUFFICIENT_EVIDENCE}' END AS verdict,
        rule, CASE WHEN speaks THEN term END AS term,
        {_CHANGE} AS change, denials, admissions, occurrence_probability, attribution_probability,
        killed_least, killed_most, grades, overruled
    FROM ruled JOIN incident_names USING (incident_id)"""


_CHANGE = f"""CASE rule
    WHEN 'R1' THEN CASE WHEN occurrence IS FALSE THEN 'evidence_that_it_happened'
        ELSE 'uninterested_source' END
    WHEN 'R2' THEN CASE coverage WHEN '{Coverage.OUTSIDE_WINDOW}' THEN 'date_in_window'
        WHEN '{Coverage.OUTSIDE_AREA}' THEN 'place_in_area'
        WHEN '{Coverage.EXCLUDED_GROUP}' THEN 'other_side'
        WHEN '{Coverage.NOT_A_PARTY}' THEN 'commitment_of_side' ELSE 'clause_on_act' END
    WHEN 'R3' THEN 'limits_exceeded'
    WHEN 'R4' THEN CASE WHEN attribution_contested THEN 'stronger_author' ELSE 'who_began' END
    WHEN 'R5' THEN CASE WHEN directed THEN 'other_author' ELSE 'not_between_parties' END
    ELSE CASE WHEN act IS NULL THEN 'kind_of_act' WHEN "window" IS NULL AND failed THEN 'still_in_force'
        WHEN "window" IS NULL AND hangs THEN 'condition' WHEN "window" IS NULL THEN 'finer_date'
        WHEN area IS NULL THEN 'finer_place' WHEN attribution IS NULL OR len(attribution) = 0 THEN 'author'
        WHEN perpetrator IS NULL THEN 'commitment_of_author' WHEN target IS NULL THEN 'commitment_of_target'
        WHEN exception IS NULL THEN 'permitting_clause' ELSE 'author_by_uninterested' END END"""
CHANGES = (
    "evidence_that_it_happened",
    "uninterested_source",
    "date_in_window",
    "place_in_area",
    "other_side",
    "commitment_of_side",
    "clause_on_act",
    "limits_exceeded",
    "stronger_author",
    "who_began",
    "other_author",
    "not_between_parties",
    "kind_of_act",
    "still_in_force",
    "condition",
    "finer_date",
    "finer_place",
    "author",
    "commitment_of_author",
    "commitment_of_target",
    "permitting_clause",
    "author_by_uninterested",
)
"""Every value of `change`: the one fact that would change the verdict. Publishing has a sentence for each."""

"""Incidents and an agreement in, determinations out: three axes, eight questions, one verdict each.

The verdict follows by the first rule that applies:

    R1  occurrence not established: insufficient_evidence; evidence that it did not happen: refuted
    R2  a decisive coverage question answered no: not_covered
    R3  inside a permitted-conduct clause: permitted_conduct
    R4  covered, and attribution contested by evidence of comparable strength, or self-defence pleaded by
        someone without an interest: disputed
    R5  all established: breach; an unknown perpetrator is allowed only if every candidate is bound
    R6  otherwise: insufficient_evidence

Incidents that differ in nothing the questions see are asked once, together: the questions run over the
distinct cases and the answers are joined back, so ten million incidents cost little more than one of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.agreement.document import Agreement
from holdfire.agreement.terms import Term, TermType
from holdfire.agreement.zones import ZoneKind
from holdfire.engine import Engine, Session, literal
from holdfire.judging.evidence import source_table, weigh
from holdfire.judging.expressions import any_true
from holdfire.judging.kinds import Kind, Question
from holdfire.judging.standing import Standing
from holdfire.places import Area
from holdfire.records.actor import Names
from holdfire.records.determination import DETERMINATION, Asked, Coverage, Strength, Verdict
from holdfire.records.source import Source

DECISIVE = (Asked.WINDOW, Asked.AREA, Asked.ACT, Asked.PERPETRATOR, Asked.TARGET)
"""Questions of which one answered no puts the incident outside the agreement."""


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
    """

    agreement: Agreement
    names: Names
    sources: Mapping[str, Source]
    kinds: Mapping[str, Kind]
    territory: frozenset[str] = frozenset()

    def questions(self) -> list[tuple[Term, dict[Asked, Question]]]:
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
    with engine.session() as session:
        session.give("incidents", incidents)
        session.give("members", members)
        session.give("claims", claims)
        session.give("sources", source_table(inquiry.sources))
        session.give("actor_ids", pa.table({"id": pa.array(sorted(inquiry.names.actors), pa.string())}))
        session.give("zones", _zones(incidents, inquiry))
        weigh(session)
        _cases(session, inquiry)
        _coverage(session, inquiry)
        return DETERMINATION.sorted(DETERMINATION.check(session.sql(_verdicts(inquiry))))


def _zones(incidents: pa.Table, inquiry: Inquiry) -> pa.Table:
    """Return, for each incident, whether its disc lies in each zone."""
    columns: dict[str, pa.Array] = {"incident_id": incidents["incident_id"]}
    places = [
        incidents[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in ("lat", "lon", "radius")
    ]
    named = pc.is_in(incidents["admin1"], value_set=pa.array(sorted(inquiry.territory), pa.string()))
    for number, zone in enumerate(inquiry.agreement.zones):
        inside = pa.array(Area(zone.polygon).contains(*places), pa.bool_())
        if zone.kind is ZoneKind.TERRITORY:
                # Only what the disc leaves unclear is settled by the governorate's name.
            inside = pc.if_else(pc.and_(pc.is_null(inside), named), True, inside)
        columns[f"zone_{number}"] = inside
    return pa.table(columns)


def _cases(session: Session, inquiry: Inquiry) -> None:
    """Make `seen` (incident to case number) and `cases` (one row for each distinct case).

    A time that lies between two neighbouring instants of the agreement is replaced by them: no answer
    changes in between.
    """
    ends = {
        i
        for span in Standing(inquiry.agreement, inquiry.names).instants()
        for i in (span.start, span.end)
        if i
    }
    instants = "[" + ", ".join(literal(i) for i in sorted(ends)) + "]::TIMESTAMPTZ[]"
    zones = [f"zone_{n}" for n in range(len(inquiry.agreement.zones))]
    session.make(
        "placed",
        f"""
        WITH edges AS (SELECT {instants} AS bounds),
        cut AS (SELECT i.*, z.* EXCLUDE (incident_id), bounds,
            len(list_filter(bounds, lambda t: t <= start)) AS before,
            len(list_filter(bounds, lambda t: t < greatest("end", start + INTERVAL 1 MICROSECOND))) AS past
            FROM incidents i JOIN zones z USING (incident_id), edges)
        SELECT * EXCLUDE (before, past, bounds, start, "end"),
            CASE WHEN before = past AND before > 0 THEN bounds[before]
                WHEN before = past AND start IS NOT NULL THEN bounds[1] - INTERVAL 2 SECOND
                ELSE start END AS start,
            CASE WHEN before = past AND before = len(bounds) AND before > 0 THEN bounds[before] + INTERVAL 1 SECOND
                WHEN before = past AND before > 0 THEN bounds[before + 1]
                WHEN before = past AND start IS NOT NULL THEN bounds[1] - INTERVAL 1 SECOND
                ELSE "end" END AS "end"
        FROM cut""",
    )
    key = ["event_type", "actors", "targets", "directed", "start", '"end"', *zones]
    parts = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in key)
    firsts = ", ".join(f"any_value({name}) AS {name}" for name in key)
    session.make(
        "keyed", f"SELECT incident_id, {', '.join(key)}, concat_ws('|', {parts}) AS case_key FROM placed"
    )
    session.make("cases", f"SELECT case_key, {firsts} FROM keyed GROUP BY case_key")


def _coverage(session: Session, inquiry: Inquiry) -> None:
    """Make `covered`: for each case the answers of the term that decides, and the coverage they give."""
    standing = Standing(inquiry.agreement, inquiry.names)
    listed = inquiry.questions()
    permits = [asked[Asked.EXCEPTION] for term, asked in listed if term.type is TermType.PERMITTED_ACT]
    exception = any_true(q.answer for q in permits)
    selects = []
    for rank, (term, asked) in enumerate(listed):
        if term.type is TermType.PERMITTED_ACT:
            continue
        answers = ", ".join(f"{asked[q].answer} AS {q.value}" for q in DECISIVE)
        answers += f", {standing.failed(term)} AS failed"
        selects.append(
            f"SELECT case_key, {literal(term.id)} AS term, {rank} AS term_rank, {answers} FROM cases"
        )
    session.make(
        "common",
        f"""SELECT case_key, {standing.excluded_present()} AS excluded,
            {standing.excluded_side()} AS excluded_side, {exception} AS exception FROM cases""",
    )
    union = " UNION ALL ".join(selects) or (
        "SELECT case_key, NULL::VARCHAR AS term, 0 AS term_rank, "
        + ", ".join(f"NULL::BOOLEAN AS {name}" for name in (*DECISIVE, "failed"))
        + " FROM cases"
    )
    session.make(
        "covered",
        f"""
        WITH asked AS ({union}),
        told AS (SELECT a.*, c.excluded, c.exception,
            CASE WHEN "window" IS FALSE THEN '{Coverage.OUTSIDE_WINDOW}'
                WHEN area IS FALSE THEN '{Coverage.OUTSIDE_AREA}'
                WHEN act IS NOT FALSE AND c.excluded_side THEN '{Coverage.EXCLUDED_GROUP}'
                WHEN act IS NOT FALSE AND (perpetrator IS FALSE OR target IS FALSE)
                    THEN '{Coverage.NOT_A_PARTY}'
                WHEN act IS FALSE THEN '{Coverage.PERMITTED_ACT}'
                WHEN c.exception THEN '{Coverage.PERMITTED_ACT}'
                WHEN "window" AND area AND act AND perpetrator AND target THEN '{Coverage.COVERED}'
                ELSE '{Coverage.UNDETERMINED}' END AS coverage
            FROM asked a JOIN common c USING (case_key)),
        ordered AS (SELECT *, act IS NOT FALSE AS speaks,
            list_position(['{Coverage.COVERED}', '{Coverage.UNDETERMINED}', '{Coverage.PERMITTED_ACT}',
                '{Coverage.EXCLUDED_GROUP}', '{Coverage.NOT_A_PARTY}', '{Coverage.OUTSIDE_AREA}',
                '{Coverage.OUTSIDE_WINDOW}'], coverage) AS rank FROM told)
        SELECT * EXCLUDE (rank, term_rank) FROM ordered
        -- A term that speaks of such an act decides before one that does not; among those, the one that
        -- comes nearest to covering it; among equals the earliest of the stack.
        QUALIFY row_number() OVER (PARTITION BY case_key ORDER BY speaks DESC, rank, term_rank) = 1""",
    )


def _clauses(listed: Sequence[tuple[Term, dict[Asked, Question]]], agreement: Agreement) -> str:
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
    clauses = _clauses(inquiry.questions(), inquiry.agreement)
    agreement = literal(inquiry.agreement.head.id)
    outside = ", ".join(
        f"'{c}'"
        for c in (
            Coverage.OUTSIDE_WINDOW,
            Coverage.OUTSIDE_AREA,
            Coverage.EXCLUDED_GROUP,
            Coverage.NOT_A_PARTY,
        )
    )
    return f"""
    WITH axes AS (
        SELECT i.incident_id, h.occurrence, h.occurrence_strength, h.denials, h.admissions,
            CASE WHEN NOT i.directed THEN list_sort(list_distinct(list_concat(coalesce(i.actors, []),
                coalesce(i.targets, [])))) ELSE coalesce(a.attribution, i.actors) END AS attribution,
            CASE WHEN NOT i.directed THEN '{Strength.UNKNOWN}'
                ELSE coalesce(a.attribution_strength, '{Strength.UNKNOWN}') END AS attribution_strength,
            coalesce(a.contested, false) AS attribution_contested,
            v."window", v.area, v.act, v.perpetrator, v.target, v.excluded, h.pleas > 0 AS self_defence,
            h.neutral_pleas > 0 AS neutral_plea, v.exception, v.failed, v.coverage, v.speaks, v.term, i.directed
        FROM incidents i JOIN keyed k USING (incident_id) JOIN covered v USING (case_key)
            JOIN happened h USING (incident_id) LEFT JOIN authors a USING (incident_id)),
    ruled AS (SELECT *,
        CASE WHEN occurrence IS DISTINCT FROM TRUE THEN 'R1'
            WHEN coverage IN ({outside}) OR act IS FALSE THEN 'R2'
            WHEN coverage = '{Coverage.PERMITTED_ACT}' THEN 'R3'
            WHEN coverage = '{Coverage.COVERED}' AND (attribution_contested OR neutral_plea) THEN 'R4'
            WHEN coverage = '{Coverage.COVERED}'
                AND (attribution_strength <> '{Strength.UNKNOWN}' OR NOT directed) THEN 'R5' ELSE 'R6' END AS rule FROM axes)
    SELECT 'd-' || substr(sha256(incident_id || {agreement}), 1, 16) AS determination_id, incident_id,
        occurrence, occurrence_strength, CASE WHEN len(attribution) > 0 THEN attribution END AS attribution,
        attribution_strength, attribution_contested,
        "window", area, act, perpetrator, target, excluded, self_defence, exception, coverage,
        CASE rule WHEN 'R1' THEN CASE WHEN occurrence IS FALSE THEN '{Verdict.REFUTED}'
                ELSE '{Verdict.INSUFFICIENT_EVIDENCE}' END
            WHEN 'R2' THEN '{Verdict.NOT_COVERED}' WHEN 'R3' THEN '{Verdict.PERMITTED_CONDUCT}'
            WHEN 'R4' THEN '{Verdict.DISPUTED}' WHEN 'R5' THEN '{Verdict.BREACH}'
            ELSE '{Verdict.INSUFFICIENT_EVIDENCE}' END AS verdict,
        rule, CASE WHEN speaks THEN term END AS term,
        CASE WHEN speaks THEN {clauses} ELSE list_transform({clauses}, lambda c: '') END AS clauses,
        {_CHANGE} AS change, denials, admissions
    FROM ruled"""


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
        WHEN "window" IS NULL THEN 'finer_date'
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
    "finer_date",
    "finer_place",
    "author",
    "commitment_of_author",
    "commitment_of_target",
    "permitting_clause",
    "author_by_uninterested",
)
"""Every value of `change`: the one fact that would change the verdict. Publishing has a sentence for each."""

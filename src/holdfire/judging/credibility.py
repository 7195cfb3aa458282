"""How credible a claim is, 1 to 6: by what others say of the same incident, whoever says the claim.

    1  confirmed: two other independent roots of reliability B or better say so, and none says otherwise
    2  probably true: one such root, or two others without an interest; none says otherwise
    3  possibly true: one other without an interest says so; none says otherwise
    4  doubtful: another without an interest says otherwise
    5  improbable: a root of B or better says otherwise, and no other without an interest says so
    6  cannot be judged: no one else without an interest speaks of it

The words are those of the Admiralty system (NATO AJP-2.1, annex on evaluation; so too US Army FM 2-22.3,
appendix B), the counts ours. One says otherwise who denies it, or names another author. The letter beside the
number is the source's: a claim is written as `c-...:B2`.
"""

from __future__ import annotations

from holdfire.records.source import Reliability

GRADES = f"""
    WITH summed AS (
        SELECT incident_id,
            count(*) FILTER (NOT interested AND part IN ('supports', 'admits')) AS free_for,
            count(*) FILTER (NOT interested AND graded AND part IN ('supports', 'admits')) AS graded_for,
            count(*) FILTER (NOT interested AND part = 'denies') AS free_not,
            count(*) FILTER (NOT interested AND graded AND part = 'denies') AS graded_not
        FROM graded GROUP BY incident_id),
    faced AS (
        SELECT g.incident_id, g.root, g.part, g.on_occurrence,
            CAST(NOT g.interested AS BIGINT) AS mine,
            CAST(NOT g.interested AND g.graded AS BIGINT) AS mine_graded,
            s.*  EXCLUDE (incident_id), coalesce(n.free_against, 0) AS other_author,
            coalesce(n.graded_against, 0) AS other_author_graded
        FROM graded g JOIN summed s USING (incident_id) LEFT JOIN named n USING (incident_id, named_as)),
    sided AS (
        SELECT incident_id, root, part, on_occurrence,
            CASE WHEN part = 'denies' THEN free_not ELSE free_for - other_author END - mine AS others,
            CASE WHEN part = 'denies' THEN graded_not ELSE graded_for - other_author_graded END
                - mine_graded AS others_graded,
            CASE WHEN part = 'denies' THEN free_for ELSE free_not + other_author END AS against,
            CASE WHEN part = 'denies' THEN graded_for ELSE graded_not + other_author_graded END
                AS against_graded
        FROM faced),
    numbered AS (
        SELECT incident_id, root, on_occurrence, CASE
            WHEN part = 'pleads' THEN 6
            WHEN against_graded > 0 AND others <= 0 THEN 5
            WHEN against > 0 THEN 4
            WHEN others_graded >= 2 THEN 1
            WHEN others_graded >= 1 OR others >= 2 THEN 2
            WHEN others >= 1 THEN 3 ELSE 6 END AS number
        FROM sided),
    of_claims AS (
        SELECT v.incident_id, v.claim_id, min(n.on_occurrence) AS letter,
            coalesce(any_value(o.value), CAST(min(n.number) AS VARCHAR)) AS number
        FROM voices v JOIN numbered n USING (incident_id, root)
        LEFT JOIN overruled_claims o ON o.claim_id = v.claim_id
        GROUP BY v.incident_id, v.claim_id)
    SELECT incident_id,
        list(claim_id || ':' || coalesce(letter, '{Reliability.F}') || number ORDER BY claim_id) AS grades
    FROM of_claims GROUP BY incident_id"""
"""SQL over `graded`, `named`, `voices` and `overruled_claims`: incident_id, and the grades of its claims."""

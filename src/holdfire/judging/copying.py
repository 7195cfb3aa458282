"""Which sources copy each other without saying so, and in which incidents two of them are one vote.

A dataset that takes rows from another and cites nobody has a root of its own, so one eye counts as two. Two
that looked for themselves seldom give the same interval of time, the same dead and the same kind of act; a
copy gives all three. So of every two sources without an interest it is asked in what share of the incidents
both tell of they agree in every detail, and whether that is more than either of them shares with anyone else
(`EXCESS`). Of such a pair, rows that agree in every detail and name the same are one vote on who did it; rows
that differ anywhere are two, for a copy would not. Two that have nobody else to be held against stay two.

After Dong, Berti-Equille and Srivastava (2009), Integrating conflicting data: the role of source dependence,
PVLDB 2(1), who ask it of false values; here it is asked of details, whether they are true or not, and a
source's own fineness is that which it shows beside others. tests/calibration/test_strengths.py holds what it
is good for, tests/unit/test_copying.py its controls.
"""

from __future__ import annotations

from holdfire.engine import Session

EXCESS = 350
"""A pair copies from this on: of what it might share beyond what either shares with others [thousandths].

In made worlds pairs that look for themselves come to 274 at most, and the pair of which one copies most of
what it tells to 394 at least (docs/decisions/0037-rows-alike-in-every-detail.md).
"""

LEAST = 30
"""Incidents that two sources must both tell of, and each of them with others, before anything is said."""

JOIN = " = "
"""Joins the names of roots that are taken for one."""


def copies(session: Session) -> None:
    """Make `joint`: incident_id, root, and the name of the root that it is one with (joint).

    Args:
        session: Holds `members`, `claims` and `sources`.
    """
    session.make("beside_others", _PAIRS)
    session.make("copying", _COPYING)
    session.make("joint", _JOINT)
    for name in ("beside_others", "copying"):
        session.run(f"DROP TABLE {name}")


_PAIRS = """
    WITH told AS (
        SELECT m.incident_id, c.source, c.root, s.interested, c.start, c."end" AS finish, c.event_type,
            c.killed_low, c.killed_high
        FROM members m JOIN claims c USING (claim_id) JOIN sources s ON s.id = c.source
        WHERE m.part = 'supports' AND c.root = 'source:' || c.source AND c.start IS NOT NULL)
    SELECT a.incident_id, a.source AS one, b.source AS other, a.root AS one_root, b.root AS other_root,
        NOT a.interested AND NOT b.interested AS free,
        bool_or(a.start = b.start AND a.finish IS NOT DISTINCT FROM b.finish AND a.event_type = b.event_type
            AND (a.killed_low IS NULL OR b.killed_low IS NULL OR (a.killed_low = b.killed_low
                AND a.killed_high IS NOT DISTINCT FROM b.killed_high))) AS alike
    FROM told a JOIN told b ON a.incident_id = b.incident_id AND a.source < b.source
    GROUP BY ALL"""
"""Every two sources that tell of an incident themselves, and whether they agree in every detail."""

_COPYING = f"""
    WITH pairs AS (
        SELECT one, other, free, count(*) AS told, count(*) FILTER (alike) AS same
        FROM beside_others GROUP BY one, other, free),
    sided AS (SELECT one AS source, other AS beside, told, same FROM pairs
        UNION ALL SELECT other, one, told, same FROM pairs),
    elsewhere AS (  -- what a source shares with everyone but one
        SELECT a.source, a.beside, sum(b.same) * 1000 // sum(b.told) AS share
        FROM sided a JOIN sided b ON b.source = a.source AND b.beside <> a.beside
        GROUP BY a.source, a.beside HAVING sum(b.told) >= {LEAST}),
    held AS (
        SELECT p.one, p.other, p.same * 1000 // p.told AS share, greatest(a.share, b.share) AS usual
        FROM pairs p JOIN elsewhere a ON a.source = p.one AND a.beside = p.other
            JOIN elsewhere b ON b.source = p.other AND b.beside = p.one
        WHERE p.free AND p.told >= {LEAST})
    SELECT one, other FROM held WHERE (share - usual) * 1000 >= {EXCESS} * (1000 - usual) AND share > usual"""

_JOINT = f"""
    WITH same AS (
        SELECT incident_id, one_root, other_root FROM beside_others JOIN copying USING (one, other)
        WHERE alike),
    met AS (SELECT incident_id, one_root AS root, other_root AS with_root FROM same
        UNION ALL SELECT incident_id, other_root, one_root FROM same
        UNION SELECT incident_id, one_root, one_root FROM same
        UNION SELECT incident_id, other_root, other_root FROM same),
    homes AS (SELECT incident_id, root, min(with_root) AS home FROM met GROUP BY incident_id, root),
    named AS (SELECT incident_id, home, string_agg(root, '{JOIN}' ORDER BY root) AS joint
        FROM homes GROUP BY incident_id, home)
    SELECT f.incident_id, f.root, n.joint FROM homes f JOIN named n USING (incident_id, home)"""

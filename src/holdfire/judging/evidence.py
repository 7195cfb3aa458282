"""Weigh what is said of each incident: did it happen, and who did it. Bare counting is not weighing.

Claims that rest on one root count once (heard.py). Each root has a letter for the topic asked
(reliability.py). From what speaks for and against follows a probability, by weights that were learnt on made
worlds whose truth is known (weights.json); and a word, of those of the UN board of inquiry. The word is the
lower of two: what the probability allows (`highly probable` from 950 in 1,000, `probable` from 750), and what
a person may find by hand:

    highly probable   two independent uninterested roots of reliability A or B; or an admission and one
                      uninterested root
    probable          two independent uninterested roots, or one of reliability A or B; or an admission
    plausible         one uninterested root, of any reliability
    unknown           otherwise

Who did it is never held more strongly than that it happened. So no model lifts a word above what the evidence
shows on its face; it may lower one (docs/decisions/0029-a-word-is-the-lower-of-two.md).
tests/calibration/test_strengths.py tries to break it.
"""

from __future__ import annotations

from holdfire.engine import Session
from holdfire.judging.credibility import GRADES
from holdfire.judging.harm import killed
from holdfire.judging.heard import hear
from holdfire.judging.reliability import reliability
from holdfire.judging.weights import Weights
from holdfire.records.determination import Strength

RANK = (
    f"CASE {{0}} WHEN '{Strength.HIGHLY_PROBABLE}' THEN 3 WHEN '{Strength.PROBABLE}' THEN 2"
    f" WHEN '{Strength.PLAUSIBLE}' THEN 1 ELSE 0 END"
)
WORDS = (Strength.UNKNOWN, Strength.PLAUSIBLE, Strength.PROBABLE, Strength.HIGHLY_PROBABLE)
"""Weakest first, so that a word's place is its rank."""

ALLOWED = {Strength.HIGHLY_PROBABLE: 950, Strength.PROBABLE: 750}
"""The probability from which a word may be used [thousandths]."""

_BY_HAND = """CASE WHEN graded >= 2 OR (admitted > 0 AND free >= 1) THEN 3
    WHEN free >= 2 OR graded >= 1 OR admitted > 0 THEN 2 WHEN free >= 1 THEN 1 ELSE 0 END"""
_OF_AUTHOR = f"CASE WHEN admitted > 0 THEN 3 ELSE {_BY_HAND} END"

_PARTIES = {
    "admitted": "CAST(admitted > 0 AS INTEGER)",
    "sides_1": "CAST(accusing >= 1 AS INTEGER)",
    "sides_2": "CAST(accusing >= 2 AS INTEGER)",
}
OCCURRENCE = {
    "graded_1": "CAST(graded >= 1 AS INTEGER)",
    "graded_2": "CAST(graded >= 2 AS INTEGER)",
    "weak_1": "CAST(free - graded >= 1 AS INTEGER)",
    "weak_2": "CAST(free - graded >= 2 AS INTEGER)",
    **_PARTIES,
    "denied": "CAST(party_denials > 0 AS INTEGER)",
    "denied_freely": "CAST(free_denials > 0 AS INTEGER)",
    "denied_by_graded": "CAST(graded_denials > 0 AS INTEGER)",
}
"""Kinds of evidence that it happened, or did not, as SQL over counted roots. Counts stop at two: a rumour
has many tellers, and the third of one kind adds little."""

ATTRIBUTION = {
    "free_for": "weight_for / 1000",
    **_PARTIES,
    "free_against": "weight_against / 1000",
    "admitted_against": "CAST(admitted_against > 0 AS INTEGER)",
    "accusing_against": "CAST(accusing_against > 0 AS INTEGER)",
}
"""The same of who did it. Each root without an interest brings the log odds that its source is right."""


def probability(kinds: dict[str, str], weighs: dict[str, int]) -> str:
    """Return SQL of a probability [thousandths] from counted roots."""
    parts = [str(weighs["prior"])]
    parts += [f"{weighs[name]} * ({number})" for name, number in kinds.items()]
    return f"CAST(round(1000 / (1 + exp(-({' + '.join(parts)}) / 1000))) AS BIGINT)"


def _rank(by_hand: str, chance: str) -> str:
    allowed = " ".join(f"WHEN {chance} >= {p} THEN {WORDS.index(word)}" for word, p in ALLOWED.items())
    return f"least({by_hand}, CASE {allowed} ELSE 1 END)"


def _word(rank: str) -> str:
    words = ", ".join(f"'{word}'" for word in WORDS)
    return f"[{words}][{rank} + 1]"


def weigh(session: Session, weights: Weights) -> None:
    """Make the tables that determinations are ruled by, one row an incident.

    `happened`: occurrence (nullable boolean), occurrence_strength, occurrence_probability, denials,
    admissions, pleas, neutral_pleas. `authors`: attribution (actor ids), attribution_strength,
    attribution_probability, contested.

    Args:
        session: Holds `members`, `claims`, `sources`, `actor_ids`, and what people overruled.
        weights: What evidence weighs.
    """
    grade(session)
    conclude(session, weights)


def grade(session: Session) -> None:
    """Make `voices` and `graded`: who says what of each incident, each root with its letters.

    Args:
        session: As for `weigh`.
    """
    hear(session)
    reliability(session)
    session.make("graded", _GRADED)


_GRADED = """
    SELECT h.incident_id, h.root, h.speaker, h.interested, h.part, h.who, h.named_as, h.of_side,
        h.joint, h.killed_low, h.killed_high, o.letter AS on_occurrence, a.letter AS on_attribution,
        c.letter AS on_casualties, o.overruled OR a.overruled OR c.overruled AS overruled,
        o.letter IN ('A', 'B') AS graded, a.letter IN ('A', 'B') AS graded_author,
        CAST(round(1000 * ln(a.found / (1000.0 - a.found))) AS BIGINT) AS weight_author
    FROM heard h
    JOIN relied o ON o.place = h.place AND o.topic = 'occurrence'
    JOIN relied a ON a.place = h.place AND a.topic = 'attribution'
    JOIN relied c ON c.place = h.place AND c.topic = 'casualties'"""


def conclude(session: Session, weights: Weights) -> None:
    """Make what follows from the roots as they are graded, of `graded` and `voices`.

    Besides `happened` and `authors`: `dead` (harm.py), `claim_grades` (credibility.py), and `overrules`: what
    people overruled, as it is told.
    """
    session.make("happened", _happened(weights))
    session.make("named", _named(weights))
    session.make("authors", _AUTHORS)
    session.make("dead", killed(weights))
    session.make("claim_grades", GRADES)
    session.make("overrules", _OVERRULES)


COUNTED = """
    SELECT incident_id,
        count(*) FILTER (part IN ('supports', 'admits') AND NOT interested) AS free,
        count(*) FILTER (part IN ('supports', 'admits') AND NOT interested AND graded) AS graded,
        count(*) FILTER (part = 'admits') AS admitted,
        count(DISTINCT coalesce(of_side, '')) FILTER (part = 'supports' AND interested) AS accusing,
        count(*) FILTER (part = 'denies' AND interested) AS party_denials,
        count(*) FILTER (part = 'denies' AND NOT interested) AS free_denials,
        count(*) FILTER (part = 'denies' AND NOT interested AND graded) AS graded_denials
    FROM graded GROUP BY incident_id"""


def _happened(weights: Weights) -> str:
    chance = probability(OCCURRENCE, weights.occurrence)
    return f"""
    WITH counted AS ({COUNTED}),
    said AS (
        SELECT incident_id, count(DISTINCT claim_id) FILTER (part = 'denies') AS denials,
            count(DISTINCT claim_id) FILTER (part = 'admits') AS admissions,
            count(*) FILTER (part = 'pleads') AS pleas,
            count(*) FILTER (part = 'pleads' AND NOT interested) AS neutral_pleas
        FROM voices GROUP BY incident_id),
    weighed AS (SELECT *, {chance} AS chance FROM counted)
    SELECT incident_id,
        CASE WHEN free = 0 AND admitted = 0 AND free_denials > 0 THEN FALSE
            WHEN graded = 0 AND admitted = 0 AND free > 0 AND graded_denials > 0 THEN NULL
            WHEN free > 0 OR admitted > 0 OR accusing >= 2 THEN TRUE ELSE NULL END AS occurrence,
        chance AS occurrence_probability, {_word(_rank(_BY_HAND, "chance"))} AS occurrence_strength,
        denials, admissions, pleas, neutral_pleas
    FROM weighed JOIN said USING (incident_id)"""


SETS = """
    sets AS (SELECT DISTINCT incident_id, named_as FROM graded
        WHERE named_as IS NOT NULL AND part IN ('supports', 'admits')),
    votes AS (  -- rows alike in every detail, of sources that copy, are one vote for one set (copying.py)
        SELECT * FROM graded WHERE joint IS NULL
        UNION ALL
        SELECT * FROM graded WHERE joint IS NOT NULL QUALIFY row_number() OVER (
            PARTITION BY incident_id, joint, named_as, part ORDER BY weight_author DESC, root) = 1),
    beside AS MATERIALIZED (  -- narrow: the actors of a set are looked at once, not once an incident
        SELECT s.incident_id, s.named_as, g.named_as AS theirs, g.part, g.interested,
            g.graded_author AS graded, g.of_side, g.weight_author
        FROM sets s JOIN votes g USING (incident_id)
        WHERE g.named_as IS NOT NULL AND g.part IN ('supports', 'admits')),
    facing AS (
        SELECT p.named_as, p.theirs,
            len(s.who) = len(g.who) AND (list_has_all(g.over, s.who) OR list_has_all(s.over, g.who)) AS same,
            NOT list_has_any(g.over, s.who) AND NOT list_has_any(s.over, g.who) AS other
        FROM (SELECT DISTINCT named_as, theirs FROM beside) p
        JOIN known_sets s ON s.named_as = p.named_as JOIN known_sets g ON g.named_as = p.theirs),
    counted AS (
        SELECT incident_id, named_as,
            count(*) FILTER (same AND part = 'supports' AND NOT interested) AS free,
            count(*) FILTER (same AND part = 'supports' AND NOT interested AND graded) AS graded,
            count(*) FILTER (same AND part = 'admits') AS admitted,
            count(DISTINCT coalesce(of_side, '')) FILTER (same AND part = 'supports' AND interested)
                AS accusing,
            CAST(coalesce(sum(weight_author) FILTER (same AND part = 'supports' AND NOT interested), 0)
                AS BIGINT) AS weight_for,
            CAST(coalesce(sum(weight_author) FILTER (other AND part = 'supports' AND NOT interested), 0)
                AS BIGINT) AS weight_against,
            count(*) FILTER (other AND part = 'supports' AND NOT interested) AS free_against,
            count(*) FILTER (other AND part = 'supports' AND NOT interested AND graded) AS graded_against,
            count(*) FILTER (other AND part = 'admits') AS admitted_against,
            count(*) FILTER (other AND part = 'supports' AND interested) AS accusing_against
        FROM beside JOIN facing USING (named_as, theirs) GROUP BY incident_id, named_as)"""
"""Roots for and against each set of actors that is named.

A set speaks for another of as many actors if each is one of the other's or what it belongs to; against it if
they have no one in common even so; else it says neither: sets stay sets.
"""


def _named(weights: Weights) -> str:
    """Return SQL: each set of actors that is named, how strongly; `rank` by hand says who is a rival."""
    chance = probability(ATTRIBUTION, weights.attribution)
    return f"""
    WITH {SETS},
    weighed AS (SELECT *, {_OF_AUTHOR} AS rank, {chance} AS chance FROM counted)
    SELECT w.incident_id, w.named_as, s.who, s.over, rank, chance, {_rank("rank", "chance")} AS word,
        free_against, graded_against
    FROM weighed w JOIN known_sets s USING (named_as)"""


_AUTHORS = f"""
    WITH best AS (SELECT * FROM named QUALIFY rank = max(rank) OVER (PARTITION BY incident_id)),
    rivals AS (
        SELECT DISTINCT a.incident_id FROM best a JOIN best b USING (incident_id)
        WHERE a.rank > 0 AND NOT list_has_any(a.over, b.who) AND NOT list_has_any(b.over, a.who)),
    joined AS (
        SELECT incident_id, list_sort(list_distinct(flatten(list(who)))) AS attribution,
            max(chance) AS attribution_probability, max(word) AS word
        FROM best GROUP BY incident_id)
    SELECT incident_id, attribution, attribution_probability,
        {_word(f"least(word, {RANK.format('occurrence_strength')})")} AS attribution_strength,
        incident_id IN (SELECT incident_id FROM rivals) AS contested
    FROM joined JOIN happened USING (incident_id)"""

_OVERRULES = """
    WITH every AS (
        SELECT incident_id, question AS what FROM overruled_strengths
        UNION SELECT incident_id, 'source ' || speaker FROM graded WHERE overruled
        UNION SELECT v.incident_id, 'claim ' || claim_id FROM voices v JOIN overruled_claims USING (claim_id))
    SELECT incident_id, list(what ORDER BY what) AS overruled FROM every GROUP BY incident_id"""

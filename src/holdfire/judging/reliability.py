"""How far a source has proved reliable, by topic and by whose acts it speaks of, shown A to F.

A source's word is borne out where an independent root of another source says the same of an incident, and
contradicted where one says otherwise; being alone says nothing. The share borne out is a beta-binomial whose
prior is the grade that people gave it (`PRIOR`), and it counts less the longer ago (`HALF_LIFE`). What an
incident says itself never grades the sources that are weighed for it: its own part is taken out first. Of two
who disagree, the better graded loses less: it is borne out by the chance that it is the one who is right.
On occurrence a record lowers a grade and never lifts it: a rumour is told by many, and told again it is not
truer. On who did it and how many died sources do contradict each other, so there a record counts both ways.

F is "cannot be judged", not "bad": too little is known. Letters are those of the Admiralty system (NATO
AJP-2.1, annex on evaluation): A completely, B usually, C fairly, D not usually reliable, E unreliable.

Beta-binomial updating: Gelman et al. (2013), Bayesian Data Analysis, 2.4; one round of weighing sources by
sources after Dawid and Skene (1979), Applied Statistics 28. All numbers are whole, so that no sum depends on
its order.
"""

from __future__ import annotations

from holdfire.engine import Session
from holdfire.records.source import Reliability

TOPICS = ("occurrence", "attribution", "casualties")

PRIOR: dict[Reliability, tuple[int, int]] = {
    Reliability.A: (970, 20),
    Reliability.B: (900, 20),
    Reliability.C: (750, 12),
    Reliability.D: (550, 12),
    Reliability.E: (350, 12),
    Reliability.F: (700, 4),
}
"""For each grade: how often such a source is right [thousandths], and how many findings that is worth."""

LEAST: dict[Reliability, int] = {
    Reliability.A: 940,
    Reliability.B: 820,
    Reliability.C: 650,
    Reliability.D: 450,
    Reliability.E: 0,
}
"""How often a source must be right for a letter, at least [thousandths]."""

KNOWN = 8_000
"""Findings, in thousandths, under which a source that people could not grade stays F."""

ASIDE = 6
"""Findings that a source's record on all sides is worth where its record on one side is told."""

LOWEST, HIGHEST = 100, 985
"""No source is held to be right less or more often than this [thousandths]: anything may be misread."""

PERIOD = 30
"""Days that are one in the age of a record [days]."""

HALF_LIFE = 365
"""Age at which what a source was borne out in counts half [days]."""


def prior(given: str, of: int) -> str:
    """Return SQL: the share (of=0) or worth (of=1) of the grade in a column."""
    whens = " ".join(f"WHEN '{letter}' THEN {numbers[of]}" for letter, numbers in PRIOR.items())
    return f"CASE {given} {whens} END"


def letter(share: str, given: str, known: str) -> str:
    """Return SQL: the letter of a share [thousandths], given the grade by people and what is known."""
    whens = " ".join(f"WHEN {share} >= {least} THEN '{name}'" for name, least in LEAST.items())
    return f"CASE WHEN {given} = '{Reliability.F}' AND {known} < {KNOWN} THEN '{Reliability.F}' {whens} END"


def reliability(session: Session) -> None:
    """Make `relied`: how reliable each root of an incident is on each topic, that incident left out.

    Columns: place (of the root in `heard`), topic, found [thousandths], known [thousandths of findings],
    letter, overruled.

    Args:
        session: Holds `heard` (heard.py), one row a root of an incident, and `overruled_sources`.
    """
    session.make("met", _MET)
    session.make("proved", _PROVED)
    session.make(
        "tallied",
        """SELECT speaker, topic, side, period, CAST(sum(borne) AS BIGINT) AS borne, count(*) * 1000 AS of_all
        FROM proved GROUP BY ALL""",
    )
    longest = HALF_LIFE * 12 // PERIOD
    ages = ", ".join(str(round(1000 * 2 ** (-age * PERIOD / HALF_LIFE))) for age in range(longest))
    session.make(
        "aged",
        f"""
        WITH wanted AS (SELECT DISTINCT speaker, period FROM heard),
        weights AS (SELECT [{ages}] AS by_age),
        near AS (
            SELECT w.speaker, w.period, t.topic, t.side,
                CAST(sum(t.borne * by_age[abs(w.period - t.period) + 1]) // 1000 AS BIGINT) AS borne,
                CAST(sum(t.of_all * by_age[abs(w.period - t.period) + 1]) // 1000 AS BIGINT) AS of_all
            FROM wanted w JOIN tallied t USING (speaker), weights
            WHERE abs(w.period - t.period) < {longest} GROUP BY ALL)
        SELECT speaker, period, topic, side, borne, of_all,
            CAST(sum(borne) OVER s AS BIGINT) AS borne_all, CAST(sum(of_all) OVER s AS BIGINT) AS of_any
        FROM near WINDOW s AS (PARTITION BY speaker, period, topic)""",
    )
    session.make("relied", _RELIED)
    for name in ("met", "proved", "tallied", "aged"):
        session.run(f"DROP TABLE {name}")  # of a million incidents each is some hundred MiB


_MET = """
    SELECT a.place, a.speaker, a.side, a.period,
        a.prior AS mine, b.prior AS theirs, b.interested AS partly, a.part AS part, b.part AS other_part,
        CASE WHEN len(a.who) > 0 AND len(b.who) > 0 AND a.part <> 'denies' AND b.part <> 'denies'
            THEN list_has_any(a.over, b.who) OR list_has_any(a.who, b.over) END AS same_who,
        CASE WHEN a.killed_low IS NOT NULL AND b.killed_low IS NOT NULL
            THEN a.killed_low <= coalesce(b.killed_high, 2147483647) + greatest(1, b.killed_low // 10)
                AND b.killed_low <= coalesce(a.killed_high, 2147483647) + greatest(1, a.killed_low // 10)
            END AS same_dead
    FROM heard a JOIN heard b ON a.incident_id = b.incident_id AND a.root <> b.root
        AND a.speaker <> b.speaker
    WHERE a.part <> 'pleads' AND b.part <> 'pleads'"""
"""Every root of an incident beside every other root of another source."""

_RIGHT = "1000 * mine * (1000 - theirs) // (mine * (1000 - theirs) + theirs * (1000 - mine))"
"""Chance that of two who disagree the first is right [thousandths]."""

_PROVED = f"""
    WITH each AS (
        SELECT place, speaker, side, period, 'occurrence' AS topic,
            CASE WHEN (part = 'denies') = (other_part = 'denies') THEN 1000 ELSE {_RIGHT} END AS borne
        FROM met WHERE NOT partly OR (part = 'denies') = (other_part = 'denies')
        UNION ALL
        SELECT place, speaker, side, period, 'attribution',
            CASE WHEN same_who THEN 1000 ELSE {_RIGHT} END
        FROM met WHERE same_who IS NOT NULL AND (NOT partly OR other_part = 'admits')
        UNION ALL
        SELECT place, speaker, side, period, 'casualties',
            CASE WHEN same_dead THEN 1000 ELSE {_RIGHT} END
        FROM met WHERE same_dead IS NOT NULL AND NOT partly)
    SELECT place, speaker, side, period, topic, CAST(sum(borne) // count(*) AS BIGINT) AS borne
    FROM each GROUP BY place, speaker, side, period, topic"""
"""How far each root of an incident was borne out in it, by topic [thousandths]."""

_OVERRULED = (
    "CASE o.value " + " ".join(f"WHEN '{name}' THEN {share}" for name, (share, _) in PRIOR.items()) + " END"
)

_RELIED = f"""
    WITH topics AS (SELECT unnest([{", ".join(f"'{t}'" for t in TOPICS)}]) AS topic),
    spoken AS (  -- a word on one topic goes before a word on all
        SELECT o.source, t.topic, arg_max(o.value, o.topic) AS value
        FROM overruled_sources o JOIN topics t ON o.topic IN ('', t.topic) GROUP BY o.source, t.topic),
    each AS (
        SELECT h.place, h.speaker, h.given, t.topic,
            {prior("h.given", 0)} AS share0, {prior("h.given", 1)} AS worth0,
            coalesce(a.borne, 0) - coalesce(p.borne, 0) AS borne,
            coalesce(a.of_all, 0) - CASE WHEN p.borne IS NULL THEN 0 ELSE 1000 END AS of_all,
            coalesce(w.borne_all, 0) - coalesce(p.borne, 0) AS borne_all,
            coalesce(w.of_any, 0) - CASE WHEN p.borne IS NULL THEN 0 ELSE 1000 END AS of_any
        FROM heard h CROSS JOIN topics t
        LEFT JOIN aged a ON a.speaker = h.speaker AND a.period = h.period AND a.topic = t.topic
            AND a.side = h.side
        LEFT JOIN (SELECT DISTINCT speaker, period, topic, borne_all, of_any FROM aged) w
            ON w.speaker = h.speaker AND w.period = h.period AND w.topic = t.topic
        LEFT JOIN proved p ON p.place = h.place AND p.topic = t.topic),
    overall AS (
        SELECT *, (share0 * worth0 * 1000 + borne_all * 1000) // (worth0 * 1000 + of_any) AS on_all
        FROM each),
    sided AS (
        SELECT *, (on_all * {ASIDE} * 1000 + borne * 1000) // ({ASIDE} * 1000 + of_all) AS proved
        FROM overall),
    bounded AS (
        SELECT *, CASE WHEN topic = 'occurrence' THEN least(proved, share0) ELSE proved END AS found
        FROM sided),
    lettered AS (
        SELECT *, {letter("found", "given", "of_any")} AS own FROM bounded)
    SELECT l.place, l.topic, of_any AS known,
        greatest({LOWEST}, least({HIGHEST}, coalesce({_OVERRULED}, found))) AS found,
        coalesce(o.value, CASE WHEN l.topic = 'occurrence' AND l.given = '{Reliability.F}' AND own < 'D'
            THEN '{Reliability.F}' ELSE own END) AS letter, o.value IS NOT NULL AS overruled
    FROM lettered l LEFT JOIN spoken o ON o.source = l.speaker AND o.topic = l.topic"""

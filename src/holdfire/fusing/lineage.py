"""Who repeats whom: reports that are one text rest on one root, whatever masthead they stand under.

A report rests on the earliest-published one it shares its words with: wholly, where three tenths of its
own runs of five words stand there; else only those of its claims half of whose words do. Boilerplate counts
for nothing: runs that one publisher repeats on several days, and runs that stand everywhere. Reports that
share a rare slip of spelling need fewer words in common. What the copier adds of its own stays its own.
Broder, A. Z. (1997), On the resemblance and containment of documents; rare shared errors as evidence of
copying after Dong, Berti-Equille and Srivastava (2009), Integrating conflicting data.
"""

from __future__ import annotations

import pyarrow as pa

from holdfire.engine import Engine, Session
from holdfire.records.claim import CLAIM, ROOTS
from holdfire.records.shingle import LINEAGE, SHINGLED
from holdfire.tables import rows

CONTAINED = 0.3
"""Share of the shorter text's runs above which two reports are not independent (Broder's containment)."""

WITH_SLIP = 0.1
"""The same where they share a rare slip of spelling."""

FEWEST = 8
"""Fewest runs in common; fewer is a phrase, not a text."""

EVERYWHERE = 100
"""A run in more reports than this is a phrase of the language or of everyone's footer."""

FOOTER_DAYS = 3
"""Days on which one publisher repeats a run, from which it is boilerplate of theirs."""

RARE, COMMON = 3, 10
"""A spelling in at most `RARE` reports is a slip where a near one stands in `COMMON` times as many."""


def lineage(shingled: pa.Table, engine: Engine) -> pa.Table:
    """Return which report rests on which, as a LINEAGE table.

    Args:
        shingled: SHINGLED rows, one a report.
        engine: How to run SQL.
    """
    with engine.session() as session:
        _shared(session, SHINGLED.check(shingled))
        return LINEAGE.check(session.sql(_RESTS))


def _shared(session: Session, shingled: pa.Table) -> None:
    """Make `runs`, `sizes`, `slips` and `pairs`."""
    session.give("texts", shingled)
    session.make(
        "every",
        """
        SELECT report, source, CAST(start AS DATE) AS day, unnest(shingles) AS run
        FROM texts""",
    )
    session.make(
        "runs",
        f"""
        WITH each AS (SELECT DISTINCT report, source, day, run FROM every),
            footers AS (
                SELECT source, run FROM each GROUP BY ALL HAVING count(DISTINCT day) >= {FOOTER_DAYS}),
            phrases AS (SELECT run FROM each GROUP BY run HAVING count(*) > {EVERYWHERE})
        SELECT report, source, run FROM each
        ANTI JOIN footers USING (source, run) ANTI JOIN phrases USING (run)""",
    )
    session.make("sizes", "SELECT report, count(*) AS n FROM runs GROUP BY report")
    session.make("slips", _SLIPS)
    session.make(
        "pairs",
        f"""
        WITH together AS (
            SELECT a.report AS one, b.report AS other, count(*) AS shared
            FROM runs a JOIN runs b ON a.run = b.run AND a.report < b.report AND a.source <> b.source
            GROUP BY ALL),
        slipped AS (
            SELECT a.report AS one, b.report AS other, count(*) AS slips
            FROM slips a JOIN slips b ON a.slip = b.slip AND a.report < b.report GROUP BY ALL)
        SELECT t.one, t.other, t.shared, coalesce(s.slips, 0) AS slips,
            x.n AS of_one, y.n AS of_other
        FROM together t JOIN sizes x ON x.report = t.one JOIN sizes y ON y.report = t.other
        LEFT JOIN slipped s ON s.one = t.one AND s.other = t.other
        WHERE t.shared >= {FEWEST} AND t.shared / least(x.n, y.n)
            >= CASE WHEN s.slips > 0 THEN {WITH_SLIP} ELSE {CONTAINED} END""",
    )


_SLIPS = f"""
    WITH spelled AS (SELECT report, unnest(spellings) AS word, unnest(near) AS near FROM texts),
        counted AS (SELECT word, any_value(near) AS near, count(*) AS n FROM spelled GROUP BY word),
        rare AS (SELECT word, n, unnest(near) AS key FROM counted WHERE n BETWEEN 2 AND {RARE}),
        usual AS (SELECT word, n, unnest(near) AS key FROM counted WHERE n >= 2 * {COMMON})
    SELECT DISTINCT s.report, s.word AS slip FROM spelled s
    WHERE s.word IN (SELECT r.word FROM rare r JOIN usual u ON r.key = u.key AND r.word <> u.word
        AND u.n >= {COMMON} * r.n)"""

_RESTS = f"""
    WITH ordered AS (
            SELECT report,
                row_number() OVER (ORDER BY start NULLS LAST, wire IS NULL, source, report) AS place
            FROM texts),
        facing AS (
            SELECT one AS a, other AS b, shared, slips, of_other AS n FROM pairs
            UNION ALL SELECT other, one, shared, slips, of_one FROM pairs),
        earlier AS (
            SELECT f.b AS report, f.a AS original, f.shared, f.n AS runs, f.slips, x.place
            FROM facing f JOIN ordered x ON x.report = f.a JOIN ordered y ON y.report = f.b
            WHERE x.place < y.place)
    SELECT report, original, shared, runs, slips,
        shared / runs >= {CONTAINED} OR (slips > 0 AND shared / runs >= {WITH_SLIP}) AS whole
    FROM earlier
    QUALIFY row_number() OVER (PARTITION BY report ORDER BY shared DESC, place) = 1
    ORDER BY report, original"""


def rest(claims: pa.Table, lines: pa.Table, shingled: pa.Table, engine: Engine) -> pa.Table:
    """Return the claims with the root of a copy named after whom it copies.

    Only a claim that rests on its own publisher changes: one that names its source rests on that source in
    either report. Also gives one name to a root that is a voice in one text, an office in a dataset or a
    wire's credit in another.

    Args:
        claims: CLAIM rows.
        lines: LINEAGE rows, as `lineage` gives them.
        shingled: SHINGLED rows.
        engine: How to run SQL.
    """
    if not lines.num_rows:
        return _as_one(claims, engine)
    with engine.session() as session:
        session.give("claims", claims)
        session.give("lines", lines)
        session.give("texts", shingled)
        session.give("origins", _origins(lines, shingled))
        renamed = session.sql(_RENAMED)
    names, roots = (renamed[name].to_pylist() for name in ("claim_id", "root"))
    return _as_one(_replaced(claims, dict(zip(names, roots, strict=True))), engine)


_RENAMED = f"""
    WITH own AS (
        SELECT c.claim_id, c.report, l.original, l.whole, c.spans[1][1] AS a, c.spans[-1][2] AS b
        FROM claims c JOIN lines l USING (report)
        WHERE c.root = 'source:' || c.source OR starts_with(c.root, 'wire:')),
    placed AS (SELECT report, unnest(shingles) AS run, unnest(begins) AS begun FROM texts),
    words AS (
        SELECT o.claim_id, r.run, any_value(o.original) AS original
        FROM own o JOIN placed r ON r.report = o.report AND r.begun >= o.a AND r.begun < o.b
        WHERE NOT o.whole GROUP BY o.claim_id, r.run),
    there AS (SELECT DISTINCT report, unnest(shingles) AS run FROM texts),
    copied AS (
        SELECT w.claim_id FROM words w LEFT JOIN there t ON t.report = w.original AND t.run = w.run
        GROUP BY w.claim_id HAVING count(t.run) >= {0.5} * count(*))
    SELECT o.claim_id, g.root FROM own o JOIN origins g ON g.report = o.original
    WHERE o.whole OR o.claim_id IN (SELECT claim_id FROM copied)
    ORDER BY o.claim_id"""


def _origins(lines: pa.Table, shingled: pa.Table) -> pa.Table:
    """Return the root of each report that others rest on: of the first of its line."""
    own = {row["report"]: row for row in rows(shingled.select(["report", "source", "wire"]))}
    parent = {row["report"]: row["original"] for row in rows(lines) if row["whole"]}
    found: dict[str, str] = {}
    for report in sorted(set(lines["original"].to_pylist())):
        first = report
        while first in parent:  # originals come strictly earlier, so this ends
            first = parent[first]
        wire = own[first]["wire"]
        found[report] = f"wire:{wire}" if wire else f"source:{own[first]['source']}"
    return pa.table({"report": list(found), "root": list(found.values())})


_KINDS = ("source", "office", "wire", "voice")
"""What a root may be called, the one that is kept first."""


def _as_one(claims: pa.Table, engine: Engine) -> pa.Table:
    """Give one name to a root that goes by several: an office of a dataset, a wire, a voice of a text."""
    names = engine.sql(
        "SELECT DISTINCT unnest(string_split(root, ' + ')) AS root FROM given", given=claims.select(["root"])
    )
    by_name: dict[str, set[str]] = {}
    for root in names["root"].to_pylist():
        kind, _, name = root.partition(":")
        if kind in _KINDS:
            by_name.setdefault(_plain(name), set()).add(root)
    change = {
        root: min(roots, key=lambda r: (_KINDS.index(r.partition(":")[0]), r))
        for roots in by_name.values()
        if len(roots) > 1
        for root in roots
    }
    change = {old: new for old, new in change.items() if old != new}
    if not change:
        return claims
    column = [
        ROOTS.join(sorted({change.get(each, each) for each in root.split(ROOTS)}))
        for root in claims["root"].to_pylist()
    ]
    return _with_roots(claims, column)


def _plain(name: str) -> str:
    return name.removeprefix("the ").replace("_", " ")


def _replaced(claims: pa.Table, roots: dict[str, str]) -> pa.Table:
    if not roots:
        return claims
    column = [
        roots.get(name, root)
        for name, root in zip(claims["claim_id"].to_pylist(), claims["root"].to_pylist(), strict=True)
    ]
    return _with_roots(claims, column)


def _with_roots(claims: pa.Table, column: list[str]) -> pa.Table:
    at = claims.schema.get_field_index("root")
    return CLAIM.check(claims.set_column(at, "root", pa.array(column, pa.string())))

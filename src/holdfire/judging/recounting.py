"""Numbers of claims under their own counting rules: restated ones once, converted ones by a stated rule.

* **Restated.** Rounds seen once may stand in three successive daily reports of one source. Claims of one
  source that give the same number of the same, at the same time and place, in reports that follow each other
  directly, are one observation; two such rows within one report are two.
* **Converted.** Observations become incidents of another unit only by a `Conversion`, from their times and
  places; a claim whose time is wider than the gap cannot be placed and is counted apart, never guessed.
* **Summed.** Within one source and one rule alone. Running totals are not of one event, and are left out.

tests/unit/test_counting.py holds each.
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from holdfire.engine import Engine, literal
from holdfire.errors import BadInput
from holdfire.records.counting import Conversion, Converted, Ruled, Sum
from holdfire.tables import INTEGER, TEXT, Column, Schema

RESTATED = Schema(
    "restated",
    (
        Column("claim_id", TEXT, "a claim with a number under a counting rule"),
        Column("stands_for", TEXT, "the first claim that gave it; its own id if it is that"),
    ),
    key=("claim_id",),
)

NUMBERS = Schema(
    "number",
    (
        Column("source", TEXT, "who counts"),
        Column("counting_rule", TEXT, "the unit; never added across"),
        Column("low", INTEGER, "at least"),
        Column("high", INTEGER, "at most", "some claim has no bound"),
        Column("claims", INTEGER, "claims that give it"),
        Column("restated", INTEGER, "further claims that restate one of these"),
    ),
    key=("source", "counting_rule"),
)


def restated(claims: pa.Table, reports: pa.Table, engine: Engine) -> pa.Table:
    """Return a RESTATED table: which claims give again what an earlier report of their source gave.

    Args:
        claims: CLAIM rows; running totals, and claims without a number, a time or a place are left out.
        reports: `report` (digest) and `published` (instant) of each report.
        engine: Runs the query.
    """
    query = """
        WITH ranked AS (
            SELECT report, row_number() OVER (PARTITION BY source ORDER BY published, report) AS rank
            FROM (SELECT DISTINCT c.report, c.source, r.published
                  FROM claims AS c JOIN reports AS r ON c.report = r.report) AS said
        ),
        keyed AS (
            SELECT c.*, rank, row_number() OVER (
                PARTITION BY c.report, c.event_type, c.start, c.finish, c.lat, c.lon, c.place,
                    c.quantity, c.quantity_bound, c.counting_rule
                ORDER BY c.seq) AS copy
            FROM claims AS c JOIN ranked ON c.report = ranked.report
            WHERE quantity IS NOT NULL AND NOT cumulative AND start IS NOT NULL AND finish IS NOT NULL
                AND (place IS NOT NULL OR lat IS NOT NULL)
        ),
        after AS (
            SELECT *, rank - lag(rank) OVER (
                PARTITION BY source, event_type, start, finish, lat, lon, place, quantity,
                    quantity_bound, counting_rule, copy
                ORDER BY rank) AS step
            FROM keyed
        ),
        runs AS (
            SELECT *, sum(CASE WHEN step = 1 THEN 0 ELSE 1 END) OVER (
                PARTITION BY source, event_type, start, finish, lat, lon, place, quantity,
                    quantity_bound, counting_rule, copy
                ORDER BY rank) AS run
            FROM after
        )
        SELECT claim_id, first_value(claim_id) OVER (
            PARTITION BY source, event_type, start, finish, lat, lon, place, quantity,
                quantity_bound, counting_rule, copy, run
            ORDER BY rank) AS stands_for
        FROM runs ORDER BY claim_id"""
    return RESTATED.check(engine.sql(query, claims=_numbered(claims), reports=reports))


def numbers(claims: pa.Table, reports: pa.Table, engine: Engine) -> pa.Table:
    """Return a NUMBERS table: what each source counts under each rule, restated observations once.

    A lower bound has no highest number, and an upper one no lowest; a vague number bounds nothing.
    """
    given = restated(claims, reports, engine)
    query = """
        SELECT source, counting_rule,
            sum(CASE WHEN first THEN low ELSE 0 END)::BIGINT AS low,
            CASE WHEN sum(CASE WHEN first AND high IS NULL THEN 1 ELSE 0 END) = 0
                THEN sum(CASE WHEN first THEN high ELSE 0 END) END::BIGINT AS high,
            sum(CASE WHEN first THEN 1 ELSE 0 END)::BIGINT AS claims,
            sum(CASE WHEN first THEN 0 ELSE 1 END)::BIGINT AS restated
        FROM (
            SELECT c.source, c.counting_rule, g.stands_for = g.claim_id AS first,
                CASE WHEN quantity_bound IN ('exact', 'lower') THEN quantity ELSE 0 END AS low,
                CASE WHEN quantity_bound IN ('exact', 'upper') THEN quantity END AS high
            FROM claims AS c JOIN given AS g ON c.claim_id = g.claim_id
        ) AS each_one
        GROUP BY source, counting_rule ORDER BY source, counting_rule"""
    return NUMBERS.check(engine.sql(query, claims=_numbered(claims), given=given))


def sums(table: pa.Table) -> list[Sum]:
    """Return the rows of a NUMBERS table as numbers that refuse to be added across rules."""
    return [
        Sum(
            source=row["source"],
            number=Ruled(rule=row["counting_rule"], low=row["low"], high=row["high"]),
            claims=row["claims"],
            restated=row["restated"],
        )
        for row in table.to_pylist()
    ]


def converted(
    claims: pa.Table, reports: pa.Table, by: Conversion, engine: Engine, sources: Collection[str] = ()
) -> Converted:
    """Return how many incidents of another unit the observations of some claims are.

    Args:
        claims: CLAIM rows of one counting rule.
        reports: As for `restated`.
        by: The conversion.
        engine: Runs the query.
        sources: Whose claims; none named: everyone's, as one record.

    Raises:
        BadInput: A claim follows a rule that the conversion is not for; all such rules are named.
    """
    table = _numbered(claims)
    wrong = sorted({r for r in table["counting_rule"].to_pylist() if r is not None} - by.of)
    if wrong:
        named = ", ".join(f'"{rule}"' for rule in wrong)
        raise BadInput(
            f'the conversion "{by.id}" is not for numbers counted as {named}',
            hint="it is for: " + ", ".join(sorted(by.of)),
        )
    given = restated(claims, reports, engine)
    seconds = int(by.gap.total_seconds())
    whose = f"AND c.source IN ({', '.join(map(literal, sorted(sources)))})" if sources else ""
    query = f"""
        WITH once AS (
            SELECT coalesce(c.place, '') || ' ' || coalesce(CAST(lat AS VARCHAR), '') || ' '
                || coalesce(CAST(lon AS VARCHAR), '') AS spot,
                c.start, c.finish, date_diff('second', c.start, c.finish) <= {seconds} AS placed
            FROM claims AS c JOIN given AS g ON c.claim_id = g.claim_id
            WHERE g.stands_for = g.claim_id {whose}
        ),
        reached AS (
            SELECT *, max(finish) OVER (
                PARTITION BY spot ORDER BY start, finish ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS latest
            FROM once WHERE placed
        )
        SELECT (SELECT count(*) FROM reached
                WHERE latest IS NULL OR date_diff('second', latest, start) >= {seconds})::BIGINT AS incidents,
            (SELECT count(*) FROM once)::BIGINT AS timed,
            (SELECT count(*) FROM once WHERE NOT placed)::BIGINT AS too_wide,
            (SELECT count(*) FROM claims AS c ANTI JOIN given AS g ON c.claim_id = g.claim_id
                WHERE quantity IS NOT NULL AND NOT cumulative {whose})::BIGINT AS nowhere"""
    row = engine.sql(query, claims=table, given=given).to_pylist()[0]
    unplaced = row["too_wide"] + row["nowhere"]
    high = None if unplaced else row["incidents"]
    number = Ruled(rule=by.rule, low=row["incidents"], high=high)
    source = next(iter(sources)) if len(sources) == 1 else ""
    return Converted(source=source, number=number, of=row["timed"] + row["nowhere"], unplaced=unplaced)


def _numbered(claims: pa.Table) -> pa.Table:
    """Return the columns that numbers are told by; `end` under a name that SQL does not use."""
    names = ["claim_id", "report", "seq", "source", "event_type", "start", "end", "place", "lat", "lon"]
    names += ["quantity", "quantity_bound", "counting_rule", "cumulative"]
    return claims.select(names).rename_columns([{"end": "finish"}.get(name, name) for name in names])

"""Take a report out, or everything a source published, and say what leans on it.

Nothing is deleted: each report's retraction is an entry, and what was said of it stays in the log. The next
run judges anew, without it, every determination that leaned on it; each says so. Claims in reports of others
that only name the source stay, and are counted here so that a person can look at them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa

from holdfire.digests import Digest
from holdfire.engine import Engine
from holdfire.errors import BadInput, nearest
from holdfire.holdings import one_report, reports
from holdfire.ledger.log import Ledger
from holdfire.recording import current
from holdfire.records.report import Report


@dataclass(frozen=True)
class Withdrawal:
    """One report that was taken out, and what leans on it as of the last run.

    Attributes:
        report: The report.
        leaning: Determinations that have a claim of it, sorted.
    """

    report: Report
    leaning: tuple[str, ...]


def withdraw(
    ledger: Ledger, engine: Engine, name: str, reason: str, at: str, by: str, *, source: bool = False
) -> list[Withdrawal]:
    """Enter the retraction of a report, or of every report of a source, in one step.

    Args:
        ledger: The log, open to write.
        engine: How to run SQL.
        name: Id of the report, or its beginning; or of the source.
        reason: Why; it is published.
        at: When, ISO 8601 in UTC.
        by: Who does it, as the log shall name them.
        source: Whether `name` is a source.

    Raises:
        BadInput: No report, or several, are named so; no report is of the source; or no reason is given.
    """
    if not reason.strip():
        raise BadInput("a retraction needs a reason", hint='--reason "its source withdrew it"')
    known = reports(ledger)
    if source:
        found = [report for report in known.values() if report.source == name]
        if not found:
            published = {report.source for report in known.values()}
            raise BadInput(f'no report of the case is of "{name}"', hint=nearest(name, published))
    else:
        found = [one_report(known.values(), name)]
    leaning = _leaning(ledger, engine, [report.id for report in found])
    ledger.append(
        [{"kind": "retraction", "of": report.id, "reason": reason, "by": by, "at": at} for report in found]
    )
    return [Withdrawal(report, leaning.get(report.id, ())) for report in found]


def _leaning(ledger: Ledger, engine: Engine, of: Collection[Digest]) -> dict[Digest, tuple[str, ...]]:
    """Return the determinations that stand and have a claim of some reports, by report."""
    query = """
        WITH held AS (
            SELECT id, unnest(json_extract(content, '$.members')::JSON[]) AS member FROM determinations),
        said AS (SELECT id, json_extract_string(content, '$.report') AS report FROM claims)
        SELECT said.report, list_sort(list_distinct(list(held.id))) AS ids
        FROM held JOIN said ON said.id = json_extract_string(held.member, '$[0]') JOIN given USING (report)
        GROUP BY said.report
    """
    found = engine.sql(
        query,
        determinations=current(ledger, "determination", engine),
        claims=current(ledger, "claim", engine),
        given=pa.table({"report": pa.array(sorted(of), pa.string())}),
    )
    return {row["report"]: tuple(row["ids"]) for row in found.to_pylist()}


def naming(ledger: Ledger, engine: Engine, source: str) -> list[str]:
    """Return the claims that stand in reports of others and name a source as one they repeat, sorted."""
    query = """
        SELECT id FROM claims
        WHERE json_extract_string(content, '$.source') <> $source
            AND (json_extract_string(content, '$.voice') = $source
                OR list_contains(json_extract_string(content, '$.chain[*]'), $source))
        ORDER BY id
    """.replace("$source", "(SELECT source FROM given)")
    claims, given = current(ledger, "claim", engine), pa.table({"source": [source]})
    return list(engine.sql(query, claims=claims, given=given)["id"].to_pylist())

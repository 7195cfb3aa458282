"""What a run found enters the log: public ids for what texts made up, rounded places, no words.

Also who people say the sources are: a grade that changed is an entry of its own. Of entries of lists of the
dead only links enter, by ids that a salted commitment and a row make: nothing that was ever a name. What lies
in a public precaution area enters at the cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.agreement.document import Agreement
from holdfire.aliasing import Aliases
from holdfire.engine import Engine
from holdfire.folder import Folder
from holdfire.issuing import Found
from holdfire.ledger import coded
from holdfire.ledger.codedlinks import link_entries
from holdfire.ledger.entry import Entry
from holdfire.ledger.log import Ledger
from holdfire.precaution import findings
from holdfire.precaution.atcells import AtCells
from holdfire.recording import TOGETHER, current, record
from holdfire.versions.written import closing


def inscribe(
    ledger: Ledger,
    found: Found,
    near: AtCells,
    folder: Folder,
    agreement: Agreement,
    pseudonym: Callable[[str], str],
    engine: Engine,
    run: Mapping[str, Any],
) -> Entry:
    """Bring the log to what was found, and return the entry of the run that closes it.

    Args:
        ledger: The log, open to write.
        found: What the rooms made of the reports.
        near: Which incidents and claims enter at the cell.
        folder: What people wrote.
        agreement: The agreement.
        pseudonym: Returns the pseudonym of words that may not be printed.
        engine: How to run SQL.
        run: The entry of kind `run`.
    """
    aliases, grid = Aliases.of(found.claims, folder, agreement, pseudonym), folder.head.settings.grid
    gone = pa.array([report.id for report in found.reports if report.redacted], pa.string())
    readable = found.claims.filter(pc.invert(pc.is_in(found.claims["report"], value_set=gone)))
    readable = near.displaced(readable)
    claims = (
        coded.claim_entries(aliases.apply(part), grid, engine)
        for part in _parts(readable.sort_by([(name, "ascending") for name in ("report", "seq", "claim_id")]))
    )
    logged = [_as_logged(ledger, gone, engine)] if len(gone) else []
    incidents, found_members = aliases.apply(near.placed(found.fused.incidents)), found.fused.members
    determinations = (
        coded.determination_entries(incidents, found_members, part, grid, engine)
        for part in _parts(aliases.apply(found.determinations.sort_by("determination_id")))
    )
    ledger.append(list(_grades(ledger, folder, str(run["at"]))))
    ledger.append(list(findings.entries(ledger, near, str(run["at"]))))
    groups = found_members.select(["claim_id", "incident_id"]).rename_columns(["record", "grouped"])
    links = [
        link_entries(found.fused.links, groups, engine),
        link_entries(found.people.links, _homes(found.people.persons), engine),
    ]
    closed = closing(engine, str(run["method"]))
    return record(ledger, chain(claims, logged), determinations, engine, run, links, closed)


def _parts(table: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, table.num_rows, TOGETHER):
        yield table.slice(start, TOGETHER)


def _homes(persons: pa.Table) -> pa.Table:
    """Return which person each entry of a list is about, by ids: columns `record` and `grouped`."""
    listed = persons["entries"].combine_chunks()
    homes = persons["person_id"].take(pc.list_parent_indices(listed))
    return pa.table({"record": pc.list_flatten(listed), "grouped": homes})


def _as_logged(ledger: Ledger, gone: pa.Array, engine: Engine) -> pa.Table:
    """Return the claims of destroyed reports as they stand: nothing can be read of them again."""
    logged = current(ledger, "claim", engine)
    query = """
        SELECT id, content FROM logged
        WHERE json_extract_string(content, '$.report') IN (SELECT report FROM gone)
    """
    return engine.sql(query, logged=logged, gone=pa.table({"report": gone}))


def _grades(ledger: Ledger, folder: Folder, at: str) -> Iterator[dict[str, Any]]:
    """Yield a grade for each source whose grade the log does not have as it is now."""
    known: dict[str, tuple[str, str, str]] = {}
    for entry in ledger.entries("grade"):
        body = entry.value
        known[body["source"]] = (body["affiliation"], body["reliability"], body.get("basis", ""))
    for name, source in sorted(folder.sources.items()):
        now = (source.affiliation.value, source.reliability.value, source.basis)
        if known.get(name) != now:
            yield {
                "kind": "grade",
                "source": name,
                "affiliation": now[0],
                "reliability": now[1],
                "basis": now[2],
                "at": at,
            }

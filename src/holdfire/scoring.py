"""Mark what a run found of a simulated world against the world's truth: `holdfire score CASE --truth FOLDER`.

Five things are marked: which claims were put into one incident, who was said to have done it, the verdict,
where the state of the truce changed, and how many died. Nothing of the truth is read by a run. What a record
tells of is looked up by its file and row, or by where its words stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from holdfire.case import Case
from holdfire.engine import Session
from holdfire.errors import BadInput, HoldfireError, Problem
from holdfire.fusing.grouping.marking import Marks, mark
from holdfire.issuing import Found
from holdfire.judging.daily import daily
from holdfire.judging.trend import levels

TABLES = {"incidents": "incidents", "told": "case_told", "days": "days"}
"""Tables of a truth that are needed, and the files they are in."""

NEAR = 4
"""Days within which a change that was found is taken for one of the truth."""


@dataclass(frozen=True)
class Changes:
    """Changes of the daily level of fighting.

    Attributes:
        true: Days on which the truce began, ended or was suspended over most of the country.
        found: Days on which a new level was found.
        met: For each true one, days from it to the nearest found (negative: found before); None: none near.
    """

    true: tuple[date, ...]
    found: tuple[date, ...]
    met: tuple[int | None, ...]

    @property
    def missed(self) -> int:
        """Return how many true changes have none found within `NEAR` days."""
        return sum(each is None for each in self.met)


@dataclass(frozen=True)
class Score:
    """How a run came out.

    Attributes:
        claims: Claims that make incidents, and how many of them tell of something the truth knows.
        told: Things told in reports, and how many of them a claim was read from.
        marks: How near the incidents are to the true ones, over those claims.
        attribution: Incidents by how the actors said stand to the true: right, wider, wrong, not_said.
        verdicts: True incidents that were told of by (true verdict, verdict found).
        changes: Changes of the level of fighting.
        killed: Deaths: true in all, true of those told of, found least, best and most (None: no bound).
        holding: Incidents found whose killed interval holds the true number, and how many have an interval.
        rumours: Incidents found of things that never happened, and of them called a breach.
    """

    claims: tuple[int, int]
    told: tuple[int, int]
    marks: Marks
    attribution: Mapping[str, int]
    verdicts: Mapping[tuple[str, str], int]
    changes: Changes
    killed: Mapping[str, int | None]
    holding: tuple[int, int]
    rumours: tuple[int, int]
    people: Mapping[str, int] = field(default_factory=dict)

    @property
    def json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        shown = asdict(self)
        shown["verdicts"] = [
            {"true": true, "found": found, "incidents": n} for (true, found), n in self.verdicts.items()
        ]
        shown["changes"] = {
            "true": [d.isoformat() for d in self.changes.true],
            "found": [d.isoformat() for d in self.changes.found],
            "days_off": list(self.changes.met),
        }
        for name in ("pairs", "records", "groups"):
            shown["marks"][name]["f1"] = getattr(self.marks, name).f1
        return shown

    def lines(self) -> Iterator[str]:
        """Yield it as lines for a person."""
        yield f"claims that make incidents   {self.claims[0]:,}; the truth knows {self.claims[1]:,} of them"
        yield f"things told in reports       {self.told[0]:,}; claims were read from {self.told[1]:,}"
        for name, of in (("pairs", "pairwise"), ("records", "B-cubed"), ("groups", "whole incidents")):
            found = getattr(self.marks, name)
            yield (
                f"incidents, {of:17} F1 {found.f1:.3f}  precision {found.precision:.3f}"
                f"  recall {found.recall:.3f}"
            )
        yield f"incidents found for each true one   {self.marks.count:.3f}"
        said = sum(self.attribution.values())
        yield "attribution   " + ", ".join(
            f"{n:,} {how.replace('_', ' ')} ({n / max(1, said):.0%})" for how, n in self.attribution.items()
        )
        right = sum(n for (true, found), n in self.verdicts.items() if true == found)
        yield f"verdicts   {right:,} of {sum(self.verdicts.values()):,} as in the truth"
        for (true, found), n in self.verdicts.items():
            yield f"  {n:>9,}  {true.replace('_', ' ')}, found {found.replace('_', ' ')}"
        yield f"of {len(self.changes.true)} changes of the truce {self.changes.missed} were missed"
        for when, off in zip(self.changes.true, self.changes.met, strict=True):
            yield f"  {when}  " + ("not found" if off is None else f"found {off:+d} days off")
        near = sum(each is not None for each in self.changes.met)
        yield f"  {len(self.changes.found) - near} other changes were found"
        most = self.killed["most"]
        yield (
            f"killed   {self.killed['true']:,} in all, {self.killed['told']:,} of what was told;"
            f" found {self.killed['least']:,} to {'no bound' if most is None else f'{most:,}'},"
            f" best {self.killed['best']:,}"
        )
        yield (
            f"killed intervals   {self.holding[0]:,} of {self.holding[1]:,} hold the true number"
            f" ({self.holding[0] / max(1, self.holding[1]):.0%})"
        )
        yield f"of what never happened   {self.rumours[0]:,} incidents, {self.rumours[1]:,} called a breach"
        for what, n in self.people.items():
            yield f"people, {what}   {n:,}"


def score(case: Case, truth: Path) -> Score:
    """Return how the last run of a case came out against the truth of its world.

    Args:
        case: A case that `holdfire simulate` made, after a run.
        truth: Folder `truth` of the world.

    Raises:
        BadInput: A table of the truth is missing or cannot be read.
        HoldfireError: There was no run, or something has changed since; or it is no simulated case.
    """
    tables = _read(truth)
    found = case.found()
    with case.engine.session() as session:
        for name, table in tables.items():
            session.give(f"true_{name}", table)
        _give(session, found)
        session.make("met", _MET)
        if not session.sql("SELECT count(*) AS n FROM met WHERE told IS NOT NULL")["n"][0].as_py():
            raise HoldfireError(
                "the truth knows none of the claims of this case", str(truth), "give the case its own world"
            )
        session.make("homes", _HOMES)
        return Score(
            claims=_two(session, "SELECT count(*), count(told) FROM met"),
            told=_two(session, _TOLD),
            marks=_marks(session),
            attribution=_counts(session, _ATTRIBUTION),
            verdicts={(row["t"], row["f"]): row["n"] for row in session.sql(_VERDICTS).to_pylist()},
            changes=_changes(case, found, tables["days"]),
            killed=session.sql(_KILLED).to_pylist()[0],
            holding=_two(session, _HOLDING),
            rumours=_two(session, _RUMOURS),
        )


def _read(truth: Path) -> dict[str, pa.Table]:
    tables, problems = {}, []
    for name, stem in TABLES.items():
        file = truth / f"{stem}.parquet"
        try:
            tables[name] = pq.read_table(file)
        except (OSError, pa.ArrowException) as error:
            problems.append(Problem(f"cannot be read: {error}", str(file), "is it the folder `truth`?"))
    if problems:
        raise BadInput.of(problems)
    return tables


def _give(session: Session, found: Found) -> None:
    files = {
        "report": [each.report.id for each in found.held],
        "file": [each.file.rsplit("/", 1)[-1] for each in found.held],
    }
    session.give("files", pa.table(files, schema=pa.schema([("report", pa.string()), ("file", pa.string())])))
    session.give("claims", found.claims)
    session.give("incidents", found.fused.incidents)
    session.give("members", found.fused.members)
    session.give("determinations", found.determinations)
    session.make(
        "told",
        """
        SELECT row_number() OVER (ORDER BY file, row, span_start, incident) AS told,
            split_part(file, '/', -1) AS file, * EXCLUDE (file) FROM true_told""",
    )


# Of several things told at one place in a text, the one whose words the claim shares most of. A record that
# sums several events up is of none of them.
_MET = """
    WITH makes AS (
        SELECT m.incident_id, c.claim_id, f.file, c.row, c.spans[1][1] AS a, c.spans[-1][2] AS b
        FROM members m JOIN claims c USING (claim_id) JOIN files f USING (report)
        WHERE m.part IN ('supports', 'admits')),
    near AS (
        SELECT k.claim_id, t.told, CASE WHEN t.part THEN NULL ELSE t.incident END AS incident,
            least(coalesce(k.b, 0), coalesce(t.span_end, 0))
                - greatest(coalesce(k.a, 0), coalesce(t.span_start, 0)) AS shared
        FROM makes k JOIN told t ON t.file = k.file AND (k.row = t.row
            OR (k.row IS NULL AND t.row IS NULL AND k.a < t.span_end AND t.span_start < k.b))),
    best AS (
        SELECT * FROM near QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY shared DESC, told) = 1)
    SELECT k.incident_id, k.claim_id, b.told, b.incident AS known
    FROM makes k LEFT JOIN best b USING (claim_id) ORDER BY k.claim_id"""

_HOMES = """
    SELECT incident_id, known FROM (
        SELECT incident_id, known, count(*) AS n FROM met WHERE known IS NOT NULL GROUP BY ALL)
    QUALIFY row_number() OVER (PARTITION BY incident_id ORDER BY n DESC, known) = 1"""

_TOLD = """
    SELECT count(*), count(*) FILTER (told IN (SELECT told FROM met WHERE told IS NOT NULL)) FROM told
    WHERE incident IS NOT NULL AND act = 'told'"""

_ATTRIBUTION = """
    WITH judged AS (
        SELECT CASE WHEN i.actors IS NULL OR len(i.actors) = 0 THEN 'not_said'
            WHEN list_sort(i.actors) = list_sort(t.actors) THEN 'right'
            WHEN len(list_intersect(i.actors, t.actors)) > 0 THEN 'wider' ELSE 'wrong' END AS how
        FROM homes h JOIN incidents i USING (incident_id) JOIN true_incidents t ON t.incident = h.known
        WHERE t.kind = 'real')
    SELECT how, count(*) AS n FROM judged GROUP BY how ORDER BY n DESC, how"""

# Of the incidents that hold claims of a true one, that with most of them is what was found of it.
_VERDICTS = """
    WITH of AS (
        SELECT known, incident_id FROM (SELECT known, incident_id, count(*) AS n FROM met
            WHERE known IS NOT NULL GROUP BY ALL)
        QUALIFY row_number() OVER (PARTITION BY known ORDER BY n DESC, incident_id) = 1)
    SELECT t.verdict AS t, d.verdict AS f, count(*) AS n
    FROM of JOIN true_incidents t ON t.incident = of.known JOIN determinations d USING (incident_id)
    WHERE t.kind = 'real' GROUP BY ALL ORDER BY t, n DESC, f"""

_KILLED = """
    WITH told AS (SELECT DISTINCT known FROM met WHERE known IS NOT NULL),
        real AS (SELECT * FROM true_incidents WHERE kind = 'real')
    SELECT (SELECT CAST(sum(killed) AS BIGINT) FROM real) AS "true",
        (SELECT CAST(sum(killed) AS BIGINT) FROM real JOIN told ON real.incident = told.known) AS told,
        (SELECT CAST(coalesce(sum(killed_low), 0) AS BIGINT) FROM incidents) AS least,
        (SELECT CAST(coalesce(sum(killed_best), 0) AS BIGINT) FROM incidents) AS best,
        (SELECT CASE WHEN count(*) FILTER (killed_low IS NOT NULL AND killed_high IS NULL) = 0
            THEN CAST(coalesce(sum(killed_high), 0) AS BIGINT) END FROM incidents) AS most"""

_HOLDING = """
    SELECT count(*) FILTER (t.killed >= i.killed_low
        AND (i.killed_high IS NULL OR t.killed <= i.killed_high)), count(*)
    FROM homes h JOIN incidents i USING (incident_id) JOIN true_incidents t ON t.incident = h.known
    WHERE t.kind = 'real' AND i.killed_low IS NOT NULL"""

_RUMOURS = """
    SELECT count(*), count(*) FILTER (d.verdict = 'breach')
    FROM homes h JOIN true_incidents t ON t.incident = h.known
        JOIN determinations d ON d.incident_id = h.incident_id
    WHERE t.kind <> 'real'"""


def _two(session: Session, query: str) -> tuple[int, int]:
    first, second = session.sql(query).columns
    return int(first[0].as_py()), int(second[0].as_py())


def _counts(session: Session, query: str) -> dict[str, int]:
    return {row["how"]: row["n"] for row in session.sql(query).to_pylist()}


def _marks(session: Session) -> Marks:
    """Return the marks over claims of which the truth knows what they tell."""
    table = session.sql(
        """
        SELECT dense_rank() OVER (ORDER BY incident_id) AS made, dense_rank() OVER (ORDER BY known) AS known
        FROM met WHERE known IS NOT NULL ORDER BY claim_id"""
    )
    return mark(table["made"].to_numpy(), table["known"].to_numpy())


def _changes(case: Case, found: Found, days: pa.Table) -> Changes:
    """Return the true changes of the truce over most of the country, and those found in the daily level."""
    state = case.engine.sql(
        f"""
        WITH most AS (
            SELECT day, state FROM (
                SELECT CAST(timezone('{case.folder.zone.key}', start) AS DATE) AS day, state, count(*) AS n
                FROM days GROUP BY ALL)
            QUALIFY row_number() OVER (PARTITION BY day ORDER BY n DESC, state) = 1)
        SELECT day, state, lag(state) OVER (ORDER BY day) AS before FROM most ORDER BY day""",
        days=days,
    ).to_pylist()
    true = tuple(row["day"] for row in state if row["before"] is not None and row["state"] != row["before"])
    if not state:
        return Changes((), (), ())
    series = daily(found.fused.incidents, case.folder.zone, state[0]["day"], state[-1]["day"], case.engine)
    at = tuple(each.start for each in levels(series, "incidents")[1:])
    return Changes(true, at, tuple(_nearest(when, at) for when in true))


def _nearest(when: date, found: tuple[date, ...]) -> int | None:
    off = min(((each - when).days for each in found), key=abs, default=None)
    return off if off is not None and abs(off) <= NEAR else None

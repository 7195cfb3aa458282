"""Claims and determinations as entries of the log, and back: what an outsider can count again.

An entry holds what was coded of a report, never its words: ids, codes, numbers, instants, the governorate
and coordinates rounded to the case's grid. A disc's radius is widened to hold the rounding. A null is left
out. Ids that a text made up (an undescribed actor, a named voice) are changed for public ones by the caller.

Entries are written and read set-wise, by SQL. tests/unit/test_coded.py holds the bytes against the
canonical form and reads back what was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.digests import canonical
from holdfire.engine import Engine, Session, literal
from holdfire.places import KILOMETRES_A_DEGREE
from holdfire.records.claim import CLAIM, READING
from holdfire.records.determination import DETERMINATION, Asked
from holdfire.records.incident import HARM, INCIDENT, MEMBER
from holdfire.tables import Schema


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of an entry: its key, the SQL that makes it, and the type it is read back as."""

    key: str
    made: str
    type: str


def _plain(*names: str, kind: str = "VARCHAR") -> list[_Field]:
    return [_Field(name, f'"{name}"', kind) for name in names]


def _instants() -> list[_Field]:
    up = 'CASE WHEN date_trunc(\'second\', "end") = "end" THEN "end" ELSE "end" + INTERVAL 1 SECOND END'
    return [
        _Field(key, f"strftime({moment} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')", "VARCHAR")
        for key, moment in (("start", '"start"'), ("end", up))
    ]


def _disc(grid: int) -> list[_Field]:
    """Return the rounded disc. The cell is the grid's, or as wide as the disc if that is wider."""
    cell = (
        f"CASE WHEN radius IS NULL THEN {grid} ELSE greatest({grid},"
        f" {grid} * CAST(ceil(radius / 1000 / {KILOMETRES_A_DEGREE} * 100 / {grid}) AS BIGINT)) END"
    )
    half = f"(({cell}) / 200.0 * {KILOMETRES_A_DEGREE} * 1000)"
    reach = f"CAST(ceil(radius + sqrt({half} * {half} + {half} * {half} * cos(radians(lat)) ** 2)) AS BIGINT)"
    return [
        *(
            _Field(
                f"{name}_e2", f"CAST(round_even({name} * 100 / ({cell}), 0) AS BIGINT) * ({cell})", "BIGINT"
            )
            for name in ("lat", "lon")
        ),
        _Field("radius", f"CASE WHEN lat IS NOT NULL THEN {reach} END", "BIGINT"),
    ]


def _claim(grid: int) -> list[_Field]:
    return [
        *_plain("claim_id", "report", "source", "root", "voice", "stance", "modality", "event_type"),
        *_plain("time_precision", "geo_precision", "admin1", "quantity_bound", "counting_rule"),
        *_plain("seq", "row", "quantity", *HARM, kind="BIGINT"),
        *_plain("negated", "directed", "cumulative", kind="BOOLEAN"),
        *_plain("actors", "targets", "rules", kind="VARCHAR[]"),
        _Field("kind_of", "kind", "VARCHAR"),
        _Field("chain", "list_transform(chain, lambda x: coalesce(x.source, ''))", "VARCHAR[]"),
        _Field("spans", "spans", "BIGINT[][]"),
        *_instants(),
        *_disc(grid),
    ]


def _determination(grid: int) -> list[_Field]:
    return [
        *_plain("determination_id", "incident_id", "event_type", "time_precision", "geo_precision", "admin1"),
        *_plain(
            "occurrence_strength", "attribution_strength", "coverage", "verdict", "rule", "term", "change"
        ),
        *_plain("claims", "reports", "roots", "denials", "admissions", *HARM, kind="BIGINT"),
        *_plain("occurrence_probability", "attribution_probability", kind="BIGINT"),
        *_plain("killed_least", "killed_most", kind="BIGINT"),
        *_plain("directed", "occurrence", "attribution_contested", *(a.value for a in Asked), kind="BOOLEAN"),
        *_plain("actors", "targets", "attribution", "clauses", "grades", "overruled", kind="VARCHAR[]"),
        _Field("members", "members", "VARCHAR[][]"),
        *_instants(),
        *_disc(grid),
    ]


def claim_entries(claims: pa.Table, grid: int, engine: Engine) -> pa.Table:
    """Return the entry of each claim.

    Args:
        claims: CLAIM rows whose ids are public.
        grid: Cell that coordinates are rounded to [hundredths of a degree].
        engine: How to run SQL.

    Returns:
        Columns `id` (claim id) and `content` (the entry's bytes as text), sorted by report and place in it.
    """
    written = _json("claim", _claim(grid))
    query = f"SELECT claim_id AS id, {written} AS content FROM given ORDER BY report, seq, id"
    return exact(engine.sql(query, given=claims))


def determination_entries(
    incidents: pa.Table, members: pa.Table, determinations: pa.Table, grid: int, engine: Engine
) -> pa.Table:
    """Return the entry of each determination, with its incident and the claims that are in it.

    Args:
        incidents: INCIDENT rows whose ids are public.
        members: MEMBER rows.
        determinations: DETERMINATION rows; of incidents and members, those they speak of are taken.
        grid: Cell that coordinates are rounded to [hundredths of a degree].
        engine: How to run SQL.

    Returns:
        Columns `id` (determination id) and `content`, sorted by id.
    """
    wanted = determinations["incident_id"].combine_chunks()
    incidents, members = (
        table.filter(pc.is_in(table["incident_id"], value_set=wanted)) for table in (incidents, members)
    )
    own = [c for c in DETERMINATION.names if c not in INCIDENT.names]
    query = f"""
        WITH joined AS (
            SELECT i.*, {", ".join(f'd."{name}"' for name in own)}, m.members
            FROM incidents i JOIN determinations d USING (incident_id)
            JOIN (SELECT incident_id, list([claim_id, part] ORDER BY claim_id) AS members
                  FROM members GROUP BY incident_id) m USING (incident_id))
        SELECT determination_id AS id, {_json("determination", _determination(grid))} AS content
        FROM joined ORDER BY id
    """
    return exact(engine.sql(query, incidents=incidents, members=members, determinations=determinations))


def _json(kind: str, fields: Iterable[_Field]) -> str:
    """Return SQL that writes an object in canonical form: keys sorted, nulls left out."""
    parts = [("kind", f"'\"kind\":{json.dumps(kind)}'")]
    for field in fields:
        value = f"to_json({field.made})::VARCHAR"
        parts.append((field.key, f"'\"{field.key}\":' || {value}"))
    listed = ", ".join(
        text if key == "kind" else f"CASE WHEN ({made}) IS NOT NULL THEN {text} END"
        for (key, text), made in sorted(
            zip(parts, ["", *(f.made for f in fields)], strict=True), key=lambda pair: pair[0][0]
        )
    )
    return "'{' || concat_ws(',', " + listed + ") || '}'"


def exact(table: pa.Table) -> pa.Table:
    """Return the table with every content in the canonical form of Python where SQL escapes otherwise."""
    contents: list[str] = table["content"].to_pylist()
    if any("\\u" in text for text in contents):
        contents = [canonical(json.loads(text)).decode() if "\\u" in text else text for text in contents]
        table = table.set_column(1, "content", pa.array(contents, pa.string()))
    return table


def claims(contents: pa.Table, engine: Engine) -> pa.Table:
    """Return CLAIM rows of claim entries; what the log does not hold is null.

    Args:
        contents: A column `content` of entries of kind `claim`.
        engine: How to run SQL.
    """
    link = (
        "{'source': nullif(x, ''), 'text': NULL::VARCHAR, 'span': NULL::BIGINT[],"
        " 'cues': []::BIGINT[][], 'implicit': false}"
    )
    special = {"kind": "e.kind_of", "chain": f"list_transform(e.chain, lambda x: {link})"}
    with engine.session() as session:
        _parse(session, contents, _claim(1))
        made = session.sql(_columns(CLAIM, _claim(1), special, "claim_id"))
    # SQL has no null of a struct's type; the log holds no words, so this column is empty.
    unread = pa.nulls(made.num_rows, READING)
    return CLAIM.check(made.set_column(made.schema.get_field_index("reading"), "reading", unread))


@dataclass(frozen=True)
class Determined:
    """What determination entries say, as tables: INCIDENT, MEMBER and DETERMINATION rows."""

    incidents: pa.Table
    members: pa.Table
    determinations: pa.Table


def determined(contents: pa.Table, engine: Engine) -> Determined:
    """Return the tables of determination entries; words are null.

    Args:
        contents: A column `content` of entries of kind `determination`.
        engine: How to run SQL.
    """
    fields = _determination(1)
    with engine.session() as session:
        _parse(session, contents, fields)
        tables = [
            schema.check(session.sql(_columns(schema, fields, {}, schema.key[0])))
            for schema in (INCIDENT, DETERMINATION)
        ]
        members = session.sql(
            """
            SELECT incident_id, m[1] AS claim_id, m[2] AS part
            FROM (SELECT e.incident_id AS incident_id, unnest(e.members) AS m FROM parsed)
            ORDER BY incident_id, claim_id
            """
        )
    return Determined(tables[0], MEMBER.check(members), tables[1])


def _parse(session: Session, contents: pa.Table, fields: Sequence[_Field]) -> None:
    """Make the table `parsed` of entries, each read once."""
    session.give("given", contents)
    session.make("parsed", f"SELECT json_transform(content, {literal(_structure(fields))}) AS e FROM given")


def _structure(fields: Sequence[_Field]) -> str:
    return json.dumps({f.key: f.type for f in fields})


def _columns(schema: Schema, fields: Sequence[_Field], special: Mapping[str, str], order: str) -> str:
    """Return SQL that gives the columns of a noun from `parsed`; what the log does not hold is null."""
    known = {f.key for f in fields}
    columns = []
    for column in schema.columns:
        name = column.name
        if name in special:
            made = special[name]
        elif name in ("start", "end"):
            made = f'CAST(e."{name}" AS TIMESTAMPTZ)'
        elif name in ("lat", "lon"):
            made = f"e.{name}_e2 / 100.0"
        elif name == "radius":
            made = "CAST(e.radius AS DOUBLE)"
        elif name in known:
            made = f'e."{name}"'
        else:
            made = "NULL"
        columns.append(f'{made} AS "{name}"')
    return f"SELECT {', '.join(columns)} FROM parsed ORDER BY {order}"

"""What two claims of an occurrence are compared by: whole numbers, ASCII keys and lists, made by SQL.

A claim says when, where, what, who and how many, each as finely as it can, and how fine that is stands
beside the value. What a claim does not say is null, and null weighs nothing. Distances come from three whole
numbers, metres along the axes of the Earth, so that no pair needs a sine and every engine finds the same.
Nothing here holds more of the claims in Python than their distinct place names, types and sets of actors.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from holdfire.engine import Session
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.places.naming import place_parts
from holdfire.places import EARTH, KILOMETRES_A_DEGREE
from holdfire.records.source import Repeats

NEAR = 3
"""Farthest apart in time two claims may lie to be compared [days]; also the length of a stretch of days."""

LONGEST = 35
"""Longest time of a claim that is compared [days], a month and some; a longer one fits too much."""

CELL = 0.25
"""Width of a cell [degrees of latitude]."""

SQUARE = 0.1
"""Width of a square [degrees of latitude]; it is to those placed well what a cell is to the rest."""

SPOT = 0.05
"""Width of the squares by which it is told how common a place is [degrees]."""

LEAST, MOST = 5_500, 36_000
"""Reach of a claim into the cells around it [m]: the first at least, so any two points within 11 km meet.

A place of a greater radius than the second, as a governorate, meets others by its name alone.
"""

ORDER = ("source", "seq", "start", "place", "event_type", "claim_id")
"""Columns of CLAIM by which records are numbered, what is null last."""

STEP = 3_000
"""Reach of a claim into the squares around it [m]: any two points within 6 km meet."""

_KEY = "concat_ws('|', directed, array_to_string(actors, ','), '>', array_to_string(targets, ','))"
_NAMES = pa.schema([("text", pa.string()), ("named", pa.string()), ("parts", pa.list_(pa.string()))])
_REACH = f"greatest({LEAST}, least(coalesce(radius, 0), {MOST})) / {KILOMETRES_A_DEGREE * 1000}"


def _around(width: float, up: str, along: str) -> str:
    """Return SQL for the numbers of the squares of a width [degrees] that lie within reach of a point."""
    whole = round(360 / width)  # added once, since the remainder of a negative number is negative in SQL
    return f"""flatten([
            [row_ * {whole} + (col + {whole}) % {whole} FOR col IN range(
                CAST(floor((lon + 180 - {along}) / {width}) AS BIGINT),
                CAST(floor((lon + 180 + {along}) / {width}) AS BIGINT) + 1)]
            FOR row_ IN range(
                CAST(floor((lat + 90 - {up}) / {width}) AS BIGINT),
                CAST(floor((lat + 90 + {up}) / {width}) AS BIGINT) + 1)])"""


_STEP = f"({STEP} / {KILOMETRES_A_DEGREE * 1000})"

_FEATURES = f"""
    WITH timed AS (
        SELECT *, CAST(floor(epoch(start) / 60) AS BIGINT) AS first,
            CAST(ceil(epoch("end") / 60) AS BIGINT) AS last,
            CASE WHEN lat IS NOT NULL AND lon IS NOT NULL THEN 1 END AS located
        FROM makes
    ), reaching AS (
        SELECT *, {_REACH} * located AS up, {_REACH} / greatest(0.01, cos(radians(lat))) * located AS along
        FROM timed
    )
    SELECT row_number() OVER (
            ORDER BY {", ".join(f"m.{each}" for each in ORDER)}) - 1 AS record,
        s.source, s.apart, m.claim_id,
        first, last, last - first AS span,
        CASE WHEN last - first <= 2160 THEN CAST((first + last) // 2880 AS INTEGER) END AS day,
        CAST(round({EARTH} * cos(radians(lat)) * cos(radians(lon)) * located) AS BIGINT) AS x,
        CAST(round({EARTH} * cos(radians(lat)) * sin(radians(lon)) * located) AS BIGINT) AS y,
        CAST(round({EARTH} * sin(radians(lat)) * located) AS BIGINT) AS z,
        CAST(round(radius * located) AS BIGINT) AS reach,
        CAST(floor((lat + 90) / {SPOT}) AS BIGINT) * 8192
            + CAST(floor((lon + 180) / {SPOT}) AS BIGINT) AS spot,
        CASE WHEN geo_precision IN ('district', 'governorate', 'line', 'country')
            THEN geo_precision END AS unit,
        n.named, n.parts, g.named AS area, t.type, t.means, t.family, t.generic,
        w.acts, w.sides, w.whom, w.who, w.dyad,
        civilians_low AS civil, coalesce(killed_best, killed_low, civilians_low) AS dead,
        list_filter(list_distinct([killed_low, killed_best, civilians_low]), n -> n IS NOT NULL) AS least,
        list_filter(list_distinct([killed_high, civilians_high]), n -> n IS NOT NULL) AS most,
        coalesce(injured_low, injured_high) AS injured,
        CASE WHEN m.row IS NOT NULL THEN m.report END AS sheet,
        CASE WHEN last - first <= {LONGEST * 1440} THEN range(
            (first - {NEAR * 720}) // {NEAR * 1440}, (last + {NEAR * 720}) // {NEAR * 1440} + 1) END AS times,
        CASE WHEN last - first <= {LONGEST * 1440} THEN range(
            first // 1440, greatest(last - 1, first) // 1440 + 1) END AS days,
        CASE WHEN located IS NOT NULL AND coalesce(radius, 0) <= {MOST}
            THEN {_around(CELL, "up", "along")} END AS cells,
        CASE WHEN located IS NOT NULL
            THEN {_around(SQUARE, _STEP, f"{_STEP} / greatest(0.01, cos(radians(lat)))")} END AS squares
    FROM reaching AS m JOIN publishers AS s ON s.id = m.source
        LEFT JOIN names AS n ON n.text = m.place
        LEFT JOIN names AS g ON g.text = m.admin1
        LEFT JOIN types AS t ON t.type = m.event_type
        LEFT JOIN parties AS w ON w.key = {_KEY}"""


def features(session: Session, background: Background, known: Sequence[str] = ()) -> list[str]:
    """Make the table `features` of the claims in `makes`; return the sources, in the order of their numbers.

    Records are numbered by source, then by the report's own order; ids, which hold a random salt, come last.

    Args:
        session: Holds `makes`, CLAIM rows.
        background: What is known beforehand.
        known: Sources that have a number already; others come after them.
    """
    found = session.sql("SELECT DISTINCT source FROM makes ORDER BY source")["source"].to_pylist()
    sources = [*known, *(each for each in found if each not in known)]
    apart = [background.repeats.get(each) is Repeats.DISTINCT for each in sources]
    numbers = pa.array(range(len(sources)), pa.int32())
    session.give(
        "publishers",
        pa.table(
            {"id": pa.array(sources, pa.string()), "source": numbers, "apart": pa.array(apart, pa.bool_())}
        ),
    )
    session.give("names", _names(session))
    types = session.sql("SELECT DISTINCT event_type AS t FROM makes WHERE event_type IS NOT NULL ORDER BY t")
    session.give("types", background.types(types["t"].to_pylist()))
    parties = session.sql(
        f"""SELECT {_KEY} AS key, any_value(directed) AS directed, any_value(actors) AS actors,
            any_value(targets) AS targets FROM makes GROUP BY 1 ORDER BY 1"""
    )
    session.give("parties", background.parties(parties.to_pylist()))
    session.make("features", _FEATURES)
    return [str(each) for each in sources]


def _names(session: Session) -> pa.Table:
    """Return the keys of each name of a place or a governorate."""
    texts = session.sql(
        """SELECT place AS text FROM makes WHERE place IS NOT NULL
        UNION SELECT admin1 FROM makes WHERE admin1 IS NOT NULL ORDER BY 1"""
    )["text"].to_pylist()
    found = [(text, place_parts(text)) for text in texts]
    return pa.Table.from_pylist(
        [{"text": text, "named": next(iter(parts), None), "parts": parts} for text, parts in found],
        schema=_NAMES,
    )

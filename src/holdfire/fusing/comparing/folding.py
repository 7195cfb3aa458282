"""Records that are equal in all that is compared, of one source that repeats itself, compared as one.

A thousand of them are one record told a thousand times. Each for itself they would be each other's crowd, and
what they share would look common because they share it. So two things are done before any two are compared:

* for how rare a value is, and how many records there are, equal ones count once;
* where being equal weighs enough for two to be one, all but the first are folded into it: they are compared
  with nothing, and stand wherever the first comes to stand.

Vague records that are equal are not one for that: their weight decides, as that of any two. Records of a
source that keeps its records distinct, mostly or always, are never folded. Nothing here depends on the order
of the records but which of the equal ones is the first.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from holdfire.engine import Session
from holdfire.fusing.comparing.scoring import weighing
from holdfire.fusing.comparing.terms import prepare
from holdfire.fusing.parameters import Parameters
from holdfire.fusing.profile import Profile

FOLDED = pa.schema([("record", pa.int64()), ("head", pa.int64()), ("weight", pa.int32())])
"""A record that is folded, the first that it equals, and log2 of the odds that both are one [millibits]."""


def fold(
    session: Session,
    profile: Profile,
    parameters: Parameters,
    repeating: Sequence[int],
    *,
    judged: Sequence[int] = (),
    prior: int | None = None,
) -> pa.Table:
    """Return FOLDED rows, in order of record, and make the tables and views that comparing reads.

    Those are `alike` (`record`, `head`: equal records but the first of them, folded or not), `once` (the
    features of all other records) and `single` (the features of all records that are not folded).

    Args:
        session: Holds the table `features`.
        profile: What is compared.
        parameters: What agreement weighs; two are one where that exceeds the line of its offset.
        repeating: Numbers of the sources that repeat themselves.
        judged: Records of which people decided something; they are not folded.
        prior: log2 odds of two random records [millibits]; None: as the parameters say for so many.
    """
    session.make("alike", _alike(profile, repeating))
    session.view("once", "SELECT * FROM features WHERE record NOT IN (SELECT record FROM alike)")
    session.give("folded", FOLDED.empty_table())
    if session.sql("SELECT 1 FROM alike LIMIT 1").num_rows:
        session.view("heads", "SELECT * FROM features WHERE record IN (SELECT head FROM alike)")
        counted = prepare(session, profile, parameters, "heads", once="once")
        base = parameters.prior(counted) if prior is None else prior
        session.make("same", "SELECT DISTINCT head AS a, head AS b FROM alike")
        session.make("weighed_alike", weighing("same", profile, parameters, base, 1 - parameters.offset))
        session.give("judged", pa.table({"record": pa.array(judged, pa.int64())}))
        folded = session.sql(
            """SELECT record, head, weight FROM alike JOIN weighed_alike ON a = head
            WHERE record NOT IN (SELECT record FROM judged) ORDER BY record"""
        )
        session.give("folded", folded.cast(FOLDED))
    session.view("single", "SELECT * FROM features WHERE record NOT IN (SELECT record FROM folded)")
    return session.sql("SELECT * FROM folded ORDER BY record")


def _alike(profile: Profile, repeating: Sequence[int]) -> str:
    """Return SQL for the records equal to one before them: `record`, `head`."""
    if not repeating:
        return "SELECT CAST(NULL AS BIGINT) AS record, CAST(NULL AS BIGINT) AS head WHERE false"
    # lists take longest to look at: those are only asked of records that are equal in all else
    plain = ", ".join(["source", *(n for n, kind in profile.columns.items() if not kind.endswith("[]"))])
    whole = ", ".join(["source", *profile.columns])
    among = ", ".join(str(each) for each in repeating)
    return f"""
        WITH marked AS (SELECT record, hash({plain}) AS mark FROM features WHERE source IN ({among})),
        several AS (SELECT mark FROM marked GROUP BY mark HAVING count(*) > 1),
        near AS (SELECT record FROM marked WHERE mark IN (SELECT mark FROM several)),
        found AS (SELECT record, min(record) OVER (PARTITION BY {whole}) AS head
            FROM features WHERE record IN (SELECT record FROM near))
        SELECT record, head FROM found WHERE record <> head"""

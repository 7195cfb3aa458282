"""What claims that arrive change among the pairs of a fused case, without comparing the others again.

Three things can change what is known of two claims that were there before: a value that both share became
rarer or commoner by a step; a crowded block, of which a claim meets its neighbours only, has a new one
between them; or the number of claims moved the prior, and then all pairs are weighed again. Every claim of
which the first or second is so is touched, and its pairs are found and weighed anew by the rules and the
statement of a full run, over the blocks that touched claims stand in, whole. Records are numbered there in
the order of a full run, so ties fall as they would in one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from holdfire.engine import Session
from holdfire.errors import BadInput
from holdfire.fusing.comparing.blocking import USUAL, Blocks, Bounds, key, meeting, shelve
from holdfire.fusing.comparing.scoring import weighing
from holdfire.fusing.comparing.terms import rarity, step
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.features import ORDER, features
from holdfire.fusing.incidents.fuse import FLOOR, Limits, repeating, within
from holdfire.fusing.incidents.standing import about
from holdfire.fusing.parameters import Parameters
from holdfire.fusing.profile import Profile

MOST = 30_000
"""Most claims that are touched before it is quicker to fuse all of them again."""

ROOM = 1 << 20
"""Places in the order of records before each that stands: most claims that arrive at once."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What arriving claims change. The tables `fresh`, `touched` and `paired` of the session say the rest.

    Attributes:
        sources: Sources in the order of their numbers.
        due: Why all claims must be fused again; empty: they need not.
    """

    sources: list[str]
    due: str = ""


def arrive(
    session: Session,
    background: Background,
    chosen: Profile,
    weighed: Parameters,
    limits: Limits,
    bounds: Bounds = USUAL,
) -> Arrived:
    """Find the pairs of the claims in `makes`, and of the claims they touch.

    Makes the tables `fresh` (claims that arrive: `record`, `claim_id`, `source`, `turn` and their features),
    `touched` (`record`) and `paired` (`a`, `b`, `weight`: every pair with a touched end, by record). A claim
    that arrives is numbered after all that stand; `turn` is its place in the order of a full run.

    Args:
        session: Holds `makes`, and a standing in the catalog `standing`.
        background: What is known beforehand.
        chosen: How claims are compared.
        weighed: What agreement and disagreement weigh.
        limits: How far apart two claims of one incident may lie.
        bounds: How much work crowded blocks may make.

    Raises:
        BadInput: A claim stands in the case already.
    """
    known = session.sql("SELECT id FROM standing.publishers ORDER BY source")["id"].to_pylist()
    sources = features(session, background, known)
    stands = about(session)
    count = session.sql("SELECT count(*) AS n FROM features")["n"][0].as_py()
    if stands.cut:
        return Arrived(sources, "more claims hang together than are looked at together")
    if weighed.prior(stands.counted + count) != stands.prior:
        return Arrived(sources, "there are so many more claims that the odds of any two have moved")
    session.give("positions", _positions(session))
    session.make(
        "fresh",
        f"""SELECT f.* EXCLUDE (record), f.record + {stands.records} AS record, p.turn
        FROM features AS f JOIN positions AS p USING (record)""",
    )
    if _repeated(session, chosen, repeating(sources, background)):
        return Arrived(sources, "a claim is equal in all that is compared to another of its source")
    _retell(session, chosen, weighed)
    if _refolds(session, chosen, weighed, stands.prior):
        return Arrived(sources, "whether equal claims are one for that has changed")
    if session.sql("SELECT count(*) AS n FROM touched")["n"][0].as_py() > MOST:
        return Arrived(sources, "values that many claims share have become rarer or commoner")
    blocks = _lay(session, chosen, stands.records, bounds)
    if blocks.crowded and _shift(session, bounds):
        blocks = _lay(session, chosen, stands.records, bounds)
    _weigh(session, chosen, weighed, blocks, stands.prior, limits)
    return Arrived(sources)


def _positions(session: Session) -> pa.Table:
    """Return the place of each arriving record among those that stand: `record`, `turn`."""
    columns = ", ".join(f"m.{name}" for name in ORDER)
    new = session.sql(
        f"SELECT f.record, {columns} FROM features AS f JOIN makes AS m USING (claim_id) ORDER BY 1"
    )
    names = new["claim_id"]
    session.give("arriving", pa.table({"claim_id": names}))
    both = session.sql("SELECT claim_id FROM standing.claims SEMI JOIN arriving USING (claim_id)")
    if both.num_rows or len(set(names.to_pylist())) < len(names):
        raise BadInput("a claim stands in the case already", hint="place what is not in it")
    held = session.sql("SELECT source, count(*) AS n FROM standing.claims GROUP BY source ORDER BY source")
    seqs = session.sql("SELECT seq FROM standing.claims ORDER BY record")["seq"].to_numpy()
    ends = np.cumsum([0, *held["n"].to_pylist()]).tolist()
    stretches = {source: (ends[k], ends[k + 1]) for k, source in enumerate(held["source"].to_pylist())}
    places = []
    for row in new.to_pylist():
        ahead = [end for source, (_, end) in stretches.items() if source < row["source"]]
        low, high = stretches.get(row["source"], (max(ahead, default=0), max(ahead, default=0)))
        here = seqs[low:high]
        first = low + int(np.searchsorted(here, row["seq"], "left"))
        last = low + int(np.searchsorted(here, row["seq"], "right"))
        before = first + (_ahead(session, row["claim_id"], first, last) if first < last else 0)
        places.append(before * ROOM + row["record"])
    return pa.table({"record": new["record"], "turn": pa.array(places, pa.int64())})


def _ahead(session: Session, claim: str, first: int, last: int) -> int:
    """Return how many records of a stretch, alike in source and seq, come before an arriving claim."""
    one, other = (", ".join(f"{side}.{name}" for name in ORDER) for side in ("s", "n"))
    found = session.connection.execute(
        f"""SELECT count(*) FROM standing.claims AS s, (SELECT * FROM makes WHERE claim_id = ?) AS n
        WHERE s.record >= {first} AND s.record < {last} AND row({one}) < row({other})""",
        [claim],
    ).fetchone()
    return int(found[0]) if found else 0


def _repeated(session: Session, chosen: Profile, among: list[int]) -> bool:
    """Return whether an arriving claim is equal to one of its source that stands, or that arrives with it."""
    plain = ["source", *(name for name, kind in chosen.columns.items() if not kind.endswith("[]"))]
    near = " AND ".join(f"s.{name} IS NOT DISTINCT FROM f.{name}" for name in plain)
    whole = ", ".join(["source", *chosen.columns])
    session.make("asking", f"SELECT record, {whole} FROM fresh WHERE list_contains({among}, source)")
    equals = f"""SELECT {whole} FROM asking UNION ALL SELECT {whole} FROM standing.compared WHERE record IN (
            SELECT s.record FROM standing.compared AS s JOIN asking AS f ON {near})"""
    return bool(session.sql(f"SELECT 1 FROM ({equals}) GROUP BY {whole} HAVING count(*) > 1").num_rows)


def _refolds(session: Session, chosen: Profile, weighed: Parameters, prior: int) -> bool:
    """Return whether equal claims stand apart now that were folded, or the reverse; make `refolded`.

    It holds `record` and `weight` of each touched claim with equal ones that weighs enough to be folded.
    """
    least = 1 - weighed.offset
    stands = (
        "standing.compared WHERE record IN (SELECT record FROM touched JOIN standing.alike USING (record))"
    )
    session.make("asking", f"SELECT * FROM {stands}")
    session.make("same", "SELECT record AS a, record AS b FROM asking")
    moved = [f"LEFT JOIN moved_{term} AS m_{term} ON m_{term}.value = f.{term}" for term in chosen.terms]
    steps = [f"coalesce(m_{term}.step, f.{step(term)}) AS {step(term)}" for term in chosen.terms]
    session.make("compared", f"SELECT f.* REPLACE ({', '.join(steps)}) FROM asking AS f {' '.join(moved)}")
    session.make(
        "refolded", f"SELECT a AS record, weight FROM ({weighing('same', chosen, weighed, prior, least)})"
    )
    session.make("compared", "SELECT * FROM asking")
    session.make(
        "folded_before", f"SELECT a AS record FROM ({weighing('same', chosen, weighed, prior, least)})"
    )
    both = "SELECT record FROM refolded UNION ALL SELECT record FROM folded_before"
    return bool(session.sql(f"SELECT 1 FROM ({both}) GROUP BY record HAVING count(*) = 1 LIMIT 1").num_rows)


def _retell(session: Session, chosen: Profile, weighed: Parameters) -> None:
    """Count again what arriving claims bear: `moved_T` for each term, and those `touched` by a new step."""
    touching = ["SELECT CAST(NULL AS BIGINT) AS record WHERE false"]
    for term in chosen.terms:
        session.make(
            f"moved_{term}",
            f"""WITH new AS (
                SELECT {term} AS value, count(*) AS n FROM fresh WHERE {term} IS NOT NULL GROUP BY 1),
            counted AS (
                SELECT value, coalesce(s.count, 0) + coalesce(new.n, 0) AS count, s.step AS before, new.n
                FROM standing.values_of_{term} AS s FULL JOIN new USING (value)),
            stepped AS (SELECT *, {rarity(term, weighed)} AS step FROM counted)
            SELECT value, before, step FROM stepped WHERE before IS DISTINCT FROM step OR n IS NOT NULL""",
        )
        if session.sql(f"SELECT 1 FROM moved_{term} WHERE before <> step LIMIT 1").num_rows:
            touching.append(
                f"""SELECT record FROM standing.compared
                WHERE {term} IN (SELECT value FROM moved_{term} WHERE before <> step)"""
            )
    session.make("touched", " UNION ".join(touching))


def _lay(session: Session, chosen: Profile, records: int, bounds: Bounds) -> Blocks:
    """Lay the blocks of arriving and touched records, whole; `compared` is numbered as in a full run."""
    names = ", ".join(["record", "source", "apart", *chosen.columns])
    session.make(
        "compared",
        f"""SELECT {names} FROM fresh UNION ALL
        SELECT {names} FROM standing.compared WHERE record IN (SELECT record FROM touched)""",
    )
    key(session, chosen)
    session.make("asked", "SELECT * FROM keyed")
    session.make(
        "held",
        f"""SELECT "key", record, own, rule, lacks FROM asked WHERE record >= {records} UNION ALL
        SELECT "key", record, own, rule, lacks FROM standing.keyed
        WHERE "key" IN (SELECT "key" FROM asked)""",
    )
    session.make(
        "near",
        f"""SELECT h.record AS number, CAST(row_number() OVER (ORDER BY
            coalesce(f.turn, h.record * {ROOM} + {ROOM - 1})) - 1 AS INTEGER) AS record
        FROM (SELECT DISTINCT CAST(record AS BIGINT) AS record FROM held) AS h
            LEFT JOIN fresh AS f USING (record)""",
    )
    chosen_steps = "".join(f", coalesce(m_{t}.step, s.{step(t)}) AS {step(t)}" for t in chosen.terms)
    columns = "".join(f", s.{name}" for name in chosen.columns)
    moved = " ".join(f"LEFT JOIN moved_{t} AS m_{t} ON m_{t}.value = s.{t}" for t in chosen.terms)
    steps = ", ".join(f"NULL AS {step(t)}" for t in chosen.terms)
    stood = ", ".join([names, *map(step, chosen.terms)])
    session.make(
        "compared",
        f"""SELECT n.record, n.number, s.source, s.apart{columns}{chosen_steps}
        FROM near AS n JOIN (SELECT {stood} FROM standing.compared WHERE record IN (SELECT number FROM near)
            UNION ALL SELECT {names}, {steps} FROM fresh) AS s ON s.record = n.number {moved}
        ORDER BY n.record""",
    )
    session.make(
        "keyed_here",
        """SELECT h."key", n.record, h.own, h.rule, h.lacks
        FROM held AS h JOIN near AS n ON n.number = h.record""",
    )
    for number in range(len(chosen.blocking)):
        session.view(f"keyed_{number}", f"SELECT * FROM keyed_here WHERE rule = {number}")
    session.view("keyed", "SELECT * FROM keyed_here")
    count = session.sql("SELECT count(*) AS n FROM near")["n"][0].as_py()
    return shelve(session, chosen, count, bounds)


def _shift(session: Session, bounds: Bounds) -> bool:
    """Touch what an arriving record comes to stand between in a crowded block; return whether anything.

    A pair is lost where one comes between its two, and the first of the two then stands at most `near` before
    it. A block that only now is crowded loses pairs anywhere.
    """
    session.make(
        "shifted",
        f"""WITH placed AS (SELECT c."key", c.place, n.number, f.record IS NOT NULL AS fresh
            FROM crowded AS c JOIN near AS n USING (record) LEFT JOIN fresh AS f ON f.record = n.number),
        grown AS (SELECT "key" FROM placed GROUP BY "key" HAVING bool_or(fresh)),
        filled AS (SELECT "key" FROM placed GROUP BY "key"
            HAVING bool_or(fresh) AND count(*) FILTER (NOT fresh) <= {bounds.block}),
        following AS (SELECT p.*, min(CASE WHEN fresh THEN place END) OVER (
                PARTITION BY "key" ORDER BY place ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next
            FROM placed AS p SEMI JOIN grown USING ("key"))
        SELECT DISTINCT CAST(number AS BIGINT) AS record FROM following
        WHERE NOT fresh AND (next - place <= {bounds.near} OR "key" IN (SELECT "key" FROM filled))""",
    )
    before = session.sql("SELECT count(*) AS n FROM touched")["n"][0].as_py()
    session.make("touched_too", "SELECT record FROM touched UNION SELECT record FROM shifted")
    session.make("touched", "SELECT * FROM touched_too")
    return bool(session.sql("SELECT count(*) AS n FROM touched")["n"][0].as_py() > before)


def _weigh(
    session: Session, chosen: Profile, weighed: Parameters, blocks: Blocks, prior: int, limits: Limits
) -> None:
    """Weigh every pair with a touched end: `paired`. What arrives is touched from now on."""
    session.run("INSERT INTO touched SELECT record FROM fresh")
    active = "SELECT n.record FROM near AS n JOIN touched AS t ON t.record = n.number"
    session.make("active", active)
    here = "SELECT record FROM active"
    session.make(
        "met", f"SELECT * FROM ({meeting(blocks, 0, blocks.records)}) WHERE a IN ({here}) OR b IN ({here})"
    )
    session.make("weighed", weighing("met", chosen, weighed, prior, FLOOR))
    session.make(
        "paired",
        f"""SELECT least(l.number, r.number) AS a, greatest(l.number, r.number) AS b, p.weight
        FROM ({within("weighed", limits, "compared")}) AS p
        JOIN near AS l ON l.record = p.a JOIN near AS r ON r.record = p.b ORDER BY 1, 2""",
    )

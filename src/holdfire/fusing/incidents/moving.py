"""Pairs of claims as they are, and with the dates of some sources moved by weeks, so none is of one event.

What two sources agree on when the dates of one are moved is what they agree on by chance
(training/decoys.py).
Only pairs of two sources that are moved by unlike times are looked at, moved or not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from holdfire.engine import Engine, Session
from holdfire.fusing.comparing.scoring import levels_of, pairs, side_by_side
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.features import features
from holdfire.fusing.incidents.selecting import MAKES
from holdfire.fusing.parameters import Parameters
from holdfire.fusing.profile import profile
from holdfire.fusing.training.decoys import Balance, Held, Met, balance, learnt

LEARNING = (14, -14, 21, -21)
"""By how much dates are moved [days]: weeks, since some report weekly; so far that a battle has moved on."""

HELD = (28, -28)
"""Steps that nothing is learnt from, to tell how good is what was [days]."""

STEPS = LEARNING + HELD
"""All steps [days]."""

GROUPS = 4
"""Sources are moved by none to three such steps; two that are moved alike are not compared."""

FLOOR = -12_000
"""Least weight of a pair that is looked at [millibits]."""


def met(claims: pa.Table, background: Background, engine: Engine, weights: Parameters, days: int) -> Met:
    """Return the pairs of claims of two sources, weighed, after moving sources apart by some days or more.

    Args:
        claims: CLAIM rows.
        background: How sources behave, which acts and which actors go together.
        engine: How to run SQL.
        weights: What agreement weighs.
        days: Step by which dates are moved; 0: none are.
    """
    own = profile("incident")
    with engine.session() as session:
        session.give("claims", claims)
        _move(session, days)
        features(session, background)
        found = pairs(session, own, weights, FLOOR)
        session.give("weighed", found.pairs)
        unlike = f"l.source % {GROUPS} <> r.source % {GROUPS}"
        session.make(
            "sided",
            f"""SELECT w.a, w.b, w.weight, {unlike} AS moved FROM weighed AS w
                JOIN features AS l ON l.record = w.a JOIN features AS r ON r.record = w.b""",
        )
        session.view("unlike", "SELECT a, b, weight FROM sided WHERE moved ORDER BY a, b")
        aside = session.sql("SELECT weight FROM sided WHERE NOT moved ORDER BY a, b")["weight"]
        both = side_by_side("unlike", own, more=", p.weight")
        table = session.sql(f"SELECT weight, {levels_of(own)} FROM ({both})")
    levels = {
        each.name: table[f"level_of_{each.name}"].to_numpy().astype("int64") for each in own.comparisons
    }
    return Met(table["weight"].to_numpy().astype("int64"), levels, aside.to_numpy().astype("int64"))


def _move(session: Session, days: int) -> None:
    """Make the view `makes`: sources are numbered as `features` numbers them, and moved by their group."""
    session.make("sources", f"SELECT DISTINCT source FROM claims WHERE {MAKES}")
    session.make(
        "groups", f"SELECT source, (row_number() OVER (ORDER BY source) - 1) % {GROUPS} AS steps FROM sources"
    )
    moved = ", ".join(
        f"{each} + to_days(CAST(g.steps * {days} AS INTEGER)) AS {each}" for each in ("start", '"end"')
    )
    session.view(
        "makes",
        f"""SELECT c.* REPLACE ({moved}) FROM (SELECT * FROM claims WHERE {MAKES}) AS c
            JOIN groups AS g USING (source)""",
    )


def all_met(
    claims: pa.Table, background: Background, engine: Engine, weights: Parameters
) -> tuple[Met, Sequence[Met]]:
    """Return the pairs as they are, and those of each step."""
    real, *decoys = (met(claims, background, engine, weights, days) for days in (0, *STEPS))
    return real, decoys


def learn(
    claims: pa.Table,
    background: Background,
    engine: Engine,
    first: Parameters,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[Parameters | None, Balance | None]:
    """Return what moved dates teach, and how that stands against chance at steps it was not learnt from.

    Neither: no two sources agree beyond what they agree on by chance. What is learnt is to be taken only if
    the balance says that it is better.

    Args:
        claims: CLAIM rows.
        background: How sources behave, which acts and which actors go together.
        engine: How to run SQL.
        first: What agreement weighs before.
        tell: Told how many weighings are done, and of how many.
    """
    steps = (0, *LEARNING, *HELD)
    seen: dict[int, Met] = {}
    for n, days in enumerate(steps):
        tell(n, len(steps) + 1 + len(HELD))
        seen[days] = met(claims, background, engine, first, days)
    with engine.session() as session:
        session.give("claims", claims)
        made = session.sql(f"SELECT count(*) AS n FROM claims WHERE {MAKES}")["n"][0].as_py()
    found = learnt(profile("incident"), first, seen[0], [seen[days] for days in LEARNING], made)
    if found is None:
        return None, None
    again = list[Met]()
    for n, days in enumerate((0, *HELD)):
        tell(len(steps) + n, len(steps) + 1 + len(HELD))
        again.append(met(claims, background, engine, found, days))
    before = Held(seen[0], [seen[days] for days in HELD], first.offset)
    return found, balance(before, Held(again[0], again[1:], found.offset))

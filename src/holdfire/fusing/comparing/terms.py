"""How rare each value is, in steps of half a bit, so that sharing a rare one weighs more.

The step of a value borne by `count` of N records is floor(2 log2((N + B) / (count + B c))), c being the share
that training expects and B = parameters.BORROWED records it counts for: a small case, whose records mostly
speak of the same few things, does not take its own town for common. One more record almost never moves a
value to another step; where one does, the table says so.
"""

from __future__ import annotations

from holdfire.engine import Database
from holdfire.errors import BadInput
from holdfire.fusing.parameters import BORROWED, Parameters
from holdfire.fusing.profile import Profile

STEP = 500
"""What a step weighs [millibits]."""


def step(term: str) -> str:
    """Return the column that holds the step of a term."""
    return f"step_of_{term}"


def steps(term: str, parameters: Parameters, features: str = "features") -> str:
    """Return SQL for the step of each value: columns `value` and `step`."""
    counts = (
        f"SELECT {term} AS value, count(*) AS count FROM {features} WHERE {term} IS NOT NULL GROUP BY {term}"
    )
    return f"SELECT value, {rarity(term, parameters)} AS step FROM ({counts})"


def rarity(term: str, parameters: Parameters) -> str:
    """Return SQL for the step of a value, over rows of all values with the `count` of its records."""
    borne = f"{float(BORROWED * parameters.shares[term])!r}"
    rare = f"(sum(count) OVER () + {BORROWED}) / (count + CAST({borne} AS DOUBLE))"
    # 1e-9: at an exact power of two the logarithms of two engines may fall on two sides of it
    return f"CAST(floor(2 * log2({rare}) + 1e-9) AS INTEGER)"


def prepare(
    session: Database,
    profile: Profile,
    parameters: Parameters,
    features: str = "features",
    once: str | None = None,
) -> int:
    """Make the table `compared` of the features with their steps, in order of record; return how many count.

    Args:
        session: Where the features are.
        profile: Which columns are compared.
        parameters: What training expects of the terms.
        features: Name of the table or view.
        once: Name of that of the records which count, of each that are equal one (folding.py); None: all do.

    Raises:
        BadInput: All records count, and they are not numbered from 0 without a gap.
    """
    columns = ["record", "source", "apart", *profile.columns]
    chosen = [f"f.{name}" for name in columns]
    joins = []
    for k, term in enumerate(profile.terms):
        chosen.append(f"t{k}.step AS {step(term)}")
        counted = steps(term, parameters, once or features)
        joins.append(f"LEFT JOIN ({counted}) AS t{k} ON t{k}.value = f.{term}")
    session.make(
        "compared", f"SELECT {', '.join(chosen)} FROM {features} AS f {' '.join(joins)} ORDER BY f.record"
    )
    if once:
        return int(session.sql(f"SELECT count(*) AS n FROM {once}")["n"][0].as_py())
    n, low, high = (
        session.sql("SELECT count(*), min(record), max(record) FROM compared").to_pylist()[0].values()
    )
    if n and (low, high) != (0, n - 1):
        raise BadInput(
            f"{n} records are numbered from {low} to {high}", features, f"number them 0 to {n - 1}"
        )
    return int(n)

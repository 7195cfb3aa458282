"""Pairs that people judged, as training sees them: how they compare, what they weighed, what was said.

Of the two records nothing is here but which level each comparison came to, so nothing that anyone wrote, and
no name, can pass from here into a file of parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.engine import Session
from holdfire.fusing.comparing.scoring import levels_of, side_by_side, weighing
from holdfire.fusing.parameters import Parameters
from holdfire.fusing.profile import Profile

Reals = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_ANY = -(10**9)
"""A floor that no weight lies under [millibits]."""

_SUREST = 30_000
"""Weight above which odds grow no more [millibits], as in fusing.incidents.linking."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Judged pairs, in order of their records.

    Attributes:
        levels: Of each comparison, the number of the level of each pair (pairs,).
        weight: log2 of the odds that the two are of one thing, offset and rivals taken in (pairs,) [bits].
        same: Whether people judged them so (pairs,).
    """

    levels: dict[str, Numbers]
    weight: Reals
    same: Flags

    def __len__(self) -> int:
        """Return how many pairs there are."""
        return len(self.same)

    def of(self, rows: Numbers | Flags) -> Evidence:
        """Return some of the pairs."""
        picked = {name: numbers[rows] for name, numbers in self.levels.items()}
        return Evidence(picked, self.weight[rows], self.same[rows])

    @property
    def counts(self) -> tuple[int, int]:
        """Return how many are judged one, and how many two."""
        same = int(self.same.sum())
        return same, len(self) - same


def evidence(
    session: Session,
    profile: Profile,
    parameters: Parameters,
    judged: pa.Table,
    kept: pa.Table | None = None,
    offset: int = 0,
) -> Evidence:
    """Return what judged pairs say.

    Args:
        session: Where scoring.pairs, or terms.prepare, has made the table `compared`.
        profile: How records are compared.
        parameters: What `compared` was made with.
        judged: Columns `a`, `b` (a < b, records) and `same`; pairs of one source that keeps its records
            apart are left out, for no weight joins them.
        kept: PAIRS that share what is certain, for records whose source keeps them apart; None: none do.
        offset: What is added to a weight before it is odds [millibits].
    """
    session.give("judged_given", judged)
    session.make(
        "judged",
        """SELECT g.a, g.b, g.same, l.source AS source_a, r.source AS source_b, l.apart AS apart_a,
            r.apart AS apart_b FROM judged_given AS g JOIN compared AS l ON l.record = g.a
            JOIN compared AS r ON r.record = g.b WHERE NOT (l.apart AND l.source = r.source)""",
    )
    records = int(session.sql("SELECT count(*) AS n FROM compared")["n"][0].as_py())
    query = weighing("judged", profile, parameters, parameters.prior(records), _ANY)
    session.give("judged_weighed", session.sql(query))
    seen = session.sql(f"SELECT a, b, {levels_of(profile)} FROM ({side_by_side('judged', profile)})")
    session.give("judged_levels", seen)
    found = session.sql("""SELECT j.*, w.weight, l.* EXCLUDE (a, b) FROM judged AS j
        JOIN judged_weighed AS w USING (a, b) JOIN judged_levels AS l USING (a, b) ORDER BY a, b""")
    weight = (np.asarray(found["weight"], np.float64) + offset) / 1000
    if kept is not None:
        weight = weight - np.log2(1 + _rivals(session, found, kept, offset))
    levels = {each.name: np.asarray(found[f"level_of_{each.name}"], np.int64) for each in profile.comparisons}
    return Evidence(levels, weight, np.asarray(found["same"], bool))


def _rivals(session: Session, judged: pa.Table, kept: pa.Table, offset: int) -> Reals:
    """Return the odds of the other records that either of the two might be one with (pairs,).

    As in fusing.incidents.linking: records of a source that keeps its records apart share what is certain.
    """
    numbers = session.sql("SELECT source FROM compared ORDER BY record")["source"].to_numpy()
    a, b = (np.asarray(kept[name], np.int64) for name in ("a", "b"))
    odds = np.exp2(np.minimum(np.asarray(kept["weight"], np.float64) + offset, _SUREST) / 1000)
    sources = int(numbers.max(initial=0)) + 1
    ends = np.concatenate([a * sources + numbers[b], b * sources + numbers[a]])
    met, place = np.unique(ends, return_inverse=True)
    total = np.bincount(place, np.concatenate([odds, odds]), len(met))
    own = {(x, y): o for x, y, o in zip(a.tolist(), b.tolist(), odds.tolist(), strict=True)}
    found = np.zeros(judged.num_rows)
    one, other = (judged[name].to_pylist() for name in ("a", "b"))
    for near, far, side in ((one, other, "b"), (other, one, "a")):
        sources_of, apart = (judged[f"{what}_{side}"].to_pylist() for what in ("source", "apart"))
        for k, (x, source) in enumerate(zip(near, sources_of, strict=True)):
            at = int(np.searchsorted(met, x * sources + source))
            if apart[k] and at < len(met) and met[at] == x * sources + source:
                pair = (min(x, far[k]), max(x, far[k]))
                found[k] += max(0.0, float(total[at]) - own.get(pair, 0.0))
    return found

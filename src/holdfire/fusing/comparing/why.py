"""Why one pair weighs what it weighs: each comparison's level and millibits.

The parts sum to the weight that scoring gives, exactly: both are made of parameters.weights. They are levels,
never the values compared, so they hold no name of anyone; `fusing/telling` puts them in words and draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from holdfire.engine import Session
from holdfire.errors import BadInput
from holdfire.fusing.comparing.scoring import levels_of, shared_step, side_by_side
from holdfire.fusing.comparing.terms import STEP
from holdfire.fusing.parameters import Parameters, weights
from holdfire.fusing.profile import Profile


@dataclass(frozen=True, slots=True)
class Part:
    """What one comparison adds to the weight of a pair.

    Attributes:
        comparison: Its name.
        says: What it asks.
        level: How the two stand to each other.
        weight: What that adds, whichever value they share [millibits].
        rare: What the rarity of the shared value adds to that [millibits]; 0 where the level has no term.
        term: The column whose value they share; empty: the level has none.
    """

    comparison: str
    says: str
    level: str
    weight: int
    rare: int
    term: str


@dataclass(frozen=True, slots=True)
class Why:
    """The weight of a pair and what it is made of.

    Attributes:
        a: The first record.
        b: The second.
        prior: log2 odds of two random records [millibits].
        parts: What each comparison adds, in the profile's order.
    """

    a: int
    b: int
    prior: int
    parts: tuple[Part, ...]

    @property
    def weight(self) -> int:
        """Return log2 of the odds that the two are of one thing [millibits]."""
        return self.prior + sum(part.weight + part.rare for part in self.parts)


def explain_pairs(
    session: Session, profile: Profile, parameters: Parameters, prior: int, wanted: list[tuple[int, int]]
) -> list[Why]:
    """Return why each of some pairs weighs what it weighs, whether its two records met or not.

    Args:
        session: Where scoring.pairs or terms.prepare has made the table `compared`.
        profile: How records are compared.
        parameters: What each level weighs.
        prior: log2 odds of two random records, as of scoring.Scored [millibits].
        wanted: Pairs of records, in any order.

    Raises:
        BadInput: A pair names a record that is not there.
    """
    numbers = pa.array(range(len(wanted)), pa.int64())
    ends = [pa.array([pair(each) for each in wanted], pa.int64()) for pair in (min, max)]
    session.give("wanted", pa.table({"wanted": numbers, "a": ends[0], "b": ends[1]}))
    session.make("asked", "SELECT wanted, a, b FROM wanted")
    steps = "".join(f", {shared_step(term)} AS step_of_{term}" for term in profile.terms)
    found = session.sql(
        f"SELECT DISTINCT a, b, {levels_of(profile)}{steps} FROM ({side_by_side('asked', profile)})"
    ).to_pylist()
    by_pair = {(row["a"], row["b"]): row for row in found}
    lost = sorted({each for each in wanted if (min(each), max(each)) not in by_pair})
    if lost:
        raise BadInput(f"no two records are numbered {lost[0][0]} and {lost[0][1]}", "pairs to explain")
    known = weights(profile, parameters)
    return [_why(profile, known, prior, by_pair[min(each), max(each)]) for each in wanted]


def _why(profile: Profile, known: dict[str, Any], prior: int, row: dict[str, Any]) -> Why:
    parts = []
    for comparison in profile.comparisons:
        number = row[f"level_of_{comparison.name}"]
        level, weight = comparison.levels[number], known[comparison.name][number]
        step = row.get(f"step_of_{level.term}") if weight.term is not None else None
        rare = 0 if step is None else weight.term + STEP * step - weight.plain
        parts.append(Part(comparison.name, comparison.says, level.name, weight.plain, rare, level.term))
    return Why(row["a"], row["b"], prior, tuple(parts))

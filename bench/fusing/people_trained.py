"""Train the parameters that are shipped for persons: `python -m bench.fusing.people_trained [--write]`.

On six simulated lists in Arabic, English, French, scholarly and Turkish spelling, whose truth is known. m and
u of each level are counted, of pairs of one person and of random pairs; then weights are fitted by logistic
regression to the pairs that meet, each drawn towards what was counted, because evidence between relatives is
not independent. m and u are set so that their ratios are these weights. One's own records may be trained on
with `holdfire fuse train`, which knows no truth.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy.optimize import minimize

from bench.fusing.listed import Listed, read
from holdfire.engine import Engine, Session
from holdfire.fusing.comparing.scoring import levels_of, pairs, side_by_side
from holdfire.fusing.comparing.terms import prepare
from holdfire.fusing.parameters import Odds, Parameters, Trained, compared, rounded, weights
from holdfire.fusing.people.features import features
from holdfire.fusing.people.link import told_apart
from holdfire.fusing.profile import Comparison, profile
from holdfire.worlds.lists import four_lists
from holdfire.worlds.lists_plan import SIX

FILE = Path(__file__).resolve().parents[2] / "src/holdfire/fusing/parameters/person.json"
ENTRIES = 120_000
SEED = 20
RANDOM = 1_000_000
DRAWN = 20.0
"""How strongly weights are drawn towards what was counted: as a normal prior of precision 20 [1 / nats^2]."""
LEAST = -15_000
"""Pairs that weigh less, as counted, are not fitted: they are never near the line [millibits]."""
OFFSET = 3000
"""Found best on lists of this kind: what pairs of groups may lack, since most of their pairs are found."""


def trained(listed: Listed, on: str) -> Parameters:
    """Return parameters fitted to lists whose truth is known."""
    table = features(listed.entries, listed.source, listed.distinct[listed.source])
    with Engine(threads=2, memory=4000).session() as session:
        session.give("features", table)
        counted = _counted(session, table, listed, on)
        return _fitted(session, counted, listed)


def _counted(session: Session, table: pa.Table, listed: Listed, on: str) -> Parameters:
    """Return parameters whose m and u are counted."""
    kind, count = profile("person"), len(table)
    same = listed.same
    drawn = np.random.default_rng(SEED)
    pair = drawn.integers(0, count, (RANDOM, 2))
    pair = pair[pair[:, 0] != pair[:, 1]]
    shares = {term: _share(table, term) for term in kind.terms}
    begun = Parameters(
        profile=kind.name,
        compared=compared(kind),
        partners=rounded(2 * len(same) / count),
        shares=shares,
        levels={
            each.name: [_odds(level.name, level.silent, 0.5, 0.5) for level in each.levels]
            for each in kind.comparisons
        },
        offset=OFFSET,
        trained=Trained(on=on, how="counted on known pairs, fitted by logistic regression", records=count,
                        pairs=len(same), seed=SEED),
    )  # fmt: skip
    prepare(session, kind, begun)
    seen = [_levels(session, rows) for rows in (same, np.sort(pair, axis=1))]
    levels = {}
    for each in kind.comparisons:
        loud = np.array([not level.silent for level in each.levels])
        m, u = (_shares(found[each.name], loud) for found in seen)
        levels[each.name] = [
            _odds(level.name, level.silent, a, b) for level, a, b in zip(each.levels, m, u, strict=True)
        ]
    return begun.model_copy(update={"levels": levels})


def _share(table: pa.Table, term: str) -> float:
    counts = table[term].drop_null().value_counts().field("counts").to_numpy().astype(float)
    return rounded(max(float((counts * (counts - 1)).sum() / (counts.sum() * (counts.sum() - 1))), 1e-7))


def _odds(name: str, silent: bool, m: float, u: float) -> Odds:
    return Odds(level=name) if silent else Odds(level=name, m=rounded(m), u=rounded(u))


def _shares(counts: np.ndarray, loud: np.ndarray) -> np.ndarray:
    """Return the share of each level that is not silence; a fifth of a pair is lent to each."""
    lent = (counts + 0.2) * loud
    return np.maximum(lent / lent.sum(), 1e-8)


def _levels(session: Session, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return how many pairs stand at each level of each comparison."""
    kind = profile("person")
    session.give("chosen", pa.table({"a": rows[:, 0], "b": rows[:, 1]}))
    found = session.sql(f"SELECT {levels_of(kind)} FROM ({side_by_side('chosen', kind)})")
    counts = {}
    for each in kind.comparisons:
        numbers = found[f"level_of_{each.name}"].to_numpy()
        counts[each.name] = np.bincount(numbers, minlength=len(each.levels)).astype(float)
    return counts


def _fitted(session: Session, counted: Parameters, listed: Listed) -> Parameters:
    """Return the parameters with weights fitted to the pairs that meet."""
    kind = profile("person")
    scored = pairs(session, kind, counted, LEAST)
    kept, _ = told_apart(session, kind, scored)
    session.give("chosen", kept)
    seen = session.sql(
        f"""SELECT a, b, weight, {levels_of(kind)} FROM ({side_by_side("chosen", kind)})
        JOIN chosen USING (a, b) ORDER BY a, b"""
    )
    a, b = seen["a"].to_numpy(), seen["b"].to_numpy()
    truth = (listed.person[a] == listed.person[b]).astype(float)
    columns = [
        (each, k) for each in kind.comparisons for k, level in enumerate(each.levels) if not level.silent
    ]
    met = np.ones((len(a), len(columns) + 1), np.float32)
    for at, (each, k) in enumerate(columns):
        met[:, at] = seen[f"level_of_{each.name}"].to_numpy() == k
    change = _regressed(met, seen["weight"].to_numpy() / 1000 * np.log(2), truth) / np.log(2)
    found = {each.name: np.zeros(len(each.levels)) for each in kind.comparisons}
    for at, (each, k) in enumerate(columns):
        found[each.name][k] = change[at]
    base, levels = float(change[-1]), {}
    for each in kind.comparisons:
        levels[each.name], beyond = _moved(each, counted.levels[each.name], found[each.name])
        base += beyond
    return counted.model_copy(update={"levels": levels, "partners": rounded(counted.partners * 2**base)})


def _regressed(met: np.ndarray, base: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return what to add to each weight [nats]: logistic regression from a base, drawn towards nought."""
    drawn = np.full(met.shape[1], DRAWN)
    drawn[-1] = 0

    def loss(change: np.ndarray) -> tuple[float, np.ndarray]:
        odds = base + met @ change
        chance = 1 / (1 + np.exp(-odds))
        unlikely = (np.logaddexp(0, -odds) * truth + np.logaddexp(0, odds) * (1 - truth)).sum()
        return unlikely + 0.5 * (drawn * change**2).sum(), met.T @ (chance - truth) + drawn * change

    return np.asarray(minimize(loss, np.zeros(met.shape[1]), jac=True, method="L-BFGS-B").x)


def _moved(each: Comparison, odds: list[Odds], change: np.ndarray) -> tuple[list[Odds], float]:
    """Return m and u whose ratios are the changed weights, and what that adds to the prior [bits].

    Levels that speak for and levels that speak against are scaled apart, so that both m and u sum to one.
    Where no scale does that, all weights move together, and the prior the other way.
    """
    loud = np.array([odd.m is not None for odd in odds])
    u = np.array([odd.u or 0.0 for odd in odds])
    m = np.array([(odd.m or 0.0) for odd in odds]) * 2**change
    speaks = m > u
    parts = np.array([[side[speaks].sum(), side[~speaks].sum()] for side in (u, m)])
    beyond = 0.0
    scale = np.linalg.solve(parts, [1, 1]) if abs(np.linalg.det(parts)) > 1e-9 else np.array([-1, -1])
    if (scale > 0).all():
        u, m = (side * np.where(speaks, *scale) for side in (u, m))
    else:
        beyond = float(np.log2(m.sum()))
        m = m / m.sum()
    found = [_odds(odd.level, not kept, a, b) for odd, kept, a, b in zip(odds, loud, m, u, strict=True)]
    return found, beyond


def main(given: list[str]) -> int:
    """Train, say what changed, and write the file where that is asked."""
    with tempfile.TemporaryDirectory(prefix="holdfire-bench-") as scratch:
        four_lists(ENTRIES, SEED, Path(scratch), SIX)
        on = f"six simulated lists (holdfire.worlds.lists, seed {SEED})"
        found = trained(read(Path(scratch), SIX), on)
    for name, said in weights(profile("person"), found).items():
        for odds, weight in zip(found.levels[name], said, strict=True):
            print(f"{name:12s} {odds.level:75s} {weight.plain / 1000:6.1f}")
    if "--write" in given:
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(found.text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Learn what evidence weighs on made worlds, and mark how often findings are right on others.

    python -m bench.judging.strengths [--write] [--fused] [--picture]

The weights of `src/holdfire/judging/weights.json` are learnt on the worlds of `LEARN` and marked on those of
`MARK`, which no weight has seen; both on incidents as they are and as fusing makes them. Learning is
cautious: not the mean of the presets is made small but the loss of the worst (each preset's weight grows with
its loss; Sagawa et al. 2020, ICLR, after Freund and Schapire), so a probability is that of the worlds in
which sources deserve least belief, and elsewhere findings are right more often than it says. No kind of
evidence for may count against, or the reverse, and none weighs more than `MOST`. A probability of attribution
is learnt on what happened: it says who did it, if it was done.

--write keeps the weights, --fused marks findings on incidents as fusing makes them too, --picture marks one
world of each preset and draws docs/understand/strengths.svg.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.optimize import minimize

from bench.judging.worlds import ANSWERS, PRESETS, Told, make
from holdfire.engine import Engine, Session
from holdfire.judging import evidence
from holdfire.judging.harm import LEVEL, MANY
from holdfire.judging.heard import actor_table, source_table
from holdfire.judging.overruling import give_overruled
from holdfire.judging.weights import Margins, Weights, weights

OUT = Path(__file__).resolve().parents[2] / "src/holdfire/judging/weights.json"
LEARN, MARK = (8101, 8102, 8103), (8201, 8202, 8203)
"""Seeds of the worlds; no test makes worlds of the first."""

RECORDS = 6_000
MOST = 3.0
"""Most that one kind of evidence weighs [nats]: one in twenty of anything is misread."""

LITTLE = 0.5
"""Most that the word of a party about the other weighs [nats]: it is self-serving, here and elsewhere."""

SHARE = 100
"""By how much figures of many are widened besides [thousandths]: they are rounded to tens. Not learnt:
in made worlds few acts kill many, so that there a large figure is often a slip of ten times too many."""

ROUNDS, STEP = 40, 0.7
"""Of the weighing of presets by their loss."""

AGAINST = (
    "denied",
    "denied_freely",
    "denied_by_graded",
    "free_against",
    "admitted_against",
    "accusing_against",
)
PARTIES = ("sides_1", "sides_2", "denied", "accusing_against")
Floats = npt.NDArray[np.float64]


@contextmanager
def weighed(told: Told, members: pa.Table, by: Weights, threads: int = 2) -> Iterator[Session]:
    """Give a session in which a world's evidence is weighed; `answers` has what is true."""
    with Engine(threads, 2048).session() as session:
        session.give("claims", told.claims)
        session.give("members", members)
        session.give("truth", told.truth)
        session.give("sources", source_table(told.sources))
        session.give("actor_ids", actor_table(told.actors))
        give_overruled(session, ())
        evidence.weigh(session, by)
        session.make("answers", ANSWERS)
        session.make("truly", _TRULY)
        yield session


_TRULY = """
    WITH own AS (SELECT DISTINCT true_who, unnest(true_who) AS one FROM answers)
    SELECT o.true_who, list_distinct(flatten(list(a.over))) AS true_over
    FROM own o JOIN actor_ids a ON a.id = o.one GROUP BY o.true_who"""
"""Those who did it, and what they belong to: a wider label is right."""


def rightly(who: str) -> str:
    """Return SQL: whether a set of actors holds one who did it, or what they belong to."""
    return f"coalesce(list_has_any({who}, true_over), false)"


@dataclass(frozen=True)
class Seen:
    """Kinds of evidence (findings, kinds + 1) with a one in front, and whether each finding is right."""

    kinds: Floats
    right: Floats


def occurrences(session: Session) -> Seen:
    """Return the evidence that each incident happened."""
    asked = ", ".join(f"CAST({sql} AS DOUBLE) AS {name}" for name, sql in evidence.OCCURRENCE.items())
    found = session.sql(
        f"""WITH counted AS ({evidence.COUNTED})
        SELECT CAST(1 AS DOUBLE) AS one, {asked}, CAST(true_happened AS DOUBLE) AS y
        FROM counted JOIN answers USING (incident_id) ORDER BY incident_id"""
    )
    return _seen(found)


def attributions(session: Session) -> Seen:
    """Return the evidence for each set of actors named for what happened."""
    asked = ", ".join(f"CAST({sql} AS DOUBLE) AS {name}" for name, sql in evidence.ATTRIBUTION.items())
    found = session.sql(
        f"""WITH {evidence.SETS}
        SELECT CAST(1 AS DOUBLE) AS one, {asked}, CAST({rightly("who")} AS DOUBLE) AS y
        FROM counted JOIN known_sets USING (named_as) JOIN answers USING (incident_id)
        LEFT JOIN truly USING (true_who) WHERE true_directed AND true_happened ORDER BY incident_id, who"""
    )
    return _seen(found)


def _seen(found: pa.Table) -> Seen:
    columns = [found[name].to_numpy() for name in found.column_names]
    return Seen(np.stack(columns[:-1], axis=1), columns[-1])


def learn(by_preset: Mapping[str, list[Seen]], names: list[str]) -> dict[str, int]:
    """Return what each kind of evidence weighs [thousandths of a nat]."""
    seen = {
        p: Seen(np.concatenate([e.kinds for e in each]), np.concatenate([e.right for e in each]))
        for p, each in by_preset.items()
    }
    shares = dict.fromkeys(seen, 1 / len(seen))
    kinds = np.concatenate([e.kinds for e in seen.values()])
    right = np.concatenate([e.right for e in seen.values()])
    bounds = [(None, None), *(_bounds(name) for name in names)]
    found = np.zeros(len(names) + 1)
    for _ in range(ROUNDS):
        each = np.concatenate([np.full(len(e.right), shares[p] / len(e.right)) for p, e in seen.items()])
        found = minimize(_loss, found, (kinds, right, each), jac=True, bounds=bounds, method="L-BFGS-B").x
        for p, e in seen.items():
            shares[p] *= float(
                np.exp(STEP * _loss(found, e.kinds, e.right, np.full(len(e.right), 1 / len(e.right)))[0])
            )
        whole = sum(shares.values())
        shares = {p: share / whole for p, share in shares.items()}
    return dict(zip(["prior", *names], (int(n) for n in np.round(found * 1000)), strict=True))


def _bounds(name: str) -> tuple[float, float]:
    most = LITTLE if name in PARTIES else MOST
    return (-most, 0) if name in AGAINST else (0, most)


def _loss(weights: Floats, kinds: Floats, right: Floats, each: Floats) -> tuple[float, Floats]:
    odds = kinds @ weights
    loss = (each * (np.logaddexp(0, odds) - right * odds)).sum() + 1e-5 * (weights[1:] ** 2).sum()
    slope = kinds.T @ (each * (1 / (1 + np.exp(-odds)) - right))
    return float(loss), slope + 2e-5 * np.r_[0, weights[1:]]


def margins(tolls: Mapping[str, list[pa.Table]]) -> dict[str, Margins]:
    """Return the least margins by which intervals of deaths hold the truth in every preset.

    Args:
        tolls: For each preset, of what happened: kind, low, high (null: no upper end), dead.
    """
    found = {}
    for kind in ("one", "several", "parties"):
        rows = {
            p: [r for t in tables for r in t.to_pylist() if r["kind"] == kind] for p, tables in tolls.items()
        }
        people = next(
            n for n in range(9) if _least({p: _few(r) for p, r in rows.items()}, n, 0) >= LEVEL / 100
        )
        found[kind] = Margins(share=SHARE, people=people)
    return found


def _few(rows: list[dict[str, int]]) -> list[dict[str, int]]:
    return [r for r in rows if r["low"] < MANY]


def _least(by_preset: Mapping[str, list[dict[str, int]]], people: int, share: int) -> float:
    held = [
        np.mean([_holds(r, people, share) for r in rows]) for rows in by_preset.values() if len(rows) >= 50
    ]
    return float(min(held, default=1.0))


def _holds(row: Mapping[str, int], people: int, share: int) -> bool:
    def margin(figure: int) -> int:
        return people + (-(-figure * share // 1000) if figure >= MANY else 0)

    low, high = row["low"], row["high"]
    return low - margin(low) <= row["dead"] and (high is None or row["dead"] <= high + margin(high))


def learnt(worlds: Mapping[tuple[str, int], Told]) -> Weights:
    """Return the weights that these worlds teach."""
    given = weights()
    bare = Weights(
        made="", occurrence=given.occurrence, attribution=given.attribution,
        killed={name: Margins(share=0, people=0) for name in ("one", "several", "parties")},
    )  # fmt: skip
    happened: dict[str, list[Seen]] = {}
    named: dict[str, list[Seen]] = {}
    tolls: dict[str, list[pa.Table]] = {}
    for (preset, _), told in worlds.items():
        for name, members in ((preset, told.true), (f"{preset}, fused", told.fused)):
            with weighed(told, members, bare) as session:
                happened.setdefault(name, []).append(occurrences(session))
                named.setdefault(name, []).append(attributions(session))
                tolls.setdefault(name, []).append(session.sql(_TOLLS))
    return Weights(
        made=f"python -m bench.judging.strengths --write: made worlds of {RECORDS} records, seeds"
        f" {', '.join(str(seed) for seed in LEARN)}, presets {', '.join(PRESETS)}",
        occurrence=learn(happened, list(evidence.OCCURRENCE)),
        attribution=learn(named, list(evidence.ATTRIBUTION)),
        killed=margins(tolls),
    )


_TOLLS = """
    SELECT kind, killed_least AS low, killed_most AS high, true_killed AS dead
    FROM dead JOIN answers USING (incident_id)
    WHERE true_happened AND true_killed IS NOT NULL ORDER BY incident_id"""

FINDINGS = f"""
    SELECT incident_id, occurrence, occurrence_strength, occurrence_probability, true_happened AS happened,
        attribution_strength, attribution_probability, contested, true_directed AS directed,
        attribution IS NOT NULL AND true_who IS NOT NULL AS named, {rightly("attribution")} AS rightly,
        killed_least, killed_most, true_killed AS dead
    FROM happened JOIN answers USING (incident_id) LEFT JOIN authors USING (incident_id)
    LEFT JOIN dead USING (incident_id) LEFT JOIN truly USING (true_who) ORDER BY incident_id"""
"""SQL over `weighed`: each finding beside the truth."""


@dataclass(frozen=True)
class Mark:
    """How often findings are right: of each strength, counts (findings, right)."""

    occurrence: dict[str, tuple[int, int]]
    attribution: dict[str, tuple[int, int]]
    killed: tuple[int, int]
    points: dict[str, list[tuple[int, bool]]]


def mark(told: Told, members: pa.Table, by: Weights) -> Mark:
    """Mark the findings on one world.

    An occurrence is right if it happened, an attribution if one of its set did it (or belongs to it) and it
    happened, an interval of deaths if it holds the number.
    """
    with weighed(told, members, by) as session:
        rows = session.sql(FINDINGS).to_pylist()
    happened: dict[str, list[bool]] = {}
    named: dict[str, list[bool]] = {}
    points: dict[str, list[tuple[int, bool]]] = {"occurrence": [], "attribution": []}
    for row in rows:
        happened.setdefault(row["occurrence_strength"], []).append(row["happened"])
        points["occurrence"].append((row["occurrence_probability"], row["happened"]))
        if row["named"] and row["directed"]:
            named.setdefault(row["attribution_strength"], []).append(row["rightly"] and row["happened"])
            if row["happened"]:
                points["attribution"].append((row["attribution_probability"], row["rightly"]))
    spans = [r for r in rows if r["killed_least"] is not None and r["happened"] and r["dead"] is not None]
    held = sum(
        r["killed_least"] <= r["dead"] and (r["killed_most"] is None or r["dead"] <= r["killed_most"])
        for r in spans
    )
    count = {"o": happened, "a": named}
    summed = {k: {s: (len(v), sum(v)) for s, v in sorted(d.items())} for k, d in count.items()}
    return Mark(summed["o"], summed["a"], (len(spans), held), points)


def lines(name: str, found: Mark) -> Iterator[str]:
    """Yield a mark as lines for a person."""
    for what, counts in (("occurrence", found.occurrence), ("attribution", found.attribution)):
        told = "; ".join(
            f"{word.replace('_', ' ')} {right / n:.3f} of {n:,}" for word, (n, right) in counts.items()
        )
        yield f"{name:15} {what:12} {told}"
    n, held = found.killed
    yield f"{name:15} {'killed':12} {held / max(1, n):.3f} of {n:,} intervals hold"


def together(marks: list[Mark]) -> Mark:
    """Return several marks as one."""

    def summed(which: str) -> dict[str, tuple[int, int]]:
        words = sorted({word for m in marks for word in getattr(m, which)})
        each = {w: [getattr(m, which).get(w, (0, 0)) for m in marks] for w in words}
        return {w: (sum(n for n, _ in e), sum(r for _, r in e)) for w, e in each.items()}

    points = {k: [p for m in marks for p in m.points[k]] for k in ("occurrence", "attribution")}
    killed = (sum(m.killed[0] for m in marks), sum(m.killed[1] for m in marks))
    return Mark(summed("occurrence"), summed("attribution"), killed, points)


def main(given: list[str]) -> None:
    """Learn if asked to, and mark."""
    fused = "--fused" in given
    with tempfile.TemporaryDirectory(prefix="holdfire-") as scratch:
        if "--write" in given:
            seen = {
                (p, s): make(p, s, RECORDS, Path(scratch) / f"{p}-{s}", fused=True)
                for p in PRESETS
                for s in LEARN
            }
            found = learnt(seen)
            OUT.write_text(json.dumps(found.model_dump(), indent=1) + "\n", encoding="utf-8")
            weights.cache_clear()
        by, marks, seeds = weights(), [], MARK[:1] if "--picture" in given else MARK
        for preset in PRESETS:
            worlds = [make(preset, s, RECORDS, Path(scratch) / f"{preset}-{s}", fused=fused) for s in seeds]
            here = together([mark(w, w.true, by) for w in worlds])
            marks.append(here)
            print(*lines(preset, here), sep="\n", flush=True)
            if fused:
                print(
                    *lines(f"{preset}, fused", together([mark(w, w.fused, by) for w in worlds])),
                    sep="\n",
                    flush=True,
                )
        whole = together(marks)
        print(*lines("all", whole), sep="\n")
        if "--picture" in given:
            from bench.judging.picture import draw

            draw(whole.points)


if __name__ == "__main__":
    main(sys.argv[1:])

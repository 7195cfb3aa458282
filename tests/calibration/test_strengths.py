"""Words of strength keep what they promise on made worlds whose truth is known, and copies count once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from bench.judging.strengths import Mark, mark, together, weighed
from bench.judging.worlds import Told, make

from holdfire.counting.agreeing import wilson
from holdfire.judging import copying
from holdfire.judging.weights import Weights, weights

SEEDS = (71, 72)
RECORDS = 1_500


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Told]]:
    folder = tmp_path_factory.mktemp("worlds")
    return {
        preset: [make(preset, seed, RECORDS, folder / f"{preset}-{seed}") for seed in SEEDS]
        for preset in ("capital", "famine-road", "disengagement")
    }


@pytest.fixture(scope="module")
def marks(told: dict[str, list[Told]]) -> dict[str, Mark]:
    return {p: together([mark(w, w.true, weights()) for w in each]) for p, each in told.items()}


def share(counted: tuple[int, int]) -> float:
    return counted[1] / counted[0]


def test_one_error_told_twice_by_a_copier_is_no_high_probability(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One dataset copies another and cites it half the time; with fused incidents, as cases have them."""
    worlds = [make("famine-road", s, 6_000, tmp_path / str(s), fused=True) for s in (91, 92, 93)]

    def found() -> tuple[int, int]:
        marked = together([mark(w, w.fused, weights()) for w in worlds])
        return marked.attribution["highly_probable"]

    ours = found()
    monkeypatch.setattr(copying, "_COPYING", "SELECT '' AS one, '' AS other WHERE false")
    control = found()
    assert share(ours) >= 0.95
    assert ours[0] >= 40
    assert wilson(control[1], control[0])[1] < 0.95, "counted twice, it breaks its promise"


@pytest.mark.parametrize("preset", ["capital", "famine-road", "disengagement"])
@pytest.mark.parametrize("question", ["occurrence", "attribution"])
def test_words_keep_their_promise_where_rumours_are_many(
    marks: dict[str, Mark], preset: str, question: str
) -> None:
    counted = getattr(marks[preset], question)
    n, right = counted["highly_probable"]
    assert n >= 40
    # A few dozen in each world: that they keep the promise must not be ruled out; together they keep it.
    assert wilson(right, n)[1] >= 0.95
    assert share(counted["probable"]) >= 0.75
    assert share(getattr(together([*marks.values()]), question)["highly_probable"]) >= 0.95


def test_the_rule_by_hand_alone_breaks_it(told: dict[str, list[Told]]) -> None:
    """The control: with a probability that is always high, two tellers of a rumour are called probable."""
    sure = dict.fromkeys(weights().occurrence, 0) | {"prior": 9_000}
    blind = Weights(made="none", occurrence=sure, attribution=weights().attribution, killed=weights().killed)
    [capital] = [together([mark(w, w.true, blind) for w in told["capital"]])]
    ours = together([mark(w, w.true, weights()) for w in told["capital"]])
    assert share(capital.occurrence["probable"]) < share(ours.occurrence["probable"])
    weak = capital.occurrence["probable"][0] - ours.occurrence["probable"][0]
    right = capital.occurrence["probable"][1] - ours.occurrence["probable"][1]
    assert right / weak < 0.75


def test_intervals_of_deaths_hold_the_truth_at_their_level(marks: dict[str, Mark]) -> None:
    for found in marks.values():
        n, held = found.killed
        assert n > 200
        assert held / n >= 0.9


def test_the_same_whatever_the_number_of_threads(told: dict[str, list[Told]]) -> None:
    [one, _] = told["capital"]
    found = []
    for threads in (1, 3):
        with weighed(one, one.true, weights(), threads) as session:
            found.append(
                [
                    session.sql(f"SELECT * FROM {t} ORDER BY incident_id")
                    for t in ("happened", "authors", "dead")
                ]
            )
    assert all(a.equals(b) for a, b in zip(*found, strict=True))


def voted(reports: np.ndarray, rounds: int) -> np.ndarray:  # type: ignore[type-arg]
    """Return what is so by Dawid and Skene's EM over reporters (questions, reporters) of yes and no.

    No rounds is the majority.
    """
    belief = reports.mean(axis=1)
    for _ in range(rounds):
        right = ((belief[:, None] * reports + (1 - belief[:, None]) * (1 - reports)).mean(axis=0)).clip(
            0.01, 0.99
        )
        odds = np.log(right / (1 - right))
        belief = 1 / (1 + np.exp(-((2 * reports - 1) @ odds)))
    return np.asarray(belief > 0.5)


def named(reports: np.ndarray, roots: list[str]) -> np.ndarray:  # type: ignore[type-arg]
    """Return what is so by our weighing: a question is an incident, a report a claim that names a side."""
    from holdfire.records.claim import CLAIM
    from holdfire.records.source import Affiliation, Source

    questions, reporters = reports.shape
    rows = [
        {
            "claim_id": f"c-{q:04}-{r}", "report": f"{r:064x}", "seq": q, "source": f"s{r}", "root": roots[r],
            "chain": [], "kind": "reported", "stance": "asserts", "modality": "actual", "negated": False,
            "event_type": "attack.shelling", "actors": ["north" if reports[q, r] else "south"],
            "directed": True, "time_precision": "day", "geo_precision": "town", "cumulative": False,
            "spans": [], "rules": [],
        }
        for q in range(questions)
        for r in range(reporters)
    ]  # fmt: skip
    claims = CLAIM.table(rows)
    members = pa.table(
        {
            "incident_id": [f"i-{q:04}" for q in range(questions) for _ in range(reporters)],
            "claim_id": claims["claim_id"],
            "part": ["supports"] * len(rows),
        }
    )
    sources = {f"s{r}": Source(id=f"s{r}", name={}, affiliation=Affiliation.MEDIA) for r in range(reporters)}
    world = Told(claims, sources, {}, _nothing(claims), members, members)
    with weighed(world, members, weights()) as session:
        found = session.sql(
            "SELECT incident_id, arg_max(who[1], (chance, who[1])) AS who FROM named GROUP BY 1 ORDER BY 1"
        )
    return np.array([each == "north" for each in found["who"].to_pylist()])


def _nothing(claims: pa.Table) -> pa.Table:
    return pa.table(
        {
            "claim_id": claims["claim_id"],
            "act": pa.nulls(len(claims), pa.int64()),
            "part": pa.array([False] * len(claims)),
            "happened": pa.array([True] * len(claims)),
            "who": pa.nulls(len(claims), pa.list_(pa.string())),
            "killed": pa.nulls(len(claims), pa.int64()),
            "directed": pa.array([True] * len(claims)),
        }
    )


def test_copiers_of_one_poor_wire_outvote_no_one() -> None:
    """Three good sources and a poor wire; four copiers follow the wire. Voting over reports falls for it."""
    chance = np.random.default_rng(7)
    truth = chance.random(600) < 0.5
    good = [np.where(chance.random(600) < 0.78, truth, ~truth) for _ in range(3)]
    wire = np.where(chance.random(600) < 0.55, truth, ~truth)
    copies = [np.where(chance.random(600) < 0.97, wire, ~wire) for _ in range(4)]
    reports = np.stack([*good, wire, *copies], axis=1).astype(int)
    alone = ["source:s0", "source:s1", "source:s2", *(f"source:s{n}" for n in range(3, 8))]
    grouped = ["source:s0", "source:s1", "source:s2", *["source:s3"] * 5]

    def accuracy(found: np.ndarray) -> float:  # type: ignore[type-arg]
        return float((found == truth).mean())

    without = accuracy(voted(reports[:, :4], 20))
    assert without > 0.83
    assert accuracy(voted(reports, 0)) < 0.65
    assert accuracy(voted(reports, 20)) < 0.65
    assert accuracy(named(reports, alone)) < 0.7  # the control: we too would fall, not knowing who copies
    assert accuracy(named(reports, grouped)) > without - 0.05

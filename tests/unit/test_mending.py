"""Weights move as far as judged pairs bear out, and are refused where they do no better."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

import recounting
from holdfire.engine import Engine
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.parameters import Odds, Parameters, read_parameters, weights
from holdfire.fusing.training.evidence import Evidence, evidence
from holdfire.fusing.training.mending import SHOWN, Moves, mended, moves, score
from holdfire.fusing.training.proving import prove, told, too_few

ENGINE = Engine(2, 1024)
PROFILE = recounting.made_up()


def wrong() -> Parameters:
    """Return parameters that hardly heed the number of dead, and take one event for likelier than it is."""
    good = recounting.plain_parameters()
    m = (None, 0.3, 0.2, 0.5)
    killed = [Odds(level=o.level, m=a, u=o.u) for o, a in zip(good.levels["killed_"], m, strict=True)]
    return good.model_copy(update={"levels": {**good.levels, "killed_": killed}, "partners": 8.0})


@pytest.fixture(scope="module")
def seen() -> Evidence:
    """Return the evidence of 900 pairs, drawn evenly over weights as an audit draws them."""
    features, event = recounting.events(4000, 3)
    with ENGINE.session() as session:
        session.give("features", features)
        kept = pairs(session, PROFILE, wrong(), -6000).pairs
        a, b = np.asarray(kept["a"]), np.asarray(kept["b"])
        weight = np.asarray(kept["weight"])
        draw = np.random.default_rng(1)
        strata = np.clip(weight // 2000, -4, 4)
        picked = np.concatenate([draw.permutation(np.flatnonzero(strata == s))[:100] for s in range(-4, 5)])
        judged = pa.table({"a": a[picked], "b": b[picked], "same": event[a[picked]] == event[b[picked]]})
        found = evidence(session, PROFILE, wrong(), judged)
        mixed = evidence(session, PROFILE, wrong(), judged.take(draw.permutation(len(judged))))
    assert np.array_equal(found.weight, mixed.weight), "the order in which pairs were judged changes nothing"
    return found


def some(seen: Evidence, count: int, seed: int) -> tuple[Evidence, Evidence]:
    """Return so many of the pairs, and the others."""
    order = np.random.default_rng(seed).permutation(len(seen))
    return seen.of(order[:count]), seen.of(order[count:])


@pytest.mark.parametrize("count", [100, 300])
def test_others_are_told_better_over_many_seeds(seen: Evidence, count: int) -> None:
    before, after = [], []
    for seed in range(12):
        judged, others = some(seen, count, seed)
        before.append(told(others.weight, others))
        after.append(told(score(others, moves(PROFILE, wrong(), judged)), others))
    assert np.mean([x.cost for x in after]) < np.mean([x.cost for x in before]) - 0.05
    assert np.mean([x.error for x in after]) < np.mean([x.error for x in before])
    assert all(b.cost < a.cost for a, b in zip(before, after, strict=True))


def test_mended_parameters_weigh_what_the_moves_say(seen: Evidence) -> None:
    found = moves(PROFILE, wrong(), some(seen, 300, 0)[0])
    made = mended(PROFILE, wrong(), found, 4000)
    assert read_parameters(made.text(), PROFILE) == made, "m and u are probabilities that sum to one"
    before, after = weights(PROFILE, wrong()), weights(PROFILE, made)
    for name, added in found.levels.items():
        for k, each in enumerate(added):
            assert abs(after[name][k].plain - before[name][k].plain - each) <= 1, (name, k)
    assert abs(made.prior(4000) - wrong().prior(4000) - found.prior) <= 1
    assert made.prior(8000) == made.prior(4000) - 1000, "twice as many records, half the chance"


def test_a_level_that_few_pairs_show_keeps_its_odds(seen: Evidence) -> None:
    judged = some(seen, 300, 0)[0]
    found = moves(PROFILE, wrong(), judged)
    for each in PROFILE.comparisons:
        shown = np.bincount(judged.levels[each.name], minlength=len(each.levels))
        for k, level in enumerate(each.levels):
            assert found.kept[each.name][k] == (level.silent or shown[k] < SHOWN)
            assert not (found.kept[each.name][k] and found.levels[each.name][k])


def test_from_few_pairs_only_the_prior_moves(seen: Evidence) -> None:
    found = moves(PROFILE, wrong(), some(seen, 60, 0)[0])
    assert found.prior < -500, "an event was taken for likelier than it is"
    assert not any(any(each) for each in found.levels.values())
    made = mended(PROFILE, wrong(), found, 4000)
    assert made.levels == wrong().levels
    assert made.partners < wrong().partners


def test_what_tells_others_better_is_taken_and_shuffled_labels_never(seen: Evidence) -> None:
    taken = shuffled_taken = cheaper = 0
    for seed in range(20):
        judged = some(seen, 200, seed)[0]
        taken += prove(PROFILE, judged, {"now": (wrong(), judged)}, seed).better
        same = np.random.default_rng(seed).permutation(judged.same)
        shuffled = Evidence(judged.levels, judged.weight, same)
        proof = prove(PROFILE, shuffled, {"now": (wrong(), shuffled)}, seed)
        cheaper += proof.after.cost < proof.before.cost
        shuffled_taken += proof.better
        assert proof.better or proof.why
    assert taken == 20
    assert shuffled_taken == 0
    assert cheaper == 20, "cost alone would have taken them: even odds of all tell chance labels well"


def test_weights_that_are_right_already_are_left(seen: Evidence) -> None:
    """What was learnt from all pairs is hardly bettered by what a part of them teaches."""
    all_of = moves(PROFILE, wrong(), seen)
    right = mended(PROFILE, wrong(), all_of, 4000)
    again = Evidence(seen.levels, score(seen, all_of), seen.same)
    found = [
        prove(PROFILE, some(again, 150, seed)[0], {"now": (right, some(again, 150, seed)[0])}).better
        for seed in range(12)
    ]
    assert sum(found) <= 2


def test_the_start_that_tells_held_out_pairs_best_is_chosen(seen: Evidence) -> None:
    judged = some(seen, 300, 1)[0]
    blind = Evidence(judged.levels, np.zeros(len(judged)), judged.same)
    flat = {
        name: [o if o.m is None else o.model_copy(update={"m": o.u}) for o in levels]
        for name, levels in wrong().levels.items()
    }
    knows_nothing = wrong().model_copy(update={"levels": flat})
    starts = {"first": (knows_nothing, blind), "second": (wrong(), judged)}
    assert prove(PROFILE, judged, starts).start == "second"
    assert prove(PROFILE, judged, {"first": (wrong(), judged), "same": (wrong(), judged)}).start == "first"


@pytest.mark.parametrize(("same", "different", "few"), [(29, 0, True), (25, 9, True), (15, 15, False)])
def test_too_few_are_told(same: int, different: int, few: bool) -> None:
    labels = np.array([True] * same + [False] * different)
    assert bool(too_few(Evidence({}, np.zeros(len(labels)), labels))) is few


def test_labels_that_part_perfectly_move_nothing_far() -> None:
    n = 120
    levels = {each.name: np.zeros(n, np.int64) for each in PROFILE.comparisons}
    levels["what"] = np.arange(n) % 2
    found = moves(PROFILE, wrong(), Evidence(levels, np.zeros(n), levels["what"] == 0))
    assert isinstance(found, Moves)
    assert max(abs(each) for each in found.levels["what"]) < 6000


def test_records_of_a_source_that_keeps_them_apart_share_what_is_certain() -> None:
    """Of two that fit equally well neither is surer than even odds; records told apart are in no evidence."""
    features, _ = recounting.events(600, 5, apart=True)
    with ENGINE.session() as session:
        session.give("features", features)
        kept = pairs(session, PROFILE, wrong(), -20000).pairs
        rows = sorted(zip(*(kept[name].to_pylist() for name in ("a", "b")), strict=True))
        source = session.sql("SELECT source FROM features ORDER BY record")["source"].to_pylist()
        judged = pa.table({"a": [a for a, _ in rows], "b": [b for _, b in rows], "same": [True] * len(rows)})
        alone = evidence(session, PROFILE, wrong(), judged)
        shared = evidence(session, PROFILE, wrong(), judged, kept)
        odds = dict(zip(rows, np.exp2(alone.weight), strict=True))
        for k, (a, b) in enumerate(rows[:40]):
            rivals = sum(
                o
                for (x, y), o in odds.items()
                if (x, y) != (a, b)
                and any(
                    near in (x, y) and source[far] == source[y if x == near else x]
                    for near, far in ((a, b), (b, a))
                )
            )
            assert shared.weight[k] == pytest.approx(np.log2(odds[a, b] / (1 + rivals)), abs=1e-6)
        one = pa.table({"a": [0], "b": [1], "same": [True]})
        assert source[0] == source[1]
        assert len(evidence(session, PROFILE, wrong(), one)) == 0

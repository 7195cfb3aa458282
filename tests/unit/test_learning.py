"""Training finds m and u near the truth, the same bytes each time; Splink's own predict weighs as we do."""

from __future__ import annotations

import functools

import numpy as np
import pyarrow as pa
import pytest

import recounting
from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.fusing.comparing.scoring import Scored, pairs
from holdfire.fusing.comparing.why import explain_pairs
from holdfire.fusing.parameters import Parameters, read_parameters
from holdfire.fusing.profile import Profile
from holdfire.fusing.training.learning import learn, partners, solve_prior, train
from holdfire.fusing.training.model import linker, model

ENGINE = Engine(2, 1024)


@functools.cache
def world() -> tuple[pa.Table, np.ndarray]:
    return recounting.events(6000, 21)


@functools.cache
def trained() -> Parameters:
    return train(world()[0], recounting.made_up(), "made-up records", 1, ENGINE)


def scored(parameters: Parameters, profile: Profile | None = None, floor: int = -5000) -> Scored:
    with ENGINE.session() as session:
        session.give("features", world()[0])
        return pairs(session, profile or recounting.made_up(), parameters, floor)


def true_pairs() -> pa.Table:
    event = world()[1]
    order = np.argsort(event, kind="stable")
    same = event[order][1:] == event[order][:-1]
    a, b = order[:-1][same], order[1:][same]
    return pa.table({"a": np.minimum(a, b), "b": np.maximum(a, b)})


def test_same_records_and_seed_give_the_same_bytes_on_any_threads() -> None:
    again = train(world()[0].slice(0), recounting.made_up(), "made-up records", 1, Engine(1, 1024))
    assert again.text() == trained().text()
    assert read_parameters(again.text(), recounting.made_up()) == again


def test_order_of_rows_changes_nothing() -> None:
    mixed = world()[0].take(np.random.default_rng(3).permutation(len(world()[0])))
    assert train(mixed, recounting.made_up(), "made-up records", 1, ENGINE).text() == trained().text()


def test_another_seed_draws_other_pairs_for_u() -> None:
    other = train(world()[0].slice(0, 5000), recounting.made_up(), "made-up records", 2, ENGINE)
    assert other.levels != trained().levels


def test_m_of_records_alone_is_near_that_of_pairs_known_to_be_one() -> None:
    """The generator keeps who and killed as they were, and the type of 15 in 100 is drawn anew."""
    m = {name: {odds.level: odds.m or 0 for odds in levels} for name, levels in trained().levels.items()}
    assert m["who_"]["one in common"] > 0.97
    assert m["killed_"]["same number"] > 0.97
    assert 0.72 < m["what"]["same type"] < 0.9


def test_prior_is_near_the_true_number_of_partners() -> None:
    met, event = scored(trained(), floor=-(10**9)).pairs, world()[1]
    same = event[np.asarray(met["a"])] == event[np.asarray(met["b"])]
    true = 2 * same.sum() / len(event)  # of those that meet at all: others no rule can find
    assert 0.75 < trained().partners / true < 1.3


def test_weights_are_probabilities() -> None:
    found = scored(trained()).pairs
    event = world()[1]
    same = event[np.asarray(found["a"])] == event[np.asarray(found["b"])]
    chance = 1 / (1 + np.exp2(-np.asarray(found["weight"]) / 1000))
    bins = np.minimum((chance * 10).astype(int), 9)
    error = sum(abs(chance[bins == k].sum() - same[bins == k].sum()) for k in range(10)) / len(chance)
    assert error < 0.08
    wrong = chance[::-1]  # the control: the same chances, given to other pairs
    assert sum(abs(wrong[bins == k].sum() - same[bins == k].sum()) for k in range(10)) / len(chance) > 0.16


def test_prior_solved_on_kept_pairs_is_a_fixed_point() -> None:
    found = scored(trained(), floor=-20_000)
    prior = solve_prior(found)
    every = found.records * (found.records - 1) / 2
    weight = np.asarray(found.pairs["weight"]) - found.prior + prior
    expected = (1 / (1 + np.exp2(-weight / 1000))).sum()
    assert expected == pytest.approx(every * 2 ** (prior / 1000), rel=0.1)
    assert partners(prior, found.records) == pytest.approx(2 * expected / found.records, rel=0.1)


def test_a_round_without_pairs_and_a_comparison_without_a_round_are_refused() -> None:
    few = world()[0].slice(0, 2)
    with pytest.raises(BadInput):
        train(few, recounting.made_up(), "two records", 1, ENGINE)
    one = recounting.made_up().model_copy(update={"training": ["when_"]})
    with pytest.raises(BadInput, match='no round trains "when_"'):
        train(world()[0], one, "made-up records", 1, ENGINE)


def test_judged_pairs_move_m_towards_what_they_show() -> None:
    before = recounting.plain_parameters()
    after = learn(world()[0], true_pairs(), recounting.made_up(), before, "pairs known to be one")
    type_ = after.levels["what"][0].m or 0
    assert 0.74 < type_ < 0.795  # 85 in 100 of each keep theirs, the rest agree by chance: 0.77; before, 0.8
    assert after.levels["what"][0].u == before.levels["what"][0].u
    none = learn(world()[0], true_pairs().slice(0, 0), recounting.made_up(), before, "no pairs")
    assert none.levels == before.levels


def without_terms() -> Profile:
    profile = recounting.made_up()
    for comparison in profile.comparisons:
        levels = [level.model_copy(update={"term": ""}) for level in comparison.levels]
        object.__setattr__(comparison, "levels", levels)
    return profile


def test_splink_gives_the_same_weights() -> None:
    """Splink's own predict, fed with the pairs that we found, on a profile without terms."""
    profile = without_terms()
    parameters = recounting.plain_parameters()
    ours = scored(parameters, profile, -(10**9))
    settings = model(profile, parameters)
    odds = 2 ** (ours.prior / 1000)
    settings["probability_two_random_records_match"] = odds / (1 + odds)
    with ENGINE.session() as session:
        session.give("given", world()[0])
        session.make("features", "SELECT * FROM given")
        session.give("met", ours.pairs)
        session.make("blocked", "SELECT '0' AS match_key, a AS join_key_l, b AS join_key_r FROM met")
        with linker(session, settings) as splink:
            blocked = splink._db_api.register("blocked", table_name="blocked_by_us")
            splink.table_management.register_blocked_pairs_for_predict(blocked)
            found = splink.inference.predict(warning_mode="never").physical_name
        theirs = session.sql(f"SELECT record_l, record_r, match_weight FROM {found} ORDER BY 1, 2")
    assert theirs["record_l"].to_pylist() == ours.pairs["a"].to_pylist()
    difference = np.asarray(theirs["match_weight"]) * 1000 - np.asarray(ours.pairs["weight"])
    assert np.abs(difference).max() <= 3.5  # five comparisons and a prior, each rounded by half at most
    assert len(ours.pairs) > 1000


def test_parts_sum_to_the_weight() -> None:
    parameters = trained()
    with ENGINE.session() as session:
        session.give("features", world()[0])
        found = pairs(session, recounting.made_up(), parameters, -(10**9))
        some = found.pairs.slice(0, 500).to_pylist()
        asked = [(pair["b"], pair["a"]) for pair in some]
        why = explain_pairs(session, recounting.made_up(), parameters, found.prior, asked)
        assert [each.weight for each in why] == [pair["weight"] for pair in some]
        assert any(part.rare for each in why for part in each.parts)
        with pytest.raises(BadInput, match="999999"):
            explain_pairs(session, recounting.made_up(), parameters, found.prior, [(0, 999_999)])

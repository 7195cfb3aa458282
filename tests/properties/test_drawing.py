"""Try to break what fusing.drawing promises: the rules, the same draws always, and the odds it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from bench.fusing.populations import population
from hypothesis import given, settings

from holdfire import compiling
from holdfire.errors import BadInput
from holdfire.fusing.grouping.calibrating import probability
from holdfire.fusing.grouping.clustering import Joining, Judged, Pairs, group
from holdfire.fusing.grouping.drawing import Draws, Plan, balance, draw, draw_in_doubt
from holdfire.records.source import Repeats
from linking import KINDS, ROOMY, cases, made, repeated, rows, shuffled

SHORT = Plan(draws=6, before=2, sweeps=1)
D = Repeats.DISTINCT


def whole(found: Draws, row: int, count: int) -> np.ndarray[Any, Any]:
    """Return the group of every record in one draw."""
    groups = np.arange(count)
    groups[found.records] = found.groups[row]
    return groups


@settings(deadline=None, max_examples=150)
@given(cases())
def test_every_draw_keeps_the_rules(case: tuple[Pairs, np.ndarray[Any, Any], Judged]) -> None:
    pairs, source, judged = case
    refused = {tuple(e) for e in group(pairs, source, KINDS, judged, ROOMY).refused.tolist()}
    found = draw(pairs, source, KINDS, SHORT, judged, ROOMY)
    forbidden = {(min(e), max(e)) for e in judged.different.tolist()}
    for row in range(SHORT.draws):
        groups = whole(found, row, len(source))
        assert all(groups[g] == g and g <= x for x, g in enumerate(groups.tolist()))
        assert repeated(groups, source) == 0
        assert len(set(groups.tolist())) == found.entities[row]
        assert (groups[found.a] == groups[found.b]).sum() == found.linked[row]
        assert all(groups[a] != groups[b] for a, b in judged.different)
        for e in judged.same.tolist():
            a, b = min(e), max(e)
            assert groups[a] == groups[b] or (a, b) in refused | forbidden


@settings(deadline=None, max_examples=60)
@given(cases())
def test_order_threads_and_pairs_below_the_floor_change_no_draw(
    case: tuple[Pairs, np.ndarray[Any, Any], Judged],
) -> None:
    pairs, source, judged = case
    again, rejudged = shuffled(pairs, judged, 3)
    kept = again.weight >= ROOMY.floor
    again = Pairs(again.a[kept], again.b[kept], again.weight[kept])
    one = draw(pairs, source, KINDS, SHORT, judged, ROOMY)
    two = draw(again, source, KINDS, SHORT, rejudged, ROOMY, threads=3)
    assert one.groups.tolist() == two.groups.tolist()
    assert one.entities.tolist() == two.entities.tolist()


def test_both_ways_of_running_the_loops_draw_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(8):
        pairs, source, judged = made(seed, 60, 150)
        monkeypatch.setattr(compiling, "LITTLE", 10**9)
        plain = draw(pairs, source, KINDS, SHORT, judged, ROOMY)
        monkeypatch.setattr(compiling, "LITTLE", -1)
        compiled = draw(pairs, source, KINDS, SHORT, judged, ROOMY, threads=2)
        monkeypatch.undo()
        assert plain.groups.tolist() == compiled.groups.tolist()
        assert plain.together.tolist() == compiled.together.tolist()
        other = draw(pairs, source, KINDS, Plan(draws=6, before=2, sweeps=1, seed=2), judged, ROOMY)
        assert other.groups.tolist() != plain.groups.tolist()  # the seed decides


def partitions(items: list[int]) -> Iterator[list[list[int]]]:
    if not items:
        yield []
        return
    for rest in partitions(items[1:]):
        yield [[items[0]], *rest]
        for k in range(len(rest)):
            yield [*rest[:k], [items[0], *rest[k]], *rest[k + 1 :]]


def exact(
    pairs: Pairs, source: list[int], kinds: list[Repeats], rules: Joining
) -> dict[tuple[int, int], float]:
    """Return the co-membership of each pair by summing over every partition, from the definition."""
    weight = {(int(a), int(b)): int(w) for a, b, w in zip(pairs.a, pairs.b, pairs.weight, strict=True)}
    share: dict[tuple[int, int], float] = dict.fromkeys(weight, 0.0)
    everything = 0.0
    for parts in partitions(list(range(len(source)))):
        bits = 0.0
        for part in parts:
            ends = [(a, b) for a in part for b in part if a < b]
            alike = [kinds[source[a]] for a, b in ends if source[a] == source[b]]
            total = sum(weight.get(e, rules.absent) + rules.offset for e in ends)
            total -= rules.penalty * alike.count(Repeats.MOSTLY)
            bits += float("-inf") if D in alike else 2 * total / len(part)
        chance = 2 ** (bits / 1000)
        everything += chance
        for e in weight:
            share[e] += chance * any(e[0] in part and e[1] in part for part in parts)
    return {e: each / everything for e, each in share.items()}


@pytest.mark.parametrize("seed", range(6))
def test_draws_are_as_often_as_a_sum_over_every_partition_says(seed: int) -> None:
    chance = np.random.default_rng(seed)
    # Connected, so that moves through neighbours reach every partition that has any weight to speak of.
    ends = [(a, b) for a in range(6) for b in range(a + 1, 6)]
    weight = chance.integers(-3000, 4000, len(ends))
    source = [0, 0, 1, 1, 2, 3]
    kept = [k for k, (a, b) in enumerate(ends) if not (source[a] == source[b] and KINDS[source[a]] is D)]
    table = rows(ends)[kept]
    pairs = Pairs(table[:, 0], table[:, 1], weight[kept])
    rules = Joining(offset=500)
    truth = exact(pairs, source, KINDS, rules)
    found = draw(pairs, np.array(source), KINDS, Plan(draws=8000, sweeps=1), settings=rules)
    for a, b, said in zip(found.a, found.b, found.confidence, strict=True):
        assert said == pytest.approx(truth[int(a), int(b)], abs=0.035)


def test_two_equally_good_partners_of_a_distinct_source_share_the_odds() -> None:
    pairs = Pairs(np.array([0, 0]), np.array([1, 2]), np.array([5000, 5000]))
    found = draw(pairs, np.array([0, 1, 1]), [D, D], Plan(draws=4000))
    assert found.confidence == pytest.approx([32 / 65] * 2, abs=0.03)
    free = draw(
        pairs, np.array([0, 1, 1]), [D, Repeats.REPEATS], Plan(draws=400), settings=Joining(absent=5000)
    )
    assert min(free.confidence) > 0.9  # the control: without the rule both are partners


def test_the_balance_links_as_many_pairs_as_their_probabilities_say() -> None:
    people = population(3, 800)
    pairs = Pairs(people.a, people.b, people.weight)
    said = probability(people.weight).sum()
    offset = balance(pairs, people.source, [D] * 3)
    balanced = draw(pairs, people.source, [D] * 3, Plan(draws=60), settings=Joining(offset=offset))
    plain = draw(pairs, people.source, [D] * 3, Plan(draws=60))
    assert balanced.linked.mean() == pytest.approx(said, rel=0.02)
    assert plain.linked.mean() < 0.95 * said  # the control: without it they fall short


def test_tables_name_draw_record_and_group() -> None:
    pairs = Pairs(np.array([0]), np.array([2]), np.array([30_000]))
    first = next(draw(pairs, np.array([0, 0, 1]), [D, D], SHORT).tables())
    assert first.to_pydict() == {"draw": [0, 0], "record": [0, 2], "group": [0, 0]}


def test_nothing_is_well_and_a_wrong_plan_is_not() -> None:
    none = Pairs(*(np.empty(0, np.int64) for _ in range(3)))
    assert draw(none, np.array([0]), [D], SHORT).entities.tolist() == [1] * 6
    with pytest.raises(BadInput, match="one draw and one sweep"):
        draw(none, np.array([0]), [D], Plan(draws=0))
    with pytest.raises(BadInput, match="one calibration or more"):
        draw_in_doubt(none, np.array([0]), [D], [], SHORT)

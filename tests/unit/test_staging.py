"""Dropping early what cannot reach the floor, and sharing arithmetic, change only the time it takes."""

from __future__ import annotations

import pytest

import recounting
from holdfire.engine import Engine, Session
from holdfire.fusing.comparing import scoring
from holdfire.fusing.comparing.scoring import decisive, pairs, weighing
from holdfire.fusing.comparing.sharing import share
from holdfire.fusing.parameters import parameters, weights
from holdfire.fusing.profile import profile

NEVER = -(10**9)


def _by_both(session: Session, floor: int) -> tuple[int, list[dict[str, int]], list[dict[str, int]]]:
    """Return how many pairs met, those that are kept, and those that the plain statement keeps of all."""
    session.give("features", recounting.events(4000, 3)[0])
    chosen, given = recounting.made_up(), recounting.plain_parameters()
    everything = pairs(session, chosen, given, NEVER)
    session.give("all_pairs", everything.pairs)
    plain = session.sql(weighing("all_pairs", chosen, given, everything.prior, floor))
    return everything.compared, pairs(session, chosen, given, floor).pairs.to_pylist(), plain.to_pylist()


@pytest.mark.parametrize("floor", [NEVER, -12_000, -4250, 0, 6000])
def test_pairs_dropped_early_are_those_that_the_plain_statement_drops(
    floor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "DECISIVE", -3500)
    known = weights(recounting.made_up(), recounting.plain_parameters())
    assert 0 < sum(decisive(each) for each in known.values()) < len(known)
    with Engine(2, 512).session() as session:
        met, staged, plain = _by_both(session, floor)
    assert staged == plain
    assert len(plain) == met if floor == NEVER else 0 < len(plain) < met


def test_what_is_dropped_early_is_no_more_than_what_could_reach_the_floor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: with nothing to be said for rare values, pairs that reach the floor would be lost."""
    monkeypatch.setattr(scoring, "DECISIVE", -3500)
    monkeypatch.setattr(scoring, "_at_best", lambda comparison, levels: "-3000")
    with Engine(2, 512).session() as session:
        _, staged, plain = _by_both(session, 0)
    assert len(staged) < len(plain)


@pytest.mark.parametrize("name", ["incident", "person", "place"])
def test_shipped_comparisons_are_made_in_two_steps(name: str) -> None:
    known = weights(profile(name), parameters(name))
    assert 0 < sum(decisive(each) for each in known.values()) < len(known)


def test_only_arithmetic_that_occurs_twice_is_shared() -> None:
    once, same = share(["a - b < 1", "len(c) > 0"])
    assert once == {}
    assert same == ["a - b < 1", "len(c) > 0"]
    twice, changed = share(["abs(a - b) < 1 AND list_has_any(c, d)", "x = 1 OR abs(a - b) < 2"], "s")
    assert list(twice) == ["s_0"]
    assert all("s_0" in each for each in changed)


def test_no_condition_is_evaluated_early_that_may_fail() -> None:
    """A quotient stays where it is: its own branch may be what keeps it from dividing by nought."""
    assert share(["b = 0 OR a // b > 1", "b = 0 OR a // b > 2"])[0] == {}

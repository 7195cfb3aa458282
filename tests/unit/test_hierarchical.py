"""One model of all strata: labels not said are summed over, and bad tables are refused with a word."""

import builtins
import itertools
import os
import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from holdfire.counting.hierarchical import Hierarchical, Labelled
from holdfire.counting.hierarchical.counted import counted
from holdfire.counting.hierarchical.model import Design, Near, cells, classes_of
from holdfire.counting.hierarchical.sampler import Drawn
from holdfire.errors import BadInput, HoldfireError

LISTS = ("a", "b", "c")
ROWS = [
    (("north", "m"), 0b001, 30),
    (("north", "f"), 0b011, 12),
    (("south", "m"), 0b110, 8),
    (("south", "f"), 0b100, 25),
    ((None, "m"), 0b001, 10),
    (("south", None), 0b111, 4),
    ((None, None), 0b010, 6),
]
COLUMNS = ("place", "sex")


def table(rows=ROWS, **more):
    return Labelled.of(LISTS, COLUMNS, rows, **more)


def test_a_person_whose_label_is_not_said_may_be_of_every_stratum_that_fits():
    found = table()
    assert found.names == (("north", "f"), ("north", "m"), ("south", "f"), ("south", "m"))
    assert found.documented == 95
    assert found.unsure == 20
    which = {
        tuple(found.words(said)): may.tolist() for said, may in zip(found.said, found.may_be, strict=True)
    }
    assert which["?", "m"] == [False, True, False, True]
    assert which["south", "?"] == [False, False, True, True]
    assert which["?", "?"] == [True] * 4
    assert found.only_known().documented == 75


def test_order_of_rows_and_splitting_them_changes_nothing():
    rows = [(labels, pattern, 1) for labels, pattern, people in ROWS for _ in range(people)]
    random.Random(1).shuffle(rows)
    one, other = table(), table(rows)
    assert (one.counts == other.counts).all()
    assert (one.said == other.said).all()


def test_a_stratum_that_cannot_be_makes_a_label_known():
    possible = [("north", "m"), ("north", "f"), ("south", "f")]
    rows = [*ROWS[:2], *ROWS[3:]]
    found = table(rows, possible=possible)
    # nobody of the south is a man, so whoever is a man is of the north, and whoever is of the south a woman
    assert found.unsure == 6
    assert found.known[found.names.index(("north", "m"))].sum() == 40


@pytest.mark.parametrize(
    ("rows", "more", "word"),
    [
        ([(("north", "m"), 0, 5)], {}, "on no list"),
        ([(("north", "m"), 1, -5)], {}, "no number of people"),
        ([(("north", "m"), 1, 0.5)], {}, "no number of people"),
        ([(("north", "m"), 9, 5)], {}, "past the 3"),
        ([(("north",), 1, 5)], {}, "1 labels"),
        ([(("north", None), 1, 5)], {}, "nothing is said"),
        (ROWS, {"ordered": ["month"]}, "no column"),
        (ROWS, {"levels": {"sex": ["m"]}}, "not among its levels"),
        (ROWS, {"possible": [("north", "m")]}, "no stratum that is possible"),
        (ROWS, {"possible": [("west", "m")]}, "a label that its column has not"),
        ([((str(i), str(j)), 1, 1) for i in range(50) for j in range(50)], {}, "2500 strata"),
    ],
)
def test_bad_tables_are_refused_with_a_word(rows, more, word):
    with pytest.raises(BadInput, match=word):
        table(rows, **more)


def test_no_label_is_in_a_message():
    with pytest.raises(BadInput) as caught:
        table([(("Name Of Someone", "m"), 1, 5)], levels={"place": ["north"]})
    assert "Someone" not in str(caught.value)


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    plain = builtins.__import__

    def without(name, *rest, **more):
        if name.partition(".")[0] in {"numpyro", "jax"}:
            raise ImportError(name)
        return plain(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(HoldfireError) as caught:
        Hierarchical().by_stratum(table(), 1)
    assert "pip install 'holdfire[hierarchical]'" in str(caught.value)


def test_two_lists_and_eleven_are_refused_before_anything_is_drawn():
    two = Labelled.of("ab", (), [((), 1, 50), ((), 3, 50), ((), 2, 50)])
    many = Labelled.of("abcdefghijk", (), [((), 1 << j, 50) for j in range(11)])
    for each in (two, many):
        with pytest.raises(BadInput):
            Hierarchical().by_stratum(each, 1)


def test_chances_of_all_patterns_are_one_together():
    random = np.random.default_rng(1)
    reach = random.normal(size=(5, 2, 4, 3))
    share = np.log(random.dirichlet([1, 1], (5, 2)).transpose(0, 1, 2)).reshape(5, 2, 2)
    reach = random.normal(size=(5, 2, 2, 3))
    every = np.array(list(itertools.product([False, True], repeat=3)))
    np.testing.assert_allclose(np.exp(cells(np, reach, share, every)).sum(axis=-1), 1)


def test_people_of_strata_follow_from_what_strata_are_like():
    """Known chances: the undocumented and the unsaid come out as worked out by hand."""
    rows = [(("n",), 1, 40), (("s",), 1, 10), ((None,), 1, 50), (("n",), 2, 40), (("s",), 4, 10)]
    found = Labelled.of(LISTS, ("place",), rows)
    draws = 4000
    size = np.tile(np.log([400.0, 100.0]), (1, draws, 1))
    reach = np.full((1, draws, 2, 1, 3), np.log(0.25 / 0.75))
    drawn = Drawn(size, reach, np.zeros((1, draws, 2, 1)), np.zeros((1, draws)), None,
                  np.zeros((1, draws), bool), np.ones((1, draws), int))  # fmt: skip
    people = counted(found, drawn, 1)
    # the same chances in both: the 50 fall four to one, and 0.75 ** 3 of each stratum are on no list
    assert people.documented[..., 0].mean() == pytest.approx(80 + 50 * 0.8, abs=0.5)
    assert (people.documented.sum(axis=2) == 150).all()
    unseen = people.people - people.documented
    np.testing.assert_allclose(unseen.mean(axis=(0, 1)), np.array([400, 100]) * 0.75**3, rtol=0.01)


def test_where_to_look_is_about_where_one_class_is():
    chances = np.array([0.4, 0.2, 0.3])
    rows = []
    for name, many in (("n", 40_000), ("s", 9_000)):
        for on in itertools.product([0, 1], repeat=3):
            if any(on):
                people = round(
                    many * np.prod([q if here else 1 - q for here, q in zip(on, chances, strict=True)])
                )
                rows.append(((name,), sum(here << j for j, here in enumerate(on)), people))
    near = Near.of(Labelled.of(LISTS, ("place",), rows))
    odds = np.log(chances / (1 - chances))
    np.testing.assert_allclose(near.contrast[0], (odds[0] - odds[1]) / 2**0.5, atol=0.03)
    np.testing.assert_allclose(near.contrast[1], (odds[0] + odds[1] - 2 * odds[2]) / 6**0.5, atol=0.03)


def test_few_lists_have_few_classes():
    assert [classes_of(lists) for lists in (3, 4, 5, 6, 10)] == [2, 2, 2, 3, 3]
    assert not Design.of(table(), 2).owns


def test_a_column_in_order_is_a_walk_and_neighbours_are_near():
    rows = [((month,), 1, 5) for month in ("1", "2", "3", "4")]
    found = Labelled.of(LISTS, ("month",), rows, ordered=["month"])
    alike = Design.of(found, 2).alike(0)
    assert alike[0, 1] > alike[0, 2] > alike[0, 3]
    np.testing.assert_allclose(alike.sum(axis=0), 0, atol=1e-12)
    plain = Design.of(Labelled.of(LISTS, ("month",), rows), 2).alike(0)
    assert (plain == np.eye(4)).all()


@pytest.mark.skipif(
    find_spec("numpyro") is None, reason="numpyro is not installed: pip install 'holdfire[hierarchical]'"
)
def test_what_needs_numpyro_holds_in_a_process_of_its_own(root: Path) -> None:
    """Jax starts threads, and this process is one that other tests fork."""
    apart = root / "tests" / "apart" / "hierarchical_numpyro.py"
    # Nearly all it takes is the compiler's, and what is compiled here is run for a second at most.
    env = {**os.environ, "JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}
    command = [sys.executable, "-m", "pytest", str(apart)]
    ran = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "jax" not in sys.modules

"""Tables linked by several thresholds: a band, a refusal, and linkages drawn between them."""

from __future__ import annotations

import numpy as np
import pytest

from holdfire.counting.graphs import DecomposableGraphs
from holdfire.counting.linkages import Chance, band, between
from holdfire.counting.loglinear import LogLinear
from holdfire.counting.overlaps import Overlaps
from holdfire.errors import BadInput

QUICK = (DecomposableGraphs(draws=200), LogLinear(draws=200))
SURE = Chance(np.array([0.0, 1.0]), np.array([1.0, 1.0]))
NEVER = Chance(np.array([0.0, 1.0]), np.array([0.0, 0.0]))


def half(low: float, high: float) -> Chance:
    return Chance(np.array([0.0, 1.0]), np.array([low, high]))


def linked(found: float) -> Overlaps:
    """Return three independent lists of 2,000 people of which a share of links was found."""
    shared = round(180 * found)
    each = 420 + 2 * (180 - shared)
    return Overlaps.of(
        "ABC", {1: each, 2: each, 4: each, 3: shared, 5: shared, 6: shared, 7: round(77 * found)}
    )


TABLES = {(1, 1): linked(1), (1, 2): linked(0.6), (1, 3): linked(0.2)}
for at, table in list(TABLES.items()):
    cells = dict(enumerate(table.cube().tolist()))
    TABLES[2, at[1]] = Overlaps.of("ABC", {**cells, 1: cells[1] + 100})
LAX = ({1: SURE, 2: SURE}, {1: SURE, 2: SURE, 3: SURE})
STRICT = ({1: NEVER, 2: SURE}, {1: NEVER, 2: NEVER, 3: SURE})


def test_a_number_that_hangs_on_the_threshold_is_refused() -> None:
    found = band(TABLES, 1, QUICK)
    (reason,) = found.refused
    assert reason.code == "linkage_first"
    assert float(reason.facts["linkages"]) > 2 * float(reason.facts["models"])  # type: ignore[arg-type]
    assert found.documented[2, 1] == found.documented[1, 1] + 100
    near = {(1, 1): linked(1), (1, 2): linked(0.95)}
    assert not band(near, 1, QUICK).refused


def test_all_links_kept_is_the_laxest_table_and_none_the_strictest() -> None:
    assert next(iter(between(TABLES, LAX, 1, 1).values())).digest == TABLES[1, 1].digest
    assert next(iter(between(TABLES, STRICT, 1, 1).values())).digest == TABLES[2, 3].digest


def test_drawn_tables_lie_between_and_differ() -> None:
    chances = ({1: half(0.2, 0.4), 2: SURE}, {1: half(0.1, 0.2), 2: half(0.3, 0.7), 3: SURE})
    drawn = between(TABLES, chances, 40, 1)
    people = [table.documented for table in drawn.values()]
    assert TABLES[1, 1].documented < min(people) < max(people) < TABLES[2, 3].documented
    assert len(set(people)) > 10
    assert {d: t.digest for d, t in between(TABLES, chances, 40, 1).items()} == {
        d: t.digest for d, t in drawn.items()
    }
    known = ({1: half(0.3, 0.3), 2: SURE}, {1: half(0.15, 0.15), 2: half(0.5, 0.5), 3: SURE})
    surer = [table.documented for table in between(TABLES, known, 40, 1).values()]
    assert np.std(people) > np.std(surer) > 0


@pytest.mark.parametrize(
    ("chances", "said"),
    [
        (({2: SURE}, LAX[1]), "nothing says how likely a link of score 1 is true"),
        ((LAX[0], {**LAX[1], 3: half(0.9, 1)}), "links of score 3 may be false"),
    ],
)
def test_chances_that_cannot_be_drawn_are_refused(chances: tuple[dict[int, Chance], ...], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        between(TABLES, chances, 1, 1)


def test_a_missing_combination_is_refused() -> None:
    some = {strict: table for strict, table in TABLES.items() if strict != (2, 2)}
    with pytest.raises(BadInput, match=r"no table of the thresholds \(2, 2\)"):
        between(some, LAX, 1, 1)

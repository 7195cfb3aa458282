"""People of made-up lists, linked by their names and counted: near the truth, wider by what links leave open.

Twelve worlds: `python -m bench.counting people`. Here two, and the control: lists that nobody linked.
"""

from __future__ import annotations

import numpy as np
from bench.counting.people import QUICK, said, table, world

SEEDS = (4, 9)


def test_drawn_links_give_numbers_near_the_truth() -> None:
    for seed in SEEDS:
        people, true, drawn = world(seed, draws=8)
        documented = float(np.median([each.documented for each in drawn]))
        # Links that were missed are in no draw, so the number is a little high, and its span no interval.
        assert -0.01 <= documented / true.documented - 1 <= 0.02
        found = said(drawn, QUICK)
        assert found.stated
        assert found.stated.low <= people <= found.stated.high
        assert 0 < found.stated.shares.linkages < 0.5


def test_lists_that_nobody_linked_give_no_number() -> None:
    lists = np.repeat(np.arange(4), 300)
    apart = said([table(lists, np.arange(len(lists)))], QUICK)
    assert apart.stated is None
    assert "no_overlap" in {each.code for each in apart.refused}

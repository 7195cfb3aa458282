"""Shares of draws say how surely entries of made-up lists are one person, over several seeds.

The control is the same draws with the offset turned round: what is one is then put together too seldom.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from bench.fusing.listed import read

from holdfire.engine import Engine
from holdfire.fusing.grouping.calibrating import reliability
from holdfire.fusing.people.doubt import CERTAIN, OFFSET, surely
from holdfire.fusing.people.link import link
from holdfire.worlds.lists import four_lists
from holdfire.worlds.lists_plan import FOUR

SEEDS = (3, 4, 5)
ENTRIES = 4000


def test_shares_of_draws_mean_what_they_say(tmp_path: Path) -> None:
    shares: dict[int, list[np.ndarray]] = {OFFSET: [], -OFFSET: []}
    truth = []
    for seed in SEEDS:
        four_lists(ENTRIES, seed, folder := tmp_path / str(seed), FOUR)
        listed = read(folder, FOUR)
        found = link(listed.entries, listed.source, listed.behaviour, Engine(threads=2, memory=1000))
        a, b = (found.pairs[name].to_numpy() for name in ("a", "b"))
        truth.append(listed.person[a] == listed.person[b])
        for offset, drawn in shares.items():
            drawn.append(surely(found, listed.source, listed.behaviour, offset=offset).pairs / CERTAIN)
    errors = {
        offset: reliability(np.concatenate(found), np.concatenate(truth)).error
        for offset, found in shares.items()
    }
    assert errors[OFFSET] <= 0.03
    assert errors[-OFFSET] > 0.06

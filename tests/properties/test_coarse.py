"""The log rounds a place in SQL and a page in Python: both give the same disc, and it holds the true one."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import a_claim, filled
from holdfire.engine import Engine
from holdfire.ledger import coded
from holdfire.places import distance
from holdfire.publishing.redaction import coarse
from holdfire.records.claim import CLAIM

PLACES = st.lists(
    st.tuples(st.floats(-70, 70), st.floats(-179, 179), st.floats(1, 200_000)), min_size=1, max_size=20
)


@settings(deadline=None, max_examples=40)
@given(PLACES, st.sampled_from([1, 5, 10, 50]))
def test_the_log_and_a_page_round_a_place_alike(places: list[tuple[float, float, float]], grid: int) -> None:
    rows = [
        filled(CLAIM, a_claim(n, lat=lat, lon=lon, radius=radius))
        for n, (lat, lon, radius) in enumerate(places, 1)
    ]
    table = coded.claim_entries(CLAIM.table(rows), grid, Engine(1, 256))
    by_id = {row["claim_id"]: row for row in rows}
    for name, content in zip(table["id"].to_pylist(), table["content"].to_pylist(), strict=True):
        row, logged = by_id[name], json.loads(content)
        shown = coarse(row["lat"], row["lon"], row["radius"], grid)
        held = (logged["lat_e2"] / 100, logged["lon_e2"] / 100, logged["radius"])
        assert held == (float(shown[0]), float(shown[1]), shown[2])
        assert distance(row["lat"], row["lon"], *held[:2]) + row["radius"] <= held[2] * 1.002 + 1

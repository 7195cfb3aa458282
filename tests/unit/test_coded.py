"""Claims and determinations as entries: canonical bytes, nothing that may not leave, and back again."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import a_claim, a_determination, a_member, an_incident
from holdfire.engine import Engine
from holdfire.ledger import coded
from holdfire.ledger.entry import decode
from holdfire.places import distance
from holdfire.records.claim import CLAIM
from holdfire.records.determination import DETERMINATION
from holdfire.records.incident import INCIDENT, MEMBER

ENGINE = Engine(1, 256)
WORDS = ("actors_text", "targets_text", "time_native", "place", "geo_native")


def entries(*claims: dict[str, object], grid: int = 10) -> list[str]:
    found: list[str] = coded.claim_entries(CLAIM.table(claims), grid, ENGINE)["content"].to_pylist()
    return found


def test_an_entry_is_canonical_and_its_fields_are_those_of_its_kind() -> None:
    (content,) = entries(a_claim())
    assert decode(content.encode())["kind"] == "claim"


def test_words_and_exact_places_are_in_no_entry() -> None:
    (content,) = entries(a_claim(lat=33.513812, lon=36.276528, radius=500.0, place="House of Someone"))
    value = json.loads(content)
    assert "House" not in content
    assert "33.51" not in content
    assert (value["lat_e2"], value["lon_e2"]) == (3350, 3630)
    assert not set(WORDS) & set(value)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-80, 80),
    st.floats(-179, 179),
    st.one_of(st.just(None), st.floats(0, 60_000)),
    st.integers(1, 100),
)
def test_the_rounded_disc_holds_the_one_it_was_made_of(
    lat: float, lon: float, radius: float | None, grid: int
) -> None:
    value = json.loads(entries(a_claim(lat=lat, lon=lon, radius=radius), grid=grid)[0])
    apart = distance(lat, lon, value["lat_e2"] / 100, value["lon_e2"] / 100)
    if radius is None:
        assert "radius" not in value
    else:
        assert value["radius"] + 1 >= apart + radius
        assert value["lat_e2"] % grid == 0


def test_what_is_read_back_is_what_was_coded() -> None:
    given_claims = CLAIM.table([a_claim(1), a_claim(2, row=7), a_claim(3, killed_low=None, killed_best=None)])
    table = coded.claim_entries(given_claims, 10, ENGINE)
    back = coded.claims(table.select(["content"]), ENGINE)
    for name in CLAIM.names:
        if name not in (*WORDS, "chain", "lat", "lon", "radius"):
            assert back[name].equals(CLAIM.sorted(given_claims)[name]), name
    for name in WORDS:
        assert back[name].null_count == back.num_rows


def test_an_incident_goes_with_its_determination() -> None:
    tables = (
        INCIDENT.table([an_incident(1), an_incident(2)]),
        MEMBER.table([a_member(1), a_member(2)]),
        DETERMINATION.table([a_determination(1), a_determination(2)]),
    )
    table = coded.determination_entries(*tables, 10, ENGINE)
    for content in table["content"].to_pylist():
        decode(content.encode())
    back = coded.determined(table.select(["content"]), ENGINE)
    assert back.members.equals(MEMBER.sorted(tables[1]))
    assert back.determinations.equals(DETERMINATION.sorted(tables[2]))
    assert back.incidents["killed_low"].equals(INCIDENT.sorted(tables[0])["killed_low"])


def test_instants_are_widened_to_whole_seconds() -> None:
    start = pa.scalar(1_000_000_500_000, pa.timestamp("us", tz="UTC")).as_py()
    (content,) = entries(a_claim(start=start, end=start))
    value = json.loads(content)
    assert value["start"] < value["end"], "half a second is inside both"


@pytest.mark.parametrize("text", ['quo"te', "back\\slash", "tab\there", "bell\x07", "é\u2028", "\x7f"])
def test_any_text_of_an_id_is_written_in_the_canonical_form(text: str) -> None:
    (content,) = entries(a_claim(source=text, root=f"source:{text}"))
    assert decode(content.encode())["source"] == text


def test_the_order_of_rows_and_the_number_of_threads_change_nothing() -> None:
    claims = CLAIM.table([a_claim(n, row=n) for n in range(1, 200)])
    shuffled = claims.take(pc.sort_indices(claims["row"], sort_keys=[("row", "descending")]))
    one = coded.claim_entries(claims, 10, Engine(1, 256))
    other = coded.claim_entries(shuffled, 10, Engine(4, 256))
    assert one.equals(other)

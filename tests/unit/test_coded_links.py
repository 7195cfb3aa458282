"""Links as entries: few, canonical, read back as they were, superseded when someone says otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from casemaking import a_case, a_text
from holdfire.digests import short
from holdfire.engine import Engine
from holdfire.ledger.codedlinks import link_entries, links
from holdfire.ledger.entry import decode
from holdfire.ledger.log import Ledger
from holdfire.links.claims import ClaimPairs
from holdfire.links.review import LinkReview, Wanted
from holdfire.recording import current, record
from holdfire.records.link import SAME_AS, Said
from weighing import again, weigh

ENGINE = Engine(1, 256)
NONE = pa.table({"id": pa.array([], pa.string()), "content": pa.array([], pa.string())})
DIGEST = "ab" * 32


def weighed(one: str, other: str, confidence: int, weight: int | None = 0, **given: Any) -> dict[str, Any]:
    return {"one": one, "other": other, "confidence": confidence, "weight": weight, "by": DIGEST} | given


def entries(*listed: dict[str, Any], groups: dict[str, str] | None = None) -> pa.Table:
    homes = groups or {}
    table = pa.table(
        {
            "record": pa.array(list(homes), pa.string()),
            "grouped": pa.array(list(homes.values()), pa.string()),
        }
    )
    return link_entries(SAME_AS.sorted(SAME_AS.table(listed)), table, ENGINE)


def pairs(table: pa.Table) -> list[tuple[str, str, int]]:
    read = [json.loads(text) for text in table["content"].to_pylist()]
    return [(each["one"], each["other"], each["confidence"]) for each in read]


def test_of_a_group_the_surest_link_of_each_record_enters_and_no_more() -> None:
    group = dict.fromkeys("abc", "i-1") | {"d": "i-2"}
    found = entries(
        weighed("a", "b", 996),
        weighed("a", "c", 900),
        weighed("b", "c", 850),
        weighed("a", "d", 50),
        groups=group,
    )
    assert pairs(found) == [("a", "b", 990), ("a", "c", 900)]


def test_what_might_go_either_way_enters_and_what_people_judged() -> None:
    judged = {"by": "A", "at": "2031-05-03T10:00Z", "weight": None}
    found = entries(
        weighed("a", "b", 447),
        weighed("a", "c", 3),
        weighed("b", "c", 0, **judged),
        weighed("b", "d", 1000, **judged),
    )
    assert pairs(found) == [("a", "b", 450), ("b", "c", 0), ("b", "d", 1000)]


def test_an_entry_is_small_canonical_and_names_who_decided() -> None:
    judged = {"by": 'Ünal "é\u0007', "at": "2031-05-03T10:00Z"}
    found = entries(
        weighed("c-0000000000000001", "c-0000000000000002", 447), weighed("c-1", "c-2", 1000, **judged)
    )
    for name, text in zip(found["id"].to_pylist(), found["content"].to_pylist(), strict=True):
        read = decode(text.encode())
        assert (read["kind"], read["link_id"]) == ("link", name)
        assert name == short("l", read["one"], read["other"])
        assert len(text) < 170
    assert json.loads(found["content"][0].as_py())["by"] == DIGEST[:16]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(5, 9), st.integers(0, 1000), st.booleans()), max_size=12
    )
)
def test_what_enters_is_read_back(listed: list[tuple[int, int, int, bool]]) -> None:
    rows = {
        (a, b): weighed(
            f"c-{a}", f"c-{b}", sure, **({"by": "A", "at": "2031-05-03T10:00Z"} if judged else {})
        )
        for a, b, sure, judged in listed
    }
    found = entries(*rows.values())
    back = links(found.select(["content"]), ENGINE).to_pylist()
    assert [(row["one"], row["other"], row["confidence"]) for row in back] == pairs(found)
    assert all(0 < row["confidence"] < 1000 for row in back if row["at"] is None)
    wanted = {
        (f"c-{a}", f"c-{b}") for (a, b), row in rows.items() if "at" in row or 200 <= row["confidence"] <= 800
    }
    assert wanted == {(row["one"], row["other"]) for row in back}


def run(number: int) -> dict[str, Any]:
    given_run = {"kind": "run", "at": "2031-05-10T12:00Z", "method": "0" * 64}
    return {**given_run, "key": f"{number:064x}", "counts": {"links": number}}


def test_a_link_is_superseded_and_may_go_and_come_back(tmp_path: Path) -> None:
    judged = {"by": "A", "at": "2031-05-03T10:00Z"}
    said = [
        [weighed("a", "b", 447)], [weighed("a", "b", 1000, **judged)], [], [weighed("a", "b", 447)],
    ]  # fmt: skip
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        for number, each in enumerate(said):
            found = entries(*each)
            record(ledger, [NONE], [NONE], ENGINE, run(number), [found])
            assert current(ledger, "link", ENGINE)["content"].to_pylist() == found["content"].to_pylist()
        assert not ledger.check()
        kinds = [entry.kind for entry in ledger.entries()]
    assert kinds.count("link") == 2, "the same bytes are one entry"


def test_a_case_enters_its_links_and_a_judgement_is_in_the_next_run(tmp_path: Path) -> None:
    case = a_case(tmp_path / "case", {f"{n}.md": a_text(n) for n in range(3)})
    case.run()
    ids = weigh(case, [(0, 1, 0, 500)])
    opened = again(case)
    review = LinkReview(opened, ClaimPairs(opened))
    review.judge(review.cards(Wanted())[0], Said.DIFFERENT)
    again(case).run()
    with again(case).ledger() as ledger:
        entered = links(current(ledger, "link", ENGINE).select(["content"]), ENGINE).to_pylist()
    mine = [row for row in entered if (row["one"], row["other"]) == (ids[0], ids[1])]
    kept = pq.read_table(case.folder.made / "found" / "same_as.parquet").to_pylist()
    if any(row["at"] for row in kept):
        assert [(row["confidence"], row["by"]) for row in mine] == [(0, "A")]

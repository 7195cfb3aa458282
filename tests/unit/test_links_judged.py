"""What people said of links is found again when claims have other ids; what is gone joins nothing."""

from __future__ import annotations

from typing import Any

from builders import a_claim
from holdfire.links.judged import Judged, Names, judged_claims, judged_entries, links
from holdfire.records.claim import CLAIM
from holdfire.records.link import Judgement, Linked, Said, row_side, words_side

R = "ab" * 32


def read(start: int, end: int) -> dict[str, Any]:
    empty: dict[str, Any] = {field.name: None for field in CLAIM.arrow.field("reading").type}
    return empty | {"trigger": [start, end], "trigger_text": "shelled"}


def a_telling(
    number: int, start: int = 10, event_type: str = "attack.shelling", **other: Any
) -> dict[str, Any]:
    given = {"claim_id": f"c-{number:016}", "report": R, "seq": number, "row": None, "event_type": event_type}
    return (
        a_claim(number) | given | {"reading": read(start, start + 7), "spans": [[start, start + 20]]} | other
    )


def a_row(number: int, **other: Any) -> dict[str, Any]:
    given = {"claim_id": f"c-{number:016}", "report": R, "seq": number, "row": number}
    return a_claim(number) | given | {"spans": None, "reading": None} | other


def judged(one: str, other: str, *claims: dict[str, Any], said: str = "same") -> Judged:
    low, high = sorted((one, other))
    given = Judgement(at="2031-05-03T10:00Z", by="A", one=low, other=high, said=Said(said))
    return judged_claims([given], CLAIM.table(claims))


def test_a_row_is_found_by_its_number() -> None:
    found = judged(row_side(R, 1), row_side(R, 2), a_row(1), a_row(2))
    assert found.settled.pairs(Said.SAME) == ((f"c-{1:016}", f"c-{2:016}"),)
    lost = judged(row_side(R, 1), row_side(R, 3), a_row(1), a_row(2))
    assert (len(lost.lost), lost.settled.decided) == (1, {})


def test_a_claim_of_a_text_is_found_when_a_better_reader_names_it_otherwise() -> None:
    one, other = words_side(R, (10, 17), "attack.shelling"), words_side(R, (90, 97), "attack.airstrike")
    first = judged(one, other, a_telling(1), a_telling(2, 90, "attack.airstrike"))
    assert first.settled.pairs(Said.SAME) == ((f"c-{1:016}", f"c-{2:016}"),)
    retyped = judged(
        one, other, a_telling(7, event_type="attack.airstrike"), a_telling(8, 92, "attack.shelling")
    )
    assert retyped.settled.pairs(Said.SAME) == ((f"c-{7:016}", f"c-{8:016}"),)
    moved = judged(one, other, a_telling(1), a_telling(8, 400, "attack.airstrike"))
    assert len(moved.lost) == 1


def test_claims_on_the_same_words_are_told_apart_and_never_guessed() -> None:
    claims = [a_telling(1), a_telling(2), a_telling(3, 90)]
    named = Names(claims).sides()
    assert len(set(named.values())) == 3
    found = judged(named[f"c-{2:016}"], named[f"c-{3:016}"], *claims)
    assert found.settled.pairs(Said.SAME) == ((f"c-{2:016}", f"c-{3:016}"),)
    retyped = [a_telling(n, event_type="attack.airstrike") for n in (1, 2)]
    assert judged(named[f"c-{1:016}"], named[f"c-{3:016}"], *retyped, claims[2]).lost


def test_people_and_incidents_are_apart() -> None:
    given = Judgement(
        at="2031-05-03T10:00Z",
        by="A",
        kind=Linked.PERSON,
        one=row_side(R, 1),
        other=row_side(R, 2),
        said=Said.SAME,
    )
    assert judged_claims([given], CLAIM.table([a_row(1), a_row(2)])) == Judged(
        judged_claims([], CLAIM.empty()).settled
    )
    ids = {row_side(R, 1): "e-1", row_side(R, 2): "e-2"}
    assert judged_entries([given], ids).settled.pairs(Said.SAME) == (("e-1", "e-2"),)


def test_what_people_decided_is_certain_either_way_and_says_who() -> None:
    same = judged(row_side(R, 1), row_side(R, 2), a_row(1), a_row(2)).settled
    apart = judged(row_side(R, 1), row_side(R, 2), a_row(1), a_row(2), said="different").settled
    told = [links(each).to_pylist()[0] for each in (same, apart)]
    assert [(row["confidence"], row["weight"], row["by"], row["at"]) for row in told] == [
        (1000, None, "A", "2031-05-03T10:00Z"),
        (0, None, "A", "2031-05-03T10:00Z"),
    ]

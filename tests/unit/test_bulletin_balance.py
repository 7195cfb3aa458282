"""Counts that do not add up are refused, each report by name; counts that do are printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import PAPER, TABLE, a_claim, a_determination, a_material, a_member, an_incident
from holdfire.errors import HoldfireError
from holdfire.publishing.bulletin import content
from holdfire.publishing.material import Counts
from holdfire.publishing.sections.balance import check
from holdfire.publishing.values import Line, Table


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(-1, 1)), min_size=1, max_size=12),
)
def test_counts_pass_exactly_when_they_add_up(said: list[tuple[bool, bool, int]]) -> None:
    """Each claim is a record or prose, placed or not; the last number shifts one count of its report."""
    numbers = range(1, len(said) + 1)
    claims = [a_claim(n, row=n if s[0] else None) for n, s in zip(numbers, said, strict=True)]
    placed = [n for n, s in zip(numbers, said, strict=True) if s[1]]
    material = a_material(
        claims,
        [an_incident(n) for n in placed],
        [a_determination(n) for n in placed],
        [a_member(n) for n in placed],
    )
    check(material.counts, material)
    shift = said[0][2]
    first, *rest = material.counts
    wrong = Counts(
        report=first.report,
        rows=first.rows,
        claims=first.claims,
        in_incidents=first.in_incidents,
        other=first.other + shift,
    )
    if shift:
        with pytest.raises(HoldfireError):
            check([wrong, *rest], material)
    else:
        check([wrong, *rest], material)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Counts(report=TABLE, rows=2, claims=1, in_incidents=1, other=0), "2 records in, but 1 claims"),
        (
            Counts(report=TABLE, rows=1, claims=1, in_incidents=0, other=0),
            "1 claims, but 0 in incidents and 0 of other kinds",
        ),
        (
            Counts(report=TABLE, rows=3, claims=3, in_incidents=1, other=2),
            "the reports count 3 claims, the case holds 1",
        ),
    ],
)
def test_a_count_that_does_not_add_up_is_refused_with_its_report(wrong: Counts, message: str) -> None:
    material = a_material([a_claim(1, row=1)], counts=(wrong,))
    with pytest.raises(HoldfireError, match=message):
        content(material)


def test_a_claim_in_two_incidents_is_refused() -> None:
    members = [a_member(1), a_member(1, incident_id=an_incident(2)["incident_id"])]
    counts = (Counts(report=PAPER, rows=None, claims=1, in_incidents=2, other=-1),)
    material = a_material(
        [a_claim(1)],
        [an_incident(1), an_incident(2)],
        [a_determination(1), a_determination(2)],
        members,
        counts=counts,
    )
    with pytest.raises(HoldfireError, match="a claim is in two incidents"):
        check(material.counts, material)


def test_the_balance_is_printed_for_each_report_and_in_total() -> None:
    claims = [a_claim(1), a_claim(2, row=1), a_claim(3, row=2)]
    material = a_material(
        claims,
        [an_incident(1), an_incident(2)],
        [a_determination(1), a_determination(2)],
        [a_member(1), a_member(2)],
    )
    section = next(s for s in content(material).sections if s.key == "effort")
    table = next(b for b in section.blocks if isinstance(b, Table) and b.key == "balance")
    assert table.total
    assert [figure.value for figure in table.rows[-1][1:]] == [3, 3, 2, 1]  # type: ignore[union-attr]
    line = next(b for b in section.blocks if isinstance(b, Line) and b.key == "balance")
    values = {name: figure.value for name, figure in line.values.items()}  # type: ignore[union-attr]
    assert values == {"rows": 3, "claims": 3, "inside": 2, "other": 1}

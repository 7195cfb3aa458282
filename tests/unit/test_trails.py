"""A group that goes from block to block would leave a trail: each way to leave one is drawn up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache

import pytest

from holdfire.errors import BadInput
from holdfire.protecting.cells import Partition, Settings
from holdfire.protecting.partition import build
from holdfire.protecting.release import Asked, Release, draw_up
from holdfire.protecting.sites import Codes
from protecting import places

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@cache
def land(seed: int = 1, name: str = "SYR") -> Partition:
    """Return a partition of blocks of several cells."""
    return build(places(seed, 3000), Settings(block_share=20), name)


def blocks(of: Partition, cells: int = 2) -> list[str]:
    """Return the codes of blocks with at least so many cells."""
    return [b.code for b in of.blocks if sum(c.block == b.code for c in of.cells) >= cells]


def drawn(past: Sequence[Release], *codes: str, of: Partition | None = None, **more: object) -> Release:
    asked = Asked(codes=codes, sites=len(codes), partition=of or land(), limit=Fraction(1), **more)  # type: ignore[arg-type]
    return draw_up(asked, now=NOW, keyset="0" * 64, past=past)


def history(*epochs: Sequence[str]) -> list[Release]:
    """Return releases, whatever they show."""
    found: list[Release] = []
    for codes in epochs:
        found.append(drawn(found, *codes, others=True))
    return found


A, B, C = blocks(land())[:3]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (([A],), [B]),
        (([A, C],), [B, C]),
        (([A], [A, B]), [B]),
        (([A], [A, B], [A, B]), [B]),
        (([], [A, C], [A, B, C]), [B, C]),
        (([A], []), [B]),
        (([A], [], [], []), [B]),
        (([A], [], [A, B]), [B]),
        (([B], [A]), [B]),
    ],
)
def test_a_group_that_goes_from_block_to_block_is_refused(
    before: Sequence[Sequence[str]], now: list[str]
) -> None:
    past = history(*before)
    with pytest.raises(BadInput) as caught:
        drawn(past, *now)
    said = str(caught.value)
    assert f"block {A} was on and is not any more, and block {B} came on after it" in said
    assert "sees where it crossed" in said
    assert f"have {A} on too" in said
    assert drawn(past, *now, others=True).cells


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (([A],), [A]),
        (([A],), [A, B]),
        (([A, B],), [B]),
        (([A, B],), []),
        (([A],), []),
        (([], [B], [A, B]), [B]),
        (([A], []), [A, B]),
        (([A], [B]), [B]),  # two groups, as was said when B came on: it is not asked again
    ],
)
def test_control_one_that_stays_is_released(before: Sequence[Sequence[str]], now: list[str]) -> None:
    past = history(*before)
    assert drawn(past, *now).number == len(past) + 1


def test_cells_of_a_block_named_one_by_one_are_no_way_round() -> None:
    cells = [cell.code for cell in land().cells if cell.block == B]
    assert len(cells) > 1
    with pytest.raises(BadInput, match=f"block {A} was on"):
        drawn(history([A]), *cells)


def test_a_cell_that_is_a_whole_block_is_refused_only_where_it_is_named_as_one() -> None:
    of = build(places(1, 3000), Settings(block_k=20, block_share=15), "SYR")
    alone = sorted({block.code for block in of.blocks} - set(blocks(of)))
    assert alone, "control: a block of one cell"
    (cell,) = [each.code for each in of.cells if each.block == alone[0]]
    left = blocks(of)[0]
    past = [drawn([], left, of=of)]
    assert drawn(past, cell, of=of)
    with pytest.raises(BadInput, match=f"block {left} was on"):
        drawn(past, alone[0], of=of)


def test_a_change_of_partition_hides_no_trail() -> None:
    new = land(2, "SYR2")
    past, other = history([A]), blocks(new)[0]
    with pytest.raises(BadInput, match="cannot be seen whether a group moves on"):
        drawn(past, other, of=new, fresh=True)
    far = {b.code for b in new.blocks} & set(blocks(new))
    told = []
    for code in sorted(far):
        with pytest.raises(
            BadInput, match=f"block {A} was on and is not any more, and block {code}"
        ) as caught:
            drawn(past, code, of=new, fresh=True, earlier=[land()])
        told.append(caught.value)
    assert told
    assert drawn(past, other, of=new, fresh=True, others=True).name == "SYR2"


def test_a_block_that_is_carried_is_no_trail() -> None:
    new = build(places(1, 3000), Settings(k=12, block_share=20), "SYR2")
    found = drawn(history([A]), A, of=new, earlier=[land()])
    assert found.name == "SYR2"


def test_the_number_of_places_is_in_no_repr() -> None:
    asked = Asked(codes=["SYR-0001"], sites=98765, partition=land())
    found = Codes(codes=("SYR-0001",), sites=98765, partitions={}, left_out={})
    assert "98765" not in repr(asked) + repr(found)

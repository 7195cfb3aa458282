"""Releases that break each limit are found out by its attacker, and those that keep the rules are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import pytest

from holdfire.errors import BadInput
from holdfire.protecting.candidates import Candidates
from holdfire.protecting.carrying import cells_for
from holdfire.protecting.cells import Partition, Settings
from holdfire.protecting.partition import build
from holdfire.protecting.release import Published, Release, epoch
from holdfire.testing.attackers.attacking import PREMISES, Attack, Finding
from protecting import places


@cache
def land(seed: int = 1, name: str = "MADE", k: int = 10) -> tuple[Candidates, Partition]:
    found = places(seed, 2000)
    extent = land(1)[1].extent if name != "MADE" else None
    if extent is not None:  # those that lie outside the first partition are left out
        inside = land(1)[1].numbers_of(found.lon, found.lat) >= 0
        found = replace_rows(found, inside)
    return found, build(found, Settings(k=k, block_share=20), name, extent)


def replace_rows(found: Candidates, rows: np.ndarray) -> Candidates:
    priors = {name: mass[rows] for name, mass in found.priors.items()}
    return replace(found, lon=found.lon[rows], lat=found.lat[rows], priors=priors)


def series(*on: tuple[Partition, tuple[str, ...]]) -> list[Published]:
    """Return releases of one epoch after another."""
    first, _ = epoch(on[0][0].settings, "2026-12-01")
    found: list[Published] = []
    for number, (partition, codes) in enumerate(on, 1):
        begins = datetime.fromisoformat(first) + timedelta(days=28 * (number - 1))
        starts, ends = epoch(partition.settings, begins)
        said = Release(
            partition=partition.digest, name=partition.name, number=number, starts=starts, ends=ends,
            cells=tuple(sorted(codes)), before=found[-1].release.digest if found else "", keyset="0" * 64,
        )  # fmt: skip
        found.append(Published(said, partition))
    return found


def attacked(releases: list[Published], **knows: object) -> dict[tuple[str, str], Finding]:
    held = {part.digest: places_ for places_, part in (land(), land(2, "LATER", 12))}
    attack = Attack(releases=releases, candidates=held, **knows)  # type: ignore[arg-type]
    return {(each.attacker, each.prior): each for each in attack.findings()}


def above(found: dict[tuple[str, str], Finding]) -> set[str]:
    return {attacker for (attacker, _), each in found.items() if each.above}


def test_whole_cells_over_a_hundred_releases_pass_no_limit() -> None:
    _, partition = land()
    draw = np.random.default_rng(1)
    codes = [cell.code for cell in partition.cells]
    on = [tuple(sorted(set(draw.choice(codes, 3)))) for _ in range(100)]
    found = attacked(series(*((partition, each) for each in on)), sites=3)
    assert above(found) <= {"load", "load, counted"}
    told = found["inversion", "people"]
    assert told.zones == len({code for each in on for code in each})
    assert 0 < told.belief <= 1 / 10
    assert told.identified == 0
    assert found["differencing", "count"].zones > 0
    assert found["questions", "count"].left >= 10
    assert {attacker for attacker, _ in found} == set(PREMISES) - {"register"}


def test_few_sites_within_the_limit_pass_it() -> None:
    _, partition = land()
    heavy = max(partition.cells, key=lambda cell: cell.numbers["count"].mass).code
    found = attacked(series((partition, (heavy,))), sites=1)
    assert not above(found)
    assert found["load", "count"].belief == pytest.approx(found["inversion", "count"].belief, rel=0.05)


def test_a_partition_that_changes_needs_the_carry_rule() -> None:
    (_, old), (_, new) = land(), land(2, "LATER", 12)
    broken = 0
    for cell in old.cells:
        meeting = new.cells_meeting(cell.box)
        carried = tuple(sorted(cells_for((old, cell), new)))
        assert not {"change"} & above(attacked(series((old, (cell.code,)), (new, carried))))
        if not broken and len(meeting) > 2:
            for each in meeting:
                found = attacked(series((old, (cell.code,)), (new, (each.code,))))
                broken += "change" in above(found)
                assert found["change", "count"].above in ((), (cell.code,))
    assert broken


def test_who_counts_sites_in_few_cells_identifies() -> None:
    _, partition = land()
    three = tuple(cell.code for cell in partition.cells[:3])
    found = attacked(series((partition, three)), sites=200)
    assert found["load, counted", "count"].above == three
    assert found["load, counted", "count"].identified > 0
    assert found["load, counted", "count"].belief > found["load", "count"].belief


def test_the_number_of_sites_is_guessed_where_it_is_not_given() -> None:
    _, partition = land()
    found = attacked(series((partition, tuple(cell.code for cell in partition.cells))))
    assert "load" in above(found)
    assert ("load, counted", "count") not in found
    assert "guesses" in found["load", "count"].note


def test_blocks_that_are_handed_over_point_at_their_border() -> None:
    _, partition = land()
    cells = {
        block.code: tuple(c.code for c in partition.cells if c.block == block.code)
        for block in partition.blocks
    }
    stays = attacked(series(*((partition, cells[partition.blocks[0].code]),) * 3))
    assert stays["movement", "count"].zones == 1
    assert not stays["movement", "count"].above
    worst = 0.0
    for one in list(cells.values())[:4]:
        for other in cells.values():
            if one != other:
                found = attacked(series((partition, one), (partition, other)))
                worst = max(worst, found["movement", "count"].belief)
    assert worst > 1 / 10


def test_a_block_that_goes_off_later_is_followed_too() -> None:
    _, partition = land()
    one, other = (
        tuple(c.code for c in partition.cells if c.block == block.code) for block in partition.blocks[:2]
    )
    over = attacked(series((partition, one), (partition, one + other), (partition, other)))
    beside = attacked(series((partition, one), (partition, one + other), (partition, one)))
    assert over["movement", "count"].belief > beside["movement", "count"].belief


def test_a_register_says_how_many_of_it_are_left() -> None:
    known, partition = land()
    code = partition.cells_of(known.lon[:1], known.lat[:1])[0]
    register = np.column_stack([known.lon[:1], known.lat[:1]])
    other = next(cell.code for cell in partition.cells if cell.code != code)
    found = attacked(series((partition, (code, other))), register=register)["register", "register"]
    assert (found.belief, found.identified, found.above) == (1, 1, (code,))
    assert "1 zones hold no place of it" in found.note


def test_a_partition_with_small_cells_is_found_out() -> None:
    """The control of what holds: were k claimed and not kept, inversion says so."""
    known, partition = land()
    claimed = replace(partition, settings=replace(partition.settings, k=40, block_k=80))
    releases = series((claimed, tuple(cell.code for cell in claimed.cells)))
    attack = Attack(releases=releases, candidates={claimed.digest: known}, sites=1)
    found = {(each.attacker, each.prior): each for each in attack.findings()}
    assert "inversion" in above(found)


def test_other_candidates_and_no_release_are_refused() -> None:
    known, partition = land()
    with pytest.raises(BadInput, match="not the candidates"):
        Attack(releases=series((partition, ())), candidates={partition.digest: places(9, 2000)})
    with pytest.raises(BadInput, match="no release"):
        Attack(releases=[], candidates={partition.digest: known})


def test_what_is_said_names_no_place() -> None:
    known, partition = land()
    found = attacked(series((partition, tuple(cell.code for cell in partition.cells[:5]))), sites=5)
    said = repr([each.value for each in found.values()])
    for lon, lat in zip(known.lon.tolist(), known.lat.tolist(), strict=True):
        assert f"{lon:.4f}" not in said
        assert f"{lat:.4f}" not in said

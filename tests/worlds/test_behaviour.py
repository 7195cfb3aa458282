"""War and sources behave as the presets say; where a cause is named, a control goes without it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from holdfire import worlds
from holdfire.cli import app
from holdfire.worlds.making import Made, World
from holdfire.worlds.preset import Preset
from holdfire.worlds.verdicts import VERDICTS


def changed(name: str, **parts: dict[str, Any]) -> Preset:
    """Return a preset with other values in some of its parts."""
    whole = worlds.read(name).model_dump(mode="json", by_alias=True)
    for part, values in parts.items():
        whole[part] |= values
    return Preset.model_validate(whole)


@cache
def made(name: str, records: int = 12_000, seed: int = 3) -> tuple[World, list[Made]]:
    world = worlds.world(worlds.read(name), seed, records)
    return world, list(world.blocks())


def party(world: World, name: str) -> int:
    return [each.id for each in world.preset.parties].index(name)


def rate(world: World, blocks: list[Made], name: str, first: int, until: int) -> float:
    """Return acts a day of a party between two days."""
    code = party(world, name)
    acts = [each.acts for each in blocks]
    count = sum(int((a.real & (a.actor == code) & (a.day >= first) & (a.day < until)).sum()) for a in acts)
    return count / (until - first)


def test_each_party_keeps_the_truce_in_its_own_way() -> None:
    world, blocks = made("front")
    kept = rate(world, blocks, "first-column", 156, 190) / rate(world, blocks, "first-column", 60, 150)
    broken = rate(world, blocks, "dawn", 156, 240) / rate(world, blocks, "dawn", 0, 150)
    assert kept < 0.6
    assert broken > 0.75
    spoiler = rate(world, blocks, "free-salt", 320, 326)
    assert spoiler > 1.3 * rate(world, blocks, "free-salt", 330, 500)


def test_a_truce_wears_off() -> None:
    world, blocks = made("hard")
    early = sum(rate(world, blocks, name, 186, 206) for name in ("ardal", "free-north", "river-front"))
    late = sum(rate(world, blocks, name, 310, 330) for name in ("ardal", "free-north", "river-front"))
    assert late > 1.3 * early


def test_a_group_that_splits_is_there_on_its_days_alone() -> None:
    world, blocks = made("front")
    assert rate(world, blocks, "salt-brigade", 0, 240) > 0
    assert rate(world, blocks, "salt-brigade", 240, 500) == 0
    assert rate(world, blocks, "free-salt", 0, 240) == 0
    assert rate(world, blocks, "free-salt", 240, 500) > 0


def clumped(preset: Preset, seed: int) -> float:
    """Return how much more acts of a district follow those of the day before than chance has it."""
    counts = worlds.world(preset, seed, 12_000).course.counts.sum(axis=2).astype(float)
    apart = counts - counts.mean(axis=0)
    return float((apart[1:] * apart[:-1]).sum() / (apart * apart).sum())


def test_acts_call_forth_acts() -> None:
    calm: dict[str, Any] = {"fighting": {"replies": 0, "repeats": 0, "offensives": 0}, "pact": {"phases": []}}
    stirred = {"fighting": {"offensives": 0}, "pact": {"phases": []}}
    with_, without = (
        np.mean([clumped(changed("disengagement", **each), seed) for seed in (1, 2, 3)])
        for each in (stirred, calm)
    )
    assert with_ > 0.1
    assert abs(without) < 0.04


def shares(blocks: list[Made], source: str, actor: int) -> float:
    """Return the share of acts by a party that a source tells of."""
    told = happened = 0
    for each in blocks:
        [telling] = [t for t in each.tellings if t.ear.note.id == source]
        mine = each.acts.real & (each.acts.actor == actor)
        seen = np.zeros(len(each.acts), dtype=bool)
        seen[telling.told.act[(telling.told.act >= 0) & ~telling.told.denied]] = True
        told, happened = told + int((seen & mine).sum()), happened + int(mine.sum())
    return told / happened


def test_a_party_tells_of_the_other_side() -> None:
    world, blocks = made("disengagement", 8000)
    west, east = party(world, "west"), party(world, "east")
    assert shares(blocks, "west_office", east) > 4 * shares(blocks, "west_office", west)
    assert shares(blocks, "east_office", west) > 4 * shares(blocks, "east_office", east)
    assert shares(blocks, "cameras", west) == pytest.approx(shares(blocks, "cameras", east), abs=0.08)


def test_a_party_admits_only_what_it_did() -> None:
    """It blames the other side for what never happened, which is the control."""
    world, blocks = made("disengagement", 8000)
    own = {each.note.id: each.own for each in world.sources if each.own >= 0}
    admitted, false_blame = [], 0
    for each in blocks:
        for telling in each.tellings:
            party = own.get(telling.ear.note.id)
            if party is None:
                continue
            told = telling.told.take(~telling.told.denied)
            known = told.act >= 0
            happened = known & each.acts.real[np.maximum(told.act, 0)]
            admitted += [*happened[told.actor == party].tolist()]
            false_blame += int((~happened & (told.actor != party) & (told.actor >= 0)).sum())
    assert len(admitted) > 10
    assert all(admitted)
    assert false_blame > 50


def test_a_camera_without_power_sees_nothing() -> None:
    _, blocks = made("disengagement", 8000)
    during = before = 0
    for each in blocks:
        [telling] = [t for t in each.tellings if t.ear.note.id == "cameras"]
        days = each.acts.day[telling.told.act[telling.told.act >= 0]]
        during += int(((days >= 210) & (days < 219)).sum())
        before += int(((days >= 201) & (days < 210)).sum())
    assert during == 0
    assert before > 3


def test_a_copy_keeps_the_root_and_the_mistakes() -> None:
    _, blocks = made("capital", 6000)
    copies = 0
    for each in blocks:
        held = {int(k): (t.told, i) for t in each.tellings for i, k in enumerate(t.told.key.tolist())}
        for telling in each.tellings:
            for at in np.flatnonzero(telling.told.copied):
                told, place = held[int(telling.told.copied[at])]
                assert told.root[place] == telling.told.root[at]
                assert told.act[place] == telling.told.act[at]
                assert told.wrong[place] & ~telling.told.wrong[at] == 0
                copies += 1
    assert copies > 1500


def test_rumours_killed_no_one_and_are_refuted() -> None:
    _, blocks = made("capital", 6000)
    told = 0
    for each in blocks:
        rumours = each.acts.take(~each.acts.real)
        assert not rumours.killed.any()
        assert set(rumours.verdict.tolist()) <= {VERDICTS.index("refuted")}
        told += sum(int((~each.acts.real[t.told.act[t.told.act >= 0]]).sum()) for t in each.tellings)
    assert told > 100


def test_a_large_world_is_denser_than_a_small_one() -> None:
    """Acts a town grow in `hard`; with `grow: 1` they would not."""

    def density(preset: Preset, records: int) -> float:
        world = worlds.world(preset, 1, records)
        return float(world.course.counts.sum()) / world.country.towns

    hard, even = worlds.read("hard"), changed("hard", country={"grow": 1.0})
    assert density(hard, 60_000) > 1.15 * density(hard, 10_000)
    assert density(even, 60_000) == pytest.approx(density(even, 10_000), rel=0.15)


def test_the_command_makes_a_world_and_lists_presets(tmp_path: Any) -> None:
    result = CliRunner().invoke(app, ["simulate", "siege", str(tmp_path / "w"), "--records", "300", "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["simulated"] is True
    listed = CliRunner().invoke(app, ["simulate", "list"]).output
    assert all(name in listed for name in worlds.presets())

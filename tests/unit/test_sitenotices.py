"""A notice of a site that lies in the store: two officers, a verified position, the owner's consent there."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfire.errors import BadInput
from holdfire.sheltering import consenting, handing, noticed, receiving, sitenotices
from holdfire.sheltering.sitestore import Store
from noticing import START, Scene
from sheltered import ADA, BEN, NAME, NOW, consent, fix, founded, partition, site

LAND = partition()


def kept(folder: Path, verified: bool = True) -> tuple[Store, str]:
    store = founded(folder)
    found = store.add(ADA, site(LAND), NOW)
    if verified:
        store.write(found, [BEN], fix(LAND, shift=40), NOW)
    store.write(found, [ADA], consent("north"), NOW)
    return store, found


def window(scene: Scene, **more: str) -> Path:
    said = {"from": "2031-05-10T12:00Z", "to": "2031-06-07T12:00Z", "reply_by": "2031-05-11T12:00Z"}
    return scene.file("window.json", said | more)


def test_a_site_is_told_of_from_the_store(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path)
    store, found = kept(tmp_path / "sites")

    def drawn() -> str:
        file = window(scene)
        return sitenotices.draft_site(scene.case, store, found, [ADA, BEN], "N-1", file, ["north"]).notice

    notice = drawn()
    with scene.case.ledger() as ledger:
        size = ledger.size
    assert drawn() == notice
    with scene.case.ledger() as ledger:
        assert ledger.size == size
    opened = consenting.open_again(scene.case, notice, store, [ADA, BEN], "N-1", scene.now)
    (handed,) = handing.send(scene.case, notice, scene.path / "out", opened=opened)
    got, _ = receiving.receive(handed.file, scene.offices["north"], START, trust=scene.mark)
    assert got.notice.subject == NAME
    (stop,) = got.notice.stops
    assert LAND.cell_of(stop.lon / 10**7, stop.lat / 10**7).code == got.notice.cells[0] == LAND.cells[0].code
    assert got.notice.partition == LAND.digest


def test_what_keeps_it_from_being_told_comes_at_once(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path)
    store, found = kept(tmp_path / "sites", verified=False)
    with pytest.raises(BadInput) as error:
        sitenotices.draft_site(
            scene.case, store, found, [ADA, BEN], "N-1", window(scene), ["north", "south", "east"]
        )
    said = str(error.value)
    for words in ("not verified", "not consented in the store", "no key of a recipient 'east'"):
        assert words in said
    assert "recipient north" not in said
    assert NAME not in said
    with pytest.raises(BadInput, match="comes from there"):
        sitenotices.draft_site(
            scene.case, store, found, [ADA, BEN], "N-1", window(scene, subject="x"), ["north"]
        )
    with pytest.raises(BadInput, match="one officer is there"):
        sitenotices.draft_site(scene.case, store, found, [ADA], "N-1", window(scene), ["north"])
    assert noticed.status(scene.case) == []

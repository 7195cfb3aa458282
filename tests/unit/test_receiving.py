"""The recipient's side: no byte of what arrives, of a card or of a receipt can be changed unseen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from holdfire.digests import canonical
from holdfire.errors import BadInput, CheckFailed, HoldfireError
from holdfire.ledger import envelopes, opening
from holdfire.ledger.keys import PrivateKey, written
from holdfire.sheltering import handing, receiving
from noticing import Scene
from signatures import LOG


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, handing.Handed]:
    scene = Scene.made(tmp_path_factory.mktemp("sent"), ("north", "south"))
    (handed,) = handing.send(scene.case, scene.drafted(["north"]), scene.path / "out")
    return scene, handed


def test_no_byte_of_a_notice_can_be_changed(sent: tuple[Scene, handing.Handed]) -> None:
    scene, handed = sent
    whole = handed.file.read_bytes()
    places = range(0, len(whole), max(1, len(whole) // 200))
    path, accepted = scene.path / "changed", []
    for at in places:
        content = bytearray(whole)
        content[at] ^= 1 + at % 7
        path.write_bytes(bytes(content))
        try:
            receiving.receive(path, scene.offices["north"], scene.now, trust=scene.mark)
        except (BadInput, CheckFailed):
            continue
        accepted.append(at)
    assert len(places) > 180
    assert accepted == []


def test_what_the_logs_own_key_signed_again_must_still_be_sealed_to_the_recipient(
    sent: tuple[Scene, handing.Handed],
) -> None:
    scene, handed = sent
    said = json.loads(handed.file.read_bytes())
    del said["signature"]
    for change in ({"reply_by": "2031-05-12T12:00Z"}, {"notice": "ab" * 32}, {"before": "ab" * 32}):
        changed = said | change
        message = envelopes.FORM.encode() + b"\n" + canonical(changed)
        path = scene.path / "changed"
        path.write_bytes(canonical(changed | {"signature": written(LOG.sign(message))}) + b"\n")
        with pytest.raises(CheckFailed, match="what is inside was changed"):
            receiving.receive(path, scene.offices["north"], scene.now)


def test_the_length_of_a_notice_says_little(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path, ("north",))
    route = [{"lon": 36.8123 + n / 977, "lat": 34.7301 + n / 1013} for n in range(20)]
    one = scene.drafted(["north"])
    other = scene.drafted(["north"], about="movement", place=None, route=route, words="x" * 300)
    sizes = {
        handing.send(scene.case, each, scene.path / "out")[0].file.stat().st_size for each in (one, other)
    }
    assert len(sizes) == 1


def test_no_byte_of_a_card_can_be_changed(sent: tuple[Scene, handing.Handed]) -> None:
    scene, _ = sent
    whole = scene.card("north").read_bytes()
    assert opening.read_card(whole).name == "north"
    for at in range(len(whole) - 1):
        content = bytearray(whole)
        content[at] ^= 1
        with pytest.raises(BadInput):
            opening.read_card(bytes(content))
    for junk in (b"", b"[]", b"{}", b'{"form":1}', b"\xff", b"null", b'{"a":1.5}'):
        with pytest.raises(BadInput):
            opening.read_card(junk)


def test_a_key_of_small_order_is_no_key() -> None:
    signer = PrivateKey.make("north")
    said = {
        "form": opening.CARD,
        "name": "north",
        "signs": written(signer.public),
        "opens": written(bytes(32)),
    }
    message = opening.CARD.encode() + b"\n" + canonical(said)
    with pytest.raises(BadInput, match="nothing can be sealed"):
        opening.read_card(canonical(said | {"signature": written(signer.sign(message))}) + b"\n")


def test_keys_lie_side_by_side_and_are_encrypted_together(tmp_path: Path) -> None:
    path = tmp_path / "north.key"
    receiving.make_keys("north", path, "a long passphrase")
    signer, opener = opening.read(path, lambda _: "a long passphrase")
    assert signer.name == "north"
    assert opener.open_(opening.seal(opener.public, b"content", b"info"), b"info") == b"content"
    for each in (path, opening.beside_of(path)):
        assert b"ENCRYPTED" in each.read_bytes()
        assert each.stat().st_mode & 0o077 == 0
    with pytest.raises(BadInput, match="passphrase is wrong"):
        opening.read(path, lambda _: "another")
    with pytest.raises(BadInput, match="no passphrase was given"):
        opening.read(path)
    with pytest.raises(BadInput, match="never written over"):
        receiving.make_keys("north", path)
    assert "passphrase" not in repr((signer, opener))


def test_an_opened_notice_is_held_against_its_commitment(sent: tuple[Scene, handing.Handed]) -> None:
    scene, handed = sent
    found, _ = receiving.receive(handed.file, scene.offices["north"], scene.now, trust=scene.mark)
    path = scene.path / "opened"
    receiving.keep(found, path)
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(BadInput, match="a file stands there"):
        receiving.keep(found, path)
    said = json.loads(path.read_bytes())
    (scene.path / "other").write_bytes(canonical(said | {"salt": written(bytes(32))}))
    with pytest.raises(CheckFailed, match="not what the commitment stands for"):
        receiving.kept(scene.path / "other")
    (scene.path / "other").write_bytes(b"{}")
    with pytest.raises(HoldfireError, match="no opened notice"):
        receiving.kept(scene.path / "other")

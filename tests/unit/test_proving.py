"""A proof of who was told: every byte changed, entries left out, another log; and no place in it."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from holdfire import signing
from holdfire.digests import canonical
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import envelopes
from holdfire.ledger.keys import written
from holdfire.sheltering import handing, notifying, proving, receiving, recipients
from noticing import LAT, LON, START, SUBJECT, Scene
from signatures import ADA, BEN, LOG, note, signed


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, str]:
    """Return a scene in which north acknowledged, south did not answer, and east was not told."""
    scene = Scene.made(tmp_path_factory.mktemp("proof"), ("north", "south", "east"))
    notice = scene.drafted(["north", "south"])
    north, _ = handing.send(scene.case, notice, scene.path / "out")
    scene.later(hours=1)
    handing.enter(scene.case, scene.answer(north, "delivered"))
    handing.enter(scene.case, scene.answer(north))
    found, _ = receiving.receive(north.file, scene.offices["north"], scene.now)
    receiving.keep(found, scene.path / "opened")
    scene.later(days=2)
    proving.prove(scene.case, notice, scene.path / "proof", scene.path / "log")
    return scene, notice


def verified(scene: Scene, name: str = "proof", **how: Path) -> proving.Proved:
    return proving.verify(scene.path / name, scene.mark, scene.now, **how)


def test_it_shows_who_was_told_who_was_not_and_who_did_not_answer(proof: tuple[Scene, str]) -> None:
    scene, notice = proof
    found = verified(scene, log=scene.path / "log", opened=scene.path / "opened")
    told = {found.cards[each.to].name: each for each in found.told}
    assert (told["north"].state, told["north"].in_time) == ("acknowledged", True)
    assert (told["south"].state, told["south"].in_time) == ("unanswered", False)
    assert (told["east"].state, told["east"].sent) == ("not_addressed", None)
    shown = "\n".join(proving.lines(found))
    assert "east" in shown
    assert "not told" in shown
    assert "no answer, and the time is over: asked for by 2031-05-11T12:00Z" in shown
    assert found.opened
    assert found.notice == notice


def test_it_shows_that_the_notice_was_withdrawn_since(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path, ("north",))
    notice = scene.drafted(["north"])
    handing.send(scene.case, notice, tmp_path / "out")
    scene.later(hours=3)
    proving.prove(scene.case, notice, tmp_path / "proofs" / "before")
    assert verified(scene, "proofs/before").ended == ()
    notifying.withdraw(scene.case, notice)
    proving.prove(scene.case, notice, tmp_path / "proofs" / "after")
    found = verified(scene, "proofs/after")
    assert found.ended == (("withdrawn", scene.now),)
    assert "withdrawn 2031-05-10T15:00Z: it no longer holds" in proving.lines(found)


def test_it_shows_that_keys_were_withdrawn_and_takes_no_receipt_of_theirs_after(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path, ("north", "south"))
    notice = scene.drafted()
    north, south = handing.send(scene.case, notice, tmp_path / "out")
    handing.enter(scene.case, scene.answer(north))
    late = scene.answer(south)
    for name in ("north", "south"):
        with scene.case.ledger(write=True) as ledger:
            signing.enter(ledger, signed(recipients.draft_withdrawal(scene.case, name)[1], ADA, BEN))
    proving.prove(scene.case, notice, tmp_path / "proof")
    found = verified(scene)
    assert {found.cards[each.to].name: each.state for each in found.told} == {
        "north": "acknowledged",
        "south": "sent",
    }
    shown = [line for line in proving.lines(found) if "these keys were withdrawn 2031-05-10T12:00Z" in line]
    assert ["acknowledged 2031-05-10T12:00Z" in line for line in shown] == [True, False]
    with scene.case.ledger(write=True) as ledger:  # past the commands
        said = envelopes.read_receipt(late.read_bytes(), late.name)
        ledger.append([{"kind": "receipt", **said, "entered": "2031-05-10T12:00Z"}])
    with pytest.raises(BadInput, match="keys that were withdrawn before"):
        proving.prove(scene.case, notice, tmp_path / "again")


def test_without_the_log_absence_is_not_claimed(proof: tuple[Scene, str]) -> None:
    scene, _ = proof
    shown = "\n".join(proving.lines(verified(scene)))
    assert "acknowledged" in shown
    assert "not told," in shown
    assert "is not shown" in shown
    assert "no answer" not in shown
    assert "east" not in shown


def test_no_byte_of_a_proof_can_be_changed(proof: tuple[Scene, str]) -> None:
    scene, _ = proof
    whole = (scene.path / "proof").read_bytes()
    places = range(0, len(whole), max(1, len(whole) // 200))
    accepted = []
    for at in places:
        changed = bytearray(whole)
        changed[at] ^= 1 + at % 7
        (scene.path / "changed").write_bytes(bytes(changed))
        try:
            verified(scene, "changed")
        except (BadInput, CheckFailed):
            continue
        accepted.append(at)
    assert len(places) > 180
    assert accepted == []


def resigned(scene: Scene, change: object) -> Path:
    """Return a proof that whoever holds the log's key changed, and signed again."""
    said = json.loads((scene.path / "proof").read_bytes())
    del said["signature"]
    change(said)  # type: ignore[operator]
    path = scene.path / "resigned"
    message = proving.FORM.encode() + b"\n" + canonical(said)
    path.write_bytes(canonical(said | {"signature": written(LOG.sign(message))}) + b"\n")
    return path


def test_not_even_the_logs_own_key_can_hide_an_answer(proof: tuple[Scene, str]) -> None:
    scene, _ = proof

    def hide(said: dict) -> None:
        said["entries"] = [each for each in said["entries"] if each["entry"].get("step") != "acknowledged"]

    resigned(scene, hide)
    shown = "\n".join(proving.lines(verified(scene, "resigned")))
    assert "acknowledged" not in shown
    assert "is not shown" in shown
    with pytest.raises(CheckFailed, match="leaves out entry"):
        verified(scene, "resigned", log=scene.path / "log")


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("another time", lambda said: said["entries"][-1]["entry"].update(at="2031-05-10T12:30Z")),
        ("another key", lambda said: said["entries"][1]["entry"].update(name="west")),
        ("another notice", lambda said: said.update(notice="ab" * 32)),
        ("an entry twice", lambda said: said["entries"].append(said["entries"][-1])),
        ("a place moved", lambda said: said["entries"][-1].update(place=said["entries"][-1]["place"] - 1)),
        ("another root", lambda said: said.update(checkpoint=said["checkpoint"].replace("\n", "\n1", 1))),
        ("the future", lambda said: said.update(made="2031-06-10T12:30Z")),
    ],
)
def test_what_does_not_lead_to_the_root_is_refused(
    proof: tuple[Scene, str], what: str, change: object
) -> None:
    scene, _ = proof
    resigned(scene, change)
    with pytest.raises((BadInput, CheckFailed)):
        verified(scene, "resigned")
    resigned(scene, lambda said: None)
    assert verified(scene, "resigned").told


def test_another_record_or_another_log_is_refused(proof: tuple[Scene, str], tmp_path: Path) -> None:
    scene, notice = proof
    with pytest.raises(CheckFailed, match="another record"):
        proving.verify(scene.path / "proof", "00" * 32, scene.now)
    other = Scene.made(tmp_path / "other")
    theirs = other.drafted(["north"])
    for word in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"):
        notifying.draft(other.case, other.asked(words=word), ["north"])
    proving.prove(other.case, theirs, other.path / "proof", other.path / "log")
    with pytest.raises(CheckFailed, match=r"another than the proof's|leaves out"):
        verified(scene, log=other.path / "log")
    (handed,) = handing.send(other.case, theirs, other.path / "out", ["north"])
    found, _ = receiving.receive(handed.file, other.offices["north"], other.now)
    receiving.keep(found, other.path / "opened")
    with pytest.raises(CheckFailed, match="another notice"):
        verified(scene, opened=other.path / "opened")
    assert notice != theirs


def test_witnesses_that_are_asked_for_must_have_cosigned(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path, quorum=1)
    notice = scene.drafted(["north"])
    proving.prove(scene.case, notice, scene.path / "proof")
    with pytest.raises(CheckFailed, match="0 of 1 witnesses"):
        verified(scene)


SECRETS = (SUBJECT, "water tower", f"{LON:.4f}", f"{LAT:.4f}", str(round(LON * 10**7)), "MADE-0007", "site")


def leaks(content: bytes) -> list[str]:
    """Scan for what no public file may hold."""
    return [each for each in SECRETS if each.encode() in content]


def test_no_published_file_holds_a_place_or_a_category(proof: tuple[Scene, str]) -> None:
    scene, _ = proof
    files = [scene.path / "proof", *[each for each in (scene.path / "log").rglob("*") if each.is_file()]]
    assert len(files) >= 4
    assert [leaks(each.read_bytes()) for each in files] == [[]] * len(files)
    planted = (scene.path / "proof").read_bytes() + f'{{"lon":{LON}}}'.encode()
    assert leaks(planted), "the scan finds a coordinate that is there"
    assert leaks((scene.path / "notice.json").read_bytes())


def test_a_commitment_without_salt_would_be_guessed(proof: tuple[Scene, str]) -> None:
    """Whoever has a list of likely places tries each; the salt is all that stands in the way."""
    scene, notice = proof
    _, told = receiving.kept(scene.path / "opened")
    guesses = [told.text().replace(str(told.stops[0].lon).encode(), str(lon).encode())
               for lon in range(told.stops[0].lon - 500, told.stops[0].lon + 500)]  # fmt: skip
    bare = hashlib.sha256(b"\x02" + told.text()).hexdigest()
    assert sum(hashlib.sha256(b"\x02" + each).hexdigest() == bare for each in guesses) == 1
    salts = (b"", bytes(32), bytes.fromhex(scene.mark), notice.encode())
    hits = [
        each
        for each in guesses
        for salt in salts
        if hashlib.sha256(b"\x02" + salt + each).hexdigest() == notice
    ]
    assert len(guesses) == 1000
    assert hits == []


def test_renewal_shows_in_the_proof_of_the_old_notice(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path)
    notice = scene.drafted(["north"])
    handing.send(scene.case, notice, scene.path / "out")
    new = notifying.renew(
        scene.case,
        notice,
        starts=START,
        ends=START + timedelta(days=60),
        reply_by=START + timedelta(days=2),
    )
    handing.send(scene.case, new.notice, scene.path / "out")
    proving.prove(scene.case, notice, scene.path / "proof", scene.path / "log")
    states = [each.state.value for each in verified(scene, log=scene.path / "log").told]
    assert states == ["renewed", "not_addressed"]


def test_a_newer_log_serves_and_an_older_one_does_not(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path)
    notice = scene.drafted(["north"])
    handing.send(scene.case, notice, scene.path / "out")
    proving.prove(scene.case, notice, scene.path / "proof", scene.path / "old")
    with scene.case.ledger(write=True) as ledger:
        ledger.append(note(str(n)) for n in range(300))
    later = notifying.draft(scene.case, scene.asked(words="later"), ["north"]).notice
    proving.prove(scene.case, later, scene.path / "other", scene.path / "log")
    found = verified(scene, log=scene.path / "log")
    assert found.complete
    assert found.size < 10
    assert [each.state.value for each in found.told] == ["sent", "not_addressed"]
    with pytest.raises(CheckFailed, match="older than the proof"):
        verified(scene, "other", log=scene.path / "old")
    with pytest.raises(BadInput, match="tile of the log is missing"):
        verified(scene, log=tmp_path)


def test_an_answer_dated_back_shows_when_the_log_had_it(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path)
    notice = scene.drafted(["north"])
    (handed,) = handing.send(scene.case, notice, scene.path / "out")
    scene.later(hours=1)
    early = scene.answer(handed)
    scene.later(days=3)
    handing.enter(scene.case, early)
    proving.prove(scene.case, notice, scene.path / "proof")
    shown = "\n".join(proving.lines(verified(scene)))
    assert "acknowledged 2031-05-10T13:00Z; by their clock; in the log from 2031-05-13T13:00Z" in shown


def test_two_worlds_that_differ_in_the_place_have_logs_that_differ_in_digests(tmp_path: Path) -> None:
    """Moving the place anywhere changes nothing in the log but salted digests and signatures."""
    logs = []
    for n, place in enumerate(({"lon": LON, "lat": LAT}, {"lon": -70.1234567, "lat": -33.7654321})):
        scene = Scene.made(tmp_path / str(n))
        notice = scene.drafted(cells=[f"MADE-{n:04d}"], place=place, subject=SUBJECT)
        sent = handing.send(scene.case, notice, scene.path / "out")
        handing.enter(scene.case, scene.answer(sent[0]))
        with scene.case.ledger() as ledger:
            text = "\n".join(entry.content.decode() for entry in ledger.entries())
        logs.append((re.sub(r"[0-9a-f]{16,64}|[A-Za-z0-9+/]{40,}=*", "?", text), sent[0].file.stat().st_size))
    assert logs[0] == logs[1]
    assert "acknowledged" in logs[0][0]

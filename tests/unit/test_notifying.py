"""A notice from draft to receipt, every refusal on the way, and nothing of a place where others read."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from holdfire import signing
from holdfire.errors import BadInput, CheckFailed, HoldfireError
from holdfire.ledger import drafts, entering, envelopes, opening
from holdfire.ledger.keys import PrivateKey, written
from holdfire.precaution.notified import register
from holdfire.sheltering import handing, noticed, notifying, receiving, recipients
from holdfire.times import utc
from noticing import LAT, LON, START, SUBJECT, Scene
from releasing import partition
from signatures import ADA, BEN, DANA, signed


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene.made(tmp_path)


def problems(error: pytest.ExceptionInfo[HoldfireError]) -> str:
    return str(error.value)


def test_a_notice_goes_out_and_is_answered(scene: Scene) -> None:
    notice = scene.drafted()
    assert scene.states(notice) == {"north": "drafted", "south": "drafted"}
    scene.later(minutes=1)
    north, south = handing.send(scene.case, notice[:10], scene.path / "out")
    assert scene.states(notice) == {"north": "sent", "south": "sent"}
    scene.later(minutes=30)
    handing.enter(scene.case, scene.answer(north, "delivered"))
    assert scene.states(notice)["north"] == "delivered"
    handing.enter(scene.case, scene.answer(north))
    assert scene.states(notice) == {"north": "acknowledged", "south": "sent"}
    scene.later(days=1)
    assert scene.states(notice) == {"north": "acknowledged", "south": "unanswered"}
    handing.enter(scene.case, scene.answer(south))
    (told,) = [told for name, _, told in noticed.status(scene.case) if name == notice]
    assert [(each.state.value, each.in_time) for each in told] == [
        ("acknowledged", True),
        ("acknowledged", False),
    ]
    scene.later(days=40)
    assert set(scene.states(notice).values()) == {"expired"}
    assert notifying.expire(scene.case) == [notice]
    assert notifying.expire(scene.case) == []


def test_what_arrives_says_what_was_written_and_what_it_is_not(scene: Scene) -> None:
    notice = scene.drafted(["north"])
    (handed,) = handing.send(scene.case, notice, scene.path / "out")
    found, _ = receiving.receive(handed.file, scene.offices["north"], scene.now, trust=scene.mark)
    shown = "\n".join(receiving.told(found))
    assert f"longitude {LON}, latitude {LAT}" in shown
    assert "MGRS 37S" in shown
    assert SUBJECT in shown
    assert "voluntary and informative" in shown
    assert "changes no duty under humanitarian law" in shown
    assert "طوعيّ" in shown
    receiving.keep(found, scene.path / "opened")
    assert receiving.kept(scene.path / "opened") == (notice, found.notice)


def test_words_cannot_command_the_readers_terminal(scene: Scene) -> None:
    notice = scene.drafted(["north"], words="two storeys\x1b[2J\x07\u202eclear")
    (handed,) = handing.send(scene.case, notice, scene.path / "out")
    found, _ = receiving.receive(handed.file, scene.offices["north"], scene.now)
    shown = "\n".join(receiving.told(found))
    assert "two storeys" in shown
    assert not [each for each in "\x1b\x07\u202e" if each in shown]


def test_every_refusal_of_a_draft_comes_at_once(scene: Scene) -> None:
    scene.consent("north", until="2031-05-10T13:00Z")
    scene.later(hours=2)
    file = scene.asked(**{"from": "2031-06-01T00:00Z", "to": "2031-05-01T00:00Z"})
    with pytest.raises(BadInput) as error:
        notifying.draft(scene.case, file, ["north", "south", "east"])
    said = problems(error)
    for words in ("runs backwards", "has expired", "has not consented", "no key of a recipient 'east'"):
        assert words in said
    assert list(noticed.status(scene.case)) == []
    with pytest.raises(BadInput, match="window has ended already"):
        notifying.draft(scene.case, scene.asked(to="2031-05-10T13:00Z"), ["north"])
    with pytest.raises(BadInput, match="time to reply by has passed"):
        notifying.draft(scene.case, scene.asked(reply_by="2031-05-10T13:00Z"), ["north"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"place": {"lon": LON, "lat": 134.7301239}}, "is not on Earth"),
        ({"place": {"lon": LON, "lat": "north of the river"}}, "not in degrees"),
        ({"place": {"lon": 36.8, "lat": 34.73}}, "rounded"),
        ({"place": None, "cells": None}, "no position is given"),
        ({"about": "hospital"}, "not said what this is about"),
        ({"about": "movement", "place": None, "route": [{"lon": LON, "lat": LAT}]}, "from 2 to"),
        ({"colour": "red"}, "not one of a notification"),
        ({"to": "2031"}, "is not an instant"),
        ({"subject": ""}, "missing or empty"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_and_not_quoted(scene: Scene, changes: dict, words: str) -> None:
    scene.consent("north")
    with pytest.raises(BadInput, match=words) as error:
        notifying.draft(scene.case, scene.asked(**changes), ["north"])
    assert not any(each in problems(error) for each in ("36.8", "34.7", "134", "river", "Almond", "hospital"))


def test_a_file_that_is_not_in_its_form_is_not_quoted(scene: Scene) -> None:
    path = scene.path / "notice.yaml"
    path.write_text(f"about: site\nplace: {{lon: {LON}, lat: [Almond\n", encoding="utf-8")
    with pytest.raises(BadInput, match="not in its form") as error:
        notifying.draft(scene.case, path, ["north"])
    assert "36.8" not in problems(error)
    assert "Almond" not in problems(error)


def test_consent_is_dated_and_can_be_taken_back(scene: Scene) -> None:
    given = scene.consent("north")
    notice = notifying.draft(scene.case, scene.asked(), ["north"]).notice
    scene.later(minutes=1)
    assert notifying.revoke(scene.case, given[:10]) == given
    assert notifying.revoke(scene.case, given[:10]) == given
    with pytest.raises(BadInput, match="revoked the consent"):
        handing.send(scene.case, notice, scene.path / "out")
    with pytest.raises(BadInput, match="revoked the consent"):
        notifying.renew(
            scene.case,
            notice,
            starts=START,
            ends=START + timedelta(days=50),
            reply_by=START + timedelta(days=2),
        )
    scene.later(minutes=1)
    scene.consent("north")
    assert handing.send(scene.case, notice, scene.path / "out")
    with pytest.raises(BadInput) as error:
        notifying.consent(scene.case, scene.file("c.json", {"subject": SUBJECT, "until": "2030-01-01"}))
    assert problems(error).count("error") >= 1
    assert "expired" in problems(error)
    assert "basis" in problems(error)
    assert SUBJECT not in problems(error)


def test_a_clock_that_runs_backwards_writes_nothing(scene: Scene) -> None:
    notice = scene.drafted(["north"])
    size = scene.case.ledger().size
    scene.later(hours=-1)
    for act in (
        lambda: handing.send(scene.case, notice, scene.path / "out"),
        lambda: notifying.withdraw(scene.case, notice),
        lambda: notifying.expire(scene.case),
        lambda: scene.consent("south"),
        lambda: notifying.draft(scene.case, scene.asked(words="other"), ["north"]),
    ):
        with pytest.raises(BadInput, match="clock runs backwards"):
            act()
    assert scene.case.ledger().size == size
    assert not (scene.path / "out").exists()


def test_a_receipt_must_be_the_recipients_for_these_bytes(scene: Scene) -> None:
    notice = scene.drafted()
    north, _ = handing.send(scene.case, notice, scene.path / "out")
    other = notifying.draft(scene.case, scene.asked(words="another"), ["north"]).notice
    handing.send(scene.case, other, scene.path / "out")
    found, _ = receiving.receive(north.file, scene.offices["north"], scene.now)
    wrong, _ = opening.read(scene.offices["south"])

    def refused(said: dict, words: str) -> None:
        path = scene.path / "wrong.receipt"
        path.write_bytes(envelopes.receipt_text(said))
        size = scene.case.ledger().size
        with pytest.raises((BadInput, CheckFailed), match=words):
            handing.enter(scene.case, path)
        assert scene.case.ledger().size == size

    ours = envelopes.receipt(
        found.envelope, opening.read(scene.offices["north"])[0], "acknowledged", "2031-05-10T12:00Z"
    )
    refused(envelopes.receipt(found.envelope, wrong, "acknowledged", "2031-05-10T12:00Z"), "other bytes")
    refused(ours | {"by": wrong.id}, "another key")
    refused(ours | {"notice": "ab" * 32}, "another notice")
    refused(ours | {"notice": other}, "another key")
    refused(ours | {"record": "cd" * 32}, "another record")
    refused(ours | {"at": "2031-05-10T12:01Z"}, "was changed")
    scene.later(hours=3)
    ahead = scene.answer(north)
    scene.later(hours=-3)
    with pytest.raises(BadInput, match="dated in the future"):
        handing.enter(scene.case, ahead)


def test_a_second_receipt_changes_nothing(scene: Scene) -> None:
    notice = scene.drafted(["north"])
    (handed,) = handing.send(scene.case, notice, scene.path / "out")
    first, again = handing.enter(scene.case, scene.answer(handed))
    assert not again
    scene.later(hours=5)
    second, again = handing.enter(scene.case, scene.answer(handed))
    assert again
    assert second == first
    assert handing.send(scene.case, notice, scene.path / "out")[0].again


def test_the_recipients_clock_may_not_run_backwards(scene: Scene) -> None:
    notice = scene.drafted(["north"])
    (handed,) = handing.send(scene.case, notice, scene.path / "out")
    with pytest.raises(BadInput, match="clock runs backwards"):
        receiving.receive(handed.file, scene.offices["north"], scene.now - timedelta(hours=1))
    with pytest.raises(CheckFailed, match="not for"):
        receiving.receive(handed.file, scene.offices["south"], scene.now)
    with pytest.raises(CheckFailed, match="another record"):
        receiving.receive(handed.file, scene.offices["north"], scene.now, trust="00" * 32)


def test_withdrawal_is_told_to_those_who_were_told(scene: Scene) -> None:
    notice = scene.drafted()
    handing.send(scene.case, notice, scene.path / "out", ["north"])
    scene.later(hours=1)
    word = notifying.withdraw(scene.case, notice)
    assert word is not None
    assert notifying.withdraw(scene.case, notice) == word
    assert scene.states(notice) == {"north": "withdrawn", "south": "withdrawn"}
    (handed,) = handing.send(scene.case, word.notice, scene.path / "out")
    found, _ = receiving.receive(handed.file, scene.offices["north"], scene.now)
    assert "no longer holds" in receiving.told(found)[0]
    assert found.notice.before == notice
    assert not found.notice.stops
    with pytest.raises(BadInput, match="withdrawn already"):
        handing.send(scene.case, notice, scene.path / "out", ["south"])


def test_renewal_takes_the_place_for_whom_it_reached(scene: Scene) -> None:
    notice = scene.drafted()
    handing.send(scene.case, notice, scene.path / "out")
    scene.later(days=20)
    new = notifying.renew(
        scene.case,
        notice,
        starts=START + timedelta(days=28),
        ends=START + timedelta(days=56),
        reply_by=scene.now + timedelta(days=1),
    )
    handing.send(scene.case, new.notice, scene.path / "out", ["north"])
    assert scene.states(notice) == {"north": "renewed", "south": "unanswered"}
    assert scene.states(new.notice) == {"north": "sent", "south": "drafted"}


def test_a_reader_is_shown_one_notice_and_only_with_consent(scene: Scene) -> None:
    scene.office("court")
    scene.enter("court")
    notice = scene.drafted(["north"])
    with pytest.raises(BadInput, match="has not consented"):
        handing.reveal(scene.case, notice, "court", scene.path / "out")
    scene.consent("court")
    handed = handing.reveal(scene.case, notice, "court", scene.path / "out")
    found, _ = receiving.receive(handed.file, scene.offices["court"], scene.now, trust=scene.mark)
    assert found.notice.stops
    assert scene.states(notice)["court"] == "not_addressed"


def test_a_name_stands_for_one_key(scene: Scene, tmp_path: Path) -> None:
    other = Scene.made(tmp_path / "other", ("north",))
    with pytest.raises(BadInput, match="other keys"):
        recipients.draft(scene.case, other.card("north"))
    assert recipients.draft(scene.case, scene.card("north"))[1] is None
    bad = scene.path / "no.card"
    bad.write_text("north")
    with pytest.raises(BadInput, match="no recipient's card"):
        recipients.draft(scene.case, bad)


def test_one_person_alone_gives_no_office_a_key(scene: Scene) -> None:
    scene.office("court")
    _, drawn = recipients.draft(scene.case, scene.card("court"))
    assert drawn is not None
    told = "\n".join(drafts.described(drawn))
    assert "read it to the recipient by voice" in told
    other, _ = recipients.draft(scene.case, scene.card("north"))
    for field in ("opens", "signs"):  # the key id, which is compared by voice, stands for both keys
        with pytest.raises(BadInput, match="signature does not hold"):
            drafts.checked({**drawn, field: written(getattr(other, field))})
    with scene.case.ledger(write=True) as ledger:
        with pytest.raises(CheckFailed, match="1 more of"):
            signing.enter(ledger, signed(drawn, ADA, ADA))
        with pytest.raises(BadInput, match="no editor's"):
            signing.enter(ledger, signed(drawn, ADA, DANA))
        size = ledger.size
        assert scene.case.ledger().size == size
    scene.enter("court")
    assert scene.states(scene.drafted(["north"]))["court"] == "not_addressed"


def withdrawn(scene: Scene, name: str, *people: PrivateKey) -> None:
    """Withdraw an office's keys, under two signatures."""
    card, drawn = recipients.draft_withdrawal(scene.case, name)
    assert f"key id              {card.id}" in drafts.described(drawn)
    with scene.case.ledger(write=True) as ledger:
        signing.enter(ledger, signed(drawn, *(people or (ADA, BEN))))


def test_to_keys_that_were_withdrawn_nothing_is_sealed(scene: Scene) -> None:
    notice, later = scene.drafted(), scene.drafted(words="as before")
    scene.later(minutes=1)
    handing.send(scene.case, notice, scene.path / "out")
    withdrawn(scene, "north")
    with pytest.raises(BadInput, match="withdrawn 2031-05-10T12:01Z"):
        recipients.draft_withdrawal(scene.case, "north")
    for refused in (
        lambda: scene.consent("north"),
        lambda: notifying.draft(scene.case, scene.asked(words="again"), ["north", "south"]),
        lambda: handing.send(scene.case, notice, scene.path / "out", ["north"]),
        lambda: handing.reveal(scene.case, notice, "north", scene.path / "out"),
    ):
        with pytest.raises(BadInput, match="keys were withdrawn"):
            refused()
    assert [each.to.name for each in handing.send(scene.case, later, scene.path / "out")] == ["south"]
    day = timedelta(days=1)
    again = notifying.renew(
        scene.case, notice, starts=scene.now + day, ends=scene.now + 9 * day, reply_by=scene.now + 2 * day
    )
    over = notifying.withdraw(scene.case, notice)
    assert over is not None
    with scene.case.ledger() as ledger:
        south = register(ledger).recipient("south").id
    assert (again.to, over.to) == ((south,), (south,))
    withdrawn(scene, "south")
    with pytest.raises(BadInput, match="keys of all"):
        handing.send(scene.case, again.notice, scene.path / "out")


def test_what_withdrawn_keys_signed_before_stands_and_nothing_after(scene: Scene) -> None:
    notice = scene.drafted()
    north, south = handing.send(scene.case, notice, scene.path / "out")
    handing.enter(scene.case, scene.answer(north))
    before = scene.answer(south)  # signed in time, but who has the keys can write any time
    scene.later(minutes=1)
    withdrawn(scene, "north")
    withdrawn(scene, "south")
    with pytest.raises(CheckFailed, match="withdrawn before this receipt came"):
        handing.enter(scene.case, before)
    assert scene.states(notice) == {"north": "acknowledged", "south": "sent"}
    with scene.case.ledger(write=True) as ledger:  # past the commands
        said = envelopes.read_receipt(before.read_bytes(), before.name)
        ledger.append([{"kind": "receipt", **said, "entered": utc(scene.now)}])
        with pytest.raises(BadInput, match="keys that were withdrawn before"):
            register(ledger)


def test_new_keys_take_the_name_of_withdrawn_ones(scene: Scene, tmp_path: Path) -> None:
    other = Scene.made(tmp_path / "other", ("north",))
    notice = scene.drafted(["north"])
    handing.send(scene.case, notice, scene.path / "out")
    withdrawn(scene, "north")
    with pytest.raises(BadInput, match="make new keys"):
        recipients.draft(scene.case, scene.card("north"))
    shutil.copy(other.card("north"), scene.card("north"))
    shutil.copy(other.offices["north"], scene.offices["north"])
    scene.enter("north")
    with pytest.raises(BadInput, match="not consented"):  # consent was given for the old keys
        notifying.draft(scene.case, scene.asked(words="once more"), ["north"])
    (sent,) = handing.send(scene.case, scene.drafted(["north"], words="once more"), scene.path / "out")
    with other.case.ledger() as ledger:
        assert sent.to == register(ledger).recipient("north")


def test_one_person_alone_withdraws_no_keys(scene: Scene) -> None:
    with pytest.raises(CheckFailed, match="1 more of"):
        withdrawn(scene, "north", ADA)
    _, drawn = recipients.draft_withdrawal(scene.case, "north")
    other, _ = recipients.draft(scene.case, scene.card("south"))
    with scene.case.ledger() as ledger, pytest.raises(BadInput, match="no such card"):
        entering.fits(ledger, {**drawn, "signs": written(other.opens)})
    assert scene.drafted(["north"])


@pytest.mark.parametrize("people", [(), (ADA,)])
def test_a_card_put_in_the_log_past_the_commands_is_no_recipient(
    scene: Scene, people: tuple[PrivateKey, ...]
) -> None:
    """Whoever can write to the log writes an entry of their own, their key under an office's name."""
    scene.office("court")
    _, drawn = recipients.draft(scene.case, scene.card("court"))
    assert drawn is not None
    with scene.case.ledger(write=True) as ledger:
        ledger.append([signed(drawn, *people)])
    with pytest.raises(CheckFailed, match="more of"):
        scene.consent("court")
    with pytest.raises(CheckFailed, match="more of"):
        scene.drafted(["north"])


def test_positions_stand_in_no_log_and_no_repr(scene: Scene) -> None:
    notice = scene.drafted()
    handed = handing.send(scene.case, notice, scene.path / "out")
    handing.enter(scene.case, scene.answer(handed[0]))
    found, _ = receiving.receive(handed[0].file, scene.offices["north"], scene.now)
    shown = repr(found) + repr(found.notice) + repr(handed) + repr(noticed.status(scene.case))
    secret = ("36.812", "368123457", "34.730", "347301239", "Almond", "MADE-0007", "water tower")
    assert not [each for each in secret if each in shown]
    files = [path for path in (scene.path / "case").rglob("*") if path.is_file()]
    files += [each.file for each in handed] + list(scene.path.glob("*.receipt"))
    assert len(files) > 8
    leaks = [(p.name, each) for p in files for each in secret if each.encode() in p.read_bytes()]
    assert leaks == []


def test_a_position_written_where_codes_stand_is_in_no_error(scene: Scene, tmp_path: Path) -> None:
    scene.consent("north")
    land = partition()
    with pytest.raises(BadInput, match="is no cell of partition") as error:
        notifying.draft(scene.case, scene.asked(place=None, cells=[f"{LON}, {LAT}"]), ["north"], land)
    assert str(LON) not in problems(error)
    assert "cells, number 1" in problems(error)


def test_how_a_notice_stands_is_not_said_by_a_clock_that_runs_backwards(scene: Scene) -> None:
    scene.drafted(["north"])
    scene.later(days=-1)
    with pytest.raises(BadInput, match="runs backwards"):
        scene.states("")

"""A store of sites: two officers open it, each reading is logged first, and only codes leave."""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from holdfire.chaos import canaries
from holdfire.errors import BadInput
from holdfire.protecting.sites import Standing, epoch_of
from holdfire.sheltering import sitefiles, siterecords, sitestore
from holdfire.sheltering.officers import Officer
from holdfire.sheltering.sitestore import Store
from holdfire.sheltering.wrapping import unseal, unwrap
from sheltered import (
    ADA,
    BEN,
    CLEO,
    EVE,
    NAME,
    NOW,
    RECIPIENT,
    consent,
    fix,
    founded,
    needles,
    partition,
    site,
)

LAND = partition()
STARTS, ENDS = epoch_of(LAND.settings, NOW.date())


def kept(folder: Path) -> tuple[Store, str]:
    """Return a store with one verified site, whose owner consents to all."""
    store = founded(folder)
    found = store.add(ADA, site(LAND), NOW)
    store.write(found, [BEN], fix(LAND, shift=40), NOW)
    store.write(found, [ADA], consent(), NOW)
    store.write(found, [ADA], consent(RECIPIENT), NOW)
    return store, found


def cells(store: Store, *, starts: date = STARTS, ends: date = ENDS) -> tuple[tuple[str, ...], int]:
    found = store.cells([ADA, BEN], "release", "REL-1", NOW, starts, ends)
    return found.codes, found.sites


def test_any_two_officers_read_what_one_wrote(tmp_path: Path) -> None:
    store, found = kept(tmp_path / "sites")
    for two in ([ADA, BEN], [CLEO, BEN], [CLEO, ADA]):
        read = Store(tmp_path / "sites").open_(found, two, "verify", "", NOW)
        assert (read.name, len(read.fixes), len(read.consents)) == (NAME, 2, 2)
        assert read.standing(250) is Standing.VERIFIED
    assert cells(store) == ((LAND.cells[0].code,), 1)
    assert Store(tmp_path / "sites").check() == []


@pytest.mark.parametrize(
    ("officers", "why", "words"),
    [
        ([ADA], "verify", ["one officer is there, and 2"]),
        ([ADA, ADA], "verify", ["one officer stands there twice"]),
        ([ADA, BEN, CLEO], "verify", ["3 officers are there"]),
        ([ADA, EVE], "verify", ["Eve is no officer"]),
        (
            [ADA, Officer("Ben", EVE.opening, EVE.signing)],
            "verify",
            ["Ben is no officer of this store, or has another key"],
        ),
        ([ADA, BEN], "", ["a reason is left out"]),
        ([ADA, BEN], "curious", ["no reason of the list"]),
        ([ADA, EVE, EVE], "", ["twice", "3 officers", "Eve is no officer", "a reason is left out"]),
    ],
)
def test_what_is_refused_is_said_at_once_and_nothing_is_logged(
    tmp_path: Path, officers: list[Officer], why: str, words: list[str]
) -> None:
    store, found = kept(tmp_path / "sites")
    before = len(store.lines)
    for act in (
        lambda: store.open_(found, officers, why, "", NOW),
        lambda: store.destroy(found, officers, why, "", NOW),
        lambda: store.cells(officers, why, "", NOW, STARTS, ENDS),
        lambda: store.consenting(RECIPIENT, officers, why, "", NOW, STARTS, ENDS),
    ):
        with pytest.raises(BadInput) as raised:
            act()
        assert all(word in str(raised.value) for word in words)
    assert len(Store(tmp_path / "sites").lines) == before


def test_an_officer_who_was_told_of_no_store_adds_to_none(tmp_path: Path) -> None:
    store = founded(tmp_path / "sites", BEN)
    with pytest.raises(BadInput, match="Cleo has not joined"):
        store.add(CLEO, site(LAND), NOW)
    other = founded(tmp_path / "other")
    with pytest.raises(BadInput, match="another store than the fingerprint names"):
        store.join(CLEO, other.fingerprint, NOW)


def test_a_charter_of_another_is_not_trusted(tmp_path: Path) -> None:
    """Eve puts a store of her own in its place: whoever joined the true one does not add to hers."""
    store = founded(tmp_path / "sites")
    public = {"Ada": ADA.public, "Ben": EVE.public, "Eve": Officer.make("Eve").public}
    shutil.rmtree(store.folder)
    sitestore.found(store.folder, public, 250, Officer("Ben", EVE.opening, EVE.signing), NOW)
    with pytest.raises(BadInput, match="Ada has not joined"):
        Store(store.folder).add(ADA, site(LAND), NOW)


def test_reading_is_in_the_log_before_a_byte_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, found = kept(tmp_path / "sites")
    lines = []

    def watched(*_: object) -> None:
        lines.append((store.folder / "log.jsonl").read_bytes().count(b"\n"))

    before = len(store.lines)
    monkeypatch.setattr(sitestore, "unwrap", watched)
    with pytest.raises(BadInput, match="does not open"):
        store.open_(found, [ADA, BEN], "owner", "OWN-3", NOW)
    assert lines == [before + 1]
    last = Store(store.folder).lines[-1]
    assert (last.act, last.by, last.why, last.ref, last.site) == (
        "open",
        ("Ada", "Ben"),
        "owner",
        "OWN-3",
        found,
    )


def test_where_the_log_cannot_be_written_nothing_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, found = kept(tmp_path / "sites")
    monkeypatch.setattr(sitestore.sitelog, "append", lambda *_: (_ for _ in ()).throw(BadInput("full")))
    monkeypatch.setattr(sitestore, "unwrap", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(BadInput, match="full"):
        store.open_(found, [ADA, BEN], "owner", "", NOW)


def test_nothing_that_was_entered_is_in_any_file(tmp_path: Path) -> None:
    store, found = kept(tmp_path / "sites")
    store.open_(found, [ADA, BEN], "verify", "", NOW)
    cells(store)
    wanted = needles(site(LAND)) | needles(fix(LAND, shift=40)) | {"recipient": RECIPIENT}
    assert len(wanted) >= 10
    searched = canaries.search([store.folder], wanted)
    assert searched.found == []
    assert searched.files >= 8
    line = store.lines[-1].text.replace(b'"ref":"REL-1"', b'"ref":"' + wanted["fix lat"].encode() + b'"')
    (store.folder / "log.jsonl").write_bytes(line)  # the control: a line with a coordinate is found
    assert canaries.search([store.folder], wanted).found != []


def test_files_of_one_kind_have_one_size(tmp_path: Path) -> None:
    store = founded(tmp_path / "sites")
    for note in ("", "x" * 3000):
        store.add(ADA, site(LAND, 3) | {"note": note}, NOW)
    store.write(next(iter(store.held)), [BEN], consent("B"), NOW)
    sizes = {"key": set(), "record": set()}
    for path in (store.folder / "sites").rglob("*"):
        if path.is_file():
            sizes["key" if path.name == "key" else "record"].add(path.stat().st_size)
    assert {kind: len(each) for kind, each in sizes.items()} == {"key": 1, "record": 1}


def test_a_note_that_is_too_long_is_refused_without_a_word_of_it(tmp_path: Path) -> None:
    store = founded(tmp_path / "sites")
    with pytest.raises(BadInput, match="too long") as raised:
        store.add(ADA, site(LAND) | {"note": "secret " * 2000}, NOW)
    assert "secret" not in str(raised.value)
    assert store.check() == []


def test_consent_is_of_whole_epochs_and_ends_with_its_day(tmp_path: Path) -> None:
    store, found = kept(tmp_path / "sites")
    assert cells(store)[1] == 1
    middle = (STARTS + timedelta(days=40)).isoformat()
    store.write(found, [BEN], siterecords.revocation({"recipient": " PUBLICATION ", "from": middle}), NOW)
    assert cells(store)[1] == 1, "it has effect from its date"
    length = ENDS - STARTS
    assert cells(store, starts=STARTS + length, ends=ENDS + length) == ((), 0)
    out = store.cells([ADA, BEN], "release", "", NOW, STARTS + length, ENDS + length)
    assert sum(out.left_out.values()) == 1
    told = store.consenting(RECIPIENT, [ADA, CLEO], "notice", "", NOW, STARTS + length, ENDS + length)
    assert [each.id for each in told] == [found], "each recipient's consent is its own"
    assert store.consenting("Southern command", [ADA, CLEO], "notice", "", NOW, STARTS, ENDS) == ()


def test_a_position_that_is_not_verified_is_on_by_decision_alone(tmp_path: Path) -> None:
    store = founded(tmp_path / "sites")
    found = store.add(ADA, site(LAND), NOW)
    store.write(found, [ADA], consent(), NOW)
    assert cells(store) == ((), 0)
    with pytest.raises(BadInput, match="one officer is there, and 2"):
        store.write(found, [ADA], siterecords.decision(True), NOW)
    store.write(found, [ADA, CLEO], siterecords.decision(True), NOW)
    assert cells(store) == ((LAND.cells[0].code,), 1)
    store.write(found, [BEN, CLEO], siterecords.decision(False), NOW)
    assert cells(store) == ((), 0)


def test_a_clock_that_runs_backwards_is_refused_until_two_say_it_was_wrong(tmp_path: Path) -> None:
    store, found = kept(tmp_path / "sites")
    store.write(found, [ADA], consent("B"), NOW + timedelta(days=400))
    files = sorted(store.folder.rglob("*"))
    for act in (
        lambda: store.add(ADA, site(LAND), NOW),
        lambda: store.write(found, [ADA], consent("C"), NOW),
        lambda: store.open_(found, [ADA, BEN], "verify", "", NOW),
        lambda: store.destroy(found, [ADA, BEN], "mistake", "", NOW),
    ):
        with pytest.raises(BadInput, match="runs backwards"):
            act()
    assert sorted(store.folder.rglob("*")) == files
    store.set_clock([ADA, BEN], NOW)
    assert store.open_(found, [ADA, BEN], "verify", "", NOW).name == NAME
    assert store.check() == []


def test_destroying_leaves_no_key_and_a_line_that_says_so(tmp_path: Path) -> None:
    store, found = kept(tmp_path / "sites")
    other = store.add(BEN, site(LAND, 2), NOW)
    key = (store.folder / "sites" / found / "key").read_bytes()
    store.destroy(found, [ADA, CLEO], "owner", "OWN-9", NOW)
    assert not (store.folder / "sites" / found).exists()
    assert all(key[100:140] not in path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    assert store.lines[-1].act == "destroy"
    with pytest.raises(BadInput, match="was destroyed on 2031-05-01"):
        store.open_(found, [ADA, BEN], "verify", "", NOW)
    assert store.open_(other, [ADA, BEN], "verify", "", NOW).id == other
    assert store.check() == []


def test_a_destruction_that_was_cut_short_is_finished_by_the_next_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, found = kept(tmp_path / "sites")
    monkeypatch.setattr(sitestore.sitefiles, "destroy", lambda *_: (_ for _ in ()).throw(OSError(5, "cut")))
    with pytest.raises(OSError, match="cut"):
        store.destroy(found, [ADA, CLEO], "owner", "", NOW)
    monkeypatch.undo()
    assert len(Store(store.folder).check()) >= 5
    store.add(ADA, site(LAND, 1), NOW)
    assert not (store.folder / "sites" / found).exists()
    assert store.check() == []


def opened_by_anothers_key(store: Store) -> list[tuple[str, str]]:
    """Return the pairs of sites of which the key of one opens what is sealed to the other."""
    found = []
    for site_, held in store.held.items():
        key = sitefiles.read_key(store.folder, site_, held.key)
        secret = unwrap(key.wrapped, (ADA, BEN), store.fingerprint, site_, key.public)
        for other, records in store.held.items():
            sealed = sitefiles.read_sealed(store.folder, other, records.records[0], records.records[0])
            if secret and other != site_ and unseal(sealed, secret, store.fingerprint, other):
                found.append((site_, other))
    return found


def test_the_key_of_a_site_opens_no_other(tmp_path: Path) -> None:
    store, control = founded(tmp_path / "sites"), founded(tmp_path / "control")
    for _ in range(3):
        store.add(ADA, site(LAND), NOW)
        control.add(ADA, site(LAND), NOW, random=lambda size: b"k" * size if size == 32 else os.urandom(size))
    assert opened_by_anothers_key(store) == []
    assert len(opened_by_anothers_key(control)) == 6, "one key for all is found"


def test_every_changed_byte_is_told(tmp_path: Path) -> None:
    store, found = kept(tmp_path / "sites")
    missed = []
    for path in sorted(each for each in store.folder.rglob("*") if each.is_file() and each.name != "lock"):
        content = path.read_bytes()
        for at in range(0, len(content), max(1, len(content) // 12)):
            path.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
            try:
                again = Store(store.folder)
                problems = again.check(store.head)
                read = [] if problems else [again.open_(found, [ADA, BEN], "verify", "", NOW)]
            except BadInput:
                continue
            finally:
                path.write_bytes(content)
            if read or not problems:
                missed.append(f"{path.name} at {at}")
    assert missed == []


def test_a_log_that_was_cut_is_told_by_its_head(tmp_path: Path) -> None:
    store, _ = kept(tmp_path / "sites")
    head = store.head
    path = store.folder / "log.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert any("head" in str(each) for each in Store(store.folder).check(head))
    assert Store(store.folder).check() != [], "and by the record that no line names"


def test_a_site_keeps_its_old_cell_when_the_partition_changes(tmp_path: Path) -> None:
    store, found = kept(tmp_path / "sites")
    later = partition(2, "MADE2")
    given = site(LAND)["fix"]
    entered = {"longitude": given["lon"], "latitude": given["lat"], "source": "Agency number 5",
               "observer": "Surveyor number 5", "observed": "2031-04-21"}  # fmt: skip
    store.write(found, [CLEO], siterecords.fix(entered, later, 250, NOW.date()), NOW)
    out = store.cells([ADA, BEN], "release", "", NOW, STARTS, ENDS)
    assert out.codes == (LAND.cells[0].code,)
    assert out.partitions == {"MADE": LAND.digest}
    store.add(ADA, site(partition(2, "MADE")), NOW)
    second = list(store.held)[-1]
    for record in (fix(partition(2, "MADE")), consent()):
        store.write(second, [ADA], record, NOW)
    with pytest.raises(BadInput, match="two partitions are called MADE"):
        store.cells([ADA, BEN], "release", "", NOW, STARTS, ENDS)


def test_a_group_on_the_move_is_its_block_for_its_whole_window(tmp_path: Path) -> None:
    store = founded(tmp_path / "sites")
    first, after = ENDS + timedelta(days=3), ENDS + timedelta(days=31)
    blocks = [cell.block for cell in LAND.cells]
    block = next(each for each in blocks if blocks.count(each) > 1)
    one, other = [n for n, each in enumerate(blocks) if each == block][:2]
    found = store.add(ADA, site(LAND, one, **{"from": first.isoformat(), "until": after.isoformat()}), NOW)
    for each in (fix(LAND, other), consent()):
        store.write(found, [BEN], each, NOW)
    length = ENDS - STARTS
    assert cells(store) == ((), 0)
    for n in (1, 2):
        assert cells(store, starts=STARTS + n * length, ends=ENDS + n * length) == ((block,), 1)
    assert cells(store, starts=STARTS + 3 * length, ends=ENDS + 3 * length) == ((), 0)


@pytest.mark.parametrize("ref", ["CLINIC-1", "36.1234", "the mill", "REL-12345", "REL-1\n"])
def test_a_reference_that_could_say_more_than_a_number_is_refused(tmp_path: Path, ref: str) -> None:
    store, found = kept(tmp_path / "sites")
    with pytest.raises(BadInput, match="up to three capitals and a number") as raised:
        store.open_(found, [ADA, BEN], "verify", ref, NOW)
    assert ref not in str(raised.value)

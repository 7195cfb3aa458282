"""A consent that is taken back in the store or in the case stops a notice in the other."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.sheltering import consenting, handing, notifying, sitenotices, siterecords
from holdfire.sheltering.consenting import Opened
from holdfire.sheltering.sitestore import Store
from noticing import START, Scene
from sheltered import ADA, BEN, NAME, NOW, consent, fix, founded, partition, site

LAND = partition()


class Both:
    """A case and a store with one verified site, whose owner consents that north is told."""

    def __init__(self, folder: Path) -> None:
        self.scene = Scene.made(folder)
        self.store = founded(folder / "sites")
        self.site = self.store.add(ADA, site(LAND), NOW)
        self.store.write(self.site, [BEN], fix(LAND, shift=40), NOW)
        self.store.write(self.site, [ADA], consent("north"), NOW)

    def draft(self, **more: str) -> Digest:
        said = {"from": "2031-05-10T12:00Z", "to": "2031-06-07T12:00Z", "reply_by": "2031-05-13T12:00Z"}
        file = self.scene.file("window.json", said | more)
        case, officers = self.scene.case, [ADA, BEN]
        return sitenotices.draft_site(case, self.store, self.site, officers, "N-1", file, ["north"]).notice

    def opened(self, notice: Digest, store: Store | None = None) -> Opened:
        return consenting.open_again(
            self.scene.case, notice, store or self.store, [ADA, BEN], "N-1", self.scene.now
        )

    def send(self, notice: Digest, opened: Opened | None = None) -> list[handing.Handed]:
        return handing.send(self.scene.case, notice, self.scene.path / "out", opened=opened)

    def revoke(self) -> None:
        record = siterecords.revocation({"recipient": "north", "from": "2031-05-10"})
        self.store.write(self.site, [BEN], record, self.scene.now)


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


def test_control_a_notice_of_the_store_goes_out_where_the_site_is_opened_again(both: Both) -> None:
    notice = both.draft()
    lines = len(both.store.lines)
    assert both.send(notice, both.opened(notice))
    assert len(both.store.lines) == lines + 1, "the store's log says that the site was opened"
    with pytest.raises(BadInput, match="may have been taken back there since"):
        both.send(notice)
    assert both.send(notice, both.opened(notice))[0].again


def test_a_notice_of_the_store_does_not_go_out_on_a_consent_as_it_once_was(both: Both) -> None:
    notice = both.draft()
    with pytest.raises(BadInput, match="may have been taken back there since"):
        both.send(notice)
    other = Both(both.scene.path / "other")
    with pytest.raises(BadInput, match="another store"):
        both.opened(notice, other.store)
    foreign = Opened.of(other.store, both.opened(notice).site)
    with pytest.raises(BadInput, match="may have been taken back there since"):
        both.send(notice, foreign)


def test_what_was_revoked_in_the_store_is_not_sent_renewed_or_revealed(both: Both) -> None:
    notice = both.draft()
    both.scene.later(hours=1)
    both.revoke()
    opened = both.opened(notice)
    with pytest.raises(BadInput, match="took it back") as error:
        both.send(notice, opened)
    assert NAME not in str(error.value)
    with pytest.raises(BadInput, match="took it back"):
        handing.reveal(both.scene.case, notice, "north", both.scene.path / "out", opened)
    renewal = {"starts": START + timedelta(days=28), "ends": START + timedelta(days=56)}
    with pytest.raises(BadInput, match="took it back"):
        notifying.renew(both.scene.case, notice, **renewal, reply_by=START + timedelta(days=2), opened=opened)
    with pytest.raises(BadInput, match="took it back"):
        both.draft(words="more")
    assert both.scene.states(notice)["north"] == "drafted"


def test_a_consent_that_the_case_keeps_does_not_stand_in_for_the_stores(both: Both) -> None:
    notice = both.draft()
    both.revoke()
    both.scene.consent("north", subject=NAME)
    with pytest.raises(BadInput, match="took it back"):
        both.send(notice, both.opened(notice))


def test_what_was_revoked_in_the_case_stops_the_store_until_it_is_given_again(both: Both) -> None:
    given = both.scene.consent("north", subject=NAME)
    notice = both.draft()
    both.scene.later(hours=1)
    notifying.revoke(both.scene.case, given[:12])
    with pytest.raises(BadInput, match="took a consent back in the case"):
        both.send(notice, both.opened(notice))
    with pytest.raises(BadInput, match="took a consent back in the case"):
        both.draft(words="more")
    both.scene.later(hours=1)
    both.store.write(both.site, [ADA], consent("north"), both.scene.now)
    assert both.send(notice, both.opened(notice))


def test_a_renewal_asks_the_store_for_its_own_window(both: Both) -> None:
    notice = both.draft()
    both.send(notice, both.opened(notice))
    renewal = {"starts": START + timedelta(days=28), "ends": START + timedelta(days=56)}
    reply = START + timedelta(days=2)
    with pytest.raises(BadInput, match="may have been taken back there since"):
        notifying.renew(both.scene.case, notice, **renewal, reply_by=reply)
    new = notifying.renew(
        both.scene.case, notice, **renewal, reply_by=reply, opened=both.opened(notice)
    ).notice
    with pytest.raises(BadInput, match="may have been taken back there since"):
        both.send(new)
    assert both.send(new, both.opened(new))


def test_the_log_does_not_say_which_site_a_notice_is_of(both: Both) -> None:
    notice = both.draft()
    with both.scene.case.ledger() as ledger:
        for entry in ledger.entries(("notice", "consent")):
            assert both.site.encode() not in entry.content
            assert both.store.fingerprint.encode() not in entry.content
    with both.scene.case.vault() as vault:
        assert consenting.origin(vault, notice)["site"] == both.site
    for path in (both.scene.path / "case").rglob("*"):
        if path.is_file():
            assert both.site.encode() not in path.read_bytes(), path.name


def test_who_takes_back_one_of_two_consents_takes_back_both(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path)
    first = scene.consent("north")
    scene.later(minutes=1)
    scene.consent("north", until="2031-12-31T00:00Z")
    scene.consent("north", subject="another place")
    notifying.revoke(scene.case, first[:12])
    with pytest.raises(BadInput, match="revoked"):
        notifying.draft(scene.case, scene.asked(), ["north"])
    assert notifying.draft(scene.case, scene.asked(subject="another place"), ["north"]).notice


def test_what_was_handed_over_once_is_not_handed_over_after_a_no(tmp_path: Path) -> None:
    """The first may have been lost on its way: the same bytes again would be the telling."""
    scene = Scene.made(tmp_path)
    given = {name: scene.consent(name) for name in ("north", "south")}
    notice = notifying.draft(scene.case, scene.asked(), ["north", "south"]).notice
    north, _ = handing.send(scene.case, notice, scene.path / "out")
    handing.enter(scene.case, scene.answer(north))
    notifying.revoke(scene.case, given["south"])
    with pytest.raises(BadInput, match="revoked"):
        handing.send(scene.case, notice, scene.path / "again", ["south"])
    assert not (scene.path / "again").exists()
    assert handing.send(scene.case, notice, scene.path / "again", ["north"])[0].again
    scene.later(minutes=1)
    scene.consent("south")
    assert handing.send(scene.case, notice, scene.path / "again", ["south"])[0].again
    notifying.withdraw(scene.case, notice)
    with pytest.raises(BadInput, match="withdrawn already"):
        handing.send(scene.case, notice, scene.path / "again", ["south"])


def test_the_length_of_what_is_sent_does_not_tell_a_journey_from_a_place(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path)
    stops = [
        {"lon": 36.1234567 + n / 1000, "lat": 34.7654321, "at": f"2031-05-11T{n % 24:02}:00Z"}
        for n in range(20)
    ]
    lengths = set()
    for changes in (
        {},
        {"words": "x" * 3_000},
        {"about": "movement", "place": None, "route": stops},
        {"about": "movement", "place": None, "route": [*stops, *({**stops[-1]} for _ in range(80))]},
    ):
        notice = scene.drafted(["north"], **changes)
        lengths |= {handing.send(scene.case, notice, scene.path / "out")[0].file.stat().st_size}
    assert len(lengths) == 1


def test_a_position_that_the_store_does_not_hold_for_true_any_more_is_not_sent_or_renewed(both: Both) -> None:
    notice = both.draft()
    renewal = {"starts": START + timedelta(days=28), "ends": START + timedelta(days=56)}
    reply = START + timedelta(days=2)

    def refused(says: str) -> None:
        opened = both.opened(notice)
        with pytest.raises(BadInput, match=says):
            both.send(notice, opened)
        with pytest.raises(BadInput, match=says):
            handing.reveal(both.scene.case, notice, "north", both.scene.path / "out", opened)
        with pytest.raises(BadInput, match=says):
            notifying.renew(both.scene.case, notice, **renewal, reply_by=reply, opened=opened)

    both.store.write(both.site, [BEN], fix(LAND, shift=1500, who="3"), both.scene.now)
    refused("the position is not verified")
    both.store.write(both.site, [ADA], fix(LAND, shift=1520, who="4"), both.scene.now)
    refused("another position than the notice")

"""One officer with a program of their own: what they write into the store alone, no one may believe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfire.digests import digest
from holdfire.errors import BadInput
from holdfire.protecting.sites import epoch_of
from holdfire.sheltering import sitefiles, sitelog, siterecords
from holdfire.sheltering.officers import Officer
from holdfire.sheltering.sitestore import Store
from holdfire.sheltering.wrapping import seal
from sheltered import ADA, BEN, CLEO, NOW, consent, fix, founded, partition, site

LAND = partition()
EPOCH = epoch_of(LAND.settings, NOW.date())


def forged(store: Store, by: Sequence[Officer], act: str, at: datetime = NOW, **said: str) -> None:
    """Add a line as a program without any of the store's checks would."""
    sitelog.append(
        store.folder / sitefiles.LOG, sitelog.drawn(store.lines, store.fingerprint, by, at, act, **said)
    )


def smuggled(store: Store, of: str, record: dict[str, Any], by: Sequence[Officer], *names: str) -> None:
    """Seal a record to a site and add a line for it, without any of the store's checks."""
    key = sitefiles.read_key(store.folder, of, store.held[of].key)
    sealed = seal({**record, "by": list(names), "at": "2031-05-01T12:00Z"}, store.fingerprint, of, key.public)
    sitefiles.write(store.folder, of, digest(sealed), sealed)
    forged(store, by, "write", site=of, record=digest(sealed))


def unverified(folder: Path) -> tuple[Store, str]:
    store = founded(folder)
    of = store.add(ADA, site(LAND), NOW)
    store.write(of, [ADA], consent(), NOW)
    return store, of


def on(store: Store) -> tuple[str, ...]:
    return store.cells([ADA, BEN], "release", "", NOW, *EPOCH).codes


@pytest.mark.parametrize("act", ["open", "cells", "consents", "destroy", "clock"])
def test_what_two_must_do_one_cannot_say(tmp_path: Path, act: str) -> None:
    store, of = unverified(tmp_path / "s")
    forged(store, [CLEO], act, why="mistake", site=of if act in ("open", "destroy") else "")
    files = sorted(sitefiles.listed(store.folder))
    with pytest.raises(BadInput, match="two officers"):
        Store(tmp_path / "s")
    with pytest.raises(BadInput, match="two officers"):
        store.add(ADA, site(LAND), NOW)
    assert sorted(sitefiles.listed(store.folder)) == files, "a site was destroyed on one officer's word"


def test_two_can(tmp_path: Path) -> None:
    store, of = unverified(tmp_path / "s")
    forged(store, [CLEO, ADA], "destroy", why="mistake", site=of)
    assert Store(tmp_path / "s").held[of].gone


def test_a_decision_of_one_officer_switches_nothing_on(tmp_path: Path) -> None:
    store, of = unverified(tmp_path / "s")
    assert on(store) == ()
    smuggled(store, of, siterecords.decision(True), [ADA], "Ada")
    with pytest.raises(BadInput, match="two officers"):
        on(Store(tmp_path / "s"))


def test_a_record_says_who_wrote_it_as_the_log_does(tmp_path: Path) -> None:
    store, of = unverified(tmp_path / "s")
    smuggled(store, of, consent("Northern command"), [CLEO], "Ada")
    with pytest.raises(BadInput, match="not by those"):
        on(Store(tmp_path / "s"))


def test_a_record_that_was_overtaken_is_not_said_again(tmp_path: Path) -> None:
    store, of = unverified(tmp_path / "s")
    store.write(of, [ADA, BEN], siterecords.decision(True), NOW)
    old = store.held[of].records[-1]
    store.write(of, [ADA, BEN], siterecords.decision(False), NOW)
    assert on(store) == ()
    forged(store, [CLEO], "write", site=of, record=old)
    with pytest.raises(BadInput, match="log was changed"):
        Store(tmp_path / "s")


def test_a_site_is_not_added_over_nor_written_of_where_there_is_none(tmp_path: Path) -> None:
    store, of = unverified(tmp_path / "s")
    held = store.held[of]
    before = (store.folder / sitefiles.LOG).read_bytes()
    for said in (
        {"act": "add", "site": of, "key": held.key, "record": "0" * 64},
        {"act": "write", "site": "0" * 16, "record": "0" * 64},
    ):
        forged(store, [CLEO], **said)
        with pytest.raises(BadInput, match="log was changed"):
            Store(tmp_path / "s")
        (store.folder / sitefiles.LOG).write_bytes(before)


def test_the_time_of_a_line_does_not_run_back_unless_two_say_so(tmp_path: Path) -> None:
    store, _ = unverified(tmp_path / "s")
    forged(store, [ADA, BEN], "clock", NOW - timedelta(days=2), why="mistake")
    store = Store(tmp_path / "s")
    late = store.lines
    line = sitelog.drawn(late, store.fingerprint, [ADA, BEN], NOW, "cells", why="audit")
    sitelog.append(store.folder / sitefiles.LOG, line)
    store = Store(tmp_path / "s")
    early = sitelog.drawn([], store.head, [ADA, BEN], NOW - timedelta(days=9), "cells", why="audit")
    fields = sitelog._fields(early) | {"n": len(store.lines) + 1, "signatures": {}}
    unsigned = sitelog.Line(**fields)
    signed = sitelog.Line(
        **fields | {"signatures": {each.name: _signature(each, unsigned) for each in (ADA, BEN)}}
    )
    sitelog.append(store.folder / sitefiles.LOG, signed)
    with pytest.raises(BadInput, match="log was changed"):
        Store(tmp_path / "s")


def _signature(officer: Officer, line: sitelog.Line) -> str:
    import base64

    return base64.b64encode(officer.signing.sign(line.message)).decode()


def test_a_fix_that_contradicts_those_that_agreed_takes_verification_away(tmp_path: Path) -> None:
    store, of = unverified(tmp_path / "s")
    store.write(of, [BEN], fix(LAND, 0, 20), NOW)
    verified = on(store)
    assert verified
    store.write(of, [BEN], fix(LAND, 0, 2_000, who="3"), NOW)
    assert on(store) == ()
    store.write(of, [ADA, BEN], siterecords.decision(True), NOW)
    assert on(store)
    store.write(of, [BEN], fix(LAND, 0, 9_000, who="4"), NOW)
    assert on(store) == (), "a decision was about the fixes there were"


def test_two_that_agree_later_verify_again(tmp_path: Path) -> None:
    store, of = unverified(tmp_path / "s")
    store.write(of, [BEN], fix(LAND, 0, 2_000, who="2"), NOW)
    assert on(store) == ()
    store.write(of, [BEN], fix(LAND, 0, 2_050, who="3"), NOW)
    assert on(store)


def test_a_position_alike_to_the_last_digit_was_copied(tmp_path: Path) -> None:
    store, of = unverified(tmp_path / "s")
    store.write(of, [BEN], fix(LAND, 0, 0.0, who="2"), NOW)
    assert on(store) == ()
    store.write(of, [BEN], fix(LAND, 0, 20, who="3"), NOW)
    assert on(store)

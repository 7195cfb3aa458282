"""What editors sign, in the order of the log: keysets, releases and their bulletins, redactions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from attacks.assembling import canonical, leaf
from attacks.honest import Making
from holdfire.ledger.verifying.entries import keyset_of
from holdfire.ledger.verifying.findings import Findings
from holdfire.ledger.verifying.logs import KEPT_KINDS, Kept, Log
from holdfire.ledger.verifying.records import check_record
from holdfire.ledger.verifying.signing import Standing, Trust


def _checked(making: Making, shown: int = 2) -> tuple[list[int], list[tuple[str, str]]]:
    """Return the places of releases, and code and place of each finding, where so many keysets are shown."""
    making.entries()
    values = [(n, content, json.loads(content)) for n, content in enumerate(making.contents)]
    kept = [Kept(n, leaf(c).hex(), c, value) for n, c, value in values if value["kind"] in KEPT_KINDS]
    findings = Findings()
    keyset = keyset_of(making.contents[1])
    releases = check_record(Log({}, kept), Trust(making.origin, [Standing(1, keyset)] * shown), findings)
    return releases, [(each.code, each.where) for each in findings.all]


def test_an_honest_record_has_its_releases_and_nothing_is_found() -> None:
    making = Making()
    assert _checked(making) == (making.places("release"), [])
    assert len(making.places("release")) == 2


def test_every_keyset_of_the_log_must_be_shown() -> None:
    for shown, missing in ((2, []), (1, [2]), (0, [1, 2])):
        _, found = _checked(Making(), shown)
        assert found == [("missing", f"keys/{n}.tlog-proof") for n in missing]


class _OtherBulletin(Making):
    """The log's last bulletin says something else than its release was made from."""

    def said(self, bulletin: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def add(self, value: dict[str, Any]) -> str:
        return super().add(self.said(value) if value["kind"] == "bulletin" else value)

    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        said = leaf(canonical(self.said(bulletin))).hex()
        return {**super().release(bulletin, contents, size), "bulletin": said}


@pytest.mark.parametrize("field", ["number", "period", "manifest", "version", "size"])
def test_a_bulletin_lacks_no_field_but_version_and_size(field: str) -> None:
    class Lacking(_OtherBulletin):
        def said(self, bulletin: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in bulletin.items() if name != field}

    making = Lacking()
    _, found = _checked(making)
    place = making.places("bulletin")[-1]
    assert found == ([] if field in ("version", "size") else [("entry", f"entry {place}")])


@pytest.mark.parametrize("field", ["number", "period", "manifest", "version", "size"])
def test_a_release_and_its_bulletin_agree(field: str) -> None:
    class Other(_OtherBulletin):
        def said(self, bulletin: dict[str, Any]) -> dict[str, Any]:
            return {**bulletin, field: 7 if isinstance(bulletin[field], int) else "7"}

    making = Other()
    _, found = _checked(making)
    assert found == [("mixed", f"entry {making.places('release')[-1]}")]


def test_a_bulletin_stands_between_the_entries_it_is_of_and_its_release() -> None:
    class Late(Making):
        """The second bulletin is appended only after its release."""

        def issue(self, number: int) -> None:
            super().issue(number)
            if number == 2:
                self.contents[-2:] = self.contents[:-3:-1]

    class Early(Making):
        """The second bulletin says that it is of one entry more than stood before it."""

        def bulletin(self, number: int, site: bytes, size: int) -> dict[str, Any]:
            return super().bulletin(number, site, size + (number == 2))

        def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
            return {**super().release(bulletin, contents, size), "size": bulletin["size"]}

    for making in (Late(), Early()):
        _, found = _checked(making)
        assert found == [("mixed", f"entry {making.places('release')[-1]}")]


def test_each_thing_that_is_not_in_its_form_is_said_where_it_stands() -> None:
    class Redaction(Making):
        def redaction(self) -> dict[str, Any]:
            return {**super().redaction(), "note": "trust me"}

    class Release(Making):
        def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
            said = super().release(bulletin, contents, size)
            return {**said, "note": "trust me"} if bulletin["number"] == 2 else said

    making = Redaction()
    releases, found = _checked(making)
    assert found == [("entry", f"entry {making.places('redaction')[0]}")]
    assert releases == making.places("release")
    making = Release()
    releases, found = _checked(making)
    assert found == [("entry", f"entry {making.places('release')[1]}")]
    assert releases == making.places("release")[:1]


def test_what_signatures_lack_is_said_where_it_stands() -> None:
    class Redaction(Making):
        def sign_redaction(self, value: dict[str, Any]) -> dict[str, Any]:
            return self.signed(value, "birch")

    class Release(Making):
        def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
            return self.signed(value, "amber")

    class SecondKeyset(Making):
        def sign_second_keyset(self, value: dict[str, Any]) -> dict[str, Any]:
            return self.signed(value, "amber")

    class Before(Making):
        def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
            return {**super().release(bulletin, contents, size), "before": ""}

    making = Redaction()
    _, found = _checked(making)
    assert found == [("editors", f"entry {making.places('redaction')[0]}")]
    making = Release()
    releases, found = _checked(making)
    assert found == [("editors", f"entry {place}") for place in making.places("release")]
    assert releases == making.places("release")
    making = SecondKeyset()
    _, found = _checked(making, 1)  # it does not count, so what names it names none that is in force
    behind = sorted([*making.places("release"), *making.places("redaction")])
    assert found == [("keyset", "entry 60"), *[("editors", f"entry {place}") for place in behind]]
    making = Before()
    _, found = _checked(making)
    assert found == [("replay", f"entry {making.places('release')[1]}")]

"""An archive of the web is added to a case: kept whole, its pages read, its tokens attached."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import archiving as make
from casemaking import TEXT, a_case
from holdfire.archiving import is_archive
from holdfire.case import Case
from holdfire.errors import BadInput
from holdfire.holdings import reports
from holdfire.recomputing import again

PERIOD = "2031-05-01/2031-05-09"
SAID = TEXT.split("---\n")[2].strip()
STORY = f"<html lang=en><title>Calm</title><body><p>{SAID}</p></body></html>".encode()


def story() -> bytes:
    return make.record(make.ADDRESS, make.response(STORY))


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return a_case(tmp_path / "case", {})


def add(case: Case, name: str, content: bytes, **about: str) -> list[str]:
    file = case.folder.path.parent / name
    file.write_bytes(content)
    return [each.format for each in case.add([file], {"source": "news", **about})]


def test_the_archive_and_its_page_are_reports_and_the_page_is_read(case: Case) -> None:
    packed = make.wacz([story()])
    assert add(case, "calm.wacz", packed) == ["wacz", "text"]
    with case.ledger() as ledger, case.vault() as vault:
        archive, page = reports(ledger, vault).values()
        assert vault.read(archive.id) == packed
        assert vault.read(page.id) == STORY
        assert page.archive == archive.id
        assert page.cite == make.ADDRESS
    ran = case.run(PERIOD)
    assert ran.summary.incidents == 1
    rows = json.loads((ran.bulletins[0] / "annex" / "incidents.json").read_bytes())["incidents"]
    assert [row["killed_low"] for row in rows] == [2]
    assert [each.same for each in again(case.folder.path, None, "", None)] == [True]


def test_added_twice_it_is_there_once(case: Case) -> None:
    packed = make.wacz([story()])
    add(case, "calm.wacz", packed)
    add(case, "calm.wacz", packed)
    with case.ledger() as ledger:
        assert len(list(ledger.entries("report"))) == 2


def test_a_damaged_archive_is_refused_and_nothing_enters(case: Case) -> None:
    with pytest.raises(BadInput):
        add(case, "calm.wacz", make.wacz([story()], digest={"hash": "sha256:" + "0" * 64}))
    with case.ledger() as ledger:
        assert ledger.size == 0


def test_someone_must_say_who_published_it(case: Case) -> None:
    with pytest.raises(BadInput, match="no source"):
        add(case, "calm.wacz", make.wacz([story()]), source="nobody-known")
    with pytest.raises(BadInput, match="takes no"):
        add(case, "calm.wacz", make.wacz([story()]), mapping="x.yaml")


def test_a_page_cannot_say_who_published_it(case: Case) -> None:
    fenced = b"---\nsource: north-speaks\n---\n" + SAID.encode()
    add(case, "calm.wacz", make.wacz([make.record(make.ADDRESS, make.response(fenced))]))
    with case.ledger() as ledger:
        assert {each.source for each in reports(ledger).values()} == {"news"}


def test_what_is_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.wacz").write_bytes(make.wacz([story()]))
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n")
    assert is_archive(tmp_path / "a.wacz")
    assert not is_archive(tmp_path / "a.csv")

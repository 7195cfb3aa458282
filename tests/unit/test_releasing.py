"""From a bulletin to a bundle that a reader's verifier takes, and what is refused on the way."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from holdfire import releasing, signing
from holdfire.case import Case
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import check
from holdfire.releasing import write_bundle
from recordmaking import COSIGNED, NAME, a_record, released, reopened
from signatures import ADA, signed


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    made = a_record(tmp_path_factory.mktemp("release") / "case")
    head = made.folder.path / "case.yaml"
    text = head.read_text(encoding="utf-8")
    said = 'publisher: A commission\nlicence: CC BY 4.0\nmirrors: ["https://mirror.example/record/"]\n'
    head.write_text(said + text, encoding="utf-8")
    again = reopened(made.folder.path)
    again.run("2031-05-01/2031-05-09")
    released(again)
    return reopened(made.folder.path)


@pytest.fixture(scope="module")
def bundle(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(case, tmp_path_factory.mktemp("bundle") / "out").path


def findings(path: Path, case: Case) -> list[str]:
    with case.ledger() as ledger:
        fingerprint = signing.fingerprint(ledger)
    answer = check(View(str(path)), fingerprint, None, COSIGNED + 60)
    return [each.code for each in answer.findings]


def test_a_reader_says_yes_to_the_folder_and_to_the_zip(case: Case, bundle: Path, tmp_path: Path) -> None:
    assert findings(bundle, case) == []
    packed = write_bundle(case, tmp_path / "one.zip")
    assert findings(packed.path, case) == []
    assert packed.size == packed.path.stat().st_size


def test_the_same_record_gives_the_same_bundle(case: Case, bundle: Path, tmp_path: Path) -> None:
    other = write_bundle(case, tmp_path / "other").path
    files = sorted(p.relative_to(bundle) for p in bundle.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(other) for p in other.rglob("*") if p.is_file())
    assert all((bundle / name).read_bytes() == (other / name).read_bytes() for name in files)


def test_it_holds_a_proof_and_a_provenance_for_each_determination(case: Case, bundle: Path) -> None:
    pages = {p.stem for p in (bundle / "bulletin" / "determinations").glob("d-*.html")}
    assert len(pages) == 4
    assert {p.name.removesuffix(".tlog-proof") for p in (bundle / "proofs").iterdir()} == pages
    assert {p.stem for p in (bundle / "exports" / "prov").iterdir()} == pages
    crate = json.loads((bundle / "ro-crate-metadata.json").read_bytes())
    assert "A commission" in json.dumps(crate)
    assert (bundle / "MIRRORS").read_text(encoding="utf-8") == "https://mirror.example/record/\n"


def test_nothing_of_the_vault_or_of_a_key_is_in_it(case: Case, bundle: Path) -> None:
    with case.vault() as vault:
        held = {name: vault.read(name) for name in vault.all()}
        labels = [vault.label(name)["file"].removeprefix("inbox/") for name in held]
    keys = [p.read_bytes() for p in (case.folder.made / "keys").iterdir()]
    for path in bundle.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(each in content for each in (*held.values(), *keys)), path
            assert b"PRIVATE KEY" not in content, path
            assert not any(f"inbox/{label}".encode() in content for label in labels), path


def test_one_editor_is_not_enough(case: Case, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(case.folder.path, copy)
    opened_case = reopened(copy)
    with opened_case.ledger(write=True) as ledger:
        entry = releasing.the_bulletin(ledger)
        draft = releasing.draft(opened_case, ledger, entry, timedelta(days=1))
        with pytest.raises(CheckFailed, match="must sign"):
            signing.enter(ledger, signed(draft, ADA))
        with pytest.raises(CheckFailed, match="must sign"):
            signing.enter(ledger, signed(draft, ADA, ADA))


def test_files_that_changed_after_they_were_issued_are_not_released(case: Case, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(case.folder.path, copy)
    opened_case = reopened(copy)
    manifest = copy / "bulletins" / NAME / "manifest.txt"
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    with opened_case.ledger() as ledger, pytest.raises(BadInput, match="not those that were issued"):
        releasing.draft(opened_case, ledger, releasing.the_bulletin(ledger), timedelta(days=1))


def test_a_page_that_changed_after_it_was_signed_is_not_sealed(case: Case, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(case.folder.path, copy)
    page = copy / "bulletins" / NAME / "index.html"
    page.write_bytes(page.read_bytes().replace(b"breach", b"accord"))
    with pytest.raises(BadInput, match="of other files than these"):
        write_bundle(reopened(copy), tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_nothing_released_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nothing was released"):
        write_bundle(a_record(tmp_path / "case", 1), tmp_path / "bundle")


def test_a_folder_that_is_no_bundle_is_left_alone(case: Case, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BadInput, match="is no bundle"):
        write_bundle(case, tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"

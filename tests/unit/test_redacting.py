"""A redaction destroys bytes and every copy of them, and changes no number that was published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archiving import pending_proof
from casemaking import made_once
from holdfire import signing, stamps
from holdfire.case import Case
from holdfire.digests import Digest
from holdfire.recomputing import again
from holdfire.redacting import destroyer, working_copies
from holdfire.tracing import standing
from recordmaking import AT, NAME, PERIOD, a_record
from signatures import ADA, BEN, signed

WORD = "zanquebar-7291"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.open(planted(tmp_path / "case").folder.path)


@made_once
def planted(folder: Path) -> Case:
    """Return a case one of whose reports holds the word, in its name too."""
    made = a_record(folder, 3)
    text = made.folder.path / "inbox" / "0.md"
    told = text.read_text(encoding="utf-8") + f"\nCalls are answered at {WORD}.\n"
    (made.folder.path / "inbox" / f"{WORD}.md").write_text(
        told.replace("2 May", "4 May").replace("1 May", "4 May"), encoding="utf-8"
    )
    Case.open(made.folder.path).run(PERIOD)
    return Case.open(made.folder.path)


def named(case: Case) -> Digest:
    with case.vault() as vault:
        return next(name for name in vault.all() if WORD in vault.label(name)["file"])


def redact(case: Case, of: Digest) -> None:
    with case.ledger(write=True) as ledger, case.vault(write=True) as vault:
        draft = signing.draft_redaction(ledger, of=of, reason="asked for by law", at=AT)
        signing.enter(ledger, signed(draft, ADA, BEN), destroyer(case.folder, ledger, vault))


def holding(folder: Path, word: str) -> list[str]:
    return [
        p.name
        for p in folder.rglob("*")
        if word in p.name or (p.is_file() and word.encode() in p.read_bytes())
    ]


def test_the_words_are_gone_and_the_numbers_stay(case: Case) -> None:
    assert holding(case.folder.path, WORD), "the control: they were there"
    with case.ledger() as ledger:
        size, root = ledger.size, ledger.root(ledger.size)
    manifest = (case.bulletins / NAME / "manifest.txt").read_bytes()
    numbers = json.loads((case.bulletins / NAME / "bulletin.json").read_bytes())["figures"]
    redact(case, named(case))
    assert holding(case.folder.path, WORD) == []
    with case.ledger() as ledger:
        assert ledger.root(size) == root
    assert (case.bulletins / NAME / "manifest.txt").read_bytes() == manifest
    assert [each.same for each in again(case.folder.path, None, "", None)] == [True, True]
    ((_, traced),) = standing(case.folder.path)
    assert (traced.redacted, traced.whole) == (1, True)
    later = Case.open(case.folder.path)
    later.run(PERIOD)
    after = json.loads((later.bulletins / NAME / "bulletin.json").read_bytes())["figures"]
    of = {f["key"]: f["value"] for f in numbers.values() if f["key"].startswith("summary.")}
    assert {f["key"]: f["value"] for f in after.values() if f["key"].startswith("summary.")} == of
    page = next((later.bulletins / NAME).glob("index.html")).read_text(encoding="utf-8")
    assert "redact" in page
    assert not later.fsck()[1]
    assert [each.same for each in again(case.folder.path, None, "", None)] == [True, True, True]


def test_a_copy_under_another_name_goes_too(case: Case) -> None:
    inbox = case.folder.path / "inbox"
    of = named(case)
    (inbox / "again.md").write_bytes((inbox / f"{WORD}.md").read_bytes())
    with case.vault() as vault:
        assert {p.name for p in working_copies(case.folder, vault, of)} == {"again.md", f"{WORD}.md"}
    redact(case, of)
    assert holding(case.folder.path, WORD) == []


def test_a_token_that_would_confirm_a_guess_goes_with_it(case: Case) -> None:
    of = named(case)
    with case.ledger(write=True) as ledger, case.vault(write=True) as vault:
        stamps.attach(ledger, vault, of, pending_proof(vault.read(of)), at=AT)
        (token,) = stamps.beside(ledger, of)
        assert token in vault
    redact(case, of)
    with case.vault() as vault:
        assert token not in vault


def test_one_that_was_cut_short_is_finished_by_the_next_run(case: Case) -> None:
    of = named(case)
    with case.ledger(write=True) as ledger:
        draft = signing.draft_redaction(ledger, of=of, reason="asked for by law", at=AT)

        def killed(_: Digest) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            signing.enter(ledger, signed(draft, ADA, BEN), killed)
    assert holding(case.folder.path, WORD)
    case.run(PERIOD, again=True)
    assert holding(case.folder.path / "inbox", WORD) == []
    with case.vault() as vault:
        assert of not in vault

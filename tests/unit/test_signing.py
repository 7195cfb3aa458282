"""Drafts go from hand to hand; what too few signed, or what no longer fits, does not get in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from holdfire import signing
from holdfire.digests import digest
from holdfire.errors import BadInput, CheckFailed, HoldfireError
from holdfire.ledger import checkpoints, drafts, growth, keyfiles
from holdfire.ledger.cosigning import Witness
from holdfire.ledger.log import Ledger
from holdfire.ledger.verifying.notes import Note, origin_of
from signatures import (
    ADA,
    AT,
    BEN,
    CLEO,
    DANA,
    LOG,
    NORTH,
    RIVER,
    SOUTH,
    begun,
    keyset,
    note,
    person,
    public,
    signed,
)

REPORT = "5" * 64
NOW = 1_456_833_600


def ready(folder: Path) -> Ledger:
    """Return a ledger with keyset 1, a report and a bulletin on the first four entries."""
    ledger = begun(folder)
    report = {"kind": "report", "report": REPORT, "source": "ucdp", "received": AT, "format": "ucdp-ged"}
    bulletin = {
        "kind": "bulletin", "number": 1, "period": "2016-03-01", "version": 1,
        "manifest": "6" * 64, "size": 4,
    }  # fmt: skip
    ledger.append([report, bulletin])
    return ledger


def release(ledger: Ledger, **changes: Any) -> drafts.Draft:
    """Return the draft of a release of the last bulletin."""
    fields: dict[str, Any] = {
        "bulletin": [each for each in ledger.entries() if each.kind == "bulletin"][-1],
        "version": 1,
        "size": 4,
        "contents": "7" * 64,
        "at": AT,
        "expires": "2016-03-31T12:00Z",
    }
    return signing.draft_release(ledger, **(fields | changes))


def test_the_fingerprint_is_the_leaf_hash_of_the_first_keyset(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        first = next(iter(ledger.entries()))
        assert signing.fingerprint(ledger) == first.leaf == digest(b"\0" + first.content)
        signing.enter(ledger, signed(keyset(ledger, threshold=3), ADA, BEN, CLEO))
        assert signing.fingerprint(ledger) == first.leaf, "it does not change when the keys do"
        assert signing.keyset_in_force(ledger).number == 2
        assert signing.keyset_in_force(ledger, upto=4).number == 1


def test_without_a_keyset_nothing_is_signed(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite", write=True) as ledger:
        ledger.append([note("a")])
        for call in (
            lambda: signing.keyset_in_force(ledger),
            lambda: signing.fingerprint(ledger),
            lambda: signing.checkpoint(ledger, tmp_path / "keys"),
            lambda: signing.draft_redaction(ledger, of=REPORT, reason="asked for", at=AT),
        ):
            with pytest.raises(BadInput, match="no keyset says yet"):
                call()


def test_a_draft_goes_from_hand_to_hand_as_a_file(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        file = tmp_path / "release.draft"
        drafts.save(file, release(ledger))
        with pytest.raises(CheckFailed, match="signed by no one; 2 more of Ada, Ben, Cleo"):
            signing.enter(ledger, drafts.read(file))
        drafts.save(file, drafts.add_signature(drafts.read(file), ADA))
        with pytest.raises(CheckFailed, match="signed by Ada; 1 more of Ben, Cleo"):
            signing.enter(ledger, drafts.read(file))
        drafts.save(file, drafts.add_signature(drafts.read(file), CLEO))
        entry = signing.enter(ledger, drafts.read(file))
        assert entry.kind == "release"
        assert entry.content == file.read_bytes()[:-1], "what is entered is what was signed, byte for byte"
        assert signing.enter(ledger, drafts.read(file)) == entry, "again changes nothing"
        assert ledger.size == entry.seq + 1


def test_one_person_with_one_key_cannot_let_a_bulletin_out(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        draft = release(ledger)
        for who in ((), (ADA,), (ADA, ADA)):
            with pytest.raises(CheckFailed):
                signing.enter(ledger, signed(draft, *who))
        for who in ((ADA, DANA), (ADA, NORTH), (ADA, LOG), (ADA, BEN, DANA)):
            with pytest.raises(BadInput, match="no editor's"):
                signing.enter(ledger, signed(draft, *who))
        assert all(each.kind != "release" for each in ledger.entries())


@pytest.mark.parametrize(
    "field",
    ["bulletin", "size", "manifest", "contents", "period", "number", "version", "at", "expires", "keyset"],
)
def test_a_release_that_was_changed_after_it_was_signed_is_refused(tmp_path: Path, field: str) -> None:
    with ready(tmp_path) as ledger:
        draft = signed(release(ledger), ADA, BEN)
        other = {
            "size": 3,
            "number": 2,
            "version": 2,
            "at": "2016-03-02T12:00Z",
            "expires": "2017-03-02T12:00Z",
        }
        with pytest.raises(BadInput):
            signing.enter(ledger, {**draft, field: other.get(field, "8" * 64)})
        assert all(each.kind != "release" for each in ledger.entries())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 2}, "the bulletin 1"),
        ({"size": 3}, "the bulletin 4"),
        ({"expires": AT}, "expires before"),
        ({"expires": "2016-02-31T00:00Z"}, "no reader would take"),
        ({"contents": "words"}, "not a digest"),
    ],
)
def test_a_release_that_does_not_fit_its_bulletin_is_not_drawn_up(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with ready(tmp_path) as ledger, pytest.raises(BadInput, match=said):
        release(ledger, **changes)


def test_even_rightly_signed_a_release_must_fit_the_ledger(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        draft = release(ledger)
        for changes in ({"manifest": "8" * 64}, {"bulletin": "8" * 64}, {"before": "8" * 64}, {"size": 400}):
            with pytest.raises(BadInput):
                signing.enter(ledger, signed({**draft, **changes}, ADA, BEN))


def test_two_drafts_of_a_release_cannot_both_follow_one(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        one, two = release(ledger), release(ledger, contents="8" * 64)
        first = signing.enter(ledger, signed(one, ADA, BEN))
        with pytest.raises(BadInput, match="another release was entered"):
            signing.enter(ledger, signed(two, ADA, BEN))
        assert release(ledger, contents="8" * 64)["before"] == first.leaf


def test_a_draft_signed_under_old_keys_is_refused_under_new_ones(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        draft = signed(release(ledger), ADA, BEN)
        signing.enter(ledger, signed(keyset(ledger, editors=public(ADA, BEN, DANA)), ADA, BEN))
        with pytest.raises(BadInput, match="not under keyset 2"):
            signing.enter(ledger, draft)


def test_an_editor_who_left_cannot_sign(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        signing.enter(ledger, signed(keyset(ledger, editors=public(ADA, BEN, DANA)), ADA, BEN))
        with pytest.raises(BadInput, match="no editor's"):
            signing.enter(ledger, signed(release(ledger), ADA, CLEO))
        assert signing.enter(ledger, signed(release(ledger), ADA, DANA))


def test_a_review_is_signed_by_one_editor(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        draft = signing.draft_review(of="d-1", entry="1" * 64, status="verified", at=AT, by="Ada")
        with pytest.raises(CheckFailed, match="signed by the editor"):
            signing.enter(ledger, draft)
        with pytest.raises(BadInput, match="no editor's"):
            signing.enter(ledger, signed(draft, DANA))
        assert signing.enter(ledger, signed(draft, ADA)).kind == "review"


class Vault:
    """What `enter` needs of a vault, and a way to die."""

    def __init__(self) -> None:
        self.held, self.dies, self.calls = {REPORT}, False, 0

    def destroy(self, commitment: str) -> bool:
        """Destroy, or die first."""
        self.calls += 1
        if self.dies:
            raise KeyboardInterrupt
        there = commitment in self.held
        self.held.discard(commitment)
        return there


def test_a_redaction_destroys_only_what_two_editors_signed(tmp_path: Path) -> None:
    vault = Vault()
    with ready(tmp_path) as ledger:
        draft = signing.draft_redaction(ledger, of=REPORT, reason="asked for by the person", at=AT, by="Ada")
        for who in ((), (ADA,)):
            with pytest.raises(CheckFailed):
                signing.enter(ledger, signed(draft, *who), vault.destroy)
        with pytest.raises(HoldfireError, match="where the vault is"):
            signing.enter(ledger, signed(draft, ADA, BEN))
        assert (vault.calls, vault.held) == (0, {REPORT})
        assert all(each.kind != "redaction" for each in ledger.entries()), (
            "and the log does not say it was done"
        )
        signing.enter(ledger, signed(draft, ADA, BEN), vault.destroy)
        assert vault.held == set()
        assert signing.unfinished(ledger, vault.held.__contains__) == []


def test_a_redaction_killed_between_log_and_vault_is_finished_by_entering_it_again(tmp_path: Path) -> None:
    vault = Vault()
    with ready(tmp_path) as ledger:
        draft = signing.draft_redaction(ledger, of=REPORT, reason="asked for", at=AT)
        vault.dies = True
        with pytest.raises(KeyboardInterrupt):
            signing.enter(ledger, signed(draft, ADA, BEN), vault.destroy)
        assert signing.unfinished(ledger, vault.held.__contains__) == [REPORT], (
            "the log knows what is left to do"
        )
        size, vault.dies = ledger.size, False
        entry = signing.enter(
            ledger, signed(draft, ADA, BEN, CLEO), vault.destroy
        )  # one more had signed since
        assert (vault.held, ledger.size, entry.seq) == (set(), size, size - 1), "destroyed, and entered once"


def test_a_redaction_killed_between_is_finished_without_the_draft_too(tmp_path: Path) -> None:
    vault = Vault()
    with ready(tmp_path) as ledger:
        vault.dies = True
        draft = signing.draft_redaction(ledger, of=REPORT, reason="asked for", at=AT)
        with pytest.raises(KeyboardInterrupt):
            signing.enter(ledger, signed(draft, ADA, BEN), vault.destroy)
        vault.dies = False
        assert signing.finish(ledger, vault.held.__contains__, vault.destroy) == [REPORT]
        assert signing.finish(ledger, vault.held.__contains__, vault.destroy) == []
        assert vault.held == set()


def test_nothing_is_destroyed_if_the_log_cannot_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault()
    with ready(tmp_path) as ledger:
        draft = signed(signing.draft_redaction(ledger, of=REPORT, reason="asked for", at=AT), ADA, BEN)

        def full(_: object) -> None:
            raise HoldfireError("the disk is full")

        monkeypatch.setattr(ledger, "append", full)
        with pytest.raises(HoldfireError, match="full"):
            signing.enter(ledger, draft, vault.destroy)
        assert (vault.calls, vault.held) == (0, {REPORT})


def test_a_redaction_names_something_that_is_there(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger, pytest.raises(BadInput, match="no report or attachment"):
        signing.draft_redaction(ledger, of="4" * 64, reason="asked for", at=AT)


def test_a_draft_says_everything_that_is_signed(tmp_path: Path) -> None:
    """Every value of every field stands in what the editor is shown."""
    with ready(tmp_path) as ledger:
        shown = [
            release(ledger),
            keyset(ledger),
            signing.draft_redaction(ledger, of=REPORT, reason="asked for by the person", at=AT, by="Ada"),
            signing.draft_review(of="d-1", entry="1" * 64, status="verified", at=AT, by="Ada", reason="seen"),
        ]
    for draft in shown:
        said = "\n".join(drafts.described(draft))
        for name, value in draft.items():
            values = list(value) + list(value.values()) if isinstance(value, dict) else [value]
            assert name in ("kind", "signatures") or all(str(each) in said for each in values), name
        assert "signed by no one yet" in said
        assert ADA.id in "\n".join(drafts.described(signed(draft, ADA)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        b"[]",
        b'{"kind":"run"}',
        b'{"kind": "review"}',
        b'{"kind":"release","kind":"release"}',
        b"x" * 99999,
    ],
)
def test_what_is_no_draft_is_said_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "draft").write_bytes(content)
    with pytest.raises(BadInput):
        drafts.read(tmp_path / "draft")


def test_a_draft_edited_by_hand_is_refused(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        drafts.save(tmp_path / "draft", release(ledger))
    value = json.loads((tmp_path / "draft").read_bytes())
    for text in (
        json.dumps(value),
        json.dumps({**value, "note": "x"}, separators=(",", ":"), sort_keys=True),
    ):
        (tmp_path / "draft").write_text(text)
        with pytest.raises(BadInput, match="no draft"):
            drafts.read(tmp_path / "draft")
    assert drafts.checked(value) == value


def test_a_checkpoint_is_signed_by_the_key_of_the_keyset_in_force(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        note_, text = checkpoints.opened(signing.checkpoint(ledger, tmp_path / "keys"))
        assert (text.origin, text.size, text.root.hex()) == (origin_of(LOG.public), 6, ledger.root(6))
        assert checkpoints.by_log(note_, text.origin, LOG.public)
        after = keyfiles.new_log_key(tmp_path / "keys")
        signing.enter(ledger, signed(keyset(ledger, log=after.public), ADA, BEN))
        later, said = checkpoints.opened(signing.checkpoint(ledger, tmp_path / "keys"))
        assert said.origin == text.origin, "the origin is that of keyset 1"
        assert checkpoints.by_log(later, text.origin, after.public)
        assert not checkpoints.by_log(later, text.origin, LOG.public)
        earlier = checkpoints.opened(signing.checkpoint(ledger, tmp_path / "keys", 6))[0]
        assert earlier == note_, "an earlier size is signed as it was then"


def test_without_the_logs_key_no_checkpoint_is_made(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        (tmp_path / "keys" / "log.key").unlink()
        with pytest.raises(BadInput, match="log's key of keyset 1 is not here"):
            signing.checkpoint(ledger, tmp_path / "keys")


def sent(folder: Path, ledger: Ledger) -> tuple[bytes, str]:
    """Return the newest checkpoint, kept, and the line of a witness that saw the whole log."""
    kept = signing.save_checkpoint(folder / "checkpoints", signing.checkpoint(ledger, folder / "keys"))
    contents = [each.content for each in ledger.entries()]
    whole = growth.by_whole(lambda size: iter(contents[:size]), signing.fingerprint(ledger))
    return kept, Witness(NORTH, folder / "state").cosign(kept, whole, NOW).written()


def test_cosignatures_come_back_as_a_note_or_as_lines(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        kept, line = sent(tmp_path, ledger)
        folder = tmp_path / "checkpoints"
        assert signing.add_cosignatures(ledger, folder, line.encode()) == ["north"]
        whole = signing.newest(folder)
        assert whole == kept + line.encode()
        (folder / "6").unlink()
        assert signing.add_cosignatures(ledger, folder, whole) == ["north"]
        assert signing.newest(folder) == whole
        assert list(signing.seen_since(folder, signing.keyset_in_force(ledger))) == ["north"]


def test_a_strangers_line_is_left_out_and_alone_is_refused(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        kept, line = sent(tmp_path, ledger)
        text = checkpoints.opened(kept)[0].text
        strange = checkpoints.cosignature(text, RIVER, NOW).written()
        borrowed = checkpoints.cosignature(text, person("x"), NOW)._replace(name="south").written()
        folder = tmp_path / "checkpoints"
        signing.add_cosignatures(ledger, folder, kept + (strange + line + borrowed).encode())
        assert signing.newest(folder) == kept + line.encode()
        for alone in (strange, borrowed):
            with pytest.raises(BadInput, match="no witness in the keyset"):
                signing.add_cosignatures(ledger, folder, alone.encode())
            with pytest.raises(BadInput, match="no line is of a witness"):
                signing.add_cosignatures(ledger, folder, kept + alone.encode())


def test_a_cosignature_of_another_history_is_told_as_what_it_is(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        kept, line = sent(tmp_path, ledger)
        own = checkpoints.opened(kept)[1]
        other = checkpoints.made(own._replace(root=bytes(32)), LOG)
        lines = Note.parse(other).text
        forged = other + checkpoints.cosignature(lines, SOUTH, NOW).written().encode()
        with pytest.raises(CheckFailed, match="not this log"):
            signing.add_cosignatures(ledger, tmp_path / "checkpoints", forged)
        with pytest.raises(BadInput, match="does not fit"):
            signing.add_cosignatures(
                ledger, tmp_path / "checkpoints", kept + line.encode() + forged[len(other) :]
            )
        assert signing.newest(tmp_path / "checkpoints") == kept


def test_a_witness_is_sent_a_proof_since_its_last_checkpoint(tmp_path: Path) -> None:
    with ready(tmp_path) as ledger:
        sent(tmp_path, ledger)
        for more in range(1, 20):
            ledger.append([note(f"more {more}")])
            kept = signing.checkpoint(ledger, tmp_path / "keys")
            old, hashes, carried = growth.request(signing.growth_request(ledger, kept, ledger.size - 1))
            assert carried == kept
            assert Witness(NORTH, tmp_path / "state").cosign(carried, growth.by_proof(old, hashes), NOW)
        with pytest.raises(BadInput, match="fewer than"):
            signing.growth_request(ledger, kept, ledger.size + 1)

"""Checkpoints byte for byte, against notes and cosignatures that others made.

Facts used: the note that Go's `sumdb/note` signs with its test key; the example of C2SP tlog-cosignature,
whose keys are not published, for its framing; and the checkpoint of a public certificate log (2026), its
log's signature and four independent witnesses' cosignatures, with the keys they publish.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfire import signing
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import checkpoints
from holdfire.ledger.keys import PrivateKey
from holdfire.ledger.verifying.notes import (
    LOG_KEY,
    WITNESS_KEY,
    Checkpoint,
    Line,
    Note,
    cosigned_message,
    note_key_id,
    origin_of,
)
from signatures import ADA, LOG, NORTH, RIVER, SOUTH, begun, person

OPENSSL = shutil.which("openssl")
ROOT = bytes(range(32))

GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_SEED = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM="
GO_LINE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

SPECIFIED = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501 - a signature is one line

PUBLIC_ORIGIN = "arche2025h1.staging.ct.transparency.dev"
PUBLIC = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
"""  # noqa: E501 - a signature is one line
PUBLIC_LOG = "AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
PUBLIC_WITNESSES = {
    "transparency.dev/DEV:witness-little-garden": "BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
    "witness1.smartit.nu/witness1": "BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    "remora.n621.de": "BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    "witness.stagemole.eu": "BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
}


def material(encoded: str) -> bytes:
    """Return the key of a C2SP verifier key, without the byte that says its type."""
    return base64.b64decode(encoded)[1:]


def public_witnesses() -> dict[str, bytes]:
    """Return the keys of the four public witnesses by name."""
    return {name: material(key) for name, key in PUBLIC_WITNESSES.items()}


def at(size: int, root: bytes = ROOT) -> bytes:
    """Return a checkpoint note of our log."""
    return checkpoints.made(Checkpoint(origin_of(LOG.public), size, root), LOG)


def with_cosignature(note: bytes, witness: PrivateKey, seconds: int) -> bytes:
    """Return a note with one more cosignature."""
    own = checkpoints.opened(note)[0]
    return checkpoints.merged(
        own, Note(own.text, (checkpoints.cosignature(own.text, witness, seconds),))
    ).written()


def test_the_note_that_go_signs_with_its_test_key_is_signed_the_same_here() -> None:
    key = PrivateKey.of("PeterNeumann", Ed25519PrivateKey.from_private_bytes(base64.b64decode(GO_SEED)))
    line = Line(key.name, note_key_id(key.name, LOG_KEY, key.public), key.sign(GO_TEXT.encode()))
    assert line.written() == f"— PeterNeumann {GO_LINE}\n"
    assert note_key_id(key.name, LOG_KEY, key.public).hex() == "c74f20a3"


def test_the_specifications_example_is_read_and_written_the_same() -> None:
    note, text = checkpoints.opened(SPECIFIED.encode())
    assert note.written().decode() == SPECIFIED
    assert (text.origin, text.size) == ("example.com/behind-the-sofa", 20852163)
    assert [line.key_id.hex() for line in note.lines] == ["033de0ae", "8d66cf3f"]
    assert int.from_bytes(note.lines[1].signature[:8], "big") == 1679315147
    assert cosigned_message(note.text, 1679315147).decode() == (
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


def test_a_public_logs_signature_and_four_witnesses_hold() -> None:
    note, text = checkpoints.opened(PUBLIC.encode())
    assert checkpoints.by_log(note, PUBLIC_ORIGIN, material(PUBLIC_LOG))
    assert text.size == 1_432_088_532
    seen = checkpoints.by_witnesses(note, public_witnesses())
    assert seen == {name: [1779573024] for name in PUBLIC_WITNESSES}


@pytest.mark.parametrize(
    ("old", "new"), [("1432088532", "1432088533"), ("U7WM", "V7WM"), ("arche2025h1", "arche2025h2")]
)
def test_a_public_checkpoint_that_was_changed_does_not_hold(old: str, new: str) -> None:
    note, text = checkpoints.opened(PUBLIC.replace(old, new, 1).encode())
    assert not checkpoints.by_log(note, PUBLIC_ORIGIN, material(PUBLIC_LOG))
    assert not checkpoints.by_log(note, text.origin, material(PUBLIC_LOG))
    with pytest.raises(BadInput, match="does not fit"):
        checkpoints.by_witnesses(note, public_witnesses())


def test_what_we_make_is_three_lines_and_is_read_again() -> None:
    note, text = checkpoints.opened(at(5))
    assert note.text == f"{origin_of(LOG.public)}\n5\n{base64.b64encode(ROOT).decode()}\n"
    assert text == Checkpoint(origin_of(LOG.public), 5, ROOT)
    assert checkpoints.by_log(note, text.origin, LOG.public)
    assert not checkpoints.by_log(note, text.origin, ADA.public)
    assert note.lines[0].key_id == note_key_id(text.origin, b"\x01", LOG.public)


def test_a_witness_line_is_the_keys_id_the_time_and_the_signature() -> None:
    note = checkpoints.opened(with_cosignature(at(5), NORTH, 1_456_833_600))[0]
    line = note.lines[1]
    assert line.name == "north"
    assert line.key_id == note_key_id("north", WITNESS_KEY, NORTH.public)
    assert line.signature[:8] == (1_456_833_600).to_bytes(8, "big")
    assert line.signature[8:] == NORTH.sign(b"cosignature/v1\ntime 1456833600\n" + note.text.encode())
    assert checkpoints.by_witnesses(note, {"north": NORTH.public}) == {"north": [1_456_833_600]}


@pytest.mark.skipif(OPENSSL is None, reason="needs openssl")
def test_openssl_verifies_our_log_and_our_witness(tmp_path: Path) -> None:
    note = checkpoints.opened(with_cosignature(at(5), NORTH, 1_456_833_600))[0]
    signed = [
        (LOG, note.text.encode(), note.lines[0].signature),
        (NORTH, cosigned_message(note.text, 1_456_833_600), note.lines[1].signature[8:]),
    ]
    for key, said, signature in signed:
        (tmp_path / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + key.public)
        (tmp_path / "said").write_bytes(said)
        (tmp_path / "signature").write_bytes(signature)
        options = ["-verify", "-pubin", "-keyform", "DER", "-inkey", "key", "-rawin"]
        asked = [str(OPENSSL), "pkeyutl", *options, "-in", "said", "-sigfile", "signature"]
        assert subprocess.run(asked, cwd=tmp_path, capture_output=True, check=False).returncode == 0
        (tmp_path / "said").write_bytes(said + b" ")
        assert subprocess.run(asked, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_cosignatures_are_merged_and_each_keys_first_and_newest_are_kept(tmp_path: Path) -> None:
    for witness, seconds in ((NORTH, 300), (SOUTH, 200), (NORTH, 100), (NORTH, 200), (NORTH, 300)):
        checkpoints.save(tmp_path, with_cosignature(at(5), witness, seconds))
    note = checkpoints.opened((tmp_path / "5").read_bytes())[0]
    shown = [(line.name, int.from_bytes(line.signature[:8], "big")) for line in note.lines[1:]]
    assert shown == [("north", 300), ("north", 100), ("south", 200)]
    assert checkpoints.save(tmp_path, at(5)) == note.written(), "saving it bare again takes nothing away"


def test_two_checkpoints_of_one_size_are_never_both_kept(tmp_path: Path) -> None:
    checkpoints.save(tmp_path, at(5))
    with pytest.raises(CheckFailed, match="two histories"):
        checkpoints.save(tmp_path, at(5, bytes(32)))
    assert (tmp_path / "5").read_bytes() == at(5)


def test_the_newest_is_the_largest_not_the_last_by_name(tmp_path: Path) -> None:
    assert checkpoints.newest(tmp_path / "none") is None
    for size in (10, 9, 100):
        checkpoints.save(tmp_path, at(size))
    (tmp_path / "notes.txt").write_text("not a checkpoint")
    assert checkpoints.newest(tmp_path) == at(100)
    assert [size for size, _ in checkpoints.kept(tmp_path)] == [9, 10, 100]


def test_a_note_does_not_take_more_lines_than_readers_do() -> None:
    text = checkpoints.opened(at(5))[0].text
    lines = [checkpoints.cosignature(text, person(f"w{number}"), 1) for number in range(101)]
    full = Note(text, tuple(lines[:100]))
    with pytest.raises(BadInput, match="101 signatures"):
        checkpoints.merged(full, Note(text, tuple(lines[100:])))


def test_a_witness_is_seen_from_its_first_checkpoint_to_its_last(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        keyset = signing.keyset_in_force(ledger)
    folder = tmp_path / "checkpoints"
    for size, witness, seconds in ((5, NORTH, 100), (7, NORTH, 300), (6, NORTH, 200), (7, RIVER, 50)):
        checkpoints.save(folder, with_cosignature(at(size), witness, seconds))
    assert checkpoints.seen_since(folder, keyset) == {
        "north": (datetime.fromtimestamp(100, UTC), datetime.fromtimestamp(300, UTC))
    }, "south never cosigned, and river is no witness of this keyset"
    assert checkpoints.seen_since(tmp_path / "none", keyset) == {}


def test_a_wrong_line_of_a_known_witness_is_not_counted_but_refused(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        keyset = signing.keyset_in_force(ledger)
    own = checkpoints.opened(at(5))[0]
    other = checkpoints.opened(at(6))[0]
    lent = checkpoints.cosignature(other.text, NORTH, 100)
    checkpoints.save(tmp_path / "checkpoints", Note(own.text, (*own.lines, lent)).written())
    with pytest.raises(BadInput, match="does not fit"):
        checkpoints.seen_since(tmp_path / "checkpoints", keyset)


@pytest.mark.parametrize(
    "content", [b"", b"words", at(5)[:-1], at(5).replace(b"\n5\n", b"\n05\n"), at(5) + b"\n"]
)
def test_what_is_no_checkpoint_is_said_so(content: bytes) -> None:
    with pytest.raises(BadInput, match="no checkpoint"):
        checkpoints.opened(content)

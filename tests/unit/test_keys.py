"""Keys and their files: nobody else reads them, nothing replaces them, and no bad key gets in."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger import keyfiles
from holdfire.ledger.keys import PrivateKey, checked_name, key_id, named, public_key, written
from holdfire.ledger.verifying.ed25519 import verify
from signatures import ADA, BEN

OPENSSL = shutil.which("openssl")


def test_a_signature_holds_and_is_the_same_each_time() -> None:
    assert verify(ADA.public, b"words", ADA.sign(b"words"))
    assert ADA.sign(b"words") == ADA.sign(b"words") != BEN.sign(b"words")


def test_a_key_shows_its_name_and_public_half_only() -> None:
    shown = repr(ADA) + str(ADA)
    assert "Ada" in shown
    secret = ADA.secret.private_bytes_raw()
    assert secret.hex() not in shown
    assert repr(secret) not in shown
    assert written(secret) not in shown


def test_a_key_is_written_on_a_line_and_read_again() -> None:
    assert named(f"Ada={written(ADA.public)}") == ("Ada", ADA.public)
    assert key_id(ADA.public) == ADA.id
    assert len(ADA.id) == 16


@pytest.mark.parametrize(
    "text",
    [
        "Ada",
        "Ada=",
        "=" + written(ADA.public),
        "Ada=" + written(ADA.public)[:-1],
        "Ada=" + written(ADA.public[:31]),
        "Ada= " + written(ADA.public),
        "Ada=" + written(ADA.public) + "\n",
        "A\nda=" + written(ADA.public),
    ],
)
def test_a_line_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        named(text)


@pytest.mark.parametrize("y", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18, 2])
def test_a_key_that_readers_refuse_is_refused_before_it_is_drawn_up(y: int) -> None:
    """Of small order: one signature would hold for many messages; above p: a second spelling; 2: no point."""
    with pytest.raises(BadInput):
        public_key(base64.b64encode(y.to_bytes(32, "little")).decode())


def test_another_spelling_of_the_same_key_is_refused() -> None:
    text = written(ADA.public)
    last = text[-2]
    other = chr(ord(last) + 1)  # sets bits of the last character that stand for nothing
    assert base64.b64decode(text[:-2] + other + "=") == ADA.public
    with pytest.raises(BadInput):
        public_key(text[:-2] + other + "=")


@pytest.mark.parametrize(
    "name",
    [
        "",
        " Ada",
        "A=B",
        "a\tb",
        "a\x7fb",
        "x" * 101,
        "a\u202eb",
        "Zo\u00eb",
        "\u0645\u0631\u0627\u0642\u0628",
    ],
)
def test_a_name_that_could_be_mistaken_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        checked_name(name)


def test_a_witness_has_a_name_that_a_signature_line_can_hold() -> None:
    assert checked_name("Ada Example") == "Ada Example"
    for name in ("Ada Example", "a+b", "a\u00a0b", "a\u2003b"):
        with pytest.raises(BadInput):
            checked_name(name, witness=True)


def test_a_key_file_is_read_again_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "ada.key"
    keyfiles.write(file, ADA)
    assert file.stat().st_mode & 0o777 == 0o600
    assert keyfiles.read(file) == ADA
    assert [path.name for path in file.parent.iterdir()] == ["ada.key"]
    file.chmod(0o640)
    with pytest.raises(BadInput, match="others may read"):
        keyfiles.read(file)


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "ada.key"
    keyfiles.write(file, ADA)
    before = file.read_bytes()
    with pytest.raises(BadInput, match="never written over"):
        keyfiles.write(file, BEN)
    assert file.read_bytes() == before
    (tmp_path / "link.key").symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadInput):
        keyfiles.write(tmp_path / "link.key", BEN)
    assert not (tmp_path / "nowhere").exists()


def test_a_stick_without_second_names_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    keyfiles.write(tmp_path / "ada.key", ADA)
    assert keyfiles.read(tmp_path / "ada.key") == ADA
    with pytest.raises(BadInput, match="never written over"):
        keyfiles.write(tmp_path / "ada.key", BEN)


def test_a_full_disk_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keyfiles, "force", full)
    with pytest.raises(HoldfireError, match="No space"):
        keyfiles.write(tmp_path / "ada.key", ADA)
    assert list(tmp_path.iterdir()) == []


def test_a_passphrase_is_asked_for_and_needed(tmp_path: Path) -> None:
    file = tmp_path / "ada.key"
    keyfiles.write(file, ADA, "sésame, ouvre-toi")
    assert keyfiles.read(file, lambda _: "sésame, ouvre-toi") == ADA
    with pytest.raises(BadInput, match="passphrase is wrong"):
        keyfiles.read(file, lambda _: "sesame")
    with pytest.raises(BadInput, match="no passphrase was given"):
        keyfiles.read(file)


def test_a_guess_at_a_passphrase_costs_six_hundred_thousand_rounds(tmp_path: Path) -> None:
    body = keyfiles.pem(ADA, "sesame").split(b"-----")[2]
    assert (600_000).to_bytes(3, "big") in base64.b64decode(body)


@pytest.mark.skipif(OPENSSL is None, reason="needs openssl")
@pytest.mark.parametrize("passphrase", ["", "sesame"])
def test_openssl_reads_a_key_file(tmp_path: Path, passphrase: str) -> None:
    file = tmp_path / "ada.key"
    keyfiles.write(file, ADA, passphrase)
    asked = [
        str(OPENSSL),
        "pkey",
        "-in",
        str(file),
        "-passin",
        f"pass:{passphrase}",
        "-pubout",
        "-outform",
        "DER",
    ]
    assert subprocess.run(asked, capture_output=True, check=True).stdout.endswith(ADA.public)


def test_what_is_no_key_is_said_so(tmp_path: Path) -> None:
    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    lying = keyfiles.pem(ADA).replace(written(ADA.public).encode(), written(BEN.public).encode())
    for content in (b"", b"words", b"x" * 20_000, pem, lying, keyfiles.pem(ADA)[:-60]):
        file = tmp_path / "wrong.key"
        file.unlink(missing_ok=True)
        file.write_bytes(content)
        file.chmod(0o600)
        with pytest.raises(BadInput):
            keyfiles.read(file)
    with pytest.raises(BadInput, match="cannot be read"):
        keyfiles.read(tmp_path / "none.key")


def test_an_error_about_a_key_holds_nothing_of_it(tmp_path: Path) -> None:
    file = tmp_path / "ada.key"
    content = keyfiles.pem(ADA)
    file.write_bytes(content.replace(b"-----BEGIN", b"-----BEGUN"))
    file.chmod(0o600)
    with pytest.raises(BadInput) as raised:
        keyfiles.read(file)
    body = base64.b64encode(ADA.secret.private_bytes_raw()).decode().rstrip("=")
    assert body[:20] not in str(raised.value)
    assert "MC4CAQ" not in str(raised.value)


def test_the_logs_key_is_made_once(tmp_path: Path) -> None:
    key = keyfiles.log_key(tmp_path / "keys")
    assert keyfiles.log_key(tmp_path / "keys") == key
    assert (tmp_path / "keys" / "log.key").stat().st_mode & 0o777 == 0o600
    other = keyfiles.new_log_key(tmp_path / "keys")
    assert set(keyfiles.log_keys(tmp_path / "keys")) == {key.public, other.public}
    assert keyfiles.log_keys(tmp_path / "none") == {}


def test_two_new_keys_differ() -> None:
    assert PrivateKey.make("a").public != PrivateKey.make("a").public

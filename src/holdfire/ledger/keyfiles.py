"""Private keys in files: PKCS #8 in PEM, readable by its owner alone, encrypted where a passphrase is given.

A key file is made once and never written over; one that others may read is refused. Above the PEM stand
the owner's name and the public key, as explanatory text (RFC 7468 section 5.2); `openssl pkey` reads the
file too. Encryption is PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018) at 600,000 rounds: the
library that writes PEM for us stops at 2,048, which is 300 times easier to guess.

A log's own key lies in its case, without a passphrase, since a server signs with it; alone it can do
nothing that a reader with witnesses accepts. Keys of editors and witnesses are never there.
tests/unit/test_keys.py holds each of these.
"""

from __future__ import annotations

import base64
import hashlib
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from holdfire.errors import BadInput, HoldfireError
from holdfire.ledger.disk import force
from holdfire.ledger.keys import PrivateKey, written
from holdfire.ledger.shelf import make_folder

ROUNDS = 600_000
"""Of PBKDF2-HMAC-SHA256, as OWASP's Password Storage Cheat Sheet (2023) asks."""

LOG_KEY = "log.key"
_LARGEST = 10_000

Ask = Callable[[Path], str]
"""Asks a person for the passphrase of a key file; raises where there is no one to ask."""


def pem(key: PrivateKey, passphrase: str = "", rounds: int = ROUNDS) -> bytes:
    """Return the content of a key's file."""
    inner = key.secret.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return armoured(inner, key.name, key.public, passphrase, rounds)


def armoured(inner: bytes, name: str, public: bytes, passphrase: str = "", rounds: int = ROUNDS) -> bytes:
    """Return PKCS #8 of any key (DER) as PEM, encrypted where a passphrase is given."""
    head = [f"name: {name}", f"public: {written(public)}"] if name else []
    return "\n".join([*head, *block(inner, passphrase, rounds), ""]).encode()


def block(inner: bytes, passphrase: str, rounds: int = ROUNDS) -> list[str]:
    """Return the lines of one PEM block of a private key in DER, encrypted if there is a passphrase."""
    label = "ENCRYPTED PRIVATE KEY" if passphrase else "PRIVATE KEY"
    content = _encrypted(inner, passphrase.encode(), rounds) if passphrase else inner
    text = base64.b64encode(content).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return [f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"]


def write(path: Path, key: PrivateKey, passphrase: str = "") -> None:
    """Write a key to a new file that its owner alone may read; when this returns it is on the disk.

    Raises:
        BadInput: Something stands there already; a key is never written over.
        HoldfireError: The disk refuses.
    """
    try:
        make_folder(path.absolute().parent)
        write_new(path, pem(key, passphrase))
    except FileExistsError:
        hint = "name another file"
        raise BadInput("a file stands there; a key is never written over", str(path), hint) from None


def write_new(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all, where nothing stands yet.

    Raises:
        FileExistsError: Something stands there.
        HoldfireError: The disk refuses.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.unlink(missing_ok=True)
        file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(file, "wb") as opened:
                opened.write(content)
            force(beside)
            _settle(beside, path)
        finally:
            beside.unlink(missing_ok=True)
        force(path.absolute().parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise HoldfireError(f"a file cannot be written: {error.strerror}", str(path)) from None


def read(path: Path, ask: Ask | None = None) -> PrivateKey:
    """Return the key in a file; `ask` is called for its passphrase only if it is encrypted.

    Raises:
        BadInput: It is not there, others may read it, it is no Ed25519 key, or the passphrase is wrong.
    """
    secret, content = loaded(path, ask)
    if not isinstance(secret, Ed25519PrivateKey):
        raise BadInput("this is a key of another kind than Ed25519", str(path))
    key = PrivateKey.of(field_of(content, b"name"), secret)
    if (said := field_of(content, b"public")) and said != written(key.public):
        raise BadInput("the public key written above the private one is not its own", str(path))
    return key


def loaded(path: Path, ask: Ask | None = None) -> tuple[PrivateKeyTypes, bytes]:
    """Return the private key in a file, of whatever kind, and the file's bytes.

    Raises:
        BadInput: It is not there, others may read it, it is no key, or the passphrase is wrong.
    """
    content = content_of(path)
    passphrase = None
    if b"-----BEGIN ENCRYPTED PRIVATE KEY-----" in content:
        if ask is None:
            raise BadInput("the key is encrypted and no passphrase was given", str(path))
        passphrase = ask(path).encode()
    try:
        return load_pem_private_key(content, passphrase), content
    except (ValueError, TypeError) as error:
        wrong = passphrase is not None
        problem = "the passphrase is wrong" if wrong else "this is no private key in PEM"
        raise BadInput(problem, str(path), "" if wrong else "holdfire keys new NAME --out FILE") from error


def log_key(folder: Path) -> PrivateKey:
    """Return the log's key in a folder of keys, made if there is none.

    Raises:
        BadInput: The file is no key, or others may read it.
        HoldfireError: The disk refuses.
    """
    path = folder / LOG_KEY
    if not path.exists():
        return new_log_key(folder, LOG_KEY)
    return read(path)


def new_log_key(folder: Path, name: str = "") -> PrivateKey:
    """Make one more log key in a folder, for a keyset that changes it; it is named by its key id."""
    key = PrivateKey.make()
    write(folder / (name or f"log-{key.id}.key"), key)
    return key


def log_keys(folder: Path) -> dict[bytes, Path]:
    """Return the files of the log keys in a folder, by public key.

    Raises:
        BadInput: A file among them is no key, or others may read it.
    """
    files = sorted(folder.glob("log*.key")) if folder.is_dir() else []
    return {read(path).public: path for path in files}


def _settle(beside: Path, path: Path) -> None:
    """Give a file its name, in one step that fails where something stands."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:  # a stick's file system has no second names
        if path.exists():
            raise FileExistsError(path) from None
        beside.rename(path)


def content_of(path: Path) -> bytes:
    """Return the bytes of a key file.

    Raises:
        BadInput: It cannot be read, others may read it, or it is too large for a key.
    """
    try:
        file = os.open(path, os.O_RDONLY)
        with os.fdopen(file, "rb") as opened:
            mode = os.fstat(file).st_mode
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        raise BadInput(f"the key cannot be read: {error.strerror}", str(path)) from None
    if sys.platform != "win32" and stat.S_IMODE(mode) & 0o077:
        raise BadInput("others may read this private key", str(path), f"chmod 600 {path.name}")
    if len(content) > _LARGEST:
        raise BadInput("this is no private key in PEM", str(path))
    return content


def field_of(content: bytes, name: bytes) -> str:
    """Return what the text above the PEM says under a name; empty: nothing."""
    for line in content.split(b"-----BEGIN", 1)[0].splitlines():
        key, colon, value = line.partition(b": ")
        if colon and key == name:
            return value.decode(errors="replace")
    return ""


def _encrypted(inner: bytes, passphrase: bytes, rounds: int) -> bytes:
    """Return an EncryptedPrivateKeyInfo (RFC 5958 section 3) by PBES2 (RFC 8018 section 6.2)."""
    salt, start = os.urandom(16), os.urandom(16)
    derived = hashlib.pbkdf2_hmac("sha256", passphrase, salt, rounds, 32)
    padder = PKCS7(128).padder()
    encryptor = Cipher(AES(derived), CBC(start)).encryptor()
    hidden = encryptor.update(padder.update(inner) + padder.finalize()) + encryptor.finalize()
    count = _der(0x02, rounds.to_bytes(rounds.bit_length() // 8 + 1, "big"))
    hmac = _der(0x30, bytes.fromhex("06082a864886f70d0209") + b"\x05\x00")  # hmacWithSHA256, NULL
    kdf = _der(0x30, bytes.fromhex("06092a864886f70d01050c") + _der(0x30, _der(0x04, salt) + count + hmac))
    cipher = _der(0x30, bytes.fromhex("060960864801650304012a") + _der(0x04, start))  # aes256-CBC
    scheme = _der(0x30, bytes.fromhex("06092a864886f70d01050d") + _der(0x30, kdf + cipher))
    return _der(0x30, scheme + _der(0x04, hidden))


def _der(tag: int, content: bytes) -> bytes:
    """Return one DER element (X.690 section 8.1.3)."""
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + content

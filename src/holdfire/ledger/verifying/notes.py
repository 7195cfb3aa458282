"""Signed notes, checkpoints and proofs as text: read in their one form, and written.

They are those of C2SP signed-note, tlog-checkpoint, tlog-cosignature and tlog-proof; docs/format.md says
what this record narrows. What is read and written again is the same bytes; anything else is `Malformed`.
Nothing here trusts: `signed` and `cosigned` say whether one line holds under one key, and which keys count
is for `signing` to say. tests/unit/test_verifying_notes.py tries the examples of those specifications.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import NamedTuple

from holdfire.ledger.verifying.ed25519 import verify

MOST_SIZE = 2**53 - 1
"""Largest size of a log: what every reader of JSON keeps exactly (RFC 7493 section 2.2)."""

LONGEST_NOTE = 65_536
"""Most bytes of a signed note."""

MOST_LINES = 100
"""Most signature lines of a note; C2SP signed-note asks for at least 16."""

LOG_KEY = b"\x01"
"""Kind of a key that signs checkpoints as the log (C2SP signed-note)."""

WITNESS_KEY = b"\x04"
"""Kind of a key that cosigns checkpoints (C2SP tlog-cosignature)."""

PROOF_HEADER = "c2sp.org/tlog-proof@v1"


class Malformed(ValueError):
    """Bytes are not in the form their place asks for."""


class Line(NamedTuple):
    """One signature line: who is said to have signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    signature: bytes

    def written(self) -> str:
        """Return the line with its end."""
        return f"— {self.name} {to_base64(self.key_id + self.signature)}\n"


class Note(NamedTuple):
    """A text that ends in a line end, and the lines that sign it."""

    text: str
    lines: tuple[Line, ...]

    @classmethod
    def parse(cls, content: bytes) -> Note:
        """Read a signed note.

        Raises:
            Malformed: It is not in its form.
        """
        if len(content) > LONGEST_NOTE:
            raise Malformed(f"a note is longer than {LONGEST_NOTE} bytes")
        text = decoded(content)
        split = text.rfind("\n\n")
        if split < 0 or not text.endswith("\n"):
            raise Malformed("a note has a text, an empty line and signature lines")
        lines = text[split + 2 :].split("\n")[:-1]
        if not 1 <= len(lines) <= MOST_LINES:
            raise Malformed(f"a note has from 1 to {MOST_LINES} signature lines")
        return cls(text[: split + 1], tuple(_line(each) for each in lines))

    def written(self) -> bytes:
        """Return the bytes of the note."""
        return (self.text + "\n" + "".join(line.written() for line in self.lines)).encode()


class Checkpoint(NamedTuple):
    """The text of a checkpoint: which log, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a checkpoint note.

        Raises:
            Malformed: It is not three lines in their form.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not valid_name(lines[0]):
            raise Malformed("a checkpoint has three lines: origin, size and root")
        root = from_base64(lines[2])
        if len(root) != 32:
            raise Malformed("a root has 32 bytes")
        return cls(lines[0], to_number(lines[1]), root)

    def written(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


class Proof(NamedTuple):
    """An entry, its place, the hashes that lead to the root, and the checkpoint note as it stands."""

    entry: bytes
    place: int
    hashes: tuple[bytes, ...]
    note: bytes

    @classmethod
    def parse(cls, content: bytes) -> Proof:
        """Read a proof with its entry.

        Raises:
            Malformed: It is not in its form, or its `extra` line is missing.
        """
        head, found, note = content.partition(b"\n\n")
        lines = decoded(head).split("\n")
        if not found or len(lines) < 3 or lines[0] != PROOF_HEADER:
            raise Malformed(f"a proof begins with {PROOF_HEADER}, extra and index")
        if not lines[1].startswith("extra ") or not lines[2].startswith("index "):
            raise Malformed("a proof has an extra line and an index line")
        hashes = tuple(from_base64(each) for each in lines[3:])
        if len(hashes) > 63 or any(len(each) != 32 for each in hashes):
            raise Malformed("a proof has at most 63 hashes of 32 bytes")
        return cls(from_base64(lines[1][6:]), to_number(lines[2][6:]), hashes, note)

    def written(self) -> bytes:
        """Return the bytes of the proof."""
        lines = [PROOF_HEADER, "extra " + to_base64(self.entry), f"index {self.place}"]
        lines += [to_base64(each) for each in self.hashes]
        return "".join(line + "\n" for line in lines).encode() + b"\n" + self.note


def origin_of(log_key: bytes) -> str:
    """Return the origin of the log whose keyset 1 names this key (32 bytes)."""
    return "holdfire/" + hashlib.sha256(log_key).hexdigest()[:16]


def note_key_id(name: str, kind: bytes, key: bytes) -> bytes:
    """Return the four bytes that name a key in a signature line; `kind` is LOG_KEY or WITNESS_KEY."""
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]


def cosigned_message(text: str, seconds: int) -> bytes:
    """Return what a witness signs who saw this checkpoint text at this POSIX time [s]."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def signed(note: Note, line: Line, key: bytes) -> bool:
    """Return whether a line is the log's signature of this note."""
    return verify(key, note.text.encode(), line.signature)


def cosigned(note: Note, line: Line, key: bytes) -> int | None:
    """Return when a witness cosigned this note [s since 1970]; None: the line does not hold."""
    if len(line.signature) != 72:
        return None
    seconds = int.from_bytes(line.signature[:8], "big")
    if seconds > 2**63 - 1:
        return None
    return seconds if verify(key, cosigned_message(note.text, seconds), line.signature[8:]) else None


def to_base64(content: bytes) -> str:
    """Return base64 as RFC 4648 section 4 has it."""
    return base64.b64encode(content).decode()


def from_base64(text: str) -> bytes:
    """Return the bytes that base64 in its one spelling stands for.

    Raises:
        Malformed: It is no base64, or another spelling of the same bytes.
    """
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content or to_base64(content) != text:
        raise Malformed("base64 is not in its one form")
    return content


def to_number(text: str) -> int:
    """Return the integer that decimal digits without leading zeros stand for.

    Raises:
        Malformed: It is not written so, or larger than `MOST_SIZE`.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > 16 or (text[0] == "0" and text != "0"):
        raise Malformed("a number is not in decimal without leading zeros")
    if int(text) > MOST_SIZE:
        raise Malformed("a number is larger than 2^53 - 1")
    return int(text)


def valid_name(name: str) -> bool:
    """Return whether a name may stand in a signature line: no space of any kind, plus sign or control."""
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " or c == "\x7f" for c in name)


def decoded(content: bytes) -> str:
    """Return UTF-8 text without control characters but line ends.

    Raises:
        Malformed: It is not.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise Malformed("a note is not UTF-8") from None
    if any(c < " " and c != "\n" for c in text):
        raise Malformed("a note holds a control character")
    return text


def _line(text: str) -> Line:
    parts = text.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not valid_name(parts[1]):
        raise Malformed("a signature line is a dash, a name and base64")
    content = from_base64(parts[2])
    if len(content) < 5:
        raise Malformed("a signature line has a key id and a signature")
    return Line(parts[1], content[:4], content[4:])

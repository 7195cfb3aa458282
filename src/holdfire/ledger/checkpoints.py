"""Checkpoints of a log: made, kept in a folder one file a size, and who cosigned them since when.

Bytes are those of C2SP tlog-checkpoint and tlog-cosignature, read and written by `verifying.notes`.
A checkpoint that was kept is never replaced by one of the same size with another root: that would be a
second history. For each witness the newest cosignature of a checkpoint is kept, and the first, which says
since when it has watched. tests/unit/test_checkpoints.py holds this against checkpoints of public logs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger.keys import PrivateKey
from holdfire.ledger.keysets import Keyset
from holdfire.ledger.lock import Lock
from holdfire.ledger.shelf import make_folder, replace_file
from holdfire.ledger.verifying.notes import (
    LOG_KEY,
    MOST_LINES,
    WITNESS_KEY,
    Checkpoint,
    Line,
    Malformed,
    Note,
    cosigned,
    cosigned_message,
    note_key_id,
    signed,
)

_COSIGNATURE = 72
"""Bytes of a timestamped signature: 8 of time, 64 of Ed25519 (C2SP tlog-cosignature)."""


def opened(content: bytes, where: str = "checkpoint") -> tuple[Note, Checkpoint]:
    """Return a checkpoint as a note, and what its text says.

    Raises:
        BadInput: It is not in its form.
    """
    try:
        note = Note.parse(content)
        return note, Checkpoint.parse(note.text)
    except Malformed as error:
        raise BadInput(f"this is no checkpoint: {error}", where) from None


def made(text: Checkpoint, key: PrivateKey) -> bytes:
    """Return the note of a checkpoint, signed by the log's key under the log's origin."""
    said = text.written()
    line = Line(text.origin, note_key_id(text.origin, LOG_KEY, key.public), key.sign(said.encode()))
    return Note(said, (line,)).written()


def cosignature(text: str, key: PrivateKey, seconds: int) -> Line:
    """Return a witness's line under the text of a checkpoint, at a POSIX time [s]."""
    name = note_key_id(key.name, WITNESS_KEY, key.public)
    return Line(key.name, name, seconds.to_bytes(8, "big") + key.sign(cosigned_message(text, seconds)))


def by_log(note: Note, origin: str, log: bytes) -> bool:
    """Return whether a note carries the log's signature; a line of its key that does not hold is a no."""
    name = note_key_id(origin, LOG_KEY, log)
    lines = [line for line in note.lines if (line.name, line.key_id) == (origin, name)]
    return bool(lines) and all(signed(note, line, log) for line in lines)


def by_witnesses(note: Note, witnesses: Mapping[str, bytes]) -> dict[str, list[int]]:
    """Return when each witness cosigned a note [s since 1970], in order; others are left out.

    Raises:
        BadInput: A line of one of these witnesses does not hold.
    """
    names = {(name, note_key_id(name, WITNESS_KEY, key)): key for name, key in witnesses.items()}
    found: dict[str, list[int]] = {}
    for line in note.lines:
        if (key := names.get((line.name, line.key_id))) is not None:
            seconds = cosigned(note, line, key)
            if seconds is None:
                raise BadInput("a cosignature does not fit the checkpoint", f"witness {line.name}")
            found.setdefault(line.name, []).append(seconds)
    return {name: sorted(times) for name, times in sorted(found.items())}


def merged(one: Note, other: Note) -> Note:
    """Return a note with the lines of both, the first note's order of keys kept.

    Of a key that cosigned more than twice the first and the newest line stay, newest before first,
    since some readers look at one line a key only.

    Raises:
        CheckFailed: They are of different texts.
        BadInput: There would be more lines than a note may have.
    """
    if one.text != other.text:
        raise CheckFailed("two checkpoints of one size differ: the log has two histories")
    by_key: dict[tuple[str, bytes, bool], list[Line]] = {}
    for line in (*one.lines, *other.lines):
        timed = len(line.signature) == _COSIGNATURE
        lines = by_key.setdefault((line.name, line.key_id, timed), [])
        if line not in lines:
            lines.append(line)
    kept: list[Line] = []
    for (*_, timed), lines in by_key.items():
        kept += _ends(lines) if timed else lines[:1]
    if len(kept) > MOST_LINES:
        raise BadInput(f"a checkpoint would have {len(kept)} signatures; readers take {MOST_LINES}")
    return Note(one.text, tuple(kept))


def save(folder: Path, content: bytes) -> bytes:
    """Keep a checkpoint in `folder` under its size, with the lines that are there already; return it.

    No signature is checked here.

    Raises:
        BadInput: It is not in its form.
        CheckFailed: Another checkpoint of this size is there: the log has two histories.
        Busy: Another process is keeping one.
        HoldfireError: The disk refuses.
    """
    note, text = opened(content)
    make_folder(folder)
    path = folder / str(text.size)
    with Lock(folder / ".lock"):
        if path.exists():
            note = merged(opened(path.read_bytes(), str(path))[0], note)
        whole = note.written()
        replace_file(path, whole)
    return whole


def kept(folder: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the size and the note of each checkpoint in a folder, smallest first."""
    if folder.is_dir():
        for size in sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal()):
            yield size, (folder / str(size)).read_bytes()


def newest(folder: Path) -> bytes | None:
    """Return the checkpoint of the largest size in a folder; None: there is none."""
    return next((note for _, note in reversed(list(kept(folder)))), None)


def seen_since(folder: Path, keyset: Keyset) -> dict[str, tuple[datetime, datetime]]:
    """Return when each witness of a keyset first and last cosigned a checkpoint in a folder.

    A witness that cosigned none is left out. Only cosignatures that hold are counted.

    Raises:
        BadInput: A checkpoint is not in its form, or a witness's line does not hold.
    """
    times: dict[str, list[int]] = {}
    for size, content in kept(folder):
        note = opened(content, str(folder / str(size)))[0]
        for name, seconds in by_witnesses(note, keyset.witnesses).items():
            times.setdefault(name, []).extend(seconds)
    return {name: (_instant(min(each)), _instant(max(each))) for name, each in sorted(times.items())}


def _ends(lines: Iterable[Line]) -> list[Line]:
    in_time = sorted(lines, key=lambda line: line.signature)  # the time stands first, big-endian
    return [in_time[-1], in_time[0]] if len(in_time) > 1 else in_time


def _instant(seconds: int) -> datetime:
    """Return a POSIX time as an instant; one that no calendar holds is the last there is."""
    return datetime.fromtimestamp(min(seconds, 253402300799), UTC)

"""What shows a witness that a log only grew: the whole log from its tiles, or a consistency proof.

From the whole log every leaf hash is computed again from the entry's bytes, in one pass that holds one tile
and a few hashes; both roots follow, and so do the keysets, and with them the key that may sign. A proof is
short and shows the roots alone: it serves where the witness knows the key from before.
tests/unit/test_cosigning.py tries to get six kinds of changed history past both.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from holdfire.digests import Digest
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import keysets, tiles
from holdfire.ledger.entry import Entry, decode
from holdfire.ledger.verifying.notes import Checkpoint, Malformed, from_base64, origin_of, to_number
from holdfire.ledger.verifying.trees import EMPTY_ROOT, Peaks, consistent, leaf_of

LARGEST = tiles.WIDTH * (65_535 + 2)
"""Most bytes of a file that is read here: a full tile of the largest entries."""

AGAIN = "take the whole bundle again"

_KEYSET = b'"kind":"keyset"'

Files = Callable[[str], bytes | None]
"""Returns the bytes of a named file of a bundle; None: it is not there."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a witness remembers of a log.

    Attributes:
        size: Of the newest checkpoint that it cosigned [entries].
        root: Over that many entries [32 bytes].
        log: Public key that signed it [32 bytes].
        fingerprint: Leaf hash of keyset 1; empty: only the key was ever given.
    """

    size: int
    root: bytes
    log: bytes
    fingerprint: Digest


Growth = Callable[[Checkpoint, Known | None], Known]
"""Returns what a witness should remember of a checkpoint, if the log only grew from what it knew."""


class Refused(CheckFailed):
    """The witness does not cosign; `status` is that of C2SP tlog-witness, `size` what it knows."""

    def __init__(
        self, problem: str, where: str = "", hint: str = "", status: int = 422, size: int = 0
    ) -> None:
        super().__init__(problem, where, hint)
        self.status = status
        self.size = size


def by_proof(old: int, hashes: Iterable[bytes]) -> Growth:
    """Return the growth that a consistency proof from size `old` shows.

    It raises Refused where the witness knows another size, the proof leads elsewhere, or the log is new.
    """
    proof = list(hashes)

    def grow(new: Checkpoint, known: Known | None) -> Known:
        if known is None:
            raise Refused("this log is not known here", new.origin, "cosign a whole bundle of it first", 404)
        if old > new.size:
            raise Refused("the proof begins after the checkpoint ends", new.origin, status=400)
        if old != known.size:
            raise Refused(
                f"the proof begins at {old}, and the last checkpoint known here is of {known.size}",
                new.origin,
                f"ask for a proof from {known.size}",
                409,
                known.size,
            )
        if old == new.size and known.root != new.root:
            raise _fork(new, known)
        if not consistent(old, new.size, proof, known.root, new.root):
            raise Refused("the proof does not lead from the log known here to this checkpoint", new.origin)
        return Known(new.size, new.root, known.log, known.fingerprint)

    return grow


def by_whole(entries: Callable[[int], Iterator[bytes]], trust: Digest = "") -> Growth:
    """Return the growth that a log's own entries show.

    Args:
        entries: Yields the bytes of the first so many entries.
        trust: Fingerprint of the record, as its editors gave it out; needed for a log not known yet.
    """

    def grow(new: Checkpoint, known: Known | None) -> Known:
        if known is not None and new.size < known.size:
            raise Refused(
                f"this checkpoint has {new.size} entries; one of {known.size} was cosigned before",
                new.origin,
                "ask for a newer bundle; if this is the newest there is, the log was cut",
                409,
                known.size,
            )
        roots, first, last = _read(entries(new.size), {new.size, known.size if known else 0})
        if roots.get(new.size) != new.root:
            raise Refused("the entries do not lead to the checkpoint's root", new.origin)
        if known is not None and roots.get(known.size) != known.root:
            raise _fork(new, known)
        if first is None or last is None or new.origin != origin_of(first.log):
            raise Refused("the log's own keyset does not fit its origin", new.origin, status=403)
        fingerprint = trust or (known.fingerprint if known else "")
        if not fingerprint and known is None:
            raise BadInput(
                "this log is not known here yet",
                new.origin,
                f"if its editors gave you the code {keysets.short_code(first.leaf)}: --trust {first.leaf}",
            )
        if fingerprint not in ("", first.leaf):
            raise Refused("this is the log of another fingerprint", new.origin, status=403)
        return Known(new.size, new.root, last.log, first.leaf)

    return grow


def entries_of(files: Files, size: int) -> Iterator[bytes]:
    """Yield the first `size` entries from the tiles among some files.

    Raises:
        BadInput: A tile is not there, or not in its form.
    """
    for number, width in tiles.widths(size):
        names = list(dict.fromkeys(tiles.path(tiles.ENTRIES, number, each) for each in (width, tiles.WIDTH)))
        found = (files(start + name) for name in names for start in ("log/", ""))
        content = next((each for each in found if each is not None), None)
        if content is None:
            raise BadInput("a tile of the log is missing", names[0], AGAIN)
        try:
            contents = tiles.unpack(content)[:width]
        except (ValueError, IndexError):
            contents = []
        if len(contents) < width or not all(contents):
            raise BadInput("a tile of the log is not whole", names[0], AGAIN)
        yield from contents


def files_in(path: Path) -> Files:
    """Return the files of a bundle, a folder or a zip; links are not followed, nothing is unpacked to disk.

    Raises:
        BadInput: It is neither.
    """
    if path.is_dir():
        return lambda name: _file(path / name)
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInput(f"this is no bundle: {error}", str(path)) from None
    return lambda name: _member(archive, name, path)


def proof_lines(lines: Iterable[str]) -> list[bytes]:
    """Return the hashes of a consistency proof, one base64 a line.

    Raises:
        BadInput: A line is no hash, or there are more than 63 (C2SP tlog-witness).
    """
    try:
        hashes = [from_base64(line) for line in lines]
    except Malformed as error:
        raise BadInput(f"this is no consistency proof: {error}") from None
    if len(hashes) > 63 or any(len(each) != 32 for each in hashes):
        raise BadInput("a consistency proof has at most 63 hashes of 32 bytes")
    return hashes


def request(content: bytes) -> tuple[int, list[bytes], bytes]:
    """Return the old size, the proof and the checkpoint of an add-checkpoint request (C2SP tlog-witness).

    Raises:
        BadInput: It is not in its form.
    """
    head, blank, note = content.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
        if not blank or not first.startswith("old "):
            raise Malformed("it begins with a line `old SIZE` and has an empty line before the checkpoint")
        return to_number(first[4:]), proof_lines(lines), note
    except (Malformed, UnicodeDecodeError) as error:
        raise BadInput(f"this is no add-checkpoint request: {error}") from None


def _read(
    entries: Iterator[bytes], sizes: set[int]
) -> tuple[dict[int, bytes], keysets.Keyset | None, keysets.Keyset | None]:
    """Return the roots at these sizes, and the first and the last keyset."""
    peaks, roots = Peaks(), {0: EMPTY_ROOT}
    found: list[Entry] = []
    for content in entries:
        leaf = leaf_of(content)
        if _KEYSET in content and decode(content)["kind"] == "keyset":
            found.append(Entry(seq=peaks.size, leaf=leaf.hex(), content=content))
        peaks.add(leaf)
        if peaks.size in sizes:
            roots[peaks.size] = peaks.root()
    return roots, keysets.last(found[:1]), keysets.last(found)


def _fork(new: Checkpoint, known: Known) -> Refused:
    return Refused(
        f"two histories: the first {known.size} entries are not those that were cosigned before",
        new.origin,
        "keep this bundle and your state file: together they show what was changed",
        409,
        known.size,
    )


def _file(path: Path) -> bytes | None:
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with os.fdopen(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return None
        return _bounded(opened.read(LARGEST + 1), path)


def _member(archive: zipfile.ZipFile, name: str, path: Path) -> bytes | None:
    try:
        with archive.open(name) as opened:
            return _bounded(opened.read(LARGEST + 1), path)
    except KeyError:
        return None
    except (OSError, RuntimeError, NotImplementedError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise BadInput(f"{name} cannot be unpacked: {error}", str(path)) from None


def _bounded(content: bytes, path: Path) -> bytes:
    if len(content) > LARGEST:
        raise BadInput("a file is larger than any tile", str(path))
    return content

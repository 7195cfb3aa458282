"""The seal of a source's bundle, fetched and checked before anything large is.

Checkpoint, keysets, release and MANIFEST are a few kilobytes. They are held against the fingerprint, the
memory and the time first, with the functions of the project's verifier, so that a server that is not what it
should be costs a mirror little. A no here is the same no as that of the whole check, which follows when
everything has arrived, and decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from holdfire.errors import HoldfireError
from holdfire.ledger.shelf import inside, make_folder
from holdfire.ledger.verifying.archive import MOST_FILES, View
from holdfire.ledger.verifying.checks import Memory
from holdfire.ledger.verifying.contents import (
    CHECKPOINT_PATH,
    MANIFEST_PATH,
    PROOF_END,
    RELEASE_PATH,
    in_log_places,
    read_manifest,
)
from holdfire.ledger.verifying.entries import LONGEST_ENTRY, shaped, signature_breaks
from holdfire.ledger.verifying.findings import Findings, Refused
from holdfire.ledger.verifying.names import LONGEST_PATH
from holdfire.ledger.verifying.notes import LONGEST_NOTE, PROOF_HEADER, Checkpoint, Malformed, Note
from holdfire.ledger.verifying.shapes import instant_of
from holdfire.ledger.verifying.signing import Trust, check_lines, read_checkpoint, read_keysets, read_proof
from holdfire.mirroring.arriving import told
from holdfire.mirroring.sources import Source, read

LONGEST_PROOF = 2 * LONGEST_ENTRY + LONGEST_NOTE
"""Most bytes of a proof that are taken: an entry in base64, 63 hashes, a note."""

LONGEST_MANIFEST = MOST_FILES * (64 + 2 + LONGEST_PATH + 1)
MOST_KEYSETS = 1000

Found = TypeVar("Found")


class Seal(NamedTuple):
    """What a source's bundle claims to be, signed.

    Attributes:
        content: Of each file of the seal, by path.
        note: Of the checkpoint.
        checkpoint: What it says.
        trust: The keysets.
        release: What the release says.
        listed: Digest by path, as MANIFEST lists them.
    """

    content: Mapping[str, bytes]
    note: Note
    checkpoint: Checkpoint
    trust: Trust
    release: Mapping[str, Any]
    listed: Mapping[str, str]


def fetch_seal(
    source: Source, began: bytes, place: Path, fingerprint: str, memory: Memory | None, now: int
) -> Seal:
    """Fetch the seal of a source into an empty folder and check it.

    Args:
        source: Where from.
        began: Its checkpoint.
        place: The folder; only fixed names are written in it.
        fingerprint: Leaf hash of keyset 1.
        memory: What the mirror said yes to last.
        now: The time [s since 1970].

    Raises:
        Refused: It is not a seal to follow; the code says why.
        Unreachable: The source does not answer as it should.
    """
    content: dict[str, bytes] = {}

    def take(path: str, most: int) -> None:
        keep(path, read(source, path, most))

    def keep(path: str, given: bytes) -> None:
        content[path] = given
        file = inside(place, path)
        make_folder(file.parent)
        with told(file):
            file.write_bytes(given)

    keep(CHECKPOINT_PATH, began)
    findings = Findings()
    note, checkpoint = _found(read_checkpoint(View(str(place)), CHECKPOINT_PATH, findings), findings)
    take(RELEASE_PATH, LONGEST_PROOF)
    for path, given in _keys(source):
        keep(path, given)
    view = View(str(place))
    trust = _found(read_keysets(view, checkpoint, fingerprint, findings, {}), findings)
    _remembered(checkpoint, memory)
    for words in check_lines(note, trust.origin, trust.keysets[-1].keyset).breaks:
        raise Refused("signature", CHECKPOINT_PATH, words)
    release = _release(view, checkpoint, trust, now)
    take(MANIFEST_PATH, LONGEST_MANIFEST)
    view = View(str(place))
    if view.digest(MANIFEST_PATH) != release["contents"]:
        raise Refused("mixed", MANIFEST_PATH, "the release names other bytes")
    listed = read_manifest(view, MANIFEST_PATH, findings)
    if listed is None or findings.all:
        raise Refused(*findings.all[0])
    _nameable(place, listed)
    return Seal(content, note, checkpoint, trust, release, listed)


def _keys(source: Source) -> Iterator[tuple[str, bytes]]:
    """Yield the proofs of keysets from 1 on until there are no more.

    Some servers answer with a page where they have nothing; after the first, what is no proof ends the row.
    """
    for number in range(1, MOST_KEYSETS + 1):
        path = f"keys/{number}{PROOF_END}"
        try:
            given = read(source, path, LONGEST_PROOF)
        except Refused as error:
            if number == 1 or error.finding.code not in ("missing", "size"):
                raise
            return
        if number > 1 and not given.startswith(PROOF_HEADER.encode()):
            return
        yield path, given


def _remembered(checkpoint: Checkpoint, memory: Memory | None) -> None:
    if memory is None or checkpoint.size > memory.size:
        return
    if checkpoint.size < memory.size:
        words = f"this mirror saw {memory.size} entries before, and this has {checkpoint.size}"
        raise Refused("rollback", CHECKPOINT_PATH, words)
    if checkpoint.root != memory.root:
        raise Refused("fork", CHECKPOINT_PATH, "the log this mirror saw before had another history")


def _release(view: View, checkpoint: Checkpoint, trust: Trust, now: int) -> Mapping[str, Any]:
    findings = Findings()
    shown = _found(read_proof(view, RELEASE_PATH, checkpoint, findings), findings)
    try:
        value = shaped(shown.content, "release")
        expires = instant_of(value["expires"])
    except Malformed as error:
        raise Refused("entry", RELEASE_PATH, str(error)) from None
    if why := signature_breaks(value, trust.at(shown.place)):
        raise Refused("editors", RELEASE_PATH, why)
    if now > expires:
        raise Refused("expired", RELEASE_PATH, f"it expired at {value['expires']}")
    return value


def _nameable(place: Path, listed: Mapping[str, str]) -> None:
    """Refuse names that this system, or another that a mirror may be carried to, could not keep."""
    if len(listed) > MOST_FILES:
        raise Refused("size", MANIFEST_PATH, f"it lists more than {MOST_FILES} files")
    for path in listed:
        if in_log_places(path):
            raise Refused("manifest", path, "MANIFEST lists what it must not")
        try:
            inside(place, path)
        except HoldfireError as error:
            raise Refused("path", MANIFEST_PATH, error.problems[0].problem) from None


def _found(value: Found | None, findings: Findings) -> Found:
    if value is None or findings.all:
        raise Refused(*findings.all[0])
    return value

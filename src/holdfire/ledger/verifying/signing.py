"""Who signed: the keysets that follow from a fingerprint, and whose lines a checkpoint carries."""

from __future__ import annotations

from typing import NamedTuple

from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.contents import PROOF_END, numbered
from holdfire.ledger.verifying.entries import Keyset, keyset_breaks, keyset_of
from holdfire.ledger.verifying.findings import Findings, Refused
from holdfire.ledger.verifying.notes import (
    LOG_KEY,
    WITNESS_KEY,
    Checkpoint,
    Malformed,
    Note,
    Proof,
    cosigned,
    note_key_id,
    origin_of,
    signed,
)
from holdfire.ledger.verifying.trees import included, leaf_of


class Standing(NamedTuple):
    """A keyset and the place of its entry in the log."""

    place: int
    keyset: Keyset


class Trust(NamedTuple):
    """What follows from a fingerprint: the origin, and the keysets in order."""

    origin: str
    keysets: list[Standing]

    def at(self, place: int) -> Keyset | None:
        """Return the keyset in force for an entry at this place, or for a log of this size."""
        before = [each.keyset for each in self.keysets if each.place < place]
        return before[-1] if before else None


class Shown(NamedTuple):
    """An entry that a proof shows to be in the log."""

    place: int
    content: bytes
    note: Note


class Signatures(NamedTuple):
    """What the lines of a note come to: reasons to refuse it, and when each witness cosigned [s]."""

    breaks: list[str]
    cosigned: dict[str, list[int]]


def read_checkpoint(view: View, path: str, findings: Findings) -> tuple[Note, Checkpoint] | None:
    """Return a checkpoint and its note; None: it is not there or not in its form."""
    try:
        note = Note.parse(view.read(path))
        return note, Checkpoint.parse(note.text)
    except Refused as error:
        findings.all.append(error.finding)
    except Malformed as error:
        findings.add("note", path, str(error))
    return None


def read_proof(view: View, path: str, checkpoint: Checkpoint, findings: Findings) -> Shown | None:
    """Return the entry that a proof shows under this checkpoint; None: it shows none."""
    try:
        proof = Proof.parse(view.read(path))
        note = Note.parse(proof.note)
    except Refused as error:
        findings.all.append(error.finding)
        return None
    except Malformed as error:
        findings.add("note", path, str(error))
        return None
    if note.text != checkpoint.written():
        findings.add("mixed", path, "its checkpoint is not that of the bundle")
        return None
    if not included(leaf_of(proof.entry), proof.place, checkpoint.size, proof.hashes, checkpoint.root):
        findings.add("proof", path, "it does not lead from its entry to the root")
        return None
    return Shown(proof.place, proof.entry, note)


def read_keysets(
    view: View, checkpoint: Checkpoint, fingerprint: str, findings: Findings, notes: dict[Note, str]
) -> Trust | None:
    """Return the keysets that the bundle shows from 1 on; None: they do not follow from the fingerprint.

    Args:
        view: The bundle.
        checkpoint: Its newest checkpoint.
        fingerprint: Of keyset 1, 64 hexadecimal digits; empty: keyset 1 is taken as it is.
        findings: Where to note what is wrong.
        notes: Where to keep the notes of the proofs, whose signatures are still to be checked.
    """
    there = [numbered(path, "keys/", PROOF_END) or 0 for path in view.sizes]
    found: list[Standing] = []
    for number in range(1, max([1, *there]) + 1):
        path = f"keys/{number}{PROOF_END}"
        if path not in view.sizes:
            findings.add("missing", path, "a keyset's proof is not there")
            return None
        keyset = _keyset(view, path, checkpoint, found, fingerprint, findings, notes)
        if keyset is None:
            return None
        found.append(keyset)
    return Trust(origin_of(found[0].keyset.log), found)


def check_lines(note: Note, origin: str, keyset: Keyset) -> Signatures:
    """Return what the lines of a note come to under the keys of one keyset."""
    log_line = (origin, note_key_id(origin, LOG_KEY, keyset.log))
    witnesses = {(name, note_key_id(name, WITNESS_KEY, key)): key for name, key in keyset.witnesses.items()}
    breaks: list[str] = []
    times: dict[str, list[int]] = {}
    by_log = False
    for line in note.lines:
        if line[:2] == log_line:
            by_log = True
            if not signed(note, line, keyset.log):
                breaks.append("the log's signature does not hold")
        elif line[:2] in witnesses:
            seconds = cosigned(note, line, witnesses[line[:2]])
            if seconds is None:
                breaks.append(f"the line of witness {line.name} does not hold")
            else:
                times.setdefault(line.name, []).append(seconds)
    if not by_log:
        breaks.append("the log has not signed it")
    return Signatures(breaks, times)


def _keyset(
    view: View,
    path: str,
    checkpoint: Checkpoint,
    before: list[Standing],
    fingerprint: str,
    findings: Findings,
    notes: dict[Note, str],
) -> Standing | None:
    """Return the keyset that a proof shows, if it may follow those before."""
    shown = read_proof(view, path, checkpoint, findings)
    if shown is None:
        return None
    notes.setdefault(shown.note, path)
    if not before and fingerprint and leaf_of(shown.content).hex() != fingerprint:
        findings.add("foreign", path, "keyset 1 is not the one of the fingerprint")
        return None
    try:
        keyset = keyset_of(shown.content)
    except Malformed as error:
        findings.add("entry", path, str(error))
        return None
    if not before and checkpoint.origin != origin_of(keyset.log):
        findings.add("foreign", "checkpoint", "its origin is not that of the log of keyset 1")
        return None
    breaks = keyset_breaks(shown.content, before[-1].keyset if before else None)
    if breaks:
        findings.add("keyset", path, breaks)
        return None
    return Standing(shown.place, keyset)

"""What the desk signs, lets others sign, and enters: keysets, releases, redactions, checkpoints.

Signed entries are drawn up here, signed elsewhere by people whose keys this machine never has, and entered
here when enough have signed. Nothing is decided here that a reader does not check again.

The order in which a redaction is done: everything is checked, the entry is appended, and only then are the
bytes destroyed. Killed between the two, the log says what was decided and the bytes are still there:
`unfinished` finds it, and entering the same draft again, or calling `finish`, completes it. The other order
could destroy evidence of which the log knows nothing. tests/unit/test_signing.py kills it at each step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from holdfire.digests import Digest
from holdfire.errors import BadInput, CheckFailed, HoldfireError
from holdfire.ledger import checkpoints, drafts, entering, keyfiles, keysets
from holdfire.ledger.drafts import Draft, add_signature, described
from holdfire.ledger.entering import first_keyset, keyset_in_force
from holdfire.ledger.entry import Entry
from holdfire.ledger.keys import written
from holdfire.ledger.keysets import short_code
from holdfire.ledger.log import Ledger
from holdfire.ledger.verifying.notes import (
    LOG_KEY,
    WITNESS_KEY,
    Checkpoint,
    Malformed,
    Note,
    note_key_id,
    origin_of,
    to_base64,
)

__all__ = [
    "add_signature",
    "described",
    "first_keyset",
    "keyset_in_force",
    "newest",
    "save_checkpoint",
    "seen_since",
    "short_code",
]

Destroy = Callable[[Digest], object]
"""Destroys the bytes, key and salt behind a commitment; again does nothing."""


def fingerprint(ledger: Ledger) -> Digest:
    """Return the record's fingerprint, the leaf hash of keyset 1; raises as `first_keyset` does."""
    return first_keyset(ledger).leaf


def draft_keyset(
    ledger: Ledger,
    *,
    log: bytes,
    at: str,
    editors: Mapping[str, bytes],
    threshold: int,
    witnesses: Mapping[str, bytes],
    quorum: int,
    fresh_hours: int,
) -> Draft:
    """Return the draft of the next keyset.

    Args:
        ledger: It comes after the keyset in force there.
        log: Public key that will sign checkpoints [32 bytes].
        at: The time, an instant in UTC.
        editors: Public keys by name.
        threshold: How many editors must sign; at least 2.
        witnesses: Public keys by name.
        quorum: How many witnesses must cosign.
        fresh_hours: Age from which a checkpoint is called stale [h]; 0: never.

    Raises:
        BadInput: Every rule it would break.
    """
    old = keysets.last(ledger.entries("keyset"))
    return drafts.checked(
        {
            "kind": "keyset",
            "number": old.number + 1 if old else 1,
            "before": old.leaf if old else "",
            "at": at,
            "log": written(log),
            "editors": {name: written(key) for name, key in editors.items()},
            "threshold": threshold,
            "witnesses": {name: written(key) for name, key in witnesses.items()},
            "quorum": quorum,
            "fresh_hours": fresh_hours,
        }
    )


def draft_release(
    ledger: Ledger,
    *,
    bulletin: Entry,
    version: int,
    size: int,
    contents: Digest,
    at: str,
    expires: str,
) -> Draft:
    """Return the draft of a release.

    Args:
        ledger: Holds the bulletin's entry and a keyset.
        bulletin: Entry of kind `bulletin`; period, number and manifest are taken from it.
        version: Of the bulletin, from 1.
        size: How many entries the bulletin is a function of.
        contents: Digest of the bundle's MANIFEST.
        at: The time, an instant in UTC.
        expires: When a reader should look for a newer bundle, an instant in UTC.

    Raises:
        BadInput: There is no keyset, or a field breaks a rule.
    """
    said, before = bulletin.value, list(ledger.entries("release"))
    draft = drafts.checked(
        {
            "kind": "release",
            **{name: said[name] for name in ("period", "number", "manifest")},
            "version": version,
            "bulletin": bulletin.leaf,
            "size": size,
            "contents": contents,
            "keyset": keyset_in_force(ledger).leaf,
            "at": at,
            "expires": expires,
            "before": before[-1].leaf if before else "",
        }
    )
    entering.fits(ledger, draft)
    return draft


def draft_partition(
    ledger: Ledger, *, name: str, partition: Digest, candidates: Digest, places: int, cells: int, at: str
) -> Draft:
    """Return the draft of a partition: land cut into cells of public places.

    Args:
        ledger: Holds a keyset.
        name: Of the partition.
        partition: Digest of its file.
        candidates: Digest of its candidate places.
        places: How many there are.
        cells: How many cells.
        at: The time, an instant in UTC.

    Raises:
        BadInput: There is no keyset, a field breaks a rule, or this partition is in force already.
    """
    before = entering.last_partition(ledger, name)
    draft = drafts.checked(
        {
            "kind": "partition",
            "name": name,
            "partition": partition,
            "candidates": candidates,
            "places": places,
            "cells": cells,
            "at": at,
            "before": before.leaf if before else "",
            "keyset": keyset_in_force(ledger).leaf,
        }
    )
    entering.fits(ledger, draft)
    return draft


def draft_redaction(ledger: Ledger, *, of: Digest, reason: str, at: str, by: str = "") -> Draft:
    """Return the draft of a redaction.

    Args:
        ledger: Holds the report or attachment, and a keyset.
        of: Commitment of what is to be destroyed.
        reason: Words that are published; they name nobody and quote nothing of the report.
        at: The time, an instant in UTC.
        by: Who asks for it, as it will be published.

    Raises:
        BadInput: No entry has this commitment, there is no keyset, or a field breaks a rule.
    """
    draft = {"kind": "redaction", "of": of, "reason": reason, "at": at, "by": by}
    found = drafts.checked(draft | {"keyset": keyset_in_force(ledger).leaf})
    entering.fits(ledger, found)
    return found


def draft_review(*, of: str, entry: Digest, status: str, at: str, by: str, reason: str = "") -> Draft:
    """Return the draft of a review, which one editor signs: what it is of, its entry, what was found."""
    draft = {"kind": "review", "of": of, "entry": entry, "status": status, "at": at, "by": by}
    return drafts.checked(draft | ({"reason": reason} if reason else {}))


def enter(ledger: Ledger, draft: Mapping[str, Any], destroy: Destroy | None = None) -> Entry:
    """Append a draft that enough have signed; entering it again finishes what was left, and changes nothing.

    Args:
        ledger: Open to write.
        draft: With its signatures.
        destroy: Destroys what a redaction names; needed for one.

    Raises:
        BadInput: It breaks a rule, carries a wrong signature, or no longer fits the ledger.
        CheckFailed: Too few have signed.
        HoldfireError: A redaction without `destroy`, or the disk refuses.
    """
    found = drafts.checked(draft)
    if found["kind"] == "redaction" and destroy is None:
        raise HoldfireError("a redaction is entered where the vault is", hint="on the machine of the case")
    entry = entering.standing(ledger, found)
    if entry is None:
        entering.enough(ledger, found)
        entering.fits(ledger, found)
        entry = ledger.append([found])[0]
    if found["kind"] == "redaction" and destroy is not None:
        destroy(found["of"])
    return entry


def unfinished(ledger: Ledger, held: Callable[[Digest], bool]) -> list[Digest]:
    """Return the commitments that were redacted and whose bytes are still there."""
    return [entry.value["of"] for entry in ledger.entries("redaction") if held(entry.value["of"])]


def finish(ledger: Ledger, held: Callable[[Digest], bool], destroy: Destroy) -> list[Digest]:
    """Destroy what redactions left; return it. To be called before anything is issued from the case."""
    left = unfinished(ledger, held)
    for commitment in left:
        destroy(commitment)
    return left


def checkpoint(ledger: Ledger, keys: Path, size: int | None = None) -> bytes:
    """Return the checkpoint of the first `size` entries, or all, signed by the log's key.

    Raises:
        BadInput: There is no keyset among them, or the key that it names is not in the folder `keys`.
    """
    covered = ledger.size if size is None else size
    keyset = keyset_in_force(ledger, covered)
    path = keyfiles.log_keys(keys).get(keyset.log)
    if path is None:
        raise BadInput(
            f"the log's key of keyset {keyset.number} is not here",
            str(keys),
            "restore it, or draw up a keyset with another: holdfire keys draft --new-log-key",
        )
    text = Checkpoint(origin_of(first_keyset(ledger).log), covered, bytes.fromhex(ledger.root(covered)))
    return checkpoints.made(text, keyfiles.read(path))


save_checkpoint = checkpoints.save
newest = checkpoints.newest
seen_since = checkpoints.seen_since


def add_cosignatures(ledger: Ledger, folder: Path, content: bytes) -> list[str]:
    """Keep the cosignatures that a witness sent back, in `folder`; return the names of their witnesses.

    Args:
        ledger: The log's entries; what was cosigned is held against them.
        folder: Of checkpoints.
        content: A checkpoint with cosignatures, or signature lines alone, of a checkpoint in the folder.

    Raises:
        BadInput: It is not in its form, or no line is of a witness of the keyset and holds.
        CheckFailed: It is of another history than this log's.
    """
    note = _cosigned_note(ledger, folder, content)
    text = checkpoints.opened(note.written())[1]
    if text.size > ledger.size or text.root.hex() != ledger.root(text.size):
        raise CheckFailed(
            "what was cosigned is not this log", text.origin, "keep the file: it shows a second history"
        )
    keyset = keyset_in_force(ledger, text.size)
    if not checkpoints.by_log(note, text.origin, keyset.log) or text.origin != origin_of(
        first_keyset(ledger).log
    ):
        raise BadInput("the log's key did not sign this checkpoint", text.origin)
    names = list(checkpoints.by_witnesses(note, keyset.witnesses))
    if not names:
        raise BadInput(
            "no line is of a witness in the keyset", f"keyset {keyset.number}", "holdfire keys show"
        )
    ours = {(name, note_key_id(name, WITNESS_KEY, key)) for name, key in keyset.witnesses.items()}
    ours.add((text.origin, note_key_id(text.origin, LOG_KEY, keyset.log)))
    known = tuple(line for line in note.lines if (line.name, line.key_id) in ours)
    save_checkpoint(folder, Note(note.text, known).written())
    return names


def growth_request(ledger: Ledger, note: bytes, since: int) -> bytes:
    """Return what a witness is sent that last cosigned `since` entries: add-checkpoint of C2SP tlog-witness.

    Raises:
        BadInput: The checkpoint is not in its form, or smaller than `since`.
    """
    size = checkpoints.opened(note)[1].size
    if since > size:
        raise BadInput(f"the checkpoint has {size} entries, fewer than {since}")
    proof = ledger.consistency(since, size) if since else []
    lines = [f"old {since}", *(to_base64(bytes.fromhex(each)) for each in proof)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + note


def _cosigned_note(ledger: Ledger, folder: Path, content: bytes) -> Note:
    """Return a note, or the checkpoint in the folder that bare signature lines belong to."""
    if not content.startswith("\N{EM DASH} ".encode()):
        return checkpoints.opened(content)[0]
    try:
        lines = Note.parse(b"-\n\n" + content).lines
    except Malformed as error:
        raise BadInput(f"these are no signature lines: {error}") from None
    for size, kept in reversed(list(checkpoints.kept(folder))):
        own = checkpoints.opened(kept)[0]
        with suppress(BadInput):  # lines of a known witness, of another checkpoint
            if checkpoints.by_witnesses(Note(own.text, lines), keyset_in_force(ledger, size).witnesses):
                return checkpoints.merged(own, Note(own.text, lines))
    raise BadInput(
        "these lines are of no checkpoint that is kept here, or of no witness in the keyset",
        str(folder),
        "holdfire keys show",
    )

"""Prove who was told of a notice and who was not, and check such a proof, without the place.

A proof is one file: the log's entries about one commitment, each with its way to the root of a checkpoint,
every recipient of the record, the keysets that follow from its fingerprint, and the log's signature over all
of it. Who was told follows from that alone. That somebody was not told, or did not answer, follows only if no
entry was left out: for that the log's published tiles are read, in a bundle or beside the proof. Without
them it is said that this is not shown. tests/unit/test_proving.py changes every byte, and leaves entries out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC as ZULU
from datetime import datetime
from pathlib import Path
from typing import Any

from holdfire import signing, times
from holdfire.case import Case
from holdfire.digests import Digest, canonical
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import checkpoints, envelopes, keyfiles, keysets
from holdfire.ledger.entry import Entry, encode, leaf_hash
from holdfire.ledger.growth import entries_of, files_in
from holdfire.ledger.keys import written
from holdfire.ledger.keysets import Keyset
from holdfire.ledger.log import Ledger
from holdfire.ledger.opening import Card
from holdfire.ledger.shelf import make_folder, replace_file
from holdfire.ledger.verifying.ed25519 import verify as holds
from holdfire.ledger.verifying.notes import Checkpoint, Note, from_base64, origin_of
from holdfire.ledger.verifying.signing import check_lines
from holdfire.ledger.verifying.trees import Peaks, included, leaf_of
from holdfire.precaution.notified import KINDS, UTC, Register, register
from holdfire.protecting.notices import SKEW, Step, Told
from holdfire.sheltering.noticed import now_of
from holdfire.sheltering.receiving import kept
from holdfire.times import utc

FORM = "holdfire-told/v1"
LARGEST = 64 << 20
_HINT = "ask for the proof again"
OVER = (Step.WITHDRAWN, Step.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """What a proof shows.

    Attributes:
        notice: The commitment.
        record: Fingerprint of the record.
        size: How many entries the log had.
        as_of: When: by its witnesses' clocks where any cosigned, else by the log's own.
        witnesses: Names of those who cosigned.
        reply_by: By when an acknowledgement was asked for.
        ended: Whether it was withdrawn or expired, and when.
        told: What each recipient was told, and when.
        cards: Who they are, by key id.
        withdrawn: When the keys of some of them were withdrawn, by key id.
        complete: Whether the whole log was read: only then are "not told" and "did not answer" shown.
        opened: Whether what was said was shown too, and is what the commitment stands for.
    """

    notice: Digest
    record: Digest
    size: int
    as_of: datetime
    witnesses: tuple[str, ...]
    reply_by: datetime
    ended: tuple[tuple[str, datetime], ...]
    told: tuple[Told, ...]
    cards: dict[str, Card]
    withdrawn: dict[str, datetime]
    complete: bool
    opened: bool


def prove(case: Case, start: str, out: Path, log: Path | None = None) -> Digest:
    """Write the proof of who was told of a notice; return the notice.

    Args:
        case: The case.
        start: First digits of the notice's commitment.
        out: File of the proof.
        log: Folder to write the log's tiles and checkpoint to, for whoever has no bundle; None: not written.

    Raises:
        BadInput: There is no such notice, no keyset, or the log's key is not here.
        HoldfireError: The disk refuses.
    """
    keys, folder = case.folder.made / "keys", case.folder.made / "checkpoints"
    with case.ledger() as ledger:
        notice = register(ledger).notice(start)
        about = [entry for entry in ledger.entries(("keyset", *KINDS)) if _about(entry, notice)]
        note = signing.newest(folder)
        if note is None or checkpoints.opened(note)[1].size <= about[-1].seq:
            note = signing.save_checkpoint(folder, signing.checkpoint(ledger, keys))
        size = checkpoints.opened(note)[1].size
        keyset = signing.keyset_in_force(ledger, size)
        path = keyfiles.log_keys(keys).get(keyset.log)
        if path is None:
            raise BadInput(f"the log's key of keyset {keyset.number} is not here", str(keys))
        said = {
            "form": FORM,
            "notice": notice,
            "made": utc(now_of(case)),
            "checkpoint": note.decode(),
            "entries": [_shown(ledger, entry, size) for entry in about],
        }
        signature = keyfiles.read(path).sign(_message(said))
        make_folder(out.parent)
        replace_file(out, canonical(said | {"signature": written(signature)}) + b"\n")
        if log is not None:
            _write_log(ledger, size, note, log)
    return notice


def verify(
    file: Path, fingerprint: Digest, now: datetime, *, log: Path | None = None, opened: Path | None = None
) -> Proved:
    """Return what a proof shows; this needs no case and no network.

    Args:
        file: The proof.
        fingerprint: Of the record, learned from elsewhere.
        now: The reader's clock.
        log: The bundle or folder in which the record published its log; None: it is not read.
        opened: What was said, as `receive --out` keeps it; None: not shown.

    Raises:
        BadInput: A file is not in its form.
        CheckFailed: Anything in it does not hold.
    """
    said = _said(file)
    notice, where = said["notice"], file.name
    note, checkpoint = checkpoints.opened(said["checkpoint"].encode(), where)
    entries = list(_entries(said["entries"], checkpoint, where))
    keyset = _keyset(entries, checkpoint, fingerprint, where)
    signature = said.pop("signature")
    if not holds(keyset.log, _message(said), from_base64(signature)):
        raise CheckFailed("the proof was changed: the log's signature over it does not hold", where, _HINT)
    as_of, witnesses = _seen(note, checkpoint, keyset, times.instant(said["made"], UTC), where)
    if as_of > now + SKEW:
        raise CheckFailed("the proof is dated in the future", where, "is this machine's clock right?")
    if not all(_about(entry, notice) for entry in entries):
        raise CheckFailed("the proof holds entries about something else", where, _HINT)
    found = _register(entries, notice, fingerprint, where)
    if log is not None:
        _whole(log, checkpoint, notice, entries, where)
    if opened is not None and kept(opened)[0] != notice:
        raise CheckFailed("what is shown is of another notice than the proof", str(opened))
    return Proved(
        notice=notice,
        record=fingerprint,
        size=checkpoint.size,
        as_of=as_of,
        witnesses=tuple(witnesses),
        reply_by=found.reply_by[notice],
        ended=tuple((e.step.value, e.at) for e in found.events[notice] if e.step in OVER),
        told=found.told(notice, as_of),
        cards=found.cards,
        withdrawn=found.withdrawn,
        complete=log is not None,
        opened=opened is not None,
    )


def lines(found: Proved) -> list[str]:
    """Return what a proof shows, in lines; what is not shown is said to be."""
    seen = f"witnessed by {', '.join(found.witnesses)}" if found.witnesses else "by the log's own clock"
    told = [f"notice {found.notice}", f"as of {utc(found.as_of)}, {seen}, {found.size:,} entries"]
    told += [f"{step} {utc(at)}: it no longer holds" for step, at in found.ended]
    for each in found.told:
        name = found.cards[each.to].name
        steps = (("sent", each.sent), ("delivered", each.delivered), ("acknowledged", each.acknowledged))
        said = [f"{word} {utc(at)}" for word, at in steps if at is not None]
        if each.sent is None and found.complete:
            said = ["not told"]
        elif each.sent is not None and each.acknowledged is None and found.complete:
            late = "no answer, and the time is over" if found.reply_by <= found.as_of else "no answer yet"
            said.append(f"{late}: asked for by {utc(found.reply_by)}")
        elif each.in_time is False and each.acknowledged is not None:
            said.append(f"after {utc(found.reply_by)}, by when it was asked for")
        if each.in_time and each.entered is not None and each.entered > found.reply_by:
            said.append(f"by their clock; in the log from {utc(each.entered)}")
        if each.to in found.withdrawn:
            said.append(f"these keys were withdrawn {utc(found.withdrawn[each.to])}")
        if said:
            told.append(f"  {name} (key {each.to}): {'; '.join(said)}")
    if not found.complete:
        told.append(
            "who was not told, and who did not answer, is not shown: --log BUNDLE reads the whole log"
        )
    if found.opened:
        told.append("what is shown is what the commitment stands for")
    return told


def _about(entry: Entry, notice: Digest) -> bool:
    """Return whether an entry is about a notice, its successors, or who can be told."""
    said = entry.value
    if entry.kind in ("keyset", "recipient"):
        return True
    if entry.kind == "receipt":
        return bool(said["notice"] == notice)
    return entry.kind == "notice" and notice in (said["notice"], said.get("before"))


def _shown(ledger: Ledger, entry: Entry, size: int) -> dict[str, Any]:
    return {"place": entry.seq, "entry": entry.value, "hashes": ledger.inclusion(entry.seq, size)}


def _said(file: Path) -> dict[str, Any]:
    """Return the fields of a proof, of the types they should have."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"the proof cannot be read: {error.strerror}", str(file)) from None
    try:
        said: Any = json.loads(content) if len(content) <= LARGEST else None
        fits = isinstance(said, dict) and canonical(said) == content.removesuffix(b"\n")
        texts = ("form", "notice", "made", "checkpoint", "signature")
        fits = fits and set(said) == {*texts, "entries"} and isinstance(said["entries"], list)
        fits = fits and all(isinstance(said[name], str) for name in texts) and said["form"] == FORM
        if fits:
            from_base64(said["signature"])
            times.instant(said["made"], UTC)
    except (ValueError, TypeError, RecursionError, BadInput):
        fits = False
    if not fits:
        raise BadInput("this is no proof of who was told, or it was changed", str(file), _HINT)
    return dict(said)


def _entries(shown: Sequence[Any], checkpoint: Checkpoint, where: str) -> Iterator[Entry]:
    """Yield the entries of a proof in order, each held against the checkpoint's root."""
    before = -1
    for each in shown:
        try:
            place, content = int(each["place"]), encode(each["entry"], where)
            hashes = [bytes.fromhex(one) for one in each["hashes"]]
            fits = set(each) == {"place", "entry", "hashes"} and before < place
        except (BadInput, ValueError, TypeError, KeyError, AttributeError):
            raise BadInput("an entry of the proof is not in its form", where, _HINT) from None
        if not fits or not included(leaf_of(content), place, checkpoint.size, hashes, checkpoint.root):
            raise CheckFailed(
                "an entry of the proof is not in the log that the checkpoint is of", where, _HINT
            )
        before = place
        yield Entry(seq=place, leaf=leaf_hash(content).hex(), content=content)


def _keyset(entries: Iterable[Entry], checkpoint: Checkpoint, fingerprint: Digest, where: str) -> Keyset:
    """Return the last keyset of a proof, following from the fingerprint."""
    found: Keyset | None = None
    origin = ""
    try:
        for entry in entries:
            if entry.kind == "keyset":
                found = keysets.follow(entry.value, found)
                if found.number == 1:
                    origin = origin_of(found.log)
                    if found.leaf != fingerprint:
                        raise CheckFailed("the proof is of another record than the one you trust", where)
    except BadInput as error:
        raise CheckFailed.of(error.problems) from None
    if found is None or origin != checkpoint.origin:
        raise CheckFailed("the proof's checkpoint is of another log", where, _HINT)
    return found


def _seen(
    note: Note, checkpoint: Checkpoint, keyset: Keyset, made: datetime, where: str
) -> tuple[datetime, list[str]]:
    """Return when the log was so, and which witnesses say it."""
    standing = checkpoints.by_log(note, checkpoint.origin, keyset.log)
    lines = check_lines(note, checkpoint.origin, _plain(keyset))
    if not standing or lines.breaks:
        raise CheckFailed("the checkpoint's signatures do not hold", where, _HINT)
    if len(lines.cosigned) < keyset.quorum:
        raise CheckFailed(
            f"{len(lines.cosigned)} of {keyset.quorum} witnesses have cosigned the checkpoint",
            where,
            "let them cosign, then prove it again: holdfire witness",
        )
    seconds = [max(each) for each in lines.cosigned.values()]
    moment = datetime.fromtimestamp(max(seconds), ZULU) if seconds else made
    return moment, sorted(lines.cosigned)


def _plain(keyset: Keyset) -> Any:
    """Return a keyset in the form of the readers' own verifier."""
    from holdfire.ledger.verifying.entries import Keyset as Theirs

    return Theirs(**{name: getattr(keyset, name) for name in Theirs._fields})


def _register(entries: Iterable[Entry], notice: Digest, fingerprint: Digest, where: str) -> Register:
    """Return what the entries say, every receipt held against its recipient's key and what was sent."""
    try:
        found = Register.of(entries)
    except (BadInput, ValueError, KeyError):
        raise CheckFailed("an entry of the proof lacks what it should say", where, _HINT) from None
    if notice not in found.reply_by:
        raise CheckFailed("the proof does not show that the notice was drafted", where, _HINT)
    for entry in found.receipts:
        said = entry.value
        card = found.cards.get(said["by"])
        sent = found.envelopes.get((said["notice"], said["by"], "sent"))
        fits = said["record"] == fingerprint and sent == said["envelope"]
        if card is None or not fits or not envelopes.receipt_holds(said, card.signs):
            raise CheckFailed("a receipt in the log does not hold under its recipient's key", where)
    return found


def _whole(log: Path, checkpoint: Checkpoint, notice: Digest, entries: Sequence[Entry], where: str) -> None:
    """Read the whole published log, and hold the proof against it: nothing about the notice is left out."""
    files = files_in(log)
    there = files("checkpoint")
    size = checkpoints.opened(there, str(log))[1].size if there is not None else checkpoint.size
    if size < checkpoint.size:
        raise CheckFailed("the published log is older than the proof", str(log), "take a newer bundle")
    peaks, missing = Peaks(), {entry.seq for entry in entries}
    for place, content in enumerate(entries_of(files, size)):
        if place == checkpoint.size:
            break
        leaf = leaf_hash(content)
        peaks.add(leaf)
        entry = Entry(seq=place, leaf=leaf.hex(), content=content)
        if place not in missing and _concerns(entry, notice):
            raise CheckFailed(f"the proof leaves out entry {place}, which is about the notice", where)
    if peaks.root() != checkpoint.root:
        raise CheckFailed("the published log is another than the proof's", str(log), "whose copy is it?")


def _concerns(entry: Entry, notice: Digest) -> bool:
    try:
        return entry.kind in ("keyset", *KINDS) and _about(entry, notice)
    except (ValueError, KeyError, TypeError):
        return True  # an entry that cannot be read might be one


def _write_log(ledger: Ledger, size: int, note: bytes, folder: Path) -> None:
    for name, content in ledger.tiles(size):
        path = folder / "log" / name
        make_folder(path.parent)
        replace_file(path, content)
    replace_file(folder / "checkpoint", note)


def _message(said: dict[str, Any]) -> bytes:
    return FORM.encode() + b"\n" + canonical(said)

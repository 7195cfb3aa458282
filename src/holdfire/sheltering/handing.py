"""Hand a notice over, and take in what comes back: envelopes out, receipts in.

An envelope is made once for a recipient and kept among the case's notices before the log names its digest;
only then does it stand where it is fetched from. So nothing that is handed out is missing from the log, and
nothing that the log says was sent is missing here: cut short at any step, the same command goes on with the
same bytes. tests/unit/test_notifying_faults.py kills it at every step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfire import signing, times
from holdfire.case import Case
from holdfire.digests import Digest, digest
from holdfire.errors import BadInput, CheckFailed, Problem
from holdfire.ledger import envelopes, keyfiles
from holdfire.ledger.entry import Entry
from holdfire.ledger.keys import PrivateKey
from holdfire.ledger.log import Ledger
from holdfire.ledger.opening import Card
from holdfire.ledger.shelf import make_folder, replace_file
from holdfire.ledger.vault import Vault
from holdfire.precaution.notified import UTC, Register, body_of, register
from holdfire.protecting.notices import Step, refused
from holdfire.protecting.notification import Notification
from holdfire.sheltering.consenting import Opened, lacks, origin, stale
from holdfire.sheltering.noticed import now_of
from holdfire.times import utc

ENDING = ".notice"
"""What the file of an envelope ends in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """An envelope that stands ready to be carried over.

    Attributes:
        notice: The commitment.
        to: The recipient.
        file: Where it is.
        again: Whether it had been sent before: these are the same bytes.
    """

    notice: Digest
    to: Card
    file: Path
    again: bool


def send(
    case: Case, start: str, out: Path, to: Sequence[str] = (), opened: Opened | None = None
) -> list[Handed]:
    """Write a notice for each recipient into a folder, and log that it was sent; again gives the same bytes.

    What keeps someone from being told keeps the same bytes back, unless a receipt shows that they have them.

    Args:
        case: The case.
        start: First digits of the notice's commitment.
        out: Folder for the envelopes, one file a recipient, named by key ids.
        to: Names or key ids; (): all whom the notice is addressed to.
        opened: The site that it is of, opened anew; None: it is of a file.

    Raises:
        BadInput: Everything that keeps one of them from being told; nobody is told then.
    """
    with _open(case) as (ledger, vault, known):
        notice = known.notice(start)
        cards = [known.recipient(each) for each in to or known.reached(notice)]
        now, body = now_of(case), body_of(vault, notice)
        problems: list[Problem] = []
        if not cards:
            gone = "the keys of all whom it is addressed to were withdrawn"
            problems.append(Problem(gone, "recipient", "draft it anew, to keys that are in use"))
        for card in cards:  # the same bytes again are a telling too, until the recipient says they are there
            if not any(each.value["by"] == card.id for each in known.receipts_of(notice)):
                problems += refused(Step.SENT, known.events[notice], card.id, now, ends=body.ends)
                problems += stale(body, opened)
                problems += lacks(known, vault, body, card, now, origin(vault, notice), opened)
        if problems:
            raise BadInput.of(dict.fromkeys(problems))
        return [_handed(case, ledger, vault, known, notice, body, card, "sent", out) for card in cards]


def reveal(case: Case, start: str, to: str, out: Path, opened: Opened | None = None) -> Handed:
    """Open one commitment to one reader, such as a court: what was told, and the salt. It is logged.

    Args:
        case: The case.
        start: First digits of the notice's commitment.
        to: Name or key id of the reader, entered as a recipient, with the owner's consent.
        out: Folder for the envelope.
        opened: The site that the notice is of, opened anew; None: it is of a file.

    Raises:
        BadInput: There is no such reader, or the owner has not consented.
    """
    with _open(case) as (ledger, vault, known):
        notice, card = known.notice(start), known.recipient(to)
        body = body_of(vault, notice)
        lack = lacks(known, vault, body, card, now_of(case), origin(vault, notice), opened)
        if problems := [*stale(body, opened), *lack]:
            raise BadInput.of(problems)
        return _handed(case, ledger, vault, known, notice, body, card, "revealed", out)


def enter(case: Case, file: Path) -> tuple[Entry, bool]:
    """Enter a recipient's receipt in the log; return its entry and whether it was there already.

    A second receipt of the same kind for the same notice changes nothing: the first stands.

    Raises:
        BadInput: It is no receipt, or everything in which it does not fit what the log says.
        CheckFailed: It is of another record, another notice, or signed by another key.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"the receipt cannot be read: {error.strerror}", str(file)) from None
    said = envelopes.read_receipt(content, file.name)
    with case.ledger(write=True) as ledger:
        known = register(ledger)
        _of_ours(ledger, known, said, file.name)
        for entry in known.receipts:
            if all(entry.value[name] == said[name] for name in ("notice", "by", "step")):
                return entry, True
        now, at = now_of(case), times.instant(said["at"], UTC)
        if known.last is not None and now < known.last:
            raise BadInput("the clock runs backwards: something later was logged already", "clock")
        step = Step(said["step"])
        problems = list(refused(step, known.events[said["notice"]], said["by"], at, ends=None, now=now))
        if problems:
            raise BadInput.of(problems)
        entered = {"kind": "receipt", **said, "entered": utc(now)}
        return ledger.append([entered])[0], False


def _of_ours(ledger: Ledger, known: Register, said: dict[str, Any], where: str) -> None:
    """Hold a receipt against the notice it names, and its signature against the recipient's key."""
    if said["record"] != signing.fingerprint(ledger):
        raise CheckFailed("the receipt is for a notice of another record", where)
    if said["notice"] not in known.events:
        raise CheckFailed("the receipt is for another notice: none here has its commitment", where)
    card = known.cards.get(said["by"])
    if said["by"] in known.withdrawn:
        hint = "what they sign now may be another's; ask the office by voice"
        raise CheckFailed("the recipient's keys were withdrawn before this receipt came", where, hint)
    if card is None or not envelopes.receipt_holds(said, card.signs):
        raise CheckFailed("the receipt is signed by another key than the recipient's, or was changed", where)
    sent = known.envelopes.get((said["notice"], said["by"], "sent"))
    if sent is None:
        raise CheckFailed("the receipt is by someone to whom this notice was not sent", where)
    if sent != said["envelope"]:
        raise CheckFailed("the receipt is for other bytes than were sent", where, "send the notice again")


@contextmanager
def _open(case: Case) -> Iterator[tuple[Ledger, Vault, Register]]:
    with case.ledger(write=True) as ledger, case.vault() as vault:
        known = register(ledger)
        if known.last is not None and now_of(case) < known.last:
            hint = "set the clock right; nothing was written"
            raise BadInput("the clock runs backwards: something later was logged already", "clock", hint)
        yield ledger, vault, known


def _handed(
    case: Case,
    ledger: Ledger,
    vault: Vault,
    known: Register,
    notice: Digest,
    body: Notification,
    card: Card,
    step: str,
    out: Path,
) -> Handed:
    """Keep an envelope, then log it, then put it where it is fetched from."""
    kept = (
        case.folder.made
        / "notices"
        / f"{notice[:24]}-{card.id}{'' if step == 'sent' else '-revealed'}{ENDING}"
    )
    logged = known.envelopes.get((notice, card.id, step))
    if logged is None:
        if not _fits(kept, notice, card):
            make_folder(kept.parent)
            replace_file(kept, _made(case, ledger, vault, notice, body, card))
        entry = {"kind": "notice", "notice": notice, "step": step, "at": utc(now_of(case)), "to": [card.id]}
        before = {"before": body.before} if body.before else {}
        ledger.append([entry | before | {"envelope": digest(kept.read_bytes())}])
    content = kept.read_bytes() if kept.is_file() else b""
    if logged is not None and digest(content) != logged:
        hint = "restore the folder from a backup: an envelope cannot be made twice"
        raise BadInput("the envelope that was sent is not here any more", str(kept), hint)
    file = out / kept.name
    make_folder(out)
    replace_file(file, content)
    return Handed(notice=notice, to=card, file=file, again=logged is not None)


def _fits(kept: Path, notice: Digest, card: Card) -> bool:
    """Return whether an envelope for this was made before, by a command that was cut short."""
    try:
        found = envelopes.read(kept.read_bytes(), kept.name)
    except (OSError, BadInput, CheckFailed):
        return False
    return (found.notice, found.to) == (notice, card.id)


def _made(case: Case, ledger: Ledger, vault: Vault, notice: Digest, body: Notification, card: Card) -> bytes:
    return envelopes.envelope(
        body=vault.read(notice),
        salt=vault.salt(notice),
        card=card,
        at=utc(now_of(case)),
        reply_by=utc(body.reply_by),
        before=body.before,
        chain=[entry.value for entry in ledger.entries("keyset")],
        log=_log_key(case, ledger),
    )


def _log_key(case: Case, ledger: Ledger) -> PrivateKey:
    keyset = signing.keyset_in_force(ledger)
    path = keyfiles.log_keys(case.folder.made / "keys").get(keyset.log)
    if path is None:
        hint = "restore it, or draw up a keyset with another: holdfire keys draft --new-log-key"
        raise BadInput(f"the log's key of keyset {keyset.number} is not here", "keys", hint)
    return keyfiles.read(path)

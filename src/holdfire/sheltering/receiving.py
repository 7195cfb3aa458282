"""The recipient's side: open a notice, say that it arrived, say that one took note. No case, no network.

All that is needed is the file, the recipient's keys and, to know whose notice it is, the fingerprint of the
sender's record, learned from elsewhere. tests/unit/test_receiving.py changes each byte of what arrives.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from holdfire import times
from holdfire.digests import Digest, canonical
from holdfire.errors import BadInput, CheckFailed, HoldfireError
from holdfire.ledger import envelopes, opening
from holdfire.ledger.envelopes import Envelope
from holdfire.ledger.keyfiles import Ask, write_new
from holdfire.ledger.keys import PrivateKey, checked_name, written
from holdfire.ledger.opening import Opener
from holdfire.ledger.shelf import replace_file
from holdfire.protecting.areas.positions import written as written_as
from holdfire.protecting.notices import SKEW
from holdfire.protecting.notification import WORDING, WORDING_AR, About, Notification, Stop, parse
from holdfire.times import utc

OPENED = "holdfire-opened/v1"
UTC = times.zone("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A notice that was opened.

    Attributes:
        envelope: What was around it.
        notice: What it says.
        text: Its bytes.
        salt: With which they are what the commitment stands for.
        trusted: Whether it is shown whose notice it is.
    """

    envelope: Envelope
    notice: Notification
    text: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    trusted: bool


def make_keys(name: str, out: Path, passphrase: str = "") -> Path:
    """Write a recipient's two private keys and, beside them, the card to hand over; return the card's path.

    Raises:
        BadInput: The name cannot stand in a record, or something stands at a file.
        HoldfireError: The disk refuses.
    """
    signer, opener = PrivateKey.make(checked_name(name)), Opener.make()
    card = out.with_name(out.name + ".card")
    if card.exists():
        raise BadInput("a file stands there; a card is never written over", str(card), "name another file")
    opening.write(out, signer, opener, passphrase)
    replace_file(card, opening.card(signer, opener))
    return card


def receive(
    file: Path, key: Path, now: datetime, *, trust: Digest = "", ask: Ask | None = None
) -> tuple[Received, PrivateKey]:
    """Return a notice that arrived, opened and held against its commitment, and the key that may sign for it.

    Args:
        file: What arrived.
        key: File of the recipient's signing key; the opening one lies beside it.
        now: By this machine's clock.
        trust: Fingerprint of the sender's record; empty: it is not shown whose notice it is.
        ask: Asks for a passphrase.

    Raises:
        BadInput: It is no notice, or the clock runs backwards.
        CheckFailed: It was changed, is for another key, or is of another record.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"the notice cannot be read: {error.strerror}", str(file)) from None
    found = envelopes.read(content, file.name)
    if trust and found.record != trust:
        raise CheckFailed("this notice is of another record than the one you trust", file.name)
    signer, opener = opening.read(key, ask)
    text, salt = envelopes.opened(found, signer, opener, file.name)
    if now < times.instant(found.at, UTC) - SKEW:
        hint = "set this machine's clock right, then try again"
        raise BadInput("the clock runs backwards: it is before the notice was made", utc(now), hint)
    notice = parse(text, file.name)
    return Received(envelope=found, notice=notice, text=text, salt=salt, trusted=bool(trust)), signer


def receipt(found: Received, signer: PrivateKey, step: str, now: datetime, out: Path) -> None:
    """Write a signed receipt, `delivered` or `acknowledged`, for the sender to enter.

    Raises:
        HoldfireError: The disk refuses.
    """
    said = envelopes.receipt(found.envelope, signer, step, utc(now.replace(microsecond=0)))
    replace_file(out, envelopes.receipt_text(said))


def keep(found: Received, out: Path) -> None:
    """Write what a notice says, with its salt, to a new file that its owner alone may read.

    Raises:
        BadInput: Something stands there.
    """
    said = {
        "form": OPENED,
        "notice": found.envelope.notice,
        "salt": written(found.salt),
        "text": written(found.text),
    }
    try:
        write_new(out, canonical(said) + b"\n")
    except FileExistsError:
        raise BadInput("a file stands there", str(out), "name another") from None


def kept(file: Path) -> tuple[Digest, Notification]:
    """Return the commitment and what it stands for, out of a file that `keep` wrote.

    Raises:
        BadInput: It is none.
        CheckFailed: It was changed: it is not what the commitment stands for.
    """
    try:
        said = json.loads(file.read_bytes())
        salt, text = (base64.b64decode(said[name], validate=True) for name in ("salt", "text"))
        notice, form = str(said["notice"]), said["form"]
    except OSError as error:
        raise HoldfireError(f"the file cannot be read: {error.strerror}", str(file)) from None
    except (ValueError, KeyError, TypeError):
        form = ""
    if form != OPENED:
        raise BadInput("this is no opened notice", str(file), "`holdfire notify receive --out` writes one")
    if not envelopes.opens(notice, salt, text):
        raise CheckFailed("what is here is not what the commitment stands for", str(file))
    return notice, parse(text, str(file))


def told(found: Received) -> list[str]:
    """Return what a notice says, in lines for the recipient alone."""
    notice, head = found.notice, found.envelope
    what = {
        About.SITE: "A protected place",
        About.MOVEMENT: "A protected movement",
        About.WITHDRAWAL: "An earlier notice no longer holds",
    }[notice.about]
    whose = (
        f"record       {head.record}" if found.trusted else "whose notice this is was not checked: --trust"
    )
    lines = [f"{what}: {notice.subject}", whose, f"notice       {head.notice}"]
    lines.append(f"from         {utc(notice.starts)}\nto           {utc(notice.ends)}")
    lines.append(f"reply by     {utc(notice.reply_by)}")
    for number, stop in enumerate(notice.stops, 1):
        at = f"  at {utc(stop.at)}" if stop.at else ""
        lat, lon = (f"{each / 10**7:.7f}".rstrip("0").rstrip(".") for each in (stop.lat, stop.lon))
        lines.append(f"position {number:<3} longitude {lon}, latitude {lat}{at}")
        lines += [f"             {each}" for each in _radio(stop)]
    lines += [f"cells        {', '.join(notice.cells)}"] if notice.cells else []
    lines += [f"earlier      {notice.before}"] if notice.before else []
    lines += [notice.words] if notice.words else []
    return [*map(_shown, lines), WORDING, WORDING_AR]


def _radio(stop: Stop) -> Iterator[str]:
    """Yield a position as it is read over a radio and stands on maps; near a pole there is no MGRS."""
    lon, lat = stop.lon / 10**7, stop.lat / 10**7
    yield " ".join(written_as(lon, lat, "dm"))
    if -80 <= lat <= 84:
        yield " ".join(("MGRS", *written_as(lon, lat, "mgrs")))


def _shown(text: str) -> str:
    """Return a text without what a terminal would obey."""
    return "".join(
        each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text
    )

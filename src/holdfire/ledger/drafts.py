"""Drafts: entries on their way from one editor to the next, as files, until enough have signed.

A draft is the canonical JSON of an entry with the signatures it has so far, and a line end. What an editor
is asked to sign is told in plain words first, every field of it. Adding a signature needs no case and no
network; the file is replaced whole or not at all. tests/unit/test_signing.py passes drafts around.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from holdfire.digests import canonical
from holdfire.errors import BadInput
from holdfire.ledger import keysets, opening
from holdfire.ledger.entry import LARGEST, decode, encode
from holdfire.ledger.keys import PrivateKey, written
from holdfire.ledger.shelf import replace_file
from holdfire.ledger.verifying.entries import shaped
from holdfire.ledger.verifying.notes import Malformed

KINDS = ("keyset", "release", "redaction", "review", "partition", "zones", "recipient")
"""Kinds of entry that carry signatures."""

Draft = dict[str, Any]


def read(path: Path) -> Draft:
    """Return the draft in a file.

    Raises:
        BadInput: It is not there, or no canonical entry of a kind that is signed.
    """
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 2)
    except OSError as error:
        raise BadInput(f"the draft cannot be read: {error.strerror}", str(path)) from None
    try:
        draft = decode(content.removesuffix(b"\n"))
    except BadInput as error:
        raise BadInput(
            "this is no draft, or it was changed by hand", str(path), "draw it up again"
        ) from error
    return checked(draft, str(path))


def checked(draft: Mapping[str, Any], where: str = "draft") -> Draft:
    """Return a draft as it is.

    Raises:
        BadInput: It is of a kind that is not signed, or its fields are not those of its kind, to us or to a
            reader.
    """
    if draft.get("kind") not in KINDS:
        raise BadInput("an entry of this kind is not signed", where, f"one of {', '.join(KINDS)}")
    found = {"signatures": {}, **draft}
    if found["kind"] == "redaction" and "by" not in found:
        raise BadInput('a redaction lacks "by"', where, "who asks for it; it may be empty")
    try:
        shaped(encode(found, where), found["kind"])
    except Malformed as error:
        raise BadInput(f"no reader would take this entry: {error}", where) from None
    if found["kind"] == "keyset":
        keysets.parse(found)
    if found["kind"] == "recipient":
        card_of(found, where)
    return found


def card_of(said: Mapping[str, Any], where: str = "recipient") -> opening.Card:
    """Return the card that an entry of a recipient says.

    Raises:
        BadInput: The recipient did not sign it so: one of its keys is another's.
    """
    return opening.held_card(said["name"], said["signs"], said["opens"], said["card"], where)


def save(path: Path, draft: Draft) -> None:
    """Put a draft at `path`, whole or not at all.

    Raises:
        HoldfireError: The disk refuses; the old file is as it was.
    """
    replace_file(path, canonical(draft) + b"\n")


def add_signature(draft: Draft, key: PrivateKey) -> Draft:
    """Return a draft with one more signature; the same key signs once.

    Raises:
        BadInput: The draft is of a kind that is not signed, or its fields are not those of its kind.
    """
    found = checked(draft)
    signature = written(key.sign(keysets.message(found)))
    return {**found, "signatures": {**found["signatures"], key.id: signature}}


def described(draft: Draft) -> list[str]:
    """Return what a draft says, in lines for the person who is asked to sign it."""
    told = {
        "keyset": _keyset,
        "release": _release,
        "partition": _partition,
        "zones": _zones,
        "recipient": _recipient,
    }
    lines = list(told.get(draft["kind"], _other)(draft))
    signed = sorted(draft.get("signatures", {}))
    lines.append(
        f"signed so far by {len(signed)}: keys {', '.join(signed)}" if signed else "signed by no one yet"
    )
    return lines


def _release(draft: Draft) -> Iterator[str]:
    yield (
        f"You let out bulletin {draft['number']}, version {draft['version']}, of {draft['period']}."
        f" It rests on the first {draft['size']:,} entries."
    )
    yield f"drawn up {draft['at']}; readers are told to look for a newer one after {draft['expires']}"
    yield f"bulletin entry      {draft['bulletin']}"
    yield f"bulletin's files    {draft['manifest']}"
    yield f"bundle's files      {draft['contents']}"
    yield f"release before      {draft['before'] or 'none, this is the first'}"
    yield f"under the keyset    {draft['keyset']}"


def _zones(draft: Draft) -> Iterator[str]:
    on, name = len(draft["cells"]), draft["name"]
    areas = f"1 area of {name} is on" if on == 1 else f"{on} areas of {name} are on"
    when = f"from {draft['starts']} to {draft['ends']}"
    yield f"You let out release {draft['number']} of zones: {areas} {when}."
    yield f"of each is said     {draft['wording']}"
    yield f"areas               {', '.join(draft['cells']) or 'none'}"
    yield f"partition           {draft['partition']}"
    yield f"release before      {draft['before'] or 'none, this is the first'}"
    yield f"under the keyset    {draft['keyset']}"


def _recipient(draft: Draft) -> Iterator[str]:
    if "step" in draft:
        yield f"You withdraw these keys of {draft['name']}: nothing is sealed to them from now on,"
        yield "and no receipt that they sign is taken."
        yield f"key id              {card_of(draft).id}"
        yield f"drawn up {draft['at']}"
        yield f"under the keyset    {draft['keyset']}"
        return
    yield f"You say that {draft['name']} is told of protected places under these keys, its own."
    yield f"key id              {card_of(draft).id}"
    yield "read it to the recipient by voice, each of you who signs: a card may be exchanged on its way"
    yield f"signs with          {draft['signs']}"
    yield f"opens with          {draft['opens']}"
    yield f"drawn up {draft['at']}"
    yield f"under the keyset    {draft['keyset']}"


def _keyset(draft: Draft) -> Iterator[str]:
    number, editors, witnesses = draft["number"], draft["editors"], draft["witnesses"]
    first = " It is the first: its fingerprint is what readers will trust." if number == 1 else ""
    yield f"You decide who may sign from keyset {number} on.{first}"
    yield f"drawn up {draft['at']}"
    yield f"{draft['threshold']} of these {len(editors)} editors must sign:"
    yield from (f"  {name}  {key}" for name, key in sorted(editors.items()))
    yield f"{draft['quorum']} of these {len(witnesses)} witnesses must cosign:"
    yield from (f"  {name}  {key}" for name, key in sorted(witnesses.items()))
    hours = draft["fresh_hours"]
    yield f"a cosignature is stale after {hours} hours" if hours else "a cosignature is never called stale"
    yield f"the log signs with  {draft['log']}"
    yield f"keyset before       {draft['before'] or 'none'}"


def _partition(draft: Draft) -> Iterator[str]:
    yield (
        f"You fix partition {draft['name']}: {draft['cells']:,} cells of {draft['places']:,} public places."
        " Zones of protected sites will be whole cells of it."
    )
    yield f"drawn up {draft['at']}"
    yield f"its file            {draft['partition']}"
    yield f"candidate places    {draft['candidates']}"
    yield f"partition before    {draft['before'] or 'none of this name'}"
    yield f"under the keyset    {draft['keyset']}"
    yield "make it again from its layers first: holdfire protect partition LAYER... --recompute FILE"


def _other(draft: Draft) -> Iterator[str]:
    if draft["kind"] == "redaction":
        yield "You destroy for good the bytes of one report: nobody will be able to read or confirm them."
        yield f"report              {draft['of']}"
    else:
        yield f"You review {draft['of']} and find it: {draft['status']}."
        yield f"entry               {draft['entry']}"
    if draft.get("reason"):
        yield f"reason              {draft['reason']}"
    yield f"drawn up {draft['at']}" + (f" by {draft['by']}" if draft.get("by") else "")
    if "keyset" in draft:
        yield f"under the keyset    {draft['keyset']}"

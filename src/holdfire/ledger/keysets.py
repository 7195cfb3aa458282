"""Who may sign: keysets, and whether enough of the right people signed an entry.

The rules are those of docs/format.md, after the root rotation of TUF (specification 1.0.33, section 5.3.4):
the first keyset is signed by its own threshold of editors, each later one by the thresholds of the keyset
before it and of itself. At least two must sign. A signature that is wrong, or of no editor, is refused and
not ignored: it says that a file was changed on its way. tests/unit/test_keysets.py breaks each rule in turn.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from holdfire.digests import Digest, canonical
from holdfire.errors import BadInput, CheckFailed, Problem
from holdfire.ledger.entry import Entry, encode, leaf_hash
from holdfire.ledger.keys import checked_name, key_id, public_key
from holdfire.ledger.verifying.ed25519 import verify

SIGNED = b"holdfire-entry/v1\n"
"""Stands before what an editor signs, so that no signature made for another purpose fits."""

LEAST = 2
"""Fewest editors that a keyset may ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyset:
    """Who may sign, from one entry on until the next keyset.

    Attributes:
        leaf: Leaf hash of its entry.
        number: From 1.
        at: When it was drawn up, an instant in UTC.
        log: Public key that signs checkpoints [32 bytes].
        editors: Public keys by name.
        threshold: How many editors must sign.
        witnesses: Public keys by name.
        quorum: How many witnesses must have cosigned; 0: none need to.
        fresh_hours: Age of the newest cosignature from which a checkpoint is called stale [h]; 0: never.
        before: Leaf hash of the keyset before; empty for the first.
    """

    leaf: Digest
    number: int
    at: str
    log: bytes
    editors: Mapping[str, bytes]
    threshold: int
    witnesses: Mapping[str, bytes]
    quorum: int
    fresh_hours: int
    before: Digest


def message(value: Mapping[str, Any]) -> bytes:
    """Return what an editor signs of an entry."""
    return SIGNED + canonical(unsigned(value))


def unsigned(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an entry says, whoever signed it."""
    return {name: each for name, each in value.items() if name != "signatures"}


def signers(value: Mapping[str, Any], *editors: Mapping[str, bytes]) -> set[bytes]:
    """Return the public keys that signed an entry, all of them of these editors.

    Raises:
        BadInput: A signature is under a key id that none of them has, or does not verify.
    """
    known = {key_id(key): key for each in editors for key in each.values()}
    said, found, wrong = message(value), set(), []
    for name, signature in sorted(value.get("signatures", {}).items()):
        key = known.get(name)
        if key is None:
            wrong.append(Problem(f"a signature is under key {name}, which is no editor's", "signatures"))
        elif not verify(key, said, base64.b64decode(signature)):
            wrong.append(
                Problem(f"the signature under key {name} does not fit what stands here", "signatures")
            )
        else:
            found.add(key)
    if wrong:
        raise BadInput.of(wrong)
    return found


def missing(found: set[bytes], editors: Mapping[str, bytes], threshold: int) -> str:
    """Say who is still to sign; empty: enough have."""
    have = sorted(name for name, key in editors.items() if key in found)
    short = threshold - len(have)
    if short <= 0:
        return ""
    others = ", ".join(sorted(set(editors) - set(have)))
    signed = f"signed by {', '.join(have)}" if have else "signed by no one"
    return f"{signed}; {short} more of {others} must sign ({threshold} are needed)"


def need(value: Mapping[str, Any], keyset: Keyset) -> list[str]:
    """Return the names of the editors who signed an entry; at least as many as the keyset asks for.

    Raises:
        BadInput: A signature is wrong, or of no editor of this keyset.
        CheckFailed: Too few have signed.
    """
    found = signers(value, keyset.editors)
    if why := missing(found, keyset.editors, keyset.threshold):
        raise CheckFailed(why, f"keyset {keyset.number}", "pass the draft on: holdfire sign DRAFT --key FILE")
    return sorted(name for name, key in keyset.editors.items() if key in found)


def parse(value: Mapping[str, Any]) -> Keyset:
    """Return the keyset that an entry says, whoever signed it.

    Raises:
        BadInput: Every rule that it breaks by itself.
    """
    content = encode(value, "keyset")
    keyset = Keyset(
        leaf=leaf_hash(content).hex(),
        log=base64.b64decode(value["log"]),
        editors={name: base64.b64decode(key) for name, key in value["editors"].items()},
        witnesses={name: base64.b64decode(key) for name, key in value["witnesses"].items()},
        **{each: value[each] for each in ("number", "at", "threshold", "quorum", "fresh_hours", "before")},
    )
    if found := [*_wrong_names(value), *_wrong_counts(keyset)]:
        raise BadInput.of(found)
    return keyset


def follow(value: Mapping[str, Any], old: Keyset | None) -> Keyset:
    """Return the keyset of an entry, if it may stand after another, or first where there is none.

    Raises:
        BadInput: It breaks a rule, or carries a signature that is wrong or of no editor.
        CheckFailed: Too few have signed.
    """
    new = parse(value)
    expected = (old.number + 1, old.leaf) if old else (1, "")
    if (new.number, new.before) != expected:
        raise BadInput(
            f"this is keyset {new.number}, and the next is {expected[0]}"
            if new.number != expected[0]
            else "the keyset was not drawn up after the one in force",
            "keyset",
            "draw it up again: holdfire keys draft",
        )
    sides = [(f"keyset {each.number}", each) for each in (old, new) if each is not None]
    found = signers(value, *(each.editors for _, each in sides))
    whys = [
        Problem(why, where) for where, each in sides if (why := missing(found, each.editors, each.threshold))
    ]
    if whys:
        raise CheckFailed.of(whys)
    return new


def last(entries: Iterable[Entry]) -> Keyset | None:
    """Return the last keyset among entries, each checked after the one before it; None: there is none.

    Raises:
        BadInput: One breaks a rule, so that nothing signed after it can be believed.
    """
    found = None
    for entry in entries:
        if entry.kind == "keyset":
            try:
                found = follow(entry.value, found)
            except CheckFailed as error:
                raise BadInput.of(error.problems) from None
    return found


def short_code(fingerprint: Digest) -> str:
    """Return the digits of a fingerprint that a person reads aloud: its first 60 bits.

    >>> short_code("0" * 14 + "a" + "f" * 49)
    '00000-00000-00000-0010'
    """
    digits = f"{int(fingerprint[:15], 16):019d}"
    return "-".join((digits[:5], digits[5:10], digits[10:15], digits[15:]))


def _wrong_names(value: Mapping[str, Any]) -> Iterable[Problem]:
    places = [("log", "the log", value["log"])]
    places += [("editors", name, key) for name, key in sorted(value["editors"].items())]
    places += [("witnesses", name, key) for name, key in sorted(value["witnesses"].items())]
    seen: dict[str, str] = {}
    for side, name, key in places:
        try:
            public_key(key, f"{side}, {name}")
            if side != "log":
                checked_name(name, witness=side == "witnesses")
        except BadInput as error:
            yield from error.problems
        if key in seen:
            yield Problem(f"the key of {name} is also that of {seen[key]}", side, "one key has one place")
        seen.setdefault(key, name)


def _wrong_counts(keyset: Keyset) -> Iterable[Problem]:
    if not LEAST <= keyset.threshold <= len(keyset.editors):
        yield Problem(
            f"the threshold is {keyset.threshold} of {len(keyset.editors)} editors",
            "threshold",
            f"from {LEAST} to as many as there are",
        )
    if keyset.quorum > len(keyset.witnesses):
        yield Problem(
            f"the quorum is {keyset.quorum} of {len(keyset.witnesses)} witnesses",
            "quorum",
            "from 0 to as many as there are",
        )

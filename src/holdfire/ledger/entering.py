"""Whether a draft may be entered: the right people signed it, and the ledger says what it says.

A reader of a bundle asks the same again and believes nothing of what was asked here; asking first spares
the record an entry that every reader would refuse. tests/unit/test_signing.py tries to get one in.
"""

from __future__ import annotations

from collections.abc import Iterator

from holdfire import times
from holdfire.digests import canonical, digest
from holdfire.errors import BadInput, CheckFailed, Problem
from holdfire.ledger import keysets
from holdfire.ledger.drafts import Draft
from holdfire.ledger.entry import Entry, encode
from holdfire.ledger.keysets import Keyset, unsigned
from holdfire.ledger.log import Ledger
from holdfire.ledger.verifying.entries import keyset_breaks, keyset_of, signature_breaks

UTC = times.zone("UTC")
_DRAW_UP = "holdfire keys draft --editor NAME=KEY --editor NAME=KEY --out keyset.draft"


def keyset_in_force(ledger: Ledger, upto: int | None = None) -> Keyset:
    """Return the last keyset among the first `upto` entries, or all.

    Raises:
        BadInput: There is none, or one breaks a rule.
    """
    found = keysets.last(ledger.entries("keyset", upto=upto))
    if found is None:
        raise BadInput("no keyset says yet who may sign", str(ledger.path), _DRAW_UP)
    return found


def first_keyset(ledger: Ledger) -> Keyset:
    """Return keyset 1, whose leaf hash is the record's fingerprint.

    Raises:
        BadInput: There is none, or it breaks a rule.
    """
    entry = next(iter(ledger.entries("keyset")), None)
    if entry is None:
        raise BadInput("no keyset says yet who may sign", str(ledger.path), _DRAW_UP)
    return keysets.follow(entry.value, None)


def standing(ledger: Ledger, draft: Draft) -> Entry | None:
    """Return the entry that says the same as a draft already, whoever signed it; None: there is none."""
    said = keysets.message(draft)
    return next((e for e in ledger.entries(draft["kind"]) if keysets.message(e.value) == said), None)


def enough(ledger: Ledger, draft: Draft) -> None:
    """Hold a draft's signatures against the keyset in force; against both keysets, where it draws one up.

    Raises:
        BadInput: A signature is wrong or of no editor, the draft is under another keyset, or a reader would
            not take it.
        CheckFailed: Too few have signed.
    """
    if draft["kind"] == "keyset":
        old = [entry.content for entry in ledger.entries("keyset")]
        keysets.follow(draft, keysets.last(ledger.entries("keyset")))
        _readers_too(keyset_breaks(encode(draft), keyset_of(old[-1]) if old else None))
        return
    keyset = keyset_in_force(ledger)
    if draft["kind"] == "review":
        if not keysets.signers(draft, keyset.editors):
            raise CheckFailed("a review is signed by the editor who made it", f"keyset {keyset.number}")
        return
    if draft["keyset"] != keyset.leaf:
        hint = "draw it up again: its signatures were asked for under other keys"
        raise BadInput(f"the draft is not under keyset {keyset.number}, which is in force", "keyset", hint)
    keysets.need(draft, keyset)
    in_force = next(e.content for e in ledger.entries("keyset") if e.leaf == keyset.leaf)
    _readers_too(signature_breaks(draft, keyset_of(in_force)))


def _readers_too(breaks: str) -> None:
    """Ask the verifier of readers last, so that nothing enters that it would refuse."""
    if breaks:
        raise BadInput(f"no reader would take this entry: {breaks}")


def fits(ledger: Ledger, draft: Draft) -> None:
    """Hold a draft against the entries that it speaks of.

    Raises:
        BadInput: Everything in which they disagree.
    """
    problems = {
        "release": _release_problems,
        "redaction": _redaction_problems,
        "partition": _partition_problems,
        "zones": _zones_problems,
        "recipient": _recipient_problems,
    }.get(draft["kind"])
    if problems is not None and (found := list(problems(ledger, draft))):
        raise BadInput.of(found)


def _release_problems(ledger: Ledger, draft: Draft) -> Iterator[Problem]:
    before = list(ledger.entries("release"))
    if draft["before"] != (before[-1].leaf if before else ""):
        yield Problem("another release was entered since this was drawn up", "before", "draw it up again")
    if times.instant(draft["expires"], UTC) <= times.instant(draft["at"], UTC):
        yield Problem("the release expires before it is drawn up", "expires")
    bulletin = ledger.find(draft["bulletin"])
    if bulletin is None or bulletin.kind != "bulletin":
        yield Problem("the ledger has no bulletin of this leaf hash", "bulletin")
        return
    for name in ("period", "number", "version", "manifest", "size"):
        if (said := bulletin.value.get(name, draft[name])) != draft[name]:
            yield Problem(f"the release says {draft[name]}, the bulletin {said}", name, "draw it up again")
    if draft["size"] > bulletin.seq:
        yield Problem(f"the bulletin is entry {bulletin.seq} and cannot rest on {draft['size']}", "size")


def last_partition(ledger: Ledger, name: str) -> Entry | None:
    """Return the entry of the last partition of a name; None: there is none."""
    named = [entry for entry in ledger.entries("partition") if entry.value["name"] == name]
    return named[-1] if named else None


def _partition_problems(ledger: Ledger, draft: Draft) -> Iterator[Problem]:
    before = last_partition(ledger, draft["name"])
    if draft["before"] != (before.leaf if before else ""):
        yield Problem("another partition of this name was entered since", "before", "draw it up again")
    if before is not None and before.value["partition"] == draft["partition"]:
        yield Problem("this partition is the one in force already", "partition")


def _zones_problems(ledger: Ledger, draft: Draft) -> Iterator[Problem]:
    entries = list(ledger.entries("zones"))
    last = entries[-1].value if entries else None
    expected = (last["number"] + 1, digest(canonical(unsigned(last)))) if last else (1, "")
    if (draft["number"], draft["before"]) != expected:
        yield Problem(
            "another release of zones was entered since this was drawn up", "before", "draw it up again"
        )
    partitions = [each.value for each in ledger.entries("partition")]
    if not any(
        (each["partition"], each["name"]) == (draft["partition"], draft["name"]) for each in partitions
    ):
        hint = "two people fix a partition before its cells are on: holdfire protect propose"
        yield Problem(f"the log has no partition {draft['name']} of this digest", "partition", hint)
    starts, ends = (times.instant(draft[name], UTC) for name in ("starts", "ends"))
    if ends <= starts:
        yield Problem("the epoch ends before it begins", "ends")
    if last and starts < times.instant(last["ends"], UTC):
        yield Problem("the epoch overlaps that of the release before", "starts", "one release an epoch")


def _recipient_problems(ledger: Ledger, draft: Draft) -> Iterator[Problem]:
    entries = [each.value for each in ledger.entries("recipient")]
    over = {each["signs"] for each in entries if "step" in each}
    if "step" in draft:
        same = ("name", "signs", "opens", "card")
        if draft["signs"] in over:
            yield Problem("the keys of this card are withdrawn already", draft["name"])
        elif not any(all(each[name] == draft[name] for name in same) for each in entries):
            yield Problem("the log has no such card to withdraw", draft["name"], "draw it up again")
        return
    for each in entries:
        if each["signs"] == draft["signs"]:
            yield Problem("this key signs for another card already", draft["name"], "make new keys")
        elif each["name"] == draft["name"] and each["signs"] not in over:
            hint = "withdraw those first (holdfire notify recipient --withdraw), or give the new keys another"
            yield Problem("a recipient of this name has other keys", draft["name"], hint)


def _redaction_problems(ledger: Ledger, draft: Draft) -> Iterator[Problem]:
    reports = (entry.value["report"] for entry in ledger.entries("report"))
    blobs = (entry.value["blob"] for entry in ledger.entries("attachment"))
    if draft["of"] not in reports and draft["of"] not in blobs:
        yield Problem("the ledger has no report or attachment of this commitment", "of", "holdfire trace ID")

"""A release as a file: what a stranger needs to check it, beside the partition that it names.

The file holds the release as it stands in the log, with its signatures, and every keyset since the first.
Whoever knows the fingerprint of the record, from paper or radio, checks all of it with no case and no
network: the first keyset has that fingerprint, each later one was signed under the one before it, and enough
of the last one's editors signed the release. tests/unit/test_releasing_zones.py breaks each in turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfire.digests import Digest, canonical
from holdfire.errors import BadInput, CheckFailed, Problem
from holdfire.ledger import keysets
from holdfire.ledger.entry import encode
from holdfire.ledger.keysets import Keyset
from holdfire.ledger.verifying.entries import keyset_of, signature_breaks
from holdfire.protecting import partition as partitions
from holdfire.protecting import release as releases
from holdfire.protecting.cells import Partition
from holdfire.protecting.release import Published, Release

FORM = "holdfire-zones/v1"
"""What the file says of itself."""

RELEASE = "release.json"
"""Its name in a folder that `holdfire protect publish` writes."""

PARTITION = "partition.json"
"""Name of the partition beside it."""

LARGEST = 16 << 20
"""Most bytes of a release's file."""


@dataclass(frozen=True)
class Released:
    """A release whose signatures hold.

    Attributes:
        release: What it says.
        fingerprint: Of the record that it claims to be of; whether that is the right one, a reader knows.
        signers: Names of those who signed, as the keyset in force has them.
    """

    release: Release
    fingerprint: Digest
    signers: tuple[str, ...]


def text(release: dict[str, Any], every: Iterable[dict[str, Any]]) -> bytes:
    """Return the file of a release.

    Args:
        release: The entry, with its signatures.
        every: All keysets, from the first to the one it was signed under.
    """
    return canonical({"form": FORM, "keysets": list(every), "release": release}) + b"\n"


def parse(content: bytes, where: str, trust: Digest = "") -> Released:
    """Return the release that a file holds, if the right people signed it.

    Args:
        content: The file.
        where: What it is called, for errors.
        trust: Fingerprint of the record, 64 digits; empty: whatever the file says.

    Raises:
        BadInput: It is no such file, or was changed.
        CheckFailed: It is of another record, or too few signed it.
    """
    said = _opened(content, where)
    try:
        last = _last(said["keysets"], where)
        release = releases.read(said["release"], where)
        value = {"kind": releases.KIND, **said["release"]}
        encode(value, where)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadInput(
            "this is no release of zones", where, "`holdfire protect publish` writes one"
        ) from None
    first, keyset = last
    if trust and first != trust:
        raise CheckFailed(
            "the release is of another record than the one you trust", where,
            f"its fingerprint is {first}; ask who gave you the file",
        )  # fmt: skip
    if release.keyset != keyset.leaf:
        raise BadInput(
            "the release was not signed under the last keyset in the file", where, "fetch it again"
        )
    try:
        signers = keysets.need(value, keyset)
    except CheckFailed as error:
        raise CheckFailed.of(Problem(e.problem, where) for e in error.problems) from None
    except BadInput as error:
        raise BadInput.of(
            Problem(e.problem, where, "the file was changed after it was signed: fetch it again")
            for e in error.problems
        ) from None
    if breaks := signature_breaks(value, keyset_of(encode(said["keysets"][-1]))):
        raise BadInput(breaks, where)
    return Released(release, first, tuple(signers))


def _opened(content: bytes, where: str) -> dict[str, Any]:
    if len(content) > LARGEST:
        raise BadInput(f"the file has {len(content):,} bytes; no release has so many", where)
    try:
        said = json.loads(content)
        same = canonical(said) == content.removesuffix(b"\n")
        if said["form"] != FORM or set(said) != {"form", "keysets", "release"}:
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadInput(
            "this is no release of zones", where, "`holdfire protect publish` writes one"
        ) from None
    if not same:
        raise BadInput("the file was changed by hand: it is not in its one form", where, "fetch it again")
    found: dict[str, Any] = said
    return found


def _last(every: Sequence[dict[str, Any]], where: str) -> tuple[Digest, Keyset]:
    """Return the first keyset's leaf hash and the last keyset, each checked after the one before."""
    first, found = "", None
    for value in every:
        try:
            found = keysets.follow({"kind": "keyset", **value}, found)
        except (BadInput, CheckFailed) as error:
            raise BadInput.of(
                Problem(e.problem, f"{where}, {e.where}", e.hint) for e in error.problems
            ) from None
        first = first or found.leaf
    if found is None:
        raise BadInput("no keyset says who may sign", where, "fetch the file again")
    return first, found


def read(path: Path, trust: Digest = "", partition: Path | None = None) -> tuple[Released, Published]:
    """Return a release and its partition from files.

    Args:
        path: The release's file, or the folder it was published in.
        trust: Fingerprint of the record; empty: whatever the file says.
        partition: File of its partition; None: `partition.json` beside it.

    Raises:
        BadInput: A file is missing or is not what it should be, or the two do not fit.
        CheckFailed: The release is of another record, or too few signed it.
    """
    file = path / RELEASE if path.is_dir() else path
    found = parse(bytes_of(file), str(file), trust)
    return found, Published(found.release, read_partition(partition or file.with_name(PARTITION)))


def read_partition(path: Path) -> Partition:
    """Return the partition in a file.

    Raises:
        BadInput: There is none, or it is none.
    """
    return partitions.read(bytes_of(path, "a release is read beside its partition"), str(path))


def bytes_of(path: Path, hint: str = "") -> bytes:
    """Return a file's bytes.

    Raises:
        BadInput: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"the file cannot be read: {error.strerror}", str(path), hint) from None

"""A release as a file: what a stranger needs to check it, beside the partition that it names.

The file is a signed entry with its keysets (`ledger.attested`). Whoever knows the fingerprint of the record,
from paper or radio, checks all of it with no case and no network. tests/unit/test_releasing_zones.py breaks
it in every place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from holdfire.digests import Digest
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import attested
from holdfire.ledger.entry import encode
from holdfire.protecting import partition as partitions
from holdfire.protecting import release as releases
from holdfire.protecting.cells import Partition
from holdfire.protecting.release import Published, Release

RELEASE = "release.json"
"""Its name in a folder that `holdfire protect publish` writes."""

_REFUSE = "do not rely on this release: get it again from its publisher"

PARTITION = "partition.json"
"""Name of the partition beside it."""


@dataclass(frozen=True)
class Released:
    """A release whose signatures hold.

    Attributes:
        release: What it says.
        fingerprint: Of the record that it is of; whether that is the right one, a reader knows.
        signers: Names of those who signed, as their keyset has them.
    """

    release: Release
    fingerprint: Digest
    signers: tuple[str, ...]


def parse(content: bytes, where: str, trust: Digest = "") -> Released:
    """Return the release that a file holds, if the right people signed it.

    Args:
        content: The file.
        where: What it is called, for errors.
        trust: Fingerprint of the record, 64 digits; empty: whatever the file says.

    Raises:
        BadInput: It is no such file, or says something else than a release does.
        CheckFailed: It is of another record, it was changed, or too few signed it.
    """
    try:
        found = attested.check(content, trust, where)
    except CheckFailed as error:  # whoever reads a release has no draft to pass on
        raise CheckFailed.of(replace(each, hint=_REFUSE) for each in error.problems) from None
    release = releases.read(found.value, where)
    encode(found.value, where)
    return Released(release, found.fingerprint, found.signers)


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

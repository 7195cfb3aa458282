"""Make a partition part of the record: drawn up for two editors, entered by its digest, told to strangers.

The log holds the digest, the file stands beside it. Whoever has the file, the signed entry and the record's
fingerprint can see without a network, a case or us that two editors fixed exactly these cells.
"""

from __future__ import annotations

from pathlib import Path

from holdfire import signing
from holdfire.case import Case
from holdfire.digests import Digest
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import attested, drafts
from holdfire.ledger.attested import Attested
from holdfire.ledger.drafts import Draft
from holdfire.ledger.entering import last_partition
from holdfire.ledger.shelf import replace_file
from holdfire.sheltering.partitioning import opened
from holdfire.times import utc


def propose(case: Case, file: Path, out: Path) -> Draft:
    """Write the draft of a partition's entry, for editors to sign; return it.

    Raises:
        BadInput: The file is no partition, the case has no keyset, or the partition is in force already.
    """
    found = opened(file)
    with case.ledger() as ledger:
        draft = signing.draft_partition(
            ledger,
            name=found.name,
            partition=found.digest,
            candidates=found.candidates,
            places=found.places,
            cells=len(found.cells),
            at=utc(case.now()),
        )
    drafts.save(out, draft)
    return draft


def attest(case: Case, file: Path, out: Path) -> Digest:
    """Write the signed entry of a partition with its keysets; return the entry's leaf hash.

    Raises:
        BadInput: The file is no partition, or the log does not have it as the last of its name.
    """
    found = opened(file)
    with case.ledger() as ledger:
        entry = last_partition(ledger, found.name)
        if entry is None or entry.value["partition"] != found.digest:
            raise BadInput(
                f"this is not the partition {found.name} that the log has in force",
                str(file),
                "holdfire protect propose, then holdfire sign and holdfire enter",
            )
        replace_file(out, attested.attested(ledger, entry))
    return entry.leaf


def verify(file: Path, signed: Path, fingerprint: Digest) -> Attested:
    """Return who signed a partition; this needs no case and no network.

    Raises:
        BadInput: A file is not in its form.
        CheckFailed: It is of another record or another partition, or too few have signed.
    """
    found = opened(file)
    try:
        text = signed.read_bytes()
    except OSError as error:
        raise BadInput(f"the signatures cannot be read: {error.strerror}", str(signed)) from None
    said = attested.check(text, fingerprint, signed.name)
    if said.value.get("kind") != "partition" or said.value.get("partition") != found.digest:
        raise CheckFailed("what was signed is not this partition", signed.name)
    return said

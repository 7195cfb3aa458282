"""A case with a record: reports, bulletins, two editors, a witness, a release."""

from __future__ import annotations

from pathlib import Path

from casemaking import NOW, a_case, a_text, made_once
from holdfire import releasing, signing
from holdfire.case import Case
from holdfire.folder import Folder
from holdfire.ledger import checkpoints
from holdfire.ledger.entry import Entry
from holdfire.ledger.keyfiles import log_key
from signatures import ADA, BEN, CLEO, NORTH, SOUTH, public, signed

PERIOD = "2031-05-01/2031-05-09"
NAME = "2031-05-01_2031-05-09"
AT = "2031-05-10T12:00Z"
COSIGNED = int(NOW.timestamp()) + 300


@made_once
def a_record(folder: Path, texts: int = 4) -> Case:
    """Return a case with one bulletin and keyset 1."""
    case = a_case(folder, {f"{n}.md": a_text(n) for n in range(texts)})
    case.run(PERIOD)
    with case.ledger(write=True) as ledger:
        draft = signing.draft_keyset(
            ledger,
            log=log_key(case.folder.made / "keys").public,
            at=AT,
            editors=public(ADA, BEN, CLEO),
            threshold=2,
            witnesses=public(NORTH, SOUTH),
            quorum=1,
            fresh_hours=48,
        )
        signing.enter(ledger, signed(draft, ADA, BEN))
    return reopened(folder)


def reopened(folder: Path) -> Case:
    """Return the case of a folder, at the time of the tests."""
    return Case(Folder(folder), now=lambda: NOW, by="tests")


def released(case: Case) -> Entry:
    """Release the last bulletin under two signatures and one cosignature; return the entry."""
    from datetime import timedelta

    with case.ledger(write=True) as ledger:
        draft = releasing.draft(case, ledger, releasing.the_bulletin(ledger), timedelta(days=30))
        entry = signing.enter(ledger, signed(draft, ADA, CLEO))
        cosigned(case, releasing.covering(case, ledger, ledger.size))
    return entry


def cosigned(case: Case, note: bytes) -> None:
    """Let a witness cosign a checkpoint of a case."""
    opened = checkpoints.opened(note)[0]
    line = checkpoints.cosignature(opened.text, NORTH, COSIGNED)
    checkpoints.save(
        releasing.checkpoint_folder(case), opened._replace(lines=(*opened.lines, line)).written()
    )

"""Bring a lost log back from a bundle: the entries, the checkpoints and the exhibits that any mirror holds.

The bundle is checked first, as a reader with the fingerprint checks it; age alone is no reason to refuse it.
Entries are appended in their order, so what a killed run brought back stands and the next goes on. At the end
the root over them must be the one of the bundle's checkpoint. What was entered after the bundle is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from holdfire.digests import Digest
from holdfire.errors import BadInput, CheckFailed, Problem
from holdfire.exhibits import Exhibits
from holdfire.ledger import checkpoints, tiles
from holdfire.ledger.entry import decode
from holdfire.ledger.log import Ledger
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import check

_EXHIBITS = "exhibits/"


@dataclass(frozen=True)
class Recovered:
    """What was brought back.

    Attributes:
        size: Entries the log has now.
        added: How many of them it lacked.
        root: Root over them, that of the bundle's checkpoint.
        exhibits: How many exhibits lie beside it.
        checkpoints: How many checkpoints.
    """

    size: int
    added: int
    root: Digest
    exhibits: int
    checkpoints: int


def recover(made: Path, bundle: Path, fingerprint: str) -> Recovered:
    """Bring back the log of a case from a bundle.

    Args:
        made: The case's folder of what Holdfire makes; its log is absent, or the beginning of the bundle's.
        bundle: A bundle, a folder or a zip.
        fingerprint: Of the record [64 hexadecimal digits].

    Raises:
        CheckFailed: The bundle is not true.
        BadInput: The log that is there is another one, or goes further than the bundle.
        HoldfireError: The disk refuses.
    """
    view = View(str(bundle))
    answer = check(view, fingerprint)
    if not answer.yes:
        raise CheckFailed.of(Problem(f"{each.code}: {each.words}", each.where) for each in answer.findings)
    size, root = answer.facts.size, answer.facts.root
    exhibits = [path for path in view.sizes if path.startswith(_EXHIBITS)]
    shelf = Exhibits(made / "exhibits")
    for path in exhibits:
        shelf.put(view.read(path))
    with Ledger.open(made / "ledger.sqlite", write=True) as ledger:
        before = _begun(ledger, view, size)
        for number, width in tiles.widths(size):
            if (number * tiles.WIDTH + width) > before:
                contents = tiles.unpack(view.read(f"log/{tiles.path(tiles.ENTRIES, number, width)}"))
                ledger.append(decode(content) for content in contents)
        if (ledger.size, ledger.head) != (size, root):
            raise BadInput("the entries do not lead to the bundle's root", str(bundle), "use another copy")
    notes = [path for path in view.sizes if path == "checkpoint" or path.startswith("checkpoints/")]
    for path in notes:
        checkpoints.save(made / "checkpoints", view.read(path))
    return Recovered(size, size - before, root, len(exhibits), len(notes))


def _begun(ledger: Ledger, view: View, size: int) -> int:
    """Return how many entries are there already.

    Raises:
        BadInput: They are not the first of the bundle's.
    """
    there = (entry.content for entry in ledger.entries())
    if ledger.size > size:
        raise BadInput(
            f"the log that is there has {ledger.size} entries, the bundle {size}",
            str(ledger.path),
            "it goes further than the bundle: nothing is to be brought back",
        )
    for number, width in tiles.widths(size):
        if not (mine := list(islice(there, width))):
            break
        contents = tiles.unpack(view.read(f"log/{tiles.path(tiles.ENTRIES, number, width)}"))
        if mine != contents[: len(mine)]:
            raise BadInput("the log that is there is another one", str(ledger.path), "move it away first")
    return ledger.size

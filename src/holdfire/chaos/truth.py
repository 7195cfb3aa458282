"""Holding what lies in a folder against what its writer said is there.

Everything `writer` writes follows from a number, so a loss, a repeat, a gap and a changed byte are all seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from holdfire.chaos.writer import (
    BULLETIN,
    LATEST,
    LEDGER,
    PAGES,
    VAULT,
    Said,
    batch,
    blob,
    entry,
    group,
    page,
)
from holdfire.errors import HoldfireError
from holdfire.ledger import shelf
from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was found.

    Attributes:
        entries: How many entries the ledger has.
        blobs: How many blobs the vault holds.
        bulletin: Number of the bulletin; 0: none.
        latest: Number in the file `latest`; 0: there is none.
        lost: Acknowledged entries and blobs that are not there, acknowledged bulletins of which only an older
            is, and blobs that are there though they were destroyed.
        doubled: Entries and blobs that are there twice.
        damaged: What else is wrong: it does not open, a gap, a changed byte, a bulletin in pieces.
        problems: The same in words.
    """

    entries: int = 0
    blobs: int = 0
    bulletin: int = 0
    latest: int = 0
    lost: int = 0
    doubled: int = 0
    damaged: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        """Return whether anything is wrong."""
        return bool(self.lost or self.doubled or self.damaged)

    def damage(self, problem: str) -> None:
        """Note something that is wrong."""
        self.damaged += 1
        self.problems.append(problem)


def look(folder: Path, said: Said) -> Seen:
    """Open what a writer left, and hold it against what it said.

    Args:
        folder: What it wrote to; unfinished folders in it are finished or undone, as before the next run.
        said: What it said was done.
    """
    seen = Seen()
    for what, step in (
        ("the ledger", lambda: _ledger(folder / LEDGER, said.entries, seen)),
        ("the folder", lambda: shelf.tidy(folder)),
        ("the bulletin", lambda: _bulletin(folder, said.bulletins, seen)),
        ("the vault", lambda: _vault(folder / VAULT, said, seen)),
    ):
        try:
            step()
        except Exception as error:  # whatever keeps it from being read is damage
            first = error.problems[0].problem if isinstance(error, HoldfireError) else repr(error)
            seen.damage(f"{what} cannot be read: {first}")
            seen.lost += said.entries if what == "the ledger" else 0
    return seen


def _ledger(path: Path, acknowledged: int, seen: Seen) -> None:
    with Ledger.open(path) as ledger:
        problems = ledger.check()
        found = [each.value for each in ledger.entries()]
    seen.entries = len(found)
    for problem in problems:
        seen.damage(f"check: {problem.problem}")
    names = [str(each["of"]) for each in found]
    there = set(names)
    seen.doubled += len(names) - len(there)
    lost = [number for number in range(acknowledged) if str(entry(number)["of"]) not in there]
    if lost:
        seen.lost += len(lost)
        seen.problems.append(f"entries {lost[0]} to {lost[-1]} of {acknowledged} acknowledged are not there")
    if not seen.doubled and found != [entry(number) for number in range(len(found))]:
        seen.damage("an entry is not what was appended, or not in its place")
    if not lost and len(found) not in (acknowledged, group(acknowledged).stop):
        seen.damage(f"{len(found)} entries are there after {acknowledged} were acknowledged: half a group")


def _vault(folder: Path, said: Said, seen: Seen) -> None:
    """Look at the vault as the next writer does, which first finishes what was cut short."""
    if not folder.exists() and not said.blobs:
        return
    with Vault.open(folder, write=True) as vault:
        vault.tidy()
        for problem in vault.check():
            seen.damage(f"vault: {problem.problem}")
        found = [vault.read(each) for each in vault.all()]
    seen.blobs = len(found)
    there = set(found)
    seen.doubled += len(found) - len(there)
    for number in range(said.blobs):
        held = blob(number) in there
        if held and number < said.gone:
            seen.lost += 1
            seen.problems.append(f"blob {number} was destroyed, and is there")
        elif not held and number > said.gone:  # the next to go may be gone and not yet said to be
            seen.lost += 1
            seen.problems.append(f"blob {number} of {said.blobs} acknowledged is not there")
    unsaid = {blob(number) for number in batch(said.blobs)}
    if there & unsaid not in (set(), unsaid):
        seen.damage("half of what was put together is there")
    if there - unsaid - {blob(number) for number in range(said.blobs)}:
        seen.damage("a blob is not what was put")


def _bulletin(folder: Path, acknowledged: int, seen: Seen) -> None:
    files = sorted(path for path in (folder / BULLETIN).rglob("*") if path.is_file())
    contents = {path.read_bytes() for path in files}
    latest = folder / LATEST
    seen.bulletin = _number(contents, seen, "the bulletin")
    seen.latest = _number({latest.read_bytes()} if latest.exists() else set(), seen, "the latest file")
    if files and len(files) != PAGES:
        seen.damage(f"the bulletin has {len(files)} pages, not {PAGES}")
    for number in (seen.bulletin, seen.latest):
        if number < acknowledged:
            seen.lost += 1
            seen.problems.append(f"bulletin {acknowledged} was acknowledged, {number} is there")
        elif number > acknowledged + 1:
            seen.damage(f"bulletin {number} is there, {acknowledged} was acknowledged")
    known = {
        BULLETIN,
        LATEST,
        LEDGER,
        VAULT,
        *(LEDGER + end for end in ("-wal", "-shm", ".lock", "-journal")),
    }
    if strange := sorted({path.name for path in folder.iterdir()} - known):
        seen.damage(f"left behind: {', '.join(strange)}")


def _number(contents: set[bytes], seen: Seen, what: str) -> int:
    if not contents:
        return 0
    first = min(contents)
    digits = first.split(b" ", 1)[0]
    number = int(digits) if digits.isdigit() else 0
    if contents != {page(number)} or not number:
        seen.damage(f"{what} is in pieces")
    return number

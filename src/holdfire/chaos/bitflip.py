"""One bit of one file changes; whoever reads it is told, or reads what was there.

Each trial draws a file and a bit of it, flips it, reads everything anew as a case does, and flips it back:

    noticed          reading stops with an error, or the check of everything (`fsck`) says what is wrong
    untold           reading stops with an error that is not in our words
    only a head      everything agrees with itself, and is cut back to an earlier state: the bit lay in the
                     log that a killed writer left. A head that someone remembers shows it
    without effect   what is read is what was there: the bit lay in free space, or in a counter
    silently wrong   what is read is not what was there, and nothing said so

The control reads the same ledger without leaf hashes, trusting SQLite's own integrity check.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from holdfire.chaos.told import Control, Told
from holdfire.chaos.writer import LEDGER, entry
from holdfire.errors import HoldfireError
from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import check
from holdfire.ledger.verifying.shapes import instant_of

NOTICED, UNTOLD, HEAD = "noticed", "noticed but untold", "noticed only by a head"
SAME, WRONG = "without effect", "silently wrong"
ENTRIES = 150
BLOBS = 25
LIVE = 30
"""Entries of the ledger whose writer was killed, all of them in its log."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something whose bits are flipped.

    Attributes:
        name: What it is.
        folder: Where it lies.
        read: Reads all of it, and returns one of the outcomes; it is given the file that was changed.
    """

    name: str
    folder: Path
    read: Callable[[Path], str]

    def files(self) -> list[Path]:
        """Return its files that hold anything, sorted."""
        return sorted(each for each in self.folder.rglob("*") if each.is_file() and each.stat().st_size)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that is handed in.

    Attributes:
        folder: Where it lies, unpacked; a copy of it is changed.
        fingerprint: The reader's.
        at: The reader's time, an instant.
    """

    folder: Path
    fingerprint: str
    at: str


def bitflip(n: int, seed: int, bundle: Bundle | None = None) -> Told:
    """Flip `n` bits, one at a time, and count what was not noticed.

    Args:
        n: How many.
        seed: What every choice follows from.
        bundle: One to change too.

    Raises:
        HoldfireError: A thing cannot be read before it is changed.
    """
    begun = time.monotonic()
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    with tempfile.TemporaryDirectory(prefix="holdfire-chaos-") as name:
        things = list(_things(Path(name), chance, bundle))
        for thing in things:
            if (found := thing.read(thing.folder)) != SAME:
                raise HoldfireError(f"the {thing.name} reads as {found} before anything was changed")
        outcomes, details = Counter[str](), []
        for trial in range(n):
            thing = things[trial % len(things)]
            path, outcome = _flipped(thing, chance)
            outcomes[outcome] += 1
            outcomes[f"of {thing.name}"] += 1
            if outcome == WRONG:
                details.append(f"flip {trial}: {thing.name}, {path.relative_to(thing.folder)}")
        names = [f"of {each.name}" for each in things]
        control = _control(things[0], chance, min(max(n // 4, 40), 200))
    return Told(
        command="bitflip",
        trials=n,
        unit="flips",
        seed=seed,
        bad={WRONG: outcomes[WRONG]},
        seen={each: outcomes[each] for each in (NOTICED, UNTOLD, HEAD, SAME, *names)},
        controls=(control,),
        seconds=time.monotonic() - begun,
        details=tuple(details),
    )


def _things(at: Path, chance: random.Random, bundle: Bundle | None) -> Iterable[Thing]:
    yield _ledger(at / "ledger", "ledger", ENTRIES, closed=True)
    yield _vault(at / "vault", chance)
    yield _ledger(at / "killed", "killed ledger", LIVE, closed=False)
    if bundle:
        copy = at / "bundle"
        shutil.copytree(bundle.folder, copy, symlinks=True)
        yield _bundle(replace(bundle, folder=copy))


def _flipped(thing: Thing, chance: random.Random) -> tuple[Path, str]:
    """Flip one bit, read, and put everything back as it was."""
    path = chance.choice(thing.files())
    before = {each: each.read_bytes() for each in thing.files()}
    content = bytearray(before[path])
    place = chance.randrange(len(content) * 8)
    content[place // 8] ^= 1 << place % 8
    path.write_bytes(content)
    try:
        return path, thing.read(path)
    except HoldfireError:
        return path, NOTICED
    except Exception:  # whatever else stops a reader is loud too, and counted apart
        return path, UNTOLD
    finally:
        for each in [each for each in thing.folder.rglob("*") if each.is_file() and each not in before]:
            each.unlink()
        for each, kept in before.items():
            if not each.exists() or each.read_bytes() != kept:
                each.write_bytes(kept)


def _ledger(folder: Path, name: str, size: int, closed: bool) -> Thing:
    """Return a ledger of so many entries; one that is not closed has all of them in its log."""
    folder.mkdir()
    written = folder.with_name(f"{name} as written") / LEDGER
    with Ledger.open(written, write=True) as ledger:
        truth = [
            each.content
            for start in range(0, size, 3)
            for each in ledger.append([entry(number) for number in range(start, start + 3)])
        ]
        head = ledger.head
        if not closed:
            _copy(written.parent, folder)
    if closed:
        _copy(written.parent, folder)

    def read(_: Path) -> str:
        with Ledger.open(folder / LEDGER) as ledger:
            found = [each.content for each in ledger.entries()]
            if ledger.check():
                return NOTICED
            if found == truth and ledger.head == head:
                return SAME
            return HEAD if found == truth[: len(found)] and not closed else WRONG

    return Thing(name, folder, read)


def _copy(one: Path, other: Path) -> None:
    """Copy the files of a ledger but the shared memory, as after a power cut, and the lock."""
    for path in sorted(one.iterdir()):
        if path.is_file() and not path.name.endswith(("-shm", ".lock")):
            (other / path.name).write_bytes(path.read_bytes())


def _vault(folder: Path, chance: random.Random) -> Thing:
    """Return a vault of a few blobs."""
    with Vault.open(folder, write=True, random=chance.randbytes) as vault:
        truth = {}
        for number in range(BLOBS):
            content, label = chance.randbytes(chance.choice((40, 900, 9_000))), {"file": f"report {number}"}
            truth[vault.put(content, label)] = (content, label)

    def read(_: Path) -> str:
        with Vault.open(folder) as vault:
            found = {each: (vault.read(each), vault.label(each)) for each in vault.all()}
            if vault.check():
                return NOTICED
            return SAME if found == truth else WRONG

    return Thing("vault", folder, read)


def _bundle(bundle: Bundle) -> Thing:
    """Return a bundle; a changed line of a signature that readers must ignore has no effect."""
    now = instant_of(bundle.at)
    facts = check(View(str(bundle.folder)), bundle.fingerprint, None, now).facts.as_json()

    def read(path: Path) -> str:
        answer = check(View(str(bundle.folder)), bundle.fingerprint, None, now)
        if not answer.yes:
            return NOTICED
        signed = path == bundle.folder or path.name == "checkpoint" or path.suffix == ".tlog-proof"
        return SAME if answer.facts.as_json() == facts and signed else WRONG

    return Thing("bundle", bundle.folder, read)


def _control(thing: Thing, chance: random.Random, n: int) -> Control:
    """Read the ledger without leaf hashes, as any program would that trusts its database."""
    truth = _rows(thing.folder / LEDGER)

    def read(_: Path) -> str:
        try:
            return SAME if _rows(thing.folder / LEDGER) == truth else WRONG
        except sqlite3.Error:
            return NOTICED

    plain = Thing("plain", thing.folder, read)
    found = sum(_flipped(plain, chance)[1] == WRONG for _ in range(n))
    return Control(what="SQLite's integrity check alone", tried=n, found=found)


def _rows(path: Path) -> list[bytes]:
    database = sqlite3.connect(path)
    try:
        if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise sqlite3.DatabaseError("integrity_check")
        return [row[0] for row in database.execute("SELECT content FROM entry ORDER BY seq")]
    finally:
        database.close()

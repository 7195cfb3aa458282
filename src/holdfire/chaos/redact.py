"""What was destroyed is looked for in every byte that is left.

A scene is a record of its own with a vault: `Bare` is a vault and a ledger, and a whole case can be handed
in. In each trial a report is taken in that carries invented words no one else uses, in its bytes, its file
name and its citation; it is redacted by two editors; then everything under the scene is searched for those
words, for the key, the salt, the blob's name and the sealed row (all the randomness that was drawn for it),
in the forms of `canaries`. A backup made before is opened with its one-off key: the row must be gone from it.
Whoever guesses the bytes must be able to confirm nothing. The log's root, its proofs and what was published
must be what they were.

Controls: a table of keys as one would write it at first (rows deleted, nothing overwritten), commitments
without a salt, and backups that a destruction leaves as they were. Each must be found out by the same search.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from unittest.mock import patch

from holdfire.chaos.canaries import search
from holdfire.chaos.scene import Bare
from holdfire.chaos.told import Control, Told
from holdfire.digests import Digest
from holdfire.ledger import backups, blobfiles, keyschema, register
from holdfire.ledger.keytable import KeyTable

TOGETHER = 20
"""Trials in one scene: enough that rows move between pages."""
MOST_CONTROLS = 40
SECRET = 12
"""Fewest bytes of a secret: nonces of sealed rows have twelve."""
SYLLABLES = ("ka", "mo", "ri", "ta", "zu", "بي", "ne", "lo", "شا", "vé", "do", "hi")


class Scene(Protocol):
    """A record of its own that reports are taken into and redacted from."""

    @property
    def folders(self) -> list[Path]:
        """Return every folder that holds anything of it, backups too."""

    def take_in(self, file: str, content: bytes, cite: str) -> Digest:
        """Take in a report and return its commitment."""

    def back_up(self) -> tuple[Path, bytes]:
        """Make a key backup, and return its sealed file and its one-off key."""

    def redact(self, commitment: Digest) -> None:
        """Redact a report: two editors sign, the entry is appended, the bytes are destroyed."""

    def public(self) -> dict[str, bytes]:
        """Return what must stay as it was, by name: roots and proofs up to now, bulletins."""

    def still(self, before: Mapping[str, bytes]) -> list[str]:
        """Return the names of what is no longer what `public` said."""

    def close(self) -> None:
        """Close it."""


Make = Callable[[Path, Callable[[int], bytes]], Scene]
"""Makes a scene in an empty folder; all its vault's randomness must come from what it is given."""


@dataclass
class Drawn:
    """Randomness that remembers what was drawn."""

    chance: random.Random
    drawn: list[bytes] = field(default_factory=list)

    def __call__(self, count: int) -> bytes:
        """Return so many random bytes."""
        self.drawn.append(self.chance.randbytes(count))
        return self.drawn[-1]


@dataclass
class Trial:
    """What one trial found.

    Attributes:
        strings: Where a planted word was found.
        secrets: Where a key, salt, name of a blob or sealed row was found.
        guesses: Where a guess of the bytes was confirmed.
        backups: Backups that still bring it back.
        changed: What was published or proved and is not what it was.
        files: Files searched.
        size: Bytes searched.
    """

    strings: list[str]
    secrets: list[str]
    guesses: list[str]
    backups: list[str]
    changed: list[str]
    files: int
    size: int

    @property
    def counts(self) -> dict[str, int]:
        """Return how much was found of each kind."""
        return {
            "planted strings": len(self.strings),
            "keys or salts": len(self.secrets),
            "guesses confirmed": len(self.guesses),
            "backups that bring it back": len(self.backups),
            "published things changed": len(self.changed),
        }


@dataclass(frozen=True)
class Planted:
    """A report that was taken in to be destroyed."""

    commitment: Digest
    content: bytes
    words: Mapping[str, str]
    secrets: tuple[bytes, ...]


def redact(n: int, seed: int, make: Make | None = None) -> Told:
    """Plant and redact `n` reports, and count what is left of them.

    Args:
        n: How many.
        seed: What every choice follows from.
        make: Makes a scene; None: `Bare`.

    Raises:
        HoldfireError: A scene cannot be made.
    """
    begun = time.monotonic()
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    trials = list(_trials(n, chance, make or Bare))
    tried = min(max(n // 5, 5), MOST_CONTROLS)
    controls = tuple(
        Control(what=what, tried=tried, found=sum(bool(each.counts[kind]) for each in found))
        for what, defence, kind in _WEAK
        for found in [_without(defence, tried, chance)]
    )
    bad = Counter[str]()
    for trial in trials:
        bad.update(trial.counts)
    return Told(
        command="redact",
        trials=n,
        unit="redactions",
        seed=seed,
        bad={name: bad[name] for name in trials[0].counts} if trials else {},
        failed=sum(any(trial.counts.values()) for trial in trials),
        seen={
            "files searched": sum(trial.files for trial in trials),
            "MB searched": sum(trial.size for trial in trials) // 1_000_000,
        },
        controls=controls,
        seconds=time.monotonic() - begun,
        details=tuple(
            f"redaction {number}: {each}"
            for number, trial in enumerate(trials)
            for each in [*trial.strings, *trial.secrets, *trial.guesses, *trial.backups, *trial.changed]
        ),
    )


def redact_trial(scene: Scene, planted: Planted, sealed: Path, key: bytes) -> Trial:
    """Redact one planted report, and search for what is left of it.

    Args:
        scene: Where it was planted.
        planted: What `plant` returned.
        sealed: A key backup that was made since.
        key: Its one-off key.
    """
    before = scene.public()
    scene.redact(planted.commitment)
    folders = scene.folders
    words = search(folders, planted.words)
    secrets = search(folders, {f"secret {number}": each for number, each in enumerate(planted.secrets)})
    guesses = search(folders, dict(_guesses(planted.content)))
    held = {row.digest.hex() for row in backups.read_keys(sealed, key)[1]}
    return Trial(
        strings=words.found,
        secrets=secrets.found,
        guesses=guesses.found,
        backups=[sealed.name] if planted.commitment in held else [],
        changed=scene.still(before),
        files=words.files,
        size=words.size,
    )


def plant(scene: Scene, drawn: Drawn, chance: random.Random, number: int) -> Planted:
    """Take in a report that carries words no one else uses."""
    words = {f"word in the {name}": _word(chance) for name in ("bytes", "file name", "citation")}
    body, file, cite = words.values()
    filler = [_word(chance) for _ in range(chance.randrange(4, 400))]
    filler.insert(chance.randrange(len(filler)), body)
    content = f"Report {number}.\n{' '.join(filler)}\n".encode()
    start = len(drawn.drawn)
    commitment = scene.take_in(f"{file}.md", content, f"{cite}, p. {number}")
    secrets = tuple(each for each in drawn.drawn[start:] if len(each) >= SECRET)
    return Planted(commitment, content, words, secrets)


def _trials(n: int, chance: random.Random, make: Make) -> Iterator[Trial]:
    """Plant a few at a time, twice as many as are redacted, and redact them in another order."""
    for start in range(0, n, TOGETHER):
        count = min(TOGETHER, n - start)
        with tempfile.TemporaryDirectory(prefix="holdfire-chaos-") as name:
            drawn = Drawn(random.Random(chance.getrandbits(64)))  # noqa: S311 - repeatable, not secret
            scene = make(Path(name), drawn)
            try:
                planted = [plant(scene, drawn, chance, number) for number in range(2 * count)]
                sealed, key = scene.back_up()
                for each in chance.sample(planted, count):
                    yield redact_trial(scene, each, sealed, key)
            finally:
                scene.close()


def _word(chance: random.Random) -> str:
    """Return an invented word of 40 bits and more, of two scripts."""
    return "".join(chance.choice(SYLLABLES) for _ in range(12))


def _guesses(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what someone would look for who guesses the bytes."""
    zeros = bytes(32)
    yield "guess SHA-256(bytes)", hashlib.sha256(content).digest()
    yield "guess SHA-256(0x00, bytes)", hashlib.sha256(b"\x00" + content).digest()
    yield "guess SHA-256(0x02, bytes)", hashlib.sha256(b"\x02" + content).digest()
    yield "guess SHA-256(0x02, zeros, bytes)", hashlib.sha256(b"\x02" + zeros + content).digest()
    yield "guess SHA-1(bytes)", hashlib.sha1(content, usedforsecurity=False).digest()
    yield "guess MD5(bytes)", hashlib.md5(content, usedforsecurity=False).digest()


# What follows takes a defence out of this process, for as long as it is asked to. No setting of Holdfire can.


@contextmanager
def _plain_deletes() -> Iterator[None]:
    settings = tuple(each.replace("secure_delete = ON", "secure_delete = OFF") for each in keyschema.SETTINGS)
    with patch.object(keyschema, "SETTINGS", settings), patch.object(KeyTable, "scrub", lambda self: None):
        yield


@contextmanager
def _no_salt() -> Iterator[None]:
    with patch.object(blobfiles, "commitment", lambda salt: hashlib.sha256(b"\x02")):
        yield


@contextmanager
def _backups_stay() -> Iterator[None]:
    with patch.object(register, "pay", lambda table, random: None):
        yield


_WEAK: tuple[tuple[str, Callable[[], Any], str], ...] = (
    ("rows deleted and not overwritten", _plain_deletes, "keys or salts"),
    ("commitments without a salt", _no_salt, "guesses confirmed"),
    ("backups left as they were", _backups_stay, "backups that bring it back"),
)


def _without(defence: Callable[[], Any], n: int, chance: random.Random) -> list[Trial]:
    with defence():
        return list(_trials(n, chance, Bare))

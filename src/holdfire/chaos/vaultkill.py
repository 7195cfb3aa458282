"""A writer of the vault is killed at random moments; what it said is kept is kept, what is gone is gone.

Each trial forks a writer that puts reports, several at once, large ones, destroys, relabels and backs up, and
says so after each. It is killed (SIGKILL) after a random while. Then the vault is opened as the next run
would open it: every acknowledged report is read against its commitment, everything acknowledged as destroyed
is looked for, the whole is checked after `tidy`, and what was being put is put again and must be one blob.

What report a number stands for follows from the number, so the last act need not be known: it was done or
not.
"""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from holdfire.chaos.told import Control, Told
from holdfire.digests import Digest
from holdfire.errors import HoldfireError
from holdfire.ledger.vault import Vault

LONGEST = 0.1
"""Longest that a writer lives [s]: opening takes about 3 ms, a put 3, a destruction 5."""
SHARED = 10
"""Kills after which a new vault is begun."""
MADE = datetime(2031, 5, 1, tzinfo=UTC)


@dataclass
class State:
    """What a writer has said.

    Attributes:
        held: Commitments by number of report.
        gone: Commitments said to be destroyed.
        doomed: Commitment whose destruction was begun, and its number.
        next: First number that was not acknowledged.
    """

    held: dict[int, Digest] = field(default_factory=dict)
    gone: set[Digest] = field(default_factory=set)
    doomed: tuple[int, Digest] | None = None
    next: int = 0

    def hear(self, word: str) -> None:
        """Take in one word."""
        act, number, name = word.split()
        if act == "held":
            self.held[int(number)], self.next = name, max(self.next, int(number) + 1)
        elif act == "doomed":
            self.doomed = (int(number), name)
        elif act == "gone":
            del self.held[int(number)]
            self.gone.add(name)
            self.doomed = None


def report(number: int) -> bytes:
    """Return report `number`; some are empty, some several chunks long."""
    if not number:
        return b""
    size = (12, 40, 900, 70_000, 9, 1_200_000, 65_536)[number % 7]
    return (b"%d " % number * size)[:size] + b"%d" % number


def vault_kill(n: int, seed: int) -> Told:
    """Kill a writer of the vault `n` times and count what was lost.

    Raises:
        HoldfireError: The system cannot fork.
    """
    if not hasattr(os, "fork"):
        raise HoldfireError("chaos needs a system that forks", hint="Linux or macOS")
    begun = time.monotonic()
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    bad, found, details, acknowledged, failed = Counter[str](), Counter[str](), [], 0, 0
    with tempfile.TemporaryDirectory(prefix="holdfire-chaos-") as name:
        state, folder = State(), Path(name)
        for trial in range(n):
            if trial % SHARED == 0 or found:
                state, folder = State(), Path(name) / str(trial)
            before = len(state.held) + len(state.gone)
            _killed(folder, state, chance, _write)
            acknowledged += len(state.held) + len(state.gone) - before
            found = _wrong(folder, state)
            bad.update(found)
            failed += bool(found)
            details += [f"kill {trial}: {what}" for what in found]
        control = _control(Path(name), chance, min(max(n // 10, 15), 40))
    return Told(
        command="vault-kill",
        trials=n,
        unit="kills",
        seed=seed,
        bad={each: bad[each] for each in ("lost", "duplicated", "back again", "damaged")},
        failed=failed,
        seen={"acknowledged": acknowledged},
        controls=(control,),
        seconds=time.monotonic() - begun,
        details=tuple(details),
    )


Say = Callable[[str], None]


def _killed(
    folder: Path, state: State, chance: random.Random, work: Callable[[Path, State, random.Random, Say], None]
) -> None:
    """Fork a writer, kill it after a while, and take in what it said."""
    read, write = os.pipe()
    seed = chance.getrandbits(32)
    wait = chance.uniform(0, LONGEST)
    if not (pid := os.fork()):
        os.close(read)
        try:
            os.write(write, b"begun\n")
            inner = random.Random(seed)  # noqa: S311 - repeatable, not secret
            work(folder, state, inner, lambda word: _say(write, word))
        except BaseException as error:
            os.write(write, f"failed {type(error).__name__} {str(error)[:80]!r}\n".encode())
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(read, "rb") as said:
        said.readline()
        time.sleep(wait)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        words = said.read().decode().split("\n")[:-1]
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise RuntimeError(f"the writer ended by itself: {words[-1:]}")
    for word in words:
        state.hear(word)


def _say(file: int, word: str) -> None:
    os.write(file, word.encode() + b"\n")


def _write(folder: Path, state: State, chance: random.Random, say: Say, early: bool = False) -> None:
    """Put, destroy, relabel and back up, and say so, until killed."""
    with Vault.open(folder / "vault", write=True) as vault:
        number, held = state.next, dict(state.held)
        while True:
            act = chance.choices(("put", "many", "destroy", "relabel", "back up"), (6, 2, 3, 1, 0.5))[0]
            if act in ("put", "many"):
                numbers = range(number, number + (1 if act == "put" else 4))
                if early:
                    say(f"held {number} {'0' * 64}")
                names = vault.put_many([(report(each), {"file": f"{each}"}) for each in numbers])
                for each, name in zip(numbers, names, strict=True):
                    say(f"held {each} {name}")
                    held[each] = name
                number = numbers.stop
            elif act == "destroy" and held:
                each = chance.choice(sorted(held))
                say(f"doomed {each} {held[each]}")
                vault.destroy(held[each])
                say(f"gone {each} {held.pop(each)}")
            elif act == "relabel" and held:
                each = chance.choice(sorted(held))
                vault.relabel(held[each], {"file": f"{each}"})
            elif act == "back up":
                vault.backup(folder / "stick", made=MADE, expires=MADE + timedelta(days=1))


def _wrong(folder: Path, state: State) -> Counter[str]:
    """Open what was left, and count what is not as it was said to be; state follows what was found."""
    wrong = Counter[str]()
    try:
        with Vault.open(folder / "vault", write=True) as vault:
            vault.tidy()
            _settle(vault, state)
            wrong["damaged"] += len(vault.check())
            wrong["lost"] += sum(not _there(vault, number, name) for number, name in state.held.items())
            wrong["back again"] += sum(name in vault for name in state.gone)
            for number in range(state.next, state.next + 4):  # what was being put when it was killed
                again = vault.put(report(number), {"file": f"{number}"})
                state.hear(f"held {number} {again}")
            wrong["duplicated"] += len(vault.all()) - len(state.held)
            wrong["duplicated"] += sum(
                vault.find(report(number)) != name for number, name in state.held.items()
            )
    except HoldfireError as error:
        wrong["damaged"] += 1
        wrong[f"it does not open: {error.problems[0].problem}"] += 0
    return +wrong


def _settle(vault: Vault, state: State) -> None:
    """Let a destruction that was cut off have happened or not."""
    if state.doomed is not None:
        number, name = state.doomed
        if name not in vault:
            state.hear(f"gone {number} {name}")
        state.doomed = None


def _there(vault: Vault, number: int, name: Digest) -> bool:
    try:
        return vault.read(name) == report(number) and vault.label(name) == {"file": f"{number}"}
    except HoldfireError:
        return False


def _control(folder: Path, chance: random.Random, n: int) -> Control:
    """Kill a writer that says before it keeps."""

    def early(at: Path, state: State, inner: random.Random, say: Say) -> None:
        _write(at, state, inner, say, early=True)

    found = 0
    for trial in range(n):
        state = State()
        _killed(folder / f"early {trial}", state, chance, early)
        found += bool(_wrong(folder / f"early {trial}", state)["lost"])
    return Control(what="says before it keeps", tried=n, found=found)

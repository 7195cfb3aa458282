"""Two web servers on loopback, one honest and one hostile; a mirror is killed while it copies from them.

Whatever happens, the mirror is a bundle that verifies, the one it was or the one it should become, byte
for byte. Kills: a process that copies from a slow honest server is killed (SIGKILL) at a random moment, half
of them near the end, and started again over what it left. Faults: one answer of a server is changed at random
(a bit, an end cut off, something behind the end, a file of another issue, an error, silence).

The controls are a mirror that writes in place, and one whose final check says yes to everything.

HOLDFIRE_CHAOS_N sets how many kills and faults (12, and 1000 in `make chaos`), HOLDFIRE_CHAOS_SEED the seed
(2016).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from attacks.honest import Bundle
from holdfire import mirroring
from holdfire.errors import HoldfireError
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import Answer, check
from holdfire.mirroring import copying, sync
from mirrored import issues
from serving import Asked, Server, files_of

N = int(os.environ.get("HOLDFIRE_CHAOS_N", "12"))
SEED = int(os.environ.get("HOLDFIRE_CHAOS_SEED", "2016"))
RATE = 3_000_000
"""Of the honest server [bytes/s]: a first copy then takes about a third of a second, a later one less."""

COPY = """
import sys
from pathlib import Path
from holdfire.mirroring import sync
address, folder, fingerprint, now = sys.argv[1:]
sys.stdout.write("begun\\n")
sys.stdout.flush()
sync([address], Path(folder), fingerprint, now=int(now))
"""

COPY_IN_PLACE = """
import sys, urllib.request
from pathlib import Path
address, folder, fingerprint, now = sys.argv[1:]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.stdout.write("begun\\n")
sys.stdout.flush()
for name in opener.open(address + "all").read().decode().split("\\n"):
    place = Path(folder) / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(opener.open(address + name).read())
"""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def killed(program: str, server: Server, folder: Path, bundle: Bundle, wait: float) -> bool:
    """Start a copy, kill it after a while; return whether it was done before."""
    words = [server.address, str(folder), bundle.fingerprint, str(bundle.at)]
    path = os.pathsep.join([str(Path(mirroring.__file__).parents[2]), *sys.path])
    process = subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"begun\n", process.stderr.read()
    timer = threading.Timer(wait, process.kill)
    timer.start()
    status = process.wait()
    timer.cancel()
    said = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    assert status in (0, -signal.SIGKILL), said.decode()
    return status == 0


def state(folder: Path, bundles: tuple[Bundle, ...]) -> int | None:
    """Return which bundle a mirror is, from 1 on; 0: there is none yet; None: it is in pieces."""
    if not folder.exists():
        return 0
    files = files_of(folder)
    for number, bundle in enumerate(bundles, 1):
        if files == bundle.files and verifies(folder, bundle):
            return number
    return None


def verifies(folder: Path, bundle: Bundle) -> bool:
    return check(View(str(folder)), bundle.fingerprint, None, bundle.at).yes


def told(what: str, faults: int, broken: int, more: str) -> str:
    least = "" if broken else f": at most {3 / faults:.2%} at 95 %"
    return (
        f"\nmirror {what}: {faults} faults, {broken} broken, {broken} of {faults}{least}; {more}; seed {SEED}"
    )


def test_a_mirror_killed_at_random_moments_is_old_or_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundles, chance = issues(), random.Random(SEED)
    folder = tmp_path / "copy"
    kills = broken = moved = known = folders = 0
    paces = {False: 0.6, True: 0.4}  # of a first copy and of a later one, learnt on the way [s]
    with Server(bundles[0].files, rate=RATE) as server:
        while kills < N:
            if known == len(bundles):
                folders, known = folders + 1, 0
                folder = tmp_path / f"copy{folders}"
            server.files = bundles[known].files
            began = time.monotonic()
            pace = paces[known > 0]
            wait = chance.uniform(*chance.choice([(0, 1.2 * pace), (0.7 * pace, 1.2 * pace)]))
            done = killed(COPY, server, folder, bundles[known], wait)
            if done:
                paces[known > 0] = 0.5 * pace + 0.5 * min(time.monotonic() - began, wait)
            else:
                kills += 1
                paces[known > 0] *= 1.02  # the machine may have become slower: the end must be reached
            found = state(folder, bundles)
            broken += found is None or not known <= found <= known + 1 or (done and found != known + 1)
            moved += found == known + 1
            known = found if found is not None else known
        server.files = bundles[-1].files
        assert sync([server.address], folder, bundles[0].fingerprint, now=bundles[0].at).answer.yes
    left = {path.name for path in tmp_path.iterdir() if path.name.split(".")[0] == folder.name}
    with capsys.disabled():
        print(told("kill", kills, broken, f"{moved} copies came through"))
    assert broken == 0
    assert left == {folder.name, f"{folder.name}.arriving", f"{folder.name}.memory"}, (
        "what a kill left is gone after the next copy"
    )
    assert moved > N // 20, "copies must have come through"


def test_the_check_finds_a_mirror_that_writes_in_place(tmp_path: Path) -> None:
    first, second, _ = issues()
    folder, chance = tmp_path / "copy", random.Random(SEED)
    for bundle in (first, second) * 20:
        names = "\n".join(bundle.files).encode()
        with Server({**bundle.files, "all": names}, rate=RATE) as server:
            killed(COPY_IN_PLACE, server, folder, bundle, chance.uniform(0, 0.3))
        if folder.exists() and state(folder, (first, second)) is None:
            return
    pytest.fail("the control was never in pieces: the check cannot see any")


class Fault:
    """Changes one answer of a server, drawn at random."""

    KINDS = ("flip", "cut", "more", "other", "none", "error", "close", "empty")

    def __init__(
        self, chance: random.Random, wanted: Mapping[str, bytes], other: Mapping[str, bytes]
    ) -> None:
        self.chance = chance
        self.kind = chance.choice(self.KINDS)
        self.path = chance.choice(sorted(wanted))
        self.other = other
        self.struck = False

    def __call__(self, asked: Asked) -> bool:
        content = asked.server.files.get(asked.name)
        if asked.name != self.path or content is None:
            return False
        self.struck = True
        if self.kind == "none":
            asked.give(404, b"")
        elif self.kind == "error":
            asked.give(500, b"")
        elif self.kind == "close":
            asked.close_connection = True
        else:
            asked.give(200, self._changed(content))
        return True

    def _changed(self, content: bytes) -> bytes:
        if self.kind == "flip" and content:
            changed = bytearray(content)
            changed[self.chance.randrange(len(content))] ^= 1 << self.chance.randrange(8)
            return bytes(changed)
        if self.kind == "cut":
            return content[: self.chance.randrange(len(content) + 1)]
        if self.kind == "more":
            return content + self.chance.randbytes(self.chance.randrange(1, 2000))
        return self.other.get(self.path, b"") if self.kind == "other" else b""


def attempt(folder: Path, server: Server, bundle: Bundle) -> str:
    """Copy from a server and return the code of what was said; empty: it was copied."""
    try:
        sync(
            [server.address],
            folder,
            bundle.fingerprint,
            now=bundle.at,
            wait=lambda seconds: None,
            patience=1,
        )
    except HoldfireError as error:
        return error.problems[0].problem.split(":")[0]
    return ""


def asked_for(tmp_path: Path, first: Bundle, second: Bundle) -> list[str]:
    """Return what a copy of the second bundle over the first asks for."""
    with Server(first.files) as server:
        assert attempt(tmp_path / "trial", server, first) == ""
        server.files, server.asked = second.files, {}
        assert attempt(tmp_path / "trial", server, second) == ""
        return [path for path in server.asked if path in second.files]


def test_one_fault_of_a_server_at_a_time_breaks_no_mirror(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = issues()
    chance = random.Random(SEED)
    wanted = {path: second.files[path] for path in asked_for(tmp_path, first, second)}
    with Server(first.files) as server:
        assert attempt(tmp_path / "before", server, first) == ""
    broken = struck = 0
    words: Counter[str] = Counter()
    for number in range(N):
        folder = tmp_path / f"{number}"
        shutil.copytree(tmp_path / "before", folder)
        fault = Fault(chance, wanted, chance.choice((first, third)).files)
        with Server(second.files, fault) as hostile:
            word = attempt(folder, hostile, second)
        struck += fault.struck
        words[word or "copied"] += 1
        found = state(folder, (first, second))
        broken += found != (1 if word else 2)
        with Server(second.files) as server:
            assert attempt(folder, server, second) == "", "what was refused left no trace"
        assert state(folder, (first, second)) == 2
        shutil.rmtree(folder)
    with capsys.disabled():
        said = ", ".join(f"{count} {word}" for word, count in sorted(words.items()))
        print(told("server", N, broken, f"{struck} struck, {said}"))
    assert broken == 0
    assert struck > N * 3 // 4


def test_the_check_finds_a_mirror_whose_verifier_says_yes_to_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = issues()
    yes = check(View(str(_laid(second, tmp_path / "whole"))), second.fingerprint, None, second.at)
    assert yes.yes

    def say_yes(*_: object) -> Answer:
        return yes

    monkeypatch.setattr(copying, "check", say_yes)
    past = f"checkpoints/{len(first.contents)}"
    files = {**second.files, past: issues(2, 1)[0].files["checkpoint"]}
    began = time.monotonic()
    with Server(files) as hostile:
        assert attempt(tmp_path / "copy", hostile, second) == ""
    assert time.monotonic() - began < 30
    assert state(tmp_path / "copy", (first, second)) is None


def _laid(bundle: Bundle, folder: Path) -> Path:
    for path, content in bundle.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder

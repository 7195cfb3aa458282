"""A writer is killed at random moments; what it said was kept is kept, once, and folders are whole.

Each round starts a process that appends to a ledger, or replaces a file and a folder, again and again,
and says so after each. It is killed (SIGKILL) after a random while, its last words are read, and what it
left is held against them. The next round goes on where the last acknowledged one stopped, so the group
that was cut off is appended again and must not be there twice.

A kill leaves the page cache, so this says nothing of power cuts; see docs/decisions/0002-ledger.md.
The controls are writers as one would write them at first, and must be found out by the same checks.

HOLDFIRE_CHAOS_N sets how many kills (60), HOLDFIRE_CHAOS_SEED the seed (2016).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from holdfire.ledger import log, shelf
from holdfire.ledger.log import Ledger

KILLS = int(os.environ.get("HOLDFIRE_CHAOS_N", "60"))
SEED = int(os.environ.get("HOLDFIRE_CHAOS_SEED", "2016"))
LONGEST = 0.08  # longest a writer lives after it began [s]
PAGES = 6

SAY = """
import sys
from pathlib import Path
folder, number = Path(sys.argv[1]), int(sys.argv[2])
def say(word):
    sys.stdout.write(f"{word}\\n")
    sys.stdout.flush()
def value(number):
    return {"kind": "retraction", "of": f"{number:064x}", "at": "2016-03-01T00:00Z", "reason": "r" * 200}
"""

APPEND = """
from holdfire.ledger.log import Ledger
with Ledger.open(folder / "ledger.sqlite", write=True) as ledger:
    say("begun")
    while True:
        group = range(number, number + 1 + number % 5)
        ledger.append([value(each) for each in group])
        number = group[-1] + 1
        say(number)
"""

APPEND_PLAINLY = """
import json
with open(folder / "entries.jsonl", "a") as file:
    say("begun")
    while True:
        group = range(number, number + 1 + number % 5)
        for each in group:
            file.write(json.dumps(value(each)) + "\\n")
        number = group[-1] + 1
        say(number)
"""

REPLACE = f"""
from holdfire.ledger.shelf import Staged, replace_file, tidy
tidy(folder)
say("begun")
while True:
    number += 1
    with Staged(folder / "bulletin") as staged:
        for page in range({PAGES}):
            staged.write(f"d/{{page}}.html", b"%d " % number * 20_000)
    replace_file(folder / "latest", b"%d " % number * 20_000)
    say(number)
"""

REPLACE_IN_TWO_STEPS = (
    "from holdfire.ledger import shelf; shelf.exchange = lambda one, other: False\n" + REPLACE
)

REPLACE_PLAINLY = f"""
(folder / "bulletin" / "d").mkdir(parents=True, exist_ok=True)
say("begun")
while True:
    number += 1
    for page in range({PAGES}):
        (folder / "bulletin" / "d" / f"{{page}}.html").write_bytes(b"%d " % number * 20_000)
    (folder / "latest").write_bytes(b"%d " % number * 20_000)
    say(number)
"""


def killed(program: str, folder: Path, number: int, wait: float) -> int:
    """Run a writer from `number` on, kill it `wait` seconds after it began, return its last word."""
    writer = subprocess.Popen(
        [sys.executable, "-c", SAY + program, str(folder), str(number)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(log.__file__).parents[2])},
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    assert writer.stdout.readline() == "begun\n", writer.stderr.read()
    timer = threading.Timer(wait, writer.kill)
    timer.start()
    # A word cut off by the kill was not said.
    said = [int(line) for line in writer.stdout if line.endswith("\n")]
    assert writer.wait() == -signal.SIGKILL, writer.stderr.read()
    timer.join()
    writer.stdout.close()
    writer.stderr.close()
    return said[-1] if said else number


def waits(seed: int) -> list[float]:
    chance = random.Random(seed)
    return [chance.uniform(0, LONGEST) for _ in range(KILLS)]


def told(what: str, lost: int, acknowledged: int) -> str:
    return f"{what}: {KILLS} kills, seed {SEED}, {acknowledged} acknowledged, {lost} lost" + (
        f": at most {3 / KILLS:.1%} of kills lose one, at 95 %" if not lost else ""
    )


def test_no_acknowledged_entry_is_lost_or_there_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    acknowledged = total = lost = doubled = unsaid = 0
    for kill, wait in enumerate(waits(SEED)):
        folder = tmp_path / str(kill // 10)  # a new ledger every ten kills, so that reading stays quick
        folder.mkdir(exist_ok=True)
        start = acknowledged if kill % 10 else 0
        acknowledged = killed(APPEND, folder, start, wait)
        total += acknowledged - start
        with Ledger.open(folder / "ledger.sqlite") as ledger:
            numbers = [int(entry.value["of"], 16) for entry in ledger.entries()]
            assert ledger.check() == []
        lost += len(set(range(acknowledged)) - set(numbers))
        doubled += len(numbers) - len(set(numbers))
        unsaid += len(numbers) > acknowledged
        assert numbers == list(range(len(numbers))), "entries stand in the order they were appended"
    with capsys.disabled():
        print(f"\n{told('ledger', lost, total)}, {doubled} doubled, {unsaid} kept but not yet said")
    assert (lost, doubled) == (0, 0)
    assert total > KILLS // 10, "the writer must have come to write"


def test_the_check_finds_a_writer_that_says_before_it_keeps(tmp_path: Path) -> None:
    for wait in waits(SEED):
        acknowledged = killed(APPEND_PLAINLY, tmp_path, 0, wait)
        kept = (tmp_path / "entries.jsonl").read_text().splitlines()
        if len(kept) < acknowledged:
            return
        (tmp_path / "entries.jsonl").unlink()
    pytest.fail(f"the control lost nothing in {KILLS} kills: the check cannot see a loss")


def state(folder: Path) -> tuple[int, int] | None:
    """Return which bulletin and which latest file are there, 0 for none; None: something is in pieces."""
    files = sorted((folder / "bulletin").rglob("*.html"))
    found = {path.read_bytes() for path in files}
    numbers = [int(content.split(b" ", 1)[0] or b"0") for content in found]
    whole = not files or (len(files) == PAGES and found == {b"%d " % numbers[0] * 20_000})
    latest = folder / "latest"
    content = latest.read_bytes() if latest.exists() else b""
    number = int(content.split(b" ", 1)[0] or b"0")
    if not whole or content != b"%d " % number * (20_000 if number else 0):
        return None
    return (numbers[0] if numbers else 0, number)


@pytest.mark.parametrize("program", ["REPLACE", "REPLACE_IN_TWO_STEPS"])
def test_a_folder_and_a_file_are_old_or_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], program: str
) -> None:
    acknowledged = broken = lost = left = 0
    known: tuple[int, ...] = (0, 0)  # what was seen, or said, to be there of each: it may never go back
    for wait in waits(SEED + 1):
        acknowledged = killed(globals()[program], tmp_path, max(known), wait)
        known = tuple(max(each, acknowledged) for each in known) if acknowledged > max(known) else known
        one_step = program == "REPLACE" and sys.platform in ("linux", "darwin")
        if one_step and known[0] and not (tmp_path / "bulletin").exists():
            broken += 1  # where the system can exchange names, the folder is never away
        left += bool(shelf.tidy(tmp_path))
        assert {path.name for path in tmp_path.iterdir()} <= {"bulletin", "latest"}
        found = state(tmp_path)
        if found is None:
            broken += 1
        else:
            lost += any(there < before for there, before in zip(found, known, strict=True))
            broken += any(there > acknowledged + 1 for there in found)
            known = found
    with capsys.disabled():
        print(
            f"\n{told(program.lower().replace('_', ' '), lost, acknowledged)}, {broken} broken, {left} tidied"
        )
    assert (lost, broken) == (0, 0)
    assert acknowledged > KILLS // 10, "the writer must have come to write"


def test_the_check_finds_a_writer_that_writes_in_place(tmp_path: Path) -> None:
    for wait in waits(SEED + 1):
        acknowledged = killed(REPLACE_PLAINLY, tmp_path, 0, wait)
        found = state(tmp_path)
        if found is None or found[0] != found[1] > acknowledged:
            return
    pytest.fail(f"the control left no damage in {KILLS} kills: the check cannot see any")

"""A writer of a store of sites is killed at random moments: what it said is kept, and nothing is told."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from holdfire.chaos import canaries
from holdfire.sheltering.sitestore import Store
from sheltered import ADA, BEN, CLEO, NOW, RECIPIENT, consent, founded, needles, partition, site

KILLS = 30
LAND = partition()


def writer(folder: Path, said: int) -> None:
    """Add sites, write to them, read and destroy some, and say each time what was done; never returns."""
    store, number = Store(folder), 0
    while True:
        number += 1
        found = store.add(ADA, site(LAND, number % 5), NOW)
        os.write(said, f"add {found}\n".encode())
        store.write(found, [BEN], consent(RECIPIENT), NOW)
        os.write(said, f"write {found}\n".encode())
        if number % 3 == 0:
            store.destroy(found, [ADA, CLEO], "owner", "", NOW)
            os.write(said, f"destroy {found}\n".encode())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
def test_a_killed_writer_loses_nothing_and_tells_nothing(tmp_path: Path) -> None:
    chance, folder = random.Random(8), tmp_path / "sites"
    store = founded(folder)
    done: dict[str, set[str]] = {"add": set(), "write": set(), "destroy": set()}
    for _ in range(KILLS):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                writer(folder, writing)
            finally:
                os._exit(1)
        os.close(writing)
        with os.fdopen(reading) as lines:
            said = [lines.readline() for _ in range(chance.randint(0, 4))]
            time.sleep(chance.uniform(0, 0.04))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            said += lines.readlines()
        assert os.WIFSIGNALED(status), "the writer stopped by itself"
        for act, _, of in (line.rstrip("\n").partition(" ") for line in said):
            done[act].add(of)
        store = Store(folder)
        store.tidy()
        assert store.check() == []
    held = store.held
    lost = [of for of in done["add"] if of not in held]
    lost += [of for of in done["write"] if len(held[of].records) != 2]
    lost += [of for of in done["destroy"] if not held[of].gone or (folder / "sites" / of).exists()]
    assert lost == []
    assert len(done["add"]) > KILLS // 2
    living = [of for of in done["write"] if not held[of].gone]
    assert store.open_(living[0], [BEN, CLEO], "audit", "", NOW).consents[0].recipient == RECIPIENT
    wanted = needles(site(LAND)) | {"recipient": RECIPIENT}
    assert canaries.search([folder], wanted).found == []
    print(f"{KILLS} kills, {sum(map(len, done.values()))} acts, {len(lost)} lost")

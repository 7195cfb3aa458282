"""Each call of the disk fails once, or is where the process dies: no site is lost, and none is told.

After a death no call succeeds, so nothing is cleaned up, as after a power cut with the disk kept. Then a
fresh process opens the store. (To die after a call is to die before the next.) Lines are cut at each byte.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from holdfire.chaos import canaries
from holdfire.errors import HoldfireError
from holdfire.sheltering import sitefiles, sitelog
from holdfire.sheltering.sitestore import Store
from sheltered import ADA, BEN, CLEO, NAME, NOW, RECIPIENT, consent, fix, founded, needles, partition, site

CALLS = ("fsync", "open", "link", "replace", "unlink", "mkdir", "rmdir")
LAND = partition()
WANTED = needles(site(LAND)) | needles(fix(LAND, shift=40)) | {"recipient": RECIPIENT}


class Killed(BaseException):
    """The process is dead: nothing catches it."""


def add(folder: Path, first: str) -> None:
    Store(folder).add(BEN, site(LAND, 1), NOW)


def write(folder: Path, first: str) -> None:
    Store(folder).write(first, [BEN], fix(LAND, shift=40), NOW)


def read(folder: Path, first: str) -> None:
    Store(folder).open_(first, [ADA, BEN], "verify", "", NOW)


def destroy(folder: Path, first: str) -> None:
    Store(folder).destroy(list(Store(folder).held)[1], [ADA, CLEO], "owner", "", NOW)


def found(folder: Path, first: str) -> None:
    founded(folder.parent / "second").add(ADA, site(LAND), NOW)


ACTS = (add, write, read, destroy, found)


@contextmanager
def faulty(call: str, number: int, how: str) -> Iterator[list[bool]]:
    """Let the call of that number go wrong; what it yields says whether it was reached."""
    real = {each: getattr(os, each) for each in CALLS}
    left, hit, dead = number, [False], [False]

    def patched(name: str) -> Callable[..., Any]:
        def failing(*args: Any, **settings: Any) -> Any:
            nonlocal left
            if dead[0]:
                raise Killed
            if name == call:
                left -= 1
                if left == 0:
                    hit[0] = True
                    if how == "fails":
                        raise OSError(5, "Input/output error")
                    dead[0] = True
                    raise Killed
            return real[name](*args, **settings)

        return failing

    with pytest.MonkeyPatch.context() as patch:
        for each in CALLS:
            patch.setattr(os, each, patched(each))
        yield hit


def state(folder: Path) -> tuple[int, int]:
    """Return how many sites and records the log has."""
    held = Store(folder).held
    return sum(not each.gone for each in held.values()), sum(len(each.records) for each in held.values())


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a store of two sites, and the id of the first."""
    folder = tmp_path_factory.mktemp("begun") / "sites"
    store = founded(folder)
    first = store.add(ADA, site(LAND), NOW)
    store.write(first, [ADA], consent(RECIPIENT), NOW)
    store.add(CLEO, site(LAND, 2), NOW)
    return folder, first


@pytest.mark.parametrize("how", ["fails", "dies"])
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_a_fault_loses_nothing_and_tells_nothing(
    tmp_path: Path, begun: tuple[Path, str], act: Callable[[Path, str], None], how: str
) -> None:
    faults, lost, told = 0, [], []
    for call in CALLS:
        number = 0
        while True:
            number += 1
            folder = tmp_path / "sites"
            shutil.copytree(begun[0], folder)
            before = state(folder)
            acknowledged = False
            with faulty(call, number, how) as hit:
                try:
                    act(folder, begun[1])
                    acknowledged = True
                except (HoldfireError, Killed):
                    pass
            after = check(folder, begun[1], act, acknowledged, before)
            lost += [f"{call} {number}: {each}" for each in after]
            told += canaries.search([tmp_path], WANTED).found
            faults += hit[0]
            shutil.rmtree(tmp_path)
            tmp_path.mkdir()
            if not hit[0]:
                break
    print(f"{act.__name__}, {how}: {faults} faults, {len(lost)} lost, {len(told)} told")
    assert lost == []
    assert told == []
    assert faults >= {"add": 20, "write": 8, "read": 2, "destroy": 12, "found": 30}[act.__name__]


def check(
    folder: Path, first: str, act: Callable[[Path, str], None], acknowledged: bool, before: tuple[int, int]
) -> Iterator[str]:
    """Yield what a fresh process finds missing, and go on where the dead one stopped."""
    store = Store(folder)
    store.tidy()
    if store.check():
        yield "the store is not whole"
    sites, records = state(folder)
    if not before[1] <= records + (act is destroy) * 9 or not before[0] - (act is destroy) <= sites:
        yield "something that was acknowledged is gone"
    if acknowledged and act in (add, write) and records != before[1] + 1:
        yield "what was acknowledged is not there"
    if acknowledged and act is destroy and sites != before[0] - 1:
        yield "what was destroyed is there"
    if act is found:
        shutil.rmtree(folder.parent / "second", ignore_errors=True)
    if act is not destroy or sites == before[0]:
        act(folder, first)
    if Store(folder).open_(first, [BEN, CLEO], "verify", "", NOW).name != NAME:
        yield "the first site reads otherwise"
    if Store(folder).check():
        yield "the store is not whole after going on"


def test_the_control_a_log_that_speaks_too_early_is_found(
    tmp_path: Path, begun: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files written after the line that names them: a death between the two loses a site."""
    late: list[tuple[Any, ...]] = []
    write_now, append_now = sitefiles.write, sitelog.append

    def append(*args: Any) -> None:
        append_now(*args)
        while late:
            write_now(*late.pop(0))

    monkeypatch.setattr(sitefiles, "write", lambda *args: late.append(args))
    monkeypatch.setattr(sitelog, "append", append)
    lost = 0
    for number in range(1, 12):
        folder = tmp_path / str(number)
        shutil.copytree(begun[0], folder)
        late.clear()
        with faulty("fsync", number, "dies"), contextlib.suppress(Killed, HoldfireError):
            add(folder, begun[1])
        store = Store(folder)
        store.tidy()
        lost += bool(store.check())
    assert lost >= 3


def test_a_line_cut_at_any_byte_was_never_a_line(tmp_path: Path, begun: tuple[Path, str]) -> None:
    folder = tmp_path / "sites"
    shutil.copytree(begun[0], folder)
    log = folder / "log.jsonl"
    whole = log.read_bytes()
    sites = len(Store(folder).held)
    Store(folder).add(BEN, site(LAND, 1), NOW)
    full = log.read_bytes()
    for size in range(len(whole), len(full)):
        log.write_bytes(full[:size])
        assert len(Store(folder).held) == sites
        if size % 40 == 0:
            store = Store(folder)
            store.write(begun[1], [ADA], consent("another"), NOW)
            assert log.read_bytes().startswith(whole)
            assert len(Store(folder).lines) == whole.count(b"\n") + 1

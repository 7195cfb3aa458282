"""Every attack is refused with its reason, by the package and by the one file; honest bundles are not.

The control takes one check out of the verifier at a time: each time something of the corpus gets past it.
"""

from __future__ import annotations

import io
import json
import re
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from inspect import getsource
from pathlib import Path
from typing import BinaryIO

import pytest

from attacks.corpus import Attack, corpus, put
from attacks.honest import DAY, NOON, Bundle, Making, honest
from attacks.registering import KINDS
from attacks.remembering import remembered
from holdfire.ledger.onefile import one_file
from holdfire.ledger.packing import pack
from holdfire.ledger.verifying import archive, checks, contents, entries, logs, notes, records, signing, zips
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import Memory, check

DRIVER = f"""
import contextlib, io, json, sys
{getsource(remembered)}
source, asked = sys.argv[1:]
space = {{"__name__": "verify"}}
exec(compile(open(source, encoding="utf-8").read(), source, "exec"), space)
space["_sum_of_two"] = remembered(space["_sum_of_two"])
answers = []
for arguments in json.load(open(asked, encoding="utf-8")):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = space["main"](arguments)
    answers.append([code, out.getvalue()])
print(json.dumps(answers))
"""
"""Runs the one file on many bundles in one process, since starting Python takes longer than a check."""


@pytest.fixture(scope="module")
def attacks(tmp_path_factory: pytest.TempPathFactory) -> list[Attack]:
    return corpus(tmp_path_factory.mktemp("attacks"))


def _codes(attack: Attack) -> set[str]:
    memory = Memory(*attack.memory) if attack.memory else None
    answer = check(View(str(attack.path)), attack.fingerprint, memory, attack.at)
    return {finding.code for finding in answer.findings}


def _instant(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _arguments(attack: Attack, folder: Path) -> list[str]:
    arguments = [str(attack.path), "--json", "--at", _instant(attack.at)]
    if attack.fingerprint:
        arguments += ["--trust", attack.fingerprint]
    if attack.memory and attack.fingerprint:
        memory = folder / f"{attack.path.name}.memory"
        size, root = attack.memory
        memory.write_text(json.dumps({attack.fingerprint: {"size": size, "root": root.hex()}}))
        arguments += ["--memory", str(memory)]
    return arguments


def _one_file(folder: Path, asked: list[list[str]]) -> list[tuple[int, str]]:
    (folder / "verify.py").write_bytes(one_file())
    (folder / "driver.py").write_text(DRIVER)
    (folder / "asked.json").write_text(json.dumps(asked))
    command = [sys.executable, "-I", *(str(folder / n) for n in ("driver.py", "verify.py", "asked.json"))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300, cwd=folder)
    return [(code, out) for code, out in json.loads(done.stdout)]


def test_every_attack_is_refused_with_its_reason(attacks: list[Attack], tmp_path: Path) -> None:
    wrong = []
    for attack in attacks:
        found = _codes(attack)
        if found != attack.codes:
            wrong.append(f"{attack.name}: {sorted(found)} for {sorted(attack.codes)}")
    print(
        f"\nattacks on a bundle: {len(attacks)} kinds, {len(attacks) - len(wrong)} refused with their reason"
    )
    assert not wrong, "\n".join(wrong)
    assert len(attacks) >= 40


def test_the_one_file_gives_the_same_answers(attacks: list[Attack], tmp_path: Path) -> None:
    given = _one_file(tmp_path, [_arguments(each, tmp_path) for each in attacks])
    for attack, (code, out) in zip(attacks, given, strict=True):
        answer = json.loads(out)
        assert (code, answer["answer"]) == (1, "no"), attack.name
        assert {each["code"] for each in answer["findings"]} == attack.codes, attack.name
    print(f"\nattacks on a bundle, one file under python -I: {len(attacks)} kinds, all refused")


def test_every_code_of_the_format_is_tried(root: Path) -> None:
    table = (root / "docs" / "format.md").read_text(encoding="utf-8").split("| code | said when |")[1]
    named = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert named == {code for kind in KINDS.values() for code in kind.codes}
    alone = {next(iter(kind.codes)) for kind in KINDS.values() if len(kind.codes) == 1}
    assert named - alone == set(), "each code has an attack that it alone refuses"
    assert len({kind.slug for kind in KINDS.values()}) == len(KINDS)


class _Grown(Making):
    """The same record, a day and 400 entries later."""

    def after(self) -> None:
        super().after()
        self.past[300] = super().newest()
        self.claims(700)

    def newest(self) -> bytes:
        return self.checkpoint(len(self.contents), NOON + DAY, "log-2", ("mission", "south"))


class _Alone(Making):
    """A record that no witness watches."""

    def first_keyset(self) -> dict[str, object]:
        return {**super().first_keyset(), "witnesses": {}, "quorum": 0}

    def newest(self) -> bytes:
        return self.checkpoint(len(self.contents), NOON, "log-2", ())

    def keep(self, days: int, log: str, witnesses: object) -> None:
        super().keep(days, log, ())


def _zip(bundle: Bundle, path: Path) -> Path:
    with path.open("wb") as out:
        pack(bundle.files.items(), out)
    return path


def honest_cases(folder: Path) -> Iterator[tuple[Path, Bundle]]:
    """Write honest bundles as folders and zips, and yield each with what a reader brings."""
    made = {"first": honest(), "other": honest(5), "grown": _Grown().bundle(), "alone": _Alone().bundle()}
    for name, bundle in made.items():
        yield put(folder / name, bundle.files), bundle
        yield _zip(bundle, folder / f"{name}.zip"), bundle


def test_honest_bundles_are_accepted(tmp_path: Path) -> None:
    for path, bundle in honest_cases(tmp_path):
        answer = check(View(str(path)), bundle.fingerprint, None, bundle.at)
        assert answer.yes, (path.name, answer.findings)
        assert answer.facts.bulletin["number"] == 2
        assert answer.facts.editors == ["amber", "dune"]


def test_what_was_said_after_a_yes(tmp_path: Path) -> None:
    bundle = _Grown().bundle()
    view = View(str(put(tmp_path / "grown", bundle.files)))
    facts = check(view, bundle.fingerprint, None, NOON + DAY + 60).facts
    assert facts.witnesses == {
        "mission": {"last": NOON + DAY, "since": NOON - 5 * DAY, "since_size": 60},
        "south": {"last": NOON + DAY, "since": NOON - 3 * DAY, "since_size": 124},
    }
    assert facts.size == 700
    assert not facts.stale
    assert check(view, bundle.fingerprint, None, NOON + DAY + 36 * 3600).facts.stale is False
    assert check(view, bundle.fingerprint, None, NOON + DAY + 36 * 3600 + 1).facts.stale is True
    assert re.fullmatch(r"\d{5}-\d{5}-\d{5}-\d{4}", facts.code)


def test_growth_is_accepted_and_remembered_and_its_undoing_is_not(tmp_path: Path) -> None:
    first, grown = honest(), _Grown().bundle()
    put(tmp_path / "first", first.files)
    put(tmp_path / "grown", grown.files)
    memory = tmp_path / "memory.json"
    common = ["--trust", first.fingerprint, "--memory", str(memory), "--at", _instant(NOON + DAY), "--json"]
    asked = [[str(tmp_path / name), *common] for name in ("first", "grown", "grown", "first")]
    given = _one_file(tmp_path, asked)
    assert [code for code, _ in given] == [0, 0, 0, 1]
    assert [each["code"] for each in json.loads(given[3][1])["findings"]] == ["rollback"]
    assert json.loads(memory.read_text())[first.fingerprint]["size"] == 700


def test_the_one_file_runs_alone(tmp_path: Path) -> None:
    bundle = honest()
    folder = put(tmp_path / "bundle", bundle.files)
    (tmp_path / "paper.txt").write_text(f"{bundle.fingerprint.upper()}  the record\n")
    command = [sys.executable, "-I", "-S", "verify.py", ".", "--trust", f"@{tmp_path / 'paper.txt'}"]
    command += ["--at", _instant(bundle.at)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("yes  bulletin 2, 2031-05-04/2031-05-06, version 1\n")
    assert "amber, dune" in done.stdout
    assert "It does not say that what a report claims is true." in done.stdout
    for wrong in (
        ["nowhere", "--trust", bundle.fingerprint],
        [".", "--trust", "abc"],
        [".", "--at", "noon"],
        [],
    ):
        done = subprocess.run(
            [*command[:4], *wrong], cwd=folder, capture_output=True, check=False, timeout=60
        )
        assert done.returncode == 2, wrong


Patch = Callable[[pytest.MonkeyPatch], None]


def _keysets_as_they_like(patch: pytest.MonkeyPatch) -> None:
    for module in (signing, records):
        patch.setattr(module, "keyset_breaks", lambda *_: "")


CONTROLS: dict[str, tuple[str, Patch]] = {
    "editors' signatures hold whatever they say": (
        "release changed after it was signed",
        lambda m: m.setattr(entries, "verify", lambda *_: True),
    ),
    "lines of notes hold whatever they say": (
        "forged line of a third witness beside two true ones",
        lambda m: m.setattr(notes, "verify", lambda *_: True),
    ),
    "every proof leads to the root": (
        "other hash in the proof of a determination",
        lambda m: m.setattr(signing, "included", lambda *_: True),
    ),
    "no digest is looked at": (
        "flipped byte in an annex",
        lambda m: m.setattr(contents, "_check_digests", lambda *_: None),
    ),
    "tiles need not lead anywhere": (
        "flipped byte in a tile of hashes",
        lambda m: m.setattr(logs._Reading, "_broken", lambda *_: None),
    ),
    "keysets may follow as they like": ("keyset not signed by the old set", _keysets_as_they_like),
    "releases need no editors": (
        "release signed by one editor",
        lambda m: m.setattr(records, "signature_breaks", lambda *_: ""),
    ),
    "names are not looked at": (
        "two signed files whose names differ in case alone",
        lambda m: (
            m.setattr(archive, "twins_of", lambda _: []),
            m.setattr(contents, "twins_of", lambda _: []),
        )[0],
    ),
    "limits are not looked at": (
        "zip bomb that the editors signed",
        lambda m: m.setattr(View, "_limits", lambda _: None),
    ),
    "memory is not asked": (
        "older than what the reader saw",
        lambda m: m.setattr(checks._Checking, "_memory", lambda *_: None),
    ),
    "past checkpoints are not asked": (
        "second history that all witnesses cosigned, beside true past checkpoints",
        lambda m: m.setattr(checks._Checking, "_past", lambda *_: None),
    ),
    "who cosigned is not asked": (
        "one witness twice",
        lambda m: m.setattr(checks._Checking, "_newest", lambda *_: None),
    ),
    "parts need not be of one issue": (
        "files of the first bulletin under the second release",
        lambda m: m.setattr(checks._Checking, "_same", lambda *_: None),
    ),
    "the bulletin's own manifest is not read": (
        "file of the bulletin that its two manifests name otherwise",
        lambda m: m.setattr(checks, "check_bulletin", lambda *_: None),
    ),
    "entries need not be canonical": (
        "entry with a space",
        lambda m: m.setattr(logs, "entry_of", json.loads),
    ),
    "the archive may hold more than its members": (
        "bytes between two members",
        lambda m: m.setattr(zips, "_placed", _placed_anywhere),
    ),
}
"""By what is left out: an attack that gets past the rest, and how it is left out."""


def _placed_anywhere(file: BinaryIO, members: list[zips.Member], end: int) -> list[zips.Member]:
    """Place members as a reader does that believes the directory alone."""
    found = []
    for member in members:
        file.seek(member.header + 26)
        n, extra = struct.unpack("<HH", file.read(4))
        found.append(member._replace(data=member.header + 30 + n + extra))
    return found


@pytest.mark.parametrize("control", sorted(CONTROLS))
def test_without_one_check_something_gets_past(
    control: str, attacks: list[Attack], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, patch = CONTROLS[control]
    attack = next(each for each in attacks if each.name == name)
    assert _codes(attack)
    patch(monkeypatch)
    assert not _codes(attack)


def test_zips_are_the_same_for_the_same_files() -> None:
    bundle = honest()
    one, other = io.BytesIO(), io.BytesIO()
    pack(bundle.files.items(), one)
    pack(reversed(bundle.files.items()), other)
    assert one.getvalue() == other.getvalue()

"""Every attack of the corpus before verify.html, by the browser's own pickers: refused, each for its reason.

What a browser's folder picker cannot show a page is left out here: it follows symbolic links and passes over
pipes, so of a folder only verify.py can say that something in it is a link. In a zip the page sees both. It
also spells a backslash as a slash, so folders with odd names are handed over file by file.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from attacks.corpus import Attack, corpus
from attacks.honest import honest
from browser.checking import Reader, codes, zipped
from browsing import binary
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import check

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(binary() is None, reason="needs a Chromium on the machine"),
]

UNSEEN = frozenset({"symlink", "mkfifo"})
"""What an attack may need of the file system that a page is not told of."""


@pytest.fixture(scope="module")
def attacks(tmp_path_factory: pytest.TempPathFactory) -> list[Attack]:
    return corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    found = Reader(tmp_path_factory.mktemp("page"))
    found.open()
    yield found
    found.close()


def answer_to(reader: Reader, attack: Attack) -> dict[str, Any]:
    """Return what the page answers to a folder or zip that is picked as a person picks it."""
    folder = attack.path.is_dir()
    if attack.needs == "case":
        files = {each.relative_to(attack.path).as_posix(): each for each in attack.path.rglob("*")}
        content = {name: each.read_bytes() for name, each in files.items() if each.is_file()}
        return reader.check(content, attack.fingerprint or "", attack.at)
    name = "from-folder" if folder else "from-zip"
    reader.browser.ask(
        "(() => { const input = document.createElement('input'); input.type = 'file';"
        f"input.webkitdirectory = {json.dumps(folder)}; input.id = '{name}';"
        f"document.getElementById('{name}')?.remove(); document.body.append(input);"
        "window.picked = new Promise(done => { input.onchange = () => done([...input.files]) }) })()"
    )
    reader.give(name, attack.path)
    memory = None
    if attack.memory and attack.fingerprint:
        size, root = attack.memory
        memory = {attack.fingerprint: {"root": root.hex(), "size": size}}
    asked = json.dumps({"fingerprint": attack.fingerprint or "", "at": attack.at, "memory": memory})
    what = "new Map(files.map(file => [file.webkitRelativePath.replace(/^[^/]*[/]/, ''), file]))"
    given = what if folder else "files[0]"
    answer = reader.browser.ask(f"picked.then(files => holdfireCheck({given}, {asked}))")
    assert isinstance(answer, dict)
    return answer


def test_the_honest_bundle_is_accepted_by_the_same_road(reader: Reader, attacks: list[Attack]) -> None:
    bundle = honest()
    for given in (bundle.files, zipped(bundle.files)):
        answer = reader.check(given, bundle.fingerprint, bundle.at)
        assert (answer["ok"], answer["findings"]) == (True, [])


def test_every_attack_is_refused_for_its_reason(reader: Reader, attacks: list[Attack]) -> None:
    seen = [attack for attack in attacks if attack.needs not in UNSEEN]
    assert len(seen) >= 45
    found = {attack.name: codes(answer_to(reader, attack)) for attack in seen}
    wanted = {attack.name: set(attack.codes) for attack in seen}
    assert {name: each for name, each in found.items() if each != wanted[name]} == {}
    print(f"attacks on the page: {len(seen)} kinds, accepted 0, of them for another reason 0")


def test_page_and_package_say_the_same_of_bundles_damaged_at_random(reader: Reader, tmp_path: Path) -> None:
    seed, number = 20, 40
    chance = random.Random(seed)
    bundle = honest()
    place = tmp_path / "bundle.zip"
    differing = []
    for turn in range(number):
        place.write_bytes(damaged(bundle.files, chance))
        package = check(View(str(place)), bundle.fingerprint, None, bundle.at)
        page = reader.check(place.read_bytes(), bundle.fingerprint, bundle.at)
        said = {each.code for each in package.findings}
        if (page["ok"], codes(page)) != (package.yes, said):
            differing.append((turn, codes(page), said))
        assert not page["ok"], turn
    assert differing == []
    print(f"damaged bundles on the page, seed {seed}: accepted 0 of {number}: at most 3/{number} at 95 %")


def damaged(files: dict[str, bytes], chance: random.Random) -> bytes:
    """Return the zip of a bundle of which one file is changed, gone, or another's."""
    changed = dict(files)
    name, other = chance.sample(sorted(files), 2)
    content = bytearray(files[name])
    way = chance.randrange(5)
    at = chance.randrange(len(content))
    if way == 0:
        content[at] ^= 1 << chance.randrange(8)
    elif way == 1:
        del content[at:]
    elif way == 2:
        content[at:at] = chance.randbytes(3)
    changed[name] = files[other] if way == 3 else bytes(content)
    if way == 4:
        del changed[name]
    return zipped(changed)

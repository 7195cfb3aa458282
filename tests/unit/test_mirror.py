"""A mirror follows an honest source at small cost, and no hostile one at any."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from attacks.assembling import manifest_of
from attacks.honest import DAY, NOON, Bundle
from holdfire.doors.mirror import app
from holdfire.errors import BadInput, Busy, CheckFailed, HoldfireError
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import check
from holdfire.mirroring import Synced, arriving, sync
from mirrored import Growing, issues
from serving import Asked, Server, files_of, on


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def brought(source: str | list[str], folder: Path, bundle: Bundle, **given: Any) -> Synced:
    """Bring a mirror up to date, waiting for nothing."""
    asked = {"now": bundle.at, "wait": lambda seconds: None, "patience": 2.0, **given}
    return sync([source] if isinstance(source, str) else source, folder, bundle.fingerprint, **asked)


def served(files: Mapping[str, bytes], folder: Path, bundle: Bundle, *tricks: Any, **given: Any) -> Synced:
    with Server(files, *tricks) as server:
        return brought(server.address, folder, bundle, **given)


def mirror_of(bundle: Bundle, tmp_path: Path) -> Path:
    """Return a mirror of a bundle, brought from a folder."""
    folder = tmp_path / "mirrors" / "copy"
    brought(laid(bundle.files, tmp_path / "given"), folder, bundle)
    return folder


def laid(files: Mapping[str, bytes], place: Path) -> str:
    """Lay files down in a folder of their own."""
    shutil.rmtree(place, ignore_errors=True)
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    return str(place)


def test_a_mirror_is_the_bundle_byte_for_byte(tmp_path: Path) -> None:
    first = issues()[0]
    with Server(first.files) as server:
        found = brought(server.address, tmp_path / "copy", first)
        assert found.changed
        assert found.received == server.sent
        assert max(server.asked.values()) <= 2, "nothing but the checkpoint is asked for twice"
    assert files_of(tmp_path / "copy") == first.files
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "copy.arriving", "copy.memory"]


def test_one_more_bulletin_costs_what_is_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    growing = Growing(3, upto=3000, pages=40)
    bundles = [growing.one_more() for _ in range(2)]
    growing.pages = 2
    bundles.append(growing.one_more())
    folder = tmp_path / "copy"
    costs = []
    for bundle in bundles:
        with Server(bundle.files) as server:
            found = brought(server.address, folder, bundle)
            costs.append(
                (server.sent, sum(map(len, bundle.files.values())), found.requests, len(bundle.files))
            )
        assert files_of(folder) == bundle.files
    sent, whole, requests, files = costs[-1]
    with capsys.disabled():
        print(f"\ndelta sync: {sent:,} of {whole:,} bytes ({sent / whole:.1%}), {requests} of {files} files")
    assert sent < whole / 15
    assert requests < files / 5


def test_full_tiles_and_unchanged_files_are_never_asked_for_again(tmp_path: Path) -> None:
    first, second, _ = issues()
    folder = tmp_path / "copy"
    served(first.files, folder, first)
    with Server(second.files) as server:
        brought(server.address, folder, second)
        same = {path for path, content in second.files.items() if first.files.get(path) == content}
        asked_again = same & set(server.asked)
    assert asked_again == {"keys/1.tlog-proof"} & asked_again
    assert not [path for path in server.asked if path.startswith("proofs/")], "proofs are worked out here"


def test_nothing_new_is_said_and_costs_the_seal(tmp_path: Path) -> None:
    first = issues()[0]
    served(first.files, tmp_path / "copy", first)
    before = (tmp_path / "copy").stat().st_ino
    found = served(first.files, tmp_path / "copy", first)
    assert not found.changed
    assert found.received < 10_000
    assert (tmp_path / "copy").stat().st_ino == before


def test_past_checkpoints_of_the_mirror_stay(tmp_path: Path) -> None:
    first, second, third = issues()
    folder = tmp_path / "copy"
    for bundle in (first, second, third):
        bare = {path: content for path, content in bundle.files.items() if "checkpoints/" not in path}
        served(bare, folder, bundle)
    kept = [path for path in files_of(folder) if path.startswith("checkpoints/")]
    assert sorted(kept) == sorted(path for path in third.files if path.startswith("checkpoints/"))
    assert check(View(str(folder)), third.fingerprint, None, third.at).yes


def test_past_checkpoints_of_a_web_server_are_found_from_the_releases(tmp_path: Path) -> None:
    third = issues()[2]
    served(third.files, tmp_path / "copy", third)
    assert files_of(tmp_path / "copy") == third.files


def test_a_packed_bundle_is_a_source_too(tmp_path: Path) -> None:
    first = issues()[0]
    mirror = mirror_of(first, tmp_path)
    archive = tmp_path / "bundle.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in sorted(files_of(mirror).items()):
            packed.writestr(zipfile.ZipInfo(path), content)
    brought(str(archive), tmp_path / "other", first)
    assert files_of(tmp_path / "other") == first.files


def test_damage_in_a_mirror_is_made_good(tmp_path: Path) -> None:
    first = issues()[0]
    folder = mirror_of(first, tmp_path)
    for path in ("bulletin/index.html", "log/tile/entries/000", "log/tile/0/001", "proofs/" + _proof(first)):
        content = bytearray((folder / path).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / path).write_bytes(content)
        assert not check(View(str(folder)), first.fingerprint, None, first.at).yes
        with Server(first.files) as server:
            found = brought(server.address, folder, first)
        assert found.changed
        assert files_of(folder) == first.files
    (folder / "checkpoint").write_bytes(b"\0")
    served(first.files, folder, first)
    assert files_of(folder) == first.files


def _proof(bundle: Bundle) -> str:
    return next(path.split("/")[1] for path in sorted(bundle.files) if path.startswith("proofs/"))


# Sources that are not what they should be: each is refused with its word, and the mirror stays.


def flipped(files: Mapping[str, bytes], path: str) -> dict[str, bytes]:
    content = bytearray(files[path])
    content[len(content) // 2] ^= 1
    return {**files, path: bytes(content)}


def without(files: Mapping[str, bytes], path: str) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name != path}


def page(bundle: Bundle) -> str:
    """Return a page that the bundle before did not have."""
    return next(p for p in sorted(bundle.files) if "determinations/" in p and p not in issues()[0].files)


def last_tile(bundle: Bundle) -> str:
    return next(path for path in bundle.files if path.startswith("log/tile/entries/") and ".p/" in path)


def swapped(bundle: Bundle, other: Bundle, *paths: str) -> dict[str, bytes]:
    return {**bundle.files, **{path: other.files[path] for path in paths}}


def _signature(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files whose checkpoint the log did not sign, everywhere."""
    note = files["checkpoint"]
    other = note.split(b"\n\n")[0] + b"\n\n" + b"\n".join(note.split(b"\n\n")[1].split(b"\n")[1:])
    return {path: content.replace(note, other) for path, content in files.items()}


HOSTILE: dict[str, tuple[str, Callable[[Bundle, Bundle], dict[str, bytes]]]] = {
    "a byte of a page": ("digest", lambda a, b: flipped(b.files, page(b))),
    "a byte of the last entries": ("log", lambda a, b: flipped(b.files, last_tile(b))),
    "a byte of the hashes": ("log", lambda a, b: flipped(b.files, "log/tile/1/000.p/3")),
    "a byte of MANIFEST": ("mixed", lambda a, b: flipped(b.files, "MANIFEST")),
    "a byte of the root": ("note", lambda a, b: {**b.files, "checkpoint": b.files["checkpoint"][:40]}),
    "no page": ("missing", lambda a, b: without(b.files, page(b))),
    "no last tile": ("missing", lambda a, b: without(b.files, last_tile(b))),
    "no release": ("missing", lambda a, b: without(b.files, "RELEASE.tlog-proof")),
    "no checkpoint": ("missing", lambda a, b: without(b.files, "checkpoint")),
    "no keys": ("missing", lambda a, b: without(b.files, "keys/1.tlog-proof")),
    "the release of before": ("mixed", lambda a, b: swapped(b, a, "RELEASE.tlog-proof")),
    "the manifest of before": ("mixed", lambda a, b: swapped(b, a, "MANIFEST")),
    "the keys of before": ("mixed", lambda a, b: swapped(b, a, "keys/1.tlog-proof")),
    "no signature of the log": ("signature", lambda a, b: _signature(b.files)),
    "another record": ("foreign", lambda a, b: issues(1, 0, 7)[0].files),
    "an endless checkpoint": ("size", lambda a, b: {**b.files, "checkpoint": b"x" * 10**6}),
    "an endless release": ("size", lambda a, b: {**b.files, "RELEASE.tlog-proof": b"x" * 10**6}),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_source_is_refused_with_its_word(tmp_path: Path, name: str) -> None:
    first, second, _ = issues()
    code, change = HOSTILE[name]
    folder = mirror_of(first, tmp_path)
    files = change(first, second)
    for bring in (served, lambda files, *rest: brought(laid(files, tmp_path / "hostile"), *rest)):
        with pytest.raises(CheckFailed) as refused:
            bring(files, folder, second)
        assert refused.value.problems[0].problem.startswith(f"{code}: ")
        assert refused.value.exit_code == 1
        stands(folder, first)
    served(second.files, folder, second)
    assert check(View(str(folder)), second.fingerprint, None, second.at).yes, "what was refused left no trace"


def stands(folder: Path, bundle: Bundle) -> None:
    """Hold a mirror against what it was, and its surroundings against what may be there."""
    assert {p: c for p, c in files_of(folder).items() if p in bundle.files} == bundle.files
    assert check(View(str(folder)), bundle.fingerprint, None, bundle.at).yes
    around = {path.name for path in folder.parent.iterdir()}
    assert around <= {folder.name, f"{folder.name}.arriving", f"{folder.name}.memory"}


def test_an_older_bundle_is_a_rollback_even_where_the_mirror_was_deleted(tmp_path: Path) -> None:
    first, second, _ = issues()
    folder = mirror_of(second, tmp_path)
    with pytest.raises(CheckFailed, match="rollback: it is older than what this mirror has seen"):
        served(first.files, folder, second)
    stands(folder, second)
    (tmp_path / "mirrors" / "copy.memory").unlink()
    (folder / "log/tile/entries/000").unlink()
    with pytest.raises(CheckFailed, match="rollback"):
        served(first.files, folder, second)
    served(second.files, folder, second)
    shutil.rmtree(folder)
    with pytest.raises(CheckFailed, match="rollback"):
        served(first.files, folder, second)
    assert not folder.exists()


@pytest.mark.parametrize("upto", [740, 300])
def test_another_history_is_a_fork(tmp_path: Path, upto: int) -> None:
    honest, other = issues(2, upto=upto), issues(3, 2, upto=upto)
    folder = mirror_of(honest[1], tmp_path)
    for bundle in other[1:]:
        with pytest.raises(CheckFailed, match="fork: it shows another history"):
            served(bundle.files, folder, bundle)
        stands(folder, honest[1])


def test_a_fork_deep_in_full_tiles_is_a_fork(tmp_path: Path) -> None:
    honest, other = issues(1), issues(3, 1)
    folder = mirror_of(honest[0], tmp_path)
    (tmp_path / "mirrors" / "copy.memory").unlink()
    with pytest.raises(CheckFailed, match="fork"):
        served(other[2].files, folder, other[2])
    stands(folder, honest[0])


def test_a_past_checkpoint_of_another_history_is_a_fork(tmp_path: Path) -> None:
    first, second, _ = issues()
    size, other = len(first.contents), issues(2, 1)[0]
    assert size == len(other.contents)
    files = {**second.files, f"checkpoints/{size}": other.files["checkpoint"]}
    with pytest.raises(CheckFailed, match="fork"):
        brought(laid(files, tmp_path / "two"), tmp_path / "copy", second)
    folder = mirror_of(first, tmp_path)
    with pytest.raises(CheckFailed, match=r"fork.*signed two histories of this size"):
        brought(laid(files, tmp_path / "three"), folder, second)
    stands(folder, first)


def test_an_expired_bundle_is_refused(tmp_path: Path) -> None:
    first, second, _ = issues()
    folder = mirror_of(first, tmp_path)
    with pytest.raises(CheckFailed, match="expired: it has expired; look for a newer one"):
        served(second.files, folder, second, now=NOON + 90 * DAY)
    stands(folder, first)


def test_a_source_that_changed_meanwhile_is_tried_again_once(tmp_path: Path) -> None:
    first, second, third = issues()
    folder = mirror_of(first, tmp_path)
    with Server(second.files) as server:
        changes: list[dict[str, bytes]] = [dict(third.files)]

        def change(asked: Asked) -> None:
            if changes:
                server.files = changes.pop()
            asked.honest()

        server.tricks = (on(page(second), change),)
        found = brought(server.address, folder, third)
    assert found.changed
    assert files_of(folder) == third.files


def test_a_source_that_changes_all_the_time_is_mixed(tmp_path: Path) -> None:
    first, second, third = issues()
    folder = mirror_of(first, tmp_path)
    with Server(second.files) as server:

        def change(asked: Asked) -> bool:
            if asked.name == "RELEASE.tlog-proof":
                server.files = {**server.files, **(third if server.files is second.files else second).files}
            return False

        server.tricks = (change,)
        with pytest.raises(CheckFailed, match="mixed: its parts are of different issues"):
            brought(server.address, folder, third)
    stands(folder, first)


class Climbing(Growing):
    """A record whose editors sign a MANIFEST with a name that is none."""

    bad = "../outside.txt"

    def parts(self, number: int) -> dict[str, bytes]:
        parts = super().parts(number)
        return {**parts, self.bad: b"planted\n"} if number == 2 else parts


BAD_NAMES = [
    "../outside.txt",
    "/etc/planted",
    "a/../../outside.txt",
    "a\\..\\outside.txt",
    "a//b",
    "C:outside.txt",
    "bulletin/nul",
    "bulletin/INDEX.html",
    "bulletin/index.html/inner",
    "trailing. ",
    "checkpoints/9",
    "x" * 241,
]


@pytest.mark.parametrize("bad", BAD_NAMES)
def test_a_name_that_climbs_out_is_refused_even_when_signed(tmp_path: Path, bad: str) -> None:
    growing = Climbing()
    growing.bad = bad
    first, second = growing.one_more(), growing.one_more()
    folder = mirror_of(first, tmp_path)
    before = {path for path in tmp_path.rglob("*") if "arriving" not in str(path)}
    with pytest.raises(CheckFailed, match=r"path: |size: |manifest: "):
        served({**second.files, bad: b"planted\n"}, folder, second)
    stands(folder, first)
    assert {path for path in tmp_path.rglob("*") if "arriving" not in str(path)} == before
    assert not [
        path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes()[:7] == b"planted"
    ]


def test_more_bytes_than_a_file_may_have_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = issues()
    folder = mirror_of(first, tmp_path)
    monkeypatch.setattr(arriving, "LARGEST_FILE", 200_000)

    def endless(asked: Asked) -> None:
        asked.send_response(200)
        asked.end_headers()
        asked.close_connection = True
        while True:
            asked.push(b"x" * 4096)

    with Server(second.files, on(page(second), endless)) as server:
        with pytest.raises(CheckFailed, match="size: "):
            brought(server.address, folder, second)
        assert server.sent < 5_000_000
    stands(folder, first)
    monkeypatch.setattr(arriving, "MOST_BYTES", 1000)
    with pytest.raises(CheckFailed, match="size: "):
        served(second.files, folder, second)


def test_the_first_source_that_is_new_and_true_is_followed(tmp_path: Path) -> None:
    first, second, third = issues()
    folder = mirror_of(second, tmp_path)
    bad = flipped(
        third.files, max(p for p in third.files if "determinations/" in p and p not in second.files)
    )
    with (
        Server(first.files) as old,
        Server(second.files) as same,
        Server(bad) as wrong,
        Server(third.files) as new,
    ):
        sources = ["http://127.0.0.1:1/", *(each.address for each in (old, same, wrong, new))]
        found = brought(sources, folder, third)
        assert found.source == new.address
        assert [each.code for each in found.refused] == ["unreachable", "rollback", "digest"]
        assert sum(new.asked.get(p, 0) for p in third.files if "determinations/" in p) == 1, (
            "pages came before"
        )
    assert files_of(folder) == third.files


def test_sources_that_all_fail_are_all_named(tmp_path: Path) -> None:
    first = issues()[0]
    with pytest.raises(HoldfireError) as failed:
        brought(["http://127.0.0.1:1/a/", str(tmp_path / "nowhere")], tmp_path / "copy", first)
    assert not isinstance(failed.value, CheckFailed)
    assert [each.where for each in failed.value.problems] == [
        "http://127.0.0.1:1/a/",
        str(tmp_path / "nowhere"),
    ]
    assert not (tmp_path / "copy").exists()


def test_the_addresses_of_the_last_bundle_are_followed_where_asked(tmp_path: Path) -> None:
    with Server({}) as server:

        class Named(Growing):
            def parts(self, number: int) -> dict[str, bytes]:
                return {**super().parts(number), "MIRRORS": f"{server.address}\nftp://no.example/\n".encode()}

        growing = Named()
        first, second = growing.one_more(), growing.one_more()
        folder = mirror_of(first, tmp_path)
        server.files = second.files
        with pytest.raises(BadInput, match="there is no source"):
            brought([], folder, second)
        assert brought([], folder, second, follow=True).source == server.address
    assert files_of(folder) == second.files


def test_another_folder_is_never_overwritten(tmp_path: Path) -> None:
    first = issues()[0]
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(BadInput, match="something that is no mirror"):
        served(first.files, tmp_path / "thesis", first)
    assert files_of(tmp_path / "thesis") == {"chapter.txt": b"years of work"}
    folder = mirror_of(first, tmp_path)
    other = issues(1, 0, 7)[0]
    with pytest.raises(BadInput, match="a mirror of another record"):
        served(other.files, folder, other)
    stands(folder, first)


def test_two_at_once_wait_for_each_other(tmp_path: Path) -> None:
    first = issues()[0]
    with arriving.Arriving(tmp_path / "copy"), pytest.raises(Busy):
        served(first.files, tmp_path / "copy", first)


def test_a_memory_of_another_record_stays(tmp_path: Path) -> None:
    first = issues()[0]
    memory = tmp_path / "memory.json"
    other = {"a" * 64: {"root": "b" * 64, "size": 5}}
    memory.write_text(json.dumps(other))
    served(first.files, tmp_path / "copy", first, memory=memory)
    said = json.loads(memory.read_text())
    assert said["a" * 64] == other["a" * 64]
    assert said[first.fingerprint]["size"] == len(first.contents)
    memory.write_text("{")
    with pytest.raises(BadInput, match="cannot be read"):
        served(first.files, tmp_path / "copy", first, memory=memory)


def test_links_in_the_way_are_refused(tmp_path: Path) -> None:
    first = issues()[0]
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "copy.arriving").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="a symbolic link stands in the way"):
        served(first.files, tmp_path / "copy", first)
    (tmp_path / "copy.arriving").unlink()
    (tmp_path / "copy").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="a symbolic link stands in the way"):
        served(first.files, tmp_path / "copy", first)
    assert files_of(tmp_path / "elsewhere") == {}


def test_what_lies_in_arriving_does_not_count_because_it_lies_there(tmp_path: Path) -> None:
    first = issues()[0]
    names = [line.split(b"  ")[0].decode() for line in first.files["MANIFEST"].splitlines()]
    for name in names:
        for place in (f"copy.arriving/files/{name}", f"copy.arriving/files/{name}.part"):
            (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / place).write_bytes(b"planted by another")
    served(first.files, tmp_path / "copy", first)
    assert files_of(tmp_path / "copy") == first.files


def test_the_command_says_what_came_of_it(tmp_path: Path) -> None:
    first, second, _ = issues()
    run = CliRunner()
    options = ["--trust", first.fingerprint, "--at", "2031-05-07T13:00:00Z"]
    with Server(first.files) as server:
        told = run.invoke(app, ["sync", server.address, str(tmp_path / "copy"), *options])
        assert told.exit_code == 0, told.output
        assert "yes  bulletin 1" in told.stdout
        assert f"from {server.address}: " in told.stdout
        told = run.invoke(app, ["sync", server.address, str(tmp_path / "copy"), *options])
        assert "nothing new" in told.stdout
        server.files = flipped(second.files, page(second))
        told = run.invoke(app, ["sync", server.address, str(tmp_path / "copy"), *options])
        assert isinstance(told.exception, CheckFailed)
        server.files = second.files
        told = run.invoke(app, ["sync", server.address, str(tmp_path / "copy"), *options, "--json"])
        said = json.loads(told.stdout)
        assert (said["answer"], said["changed"]) == ("yes", True)
    for wrong in (["--trust", "short"], ["--trust", "0" * 64, "--at", "noon"]):
        told = run.invoke(app, ["sync", "a", str(tmp_path / "copy"), *wrong])
        assert isinstance(told.exception, BadInput)
    told = run.invoke(app, ["sync", str(tmp_path), "http://mirror.example/", *options])
    assert isinstance(told.exception, BadInput)


def test_what_is_checked_is_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the check at the end, a release of one editor's choosing would be put in place."""
    growing = Growing()
    first = growing.one_more()
    folder = mirror_of(first, tmp_path)
    site = growing.site

    def lacking(number: int) -> dict[str, bytes]:
        files = {path: content for path, content in site(number).items() if path != "manifest.txt"}
        return {**files, "manifest.txt": manifest_of({**files, "never.html": b"not there"})}

    monkeypatch.setattr(growing, "site", lacking)
    second = growing.one_more()
    with pytest.raises(CheckFailed, match=r"missing: bulletin/never\.html"):
        served(second.files, folder, second)
    stands(folder, first)

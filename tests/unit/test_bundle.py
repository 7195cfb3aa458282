"""The writer of bundles: what it writes is accepted, the same each time, of parts that belong together."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from attacks.honest import EXHIBIT, Making
from holdfire.digests import digest
from holdfire.errors import BadInput
from holdfire.ledger.bundle import Parts, contents, files_in, write
from holdfire.ledger.entry import Entry, decode
from holdfire.ledger.log import Ledger
from holdfire.ledger.packing import pack
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import check


class _Record:
    """Entries in a list."""

    def __init__(self, contents: Sequence[bytes]) -> None:
        self.contents = contents

    def entries(self, kind: str | None = None, upto: int | None = None) -> Iterator[Entry]:
        for seq, content in enumerate(self.contents[:upto]):
            name = hashlib.sha256(b"\x00" + content).hexdigest()
            yield Entry(seq=seq, leaf=name, content=content)


@pytest.fixture(scope="module")
def making() -> Making:
    made = Making()
    made.entries()
    return made


@pytest.fixture
def parts(making: Making) -> Parts:
    return making.honest_parts(2)


def test_the_writer_and_a_second_reading_of_the_format_agree_byte_for_byte(parts: Parts) -> None:
    made = Making()
    bundle = made.bundle()
    written = list(write(_Record(made.contents), made.newest(), made.past, parts))
    assert dict(written) == bundle.files
    assert len(written) == len(bundle.files)
    assert written == list(write(_Record(made.contents), made.newest(), made.past, parts))
    assert contents(parts) == bundle.files["MANIFEST"]


def test_every_honest_entry_is_one_that_a_ledger_takes(making: Making, tmp_path: Path, parts: Parts) -> None:
    with Ledger.open(tmp_path / "ledger.db", write=True) as ledger:
        ledger.append(decode(content) for content in making.contents)
        assert dict(write(ledger, making.newest(), making.past, parts)) == Making().bundle().files


@pytest.mark.parametrize("size", [255, 256, 257, 511, 512, 513])
def test_bundles_of_logs_around_a_full_tile_are_accepted(size: int, tmp_path: Path) -> None:
    class Other(Making):
        def after(self) -> None:
            self.claims(size) if size > len(self.contents) else None

        def entries(self) -> None:
            super().entries()
            assert len(self.contents) == max(size, 276)

    made = Other()
    bundle = made.bundle()
    written = dict(write(_Record(made.contents), made.newest(), made.past, made.honest_parts(2)))
    assert written == bundle.files
    with (tmp_path / "bundle.zip").open("wb") as out:
        pack(written.items(), out)
    assert check(View(str(tmp_path / "bundle.zip")), bundle.fingerprint, None, bundle.at).yes


def test_a_folder_is_read_as_its_files(parts: Parts, tmp_path: Path) -> None:
    assert not isinstance(parts.bulletin, Path)
    for path, content in parts.bulletin:
        assert isinstance(content, bytes)
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    exhibit = tmp_path.with_name("exhibit")
    exhibit.write_bytes(EXHIBIT)
    from_disk = replace(parts, bulletin=tmp_path, exhibits={digest(EXHIBIT): exhibit})
    assert contents(from_disk) == contents(parts)
    assert [path for path, _ in files_in(tmp_path)] == sorted(path for path, _ in parts.bulletin)
    (tmp_path / "link.html").symlink_to(tmp_path / "index.html")
    with pytest.raises(BadInput, match="no plain file"):
        contents(from_disk)


def test_other_parts_than_those_signed_are_not_written(making: Making, parts: Parts) -> None:
    record, note = _Record(making.contents), making.newest()
    for other in (
        replace(parts, mirrors=()),
        replace(parts, page=b"other"),
        replace(parts, extras=()),
        replace(parts, exhibits={}),
    ):
        with pytest.raises(BadInput, match="other files than these"):
            list(write(record, note, making.past, other))


def test_what_does_not_belong_to_the_log_is_not_written(making: Making, parts: Parts) -> None:
    record = _Record(making.contents)
    with pytest.raises(BadInput, match="no checkpoint"):
        list(write(record, b"checkpoint", {}, parts))
    with pytest.raises(BadInput, match="not of this log"):
        list(write(_Record([*making.contents[:-1], b'{"kind":"x"}']), making.newest(), {}, parts))
    with pytest.raises(BadInput, match="no release"):
        list(write(record, making.past[60], {}, parts))
    first = making.past[124]
    with pytest.raises(BadInput, match="other files than these"):
        list(write(record, first, {}, parts))
    written = dict(write(record, first, making.past, making.honest_parts(1)))
    assert sorted(path for path in written if path.startswith("checkpoints/")) == ["checkpoints/60"]


def test_a_page_without_its_determination_is_not_written(making: Making) -> None:
    class Missing(Making):
        def determination(self, name: str) -> dict[str, object]:
            return {**super().determination(name), "determination_id": f"{name}-other"}

    made = Missing()
    made.entries()
    with pytest.raises(BadInput, match="does not hold"):
        list(write(_Record(made.contents), made.newest(), {}, made.honest_parts(2)))


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("../evil", "climbs out"),
        ("exports/a\\b", "backslash"),
        ("exports/" + "x" * 241, "too long"),
        ("log/tile/0/000", "kept for the log"),
        ("checkpoint", "kept for the log"),
        ("README.txt", "one on some systems"),
        ("readme.TXT", "one on some systems"),
        ("README.txt/more", "one on some systems"),
    ],
)
def test_a_path_that_cannot_stand_in_a_bundle_is_refused(parts: Parts, extra: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        contents(replace(parts, extras=[(extra, b"x")]))


def test_a_bulletin_without_its_manifest_and_a_misnamed_exhibit_are_refused(parts: Parts) -> None:
    assert not isinstance(parts.bulletin, Path)
    bare = [each for each in parts.bulletin if each[0] != "manifest.txt"]
    with pytest.raises(BadInput, match=r"no manifest\.txt"):
        contents(replace(parts, bulletin=bare))
    with pytest.raises(BadInput, match="not named by its digest"):
        contents(replace(parts, exhibits={"0" * 64: EXHIBIT}))


def test_a_packed_bundle_is_the_same_whenever_it_is_packed(tmp_path: Path) -> None:
    files = {"b/é.txt": b"2", "a.txt": b"1" * 1000, "c": b""}
    out, other = io.BytesIO(), io.BytesIO()
    pack(files.items(), out)
    pack(reversed(files.items()), other)
    assert out.getvalue() == other.getvalue()
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["a.txt", "b/é.txt", "c"]
        assert {name: archive.read(name) for name in archive.namelist()} == files
    (tmp_path / "x.zip").write_bytes(out.getvalue())
    view = View(str(tmp_path / "x.zip"))
    assert not view.findings.all
    assert {path: view.read(path) for path in view.sizes} == files


def test_more_files_than_a_zip_holds_are_refused() -> None:
    with pytest.raises(BadInput, match="65534"):
        pack([(str(n), b"") for n in range(65_535)], io.BytesIO())

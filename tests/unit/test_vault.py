"""The vault keeps bytes, gives them back, and lets go of them."""

from __future__ import annotations

import hashlib
import io
import os
import random
import stat
from pathlib import Path

import pytest

from holdfire.errors import BadInput, Busy, HoldfireError
from holdfire.ledger import sealing, vault
from holdfire.ledger.vault import Vault

REPORT = b"Three shells fell east of the mill at dusk.\n"


def chance(seed: int = 1) -> random.Random:
    return random.Random(seed)


@pytest.fixture
def held(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "vault", write=True, random=chance().randbytes)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_vault_that_is_not_there_is_empty_and_is_not_made_by_reading(tmp_path: Path) -> None:
    with Vault.open(tmp_path / "vault") as absent:
        assert absent.all() == []
        assert "0" * 64 not in absent
        assert absent.find(REPORT) is None
        assert absent.check() == []
        assert absent.backups() == []
    assert not (tmp_path / "vault").exists()


def test_bytes_come_back_under_a_commitment_that_needs_its_salt(held: Vault) -> None:
    name = held.put(REPORT, {"file": "east.md", "cite": "page 3"})
    assert held.read(name) == REPORT
    assert held.label(name) == {"file": "east.md", "cite": "page 3"}
    assert held.size_of(name) == len(REPORT)
    assert name in held
    assert held.all() == [name]
    salt = held._held(name).salt
    assert hashlib.sha256(b"\x02" + salt + REPORT).hexdigest() == name
    assert held.check() == []


def test_the_same_bytes_are_one_blob_however_they_come(held: Vault, tmp_path: Path) -> None:
    name = held.put(REPORT, {"file": "one"})
    (tmp_path / "file").write_bytes(REPORT)
    with (tmp_path / "file").open("rb") as file:
        assert held.put(file, {"file": "two"}) == name
    read, write = os.pipe()
    os.write(write, REPORT)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        assert held.put(pipe, {}) == name
    other = b"another"
    assert held.put_many([(REPORT, {}), (other, {}), (other, {})])[0] == name
    assert held.label(name) == {"file": "one"}
    assert len(held.all()) == len(files(held.folder / vault.BLOBS)) == 2


def test_two_vaults_give_one_report_two_names(held: Vault, tmp_path: Path) -> None:
    with Vault.open(tmp_path / "other", write=True) as other:
        assert other.put(REPORT, {}) != held.put(REPORT, {})


def test_the_same_randomness_gives_the_same_names(tmp_path: Path) -> None:
    names = []
    for place in "ab":
        with Vault.open(tmp_path / place, write=True, random=chance(7).randbytes) as each:
            names.append([each.put(REPORT, {}), each.put(b"x" * 200_000, {})])
    assert names[0] == names[1]


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 1 << 20, (1 << 20) + 1, 3_000_000])
def test_any_size_is_read_whole_and_from_anywhere(held: Vault, size: int) -> None:
    content = chance(size).randbytes(size)
    name = held.put(io.BytesIO(content), {})
    assert held.read(name) == content
    with held.open_(name) as file:
        assert file.read() == content
        for _ in range(20):
            start, count = chance(size).randrange(size + 1), chance(size + 1).randrange(200_000)
            file.seek(start)
            assert file.read(count) == content[start : start + count]
        assert file.seek(0, io.SEEK_END) == size
        assert file.seek(-min(3, size), io.SEEK_END) == size - min(3, size)
        assert file.read(100) == content[size - min(3, size) :]


def test_a_file_is_read_from_where_it_stands(held: Vault) -> None:
    file = io.BytesIO(b"skipped" + REPORT)
    file.seek(7)
    assert held.read(held.put(file, {})) == REPORT
    file.seek(7)
    assert held.find(file) == held.all()[0]
    assert file.tell() == 7


def test_find_knows_what_is_held(held: Vault) -> None:
    name = held.put(REPORT, {})
    assert held.find(REPORT) == name
    assert held.find(b"a guess") is None


def test_nothing_of_a_report_stands_in_any_file(held: Vault) -> None:
    held.put(REPORT, {"file": "the-name-of-a-file.md"})
    for path in files(held.folder):
        content = path.read_bytes()
        assert b"mill" not in content
        assert b"name-of-a-file" not in content
        assert hashlib.sha256(REPORT).hexdigest() not in str(path)


def test_only_its_owner_reads_it(held: Vault) -> None:
    held.put(REPORT, {})
    for path in (held.folder / vault.KEYS, *files(held.folder / vault.BLOBS)):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077
    assert not stat.S_IMODE(held.folder.stat().st_mode) & 0o077


def test_a_label_is_text_and_can_be_changed(held: Vault) -> None:
    name = held.put(REPORT, {"file": "a\udcff.md", "cite": "صفحة ٣"})
    assert held.label(name) == {"file": "a\udcff.md", "cite": "صفحة ٣"}
    held.relabel(name, {"file": "b.md"})
    assert held.label(name) == {"file": "b.md"}
    for wrong in ({"file": 3}, {"file": "x" * 70_000}):
        with pytest.raises(BadInput, match="label"):
            held.put(b"more", wrong)  # type: ignore[arg-type]
    assert len(held.all()) == 1


def test_one_writes_at_a_time_and_others_read(held: Vault) -> None:
    name = held.put(REPORT, {})
    with Vault.open(held.folder) as reader:
        assert reader.read(name) == REPORT
        with pytest.raises(HoldfireError, match="not open to write"):
            reader.put(b"x", {})
        later = held.put(b"later", {})
        assert reader.all() == sorted([name, later])
        held.destroy(name)
        assert name not in reader
        assert reader.all() == [later]
    with pytest.raises(Busy):
        Vault.open(held.folder, write=True)
    held.close()
    with pytest.raises(HoldfireError, match="closed"):
        held.all()


def test_what_is_destroyed_is_gone(held: Vault) -> None:
    kept, name = held.put(b"stays", {}), held.put(REPORT, {"file": "x"})
    path = held.folder / vault.BLOBS / held._held(name).id[:2] / held._held(name).id
    assert path.exists()
    assert held.destroy(name)
    assert not held.destroy(name)
    assert not path.exists()
    assert name not in held
    assert held.find(REPORT) is None
    for ask in (held.read, held.label, held.size_of, held.open_):
        with pytest.raises(HoldfireError, match="does not hold"):
            ask(name)
    assert held.read(kept) == b"stays"
    assert held.check() == []
    assert held.put(REPORT, {}) != name


def test_a_name_of_no_form_is_not_held(held: Vault) -> None:
    for name in ("", "..", "x" * 64, "A" * 64, "é" * 64):
        assert name not in held
        assert not held.destroy(name)


def test_a_destruction_cut_short_is_finished_by_the_next_writer(
    held: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = held.put(REPORT, {})
    path = files(held.folder / vault.BLOBS)[0]
    monkeypatch.setattr(Vault, "_finish", lambda self: None)
    held.destroy(name)
    held.close()
    assert path.exists()
    monkeypatch.undo()
    with Vault.open(held.folder, write=True) as again:
        assert not path.exists()
        assert again.check() == []


def test_a_put_that_fails_leaves_nothing(held: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().read(size)

    for _ in range(2):
        with pytest.raises(HoldfireError, match="Input"):
            held.put_many([(REPORT, {}), (Broken(bytes(3_000_000)), {})])
    assert held.all() == []
    assert files(held.folder / vault.BLOBS) == []


def test_a_full_disk_is_told_in_our_words(held: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("holdfire.ledger.blobfiles.seal_stream", full)
    with pytest.raises(HoldfireError, match="No space left"):
        held.put(REPORT, {})
    assert files(held.folder / vault.BLOBS) == []


def test_tidy_removes_orphans_alone_and_nothing_while_the_table_is_damaged(held: Vault) -> None:
    name = held.put(REPORT, {})
    orphan = held.folder / vault.BLOBS / "ab" / ("ab" * 16)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(sealing.MAGIC)
    assert [problem.problem for problem in held.check()] == ["a file that the vault does not know"]
    held._table._database.execute("UPDATE blob SET sealed = zeroblob(90)")  # type: ignore[union-attr]
    with pytest.raises(BadInput, match="damaged"):
        held.tidy()
    assert orphan.exists()
    assert held.destroy(name)
    assert len(held.tidy()) == 2
    assert held.check() == []


def test_links_are_refused(held: Vault, tmp_path: Path) -> None:
    name = held.put(REPORT, {})
    path = files(held.folder / vault.BLOBS)[0]
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HoldfireError, match="cannot be read"):
        held.read(name)
    assert held.check()
    held.close()
    (held.folder / vault.KEYS).rename(tmp_path / "keys")
    (held.folder / vault.KEYS).symlink_to(tmp_path / "keys")
    for write in (False, True):
        with pytest.raises(BadInput, match="symbolic link"):
            Vault.open(held.folder, write=write)


def test_another_database_is_refused(tmp_path: Path) -> None:
    import sqlite3

    database = sqlite3.connect(tmp_path / vault.KEYS)
    database.execute("CREATE TABLE other (x)")
    database.commit()
    database.close()
    with pytest.raises(BadInput, match="no table of keys"):
        Vault.open(tmp_path)


def test_a_vault_on_a_disk_that_cannot_be_written_is_read(
    held: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = held.put(REPORT, {})
    held.close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Vault.open(held.folder) as reader:
        assert reader.read(name) == REPORT


def test_a_pseudonym_is_of_this_vault_alone(held: Vault, tmp_path: Path) -> None:
    assert held.pseudonym("a") == held.pseudonym("a") != held.pseudonym("b")
    with Vault.open(tmp_path / "other", write=True) as other:
        assert other.pseudonym("a") != held.pseudonym("a")

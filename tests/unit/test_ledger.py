"""The ledger: what is appended stays, once, in its place."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from holdfire.errors import BadInput, Busy, HoldfireError
from holdfire.ledger import schema, tree
from holdfire.ledger.entry import encode, leaf_hash
from holdfire.ledger.log import Ledger

DIGEST = "0" * 64


def retraction(number: int, reason: str = "r") -> dict[str, object]:
    return {"kind": "retraction", "of": f"{number:064x}", "at": "2016-03-01T00:00Z", "reason": reason}


REPORT = {
    "kind": "report",
    "report": DIGEST,
    "source": "wire",
    "received": "2016-03-01T00:00Z",
    "format": "text",
}


def test_what_is_appended_is_read_again_in_order(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        ledger.append([REPORT, retraction(1)])
        ledger.append([retraction(2)])
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        assert [entry.value for entry in ledger.entries()] == [REPORT, retraction(1), retraction(2)]
        assert [entry.seq for entry in ledger.entries()] == [0, 1, 2]
        assert [entry.value for entry in ledger.entries("report")] == [REPORT]
        assert ledger.size == 3
        assert ledger.check() == []


def test_the_same_value_again_is_the_entry_that_is_there(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        first = ledger.append([retraction(1), retraction(2), retraction(1)])
        assert [entry.seq for entry in first] == [0, 1, 0]
        head = ledger.head
        assert ledger.append([dict(reversed(retraction(2).items()))]) == [first[1]]
        assert (ledger.size, ledger.head) == (2, head)


def test_a_ledger_that_is_not_there_reads_as_empty_and_is_not_made(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "no" / "l.sqlite") as ledger:
        assert ledger.size == 0
        assert list(ledger.entries()) == []
        assert ledger.head == ledger.root(0) == tree.EMPTY_ROOT.hex()
        assert ledger.check() == []
    assert not list(tmp_path.iterdir())


def test_a_file_that_holds_nothing_yet_reads_as_empty(tmp_path: Path) -> None:
    (tmp_path / "l.sqlite").touch()
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        assert ledger.size == 0
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        assert ledger.append([REPORT])[0].seq == 0


def test_a_prefix_is_what_was_known_then(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        ledger.append([retraction(1), retraction(2)])
        then = ledger.head
        ledger.append([retraction(3)])
        assert [entry.seq for entry in ledger.entries(upto=2)] == [0, 1]
        assert ledger.root(2) == then
        assert ledger.root(3) == ledger.head != then
        with pytest.raises(BadInput, match="has 3 entries, not 4"):
            list(ledger.entries(upto=4))


def test_an_entry_is_proved_to_be_in_the_head(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        entries = ledger.append([retraction(number) for number in range(7)])
        proof = [bytes.fromhex(each) for each in ledger.inclusion(4, 7)]
        head = bytes.fromhex(ledger.head)
        assert tree.included(leaf_hash(entries[4].content), 4, 7, proof, head)
        assert not tree.included(leaf_hash(entries[3].content), 4, 7, proof, head)


def test_entries_leave_for_a_bundle_when_it_is_full_and_read_as_before(tmp_path: Path) -> None:
    values = [retraction(number) for number in range(600)]
    values[300] = REPORT
    path = tmp_path / "l.sqlite"
    with Ledger.open(path, write=True) as ledger, Ledger.open(path) as early:
        for start in range(0, 600, 7):
            ledger.append(values[start : start + 7])
            assert [entry.value for entry in ledger.entries(after=start)] == values[start : start + 7]
        reading = early.entries(upto=0)
        assert list(reading) == []
        with Ledger.open(path) as reader:
            assert [entry.value for entry in reader.entries()] == values
            assert [entry.seq for entry in reader.entries("report")] == [300]
            assert [entry.seq for entry in reader.entries(("report", "run"), upto=300)] == []
            assert [e.seq for e in reader.entries(("report", "retraction"), 302, 299)] == [299, 300, 301]
            assert list(reader.entries("rep")) == []
            assert [reader.entry(seq).value for seq in (0, 255, 256, 599)] == [
                values[seq] for seq in (0, 255, 256, 599)
            ]
            for seq in (-1, 600):
                with pytest.raises(IndexError):
                    reader.entry(seq)


def test_a_span_that_is_filled_while_it_is_read_is_read_as_it_was(tmp_path: Path) -> None:
    values = [retraction(number) for number in range(1000)]
    path = tmp_path / "l.sqlite"
    with Ledger.open(path, write=True) as ledger, Ledger.open(path) as reader:
        ledger.append(values[:300])
        reading = reader.entries()
        seen = [next(reading).value]
        ledger.append(values[300:700])  # the 44 that filled no bundle now fill one
        seen += [entry.value for entry in reading]
        assert seen == values[:300]
        assert reader.size == 700
        assert reader.root(300) == ledger.root(300)


def test_an_entry_is_found_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger.open(path, write=True) as ledger, Ledger.open(path) as reader:
        assert reader.find(DIGEST) is None
        for count in (5, 300, 5000):
            entries = ledger.append([retraction(number) for number in range(count)])
            for entry in (entries[0], entries[count // 2], entries[-1]):
                assert ledger.find(entry.leaf) == reader.find(entry.leaf) == entry
            assert ledger.find(DIGEST) is None
            assert reader.find(DIGEST) is None
            assert reader.find(entries[0].leaf[:16] + "0" * 48) is None


def test_entries_that_are_encoded_already_are_added_once(tmp_path: Path) -> None:
    contents = [encode(retraction(number % 900)) for number in range(1000)]
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        assert ledger.append_encoded(contents) == 900
        assert ledger.append_encoded(contents) == 0
        assert ledger.append_encoded([]) == 0
        assert [entry.content for entry in ledger.entries()] == contents[:900]
        assert ledger.check() == []
        bad = [encode(REPORT), b'{"kind": "run"}', b'{"kind":"rumour"}', b"\xff", b"x" * 70_000]
        with pytest.raises(BadInput) as caught:
            ledger.append_encoded(contents + bad)
        places = dict.fromkeys(problem.where for problem in caught.value.problems)
        assert list(places) == ["entry 1002", "entry 1003", "entry 1004", "entry 1005"]
        assert ledger.size == 900
    with (
        Ledger.open(tmp_path / "l.sqlite") as reader,
        pytest.raises(HoldfireError, match="not open to write"),
    ):
        reader.append_encoded(contents)


def test_one_bad_value_adds_none_and_the_ledger_goes_on(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        with pytest.raises(BadInput) as caught:
            ledger.append([retraction(1), {**REPORT, "reprint": 1}, {"kind": "rumour"}])
        assert [problem.where for problem in caught.value.problems] == ["entry 2, reprint", "entry 3, kind"]
        assert ledger.size == 0
        ledger.append([retraction(1)])
        assert ledger.size == 1


def test_a_second_writer_is_told_at_once_and_readers_do_not_wait(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger.open(path, write=True) as writer:
        writer.append([retraction(1)])
        started = time.monotonic()
        with pytest.raises(Busy, match="another Holdfire is writing"):
            Ledger.open(path, write=True)
        with Ledger.open(path) as reader:
            assert reader.size == 1
            writer.append([retraction(2)])
            assert reader.size == 2
        assert time.monotonic() - started < 2
    with Ledger.open(path, write=True) as again:
        assert again.size == 2


def test_another_process_is_a_second_writer_too(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    program = (
        "import sys; from pathlib import Path; from holdfire.ledger.log import Ledger\n"
        "from holdfire.errors import Busy\n"
        "try: Ledger.open(Path(sys.argv[1]), write=True)\n"
        "except Busy: print('busy')\n"
    )
    with Ledger.open(path, write=True):
        assert child(program, path) == "busy\n"


def child(program: str, path: Path) -> str:
    """Run a program in another process and return what it prints."""
    return subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(tree.__file__).parents[2])},
        check=True,
    ).stdout


READ_WITHOUT_RIGHTS = """
import os, sys
from pathlib import Path
from holdfire.errors import HoldfireError
from holdfire.ledger.log import Ledger
os.getuid() or os.setuid(65534)
path = Path(sys.argv[1])
with Ledger.open(path) as ledger:
    print(ledger.size, [entry.seq for entry in ledger.entries()], ledger.check())
try:
    Ledger.open(path, write=True)
except HoldfireError as error:
    print(error.problems[0].problem)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs the rights of a POSIX file system")
def test_a_ledger_on_a_disc_that_cannot_be_written_is_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "l.sqlite"
        with Ledger.open(path, write=True) as ledger:
            ledger.append([retraction(1), retraction(2)])
        assert not path.with_name("l.sqlite-wal").exists()
        path.with_name("l.sqlite-wal").touch()  # as a reader that closed last leaves it
        Path(folder).chmod(0o555)
        path.with_name("l.sqlite.lock").chmod(0o444)
        said = child(READ_WITHOUT_RIGHTS, path)
        Path(folder).chmod(0o755)
    assert said.splitlines() == ["2 [0, 1] []", "the lock cannot be taken: Permission denied"]


def test_a_reading_goes_on_over_what_there_was_when_it_began(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        ledger.append([retraction(1), retraction(2)])
        seen = []
        for entry in ledger.entries():
            seen.append(entry.seq)
            ledger.append([retraction(10 + entry.seq)])
        assert seen == [0, 1]
        assert ledger.size == 4


def test_a_reader_cannot_append_and_a_closed_ledger_does_not_read_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        ledger.append([retraction(1)])
    with Ledger.open(path) as reader, pytest.raises(HoldfireError, match="not open to write"):
        reader.append([retraction(2)])
    with pytest.raises(HoldfireError, match="the ledger is closed"):
        _ = ledger.size


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET content = content",
        "DELETE FROM entry WHERE seq = 257",
        "DELETE FROM entry",
        "DELETE FROM head",
        "DELETE FROM bundle",
        "UPDATE tile SET root = root",
        "INSERT INTO bundle SELECT 9, kinds, mark, content FROM bundle",
        "INSERT OR REPLACE INTO bundle SELECT * FROM bundle",
        "INSERT OR REPLACE INTO tile SELECT * FROM tile",
        "UPDATE head SET root = root",
        "INSERT INTO entry SELECT 9, randomblob(32), x'7b7d'",
        "INSERT OR REPLACE INTO entry SELECT 257, randomblob(32), x'7b7d'",
        "INSERT OR REPLACE INTO head VALUES (258, randomblob(32))",
        "INSERT INTO head VALUES (9, randomblob(32))",
    ],
)
def test_the_database_itself_refuses_to_change(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        ledger.append([retraction(number) for number in range(258)])
    database = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"only added to|one after another|speaks of all"):
        database.execute(statement)
    database.close()
    with Ledger.open(path) as ledger:
        assert ledger.check() == []


def test_it_is_set_as_the_decision_says(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", write=True) as ledger:
        database = ledger._connection()
        assert database is not None
        asked = {
            name: database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "application_id")
        }
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "application_id": 0x484F4C44,
    }


def test_the_write_ahead_log_does_not_stay_as_large_as_a_large_group(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        ledger.append_encoded([encode(retraction(number, "r" * 1000)) for number in range(10_000)])
        ledger.append([REPORT])
        assert path.with_name("l.sqlite-wal").stat().st_size <= schema.LOG
    assert not path.with_name("l.sqlite-wal").exists()


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE t (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    for write in (False, True):
        with pytest.raises(BadInput, match="this database is not a ledger"):
            Ledger.open(path, write=write)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("layout", "hint"),
    [(1, "layout 1 was never released"), (3, "use the Holdfire that made it, or a newer one")],
)
def test_a_ledger_of_another_layout_is_refused(tmp_path: Path, layout: int, hint: str) -> None:
    path = tmp_path / "l.sqlite"
    Ledger.open(path, write=True).close()
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA user_version = {layout}")
    database.close()
    for write in (False, True):
        with pytest.raises(BadInput, match=f"layout {layout}; this Holdfire reads layout 2") as caught:
            Ledger.open(path, write=write)
        assert caught.value.problems[0].hint.startswith(hint)


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "l.sqlite").symlink_to(tmp_path / "elsewhere")
    for write in (False, True):
        with pytest.raises(BadInput, match="symbolic link"):
            Ledger.open(tmp_path / "l.sqlite", write=write)
    (tmp_path / "m.sqlite.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="the lock is a symbolic link"):
        Ledger.open(tmp_path / "m.sqlite", write=True)
    assert not (tmp_path / "elsewhere").exists()


def test_an_error_of_the_disk_closes_the_ledger_and_adds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger.open(path, write=True) as ledger:
        ledger.append([retraction(1)])
        database = ledger._connection()
        assert database is not None
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(HoldfireError) as caught:
            ledger.append([retraction(number, "x" * 4000) for number in range(2, 40)])
        assert caught.value.problems[0].hint == "free some space"
        with pytest.raises(HoldfireError, match="closed"):
            ledger.append([retraction(2)])
    with Ledger.open(path, write=True) as again:
        assert [entry.value for entry in again.entries()] == [retraction(1)]
        again.append([retraction(2)])

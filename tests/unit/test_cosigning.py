"""The witness refuses every other history, remembers before it signs, and never forgets."""

from __future__ import annotations

import base64
import json
import os
import signal
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from holdfire import signing
from holdfire.doors.witness_server import LARGEST, answer, server
from holdfire.errors import BadInput, Busy, CheckFailed
from holdfire.ledger import checkpoints, growth
from holdfire.ledger.cosigning import Witness
from holdfire.ledger.entry import encode
from holdfire.ledger.growth import Growth, Refused
from holdfire.ledger.keys import PrivateKey, written
from holdfire.ledger.keysets import parse
from holdfire.ledger.lock import Lock
from holdfire.ledger.log import Ledger
from holdfire.ledger.verifying.notes import Checkpoint, Line, origin_of
from holdfire.ledger.verifying.trees import leaf_of, node_of, root_of_leaves
from signatures import ADA, BEN, CLEO, LOG, NORTH, begun, keyset, note, person, signed, tiles

NOW = 1_456_833_600
FIRST = signed(keyset(Ledger.open(Path("none-such.sqlite"))), ADA, BEN)
TRUST = parse(FIRST).leaf
ORIGIN = origin_of(LOG.public)


def entries(*texts: str) -> list[bytes]:
    """Return a log's entries: keyset 1, then one a text."""
    return [encode(FIRST), *(encode(note(text)) for text in texts)]


OLD = entries(*"abcdefg")
GROWN = [*OLD, encode(note("h")), encode(note("i"))]
FORKED = [*OLD, encode(note("x")), encode(note("i"))]  # grown from OLD as honestly as GROWN, by itself
REWRITTEN = {
    "rewrite an old entry": [*OLD[:3], encode(note("x")), *GROWN[4:]],
    "delete one": [*OLD[:3], *GROWN[4:]],
    "insert one back-dated": [*OLD[:3], encode(note("x")), *GROWN[3:]],
    "swap two": [*OLD[:3], OLD[4], OLD[3], *GROWN[5:]],
    "truncate": OLD[:5],
    "rewrite at the same size": [*OLD[:-1], encode(note("x"))],
}


def checkpoint(contents: Sequence[bytes], key: PrivateKey = LOG) -> bytes:
    """Return the checkpoint of a log."""
    root = root_of_leaves(leaf_of(each) for each in contents)
    return checkpoints.made(Checkpoint(ORIGIN, len(contents), root), key)


def whole(contents: Sequence[bytes], trust: str = TRUST) -> Growth:
    """Return the growth that all entries of a log show."""
    return growth.by_whole(lambda size: iter(contents[:size]), trust)


def proof(contents: Sequence[bytes], old: int) -> list[bytes]:
    """Return the consistency proof by the recursion of RFC 6962 section 2.1.2, as it stands there."""

    def root(leaves: Sequence[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        split = 1 << (len(leaves) - 1).bit_length() - 1
        return node_of(root(leaves[:split]), root(leaves[split:]))

    def sub(size: int, leaves: Sequence[bytes], known: bool) -> list[bytes]:
        if size == len(leaves):
            return [] if known else [root(leaves)]
        split = 1 << (len(leaves) - 1).bit_length() - 1
        if size <= split:
            return [*sub(size, leaves[:split], known), root(leaves[split:])]
        return [*sub(size - split, leaves[split:], False), root(leaves[:split])]

    leaves = [leaf_of(each) for each in contents]
    return sub(old, leaves, True) if 0 < old <= len(leaves) else []


def begin(folder: Path) -> Witness:
    """Return a witness that has cosigned OLD."""
    witness = Witness(NORTH, folder / "state")
    witness.cosign(checkpoint(OLD), whole(OLD), NOW)
    return witness


def holds(line: Line, contents: Sequence[bytes], seconds: int = NOW) -> bool:
    """Return whether a line is north's cosignature of a log."""
    own = checkpoints.opened(checkpoint(contents))[0]
    return checkpoints.by_witnesses(own._replace(lines=(line,)), {"north": NORTH.public}) == {
        "north": [seconds]
    }


def test_honest_growth_is_cosigned(tmp_path: Path) -> None:
    witness = begin(tmp_path)
    assert holds(witness.cosign(checkpoint(GROWN), whole(GROWN, ""), NOW), GROWN)
    assert witness.known()[ORIGIN].size == len(GROWN)


def test_honest_growth_is_cosigned_by_a_proof(tmp_path: Path) -> None:
    witness = begin(tmp_path)
    shown = growth.by_proof(len(OLD), proof(GROWN, len(OLD)))
    assert holds(witness.cosign(checkpoint(GROWN), shown, NOW), GROWN)


def test_the_same_checkpoint_is_cosigned_again_for_its_freshness(tmp_path: Path) -> None:
    witness = begin(tmp_path)
    before = (tmp_path / "state").read_bytes()
    assert holds(witness.cosign(checkpoint(OLD), growth.by_proof(len(OLD), []), NOW + 99), OLD, NOW + 99)
    assert (tmp_path / "state").read_bytes() == before


@pytest.mark.parametrize("attack", REWRITTEN)
def test_another_history_is_refused(tmp_path: Path, attack: str) -> None:
    witness, forged = begin(tmp_path), REWRITTEN[attack]
    before = (tmp_path / "state").read_bytes()
    with pytest.raises(Refused):
        witness.cosign(checkpoint(forged), whole(forged), NOW)
    for old in (len(OLD), len(forged), 0):
        with pytest.raises(Refused):
            witness.cosign(checkpoint(forged), growth.by_proof(old, proof(forged, old)), NOW)
        with pytest.raises(Refused):
            witness.cosign(checkpoint(forged), growth.by_proof(old, proof(GROWN, old)), NOW)
    assert (tmp_path / "state").read_bytes() == before
    assert holds(witness.cosign(checkpoint(GROWN), whole(GROWN), NOW), GROWN), "and the honest log goes on"


@pytest.mark.parametrize("attack", REWRITTEN)
def test_a_witness_without_memory_signs_both_histories(tmp_path: Path, attack: str) -> None:
    """The control: what refuses above is the memory and nothing else."""
    forged = REWRITTEN[attack]
    begin(tmp_path / "one")
    fresh = Witness(NORTH, tmp_path / "other" / "state")
    assert holds(fresh.cosign(checkpoint(forged), whole(forged), NOW), forged)


def test_entries_that_do_not_lead_to_the_root_are_refused(tmp_path: Path) -> None:
    witness = Witness(NORTH, tmp_path / "state")
    with pytest.raises(Refused, match="do not lead"):
        witness.cosign(checkpoint(GROWN), whole(REWRITTEN["swap two"]), NOW)
    assert witness.known() == {}


def test_the_first_time_the_fingerprint_is_asked_for(tmp_path: Path) -> None:
    witness = Witness(NORTH, tmp_path / "state")
    with pytest.raises(BadInput) as raised:
        witness.cosign(checkpoint(OLD), whole(OLD, ""), NOW)
    assert f"--trust {TRUST}" in str(raised.value)
    assert signing.short_code(TRUST) in str(raised.value)
    with pytest.raises(Refused, match="another fingerprint"):
        witness.cosign(checkpoint(OLD), whole(OLD, "a" * 64), NOW)
    with pytest.raises(Refused, match="not known here"):
        witness.cosign(checkpoint(OLD), growth.by_proof(0, []), NOW)
    assert witness.known() == {}


def test_a_log_that_is_signed_by_another_key_is_refused(tmp_path: Path) -> None:
    witness = begin(tmp_path)
    with pytest.raises(Refused, match="did not sign") as raised:
        witness.cosign(checkpoint(GROWN, ADA), whole(GROWN), NOW)
    assert raised.value.status == 403
    assert witness.known()[ORIGIN].size == len(OLD)


def test_a_log_under_a_borrowed_origin_is_refused(tmp_path: Path) -> None:
    """Another log, whole and rightly signed by its own key, under our origin."""
    other = signed({**keyset(Ledger.open(tmp_path / "none")), "log": written(person("log").public)}, ADA, BEN)
    contents = [encode(other), encode(note("a"))]
    with pytest.raises(Refused, match="does not fit its origin"):
        Witness(NORTH, tmp_path / "state").cosign(
            checkpoint(contents, person("log")), whole(contents, ""), NOW
        )


def test_a_changed_log_key_is_taken_from_the_log_itself(tmp_path: Path) -> None:
    witness, after = begin(tmp_path), person("log")
    with begun(tmp_path / "case") as ledger:
        change = signed(keyset(ledger, log=after.public), ADA, CLEO)
    contents = [*GROWN, encode(change)]
    shown = growth.by_proof(len(OLD), proof(contents, len(OLD)))
    with pytest.raises(Refused, match="did not sign"):
        witness.cosign(checkpoint(contents, after), shown, NOW)  # a proof does not show the change
    with pytest.raises(Refused, match="did not sign"):
        witness.cosign(checkpoint(contents, LOG), whole(contents), NOW)  # the old key signs no longer
    assert witness.cosign(checkpoint(contents, after), whole(contents), NOW)
    assert witness.known()[ORIGIN].log == after.public


def test_a_key_change_that_editors_did_not_sign_is_refused(tmp_path: Path) -> None:
    witness = begin(tmp_path)
    with begun(tmp_path / "case") as ledger:
        change = signed(keyset(ledger, log=person("log").public), ADA)
    contents = [*GROWN, encode(change)]
    with pytest.raises((BadInput, CheckFailed)):
        witness.cosign(checkpoint(contents, person("log")), whole(contents), NOW)
    assert witness.known()[ORIGIN].size == len(OLD)


@pytest.mark.parametrize("damage", ["gone", "empty", "bit", "words", "list"])
def test_a_lost_or_damaged_memory_stops_the_witness(tmp_path: Path, damage: str) -> None:
    begin(tmp_path)
    state = tmp_path / "state"
    content = state.read_bytes()
    size = content.index(b'"size":') + 7
    changed = {
        "empty": b"",
        "bit": content[:size] + b"1" + content[size + 1 :],
        "words": b"words",
        "list": b"[]",
    }
    state.unlink()
    if damage != "gone":
        state.write_bytes(changed[damage])
    with pytest.raises(BadInput, match="lost or damaged"):
        Witness(NORTH, state)
    assert state.exists() == (damage != "gone"), "nothing is begun anew where something was"


def test_an_older_memory_put_back_is_not_noticed_but_sizes_never_shrink(tmp_path: Path) -> None:
    """A copy from before the last cosignature looks like the last: docs/do/run-a-witness.md says so."""
    witness = begin(tmp_path)
    with pytest.raises(Refused, match="does not go back"):
        witness._store({ORIGIN: growth.Known(1, bytes(32), LOG.public, TRUST)})


def test_while_one_is_at_work_another_waits(tmp_path: Path) -> None:
    witness = begin(tmp_path)
    with Lock(tmp_path / "state.lock"), pytest.raises(Busy):
        witness.cosign(checkpoint(GROWN), whole(GROWN), NOW)


def _in_child(work: Callable[[], bytes]) -> tuple[bytes, int]:
    """Run `work` in a process of its own; return what it had said when it ended, and how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            os.write(writing, work())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as opened:
        said = opened.read()
    return said, os.waitpid(child, 0)[1]


def _killed_at(step: int, work: Callable[[], bytes]) -> tuple[bytes, bool]:
    """Run `work` in a child that is killed before its n-th system call on files, or right after it."""

    def counted() -> bytes:
        calls = 0

        def wrap(call: Callable[..., object]) -> Callable[..., object]:
            def wrapped(*args: object, **options: object) -> object:
                nonlocal calls
                calls += 1
                if calls == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                found = call(*args, **options)
                calls += 1
                if calls == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return found

            return wrapped

        for name in ("open", "fsync", "replace", "link", "rename", "unlink", "close", "write"):
            setattr(os, name, wrap(getattr(os, name)))
        return work()

    said, status = _in_child(counted)
    return said, os.WIFSIGNALED(status)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("fresh", [True, False])
def test_killed_at_any_moment_it_signs_one_history(tmp_path: Path, fresh: bool) -> None:
    """Killed at each step of cosigning one history, it is then offered the other, and the first again."""
    kills, both, step, killed = 0, 0, 0, True
    while killed:
        step += 1
        state = tmp_path / str(step) / "state"
        if not fresh:
            begin(state.parent)

        def honest(state: Path = state) -> bytes:
            return Witness(NORTH, state).cosign(checkpoint(GROWN), whole(GROWN), NOW).written().encode()

        said, killed = _killed_at(step, honest)
        kills += killed
        try:
            other = Witness(NORTH, state).cosign(checkpoint(FORKED), whole(FORKED), NOW).written().encode()
        except Refused:
            other = b""
        both += bool(said and other)
        if not other:
            assert honest(), "the honest log goes on after a kill"
    assert said, "the last run was not killed and said its line"
    assert both == 0
    assert kills >= (20 if fresh else 10)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_witness_that_speaks_before_it_remembers_signs_two_histories(tmp_path: Path) -> None:
    """The control of the loop above: with the order turned round, it finds the moment."""
    both, step, killed = 0, 0, True
    while killed:
        step += 1
        state = tmp_path / str(step) / "state"
        begin(state.parent)
        reading, writing = os.pipe()

        def hasty(state: Path = state, writing: int = writing) -> bytes:
            own = checkpoints.opened(checkpoint(GROWN))[0]
            line = checkpoints.cosignature(own.text, NORTH, NOW).written().encode()
            os.write(writing, line)
            return Witness(NORTH, state).cosign(checkpoint(GROWN), whole(GROWN), NOW).written().encode()

        _, killed = _killed_at(step, hasty)
        os.close(writing)
        with os.fdopen(reading, "rb") as opened:
            said = opened.read()
        with suppress(Refused):
            both += bool(said and Witness(NORTH, state).cosign(checkpoint(FORKED), whole(FORKED), NOW))
    assert both > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_of_many_at_once_with_two_histories_one_history_wins(tmp_path: Path) -> None:
    begin(tmp_path)
    children: list[tuple[int, int]] = []
    for turn in range(12):
        contents = GROWN if turn % 2 else FORKED
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                for _ in range(50):
                    try:
                        line = Witness(NORTH, tmp_path / "state").cosign(
                            checkpoint(contents), whole(contents), NOW
                        )
                        os.write(writing, line.written().encode())
                        break
                    except Busy:
                        continue
            finally:
                os._exit(0)
        os.close(writing)
        children.append((child, reading))
    said = set()
    for child, reading in children:
        with os.fdopen(reading, "rb") as opened:
            said.add(opened.read())
        os.waitpid(child, 0)
    assert len(said - {b""}) <= 1


def test_a_bundle_as_folder_and_as_zip_is_read(tmp_path: Path) -> None:
    contents = entries(*(f"entry {number}" for number in range(600)))
    folder = tiles(contents, checkpoint(contents), tmp_path / "bundle")
    packed = tmp_path / "bundle.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    for number, where in enumerate((folder, packed, folder / "log")):
        files = growth.files_in(where)
        shown = growth.by_whole(lambda size, files=files: growth.entries_of(files, size), TRUST)
        witness = Witness(NORTH, tmp_path / f"state{number}")
        assert holds(witness.cosign(checkpoint(contents), shown, NOW), contents)


@pytest.mark.parametrize("damage", ["missing", "short", "long", "link", "byte"])
def test_a_damaged_tile_is_refused(tmp_path: Path, damage: str) -> None:
    contents = entries(*(f"entry {number}" for number in range(300)))
    folder = tiles(contents, checkpoint(contents), tmp_path / "bundle")
    tile = folder / "log/tile/entries/000"
    content = tile.read_bytes()
    tile.unlink()
    if damage == "link":
        (tmp_path / "elsewhere").write_bytes(content)
        tile.symlink_to(tmp_path / "elsewhere")
    elif damage != "missing":
        changed = {"short": content[:-1], "byte": content[:50] + b"!" + content[51:]}
        tile.write_bytes(changed.get(damage, b"x" * (growth.LARGEST + 1)))
    files = growth.files_in(folder)
    shown = growth.by_whole(lambda size: growth.entries_of(files, size), TRUST)
    with pytest.raises((BadInput, Refused)):
        Witness(NORTH, tmp_path / "state").cosign(checkpoint(contents), shown, NOW)


def asked(contents: Sequence[bytes], old: int, key: PrivateKey = LOG) -> bytes:
    """Return an add-checkpoint request."""
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof(contents, old))]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + checkpoint(contents, key)


def test_answers_are_those_of_the_specification(tmp_path: Path) -> None:
    witness = begin(tmp_path)
    forged, size = REWRITTEN["rewrite an old entry"], len(OLD)
    same, other = REWRITTEN["rewrite at the same size"], checkpoint(GROWN).replace(ORIGIN.encode(), b"other")
    known = f"{size}\n".encode()
    assert answer(witness, b"words", NOW)[0] == 400
    assert answer(witness, b"old 1\n\nwords", NOW)[0] == 400
    assert answer(witness, b"old 01\n\n" + checkpoint(GROWN), NOW)[0] == 400
    assert answer(witness, asked(OLD, size).replace(b"old 8", b"old 9"), NOW)[0] == 400
    assert answer(witness, asked(GROWN, size).replace(b"\n\n", b"\nAAAA\n\n", 1), NOW)[0] == 400
    assert answer(witness, asked(GROWN, size).split(b"\n\n")[0] + b"\n\n" + other, NOW)[0] == 404
    assert answer(witness, asked(GROWN, size, ADA), NOW)[0] == 403
    assert answer(witness, asked(GROWN, 0), NOW) == (409, "text/x.tlog.size", known)
    assert answer(witness, asked(same, size), NOW) == (409, "text/x.tlog.size", known)
    assert answer(witness, asked(forged, size), NOW)[0] == 422
    status, kind, body = answer(witness, asked(GROWN, size), NOW)
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    assert body.startswith("— north ".encode())
    assert body.endswith(b"\n")
    assert answer(witness, asked(GROWN, size), NOW)[0] == 409, "it has moved on"
    assert answer(witness, asked(GROWN, len(GROWN)), NOW)[0] == 200
    (tmp_path / "state").write_bytes(b"")
    assert answer(witness, asked(GROWN, len(GROWN)), NOW)[0] == 503


def test_a_log_taken_up_by_its_key_is_cosigned_from_nothing(tmp_path: Path) -> None:
    witness = Witness(NORTH, tmp_path / "state")
    assert witness.follow(LOG.public) == ORIGIN
    assert answer(witness, asked(OLD, 0), NOW)[0] == 200
    assert witness.follow(LOG.public) == ORIGIN
    assert witness.known()[ORIGIN].size == len(OLD), "taking it up again forgets nothing"


def test_it_serves_over_http_on_the_loopback(tmp_path: Path) -> None:
    witness = begin(tmp_path)
    with server(witness, "127.0.0.1", 0) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        try:
            address = f"http://127.0.0.1:{listening.server_port}"

            def post(path: str, body: bytes) -> tuple[int, bytes]:
                try:
                    with urllib.request.urlopen(address + path, body, timeout=10) as reply:  # noqa: S310
                        return reply.status, reply.read()
                except urllib.error.HTTPError as error:
                    return error.code, error.read()

            assert post("/other", b"")[0] == 404
            assert post("/add-checkpoint", b"x" * (LARGEST + 1))[0] == 413
            assert post("/add-checkpoint", asked(GROWN, 0)) == (409, b"8\n")
            status, body = post("/add-checkpoint", asked(GROWN, 8))
            assert (status, body[:10]) == (200, "— north ".encode())
        finally:
            listening.shutdown()
            thread.join()


def test_the_memory_is_one_small_file(tmp_path: Path) -> None:
    begin(tmp_path)
    value = json.loads((tmp_path / "state").read_bytes())
    assert value["format"] == "holdfire-witness/v1"
    assert value["logs"][ORIGIN]["size"] == 8
    assert value["logs"][ORIGIN]["fingerprint"] == TRUST
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state", "state.lock"]

"""Whose keys count: keysets from a fingerprint on, entries that proofs show, and where reading stops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from attacks.assembling import leaf, proof, root, text_of
from attacks.corpus import put
from attacks.honest import IDS, NOON, Bundle, Making, honest
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import check
from holdfire.ledger.verifying.findings import Findings
from holdfire.ledger.verifying.notes import Checkpoint, Note
from holdfire.ledger.verifying.signing import Trust, check_lines, read_checkpoint, read_keysets, read_proof


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return honest()


def _checkpoint(bundle: Bundle) -> Checkpoint:
    return Checkpoint.parse(Note.parse(bundle.files["checkpoint"]).text)


def _places(findings: Findings) -> list[tuple[str, str]]:
    return [(each.code, each.where) for each in findings.all]


def _keysets(
    folder: Path, bundle: Bundle, files: dict[str, bytes], fingerprint: str
) -> tuple[Trust | None, Findings, dict[Note, str]]:
    findings, notes = Findings(), {}
    view = View(str(put(folder, files or {"x": b""})))
    return read_keysets(view, _checkpoint(bundle), fingerprint, findings, notes), findings, notes


class _Third(Making):
    """The honest record, and a third keyset at its end."""

    def after(self) -> None:
        self.claims(299)
        value = {**self.second_keyset(), "number": 3, "at": "2031-05-07T11:30:00Z", "fresh_hours": 12}
        self.keysets.append(self.add(self.signed(value, "amber", "dune")))


def test_keysets_follow_from_the_fingerprint(tmp_path: Path) -> None:
    making = _Third()
    made = making.bundle()
    trust, findings, notes = _keysets(tmp_path, made, made.files, made.fingerprint)
    assert trust is not None
    assert findings.all == []
    assert [(each.place, each.keyset.number) for each in trust.keysets] == [(1, 1), (60, 2), (299, 3)]
    assert trust.origin == making.origin
    assert list(notes.values()) == ["keys/1.tlog-proof"]  # one note, kept once
    assert check(View(str(tmp_path)), made.fingerprint, None, NOON).yes


def test_a_keyset_is_in_force_for_what_stands_behind_it(tmp_path: Path, bundle: Bundle) -> None:
    trust, _, _ = _keysets(tmp_path, bundle, bundle.files, "")
    assert trust is not None
    in_force = [trust.at(place) for place in (0, 1, 2, 60, 61, 300)]
    assert [each and each.number for each in in_force] == [None, None, 1, 1, 2, 2]


def test_reading_stops_where_keyset_1_is_another(tmp_path: Path, bundle: Bundle) -> None:
    trust, findings, _ = _keysets(tmp_path, bundle, bundle.files, "0" * 64)
    assert trust is None
    assert _places(findings) == [("foreign", "keys/1.tlog-proof")]


@pytest.mark.parametrize(("there", "missing"), [((), 1), ((2,), 1), ((1, 3), 2), ((1, 2, 4), 3)])
def test_reading_stops_at_the_first_keyset_that_is_not_there(
    tmp_path: Path, there: tuple[int, ...], missing: int
) -> None:
    made = _Third().bundle()
    files = {f"keys/{n}.tlog-proof": made.files[f"keys/{min(n, 3)}.tlog-proof"] for n in there}
    trust, findings, _ = _keysets(tmp_path, made, files, made.fingerprint)
    assert trust is None
    assert _places(findings) == [("missing", f"keys/{missing}.tlog-proof")]


def test_reading_stops_at_a_keyset_that_breaks_a_rule(tmp_path: Path, bundle: Bundle) -> None:
    files = {"keys/1.tlog-proof": bundle.files["keys/2.tlog-proof"]}
    trust, findings, _ = _keysets(tmp_path / "a", bundle, files, "")
    assert trust is None
    assert _places(findings) == [("foreign", "checkpoint")]  # its log's key is another
    files["keys/1.tlog-proof"] = bundle.files["RELEASE.tlog-proof"]
    trust, findings, _ = _keysets(tmp_path / "b", bundle, files, "")
    assert trust is None
    assert _places(findings) == [("entry", "keys/1.tlog-proof")]
    files = {f"keys/{n}.tlog-proof": bundle.files["keys/1.tlog-proof"] for n in (1, 2)}
    trust, findings, _ = _keysets(tmp_path / "c", bundle, files, bundle.fingerprint)
    assert trust is None
    assert _places(findings) == [("keyset", "keys/2.tlog-proof")]


def test_a_proof_shows_an_entry_or_nothing(tmp_path: Path, bundle: Bundle) -> None:
    path = f"proofs/{IDS[0]}.tlog-proof"
    good = bundle.files[path]
    lines = good.split(b"\n")
    place = int(lines[2][6:])
    older = bundle.contents[:200]
    old_note = (text_of(_checkpoint(bundle).origin, older) + "\n").encode() + bundle.files[
        "checkpoint"
    ].split(b"\n\n")[1]
    other = [b"x", *bundle.contents[1:]]
    for number, (content, found) in enumerate(
        (
            (good, []),
            (good.replace(b"index %d\n" % place, b"index %d\n" % (place - 1)), [("proof", path)]),
            (proof(other, place, bundle.files["checkpoint"]), [("proof", path)]),
            (proof(older, place, old_note), [("mixed", path)]),
            (good.replace(b"index ", b"index 0"), [("note", path)]),
            (good.split(b"\n\n")[0] + b"\n\n", [("note", path)]),
            (None, [("missing", path)]),
        )
    ):
        findings = Findings()
        files = {"x": b""} if content is None else {path: content}
        view = View(str(put(tmp_path / str(number), files)))
        shown = read_proof(view, path, _checkpoint(bundle), findings)
        assert _places(findings) == found, number
        if found:
            assert shown is None, number
        else:
            assert shown is not None
            assert (shown.place, shown.content) == (place, bundle.contents[place])
            assert shown.note == Note.parse(bundle.files["checkpoint"])


def test_a_checkpoint_is_read_or_said_not_to_be(tmp_path: Path, bundle: Bundle) -> None:
    view = View(str(put(tmp_path, {"good": bundle.files["checkpoint"], "bad": b"300 entries\n"})))
    findings = Findings()
    read = read_checkpoint(view, "good", findings)
    assert read is not None
    assert (read[1].size, read[1].root) == (300, root([leaf(each) for each in bundle.contents]))
    assert read_checkpoint(view, "bad", findings) is None
    assert read_checkpoint(view, "none", findings) is None
    assert _places(findings) == [("note", "bad"), ("missing", "none")]


def test_lines_of_a_note_are_the_log_s_the_witnesses_or_nobody_s(tmp_path: Path, bundle: Bundle) -> None:
    trust, _, _ = _keysets(tmp_path, bundle, bundle.files, "")
    assert trust is not None
    keyset = trust.keysets[-1].keyset
    note = Note.parse(bundle.files["checkpoint"])
    log, north, south = note.lines

    def of(*lines: Any, text: str = note.text) -> tuple[list[str], dict[str, list[int]]]:
        return tuple(check_lines(Note(text, lines), trust.origin, keyset))  # type: ignore[return-value]

    assert of(log, north, south) == ([], {"north": [NOON], "south": [NOON]})
    assert of(log, north, north) == ([], {"north": [NOON, NOON]})
    assert of(log) == ([], {})
    assert of(north) == (["the log has not signed it"], {"north": [NOON]})
    assert of(log._replace(name="elsewhere"), log) == ([], {})
    assert of(log._replace(key_id=b"abcd")) == (["the log has not signed it"], {})
    assert of(log, north._replace(key_id=b"abcd"), south._replace(name="north")) == ([], {})
    assert of(log, north, text=note.text.replace("300", "301")) == (
        ["the log's signature does not hold", "the line of witness north does not hold"],
        {},
    )

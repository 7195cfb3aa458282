"""What a check says of times, memory and witnesses at their edges."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks.assembling import leaf, proof, root
from attacks.corpus import put
from attacks.honest import DAY, IDS, NOON, Bundle, Making, honest
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import Memory, check
from holdfire.ledger.verifying.shapes import instant_of

EXPIRES = instant_of("2031-05-21T11:00:00Z")
RELEASED = instant_of("2031-05-07T11:00:00Z")


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return honest()


@pytest.fixture(scope="module")
def view(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> View:
    return View(str(put(tmp_path_factory.mktemp("checks") / "bundle", bundle.files)))


def _found(view: View, bundle: Bundle, memory: Memory | None = None, now: int | None = None) -> list[str]:
    return [each.code for each in check(view, bundle.fingerprint, memory, now).findings]


def test_without_a_time_nothing_is_said_of_times(view: View, bundle: Bundle) -> None:
    answer = check(view, bundle.fingerprint)
    assert answer.yes
    assert not answer.facts.stale


def test_a_release_expires_after_its_last_second(view: View, bundle: Bundle) -> None:
    assert _found(view, bundle, now=EXPIRES) == []
    assert _found(view, bundle, now=EXPIRES + 1) == ["expired"]


def test_times_may_be_a_day_ahead(view: View, bundle: Bundle) -> None:
    assert _found(view, bundle, now=NOON - DAY) == []
    assert _found(view, bundle, now=NOON - DAY - 1) == ["future", "future"]  # two cosignatures
    assert _found(view, bundle, now=RELEASED - DAY) == ["future", "future"]
    assert _found(view, bundle, now=RELEASED - DAY - 1) == ["future", "future", "future"]


def test_memory_of_any_size_is_asked(view: View, bundle: Bundle) -> None:
    leaves = [leaf(each) for each in bundle.contents]
    for size in (0, 1, 255, 256, 257, 299, 300):
        assert _found(view, bundle, Memory(size, root(leaves[:size]))) == []
        assert _found(view, bundle, Memory(size, bytes(32))) == ["fork"]
    assert _found(view, bundle, Memory(301, bytes(32))) == ["rollback"]


def test_without_a_fingerprint_the_rest_is_still_checked(view: View, bundle: Bundle) -> None:
    for nothing in (None, ""):
        answer = check(view, nothing, None, NOON)
        assert [each.code for each in answer.findings] == ["trust"]
        assert answer.facts.editors == ["amber", "dune"]
        assert not answer.yes


def test_where_a_step_fails_what_rests_on_it_is_left_out(bundle: Bundle, tmp_path: Path) -> None:
    files = dict(bundle.files)
    del files["keys/1.tlog-proof"], files["log/tile/0/000"]
    answer = check(View(str(put(tmp_path / "a", files))), bundle.fingerprint, None, NOON)
    assert [(each.code, each.where) for each in answer.findings] == [("missing", "keys/1.tlog-proof")]
    files = {**bundle.files, "MANIFEST": b"no\n"}
    answer = check(View(str(put(tmp_path / "b", files))), bundle.fingerprint, None, NOON)
    assert [(each.code, each.where) for each in answer.findings] == [
        ("manifest", "MANIFEST"),
        ("mixed", "MANIFEST"),
    ]


def test_facts_of_a_bundle_that_is_refused_say_whose_it_is(bundle: Bundle, tmp_path: Path) -> None:
    files = {**bundle.files, "MIRRORS": b"elsewhere\n"}
    facts = check(View(str(put(tmp_path / "a", files))), bundle.fingerprint, None, NOON).facts
    assert facts.bulletin == {
        "number": 2,
        "period": "2031-05-04/2031-05-06",
        "version": 1,
        "at": "2031-05-07T11:00:00Z",
        "expires": "2031-05-21T11:00:00Z",
    }


def test_each_finding_says_where(bundle: Bundle, tmp_path: Path) -> None:
    class OneEditor(Making):
        def sign_release(self, value: dict[str, object]) -> dict[str, object]:
            return self.signed(value, "amber")

    made = OneEditor().bundle()
    places = [n for n, each in enumerate(made.contents) if b'"kind":"release"' in each]
    answer = check(View(str(put(tmp_path / "a", made.files))), made.fingerprint, None, NOON)
    assert [each.where for each in answer.findings] == [f"entry {place}" for place in places]
    assert answer.facts.editors == ["amber"]


class _Unwatched(Making):
    """A record that no witness watches."""

    hours = 36

    def first_keyset(self) -> dict[str, object]:
        return {**super().first_keyset(), "witnesses": {}, "quorum": 0, "fresh_hours": self.hours}

    def newest(self) -> bytes:
        return self.checkpoint(len(self.contents), NOON, "log-2", ())

    def keep(self, days: int, log: str, witnesses: object) -> None:
        super().keep(days, log, ())


def test_a_record_that_no_witness_watches_is_stale_unless_it_never_is(tmp_path: Path) -> None:
    class Never(_Unwatched):
        hours = 0

    for kind, stale in ((_Unwatched, True), (Never, False)):
        made = kind().bundle()
        view = View(str(put(tmp_path / kind.__name__, made.files)))
        answer = check(view, made.fingerprint, None, NOON)
        assert answer.yes
        assert answer.facts.stale is stale
        assert not check(view, made.fingerprint).facts.stale


def test_a_bundle_that_cannot_be_read_has_no_facts(tmp_path: Path) -> None:
    (tmp_path / "none.zip").write_bytes(b"")
    assert check(View(str(tmp_path / "none.zip")), "0" * 64).facts.as_json() == {
        "bulletin": {},
        "code": "",
        "editors": [],
        "root": "",
        "size": 0,
        "stale": False,
        "witnesses": {},
    }


def _where(view: View, made: Bundle) -> list[tuple[str, str]]:
    return [(each.code, each.where) for each in check(view, made.fingerprint, None, NOON).findings]


def test_a_past_checkpoint_may_be_the_newest(bundle: Bundle, tmp_path: Path) -> None:
    files = {**bundle.files, "checkpoints/300": bundle.files["checkpoint"]}
    answer = check(View(str(put(tmp_path, files))), bundle.fingerprint, None, NOON)
    assert answer.yes
    assert answer.facts.witnesses["north"] == {"last": NOON, "since": NOON - 5 * DAY, "since_size": 60}


def test_each_missing_proof_is_said_once(bundle: Bundle, tmp_path: Path) -> None:
    paths = [f"proofs/{name}.tlog-proof" for name in sorted(IDS[:3])]
    files = {path: content for path, content in bundle.files.items() if path not in paths}
    assert _where(View(str(put(tmp_path, files))), bundle) == [("missing", path) for path in paths]


def test_every_proof_of_another_kind_is_said_and_nothing_of_it_is_read(
    bundle: Bundle, tmp_path: Path
) -> None:
    files = {**bundle.files, "keys/0.tlog-proof": b"x", "checkpoints/0": bundle.files["checkpoints/60"]}
    paths = [f"proofs/{name}.tlog-proof" for name in sorted(IDS)]
    for path in paths:
        files[path] = proof(bundle.contents, 70, bundle.files["checkpoint"])
    assert _where(View(str(put(tmp_path, files))), bundle) == [
        ("unlisted", "keys/0.tlog-proof"),
        *[("entry", path) for path in paths],
        ("note", "checkpoints/0"),
    ]


def test_a_determination_stands_among_the_entries_of_the_bulletin(tmp_path: Path) -> None:
    class Shorter(Making):
        """The second bulletin is of one entry less than stood before it."""

        def bulletin(self, number: int, site: bytes, size: int) -> dict[str, object]:
            return super().bulletin(number, site, size - (number == 2))

        def release(self, bulletin: dict[str, object], contents: bytes, size: int) -> dict[str, object]:
            return {**super().release(bulletin, contents, size), "size": bulletin["size"]}

    made = Shorter().bundle()
    assert _where(View(str(put(tmp_path, made.files))), made) == [("mixed", f"proofs/{IDS[5]}.tlog-proof")]


def test_a_missing_manifest_of_the_bulletin_is_no_other_manifest(bundle: Bundle, tmp_path: Path) -> None:
    files = {path: content for path, content in bundle.files.items() if path != "bulletin/manifest.txt"}
    found = _where(View(str(put(tmp_path, files))), bundle)
    assert found == [("missing", "bulletin/manifest.txt")] * 2  # as the bulletin's, and as a listed file


def test_a_bundle_that_is_no_archive_is_read_no_further(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no")
    found = check(View(str(tmp_path / "x.zip")), "0" * 64).findings
    assert [each.code for each in found] == ["zip"]


def test_notes_of_proofs_are_held_to_the_keys_in_force(bundle: Bundle, tmp_path: Path) -> None:
    path = "RELEASE.tlog-proof"
    fewer = bundle.files[path].rsplit(b"\xe2\x80\x94 south", 1)[0]  # the log's line and one witness's
    assert fewer != bundle.files[path]
    assert _where(View(str(put(tmp_path, {**bundle.files, path: fewer}))), bundle) == []


def test_how_long_a_record_is_fresh_is_for_the_last_keyset_to_say(tmp_path: Path) -> None:
    class Shorter(Making):
        def second_keyset(self) -> dict[str, object]:
            return {**super().second_keyset(), "fresh_hours": 1}

    made = Shorter().bundle()
    view = View(str(put(tmp_path, made.files)))
    assert [check(view, made.fingerprint, None, NOON + late).facts.stale for late in (3600, 3601)] == [
        False,
        True,
    ]

"""Which files a bundle must and may have: manifests in their one form, and each file accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from attacks.assembling import manifest_of, sha
from attacks.corpus import put
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.contents import (
    check_bulletin,
    in_log_places,
    numbered,
    pages_in,
    read_contents,
    read_manifest,
)
from holdfire.ledger.verifying.findings import Finding, Findings

ONE, OTHER = "1" * 64, "2" * 64
SITE = manifest_of({"index.html": b"page\n", "determinations/d-1.html": b"d-1\n"})
LISTED = {
    "MIRRORS": b"https://mirror.example/\n",
    "bulletin/determinations/d-1.html": b"d-1\n",
    "bulletin/index.html": b"page\n",
    "bulletin/manifest.txt": SITE,
    f"exhibits/{sha(b'said')}": b"said",
}
BESIDE = {
    "RELEASE.tlog-proof": b"x",
    "checkpoint": b"x",
    "checkpoints/0": b"x",
    "checkpoints/60": b"x",
    "keys/1.tlog-proof": b"x",
    "log/tile/0/000": b"x",
    "proofs/d-1.tlog-proof": b"x",
}


def _read(
    folder: Path, beside: Mapping[str, bytes], listed: Mapping[str, bytes] = LISTED, manifest: bytes = b""
) -> tuple[dict[str, str] | None, list[tuple[str, str]]]:
    files = {"MANIFEST": manifest or manifest_of(listed), **listed, **beside}
    findings = Findings()
    view = View(str(put(folder, files)))
    assert view.findings.all == []
    found = read_contents(view, findings)
    check_bulletin(view, found, findings)
    return found, [(each.code, each.where) for each in findings.all]


def _manifest(folder: Path, content: bytes) -> tuple[dict[str, str] | None, list[Finding]]:
    findings = Findings()
    return read_manifest(View(str(put(folder, {"M": content}))), "M", findings), findings.all


def test_every_file_is_accounted_for(tmp_path: Path) -> None:
    digests = {path: sha(content) for path, content in LISTED.items()}
    assert _read(tmp_path, BESIDE) == (digests, [])


@pytest.mark.parametrize(
    "path",
    [
        "bulletin/more.html", "checkpoints/060", "checkpoints/x", "checkpoints/6/0", "keys/0.tlog-proof",
        "keys/01.tlog-proof", "keys/1.txt", "keys/1", "proofs/d-2.tlog-proof", "proofs/d-1", "more",
    ],
)  # fmt: skip
def test_a_file_that_nothing_accounts_for_is_unlisted(tmp_path: Path, path: str) -> None:
    found, wrong = _read(tmp_path, {**BESIDE, path: b"x"})
    assert found is not None
    assert wrong == [("unlisted", path)]


def test_what_is_missing_or_of_other_bytes_is_said_where(tmp_path: Path) -> None:
    manifest = manifest_of(LISTED)
    for number, path in enumerate(("MIRRORS", "bulletin/index.html", "bulletin/manifest.txt")):
        less = {name: content for name, content in LISTED.items() if name != path}
        times = 2 if path.endswith("manifest.txt") else 1  # it must be there, and it is listed
        found, wrong = _read(tmp_path / f"less{number}", BESIDE, less, manifest)
        assert found is not None
        assert wrong == [("missing", path)] * times
        _, wrong = _read(tmp_path / f"other{number}", BESIDE, {**LISTED, path: b"other\n"}, manifest)
        assert wrong[0] == ("digest", path)
    beside = {path: content for path, content in BESIDE.items() if not path.startswith("proofs/")}
    assert _read(tmp_path / "proof", beside)[1] == [("missing", "proofs/d-1.tlog-proof")]
    assert _read(tmp_path / "none", BESIDE, {**LISTED, "exhibits/a": b"said"})[1] == [
        ("digest", "exhibits/a")
    ]


def test_manifest_lists_nothing_of_the_log_and_such_lines_are_not_read_further(tmp_path: Path) -> None:
    paths = ["MANIFEST", "RELEASE.tlog-proof", "checkpoint", "checkpoints/9", "keys/9", "log/9", "proofs/9"]
    manifest = manifest_of({**LISTED, **dict.fromkeys(paths, b"other")})
    _, wrong = _read(tmp_path, BESIDE, LISTED, manifest)
    assert wrong == [("manifest", path) for path in paths]
    assert not any(map(in_log_places, LISTED))


def test_without_manifest_the_rest_is_not_asked(tmp_path: Path) -> None:
    found, wrong = _read(tmp_path, {"more": b"x"}, LISTED, b"no\n")
    assert found is None
    assert wrong == [("manifest", "MANIFEST")]


def test_the_two_manifests_agree(tmp_path: Path) -> None:
    for number, (site, found) in enumerate(
        (
            (manifest_of({"index.html": b"other"}), [("digest", "bulletin/index.html")]),
            (manifest_of({"index.html": b"page\n", "z": b"z"}), [("missing", "bulletin/z")]),
            (b"no\n", [("manifest", "bulletin/manifest.txt")]),
        )
    ):
        assert _read(tmp_path / str(number), BESIDE, {**LISTED, "bulletin/manifest.txt": site})[1] == found


def test_a_manifest_is_read_in_its_one_form(tmp_path: Path) -> None:
    good = f"{ONE}  B\n{OTHER}  a b\n{ONE}  é\n".encode()
    assert _manifest(tmp_path, good) == ({"B": ONE, "a b": OTHER, "é": ONE}, [])
    assert _manifest(tmp_path, b"") == ({}, [])
    for number, (content, words) in enumerate(
        (
            (good[:-1], "its last line has no end"),
            (b"\n", "line 1 is not in its form, or not in order"),
            (good + b"\n", "line 4 is not in its form, or not in order"),
            (good + f"{ONE}  a\n".encode(), "line 4 is not in its form, or not in order"),
            (good + f"{ONE}  é\n".encode(), "line 4 is not in its form, or not in order"),
            (f"{ONE[1:]}  a\n".encode(), "line 1 is not in its form, or not in order"),
            (f"{ONE} *a\n".encode(), "line 1 is not in its form, or not in order"),
            (f"{ONE}  a\r\n".encode(), "line 1 is not in its form, or not in order"),
            (f"{ONE}  \n".encode(), "line 1 is not in its form, or not in order"),
            (b"\xff\n", "it is not UTF-8"),
        )
    ):
        assert _manifest(tmp_path / str(number), content) == (None, [Finding("manifest", "M", words)])


def test_paths_of_a_manifest_keep_the_rules_of_names(tmp_path: Path) -> None:
    found, findings = _manifest(tmp_path / "a", f"{ONE}  ../a\n{ONE}  ../b\n".encode())
    assert found is None
    assert [(each.code, each.where) for each in findings] == [("path", "../a")]
    found, findings = _manifest(tmp_path / "b", f"{ONE}  A\n{ONE}  a\n".encode())
    assert found == {"A": ONE, "a": ONE}
    assert [each.code for each in findings] == ["path"]
    assert _manifest(tmp_path / "c", b"")[0] == {}
    findings_of_none = Findings()
    assert read_manifest(View(str(tmp_path)), "none", findings_of_none) is None
    assert [each.code for each in findings_of_none.all] == ["missing"]


def test_pages_and_numbers() -> None:
    pages = ["bulletin/determinations/d-2.html", "bulletin/determinations/d-1.html"]
    others = ["bulletin/determinations/a/b.html", "determinations/x.html", "bulletin/determinations/x.htm"]
    assert pages_in(dict.fromkeys([*pages, *others], ONE)) == ["d-1", "d-2"]
    assert numbered("checkpoints/60", "checkpoints/", "") == 60
    assert numbered("keys/12.tlog-proof", "keys/", ".tlog-proof") == 12
    assert numbered("keys/0.tlog-proof", "keys/", ".tlog-proof") == 0
    for path in ("keys/7.tlog-other", "kex//7.tlog-proof", "keys/.tlog-proof", "keys/07.tlog-proof"):
        assert numbered(path, "keys/", ".tlog-proof") is None
    assert numbered("bulletin/ab/7", "checkpoints/", "") is None

"""Which files a bundle must have and may have, and whether their bytes are those that are named."""

from __future__ import annotations

import re

from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.findings import Findings, Refused, shown
from holdfire.ledger.verifying.names import path_breaks, twins_of
from holdfire.ledger.verifying.notes import Malformed, to_number

MANIFEST_PATH = "MANIFEST"
RELEASE_PATH = "RELEASE.tlog-proof"
CHECKPOINT_PATH = "checkpoint"
BULLETIN_MANIFEST = "bulletin/manifest.txt"
PROOF_END = ".tlog-proof"

_UNLISTED_FILES = (MANIFEST_PATH, RELEASE_PATH, CHECKPOINT_PATH)
_UNLISTED_FOLDERS = ("checkpoints/", "keys/", "proofs/", "log/")
_MANIFEST_LINE = re.compile("([0-9a-f]{64})  ([^\\x00-\\x1f\\x7f]+)")
_PAGE = re.compile("bulletin/determinations/([^/]+)[.]html")


def read_contents(view: View, findings: Findings) -> dict[str, str] | None:
    """Return the digests that MANIFEST lists, every file held against them; None: it cannot be read.

    What neither it nor the log accounts for is noted; files of the log itself are left to `logs`.
    """
    listed = read_manifest(view, MANIFEST_PATH, findings)
    if BULLETIN_MANIFEST not in view.sizes:
        findings.add("missing", BULLETIN_MANIFEST, "the bulletin's manifest is not there")
    if listed is None:
        return None
    for path in listed:
        if in_log_places(path):
            findings.add("manifest", path, "MANIFEST lists what it must not")
    _check_digests(view, listed, "", findings)
    for path, name in listed.items():
        if path.startswith("exhibits/") and path != "exhibits/" + name:
            findings.add("digest", path, "an exhibit is not named by its digest")
    wanted = {"proofs/" + name + PROOF_END for name in pages_in(listed)}
    for path in view.sizes:
        if path not in listed and not _accounted(path, wanted):
            findings.add("unlisted", path, "neither MANIFEST nor the log accounts for it")
    for path in sorted(wanted - set(view.sizes)):
        findings.add("missing", path, "a determination's proof is not there")
    return listed


def check_bulletin(view: View, listed: dict[str, str] | None, findings: Findings) -> None:
    """Hold the bulletin's files against its own manifest, by the digests that MANIFEST gives them."""
    if listed is None or BULLETIN_MANIFEST not in view.sizes:
        return
    for path, name in (read_manifest(view, BULLETIN_MANIFEST, findings) or {}).items():
        whole = "bulletin/" + path
        if whole not in listed:
            findings.add("missing", whole, "the bulletin's manifest names it, and MANIFEST does not")
        elif listed[whole] != name:
            findings.add("digest", whole, "MANIFEST and the bulletin's manifest name different bytes")


def read_manifest(view: View, path: str, findings: Findings) -> dict[str, str] | None:
    """Return digest by path of one manifest; None: it is not there or not in its form."""
    try:
        text = view.read(path).decode()
    except Refused as error:
        findings.all.append(error.finding)
        return None
    except UnicodeDecodeError:
        findings.add("manifest", path, "it is not UTF-8")
        return None
    lines = text.split("\n")
    if lines.pop():
        findings.add("manifest", path, "its last line has no end")
        return None
    found: dict[str, str] = {}
    before = b""
    for number, line in enumerate(lines, 1):
        match = _MANIFEST_LINE.fullmatch(line)
        if not match or match.group(2).encode() <= before:
            findings.add("manifest", path, f"line {number} is not in its form, or not in order")
            return None
        code, words = path_breaks(match.group(2))
        if code:
            findings.add(code, shown(match.group(2)), words)
            return None
        before = match.group(2).encode()
        found[match.group(2)] = match.group(1)
    for twin in twins_of(found):
        findings.add("path", shown(twin), "on some systems this name is one with another")
    return found


def pages_in(listed: dict[str, str]) -> list[str]:
    """Return the id of each determination that has a page in the bulletin, in order."""
    return [match.group(1) for match in map(_PAGE.fullmatch, sorted(listed)) if match]


def in_log_places(path: str) -> bool:
    """Return whether a path is of those that are checked against the log and not against MANIFEST."""
    return path in _UNLISTED_FILES or path.startswith(_UNLISTED_FOLDERS)


def numbered(path: str, folder: str, end: str) -> int | None:
    """Return the number that names a file of a folder; None: it is no such file."""
    if not (path.startswith(folder) and path.endswith(end)):
        return None
    try:
        return to_number(path[len(folder) : len(path) - len(end)])
    except Malformed:
        return None


def _accounted(path: str, proofs: set[str]) -> bool:
    return (
        path in _UNLISTED_FILES
        or path.startswith("log/")
        or path in proofs
        or numbered(path, "checkpoints/", "") is not None
        or bool(numbered(path, "keys/", PROOF_END))
    )


def _check_digests(view: View, listed: dict[str, str], folder: str, findings: Findings) -> None:
    for path, name in listed.items():
        if in_log_places(path):
            continue
        try:
            if view.digest(folder + path) != name:
                findings.add("digest", folder + path, "its bytes are not those that MANIFEST names")
        except Refused as error:
            findings.all.append(error.finding)

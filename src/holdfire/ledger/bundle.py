"""Write a bundle: the record of a ceasefire as plain files that anyone can check and any mirror can serve.

Two rules hold, and tests/unit/test_bundle.py tries to break each:

* the same log, checkpoint and parts give the same files, byte for byte and in the same order;
* what does not belong together is not written: a release of other parts, a checkpoint of another log, a page
  of a determination that no entry speaks of.

`contents` is asked before the release is signed, `write` after a checkpoint covers it. Both read the parts in
the same way. docs/format.md says what lies where, and `verifying` checks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from holdfire.digests import Digest, digest
from holdfire.errors import BadInput
from holdfire.ledger import tiles, tree
from holdfire.ledger.entry import Entry
from holdfire.ledger.onefile import one_file
from holdfire.ledger.verifying.contents import (
    BULLETIN_MANIFEST,
    CHECKPOINT_PATH,
    MANIFEST_PATH,
    PROOF_END,
    RELEASE_PATH,
    in_log_places,
    pages_in,
)
from holdfire.ledger.verifying.names import path_breaks, twins_of
from holdfire.ledger.verifying.notes import Checkpoint, Malformed, Note, Proof

Content = bytes | Path
"""Bytes, or the file that holds them."""

README = """\
This folder is one bulletin of a record of a ceasefire, with the whole log that it rests on.

To check it, you need the record's fingerprint: 64 digits, from paper, from radio, or from people you trust.
Do not take it from where you got this folder.

  in a browser     open verify.html (from your own disk, not from a mirror) and give it this folder
  with Python      python3 -I verify.py . --trust FINGERPRINT

Whoever can change this folder can change verify.html and verify.py as well. If you have checked a bundle
before, use the ones you have. sha256sum --check MANIFEST shows damage, not forgery.

A yes says that the record was not changed, and who stands behind it. It does not say that what a report
claims is true.

  bulletin/        the bulletin, to read: open bulletin/index.html
  RELEASE...       what the editors signed
  checkpoint       the head of the log, and which witnesses have cosigned it
  checkpoints/     earlier heads
  keys/            who may sign
  proofs/          one for each determination
  log/             every entry of the record
  exhibits/        files that entries name by their digest
  exports/         the same record in other forms
  MIRRORS          where copies may be found
"""


class Record(Protocol):
    """What holds the entries, in order: a ledger."""

    def entries(self, kind: str | None = None, upto: int | None = None) -> Iterator[Entry]:
        """Yield the first `upto` entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What lies in a bundle beside the log.

    Attributes:
        bulletin: The bulletin's site with its `manifest.txt`: a folder, or paths and contents.
        page: The page that checks a bundle, `verify.html`.
        exhibits: Files that entries name, by digest.
        extras: Exports, paths and contents: `exports/...` and `ro-crate-metadata.json`.
        mirrors: Addresses of copies.
    """

    bulletin: Path | Sequence[tuple[str, Content]]
    page: bytes
    exhibits: Mapping[Digest, Content]
    extras: Sequence[tuple[str, Content]] = ()
    mirrors: Sequence[str] = ()

    def files(self) -> list[tuple[str, Content]]:
        """Return every file with its path in the bundle, sorted by path as bytes.

        Raises:
            BadInput: A path cannot stand in a bundle, two are one, or a file is a link.
        """
        site = files_in(self.bulletin) if isinstance(self.bulletin, Path) else self.bulletin
        found = [(f"bulletin/{path}", content) for path, content in site]
        found += [(f"exhibits/{name}", content) for name, content in self.exhibits.items()]
        found += self.extras
        found.append(("MIRRORS", "".join(f"{each}\n" for each in self.mirrors).encode()))
        found += [("README.txt", README.encode()), ("verify.py", one_file()), ("verify.html", self.page)]
        found.sort(key=lambda each: each[0].encode())
        _check_paths([path for path, _ in found])
        return found


def contents(parts: Parts) -> bytes:
    """Return the MANIFEST of a bundle, whose digest a release names.

    Raises:
        BadInput: A path cannot stand in a bundle, or an exhibit is not named by its digest.
    """
    return _manifest(parts.files())


def write(
    record: Record, note: bytes, past: Mapping[int, bytes], parts: Parts
) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the bundle of the last release: its path and its bytes.

    Args:
        record: The ledger.
        note: Its newest checkpoint, with all cosignatures, over a size that holds the release.
        past: Earlier checkpoints by size; those that are not smaller are left out.
        parts: What `contents` was asked of before the release was signed.

    Raises:
        BadInput: The checkpoint is not of this log, there is no release in it, or the release is of other
            parts.
    """
    try:
        checkpoint = Checkpoint.parse(Note.parse(note).text)
    except Malformed as error:
        raise BadInput(f"this is no checkpoint: {error}", CHECKPOINT_PATH) from None
    log = _Log(record, checkpoint)
    files = parts.files()
    manifest = _manifest(files)
    release = log.release()
    _check_release(release.value, manifest, files)
    yield MANIFEST_PATH, manifest
    yield CHECKPOINT_PATH, note
    yield RELEASE_PATH, log.proof(release.seq, release.content, note)
    for size in sorted(each for each in past if each < checkpoint.size):
        yield f"checkpoints/{size}", past[size]
    for entry in log.keysets:
        yield f"keys/{entry.value['number']}{PROOF_END}", log.proof(entry.seq, entry.content, note)
    names = pages_in({path: "" for path, _ in files})
    for name, entry in log.determinations(names, release.value["size"]):
        yield f"proofs/{name}{PROOF_END}", log.proof(entry.seq, entry.content, note)
    yield from log.tiles()
    for path, content in files:
        yield path, bytes_of(content)


def files_in(folder: Path) -> list[tuple[str, Content]]:
    """Return the files under a folder with their paths in it, sorted by path as bytes.

    Raises:
        BadInput: One is a link or no plain file.
    """
    found: list[tuple[str, Content]] = []
    for path in folder.rglob("*"):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise BadInput("this is no plain file", str(path), "put the file itself there")
        if path.is_file():
            found.append((path.relative_to(folder).as_posix(), path))
    return sorted(found, key=lambda each: each[0].encode())


def bytes_of(content: Content) -> bytes:
    """Return the bytes of a content."""
    return content if isinstance(content, bytes) else content.read_bytes()


def _manifest(files: Iterable[tuple[str, Content]]) -> bytes:
    lines = []
    for path, content in files:
        name = digest(bytes_of(content))
        if path.startswith("exhibits/") and path != f"exhibits/{name}":
            raise BadInput("an exhibit is not named by its digest", path, f"its digest is {name}")
        lines.append(f"{name}  {path}\n")
    return "".join(lines).encode()


def _check_paths(paths: Sequence[str]) -> None:
    for path in paths:
        _, words = path_breaks(path)
        if words or in_log_places(path):
            raise BadInput(words or "this place in a bundle is kept for the log", path)
    if len(set(paths)) != len(paths) or (twins := twins_of(paths)):
        where = next((each for each in paths if paths.count(each) > 1), "") or twins[0]
        raise BadInput("two files have names that are one on some systems", where, "name one otherwise")
    if BULLETIN_MANIFEST not in paths:
        raise BadInput("the bulletin has no manifest.txt", "bulletin", "run `holdfire run` again")


def _check_release(release: Mapping[str, Any], manifest: bytes, files: Sequence[tuple[str, Content]]) -> None:
    site = next(bytes_of(content) for path, content in files if path == BULLETIN_MANIFEST)
    for name, expected in (("contents", digest(manifest)), ("manifest", digest(site))):
        if release[name] != expected:
            raise BadInput(
                "the last release is of other files than these",
                f"release {release['number']}, {name}",
                "take the files that were signed, or draw up a new release",
            )


class _Log:
    """The log up to a checkpoint: its hashes, and the entries that a bundle shows by themselves."""

    def __init__(self, record: Record, checkpoint: Checkpoint) -> None:
        self.record = record
        self.size = checkpoint.size
        self.keysets: list[Entry] = []
        self._releases: list[Entry] = []
        self._determinations: dict[str, list[int]] = {}
        leaves: list[bytes] = []
        for entry in record.entries(upto=self.size):
            leaves.append(bytes.fromhex(entry.leaf))
            self._note(entry)
        self._rows: list[Sequence[bytes]] = [leaves]
        while len(self._rows[-1]) > 1:
            self._rows.append(tree.pairs(self._rows[-1]))
        if tree.root(self._run, self.size) != checkpoint.root:
            raise BadInput("the checkpoint is not of this log", CHECKPOINT_PATH)

    def release(self) -> Entry:
        """Return the last release."""
        if not self._releases:
            raise BadInput("the log up to this checkpoint holds no release", CHECKPOINT_PATH, "release first")
        return self._releases[-1]

    def determinations(self, names: Sequence[str], size: int) -> Iterator[tuple[str, Entry]]:
        """Yield the last entry among the first `size` that speaks of each determination, in order."""
        wanted: dict[int, str] = {}
        for name in names:
            places = [place for place in self._determinations.get(name, []) if place < size]
            if not places:
                raise BadInput("the bulletin has a page of a determination that the log does not hold", name)
            wanted[places[-1]] = name
        for entry in self.record.entries(upto=size if wanted else 0):
            if entry.seq in wanted:
                yield wanted[entry.seq], entry

    def proof(self, place: int, content: bytes, note: bytes) -> bytes:
        """Return the bytes of the proof of one entry."""
        return Proof(content, place, tuple(tree.inclusion(self._run, place, self.size)), note).written()

    def tiles(self) -> Iterator[tuple[str, bytes]]:
        """Yield every tile, the entries first."""
        contents = (entry.content for entry in self.record.entries(upto=self.size))
        for number, width in tiles.widths(self.size):
            some = [next(contents) for _ in range(width)]
            yield f"log/{tiles.path(tiles.ENTRIES, number, width)}", tiles.pack(some)
        for level, row in enumerate(self._rows[:: tiles.HEIGHT]):
            for number, width in tiles.widths(len(row)):
                start = number * tiles.WIDTH
                yield f"log/{tiles.path(level, number, width)}", b"".join(row[start : start + width])

    def _run(self, height: int, place: int) -> bytes:
        return self._rows[height][place]

    def _note(self, entry: Entry) -> None:
        value = entry.value
        if value["kind"] == "keyset":
            self.keysets.append(entry)
        elif value["kind"] == "release":
            self._releases.append(entry)
        elif value["kind"] == "determination":
            self._determinations.setdefault(value["determination_id"], []).append(entry.seq)

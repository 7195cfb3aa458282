"""One bundle from one source into the place of a mirror, or a word that says why not.

What is fetched is put together as a folder of its own beside the mirror, from links to files that the mirror
has already and from what arrived. The project's verifier checks that folder whole. Only then it takes the
mirror's place, in one step; until then, and after any no, the mirror is as it was.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from holdfire.ledger.shelf import Staged, inside
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import Answer, Memory, check
from holdfire.ledger.verifying.contents import CHECKPOINT_PATH, PROOF_END, numbered, pages_in
from holdfire.ledger.verifying.findings import Finding, Refused
from holdfire.ledger.verifying.logs import WIDTH, tile_path
from holdfire.ledger.verifying.notes import LONGEST_NOTE, Checkpoint, Malformed, Note, Proof
from holdfire.mirroring.arriving import Arriving, told
from holdfire.mirroring.logs import Log, Tell, bring_log
from holdfire.mirroring.mirror import Mirror, signed_by
from holdfire.mirroring.seal import Seal, fetch_seal
from holdfire.mirroring.sources import Source, Unreachable, read

MOST_PAST = 500
"""Most past checkpoints that a source is asked for, the newest first."""


class Denied(Exception):
    """The verifier says no to what was put together."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(f"{findings[0].code}: {findings[0].words}")


class Copied(NamedTuple):
    """What one copy came to.

    Attributes:
        answer: Of the verifier, a yes.
        changed: Whether anything was new.
        files: Files whose bytes were fetched.
        kept: Files taken from the mirror.
    """

    answer: Answer
    changed: bool
    files: int
    kept: int


class Building(Staged):
    """A mirror that is put together out of sight and takes its place in one step; see `Staged`."""

    def __enter__(self) -> Building:
        super().__enter__()
        return self

    @property
    def place(self) -> Path:
        """Return the folder in which it is put together."""
        return self._new

    def link(self, name: str, file: Path) -> None:
        """Put a file that lies on the same disk into the folder, without copying it where that can be.

        Raises as `write` does.
        """
        self.write(name, b"")
        path = inside(self._new, name)
        with told(path):
            path.unlink()
            try:
                os.link(file, path, follow_symlinks=False)
            except OSError:  # a file system without links, such as that of most sticks
                shutil.copyfile(file, path, follow_symlinks=False)

    def put(self, name: str, content: bytes, mirror: Mirror) -> None:
        """Put a file that was worked out here into the folder, by a link where the mirror has the same."""
        if mirror.content(name) == content:
            self.link(name, mirror.folder / name)
        else:
            self.write(name, content)


class Copying:
    """Copies from one source after another into one mirror.

    Args:
        mirror: The mirror as it is.
        arriving: What has arrived and is in no place yet.
        fingerprint: Leaf hash of keyset 1.
        memory: The newest checkpoint said yes to.
        now: The time [s since 1970].
        tell: Told of each step.
    """

    def __init__(
        self,
        mirror: Mirror,
        arriving: Arriving,
        fingerprint: str,
        memory: Memory | None,
        now: int,
        tell: Tell,
    ) -> None:
        self.mirror = mirror
        self.arriving = arriving
        self.fingerprint = fingerprint
        self.memory = memory
        self.now = now
        self.tell = tell
        self._began = b""
        self._fetched = 0

    def copy(self, source: Source) -> Copied:
        """Copy the bundle of a source, once more if it changed meanwhile.

        Raises:
            Refused: `mixed` where it changed meanwhile again, or its parts do not fit; else why not.
            Denied: The verifier says no to the whole.
            Unreachable: The source does not answer as it should.
            HoldfireError: The disk refuses.
        """
        try:
            return self._once(source)
        except (Refused, Denied) as error:
            if not self._changed(source) and _code(error) != "mixed":
                raise
        source.again()
        try:
            return self._once(source)
        except (Refused, Denied):
            if self._changed(source):
                words = "the source changed while it was copied, twice"
                raise Refused("mixed", CHECKPOINT_PATH, words) from None
            raise

    def _once(self, source: Source) -> Copied:
        self._began = b""
        self._fetched = 0
        self.arriving.budget()
        self.tell("seal", 0, 1)
        self._began = read(source, CHECKPOINT_PATH, LONGEST_NOTE)
        place = self.arriving.seal()
        seal = fetch_seal(source, self._began, place, self.fingerprint, self.memory, self.now)
        if self.mirror.same(seal.content) and (answer := self._check(self.mirror.folder)).yes:
            return Copied(answer, False, 0, 0)
        log = bring_log(source, seal.checkpoint, self.mirror.log, self.arriving, self.tell)
        wanted = set(pages_in(dict(seal.listed)))
        log.look(wanted, seal.release["size"])
        with Building(self.mirror.folder) as building:
            kept = self._files(source, seal, building)
            self._past(source, seal, log, building)
            self._own(seal, log, building)
            self.tell("check", 0, 1)
            answer = self._check(building.place)
            if not answer.yes:
                raise Denied(answer.findings)
        return Copied(answer, True, self._fetched, kept)

    def _check(self, place: Path) -> Answer:
        return check(View(str(place)), self.fingerprint, self.memory, self.now)

    def _files(self, source: Source, seal: Seal, building: Building) -> int:
        """Put in what MANIFEST lists; return how many files the mirror had."""
        kept = 0
        for number, (path, digest) in enumerate(seal.listed.items()):
            self.tell("files", number, len(seal.listed))
            file = self.mirror.file(path, digest)
            kept += file is not None
            file = file or self.arriving.have(digest)
            if file is None:
                file = self.arriving.bring(source, path, digest)
                self._fetched += 1
            building.link(path, file)
        return kept

    def _past(self, source: Source, seal: Seal, log: Log, building: Building) -> None:
        """Put in past checkpoints: those of the mirror stay, those of the source come beside them."""
        mine = dict(self.mirror.past(seal.trust))
        if mine and max(mine) > seal.checkpoint.size:
            words = f"this mirror keeps a signed checkpoint of {max(mine)} entries"
            raise Refused("rollback", CHECKPOINT_PATH, words)
        if mine.get(seal.checkpoint.size) == seal.content[CHECKPOINT_PATH]:
            del mine[seal.checkpoint.size]
        for size, content in mine.items():
            building.put(f"checkpoints/{size}", content, self.mirror)
        for size in self._sizes(source, seal, log, mine):
            path = f"checkpoints/{size}"
            theirs = self._past_of(source, path)
            if theirs is None:
                continue
            if size not in mine:
                building.write(path, theirs)
            elif signed_by(theirs, size, seal.trust) and not _same_text(theirs, mine[size]):
                raise Refused("fork", path, "the log signed two histories of this size")

    def _sizes(self, source: Source, seal: Seal, log: Log, mine: Collection[int]) -> list[int]:
        """Return the sizes of the past checkpoints that the source may have.

        A web server does not list. A checkpoint is made when a release is entered, so one may be there of the
        size just after each release. Those that the mirror has are asked for only where that costs nothing.
        """
        listed = source.names("checkpoints/")
        if listed is not None:
            found = [numbered(path, "checkpoints/", "") for path in listed]
            return sorted(size for size in found if size is not None)
        likely = [place + 1 for place in log.releases if place + 1 < seal.checkpoint.size]
        return [size for size in likely if size not in mine][-MOST_PAST:]

    def _past_of(self, source: Source, path: str) -> bytes | None:
        """Return a past checkpoint of the source; None: it has none of this size."""
        try:
            content = read(source, path, LONGEST_NOTE)
            Checkpoint.parse(Note.parse(content).text)
        except (Refused, Malformed):
            return None
        return content

    def _own(self, seal: Seal, log: Log, building: Building) -> None:
        """Put in what follows from the log, worked out here, and the seal as it came."""

        def put(name: str, content: bytes) -> None:
            building.put(name, content, self.mirror)

        for path, content in seal.content.items():
            if not path.startswith("keys/"):
                put(path, content)
        for number, chunk in enumerate(log.chunks):
            building.link(tile_path("entries", number, WIDTH), chunk.place)
        if log.width:
            put(tile_path("entries", len(log.chunks), log.width), log.tail)
        for path, content in log.tree.tiles():
            put(path, content)
        note = seal.content[CHECKPOINT_PATH]
        shown = [(f"keys/{n}", *each) for n, each in enumerate(log.keysets, 1)]
        shown += [(f"proofs/{name}", *each) for name, each in sorted(log.determinations.items())]
        for number, (name, place, content) in enumerate(shown):
            self.tell("proofs", number, len(shown))
            put(name + PROOF_END, Proof(content, place, tuple(log.tree.proof(place)), note).written())

    def _changed(self, source: Source) -> bool:
        """Return whether the source has another checkpoint than when the copy began."""
        source.again()
        try:
            return bool(self._began) and read(source, CHECKPOINT_PATH, LONGEST_NOTE) != self._began
        except (Refused, Unreachable):
            return False


def _code(error: Refused | Denied) -> str:
    return error.finding.code if isinstance(error, Refused) else error.findings[0].code


def _same_text(one: bytes, other: bytes) -> bool:
    return Note.parse(one).text == Note.parse(other).text

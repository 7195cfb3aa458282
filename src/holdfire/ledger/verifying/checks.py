"""Check a bundle: every step of docs/format.md, in its order, and everything that was found.

`check` is the whole of it. It reads no clock: the time, the fingerprint and what the reader remembers are
handed in. Steps that rest on one that failed are left out.
"""

from __future__ import annotations

from typing import NamedTuple

from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.contents import (
    BULLETIN_MANIFEST,
    CHECKPOINT_PATH,
    MANIFEST_PATH,
    PROOF_END,
    RELEASE_PATH,
    check_bulletin,
    numbered,
    pages_in,
    read_contents,
)
from holdfire.ledger.verifying.entries import editor_key_id, shaped
from holdfire.ledger.verifying.facts import Facts, Seen, short_code_of
from holdfire.ledger.verifying.findings import Finding, Findings, Refused
from holdfire.ledger.verifying.logs import Log, read_log
from holdfire.ledger.verifying.notes import Checkpoint, Malformed, Note
from holdfire.ledger.verifying.records import check_record
from holdfire.ledger.verifying.shapes import instant_of
from holdfire.ledger.verifying.signing import (
    Shown,
    Trust,
    check_lines,
    read_checkpoint,
    read_keysets,
    read_proof,
)

DAY = 86_400
"""How far ahead of the reader's clock a time may be [s]."""


class Memory(NamedTuple):
    """The newest checkpoint that a reader said yes to."""

    size: int
    root: bytes


class Answer(NamedTuple):
    """What a bundle came to: all that was found, and what a yes says."""

    findings: list[Finding]
    facts: Facts

    @property
    def yes(self) -> bool:
        """Return whether nothing was found."""
        return not self.findings


def check(
    view: View, fingerprint: str | None, memory: Memory | None = None, now: int | None = None
) -> Answer:
    """Check a bundle.

    Args:
        view: The bundle.
        fingerprint: Leaf hash of keyset 1 [64 hexadecimal digits]; None: the answer is never yes.
        memory: The newest checkpoint this reader said yes to, of this fingerprint.
        now: The reader's time [s since 1970]; None: nothing is said about times.
    """
    checking = _Checking(view, fingerprint or "", memory, now)
    checking.run()
    return Answer(checking.findings.all, checking.facts)


class _Checking:
    """One check under way."""

    def __init__(self, view: View, fingerprint: str, memory: Memory | None, now: int | None) -> None:
        self.view = view
        self.fingerprint = fingerprint
        self.memory = memory
        self.now = now
        self.findings = Findings()
        self.facts = Facts()
        self.notes: dict[Note, str] = {}  # of proofs, each with a path that carries it
        self.seen: list[Seen] = []

    def run(self) -> None:
        if not self.fingerprint:
            self.findings.add("trust", "", "without a fingerprint it is not shown whose bundle this is")
        if self.view.findings.all:
            self.findings.all += self.view.findings.all
            return
        listed = read_contents(self.view, self.findings)
        check_bulletin(self.view, listed, self.findings)
        opened = read_checkpoint(self.view, CHECKPOINT_PATH, self.findings)
        if opened is None:
            return
        note, checkpoint = opened
        trust = read_keysets(self.view, checkpoint, self.fingerprint, self.findings, self.notes)
        if trust is not None:
            self._after_trust(note, checkpoint, trust, listed)

    def _after_trust(
        self, note: Note, checkpoint: Checkpoint, trust: Trust, listed: dict[str, str] | None
    ) -> None:
        keyset = trust.keysets[-1].keyset
        self.facts.code = short_code_of(trust.keysets[0].keyset.leaf)
        self.facts.size, self.facts.root = checkpoint.size, checkpoint.root.hex()
        self._newest(note, checkpoint, trust)
        past = {numbered(path, "checkpoints/", "") for path in self.view.sizes} - {None}
        sizes = {each for each in past if each is not None}
        wanted = sizes | ({self.memory.size} if self.memory else set())
        log = read_log(self.view, checkpoint, wanted, self.findings)
        releases = check_record(log, trust, self.findings) if log is not None else None
        release = self._release(checkpoint, trust, releases)
        if release is not None:
            self._proofs(checkpoint, release, listed)
        self._other_notes(trust, note)
        if log is not None:
            self._past(sorted(sizes), checkpoint, trust, log)
            self._memory(checkpoint, log)
        self.facts.witnesses_seen(self.seen, keyset, self.now)

    def _newest(self, note: Note, checkpoint: Checkpoint, trust: Trust) -> None:
        """Check who signed the newest checkpoint, and whether enough witnesses have."""
        keyset = trust.keysets[-1].keyset
        lines = check_lines(note, trust.origin, keyset)
        for words in lines.breaks:
            self.findings.add("signature", CHECKPOINT_PATH, words)
        if len(lines.cosigned) < keyset.quorum:
            words = f"{len(lines.cosigned)} of {keyset.quorum} witnesses have cosigned it"
            self.findings.add("witnesses", CHECKPOINT_PATH, words)
        for name, times in sorted(lines.cosigned.items()):
            self.seen.append(Seen(name, keyset.witnesses[name], checkpoint.size, times, True))
            if self._ahead(max(times)):
                self.findings.add("future", CHECKPOINT_PATH, f"the time of witness {name} is still to come")

    def _other_notes(self, trust: Trust, newest: Note) -> None:
        """Check the signatures of the notes that proofs carry, each note once."""
        for note, path in self.notes.items():
            if note != newest:
                for words in check_lines(note, trust.origin, trust.keysets[-1].keyset).breaks:
                    self.findings.add("signature", path, words)

    def _release(self, checkpoint: Checkpoint, trust: Trust, releases: list[int] | None) -> Shown | None:
        """Check the release that the bundle is of, and note what it says."""
        shown = read_proof(self.view, RELEASE_PATH, checkpoint, self.findings)
        if shown is None:
            return None
        self.notes.setdefault(shown.note, RELEASE_PATH)
        try:
            value = shaped(shown.content, "release")
        except Malformed as error:
            self.findings.add("entry", RELEASE_PATH, str(error))
            return None
        self.facts.released(value)
        keyset = trust.at(shown.place)
        if keyset is not None:
            by = {editor_key_id(key): name for name, key in keyset.editors.items()}
            self.facts.editors = sorted(by[each] for each in value["signatures"] if each in by)
        if releases is not None and releases[-1:] != [shown.place]:
            self.findings.add("replay", RELEASE_PATH, "a newer release stands in the log")
        for field, path in (("contents", MANIFEST_PATH), ("manifest", BULLETIN_MANIFEST)):
            self._same(path, value[field])
        if self.now is not None and self.now > instant_of(value["expires"]):
            self.findings.add("expired", RELEASE_PATH, f"it expired at {value['expires']}")
        if self._ahead(instant_of(value["at"])):
            self.findings.add("future", RELEASE_PATH, f"it was released at {value['at']}, still to come")
        return shown

    def _same(self, path: str, name: str) -> None:
        """Hold a file against the digest that the release names."""
        try:
            if self.view.digest(path) != name:
                self.findings.add("mixed", path, "the release names other bytes")
        except Refused:
            pass  # said where it was read first

    def _proofs(self, checkpoint: Checkpoint, release: Shown, listed: dict[str, str] | None) -> None:
        """Check the proof of each determination that the bulletin has a page of."""
        size = shaped(release.content, "release")["size"]
        for name in pages_in(listed or {}):
            path = f"proofs/{name}{PROOF_END}"
            if path not in self.view.sizes:
                continue  # said with the contents
            shown = read_proof(self.view, path, checkpoint, self.findings)
            if shown is None:
                continue
            self.notes.setdefault(shown.note, path)
            try:
                value = shaped(shown.content, "determination")
            except Malformed as error:
                self.findings.add("entry", path, str(error))
                continue
            if value.get("determination_id") != name or shown.place >= size:
                self.findings.add("mixed", path, "its entry is not this determination of this bulletin")

    def _past(self, sizes: list[int], newest: Checkpoint, trust: Trust, log: Log) -> None:
        """Check each past checkpoint with the keys it covers, then against the log."""
        for size in sizes:
            path = f"checkpoints/{size}"
            opened = read_checkpoint(self.view, path, self.findings)
            if opened is None:
                continue
            note, past = opened
            if past.size != size:
                self.findings.add("note", path, "its size is not the one of its name")
                continue
            keyset = trust.at(size)
            if past.origin != trust.origin or keyset is None:
                self.findings.add("foreign", path, "it is of another log, or older than the first keyset")
                continue
            lines = check_lines(note, trust.origin, keyset)
            for words in lines.breaks:
                self.findings.add("signature", path, words)
            if not lines.breaks and (size > newest.size or log.roots[size] != past.root):
                self.findings.add("fork", path, "the newest checkpoint did not grow from it")
            for name, times in sorted(lines.cosigned.items()):
                self.seen.append(Seen(name, keyset.witnesses[name], size, times, False))

    def _memory(self, newest: Checkpoint, log: Log) -> None:
        if self.memory is None:
            return
        if newest.size < self.memory.size:
            words = f"you saw {self.memory.size} entries before, and this has {newest.size}"
            self.findings.add("rollback", CHECKPOINT_PATH, words)
        elif log.roots[self.memory.size] != self.memory.root:
            self.findings.add("fork", CHECKPOINT_PATH, "the log you saw before had another history")

    def _ahead(self, seconds: int) -> bool:
        return self.now is not None and seconds > self.now + DAY

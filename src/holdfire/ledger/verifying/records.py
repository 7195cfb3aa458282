"""What the log must show beside its root: every keyset, release and redaction in it as it should be."""

from __future__ import annotations

from typing import Any

from holdfire.ledger.verifying.contents import PROOF_END
from holdfire.ledger.verifying.entries import Keyset, keyset_breaks, keyset_of, shaped, signature_breaks
from holdfire.ledger.verifying.findings import Findings
from holdfire.ledger.verifying.logs import Kept, Log
from holdfire.ledger.verifying.notes import Malformed
from holdfire.ledger.verifying.signing import Trust


def check_record(log: Log, trust: Trust, findings: Findings) -> list[int]:
    """Return the places of all releases in the log, everything that editors sign having been checked."""
    walk = _Walk(trust, findings)
    for entry in log.kept:
        walk.take(entry)
    walk.end()
    return walk.releases


class _Walk:
    """Goes over what editors sign in the order of the log."""

    def __init__(self, trust: Trust, findings: Findings) -> None:
        self.trust = trust
        self.findings = findings
        self.keysets: list[Keyset] = []
        self.releases: list[int] = []
        self.before = ""
        self.bulletins: dict[str, Kept] = {}
        self.last: tuple[dict[str, Any], int] | None = None  # the last release and its place

    def take(self, entry: Kept) -> None:
        """Check one entry."""
        kind, where = entry.value["kind"], f"entry {entry.place}"
        if kind == "bulletin":
            self.bulletins.setdefault(entry.leaf, entry)
            return
        try:
            value = shaped(entry.content, kind)
        except Malformed as error:
            self.findings.add("entry", where, str(error))
            return
        old = self.keysets[-1] if self.keysets else None
        if kind == "keyset":
            breaks = keyset_breaks(entry.content, old)
            if breaks:
                self.findings.add("keyset", where, breaks)
            else:
                self.keysets.append(keyset_of(entry.content))
            return
        breaks = signature_breaks(value, old)
        if breaks:
            self.findings.add("editors", where, breaks)
        if kind == "release":
            self._release(value, entry, where)

    def end(self) -> None:
        """Check the last release against its bulletin, and that the bundle shows every keyset."""
        for keyset in self.keysets[len(self.trust.keysets) :]:
            path = f"keys/{keyset.number}{PROOF_END}"
            self.findings.add("missing", path, "a keyset stands in the log, and its proof is not there")
        if self.last is not None:
            self._bulletin(*self.last)

    def _release(self, value: dict[str, Any], entry: Kept, where: str) -> None:
        if value["before"] != self.before:
            self.findings.add("replay", where, "it does not name the release before it")
        self.before = entry.leaf
        self.releases.append(entry.place)
        self.last = value, entry.place

    def _bulletin(self, release: dict[str, Any], place: int) -> None:
        where = f"entry {place}"
        bulletin = self.bulletins.get(release["bulletin"])
        if bulletin is None or not release["size"] <= bulletin.place < place:
            self.findings.add("mixed", where, "its bulletin does not stand in the log before it")
            return
        for field in ("number", "period", "manifest", "version", "size"):
            if field in bulletin.value and bulletin.value[field] != release[field]:
                self.findings.add("mixed", where, f'it and its bulletin disagree on "{field}"')
        if not {"number", "period", "manifest"} <= set(bulletin.value):
            self.findings.add("entry", f"entry {bulletin.place}", "a bulletin lacks a field")

"""Issues of one invented record, each growing from the one before, and two histories of it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from attacks.assembling import manifest_of, proof, sha, tile_files
from attacks.honest import DAY, HOUR, NOON, Bundle, Making


class Growing(Making):
    """A record that brings out one bulletin after another.

    Args:
        seed: Of keys and claims.
        upto: How many entries stand before the first bulletin.
        each: How many more claims come before each later one.
        pages: Determinations of the first bulletin, and of each later one.
        other: From which bulletin on another history is written; 0: never.
    """

    def __init__(
        self, seed: int = 1, upto: int = 740, each: int = 40, pages: int = 6, other: int = 0
    ) -> None:
        super().__init__(seed)
        self.upto, self.each, self.pages, self.other = upto, each, pages, other
        self.number = 0
        self.notes: list[bytes] = []
        self.made: dict[int, list[str]] = {}
        self.add({"kind": "case", "files": [], "at": "2031-05-01T07:00:00Z"})
        self.keysets.append(self.add(self.sign_first_keyset(self.first_keyset())))

    def ids(self, number: int) -> list[str]:
        """Return the determinations of one bulletin."""
        made = [f"d-{sha(b'%d %d' % (number, page))[:16]}" for page in range(self.pages)]
        return self.made.setdefault(number, made)

    def site(self, number: int) -> dict[str, bytes]:
        ids = [name for each in range(1, number + 1) for name in self.ids(each)]
        files = {
            "index.html": b"<h1>Bulletin %d</h1>\n" % number,
            "assets/style.css": b"h1 { color: #222 }\n" * 2000,
            **{f"determinations/{name}.html": f"<h1>{name}</h1>\n".encode() * 200 for name in ids},
        }
        return {**files, "manifest.txt": manifest_of(files)}

    def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "amber", "birch")

    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        return {**super().release(bulletin, contents, size), "expires": "2031-06-21T11:00:00Z"}

    def one_more(self) -> Bundle:
        """Bring out one more bulletin and return its bundle."""
        self.number += 1
        if self.other and self.number >= self.other:
            self.add(self._another())
        self.claims(self.upto if self.number == 1 else len(self.contents) + self.each)
        for name in self.ids(self.number):
            self.add(self.determination(name))
        self.issue(self.number)
        size = len(self.contents)
        at = NOON - (9 - min(self.number, 9)) * DAY
        note = self.checkpoint(size, at, "log-1", ("north", "south"))
        files = {"MANIFEST": self.manifest(self.number), "checkpoint": note, **self.parts(self.number)}
        for before in self.notes:
            size_before = before.split(b"\n")[1].decode()
            files[f"checkpoints/{size_before}"] = before
        self.notes.append(note)
        files["RELEASE.tlog-proof"] = proof(self.contents, size - 1, note)
        files["keys/1.tlog-proof"] = proof(self.contents, 1, note)
        for place in self.places("determination"):
            name = self.contents[place].split(b'"determination_id":"')[1].split(b'"')[0].decode()
            files[f"proofs/{name}.tlog-proof"] = proof(self.contents, place, note)
        files.update(tile_files(self.contents))
        return Bundle(files=files, fingerprint=self.keysets[0], at=NOON + HOUR, contents=list(self.contents))

    def _another(self) -> dict[str, Any]:
        """Return a claim that the true history does not have."""
        self.claims(len(self.contents) + 1)
        value = json.loads(self.contents.pop())
        return {**value, "claim_id": "c-" + "f" * 16}


@cache
def issues(count: int = 3, other: int = 0, seed: int = 1, upto: int = 740) -> tuple[Bundle, ...]:
    """Return the first bundles of a record."""
    growing = Growing(seed, upto, other=other)
    return tuple(growing.one_more() for _ in range(count))

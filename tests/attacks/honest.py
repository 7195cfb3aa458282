"""A small honest bundle of an invented record, with throwaway keys that follow from a seed.

`Making` makes it step by step; each step is a method, so that an attack is a `Making` with one step done
otherwise. Two of three editors sign, two of three witnesses cosign; one keyset change swaps an editor and
the log's key; there are two bulletins, a redaction, 300 entries and three past checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from attacks.assembling import (
    Key,
    b64,
    canonical,
    key_of,
    leaf,
    log_line,
    manifest_of,
    proof,
    public,
    sha,
    signed,
    text_of,
    tile_files,
    witness_line,
)
from holdfire.ledger.bundle import Parts

NOON = 1_935_921_600
"""When the newest checkpoint was made [s since 1970]: 2031-05-07T12:00:00Z."""

HOUR = 3600
DAY = 24 * HOUR
ENTRIES = 300
PAGE = b"<!doctype html>\n<title>a page that checks a bundle</title>\n"
EXHIBIT = b"The commission was told of two explosions. It saw none.\n"
IDS = [f"d-{sha(str(n).encode())[:16]}" for n in range(6)]
"""Ids of the determinations in the second bulletin."""


@dataclass(kw_only=True)
class Bundle:
    """A bundle as files, and what a reader needs to check it."""

    files: dict[str, bytes]
    fingerprint: str
    at: int = NOON + HOUR
    contents: list[bytes] = field(default_factory=list)
    """Every entry's bytes, in order."""

    memory: tuple[int, bytes] | None = None
    """Size and root that the reader saw last."""


class Making:
    """Makes a bundle step by step."""

    def __init__(self, seed: int = 1) -> None:
        self.seed = seed
        self.contents: list[bytes] = []
        self.past: dict[int, bytes] = {}
        self.releases: list[str] = []
        self.keysets: list[str] = []

    def key(self, name: str) -> Key:
        """Return the key of a person, a witness, or of `log-1` and `log-2`."""
        return key_of(self.seed, name)

    def written(self, name: str) -> str:
        """Return a public key as keysets have it."""
        return b64(public(self.key(name)))

    @property
    def origin(self) -> str:
        """Return the log's origin."""
        return "holdfire/" + sha(public(self.key("log-1")))[:16]

    def add(self, value: dict[str, Any]) -> str:
        """Append an entry; return its leaf hash."""
        self.contents.append(canonical(value))
        return leaf(self.contents[-1]).hex()

    def signed(self, value: dict[str, Any], *names: str) -> dict[str, Any]:
        """Return an entry with the signatures of these people."""
        return signed(value, *(self.key(name) for name in names))

    # The steps of `bundle`, in order.

    def first_keyset(self) -> dict[str, Any]:
        """Return keyset 1 as it is signed."""
        return {
            "kind": "keyset",
            "number": 1,
            "at": "2031-05-01T08:00:00Z",
            "log": self.written("log-1"),
            "editors": {name: self.written(name) for name in ("amber", "birch", "cedar")},
            "threshold": 2,
            "witnesses": {name: self.written(name) for name in ("north", "south", "mission")},
            "quorum": 2,
            "fresh_hours": 36,
            "before": "",
        }

    def second_keyset(self) -> dict[str, Any]:
        """Return keyset 2 as it is signed: one editor and the log's key change."""
        return {
            **self.first_keyset(),
            "number": 2,
            "at": "2031-05-03T08:00:00Z",
            "log": self.written("log-2"),
            "editors": {name: self.written(name) for name in ("amber", "birch", "dune")},
            "before": self.keysets[-1],
        }

    def sign_first_keyset(self, value: dict[str, Any]) -> dict[str, Any]:
        """Sign keyset 1."""
        return self.signed(value, "amber", "birch")

    def sign_second_keyset(self, value: dict[str, Any]) -> dict[str, Any]:
        """Sign keyset 2: two of the old editors, two of the new."""
        return self.signed(value, "amber", "cedar", "dune")

    def claims(self, upto: int) -> None:
        """Append claims until there are so many entries."""
        while len(self.contents) < upto:
            number = len(self.contents)
            self.add(
                {
                    "kind": "claim",
                    "claim_id": f"c-{sha(b'%d %d' % (self.seed, number))[:16]}",
                    "report": sha(b"report %d" % (number // 3)),
                    "seq": number % 3,
                    "source": "mission",
                    "root": "mission",
                    "kind_of": "reported",
                    "stance": "asserts",
                    "modality": "actual",
                    "negated": False,
                    "directed": False,
                    "time_precision": "day",
                    "geo_precision": "admin1",
                    "cumulative": False,
                    "admin1": "المحافظة",
                }
            )

    def determination(self, name: str) -> dict[str, Any]:
        """Return the entry of one determination."""
        return {
            "kind": "determination",
            "determination_id": name,
            "incident_id": name.replace("d-", "i-"),
            "members": [],
            "event_type": "explosion",
            "directed": False,
            "time_precision": "day",
            "geo_precision": "admin1",
            "claims": 1,
            "reports": 1,
            "roots": 1,
            "occurrence_strength": "plausible",
            "attribution_strength": "unknown",
            "attribution_contested": False,
            "coverage": "undetermined",
            "verdict": "insufficient_evidence",
            "rule": "occurrence",
            "clauses": [],
            "change": "a second, independent report",
            "denials": 0,
            "admissions": 0,
        }

    def redaction(self) -> dict[str, Any]:
        """Return the redaction as it is signed."""
        return {
            "kind": "redaction",
            "of": sha(b"report 3"),
            "reason": "asked by a person named in it",
            "at": "2031-05-04T09:00:00Z",
            "by": "mission",
            "keyset": self.keysets[-1],
        }

    def sign_redaction(self, value: dict[str, Any]) -> dict[str, Any]:
        """Sign the redaction."""
        return self.signed(value, "birch", "dune")

    def bulletin(self, number: int, site: bytes, size: int) -> dict[str, Any]:
        """Return the entry of a bulletin, whose own manifest is `site`."""
        return {
            "kind": "bulletin",
            "number": number,
            "period": f"2031-05-0{3 * number - 2}/2031-05-0{3 * number}",
            "version": 1,
            "manifest": sha(site),
            "size": size,
        }

    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        """Return a release as it is signed; `contents` is the bundle's MANIFEST."""
        return {
            "kind": "release",
            **{name: bulletin[name] for name in ("period", "number", "version", "manifest")},
            "bulletin": leaf(canonical(bulletin)).hex(),
            "size": size,
            "contents": sha(contents),
            "keyset": self.keysets[-1],
            "at": "2031-05-07T11:00:00Z" if bulletin["number"] == 2 else "2031-05-04T11:00:00Z",
            "expires": "2031-05-21T11:00:00Z",
            "before": self.releases[-1] if self.releases else "",
        }

    def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
        """Sign a release."""
        return self.signed(value, "amber", "dune")

    def site(self, number: int) -> dict[str, bytes]:
        """Return the files of a bulletin's site, its manifest.txt last."""
        files = {
            "index.html": b"<h1>Bulletin %d</h1>\n" % number,
            "ar/index.html": "<h1>نشرة</h1>\n".encode(),
            "annex/incidents.csv": b"incident_id,verdict\n",
            "assets/style.css": b"h1 { color: #222 }\n" * 40,
        }
        for name in IDS if number == 2 else IDS[:2]:
            files[f"determinations/{name}.html"] = f"<h1>{name}</h1>\n".encode()
        return {**files, "manifest.txt": manifest_of(files)}

    def parts(self, number: int) -> dict[str, bytes]:
        """Return what MANIFEST lists of an issue."""
        return {path: bytes(content) for path, content in self.honest_parts(number).files()}  # type: ignore[arg-type]

    def honest_parts(self, number: int) -> Parts:
        """Return the parts that the writer takes."""
        return Parts(
            bulletin=sorted(self.site(number).items()),
            page=PAGE,
            exhibits={sha(EXHIBIT): EXHIBIT},
            extras=[("exports/prov.json", b"{}\n"), ("ro-crate-metadata.json", b"{}\n")],
            mirrors=["https://mirror.example/holdfire/", "http://203.0.113.7/holdfire/"],
        )

    def manifest(self, number: int) -> bytes:
        """Return the MANIFEST of an issue."""
        return manifest_of(self.parts(number))

    def issue(self, number: int) -> None:
        """Append a bulletin and its release."""
        size = len(self.contents)
        entry = self.bulletin(number, self.site(number)["manifest.txt"], size)
        self.add(entry)
        self.releases.append(self.add(self.sign_release(self.release(entry, self.manifest(number), size))))

    def after(self) -> None:
        """Append what stands behind the last release."""
        self.claims(ENTRIES)

    def checkpoint(self, size: int, at: int, log: str, witnesses: Sequence[str]) -> bytes:
        """Return the note of a checkpoint."""
        text = text_of(self.origin, self.contents[:size])
        lines = [log_line(text, self.origin, self.key(log))]
        lines += [witness_line(text, name, self.key(name), at) for name in witnesses]
        return (text + "\n" + "".join(lines)).encode()

    def newest(self) -> bytes:
        """Return the note of the newest checkpoint."""
        return self.checkpoint(len(self.contents), NOON, "log-2", ("north", "south"))

    def keep(self, days: int, log: str, witnesses: Iterable[str]) -> None:
        """Keep a checkpoint of the log as it is now, so many days before the newest."""
        size = len(self.contents)
        self.past[size] = self.checkpoint(size, NOON - days * DAY, log, tuple(witnesses))

    def entries(self) -> None:
        """Append everything, keeping past checkpoints on the way."""
        self.add({"kind": "case", "files": [], "at": "2031-05-01T07:00:00Z"})
        self.keysets.append(self.add(self.sign_first_keyset(self.first_keyset())))
        self.claims(60)
        self.keep(5, "log-1", ("north", "mission"))
        self.keysets.append(self.add(self.sign_second_keyset(self.second_keyset())))
        self.claims(120)
        for name in IDS[:2]:
            self.add(self.determination(name))
        self.issue(1)
        self.keep(3, "log-2", ("south", "north", "mission"))
        self.add(self.sign_redaction(self.redaction()))
        self.claims(270)
        self.keep(1, "log-2", ("north",))
        for name in IDS[2:]:
            self.add(self.determination(name))
        self.issue(2)
        self.after()

    def places(self, kind: str) -> list[int]:
        """Return where entries of a kind stand."""
        mark = b'"kind":"%s"' % kind.encode()
        return [place for place, content in enumerate(self.contents) if mark in content]

    def bundle(self) -> Bundle:
        """Return the whole bundle."""
        self.entries()
        note = self.newest()
        files = {"MANIFEST": self.manifest(2), "checkpoint": note, **self.parts(2)}
        for size, content in self.past.items():
            files[f"checkpoints/{size}"] = content
        files["RELEASE.tlog-proof"] = proof(self.contents, self.places("release")[-1], note)
        for number, place in enumerate(self.places("keyset"), 1):
            files[f"keys/{number}.tlog-proof"] = proof(self.contents, place, note)
        for place in self.places("determination"):
            name = self.contents[place].split(b'"determination_id":"')[1].split(b'"')[0].decode()
            files[f"proofs/{name}.tlog-proof"] = proof(self.contents, place, note)
        files.update(tile_files(self.contents))
        return Bundle(files=files, fingerprint=self.keysets[0], contents=self.contents)


def honest(seed: int = 1) -> Bundle:
    """Return the honest bundle of a seed."""
    return Making(seed).bundle()

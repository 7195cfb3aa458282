"""A bundle described for archives, as RO-Crate 1.2 metadata (https://w3id.org/ro/crate/1.2).

Files with digests become data entities with size, media type and `sha256`. What the metadata cannot hold a
digest of, because it is sealed after it (`MANIFEST`, the release, the checkpoint, proofs, keys, the log), is
named as files and folders without one, as section "Data Entities" of the specification allows; the crate
is an inventory and the seal is elsewhere. The same values give the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from holdfire.errors import BadInput
from holdfire.publishing.courtesies.naming import DIGESTS, moment

SPECIFICATION = "https://w3id.org/ro/crate/1.2"
NAME = "ro-crate-metadata.json"

TYPES = {
    "cff": "application/yaml",
    "css": "text/css",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "png": "image/png",
    "py": "text/x-python",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "woff2": "font/woff2",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
}
"""Media types by the end of a name (IANA, where it lists one)."""

SEALED = {
    "MANIFEST": ("Digest of every listed file", "text/plain"),
    "RELEASE.tlog-proof": ("The release, signed by editors, with its proof", "text/plain"),
    "checkpoint": ("Signed root of the log", "text/plain"),
}
"""Files of every bundle that are made after the metadata: what each is, and its media type."""

FOLDERS = {
    "checkpoints/": "Earlier signed roots of the log",
    "exhibits/": "Files that entries of the log name by digest",
    "exports/": "The record in other formats",
    "keys/": "Who may sign, from the first set of keys on, with proofs",
    "log/": "The log whole, as tiles (c2sp.org/tlog-tiles)",
    "proofs/": "Proof of each determination (c2sp.org/tlog-proof)",
    "bulletin/": "The bulletin",
}
"""Top folders of a bundle and what each holds (docs/format.md, The bundle)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One file of the bundle.

    Attributes:
        path: Inside the bundle.
        digest: SHA-256 of its bytes [64 hexadecimal digits].
        size: [bytes]
    """

    path: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the metadata says of the bundle as a whole.

    Attributes:
        title: Of the record, such as "Record of the ceasefire in the Strip".
        description: What it is, in a sentence or two.
        first, last: Days of the bulletin's period, both included, ISO 8601.
        number: Of the bulletin.
        version: Of the bulletin.
        published: Instant of the release, as an entry writes it.
        licence: Address of the licence's text; empty: it has none.
        licence_name: Its name, or what is allowed in words.
        publisher: Who publishes the record.
        fingerprint: Of the record.
        software: Version of Holdfire that made it.
        language: Language code of the pages.
        folders: Those of `FOLDERS` made later than the metadata, each ending in "/".
    """

    title: str
    description: str
    first: str
    last: str
    number: int
    version: int
    published: str
    licence_name: str
    publisher: str
    fingerprint: str
    software: str
    licence: str = ""
    language: str = "en"
    folders: Collection[str] = ("keys/", "log/", "proofs/")


def crate(files: Iterable[Listed], about: About) -> dict[str, Any]:
    """Return the metadata document of a bundle.

    Args:
        files: Every file whose digest is known, the metadata itself left out.
        about: The bundle as a whole.

    Raises:
        BadInput: A path is given twice, or is one that is made after the metadata.
    """
    listed = sorted(files, key=lambda f: f.path.encode())
    paths = [f.path for f in listed]
    late = [p for p in paths if p in SEALED or p == NAME or p.startswith(tuple(about.folders))]
    if late or len(set(paths)) < len(paths):
        twice = late or sorted({p for p in paths if paths.count(p) > 1})
        raise BadInput(f'"{twice[0]}" is listed twice, or is made after the metadata', NAME)
    folders = sorted({*about.folders, *(f for f in FOLDERS if any(p.startswith(f) for p in paths))})
    named = [(name, [p for p in paths if p.startswith(name)]) for name in folders]
    loose = [p for p in paths if not p.startswith(tuple(folders))]
    return {
        "@context": f"{SPECIFICATION}/context",
        "@graph": [
            {
                "@id": NAME,
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": SPECIFICATION},
            },
            _root(about, [*loose, *SEALED, *folders]),
            *_context(about),
            *(_folder(name, inside) for name, inside in named),
            *(_sealed(name) for name in SEALED),
            *(_file(each) for each in listed),
        ],
    }


def _root(about: About, parts: Iterable[str]) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{about.title}: bulletin {about.number}, {about.first} to {about.last}",
        "description": about.description,
        "datePublished": moment(about.published),
        "license": {"@id": about.licence or "#licence"},
        "publisher": {"@id": "#publisher"},
        "identifier": {"@id": "#fingerprint"},
        "version": str(about.version),
        "temporalCoverage": f"{about.first}/{about.last}",
        "inLanguage": about.language,
        "mainEntity": {"@id": "MANIFEST"},
        "mentions": {"@id": "#made"},
        "hasPart": [{"@id": _id(part)} for part in sorted(parts, key=str.encode)],
    }


def _context(about: About) -> list[dict[str, Any]]:
    """Return what is no file: licence, publisher, the record's name, the software and what it did."""
    return [
        {
            "@id": about.licence or "#licence",
            "@type": "CreativeWork",
            "name": about.licence_name,
            "description": f"What may be done with this bundle: {about.licence_name}",
        },
        {"@id": "#publisher", "@type": "Organization", "name": about.publisher},
        {
            "@id": "#fingerprint",
            "@type": "PropertyValue",
            "name": "Fingerprint of the record",
            "propertyID": "https://www.rfc-editor.org/rfc/rfc6920",
            "value": DIGESTS + about.fingerprint,
        },
        {"@id": "#holdfire", "@type": "SoftwareApplication", "name": "Holdfire", "version": about.software},
        {
            "@id": "#made",
            "@type": "CreateAction",
            "name": "The bulletin was made and released",
            "instrument": {"@id": "#holdfire"},
            "result": {"@id": "./"},
            "endTime": moment(about.published),
        },
    ]


def _folder(name: str, inside: list[str]) -> dict[str, Any]:
    held = {"hasPart": [{"@id": _id(path)} for path in inside]} if inside else {}
    return {
        "@id": name,
        "@type": "Dataset",
        "name": name.rstrip("/"),
        "description": FOLDERS.get(name, name),
        **held,
    }


def _sealed(name: str) -> dict[str, Any]:
    description, media = SEALED[name]
    return {"@id": name, "@type": "File", "name": name, "description": description, "encodingFormat": media}


def _file(each: Listed) -> dict[str, Any]:
    ending = each.path.rsplit("/", 1)[-1].rpartition(".")[2].lower()
    return {
        "@id": _id(each.path),
        "@type": "File",
        "name": each.path,
        "contentSize": str(each.size),
        "encodingFormat": TYPES.get(ending, "application/octet-stream"),
        "sha256": each.digest,
    }


def _id(path: str) -> str:
    """Return a path as a reference: letters of any script stay, what an address cannot hold is escaped."""
    return "".join(c if not c.isascii() else quote(c, safe="/-_.~") for c in path)

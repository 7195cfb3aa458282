"""Makes archives for tests: WARC records, WACZ files, what auto-archiver leaves. Every byte is invented."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

ADDRESS = "https://news.example/2031/05/strip"
CAPTURED = "2031-05-03T10:00:00Z"
STORY = (
    b'<!doctype html><html lang="en"><head><title>Calm</title>'
    b'<meta property="article:published_time" content="2031-05-02T18:30:00+02:00"></head>'
    b"<body><nav>Home</nav><p>Two shells fell near the bridge on Friday, the mission said.</p></body></html>"
)


def response(body: bytes, status: int = 200, media: str = "text/html; charset=utf-8", **fields: str) -> bytes:
    """Return an HTTP response, as a WARC record holds it."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {media}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def sha1(content: bytes) -> str:
    """Return a digest as most tools write it in WARC."""
    return "sha1:" + base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def sha256(content: bytes) -> str:
    """Return a digest as WACZ writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def record(
    address: str,
    block: bytes,
    when: str = CAPTURED,
    kind: str = "response",
    **fields: str,
) -> bytes:
    """Return one WARC record; its digests are stated, and right, unless given."""
    body = block.partition(b"\r\n\r\n")[2] if kind != "resource" else block
    said = {
        "WARC-Type": kind,
        "WARC-Target-URI": address,
        "WARC-Date": when,
        "Content-Type": "application/http; msgtype=response",
        "WARC-Block-Digest": sha1(block),
        "WARC-Payload-Digest": sha256(body),
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in said.items() if value)]
    if "Content-Length" not in said:
        lines.append(f"Content-Length: {len(block)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def warc(records: Sequence[bytes]) -> bytes:
    """Return a WARC file, gzip member by record, as tools write it."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of some files, the same bytes each time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, (2031, 5, 3, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def pages(listed: Sequence[Mapping[str, object]]) -> bytes:
    """Return a pages.jsonl."""
    first = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    return "\n".join(json.dumps(line) for line in [first, *listed]).encode() + b"\n"


def wacz(
    records: Sequence[bytes],
    listed: Sequence[Mapping[str, object]] | None = None,
    more: Mapping[str, bytes] | None = None,
    digest: Mapping[str, object] | None = None,
    package: Mapping[str, object] | None = None,
) -> bytes:
    """Return a WACZ file whose digests are right, unless `package`, `digest` or `more` say otherwise."""
    listed = [{"url": ADDRESS, "ts": CAPTURED, "title": "Calm"}] if listed is None else listed
    files: dict[str, bytes] = {
        "archive/data.warc.gz": warc(records),
        "indexes/index.cdx.gz": gzip.compress(b"", mtime=0),
        "pages/pages.jsonl": pages(listed),
    }
    resources = [
        {"name": name.split("/")[-1], "path": name, "hash": sha256(content), "bytes": len(content)}
        for name, content in files.items()
    ]
    said = {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources, **(package or {})}
    files["datapackage.json"] = json.dumps(said).encode()
    named = {"path": "datapackage.json", "hash": sha256(files["datapackage.json"]), **(digest or {})}
    files["datapackage-digest.json"] = json.dumps(named).encode()
    return zipped({**files, **(more or {})})


def medium(name: str, content: bytes, **properties: object) -> dict[str, object]:
    """Return what auto-archiver writes down of a file it stored."""
    hashed = {"hash": "SHA-256:" + hashlib.sha256(content).hexdigest()}
    return {
        "filename": f"./run/{name}",
        "_key": f"archived/{name}",
        "urls": [f"./archived/{name}"],
        "properties": {**hashed, **properties},
        "_mimetype": "video/mp4" if name.endswith(".mp4") else None,
    }


def metadata(
    media: Sequence[Mapping[str, object]] = (), address: str = ADDRESS, **fields: object
) -> dict[str, object]:
    """Return what auto-archiver writes down of an address, as its metadata.json has it."""
    said = {
        "_processed_at": "2031-05-03 10:00:00.123456+00:00",
        "url": address,
        "title": "A post",
        "content": "Two shells fell near the bridge on Friday.",
        "timestamp": "2031-05-02 16:30:00+00:00",
        **fields,
    }
    return {"status": "generic_extractor: success", "metadata": said, "media": list(media)}


def table(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Return the same as `csv_db` writes it: values as Python prints them, times as calls."""
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, ["status", "metadata", "media", "_context"])
    writer.writeheader()
    for row in rows:
        said = dict(row["metadata"])  # type: ignore[call-overload]
        for name in ("_processed_at", "timestamp"):
            said[name] = datetime.fromisoformat(said[name])
        writer.writerow({**row, "metadata": repr(said), "_context": {}})
    return held.getvalue().encode()


def pending_proof(content: bytes) -> bytes:
    """Return an OpenTimestamps proof over some bytes that one calendar has promised to complete."""
    magic = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
    calendar = b"\x00" + bytes.fromhex("83dfe30d2ef90c8e") + b"\x02\x01x"
    return magic + b"\x01\x08" + hashlib.sha256(content).digest() + calendar

"""Put a bundle together from entries and files, with nothing of ours but the form of one path.

A second reading of docs/format.md: trees, proofs, tiles and notes as the specifications define them, without
regard to speed. It puts together whatever it is given, so that hostile bundles can be made; for an honest one
tests/unit/test_bundle.py asks that the writer gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Key = Ed25519PrivateKey


def key_of(seed: int, name: str) -> Key:
    """Return a throwaway key, the same for the same seed and name."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{seed} {name}".encode()).digest())


def public(key: Key) -> bytes:
    return key.public_key().public_bytes_raw()


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def inclusion(place: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if place < k:
        return [*inclusion(place, leaves[:k]), root(leaves[k:])]
    return [*inclusion(place - k, leaves[k:]), root(leaves[:k])]


def proof(contents: Sequence[bytes], place: int, note: bytes, extra: bytes | None = None) -> bytes:
    """Return the proof of one entry; `extra` stands there instead of the entry if it is given."""
    lines = ["c2sp.org/tlog-proof@v1", f"extra {b64(contents[place] if extra is None else extra)}"]
    lines += [f"index {place}", *map(b64, inclusion(place, [leaf(each) for each in contents]))]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + note


def text_of(origin: str, contents: Sequence[bytes]) -> str:
    return f"{origin}\n{len(contents)}\n{b64(root([leaf(each) for each in contents]))}\n"


def line(name: str, kind: int, key: Key, signature: bytes) -> str:
    key_id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public(key)).digest()[:4]
    return f"— {name} {b64(key_id + signature)}\n"


def log_line(text: str, origin: str, key: Key) -> str:
    return line(origin, 1, key, key.sign(text.encode()))


def witness_line(text: str, name: str, key: Key, seconds: int) -> str:
    said = f"cosignature/v1\ntime {seconds}\n{text}".encode()
    return line(name, 4, key, seconds.to_bytes(8, "big") + key.sign(said))


def signed(value: Mapping[str, Any], *keys: Key) -> dict[str, Any]:
    """Return an entry with the signatures of these editors."""
    bare = {name: each for name, each in value.items() if name != "signatures"}
    said = b"holdfire-entry/v1\n" + canonical(bare)
    signatures = {sha(public(key))[:16]: b64(key.sign(said)) for key in keys}
    return {**bare, "signatures": signatures}


def tile_files(contents: Sequence[bytes]) -> dict[str, bytes]:
    """Return the tiles of a log of fewer than 256,000 entries."""
    files: dict[str, bytes] = {}

    def cut(level: str, items: Sequence[bytes]) -> None:
        for number in range(-(-len(items) // 256)):
            some = items[number * 256 : (number + 1) * 256]
            end = "" if len(some) == 256 else f".p/{len(some)}"
            files[f"log/tile/{level}/{number:03d}{end}"] = b"".join(some)

    cut("entries", [len(each).to_bytes(2, "big") + each for each in contents])
    level, hashes = 0, [leaf(each) for each in contents]
    while hashes:
        cut(str(level), hashes)
        full = range(len(hashes) // 256)
        hashes = [root(hashes[n * 256 : (n + 1) * 256]) for n in full]
        level += 1
    return files


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    lines = (f"{sha(files[path])}  {path}\n" for path in sorted(files, key=str.encode))
    return "".join(lines).encode()

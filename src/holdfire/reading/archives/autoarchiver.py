"""What bellingcat's auto-archiver leaves behind becomes items: what was written, and the files.

Give the folder of its local storage as one zip, with the CSV of `csv_db`, the `metadata.json` files or
the HTML pages in it. A file belongs to an entry whose stated digest it has, or else whose name. Tokens of
`timestamping_enricher` (RFC 3161, over `hashes.txt`) and of `opentimestamps_enricher` are found by the digest
they stamp, since storage gives them names of its own.
"""

from __future__ import annotations

import mimetypes
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from holdfire.answers import Answer
from holdfire.errors import BadInput, Problems
from holdfire.reading.archives import entries, stated
from holdfire.reading.archives.entries import Entry, Medium
from holdfire.reading.archives.items import (
    OPENTIMESTAMPS,
    RFC3161,
    Archive,
    Item,
    Limits,
    Token,
    file_name,
    grouped,
)
from holdfire.reading.archives.packed import Packed, chunks

_SMALL = 1 << 20
"""Most bytes of a token, a list of digests or a certificate."""
_RECORD = 64 << 20
"""Most bytes of a table, a metadata.json or a page."""
_OTS = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
"""Begins an OpenTimestamps proof of version 1 over a SHA-256, whose 32 bytes follow."""
_TST = bytes.fromhex("060b2a864886f70d0109100104")
"""OBJECT IDENTIFIER id-ct-TSTInfo (RFC 3161 section 2.4.2)."""
_IMPRINT = re.compile(
    rb"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02[\x01-\x03](?:\x05\x00)?(?:\x04\x20(.{32})|\x04\x30(.{48})|\x04\x40(.{64}))",
    re.DOTALL,
)
_HEX = re.compile(rb"(?:[0-9a-f]{64}|[0-9a-f]{128})(?:\r?\n(?:[0-9a-f]{64}|[0-9a-f]{128}))*\s*")
_ENDS = (".csv", ".json", ".html")


@dataclass(slots=True)
class _Store:
    """The files of a zip by digest, and the tokens among them by the digest they stamp."""

    packed: Packed
    digests: dict[str, dict[str, str]] = field(default_factory=dict)
    by_digest: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    lists: dict[str, bytes] = field(default_factory=dict)
    stamps: dict[str, list[Token]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)


def recognises(lower: str, head: bytes) -> bool:
    """Return whether a single file is a table or a metadata.json of auto-archiver."""
    return (lower.endswith(".csv") and entries.is_table(head)) or (
        lower.endswith(".json") and entries.is_object(head)
    )


def is_output(packed: Packed) -> bool:
    """Return whether a zip holds anything that auto-archiver writes of what it archived."""
    return any(_kind(packed, member) for member in packed.members)


def _kind(packed: Packed, member: str) -> str:
    if not member.lower().endswith(_ENDS) or packed.members[member].file_size > _RECORD:
        return ""
    with packed.open(member) as stream:
        head = stream.read(65536)
    if member.lower().endswith(".csv"):
        return "table" if entries.is_table(head) else ""
    if member.lower().endswith(".json"):
        return "object" if entries.is_object(head) else ""
    return "page" if entries.is_page(packed.read(member, _RECORD)) else ""


def read_file(name: str, content: BinaryIO, limits: Limits) -> Archive:
    """Return what a table or a metadata.json says by itself: the texts, without the files.

    Raises:
        BadInput: All problems of the file.
    """
    held = content.read(_RECORD + 1)
    if len(held) > _RECORD:
        raise BadInput(f"the file has more than {_RECORD} bytes", name)
    problems = Problems(name)
    if name.lower().endswith(".csv"):
        found = entries.table(held, problems, limits.pages)
    else:
        one = entries.metadata(held, "", problems)
        found = [one] if one else []
    problems.raise_any()
    media = sum(len(entry.media) for entry in found)
    says = [f"{len(found)} entries"]
    if media:
        says.append(f"{media} files are named and not here: give the folder as one zip to have them")
    return Archive(kind="auto-archiver", says=tuple(says), items=partial(_texts, found))


def _texts(found: list[Entry]) -> Iterator[Item]:
    yield from (item for entry in found if (item := _text(entry)) is not None)


def read_zip(packed: Packed, limits: Limits) -> Archive:
    """Return what a zip of auto-archiver's storage holds.

    Raises:
        BadInput: All problems of what it says of itself.
    """
    problems = Problems(packed.name)
    store = _Store(packed)
    found = _entries(store, problems, limits)
    problems.raise_any()
    _look(store)
    taken: dict[str, tuple[Entry, Medium]] = {}
    missing = []
    for number, entry in enumerate(found, 1):
        for medium in entry.media:
            member = _member(store, medium)
            if member is None:
                missing.append(number)
            elif member not in store.own:
                taken.setdefault(member, (entry, medium))
    _too_large(packed, taken, limits)
    says = [f"{len(found)} entries, {len(taken)} files of theirs"]
    if missing:
        says.append(f"a file of entry {grouped(sorted(set(missing)))} is not here")
    rest = len(packed.members) - len(taken) - len(store.own)
    if rest:
        says.append(
            f"{rest} files belong to no entry: previews, certificates or others; they stay in the archive"
        )
    return Archive(kind="auto-archiver", says=tuple(says), items=partial(_items, store, found, taken))


def _entries(store: _Store, problems: Problems, limits: Limits) -> list[Entry]:
    """Return the entries of every record, a table before an object before a page where they say the same."""
    by_kind: dict[str, list[Entry]] = {"table": [], "object": [], "page": []}
    for member in sorted(store.packed.members):
        kind = _kind(store.packed, member)
        if not kind:
            continue
        store.own.add(member)
        content = store.packed.read(member, _RECORD)
        where = store.packed.where(member)
        own = Problems(where)
        if kind == "table":
            by_kind[kind] += entries.table(content, own, limits.pages)
        else:
            one = entries.metadata(content, "", own) if kind == "object" else entries.page(content)
            by_kind[kind] += [one] if one else []
        problems.extend(own)
    found: list[Entry] = []
    for each in by_kind.values():
        known = {(entry.address, entry.captured) for entry in found} | {
            (entry.address, "") for entry in found
        }
        found += [e for e in each if (e.address, e.captured) not in known]
    if len(found) > limits.pages:
        problems.add(f"the archive has more than {limits.pages} entries")
    return found


def _look(store: _Store) -> None:
    """Take the digests of every file, and find the tokens."""
    tokens = []
    for member in sorted(store.packed.members):
        running = {name: stated.running(name) for name in ("sha256", "sha384", "sha512", "sha3512")}
        with store.packed.open(member) as stream:
            for chunk in chunks(stream):
                for each in running.values():
                    each.update(chunk)
        store.digests[member] = {name: each.hexdigest() for name, each in running.items()}
        store.by_name.setdefault(posixpath.basename(member), member)
        for value in store.digests[member].values():
            store.by_digest.setdefault(value, member)
        if store.packed.members[member].file_size <= _SMALL:
            content = store.packed.read(member, _SMALL)
            if _HEX.fullmatch(content):
                store.lists[member] = content
                store.own.add(member)
            elif content.startswith(_OTS) or (content.startswith(b"\x30") and _TST in content[:400]):
                tokens.append(content)
                store.own.add(member)
    for content in tokens:
        _place(store, content)


def _place(store: _Store, content: bytes) -> None:
    """Put a token to the file it stamps, or to every file that the list it stamps names."""
    if content.startswith(_OTS):
        value = content[len(_OTS) : len(_OTS) + 32].hex()
        store.stamps.setdefault(value, []).append(Token(OPENTIMESTAMPS, content))
        return
    for found in _IMPRINT.finditer(content):
        value = next(group for group in found.groups() if group is not None).hex()
        member = store.by_digest.get(value)
        if member in store.lists:
            over = store.lists[member]
            for line in over.decode("ascii").split():
                store.stamps.setdefault(line, []).append(Token(RFC3161, content, over))
            return
        if member is not None:
            store.stamps.setdefault(value, []).append(Token(RFC3161, content))
            return


def _member(store: _Store, medium: Medium) -> str | None:
    """Return the file of an entry: the one of its digest, or else the one of its name."""
    named = stated.parse(medium.digest)
    if named and named[1] in store.by_digest:
        return store.by_digest[named[1]]
    for name in medium.names:
        member = store.by_name.get(posixpath.basename(name.split("?")[0]))
        if member is not None:
            return member
    return None


def _too_large(packed: Packed, taken: Mapping[str, object], limits: Limits) -> None:
    problems = Problems(packed.name)
    for member in taken:
        size = packed.members[member].file_size
        if size > limits.item:
            where = f"file {packed.numbers[member]} in it"
            problems.add(f"a file has {size} bytes; at most {limits.item} are read", where)
    problems.raise_any()


def _items(store: _Store, found: list[Entry], taken: Mapping[str, tuple[Entry, Medium]]) -> Iterator[Item]:
    for entry in found:
        text = _text(entry)
        if text is not None:
            yield text
        for member, (owner, medium) in taken.items():
            if owner is entry:
                yield _file(store, member, entry, medium)


def _text(entry: Entry) -> Item | None:
    """Return what was written at an address, title first; None: nothing was."""
    parts = [part.strip() for part in (entry.title, entry.text) if part.strip()]
    if len(parts) == 2 and parts[1].startswith(parts[0]):
        parts = parts[1:]
    if not parts:
        return None
    # An empty line first, so that no post can begin with front matter and say who published it.
    content = ("\n" + "\n\n".join(parts) + "\n").encode("utf-8", "replace")
    return Item(
        name=file_name(entry.address, content, ".txt"),
        content=content,
        media="text/plain",
        cite=entry.address,
        title=entry.title.strip(),
        published=entry.published,
        captured=entry.captured,
        made=("title and text of the entry, written out",),
        readable=True,
    )


def _file(store: _Store, member: str, entry: Entry, medium: Medium) -> Item:
    with store.packed.open(member) as stream:
        content = b"".join(chunks(stream))
    media = medium.media or mimetypes.guess_type(member, strict=True)[0] or ""
    named = stated.parse(medium.digest)
    digests = dict([named]) if named else {}
    tokens = [t for value in store.digests[member].values() for t in store.stamps.get(value, [])]
    ending = posixpath.splitext(member)[1].lower()
    return Item(
        name=file_name(
            entry.address, content, ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ".bin"
        ),
        content=content,
        media=media,
        cite=entry.address,
        title=entry.title.strip(),
        published=entry.published,
        captured=entry.captured,
        stated=digests,
        matches=stated.check(digests, content) if digests else Answer.UNCLEAR,
        tokens=tuple(tokens),
    )

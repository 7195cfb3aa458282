"""A WACZ file (Web Archive Collection Zipped, 1.1.1): one item for each page it lists.

`datapackage.json` names every file with its digest, `datapackage-digest.json` names that one. A file whose
digest is another is an archive that contradicts itself, and is refused with every such file. The signature in
`datapackage-digest.json` (WACZ Auth 0.1.0, `signedData`; some tools wrote `signatureData`) is one more claim:
what it says and whether it holds is said, and an archive without one is read just so.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from holdfire.errors import BadInput, Problems
from holdfire.reading import unpacking
from holdfire.reading.archives import capture, stated
from holdfire.reading.archives.capture import Found, Index, Opener, Page
from holdfire.reading.archives.items import RFC3161, Archive, Item, Limits, Token, grouped, instant
from holdfire.reading.archives.packed import Packed, chunks
from holdfire.reading.archives.signed import claim

PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
_LARGEST_JSON = 64 << 20


def is_wacz(packed: Packed) -> bool:
    """Return whether a zip is laid out as WACZ."""
    return PACKAGE in packed.members and any(m.startswith("archive/") for m in packed.members)


def read(packed: Packed, limits: Limits) -> Archive:
    """Return the pages of a WACZ file.

    Raises:
        BadInput: All problems: of its lists, its digests, its records.
    """
    problems = Problems(packed.name)
    says: list[str] = []
    signed = _check(packed, problems, says)
    pages = _pages(packed, problems, limits)
    problems.raise_any()
    files = warcs(packed, limits)
    if not files:
        problems.add("the archive holds no WARC file", "archive/")
    where = capture.index(files, (page.address for page in pages), limits)
    found = _found(pages, where, says)
    too_large(found, packed.name, limits)
    says.append(f"{len(found)} of {len(pages)} pages have a record, among {where.records} records")
    tokens, sentences = _signature(signed)
    return Archive(
        kind="wacz",
        says=(*says, *sentences),
        items=partial(capture.items, files, found, limits),
        tokens=tokens,
    )


def too_large(found: list[Found], name: str, limits: Limits) -> None:
    """Refuse pages that are too large to be held.

    Raises:
        BadInput: All of them, each by its number.
    """
    problems = Problems(name)
    for number, each in enumerate(found, 1):
        if each.place.size > limits.item:
            problems.add(
                f"a page has {each.place.size} bytes; at most {limits.item} are read", f"page {number}"
            )
    problems.raise_any()


def warcs(packed: Packed, limits: Limits) -> list[tuple[str, Opener]]:
    """Return the WARC files of a zip, gzip undone within the limits as they are read."""
    names = sorted(m for m in packed.members if m.lower().endswith((".warc", ".warc.gz")))
    return [
        (packed.where(m), partial(_unpacked, packed, m, limits)) for m in names if m.startswith("archive/")
    ]


def _unpacked(packed: Packed, member: str, limits: Limits) -> BinaryIO:
    size = packed.members[member].file_size
    return unpacking.content(packed.where(member), lambda: packed.open(member), size, limits.unpacked).open()


def loads(content: bytes, what: str, problems: Problems) -> Any:
    """Return parsed JSON; None with a problem noted where it is none, or gives a key twice."""
    try:
        return json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        problems.add(f"{what} is not JSON that can be read with certainty", hint="fetch the archive again")
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _check(packed: Packed, problems: Problems, says: list[str]) -> Mapping[str, Any]:
    """Check every stated digest, and return what `datapackage-digest.json` holds."""
    content = packed.read(PACKAGE, _LARGEST_JSON)
    package = loads(content, PACKAGE, problems)
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list):
        if package is not None:
            problems.add(f"{PACKAGE} lists no resources")
        return {}
    listed = _resources(packed, resources, problems)
    unlisted = sorted(set(packed.members) - listed - {PACKAGE, DIGEST})
    if unlisted:
        says.append(f"{len(unlisted)} files of the zip are not in {PACKAGE}: its digests do not cover them")
    for member in unlisted:
        if member.startswith("archive/"):
            problems.add(
                f"a WARC file is not in {PACKAGE}", _number(packed, member), "fetch the archive again"
            )
    if DIGEST not in packed.members:
        says.append(f"it has no {DIGEST}: nothing in it speaks for {PACKAGE}")
        return {}
    return _digest(packed, content, problems, says)


def _digest(packed: Packed, content: bytes, problems: Problems, says: list[str]) -> Mapping[str, Any]:
    found = loads(packed.read(DIGEST, _LARGEST_JSON), DIGEST, problems)
    named = stated.parse(str(found.get("hash", ""))) if isinstance(found, dict) else None
    if named is None:
        problems.add(f"{DIGEST} states no digest that we can check")
        return {}
    if stated.digest(named[0], content) != named[1]:
        problems.add(f"{PACKAGE} is not the one that {DIGEST} names", hint="it was changed: fetch it again")
    else:
        says.append(f"{PACKAGE} is the one that {DIGEST} names")
    return dict(found)


def _resources(packed: Packed, resources: list[Any], problems: Problems) -> set[str]:
    """Check each listed file against its digest and size, and return those that are there."""
    listed = set()
    for number, each in enumerate(resources, 1):
        where = f"{PACKAGE}, resource {number}"
        path = each.get("path") if isinstance(each, dict) else None
        named = stated.parse(str(each.get("hash", ""))) if isinstance(each, dict) else None
        if not isinstance(path, str) or named is None:
            problems.add("a resource has no path, or no digest that we can check", where)
            continue
        if path not in packed.members:
            problems.add("a file that it lists is not in the zip", where, "fetch the archive again")
            continue
        listed.add(path)
        size = packed.members[path].file_size
        if each.get("bytes", size) != size:
            problems.add(f"a file has {size} bytes, and not as many as stated", where)
        running = stated.running(named[0])
        try:
            with packed.open(path) as stream:
                for chunk in chunks(stream):
                    running.update(chunk)
        except BadInput as error:
            problems.extend(error.problems)
            continue
        if running.hexdigest() != named[1]:
            problems.add(
                "a file is not the one whose digest is stated",
                where,
                "it was changed or damaged: fetch it again",
            )
    return listed


def _number(packed: Packed, member: str) -> str:
    return f"file {packed.numbers[member]} in it"


def _pages(packed: Packed, problems: Problems, limits: Limits) -> list[Page]:
    names = sorted(
        (m for m in packed.members if m.startswith("pages/") and m.endswith(".jsonl")),
        key=lambda m: (m != "pages/pages.jsonl", m),
    )
    if "pages/pages.jsonl" not in names:
        problems.add("the archive has no pages/pages.jsonl", hint="a plain WARC file is read too: give that")
    pages: dict[tuple[str, str], Page] = {}
    for name in names:
        for number, line in enumerate(_lines(packed, name, problems), 1):
            page = _page(line, f"{name}, line {number}", problems)
            if page is not None:
                pages.setdefault((page.address, page.when), page)
            if len(pages) > limits.pages:
                problems.add(f"the archive lists more than {limits.pages} pages", name)
                return []
    return list(pages.values())


def _lines(packed: Packed, name: str, problems: Problems) -> Iterator[bytes]:
    try:
        held = packed.read(name, _LARGEST_JSON)
    except BadInput as error:
        problems.extend(error.problems)
        return
    yield from held.removeprefix(b"\xef\xbb\xbf").split(b"\n")


def _page(line: bytes, where: str, problems: Problems) -> Page | None:
    """Return the page of a line; None: it is empty, the heading, or wrong."""
    if not line.strip():
        return None
    own = Problems(problems.file)
    found = loads(line, f"{where}:", own)
    if not isinstance(found, dict):
        problems.add("a page is not one JSON object", where, "fetch the archive again")
        return None
    if "format" in found and "url" not in found:
        return None
    address, when = found.get("url"), instant(str(found.get("ts", "")))
    if not isinstance(address, str) or not address or not when:
        problems.add("a page has no address, or no time that is ISO 8601", where)
        return None
    title = found.get("title")
    return Page(address, when, title if isinstance(title, str) else "")


def _found(pages: list[Page], where: Index, says: list[str]) -> list[Found]:
    found, missing = [], []
    for number, page in enumerate(pages, 1):
        each = capture.find(page, where)
        if each is None:
            missing.append(number)
        else:
            found.append(each)
    if missing:
        says.append(f"no record answers for page {grouped(missing)} of the list: left out")
    return found


def _signature(signed: Mapping[str, Any]) -> tuple[tuple[Token, ...], list[str]]:
    data = signed.get("signedData", signed.get("signatureData"))
    if not isinstance(data, dict):
        return (), ["it is not signed"] if signed else []
    says = [claim(data, str(signed.get("hash", "")))]
    stamp, over = data.get("timeSignature"), data.get("signature")
    if isinstance(stamp, str) and isinstance(over, str):
        try:
            token = Token(RFC3161, base64.b64decode(stamp, validate=True), over.encode("utf-8", "replace"))
            return (token,), says
        except (binascii.Error, ValueError):
            says.append("its time stamp is not base64")
    return (), says


def items(packed: Packed, limits: Limits) -> Iterator[Item]:
    """Yield the items of a WACZ file."""
    yield from read(packed, limits).items()
